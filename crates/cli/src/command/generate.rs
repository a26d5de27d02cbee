//! `rootlake generate`: plausible samples where nobody has any.

use rootlake_physics::FinalState;
use rootlake_pipeline::{GenerateOptions, generate};

use crate::output::OutputArgs;
use crate::progress::Progress;
use crate::table::count;

/// Generate a sample of plausible `mini` events
///
/// The same seed gives the same events, for any number of threads.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rootlake generate --final-state 4lep --sample llll --events 100000 --seed 1 -o llll.4lep.root
  rootlake generate --final-state GamGam --sample data --events 250000 -o data.GamGam.root")]
pub struct Args {
    /// The collection: 4lep or GamGam
    #[arg(long, value_name = "NAME")]
    final_state: FinalState,
    /// The sample: data, data_A to data_D, or a simulated process; a wrong one lists them all
    #[arg(long, value_name = "NAME")]
    sample: String,
    /// The number of events
    #[arg(long, value_name = "N")]
    events: u64,
    /// The seed
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Entries per cluster
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    cluster: u64,
    /// Threads; 0 for one per processor
    #[arg(short = 'j', long, default_value_t = 0)]
    threads: usize,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Generates the sample.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let options = GenerateOptions {
        final_state: args.final_state,
        sample: args.sample.clone(),
        events: args.events,
        seed: args.seed,
        cluster: args.cluster,
        threads: args.threads,
    };
    let progress = Progress::new(&args.sample, true);
    let write = args.output.write.options()?;
    let path = &args.output.path;
    let report = generate(&options, path, write, &|done, all| progress.set(done, all))?;
    drop(progress);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!(
            "{}: {} events of {} in {:.2} s: {:.0} events/s, {:.1} MB/s written",
            path.display(),
            count(report.events),
            args.sample,
            report.seconds,
            report.events_per_second(),
            report.megabytes_per_second()
        );
    }
    Ok(())
}
