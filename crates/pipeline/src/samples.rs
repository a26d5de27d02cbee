//! A whole analysis: every sample of its catalogue, each into a file of histograms of its own.
//!
//! ```text
//! openers (a few threads)   open a sample's files, plan, read ahead, add up, write the output
//! pool (all processors)     the units of all opened samples, those of the first opened first
//! ```
//!
//! So the processors do not wait while files are opened and written, and many small samples go
//! through as fast as one large.

mod layout;

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use rootlake_io::write::Stamp;
use rootlake_merge::{Plan, Request, execute, survey};
use rootlake_physics::catalogue::{CatalogueSample, DATA, SampleSet};
use rootlake_physics::{Analysis, Corrections, Sample, analysis};

use self::layout::Layout;
use crate::analyze::{AnalyzeOptions, Engine};
use crate::error::PipelineError;
use crate::histogram_file::{HistogramFiles, corrections_of};
use crate::multiply::Lake;
use crate::report::Report;
use crate::sync::lock;
use crate::writing::WriteOptions;

/// How many samples are open at a time.
const OPENERS: usize = 4;

/// Which samples of an analysis are run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SamplePart {
    /// All of them.
    #[default]
    All,
    /// Recorded events alone.
    Data,
    /// Simulations alone.
    Simulation,
}

/// How the samples of an analysis are run.
#[derive(Clone, Debug)]
pub struct SampleOptions {
    /// Which samples.
    pub part: SamplePart,
    /// Whether samples whose output stands there already are run again; those made with other
    /// corrections are in any case.
    pub redo: bool,
    /// Which of the reference's mistakes are corrected.
    pub corrections: Corrections,
    /// How each is run.
    pub analyze: AnalyzeOptions,
    /// How each output is written.
    pub write: WriteOptions,
}

/// How far the samples of an analysis are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SampleProgress {
    /// Samples that are done, or failed.
    pub samples_done: usize,
    /// Samples to run.
    pub samples: usize,
    /// Events done.
    pub events_done: u64,
    /// Events of the samples that were opened so far.
    pub events_known: u64,
}

/// What became of the samples of an analysis.
#[derive(Debug)]
pub struct SampleRun {
    /// Sample by sample, in the order of the catalogue; last the sum of the periods of data.
    pub outcomes: Vec<SampleOutcome>,
    /// The figures of all samples run now, together.
    pub report: Report,
    /// The names of the corrections that were made, with commas between them.
    pub corrections: String,
}

/// What became of a sample.
#[derive(Debug)]
pub struct SampleOutcome {
    /// The sample's name.
    pub sample: String,
    /// The file of its histograms.
    pub output: PathBuf,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a sample's output.
#[derive(Debug)]
pub enum Outcome {
    /// It was written now.
    Written(Report),
    /// It was added up now from those of the periods of data.
    Added,
    /// It stood there already, made with the same corrections.
    Kept,
    /// It is missing.
    Failed(PipelineError),
}

impl SampleRun {
    /// The samples that failed, and why.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &PipelineError)> {
        self.outcomes
            .iter()
            .filter_map(|outcome| match &outcome.outcome {
                Outcome::Failed(error) => Some((outcome.sample.as_str(), error)),
                _ => None,
            })
    }
}

