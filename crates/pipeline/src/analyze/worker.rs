//! What one thread does: decode the columns of a unit, select its events, fill.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use rootlake_io::tree::ColumnReader;
use rootlake_physics::{Analysis, Batch, Output};

use super::job::{Job, Made};
use super::task::{Task, WantedColumn};
use crate::error::PipelineError;
use crate::plan::PlannedUnit;

/// So many events are selected from in one go: what is worked out of them stays in the cache.
const STRETCH: usize = 4096;

fn count(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Ordering::Relaxed);
}

/// One thread's part in analyses.
pub(super) struct Worker<'a> {
    job: &'a Job<'a>,
    reader: ColumnReader,
}

impl<'a> Worker<'a> {
    pub(super) fn new(job: &'a Job<'a>, reader: ColumnReader) -> Self {
        Self { job, reader }
    }

    /// Its reader, for another worker.
    pub(super) fn into_reader(self) -> ColumnReader {
        self.reader
    }

    /// The next unit that nobody has worked on, if there is one.
    pub(super) fn next_unit(&mut self) -> Option<Made> {
        let job = self.job;
        let fetched = match job.ahead.next_unit()? {
            Ok(fetched) => fetched,
            // An error is handed over in the place of its unit, and is the last: behind all that
            // was delivered, so that any number not given out yet reports it.
            Err(error) => return Some((job.units.len(), Err(error.into()))),
        };
        let Some((task, unit)) = job.units.get(fetched.index) else {
            return Some((fetched.index, Err(PipelineError::Worker)));
        };
        let made = self.select(task, unit, &fetched.parts);
        // The last one's go with the map.
        if fetched.index + 1 < job.units.len() {
            task.input.source().release(&unit.ranges);
        }
        Some((fetched.index, made))
    }

    /// Applies the first cuts of all analyses; then decodes what is left to decode for the events
    /// that survived any, and applies the other cuts.
    fn select(
        &mut self,
        task: &Task,
        unit: &PlannedUnit,
        parts: &[Bytes],
    ) -> Result<Vec<Output>, PipelineError> {
        let entries = usize::try_from(unit.events()).unwrap_or(usize::MAX);
        let mut batch = Batch::new(unit.entries.start, entries);
        for column in task.columns.iter().filter(|column| column.is_first) {
            self.decode(task, unit, parts, column, |_| true, &mut batch)?;
        }
        let named = |analysis: &dyn Analysis, cause| PipelineError::Selection {
            file: task.input.file.name().to_string(),
            analysis: analysis.name().to_owned(),
            cause: Box::new(cause),
        };
        let mut begun: Vec<(Output, Vec<usize>)> = Vec::with_capacity(self.job.analyses.len());
        for analysis in self.job.analyses {
            let mut output = analysis.output();
            let survivors = analysis
                .preselect(&batch, &mut output)
                .map_err(|cause| named(analysis.as_ref(), cause))?;
            begun.push((output, survivors));
        }
        for column in task.columns.iter().filter(|column| !column.is_first) {
            let is_needed = |range: Range<u64>| {
                let mut wanting = column.analyses.iter().filter_map(|&place| begun.get(place));
                wanting.any(|(_, survivors)| any_within(survivors, unit.entries.start, &range))
            };
            self.decode(task, unit, parts, column, is_needed, &mut batch)?;
        }
        let mut outputs = Vec::with_capacity(begun.len());
        for (analysis, (mut output, survivors)) in self.job.analyses.iter().zip(begun) {
            for survivors in survivors.chunks(STRETCH) {
                analysis
                    .select(&batch, survivors, self.job.sample, &mut output)
                    .map_err(|cause| named(analysis.as_ref(), cause))?;
            }
            outputs.push(output);
        }
        batch
            .into_columns()
            .for_each(|column| self.reader.recycle(column));
        Ok(outputs)
    }

    /// Decodes the needed baskets of a column into the batch.
    fn decode(
        &mut self,
        task: &Task,
        unit: &PlannedUnit,
        parts: &[Bytes],
        column: &WantedColumn,
        is_needed: impl Fn(Range<u64>) -> bool,
        batch: &mut Batch,
    ) -> Result<(), PipelineError> {
        let record = |seek: u64, nbytes: u32| {
            let found = unit
                .ranges
                .binary_search_by_key(&(seek, seek + u64::from(nbytes)), |range| {
                    (range.start, range.end)
                });
            found
                .ok()
                .and_then(|index| parts.get(index))
                .cloned()
                .ok_or_else(|| {
                    rootlake_io::ErrorKind::NotFound {
                        what: "planned range",
                        name: seek.to_string(),
                    }
                    .into()
                })
        };
        let before = self.reader.basket_counts();
        let decoded = self
            .reader
            .column_where_needed(&column.branch, unit.entries.clone(), is_needed, record)
            .map_err(|error| error.in_file(task.input.file.name()))?;
        let after = self.reader.basket_counts();
        let values = decoded.values();
        let column_bytes = values.len() * values.scalar_type().width();
        count(
            &self.job.work.stored_bytes,
            after.stored_bytes - before.stored_bytes,
        );
        count(&self.job.work.column_bytes, column_bytes as u64);
        count(&self.job.work.baskets_read, after.read - before.read);
        count(
            &self.job.work.baskets_skipped,
            after.skipped - before.skipped,
        );
        Ok(batch.insert(column.spec, decoded)?)
    }
}

/// Whether any of the rising `entries`, counted from `first`, lies in `range`.
fn any_within(entries: &[usize], first: u64, range: &Range<u64>) -> bool {
    let next = entries.partition_point(|&entry| first + (entry as u64) < range.start);
    entries
        .get(next)
        .is_some_and(|&entry| first + (entry as u64) < range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_in_ranges_of_the_tree() {
        let within = |range| any_within(&[2, 5], 100, &range);
        assert!(within(100..103) && within(105..106) && within(0..200));
        assert!(!within(100..102) && !within(103..105) && !within(106..200));
        assert!(!any_within(&[], 0, &(0..10)));
    }
}
