//! The analyses: which branches they read, what they cut on, what they fill.

mod hyy;
mod hzz;

use rootlake_hist::{Axis, Handle, Histogram1D, HistogramSet, Precision};

pub use self::hyy::Hyy;
pub use self::hzz::Hzz;
use crate::schema::BranchSpec;
use crate::{Batch, Cutflow, Error, FinalState, Sample};

/// A selection of events from batches of columns into histograms.
///
/// For each batch: insert [`first_columns`](Self::first_columns), [`preselect`](Self::preselect);
/// if an event survived, insert [`other_columns`](Self::other_columns) and
/// [`select`](Self::select). Outputs of several batches add up with [`Output::add`].
pub trait Analysis: Send + Sync {
    /// The name, as the reference framework has it: `HZZ`.
    fn name(&self) -> &'static str;

    /// The collection of events the selection is made for.
    fn final_state(&self) -> FinalState;

    /// The branches that the first cuts need, in every batch.
    fn first_columns(&self) -> Vec<BranchSpec>;

    /// The branches that the rest needs, in batches with survivors.
    fn other_columns(&self) -> Vec<BranchSpec>;

    /// An output to fill: histograms in the order in which they are written, and cuts.
    fn output(&self) -> Output;

    /// Applies the first cuts and counts them. Gives the surviving entries, counted from the
    /// batch's first, rising.
    ///
    /// # Errors
    /// When a branch is missing or of another type.
    fn preselect(&self, batch: &Batch, output: &mut Output) -> Result<Vec<usize>, Error>;

    /// Applies the other cuts to the surviving entries and fills the histograms.
    ///
    /// # Errors
    /// When a branch is missing or of another type, or a vector shorter than the number of
    /// objects of its event; the output is of no use then.
    fn select(
        &self,
        batch: &Batch,
        survivors: &[usize],
        sample: &Sample,
        output: &mut Output,
    ) -> Result<(), Error>;
}

/// What an analysis makes of events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// The histograms in the order in which they are written.
    pub histograms: HistogramSet,
    /// How many events passed each cut.
    pub cutflow: Cutflow,
}

impl Output {
    /// Adds what the same analysis made of other events.
    ///
    /// # Errors
    /// [`Error::Cutflow`] or [`Error::Histogram`] when it is another analysis's.
    pub fn add(&mut self, other: &Self) -> Result<(), Error> {
        self.cutflow.add(&other.cutflow)?;
        Ok(self.histograms.add(&other.histograms)?)
    }

    /// Books a `TH1F`; `title` holds those of the axes as well, set off by semicolons.
    fn book(
        &mut self,
        name: &str,
        title: &str,
        (bins, low, high): (u32, f64, f64),
    ) -> Result<Handle, Error> {
        let axis = Axis::new(bins, low, high)?;
        let histogram = Histogram1D::new(name, title, axis, Precision::F32);
        Ok(self.histograms.book(histogram)?)
    }
}

/// The names of all analyses.
pub const NAMES: [&str; 2] = [Hzz::NAME, Hyy::NAME];

/// The analysis of that name, in any case.
///
/// # Errors
/// [`Error::UnknownAnalysis`], which tells the names there are.
pub fn find(name: &str) -> Result<Box<dyn Analysis>, Error> {
    match NAMES
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(name))
    {
        Some(Hzz::NAME) => Ok(Box::new(Hzz::new()?)),
        Some(Hyy::NAME) => Ok(Box::new(Hyy::new()?)),
        _ => Err(Error::UnknownAnalysis {
            name: name.to_owned(),
            known: NAMES.join(", "),
        }),
    }
}

/// The entries for which `passes` holds.
fn surviving(entries: usize, passes: impl Iterator<Item = bool>) -> Vec<usize> {
    let passing = (0..entries).zip(passes).filter(|&(_, passes)| passes);
    passing.map(|(entry, _)| entry).collect()
}

/// The value of one entry of a fixed branch. A batch's columns are of one length and the entries
/// come from that batch, so that the default stands for nothing that occurs.
fn at<T: Copy + Default>(values: &[T], entry: usize) -> T {
    values.get(entry).copied().unwrap_or_default()
}

/// Rounds to single precision where the reference keeps a `float`, which decides the bin of a
/// value beside an edge.
#[allow(clippy::cast_possible_truncation, reason = "rounding is what is meant")]
fn single(value: f64) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::mini;

    #[test]
    fn every_name_finds_its_analysis_in_any_case() {
        for name in NAMES {
            assert_eq!(find(&name.to_lowercase()).unwrap().name(), name);
            assert_eq!(find(&name.to_uppercase()).unwrap().name(), name);
        }
        let error = find("htautau").err().unwrap().to_string();
        assert_eq!(error, "no analysis is called `htautau`; there are HZZ, Hyy");
    }

    #[test]
    fn every_branch_is_one_of_the_mini_tree_and_read_once() {
        for name in NAMES {
            let analysis = find(name).unwrap();
            let branches = [analysis.first_columns(), analysis.other_columns()].concat();
            for (at, branch) in branches.iter().enumerate() {
                assert_eq!(
                    mini(branch.name).map(|b| b.ty),
                    Some(branch.ty),
                    "{branch:?}"
                );
                assert!(
                    branches[..at].iter().all(|b| b.name != branch.name),
                    "{branch:?}"
                );
            }
        }
    }
}
