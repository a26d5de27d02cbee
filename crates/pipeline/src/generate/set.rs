//! All samples of an analysis at once.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use rootlake_physics::catalogue::SampleSet;
use rootlake_physics::generate::{PlannedSample, plan_set};

use super::{GenerateOptions, generate_on};
use crate::Progress;
use crate::error::PipelineError;
use crate::report::Report;
use crate::writing::{self, WriteOptions};

/// How many files are written at a time.
const WRITERS: usize = 4;

/// How a set of samples is generated.
#[derive(Clone, Debug)]
pub struct SetOptions {
    /// About as many events of data.
    pub events: u64,
    /// How many times as many simulated events as the plots need.
    pub simulated: u64,
    /// Same seed, same events.
    pub seed: u64,
    /// Entries per cluster.
    pub cluster: u64,
    /// Threads; 0 for one per processor.
    pub threads: usize,
    /// Whether files that stand there already are made again.
    pub redo: bool,
}

/// Generates all samples that an analysis needs below `folder`, in the folders of the release.
/// Gives the figures, and the number of files written.
///
/// `progress` is told of the samples done, and of all.
///
/// # Errors
/// When a file cannot be written; those before it stand.
pub fn generate_set(
    set: &SampleSet,
    options: &SetOptions,
    folder: &Path,
    write: WriteOptions,
    progress: Progress<'_>,
) -> Result<(Report, usize), PipelineError> {
    let started = Instant::now();
    let mut planned = plan_set(set, options.events, options.simulated)?;
    planned.retain(|sample| options.redo || !folder.join(&sample.file).exists());
    let pool = writing::pool(options.threads)?;
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let made = Mutex::new(Ok(Report::default()));
    let make = |sample: &PlannedSample| {
        let path = folder.join(&sample.file);
        make_folder(&path)?;
        let options = GenerateOptions {
            final_state: sample.final_state,
            sample: sample.sample.clone(),
            events: sample.events,
            seed: options.seed,
            luminosity: Some(sample.luminosity),
            cluster: options.cluster,
            threads: options.threads,
        };
        generate_on(&pool, &options, &path, write, &|_, _| ())
    };
    std::thread::scope(|scope| {
        for _ in 0..WRITERS.min(planned.len()) {
            scope.spawn(|| {
                while let Some(sample) = planned.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let report = make(sample);
                    let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
                    match (made.as_mut(), report) {
                        (Ok(sum), Ok(report)) => sum.add(&report),
                        (Ok(_), Err(error)) => *made = Err(error),
                        (Err(_), _) => break,
                    }
                    let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                    progress(done as u64, planned.len() as u64);
                }
            });
        }
    });
    let mut report = made.into_inner().unwrap_or_else(PoisonError::into_inner)?;
    report.seconds = started.elapsed().as_secs_f64();
    Ok((report, planned.len()))
}

fn make_folder(path: &Path) -> Result<(), PipelineError> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|cause| PipelineError::Output {
        path: folder.display().to_string(),
        cause,
    })
}
