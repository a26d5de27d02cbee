//! Analyses of events with leptons that look at one event after the other.

use super::candidates::{Candidates, Wanted};
use super::tally::Tally;
use super::{Analysis, Declared, Output};
use crate::schema::BranchSpec;
use crate::{Batch, Error, Sample};

/// An analysis that is told by what it wants of an event and what it does with each.
pub(super) trait ByEvent: AsRef<Declared> + Send + Sync {
    /// What it wants of the events that pass the first cuts.
    fn wanted(&self) -> Wanted;

    /// Applies the other cuts to each candidate, and counts and fills those that pass.
    fn select(&self, candidates: &Candidates<'_>, tally: &mut Tally<'_>);
}

impl<A: ByEvent> Analysis for A {
    fn other_columns(&self) -> Vec<BranchSpec> {
        let known = self.first_columns();
        let mut columns = self.wanted().branches;
        columns.retain(|branch| !known.contains(branch));
        columns
    }

    fn select(
        &self,
        batch: &Batch,
        survivors: &[usize],
        sample: &Sample,
        output: &mut Output,
    ) -> Result<(), Error> {
        let wanted = self.wanted();
        let corrections = self.declared().corrections;
        let candidates = Candidates::of(batch, survivors, sample, &wanted, corrections)?;
        ByEvent::select(self, &candidates, &mut Tally::of(output));
        Ok(())
    }
}
