//! How many events pass each cut.

use rootlake_hist::{Axis, Histogram1D, Precision};

use crate::Error;

/// A cut by name, and how many events passed it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// What the cut asks.
    pub name: &'static str,
    /// The events that passed this cut and all before it, each counted once whatever its weight.
    pub passed: u64,
    weighted: Weighted,
    is_first: bool,
}

/// Sums over the weights of events.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Weighted {
    /// Σw.
    pub sumw: f64,
    /// Σw².
    pub sumw2: f64,
}

impl Weighted {
    /// The statistical uncertainty of the sum, √Σw².
    pub fn uncertainty(&self) -> f64 {
        self.sumw2.sqrt()
    }
}

impl Cut {
    /// The weights of the events that passed; `None` for the first cuts, which are made before
    /// weights are read.
    pub fn weighted(&self) -> Option<Weighted> {
        (!self.is_first).then_some(self.weighted)
    }
}

/// The place of a cut in the [`Cutflow`] that declared it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutHandle(usize);

/// Declares the cuts of an analysis in order: `struct Cuts { trigger: CutHandle, … }` with
/// `Cuts::declare`, of `trigger: "electron or muon trigger", …`.
macro_rules! cuts {
    ($( $cut:ident: $name:literal, )+) => {
        #[derive(Debug)]
        struct Cuts { $( $cut: $crate::CutHandle, )+ }

        impl Cuts {
            fn declare(cutflow: &mut $crate::Cutflow) -> Self {
                Self { $( $cut: cutflow.declare($name), )+ }
            }
        }
    };
}

pub(crate) use cuts;

/// The cuts of an analysis in order, with the events that passed.
#[derive(Clone, Debug, Default)]
pub struct Cutflow {
    cuts: Vec<Cut>,
    /// Of the event that is being selected, which is no part of the result.
    weight: f64,
}

impl PartialEq for Cutflow {
    fn eq(&self, other: &Self) -> bool {
        self.cuts == other.cuts
    }
}

impl Cutflow {
    /// Appends a cut that no event has passed yet.
    pub fn declare(&mut self, name: &'static str) -> CutHandle {
        self.cuts.push(Cut {
            name,
            passed: 0,
            weighted: Weighted::default(),
            is_first: false,
        });
        CutHandle(self.cuts.len() - 1)
    }

    /// Counts `events` more that passed one of the first cuts, whatever their weights.
    pub fn pass_first(&mut self, cut: CutHandle, events: usize) {
        if let Some(cut) = self.cuts.get_mut(cut.0) {
            cut.passed += events as u64;
            cut.is_first = true;
        }
    }

    /// Begins the next event, with its weight.
    #[inline]
    pub fn begin(&mut self, weight: f32) {
        self.weight = f64::from(weight);
    }

    /// Counts the event as one that passed a cut.
    #[inline]
    pub fn pass(&mut self, cut: CutHandle) {
        if let Some(cut) = self.cuts.get_mut(cut.0) {
            cut.passed += 1;
            cut.weighted.sumw += self.weight;
            cut.weighted.sumw2 += self.weight * self.weight;
        }
    }

    /// Counts the event if it passes a cut, without a branch that would be guessed wrong.
    #[inline]
    pub fn pass_if(&mut self, cut: CutHandle, passes: bool) {
        if let Some(cut) = self.cuts.get_mut(cut.0) {
            // All bits of the weight, or none: nothing is added.
            let mask = 0_u64.wrapping_sub(u64::from(passes));
            let weight = f64::from_bits(self.weight.to_bits() & mask);
            cut.passed += u64::from(passes);
            cut.weighted.sumw += weight;
            cut.weighted.sumw2 += weight * weight;
        }
    }

    /// Counts the event if it passes a cut, to be followed by `?` where a selection ends an event
    /// that does not.
    #[inline]
    pub fn require(&mut self, cut: CutHandle, passes: bool) -> Option<()> {
        passes.then(|| self.pass(cut))
    }

