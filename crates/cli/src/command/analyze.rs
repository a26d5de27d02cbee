//! `rootlake analyze`: a selection over files or URLs, into histograms.

use rootlake_physics::analysis::{self, NAMES};
use rootlake_physics::{Output, Sample, sample_name_from_path};
use rootlake_pipeline::{AnalyzeOptions, Report, analyze, write_histograms};
use serde::Serialize;

use crate::output::OutputArgs;
use crate::progress::Progress;
use crate::table::{Align, Table, count};

/// Run an analysis over ROOT files and write its histograms
///
/// All inputs are read as one sample. Whether it is data or simulation is decided by its name, as
/// in the reference framework: one that contains "data" is data, one that contains "single" counts
/// the signs of its weights alone. The name is taken from the first input's file name
/// (mc_345060.ggH125_ZZ4lep.4lep.root is ggH125_ZZ4lep) unless --sample gives it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rootlake analyze hzz data_A.4lep.root data_B.4lep.root --sample data -o data.root
  rootlake analyze hyy http://server/GamGam/mc_343981.ggH125_gamgam.GamGam.root -o ggH.root")]
pub struct Args {
    /// The analysis, in any case: HZZ, Hyy
    #[arg(value_name = "ANALYSIS", value_parser = known_analysis)]
    analysis: String,
    /// Files or URLs
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<String>,
    /// The sample's name, in place of that in the first input's
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
    /// The tree's name
    #[arg(long, default_value = "mini")]
    tree: String,
    /// Threads; 0 for one per processor
    #[arg(short = 'j', long, default_value_t = 0)]
    threads: usize,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct JsonReport<'a> {
    analysis: &'a str,
    sample: &'a str,
    inputs: &'a [String],
    cutflow: Vec<(&'a str, u64)>,
    #[serde(flatten)]
    report: &'a Report,
}

/// Runs the analysis.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let analyses = [analysis::find(&args.analysis)?];
    let [analysis] = &analyses;
    let sample = match (&args.sample, args.inputs.first()) {
        (Some(name), _) => name.clone(),
        (None, first) => sample_name_from_path(first.map_or("", String::as_str)),
    };
    let sample = Sample::named(&sample);
    let options = AnalyzeOptions {
        tree: args.tree.clone(),
        threads: args.threads,
        ..AnalyzeOptions::default()
    };
    let write = args.output.write.options()?;
    let progress = Progress::new(analysis.name(), false);
    let analyzed = analyze(&analyses, &args.inputs, &sample, &options, &|done, all| {
        progress.set(done, all)
    })?;
    drop(progress);
    for output in &analyzed.outputs {
        write_histograms(&args.output.path, output, write)?;
        if args.json {
            let report = JsonReport {
                analysis: analysis.name(),
                sample: sample.name(),
                inputs: &args.inputs,
                cutflow: output
                    .cutflow
                    .iter()
                    .map(|cut| (cut.name, cut.passed))
                    .collect(),
                report: &analyzed.report,
            };
            println!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            print!(
                "{}",
                render(analysis.name(), &sample, output, &analyzed.report)
            );
            println!("wrote {}", args.output.path.display());
        }
    }
    Ok(())
}

fn render(analysis: &str, sample: &Sample, output: &Output, report: &Report) -> String {
    let mut table = Table::new(&[("cut", Align::Left), ("events", Align::Right)]);
    for cut in output.cutflow.iter() {
        table.row([cut.name.to_owned(), count(cut.passed)]);
    }
    let kind = if sample.is_data() {
        "data"
    } else {
        "simulation"
    };
    format!(
        "{analysis} on {} ({kind})\n{}{} events in {:.2} s: {:.0} events/s, {:.1} MB/s read\n",
        sample.name(),
        table.render("  "),
        count(report.events),
        report.seconds,
        report.events_per_second(),
        report.megabytes_per_second()
    )
}

fn known_analysis(name: &str) -> Result<String, String> {
    match NAMES.iter().find(|known| known.eq_ignore_ascii_case(name)) {
        Some(known) => Ok((*known).to_owned()),
        None => Err(format!("there are {}", NAMES.join(", "))),
    }
}
