//! How many events pass each cut.

use crate::Error;

/// A cut by name, and how many events passed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// What the cut asks.
    pub name: &'static str,
    /// The events that passed this cut and all before it, each counted once whatever its weight.
    pub passed: u64,
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cutflow {
    cuts: Vec<Cut>,
}

impl Cutflow {
    /// Appends a cut that no event has passed yet.
    pub fn declare(&mut self, name: &'static str) -> CutHandle {
        self.cuts.push(Cut { name, passed: 0 });
        CutHandle(self.cuts.len() - 1)
    }

    /// Counts `events` more that passed a cut.
    #[inline]
    pub fn pass(&mut self, cut: CutHandle, events: usize) {
        if let Some(cut) = self.cuts.get_mut(cut.0) {
            cut.passed += events as u64;
        }
    }

    /// Counts one event if it passes a cut, to be followed by `?` where a selection ends an event
    /// that does not.
    #[inline]
    pub fn require(&mut self, cut: CutHandle, passes: bool) -> Option<()> {
        passes.then(|| self.pass(cut, 1))
    }

    /// The cuts in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Cut> {
        self.cuts.iter()
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
        a.pass(trigger, 5);
        b.pass(trigger, 2);
        assert_eq!(b.require(leptons, true), Some(()));
        assert_eq!(b.require(leptons, false), None);
        a.add(&b).unwrap();
        let passed: Vec<_> = a.iter().map(|cut| (cut.name, cut.passed)).collect();
        assert_eq!(passed, [("trigger", 7), ("leptons", 1)]);
    }

    #[test]
    fn counts_of_other_cuts_do_not() {
        let mut ours = Cutflow::default();
        ours.declare("trigger");
        assert_eq!(ours.add(&Cutflow::default()), Err(Error::Cutflow));
    }
}
