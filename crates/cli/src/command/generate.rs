//! `rootlake generate`: plausible samples where nobody has any.

use rootlake_physics::FinalState;
use rootlake_physics::catalogue::Catalogue;
use rootlake_physics::generate::default_events;
use rootlake_pipeline::{GenerateOptions, SetOptions, generate, generate_set};

use crate::output::OutputArgs;
use crate::progress::Progress;
use crate::table::{count, rate};

/// Generate plausible `mini` events: one sample, or all that an analysis needs
///
/// The same seed gives the same events, for any number of threads. The samples of an analysis lie
/// in the folders of the 13 TeV release under its names; files that are there already are kept.
/// The simulations describe the data: scaled as the real ones are, they add up to as much;
/// those of SUSY to 8 % more, since the sliced samples of Z bosons that it uses have larger
/// cross-sections together than the whole ones, of which the data are made.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rootlake generate --analysis HZZ -o samples/
  rootlake generate --analysis WBoson --events 100000 --seed 7 -o samples/
  rootlake generate --analysis HZZ --simulated 100 --cluster 50000 -o large/
  rootlake generate --final-state 4lep --sample llll --events 100000 --seed 1 -o llll.4lep.root
  rootlake generate --final-state GamGam --sample data --events 250000 -o data.GamGam.root")]
pub struct Args {
    /// Make all samples of this analysis; the output is a folder
    #[arg(long, value_name = "NAME", conflicts_with_all = ["final_state", "sample"])]
    analysis: Option<String>,
    /// The collection: 1lep, 2lep, 3lep, 4lep, GamGam, 1lep1tau or 1largeRjet1lep
    #[arg(long, value_name = "NAME", required_unless_present = "analysis")]
    final_state: Option<FinalState>,
    /// The sample: data, data_A to data_D, or a simulated process; a wrong one lists them all
    #[arg(long, value_name = "NAME", required_unless_present = "analysis")]
    sample: Option<String>,
    /// The number of events; for an analysis, of its data, by default enough for its plots
    #[arg(long, value_name = "N", required_unless_present = "analysis")]
    events: Option<u64>,
    /// Make so many times as many simulated events of an analysis as its plots need
    #[arg(long, value_name = "TIMES", default_value_t = 1, requires = "analysis", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    simulated: u64,
    /// The seed
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Entries per cluster
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    cluster: u64,
    /// Threads; 0 for one per processor
    #[arg(short = 'j', long, default_value_t = 0)]
    threads: usize,
    /// Make the files of an analysis again that are there already
    #[arg(long, requires = "analysis")]
    force: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Generates one sample, or those of an analysis.
pub fn run(args: &Args) -> anyhow::Result<()> {
    match (&args.analysis, args.final_state, &args.sample) {
        (Some(analysis), _, _) => all_of(args, analysis),
        (None, Some(final_state), Some(sample)) => one(args, final_state, sample),
        // The command line is refused before.
        (None, _, _) => Ok(()),
    }
}

fn one(args: &Args, final_state: FinalState, sample: &str) -> anyhow::Result<()> {
    let options = GenerateOptions {
        final_state,
        sample: sample.to_owned(),
        events: args.events.unwrap_or_default(),
        seed: args.seed,
        luminosity: None,
        cluster: args.cluster,
        threads: args.threads,
    };
    let progress = Progress::new(sample, true);
    let write = args.output.write.options()?;
    let path = &args.output.path;
    let report = generate(&options, path, write, &|done, all| progress.set(done, all))?;
    drop(progress);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!(
            "{}: {} events of {sample} in {:.2} s: {} events/s, {:.1} MB/s written",
            path.display(),
            count(report.events),
            report.seconds,
            rate(report.events_per_second()),
            report.megabytes_per_second()
        );
    }
    Ok(())
}

fn all_of(args: &Args, analysis: &str) -> anyhow::Result<()> {
    let set = Catalogue::embedded()?.analysis(analysis)?;
    let enough = || default_events(set.final_state);
    let options = SetOptions {
        events: args.events.unwrap_or_else(enough),
        simulated: args.simulated,
        seed: args.seed,
        cluster: args.cluster,
        threads: args.threads,
        redo: args.force,
    };
    let progress = Progress::new(&set.analysis, false);
    let write = args.output.write.options()?;
    let folder = &args.output.path;
    let (report, files) = generate_set(set, &options, folder, write, &|done, all| {
        progress.set(done, all);
    })?;
    drop(progress);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!(
            "{}: {files} files of {}, {} events in {:.2} s: {} events/s, {:.1} MB/s written",
            folder.display(),
            set.analysis,
            count(report.events),
            report.seconds,
            rate(report.events_per_second()),
            report.megabytes_per_second()
        );
    }
    Ok(())
}
