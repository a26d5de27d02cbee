//! The first cuts of an analysis: on single values of each event, before anything else is read.

use std::cell::Cell;

use super::at;
use super::branches::LEPTON_TRIGGERS;
use crate::object::MissingMomenta;
use crate::schema::BranchSpec;
use crate::{Batch, CutHandle, Cutflow, Error};

/// The first cuts of an analysis in order.
#[derive(Debug)]
pub(super) struct FirstCuts {
    all: CutHandle,
    cuts: Vec<(CutHandle, FirstCut)>,
}

/// What a first cut asks for.
#[derive(Clone, Copy, Debug)]
enum FirstCut {
    /// That one of [`LEPTON_TRIGGERS`] fired.
    LeptonTrigger,
    /// That the trigger of this branch fired.
    Trigger(BranchSpec),
    /// At least so many of the objects that this branch counts.
    AtLeast(u32, BranchSpec),
    /// More missing transverse momentum than this, MeV.
    MissingEt(f32),
}

impl FirstCuts {
    /// None yet: `all` counts all events.
    pub(super) fn of(all: CutHandle) -> Self {
        let cuts = Vec::new();
        Self { all, cuts }
    }

    /// Then the trigger of electrons or that of muons.
    pub(super) fn lepton_trigger(self, cut: CutHandle) -> Self {
        self.then(cut, FirstCut::LeptonTrigger)
    }

    /// Then the trigger of this branch.
    pub(super) fn trigger(self, cut: CutHandle, branch: BranchSpec) -> Self {
        self.then(cut, FirstCut::Trigger(branch))
    }

    /// Then at least so many of the objects that the branch `count` counts.
    pub(super) fn at_least(self, cut: CutHandle, objects: u32, count: BranchSpec) -> Self {
        self.then(cut, FirstCut::AtLeast(objects, count))
    }

    /// Then more missing transverse momentum than `min`, MeV.
    pub(super) fn missing_et(self, cut: CutHandle, min: f32) -> Self {
        self.then(cut, FirstCut::MissingEt(min))
    }

    fn then(mut self, cut: CutHandle, asked: FirstCut) -> Self {
        self.cuts.push((cut, asked));
        self
    }

    /// The branches that they need.
    pub(super) fn columns(&self) -> Vec<BranchSpec> {
        let of_cut = |(_, asked): &(_, FirstCut)| match *asked {
            FirstCut::LeptonTrigger => LEPTON_TRIGGERS.to_vec(),
            FirstCut::Trigger(branch) | FirstCut::AtLeast(_, branch) => vec![branch],
            FirstCut::MissingEt(_) => vec![MissingMomenta::ET],
        };
        self.cuts.iter().flat_map(of_cut).collect()
    }

    /// The entries of a batch that pass, counted cut by cut.
    ///
    /// # Errors
    /// As [`Batch::fixed`].
    pub(super) fn select(&self, batch: &Batch, cutflow: &mut Cutflow) -> Result<Vec<usize>, Error> {
        let mut entries: Vec<usize> = (0..batch.entries()).collect();
        cutflow.pass_first(self.all, entries.len());
        for (cut, asked) in &self.cuts {
            asked.retain(batch, &mut entries)?;
            cutflow.pass_first(*cut, entries.len());
        }
        Ok(entries)
    }
}

impl FirstCut {
    /// Keeps the entries that pass.
    fn retain(self, batch: &Batch, entries: &mut Vec<usize>) -> Result<(), Error> {
        match self {
            Self::LeptonTrigger => {
                let [electron, muon] =
                    LEPTON_TRIGGERS.map(|branch| batch.fixed::<bool>(branch.name));
                let (electron, muon) = (electron?, muon?);
                keep(entries, |entry| at(electron, entry) | at(muon, entry));
            }
            Self::Trigger(branch) => {
                let fired = batch.fixed::<bool>(branch.name)?;
                keep(entries, |entry| at(fired, entry));
            }
            Self::AtLeast(objects, branch) => {
                let counts = batch.fixed::<u32>(branch.name)?;
                keep(entries, |entry| at(counts, entry) >= objects);
            }
            Self::MissingEt(min) => {
                let et = batch.fixed::<f32>(MissingMomenta::ET.name)?;
                keep(entries, |entry| at(et, entry) > min);
            }
        }
        Ok(())
    }
}

/// [`Vec::retain`] without a branch that would be guessed wrong.
#[inline(always)]
fn keep(entries: &mut Vec<usize>, passes: impl Fn(usize) -> bool) {
    let mut kept = 0;
    let all = Cell::from_mut(entries.as_mut_slice()).as_slice_of_cells();
    for entry in all {
        let entry = entry.get();
        if let Some(next) = all.get(kept) {
            next.set(entry);
        }
        kept += usize::from(passes(entry));
    }
    entries.truncate(kept);
}

#[cfg(test)]
mod tests {
    use rootlake_io::column::Column;

    use super::*;
    use crate::object::Jets;

    #[test]
    fn cuts_are_made_and_counted_one_after_the_other() {
        let mut cutflow = Cutflow::default();
        let [all, jets, missing_et, trigger] =
            ["all", "jets", "missing ET", "trigger"].map(|name| cutflow.declare(name));
        let first_cuts = FirstCuts::of(all)
            .at_least(jets, 2, Jets::COUNT)
            .missing_et(missing_et, 30e3)
            .lepton_trigger(trigger);
        let [electron, muon] = LEPTON_TRIGGERS;
        let columns = [Jets::COUNT, MissingMomenta::ET, electron, muon];
        assert_eq!(first_cuts.columns(), columns);

        let mut batch = Batch::new(0, 6);
        let yes = |entries: [usize; 2]| {
            let fired = (0..6).map(|entry| entries.contains(&entry));
            Column::fixed(fired.collect::<Vec<bool>>())
        };
        for (branch, column) in columns.into_iter().zip([
            Column::fixed(vec![1_u32, 2, 3, 2, 2, 2]),
            Column::fixed(vec![40e3_f32, 30e3, 31e3, f32::NAN, 50e3, 31e3]),
            yes([0, 2]),
            yes([1, 5]),
        ]) {
            batch.insert(branch, column).unwrap();
        }
        assert_eq!(first_cuts.select(&batch, &mut cutflow).unwrap(), [2, 5]);
        let passed = cutflow.iter().map(|cut| cut.passed);
        assert_eq!(passed.collect::<Vec<_>>(), [6, 5, 3, 2]);
        assert!(cutflow.iter().all(|cut| cut.weighted().is_none()));
    }

    #[test]
    fn a_branch_that_was_not_read_is_an_error() {
        let mut cutflow = Cutflow::default();
        let [all, trigger] = ["all", "trigger"].map(|name| cutflow.declare(name));
        let [electron, _] = LEPTON_TRIGGERS;
        let first_cuts = FirstCuts::of(all).trigger(trigger, electron);
        let error = first_cuts.select(&Batch::new(0, 1), &mut cutflow);
        let branch = electron.name.to_owned();
        assert_eq!(error, Err(Error::Missing { branch }));
    }
}
