//! What the threads of one call share: what is to be done, and how much of it was.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use crossbeam_channel::Receiver;
use rootlake_lake::ReadAhead;
use rootlake_physics::{Analysis, Output, Sample};

use super::task::Task;
use crate::Progress;
use crate::collect::in_order;
use crate::error::PipelineError;
use crate::plan::PlannedUnit;
use crate::report::Report;

/// A unit's number, and what the analyses make of it.
pub(super) type Made = (usize, Result<Vec<Output>, PipelineError>);

/// What is to be done.
pub(super) struct Job<'a> {
    pub(super) analyses: &'a [Box<dyn Analysis>],
    pub(super) sample: &'a Sample,
    /// All units with the files they are of, in the order in which they are read.
    pub(super) units: &'a [(&'a Task, &'a PlannedUnit)],
    /// The stored baskets of the units.
    pub(super) ahead: &'a ReadAhead,
    /// What was done.
    pub(super) work: Work,
}

/// Counted by all workers.
#[derive(Default)]
pub(super) struct Work {
    /// Bytes of the baskets that were decoded, as stored.
    pub(super) stored_bytes: AtomicU64,
    /// Bytes of the values that they gave.
    pub(super) column_bytes: AtomicU64,
    /// Baskets that were decoded.
    pub(super) baskets_read: AtomicU64,
    /// Baskets that were not, because none of their events passed the first cuts.
    pub(super) baskets_skipped: AtomicU64,
}

impl Job<'_> {
    /// The events of all units.
    fn events(&self) -> u64 {
        self.units.iter().map(|(_, unit)| unit.events()).sum()
    }

    /// Adds what arrives of the units, in their order.
    ///
    /// # Errors
    /// That of the first unit that has one, or [`PipelineError::Worker`] where units are missing.
    pub(super) fn collect(
        &self,
        arriving: &Receiver<Made>,
        progress: Progress<'_>,
    ) -> Result<Vec<Output>, PipelineError> {
        let mut outputs: Option<Vec<Output>> = None;
        let (mut done, events) = (0, self.events());
        let mut units = self.units.iter();
        let collected = in_order(arriving, |parts: Vec<Output>| {
            match &mut outputs {
                // Many files are one unit: what it made is all there is.
                None => outputs = Some(parts),
                Some(outputs) => {
                    for (output, part) in outputs.iter_mut().zip(&parts) {
                        output.add(part)?;
                    }
                }
            }
            done += units.next().map_or(0, |(_, unit)| unit.events());
            progress(done, events);
            Ok(())
        })?;
        if collected != self.units.len() {
            return Err(PipelineError::Worker);
        }
        let blank = || {
            let analyses = self.analyses.iter();
            analyses.map(|analysis| analysis.output()).collect()
        };
        Ok(outputs.unwrap_or_else(blank))
    }

    /// What was done, to make these outputs in that time.
    pub(super) fn report(self, outputs: &[Output], elapsed: Duration) -> Report {
        let fetched = self.ahead.report();
        Report {
            events: self.events(),
            selected: outputs.iter().map(selected).sum(),
            stored_bytes: self.work.stored_bytes.into_inner(),
            column_bytes: self.work.column_bytes.into_inner(),
            baskets_read: self.work.baskets_read.into_inner(),
            baskets_skipped: self.work.baskets_skipped.into_inner(),
            units: self.units.len() as u64,
            requests: fetched.requests,
            seconds: elapsed.as_secs_f64(),
        }
    }
}

/// The events that passed the last cut.
fn selected(output: &Output) -> u64 {
    output.cutflow.iter().last().map_or(0, |cut| cut.passed)
}
