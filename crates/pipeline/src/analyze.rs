//! Analyses over files: planned, read ahead, selected in parallel, added in order.

mod job;
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
use crate::error::PipelineError;
use crate::plan::PlannedUnit;
use crate::report::Report;
use crate::sync::Spare;
use crate::writing;
use job::{Job, Work};
use kinds::Kinds;
use task::Task;
use worker::Worker;

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

    /// Has one of the threads do `aside` while the calling thread does `work`; waits for both.
    pub(crate) fn beside<T>(&self, aside: impl FnOnce() + Send, work: impl FnOnce() -> T) -> T {
        self.pool.in_place_scope(|scope| {
            scope.spawn(|_| aside());
            work()
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
        let tasks = self.open(analyses, inputs, options)?;
        let units: Vec<(&Task, &PlannedUnit)> = tasks
            .iter()
            .flat_map(|task| task.units.iter().map(move |unit| (task, unit)))
            .collect();
        let (workers, read_ahead) = options.within_memory(&tasks);
        let workers = workers
            .min(self.pool.current_num_threads())
            .min(units.len());
        let plan = units
            .iter()
            .map(|(task, unit)| Unit::new(Arc::clone(task.input.source()), unit.ranges.clone()))
            .collect();
        let ahead = ReadAhead::start(plan, read_ahead)?;
        let job = Job {
            analyses,
            sample,
            units: &units,
            ahead: &ahead,
            work: Work::default(),
        };
        let outputs = self.work_off(&job, workers, progress)?;
        for task in &tasks {
            task.input.source().verify_unchanged()?;
        }
        let report = job.report(&outputs, started.elapsed());
        Ok(Analyzed { outputs, report })
    }

    /// Opens all inputs, and cuts what is wanted of them into units.
    fn open(
        &self,
        analyses: &[Box<dyn Analysis>],
        inputs: &[String],
        options: &AnalyzeOptions,
    ) -> Result<Vec<Task>, PipelineError> {
        if inputs.is_empty() {
            return Err(PipelineError::NoInput);
        }
        let (tree, unit_bytes) = (&options.tree, options.unit_bytes());
        let open = |location: &String| {
            let task = Task::open(location, &self.kinds, analyses, tree, unit_bytes)?;
            // A single one is read on at once, of many the last waits long.
            if inputs.len() > 1 {
                task.release();
            }
            Ok(task)
        };
        inputs.iter().map(open).collect()
    }

    /// Has so many workers select from the units; adds what they make of them in the units' order.
    fn work_off(
        &self,
        job: &Job<'_>,
        workers: usize,
        progress: Progress<'_>,
    ) -> Result<Vec<Output>, PipelineError> {
        let stop = AtomicBool::new(false);
        let (send, receive) = crossbeam_channel::bounded(64);
        self.pool.in_place_scope(|scope| {
            for _ in 0..workers {
                let (send, stop) = (send.clone(), &stop);
                scope.spawn(move |_| {
                    let reader = self.readers.take().unwrap_or_default();
                    let mut worker = Worker::new(job, reader);
                    while let Some(made) = worker.next_unit() {
                        if send.send(made).is_err() || stop.load(Ordering::Relaxed) {
                            break;
                        }
                    }
                    self.readers.put(worker.into_reader());
                });
            }
            drop(send);
            let outputs = job.collect(&receive, progress);
            // Workers that still run find nobody to send to.
            stop.store(outputs.is_err(), Ordering::Relaxed);
            drop(receive);
            outputs
        })
    }
}

impl AnalyzeOptions {
    /// For each of so many calls at the same time, which share the memory.
    pub(crate) fn shared(&self, calls: usize) -> Self {
        let share = |max: u64| max / u64::try_from(calls).unwrap_or(u64::MAX).max(1);
        Self {
            max_memory: self.max_memory.map(share),
            ..self.clone()
        }
    }

    /// What a unit's columns and baskets may take in memory.
    fn unit_bytes(&self) -> u64 {
        let bound = self.max_memory.map(|max| max / 2);
        bound.map_or(MAX_UNIT_BYTES, |bytes| bytes.min(MAX_UNIT_BYTES))
    }

    /// For how many workers there is memory, and how far ahead of them may be read.
    fn within_memory(&self, tasks: &[Task]) -> (usize, ReadAheadOptions) {
        let mut read_ahead = self.read_ahead;
        let Some(max) = self.max_memory else {
            return (usize::MAX, read_ahead);
        };
        read_ahead.window = read_ahead.window.min(max / 4);
        let largest = tasks.iter().map(Task::largest_unit).max().unwrap_or(0);
        let fitting = usize::try_from(max / largest.max(1)).unwrap_or(usize::MAX);
        (fitting.max(1), read_ahead)
    }
}
