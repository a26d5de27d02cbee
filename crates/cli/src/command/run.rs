//! `rootlake run`: a whole analysis, from samples to plots.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;
use rootlake_physics::Corrections;
use rootlake_physics::catalogue::Catalogue;
use rootlake_pipeline::{
    AnalyzeOptions, Outcome, SampleOptions, SamplePart, SampleRun, WriteOptions,
};

use crate::exit::LeftOut;
use crate::output::WriteArgs;
use crate::plots::record::Record;
use crate::plots::{self, Format, PlotOptions};
use crate::table::{count, rate};
use crate::whole;

/// Run an analysis over all of its samples and draw its plots
///
/// Writes into a folder: histograms/ with a file for each sample, plots.root with everything that the
/// plots show, the plots as pictures, and index.html, a page with all of it that needs no network. A
/// sample that is missing or fails is named, the rest goes on, and the exit code is 6. A second call
/// does only what is missing.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rootlake run hzz --samples open-data/ -o hzz/
  rootlake run susy --samples http://server/13TeV/ -o susy/ --format png,pdf
  rootlake generate --analysis hyy -o samples/ && rootlake run hyy --samples samples/ -o hyy/")]
pub struct Args {
    /// The analysis, in any case
    #[arg(value_name = "ANALYSIS")]
    analysis: String,
    /// The folder or URL of the samples, laid out as in the release or side by side
    #[arg(long, value_name = "DIR_OR_URL")]
    samples: String,
    /// The folder to write into
    #[arg(short = 'o', long = "output", value_name = "DIR")]
    output: PathBuf,
    /// The pictures to draw, with commas between
    #[arg(
        long,
        value_name = "FORMAT",
        value_delimiter = ',',
        default_value = "png"
    )]
    format: Vec<Format>,
    /// Draw the signal as a line over the stack, scaled to the sum of the prediction
    #[arg(long)]
    signal: bool,
    /// Do what the reference means where it is mistaken, instead of what it does; samples that were
    /// analysed otherwise are analysed again
    #[arg(long)]
    corrected: bool,
    /// Do all of it again
    #[arg(long)]
    force: bool,
    /// The tree's name
    #[arg(long, default_value = "mini")]
    tree: String,
    /// Threads; 0 for one per processor
    #[arg(short = 'j', long, default_value_t = 0)]
    threads: usize,
    #[command(flatten)]
    write: WriteArgs,
}

/// Runs it.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let started = Instant::now();
    let set = Catalogue::embedded()?.analysis(&args.analysis)?;
    let write = args.write.options()?;
    let histograms = args.output.join("histograms");
    let options = sample_options(args, write);
    let done = whole::analyze_set(set, &args.samples, &histograms, &options)?;
    for (sample, error) in done.failures() {
        eprintln!("{sample}: {error}");
    }
    let failed = done.failures().count();
    let drawn = plots::outputs(&args.output).all(|path| path.exists());
    if failed == 0 && is_kept(&done) && drawn && !args.force {
        println!("{}: all is there already", args.output.display());
        return Ok(());
    }
    let mut record = Record::read(&args.output);
    record.take(&done, started.elapsed().as_secs_f64());
    let plotted = plots::plot(
        &histograms,
        &args.output,
        &PlotOptions {
            analysis: set.analysis.clone(),
            histograms: Vec::new(),
            formats: args.format.clone(),
            signal: args.signal,
            write,
        },
        &record,
    )
    .context("no plots are drawn")?;
    record.write(&args.output)?;
    println!(
        "{}: {} samples, {} events in {:.2} s: {} events/s; {} plots in {}",
        set.analysis,
        done.outcomes.len() - failed,
        count(done.report.events),
        done.report.seconds,
        rate(done.report.events_per_second()),
        plotted.stacks,
        args.output.display()
    );
    match failed {
        0 => Ok(()),
        _ => Err(LeftOut(failed).into()),
    }
}

fn sample_options(args: &Args, write: WriteOptions) -> SampleOptions {
    SampleOptions {
        part: SamplePart::All,
        redo: args.force,
        corrections: Corrections::all_if(args.corrected),
        analyze: AnalyzeOptions {
            tree: args.tree.clone(),
            threads: args.threads,
            ..AnalyzeOptions::default()
        },
        write,
    }
}

/// Whether every output stood there already.
fn is_kept(run: &SampleRun) -> bool {
    let mut outcomes = run.outcomes.iter();
    outcomes.all(|outcome| matches!(outcome.outcome, Outcome::Kept))
}
