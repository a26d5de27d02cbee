//! Analyses over files: planned, read ahead, selected in parallel, added in order.

mod kinds;
mod task;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use rayon::ThreadPool;
use rootlake_io::tree::ColumnReader;
use rootlake_lake::{ReadAhead, ReadAheadOptions, Unit};
use rootlake_physics::{Analysis, Output, Sample};

use crate::Progress;
use crate::collect::in_order;
use crate::error::PipelineError;
use crate::plan::PlannedUnit;
use crate::report::Report;
use crate::sync::Spare;
use crate::writing;
use kinds::Kinds;
use task::Task;
use worker::{Work, Worker};

/// What a unit's columns and baskets may take in memory, bytes, by what the tree says of its
/// branches. Beyond that a cluster is cut, though baskets are then expanded twice.
const MAX_UNIT_BYTES: u64 = 192 << 20;

/// How analyses run.
#[derive(Clone, Debug)]
pub struct AnalyzeOptions {
    /// The tree's name or path in the file.
    pub tree: String,
    /// Threads; 0 for one per processor.
    pub threads: usize,
    /// What may be held in memory of baskets and columns at once, bytes, as far as the tree says
    /// how large they are; one unit of the smallest size is always allowed. Fewer threads work
    /// where less fits. None: a unit for each thread. Besides, there are the stored baskets of the
    /// units in work, in a memory map or fetched; those of local files are let go with their unit.
    pub max_memory: Option<u64>,
    /// How far remote files are read ahead.
    pub read_ahead: ReadAheadOptions,
}

impl Default for AnalyzeOptions {
    fn default() -> Self {
        Self {
            tree: "mini".to_owned(),
            threads: 0,
            max_memory: None,
            read_ahead: ReadAheadOptions::default(),
        }
    }
}

/// What analyses made of their inputs.
#[derive(Debug)]
pub struct Analyzed {
    /// Histograms and cutflow of each analysis, in the order asked.
    pub outputs: Vec<Output>,
    /// What was done.
    pub report: Report,
}

/// Runs `analyses` over all `inputs` in one pass, as if they were one file.
///
/// `progress` is told of the events done, and of all there are.
///
/// # Errors
/// When an input is damaged, lacks a branch, or has one of another type.
pub fn analyze(
    analyses: &[Box<dyn Analysis>],
    inputs: &[String],
    sample: &Sample,
    options: &AnalyzeOptions,
    progress: Progress<'_>,
) -> Result<Analyzed, PipelineError> {
    let engine = Engine::new(options.threads, inputs.len())?;
    engine.analyze(analyses, inputs, sample, options, progress)
}

/// What inputs share that are analysed at the same time or one after the other.
pub(crate) struct Engine {
    pool: ThreadPool,
    /// What the files have in common.
    kinds: Kinds,
    /// Readers that no worker uses now: their working memory is there already.
    readers: Spare<ColumnReader>,
}

impl Engine {
    /// On so many threads, 0 for one per processor, for so many files.
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub(crate) fn new(threads: usize, files: usize) -> Result<Self, PipelineError> {
        Ok(Self {
            pool: writing::pool(threads)?,
            kinds: Kinds::of(files),
            readers: Spare::default(),
        })
    }

    /// [`analyze`].
    pub(crate) fn analyze(
        &self,
        analyses: &[Box<dyn Analysis>],
        inputs: &[String],
        sample: &Sample,
        options: &AnalyzeOptions,
        progress: Progress<'_>,
    ) -> Result<Analyzed, PipelineError> {
        let started = Instant::now();
        if inputs.is_empty() {
            return Err(PipelineError::NoInput);
        }
        let unit_bytes = options
            .max_memory
            .map_or(MAX_UNIT_BYTES, |max| (max / 2).min(MAX_UNIT_BYTES));
        let tasks = inputs
            .iter()
            .map(|location| Task::open(location, &self.kinds, analyses, &options.tree, unit_bytes))
            .collect::<Result<Vec<_>, _>>()?;
        let numbered: Vec<(&Task, &PlannedUnit)> = tasks
            .iter()
            .flat_map(|task| task.units.iter().map(move |unit| (task, unit)))
            .collect();
        let plan = numbered
            .iter()
            .map(|(task, unit)| Unit::new(Arc::clone(task.input.source()), unit.ranges.clone()))
            .collect();
        let mut read_ahead = options.read_ahead;
        let mut workers = self.pool.current_num_threads().min(numbered.len());
        if let Some(max) = options.max_memory {
            read_ahead.window = read_ahead.window.min(max / 4);
            let largest = tasks.iter().map(Task::largest_unit).max().unwrap_or(0);
            let fitting = usize::try_from(max / largest.max(1)).unwrap_or(usize::MAX);
            workers = workers.min(fitting.max(1));
        }
        let ahead = ReadAhead::start(plan, read_ahead)?;

        let work = Work::default();
        let stop = AtomicBool::new(false);
        let (send, receive) = crossbeam_channel::bounded(64);
        let mut outputs: Vec<Output> = analyses.iter().map(|analysis| analysis.output()).collect();
        let events: u64 = tasks.iter().map(|task| task.entries).sum();
        let mut done = numbered.iter().scan(0, |done, (_, unit)| {
            *done += unit.entries.end - unit.entries.start;
            Some(*done)
        });
        let collected = self.pool.in_place_scope(|scope| {
            for _ in 0..workers {
                let send = send.clone();
                let (ahead, numbered, work, stop) = (&ahead, &numbered, &work, &stop);
                scope.spawn(move |_| {
                    let reader = self.readers.take().unwrap_or_default();
                    let mut worker = Worker::new(analyses, sample, work, reader);
                    while let Some(fetched) = ahead.next_unit() {
                        let (index, result) = worker.unit(numbered, fetched);
                        if send.send((index, result)).is_err() || stop.load(Ordering::Relaxed) {
                            break;
                        }
                    }
                    self.readers.put(worker.into_reader());
                });
            }
            drop(send);
            let collected = in_order(&receive, |partial: Vec<Output>| {
                for (output, part) in outputs.iter_mut().zip(&partial) {
                    output.add(part)?;
                }
                progress(done.next().unwrap_or(events), events);
                Ok(())
            });
            // Workers that still run find nobody to send to.
            stop.store(collected.is_err(), Ordering::Relaxed);
            drop(receive);
            collected
        })?;
        if collected != numbered.len() {
            return Err(PipelineError::Worker);
        }
        for task in &tasks {
            task.input.source().verify_unchanged()?;
        }
        let fetched = ahead.report();
        let report = Report {
            events,
            selected: outputs.iter().map(selected).sum(),
            stored_bytes: work.stored_bytes.into_inner(),
            column_bytes: work.column_bytes.into_inner(),
            baskets_read: work.baskets_read.into_inner(),
            baskets_skipped: work.baskets_skipped.into_inner(),
            units: numbered.len() as u64,
            requests: fetched.requests,
            seconds: started.elapsed().as_secs_f64(),
        };
        Ok(Analyzed { outputs, report })
    }
}

/// The events that passed the last cut.
fn selected(output: &Output) -> u64 {
    output.cutflow.iter().last().map_or(0, |cut| cut.passed)
}