    /// The cuts in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Cut> {
        self.cuts.iter()
    }

    /// The cutflow as histograms of one bin for each cut, in order: `events` with those that
    /// passed, and `weights` with their weights, empty for the first cuts.
    ///
    /// # Errors
    /// [`Error::Histogram`] without cuts.
    pub fn histograms(&self) -> Result<[Histogram1D; 2], Error> {
        let cuts = u32::try_from(self.cuts.len()).unwrap_or(u32::MAX);
        let axis = Axis::new(cuts, 0.0, f64::from(cuts))?;
        let book = |name, title| Histogram1D::new(name, title, axis, Precision::F64);
        let mut events = book("events", "Events that passed;;Events");
        let mut weights = book("weights", "Weights of events that passed;;Sum of weights");
        for (bin, cut) in (1..).zip(&self.cuts) {
            #[allow(clippy::cast_precision_loss, reason = "a bin holds a double")]
            let passed = cut.passed as f64;
            events.add_to_bin(bin, cut.passed, passed, passed);
            if let Some(Weighted { sumw, sumw2 }) = cut.weighted() {
                weights.add_to_bin(bin, cut.passed, sumw, sumw2);
            }
        }
        Ok([events, weights])
    }

    /// Adds the counts of another batch of the same analysis.
    ///
    /// # Errors
    /// [`Error::Cutflow`] when the cuts are others; nothing is added then.
    pub fn add(&mut self, other: &Self) -> Result<(), Error> {
        let names = |cutflow: &Self| cutflow.iter().map(|cut| cut.name).collect::<Vec<_>>();
        if names(self) != names(other) {
            return Err(Error::Cutflow);
        }
        for (ours, theirs) in self.cuts.iter_mut().zip(&other.cuts) {
            ours.passed += theirs.passed;
            ours.weighted.sumw += theirs.weighted.sumw;
            ours.weighted.sumw2 += theirs.weighted.sumw2;
            ours.is_first |= theirs.is_first;
        }
        Ok(())
    }
}

impl<'a> IntoIterator for &'a Cutflow {
    type Item = &'a Cut;
    type IntoIter = std::slice::Iter<'a, Cut>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_the_same_cuts_add_up() {
        let mut blank = Cutflow::default();
        let trigger = blank.declare("trigger");
        let leptons = blank.declare("leptons");
        let (mut a, mut b) = (blank.clone(), blank);
        a.pass_first(trigger, 5);
        b.pass_first(trigger, 2);
        a.begin(0.5);
        assert_eq!(a.require(leptons, true), Some(()));
        b.begin(-2.0);
        b.pass_if(leptons, true);
        b.pass_if(leptons, false);
        assert_eq!(b.require(leptons, false), None);
        a.add(&b).unwrap();
        let passed: Vec<_> = a.iter().map(|cut| (cut.name, cut.passed)).collect();
        assert_eq!(passed, [("trigger", 7), ("leptons", 2)]);
        let weighted: Vec<_> = a.iter().map(Cut::weighted).collect();
        let (sumw, sumw2) = (-1.5, 4.25);
        assert_eq!(weighted, [None, Some(Weighted { sumw, sumw2 })]);
    }

    #[test]
    fn each_cut_has_a_bin_of_its_own() {
        let mut cutflow = Cutflow::default();
        let trigger = cutflow.declare("trigger");
        let leptons = cutflow.declare("leptons");
        cutflow.pass_first(trigger, 5);
        for weight in [0.5, -2.0] {
            cutflow.begin(weight);
            cutflow.pass(leptons);
        }
        let [events, weights] = cutflow.histograms().unwrap();
        assert_eq!(events.contents().collect::<Vec<_>>(), [0.0, 5.0, 2.0, 0.0]);
        assert!(events.sumw2().is_none());
        assert_eq!(
            weights.contents().collect::<Vec<_>>(),
            [0.0, 0.0, -1.5, 0.0]
        );
        assert_eq!(weights.error(2), Some(4.25_f64.sqrt()));
    }

    #[test]
    fn counts_of_other_cuts_do_not() {
        let mut ours = Cutflow::default();
        ours.declare("trigger");
        assert_eq!(ours.add(&Cutflow::default()), Err(Error::Cutflow));
    }
}
