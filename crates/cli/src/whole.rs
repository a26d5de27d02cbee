//! A whole analysis: all of its samples from one folder or server.

use std::path::Path;

use rootlake_physics::catalogue::{Catalogue, SampleSet};
use rootlake_pipeline::{
    Outcome, Report, SampleOptions, SampleOutcome, SamplePart, SampleProgress, SampleRun,
    analyze_samples,
};
use serde::Serialize;

use crate::exit::LeftOut;
use crate::progress::Progress;
use crate::table::{Align, Table, count, rate};

/// Which samples are run.
#[derive(Clone, Debug, clap::Args)]
pub struct WholeArgs {
    /// Run each analysis over all of its samples below this folder or URL, laid out as in the release
    /// or side by side; writes a file for each sample
    #[arg(long, value_name = "DIR_OR_URL", conflicts_with_all = ["inputs", "sample", "yields"])]
    pub analysis_samples: Option<String>,
    /// Only recorded events
    #[arg(long, requires = "analysis_samples")]
    pub data_only: bool,
    /// Only simulations
    #[arg(long, requires = "analysis_samples", conflicts_with = "data_only")]
    pub simulation_only: bool,
    /// Run samples again whose output stands there already
    #[arg(long, requires = "analysis_samples")]
    pub force: bool,
}

impl WholeArgs {
    /// Which samples.
    pub fn part(&self) -> SamplePart {
        match (self.data_only, self.simulation_only) {
            (true, _) => SamplePart::Data,
            (_, true) => SamplePart::Simulation,
            _ => SamplePart::All,
        }
    }
}

#[derive(Serialize)]
struct JsonRun<'a> {
    analysis: &'a str,
    samples: Vec<JsonSample<'a>>,
    #[serde(flatten)]
    report: &'a Report,
}

#[derive(Serialize)]
struct JsonSample<'a> {
    sample: &'a str,
    output: &'a Path,
    outcome: &'static str,
    error: Option<String>,
    events: Option<u64>,
    selected: Option<u64>,
}

/// Runs the analyses over all of their samples, one after the other: the samples of the only one
/// into `folder`, those of several each into a folder of that.
pub fn run(
    names: &[&str],
    base: &str,
    folder: &Path,
    options: &SampleOptions,
    as_json: bool,
) -> anyhow::Result<()> {
    let catalogue = Catalogue::embedded()?;
    let mut runs = Vec::new();
    for name in names {
        let set = catalogue.analysis(name)?;
        let folder = match names {
            [_] => folder.to_owned(),
            _ => folder.join(name),
        };
        let run = analyze_set(set, base, &folder, options)?;
        if !as_json {
            print!("{}", render(set, &run, &folder));
        }
        runs.push((set, run));
    }
    if as_json {
        let runs: Vec<_> = runs.iter().map(|(set, run)| json(set, run)).collect();
        println!("{}", serde_json::to_string_pretty(&runs)?);
    }
    let failures = runs.iter().flat_map(|(_, run)| run.failures());
    match failures
        .map(|(sample, error)| eprintln!("{sample}: {error}"))
        .count()
    {
        0 => Ok(()),
        failed => Err(LeftOut(failed).into()),
    }
}

/// Runs one analysis, with a bar of progress.
pub fn analyze_set(
    set: &SampleSet,
    base: &str,
    folder: &Path,
    options: &SampleOptions,
) -> anyhow::Result<SampleRun> {
    let progress = Progress::new(&set.analysis, false);
    let told = |state: SampleProgress| {
        progress.set(state.events_done, state.events_known);
        progress.say(&format!(
            "{} {}/{}",
            set.analysis, state.samples_done, state.samples
        ));
    };
    Ok(analyze_samples(set, base, folder, options, &told)?)
}

fn render(set: &SampleSet, run: &SampleRun, folder: &Path) -> String {
    let mut table = Table::new(&[
        ("sample", Align::Left),
        ("events", Align::Right),
        ("selected", Align::Right),
        ("output", Align::Left),
    ]);
    for outcome in &run.outcomes {
        let (events, selected, what) = match &outcome.outcome {
            Outcome::Written(report) => (count(report.events), count(report.selected), "written"),
            Outcome::Added => ("-".to_owned(), "-".to_owned(), "added"),
            Outcome::Kept => ("-".to_owned(), "-".to_owned(), "kept"),
            Outcome::Failed(_) => ("-".to_owned(), "-".to_owned(), "FAILED"),
        };
        table.row([outcome.sample.clone(), events, selected, what.to_owned()]);
    }
    let report = &run.report;
    format!(
        "{} into {}\n{}{} events in {:.2} s: {} events/s, {:.1} MB/s read\n",
        set.analysis,
        folder.display(),
        table.render("  "),
        count(report.events),
        report.seconds,
        rate(report.events_per_second()),
        report.megabytes_per_second()
    )
}

fn json<'a>(set: &'a SampleSet, run: &'a SampleRun) -> JsonRun<'a> {
    JsonRun {
        analysis: &set.analysis,
        samples: run.outcomes.iter().map(json_sample).collect(),
        report: &run.report,
    }
}

fn json_sample(outcome: &SampleOutcome) -> JsonSample<'_> {
    let (what, error, report) = match &outcome.outcome {
        Outcome::Written(report) => ("written", None, Some(report)),
        Outcome::Added => ("added", None, None),
        Outcome::Kept => ("kept", None, None),
        Outcome::Failed(error) => ("failed", Some(error.to_string()), None),
    };
    JsonSample {
        sample: &outcome.sample,
        output: &outcome.output,
        outcome: what,
        error,
        events: report.map(|report| report.events),
        selected: report.map(|report| report.selected),
    }
}