/// Runs an analysis over the samples below `base`, a folder or URL in the layout of the release or
/// with all files side by side, and writes `folder/<sample>.root` for each: the files that the
/// framework's own plotting reads. Data that are taken by period are added to `data.root`.
///
/// A sample that fails is told in the outcome and does not keep the others.
///
/// # Errors
/// When there is no such analysis, no thread can be started, or the folder cannot be made.
pub fn analyze_samples(
    set: &SampleSet,
    base: &str,
    folder: &Path,
    options: &SampleOptions,
    progress: &(dyn Fn(SampleProgress) + Sync),
) -> Result<SampleRun, PipelineError> {
    let started = Instant::now();
    std::fs::create_dir_all(folder).map_err(|cause| PipelineError::Output {
        path: folder.display().to_string(),
        cause,
    })?;
    let samples: Vec<_> = set
        .samples
        .iter()
        .filter(|sample| options.part.holds(sample))
        .collect();
    let openers = OPENERS.min(samples.len());
    let run = Run {
        analyses: [analysis::find_corrected(
            &set.analysis,
            options.corrections,
        )?],
        corrections: options.corrections.stated(&set.analysis),
        base,
        layout: Layout::of(base, &samples),
        folder,
        options,
        openers,
        share: options.analyze.shared(openers),
        engine: Engine::new(options.analyze.threads, samples.len())?,
        files: HistogramFiles::new(options.write),
        progress,
        state: Mutex::new(SampleProgress {
            samples: samples.len(),
            ..SampleProgress::default()
        }),
    };
    let mut outcomes = run.all(&samples);
    if options.part != SamplePart::Simulation && set.has_data_by_period() {
        outcomes.extend(run.add_periods(&outcomes, set));
    }
    let mut report = Report::default();
    for outcome in &outcomes {
        if let Outcome::Written(part) = &outcome.outcome {
            report.add(part);
        }
    }
    report.seconds = started.elapsed().as_secs_f64();
    Ok(SampleRun {
        outcomes,
        report,
        corrections: run.corrections,
    })
}

impl SamplePart {
    fn holds(self, sample: &CatalogueSample) -> bool {
        match self {
            Self::All => true,
            Self::Data => sample.is_data(),
            Self::Simulation => !sample.is_data(),
        }
    }
}

/// What all openers share.
struct Run<'a> {
    analyses: [Box<dyn Analysis>; 1],
    /// The names of the corrections that the analysis makes.
    corrections: String,
    base: &'a str,
    layout: Layout,
    folder: &'a Path,
    options: &'a SampleOptions,
    /// How many samples are run at a time, and what each may use.
    openers: usize,
    share: AnalyzeOptions,
    engine: Engine,
    files: HistogramFiles,
    progress: &'a (dyn Fn(SampleProgress) + Sync),
    state: Mutex<SampleProgress>,
}

impl Run<'_> {
    /// Runs the samples, some at a time; the outcomes are in the order of the samples.
    fn all(&self, samples: &[&CatalogueSample]) -> Vec<SampleOutcome> {
        let waiting = Mutex::new(self.largest_first(samples));
        let outcomes = Mutex::new(Vec::with_capacity(samples.len()));
        let next = || lock(&waiting).pop_front();
        let open = || {
            while let Some((number, sample)) = next() {
                let outcome = self.one(sample);
                lock(&outcomes).push((number, outcome));
                self.tell(|state| state.samples_done += 1);
            }
        };
        let open_all = || {
            std::thread::scope(|scope| {
                (1..self.openers).for_each(|_| drop(scope.spawn(open)));
                open();
            });
        };
        // Until the first tree is read the pool has nothing else to do.
        let prepare = || {
            for analysis in &self.analyses {
                self.files.prepare(&analysis.output());
            }
        };
        self.engine.beside(prepare, open_all);
        let mut outcomes = outcomes
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        outcomes.sort_by_key(|(number, _)| *number);
        outcomes.into_iter().map(|(_, outcome)| outcome).collect()
    }

    /// The samples with their numbers, so that none is left for the end that takes long. How large
    /// they are is known of local files alone.
    fn largest_first<'s>(
        &self,
        samples: &[&'s CatalogueSample],
    ) -> VecDeque<(usize, &'s CatalogueSample)> {
        let bytes = |file: &String| {
            let place = self.layout.place(self.base, file);
            std::fs::metadata(place).map_or(0, |file| file.len())
        };
        let mut numbered: Vec<_> = samples.iter().copied().enumerate().collect();
        numbered
            .sort_by_cached_key(|(_, sample)| Reverse(sample.files.iter().map(bytes).sum::<u64>()));
        numbered.into()
    }

    fn one(&self, sample: &CatalogueSample) -> SampleOutcome {
        let output = self.folder.join(sample.output_name());
        let outcome = if !self.options.redo && self.stands(&output) {
            Outcome::Kept
        } else {
            self.analyze(sample, &output)
                .map_or_else(Outcome::Failed, Outcome::Written)
        };
        SampleOutcome {
            sample: sample.name.clone(),
            output,
            outcome,
        }
    }

    /// Whether an output is there that was made as this run would make it.
    fn stands(&self, output: &Path) -> bool {
        output.exists() && corrections_of(output).is_ok_and(|made| made == self.corrections)
    }

    fn analyze(&self, sample: &CatalogueSample, output: &Path) -> Result<Report, PipelineError> {
        let files = sample.files.iter();
        let inputs: Vec<_> = files
            .map(|file| self.layout.place(self.base, file))
            .collect();
        // What this sample added so far to what is told of all.
        let told = Mutex::new((0, 0));
        let events = |done, all| {
            let mut told = lock(&told);
            let (done_before, all_before) = std::mem::replace(&mut *told, (done, all));
            self.tell(|state| {
                state.events_done += done - done_before;
                state.events_known += all - all_before;
            });
        };
        let analyzed = self.engine.analyze(
            &self.analyses,
            &inputs,
            &Sample::named(&sample.name),
            &self.share,
            &events,
        )?;
        for histograms in &analyzed.outputs {
            self.files.write(output, histograms, &self.corrections)?;
        }
        Ok(analyzed.report)
    }

    fn tell(&self, change: impl FnOnce(&mut SampleProgress)) {
        let mut state = lock(&self.state);
        change(&mut state);
        (self.progress)(*state);
    }

    /// Adds the periods of data up, as the framework's users do with `hadd`; none where one of
    /// them is missing.
    fn add_periods(&self, outcomes: &[SampleOutcome], set: &SampleSet) -> Option<SampleOutcome> {
        let is_there = |outcome: &&SampleOutcome| !matches!(outcome.outcome, Outcome::Failed(_));
        let periods: Vec<_> = set
            .data()
            .filter_map(|sample| {
                let mut outcomes = outcomes.iter().filter(is_there);
                outcomes.find(|outcome| outcome.sample == sample.name)
            })
            .collect();
        if periods.len() < set.data().count() {
            return None;
        }
        let output = self.folder.join(format!("{DATA}.root"));
        let are_old = periods
            .iter()
            .all(|period| matches!(period.outcome, Outcome::Kept));
        let outcome = if are_old && self.stands(&output) {
            Outcome::Kept
        } else {
            let inputs = periods.iter().map(|period| period.output.as_path());
            match self.add(inputs, &output) {
                Ok(()) => Outcome::Added,
                Err(error) => Outcome::Failed(error),
            }
        };
        Some(SampleOutcome {
            sample: DATA.to_owned(),
            output,
            outcome,
        })
    }

    /// Adds files of histograms.
    fn add<'a>(
        &self,
        inputs: impl Iterator<Item = &'a Path>,
        output: &Path,
    ) -> Result<(), PipelineError> {
        let names: Vec<_> = inputs
            .map(|path| path.to_string_lossy().into_owned())
            .collect();
        let stamp = self.options.write.stamp;
        let request = Request {
            threads: 1,
            reproducible: stamp == Stamp::REPRODUCIBLE,
            ..Request::default()
        };
        let mut survey = survey(&Lake, &names, request.threads);
        if let Some((_, refused)) = survey.refused.pop() {
            return Err(refused.into());
        }
        let plan = Plan::new(&survey.inputs, &request)?;
        execute(
            &plan,
            &survey.inputs,
            &Lake,
            &request,
            output,
            stamp,
            &|_| (),
        )?;
        Ok(())
    }
}
