//! `rootlake analyze`: a selection over files or URLs, into histograms.

use std::path::{Path, PathBuf};

use rootlake_physics::analysis::{self, NAMES};
use rootlake_physics::{Output, Sample, sample_name_from_path};
use rootlake_pipeline::{AnalyzeOptions, PipelineError, Report, analyze, write_histograms};
use serde::Serialize;

use crate::output::WriteArgs;
use crate::progress::Progress;
use crate::table::{Align, Table, count};

/// Run analyses over ROOT files and write their histograms
///
/// All inputs are read as one sample, in one pass for all analyses. Whether it is data or simulation
/// is decided by its name, as in the reference framework: one that contains "data" is data, one that
/// contains "single" counts the signs of its weights alone. The name is taken from the first input's
/// file name (mc_345060.ggH125_ZZ4lep.4lep.root is ggH125_ZZ4lep) unless --sample gives it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rootlake analyze hzz data_A.4lep.root data_B.4lep.root --sample data -o data.root
  rootlake analyze hyy http://server/GamGam/mc_343981.ggH125_gamgam.GamGam.root -o ggH.root
  rootlake analyze wboson,ttbar,singletop mc_410000.ttbar_lep.1lep.root -o histograms/
  rootlake analyze all mc_363490.llll.4lep.root -o histograms/")]
pub struct Args {
    /// The analyses, in any case, with commas between, or "all"; a wrong one lists them
    #[arg(value_name = "ANALYSIS", value_parser = known_analyses)]
    analyses: Names,
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
    /// Hold no more than about so much of baskets and columns in memory, such as 200MB; fewer
    /// threads work where less fits
    #[arg(long, value_name = "SIZE", value_parser = crate::merging::size)]
    max_memory: Option<u64>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    /// The file to write; for several analyses the folder, which gets a file for each
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    write: WriteArgs,
}

/// The names of the analyses to run.
#[derive(Clone, Debug)]
struct Names(Vec<&'static str>);

#[derive(Serialize)]
struct JsonReport<'a> {
    sample: &'a str,
    inputs: &'a [String],
    analyses: Vec<JsonAnalysis<'a>>,
    #[serde(flatten)]
    report: &'a Report,
}

#[derive(Serialize)]
struct JsonAnalysis<'a> {
    analysis: &'a str,
    output: &'a Path,
    cutflow: Vec<(&'a str, u64)>,
}

/// Runs the analyses.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let Names(names) = &args.analyses;
    let analyses = names
        .iter()
        .map(|name| analysis::find(name))
        .collect::<Result<Vec<_>, _>>()?;
    let sample = match (&args.sample, args.inputs.first()) {
        (Some(name), _) => name.clone(),
        (None, first) => sample_name_from_path(first.map_or("", String::as_str)),
    };
    let sample = Sample::named(&sample);
    let options = AnalyzeOptions {
        tree: args.tree.clone(),
        threads: args.threads,
        max_memory: args.max_memory,
        ..AnalyzeOptions::default()
    };
    let write = args.write.options()?;
    let paths = output_paths(&args.output, names)?;
    let progress = Progress::new(&names.join(", "), false);
    let analyzed = analyze(&analyses, &args.inputs, &sample, &options, &|done, all| {
        progress.set(done, all)
    })?;
    drop(progress);
    for (path, output) in paths.iter().zip(&analyzed.outputs) {
        write_histograms(path, output, write)?;
    }
    let outputs = names.iter().zip(&paths).zip(&analyzed.outputs);
    if args.json {
        let analyses = outputs.map(|((name, path), output)| JsonAnalysis {
            analysis: name,
            output: path,
            cutflow: output
                .cutflow
                .iter()
                .map(|cut| (cut.name, cut.passed))
                .collect(),
        });
        let report = JsonReport {
            sample: sample.name(),
            inputs: &args.inputs,
            analyses: analyses.collect(),
            report: &analyzed.report,
        };
        println!("{}", serde_json::to_string_pretty(&report)?);
        return Ok(());
    }
    for ((name, path), output) in outputs {
        print!("{}", render(name, &sample, output));
        println!("wrote {}", path.display());
    }
    let report = &analyzed.report;
    println!(
        "{} events in {:.2} s: {:.0} events/s, {:.1} MB/s read, {} baskets read and {} skipped",
        count(report.events),
        report.seconds,
        report.events_per_second(),
        report.megabytes_per_second(),
        count(report.baskets_read),
        count(report.baskets_skipped),
    );
    Ok(())
}

/// Where each analysis's histograms go: into the file named, or each into one of the folder named.
fn output_paths(output: &Path, names: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    if let [_] = names {
        return Ok(vec![output.to_owned()]);
    }
    std::fs::create_dir_all(output).map_err(|cause| PipelineError::Output {
        path: output.display().to_string(),
        cause,
    })?;
    Ok(names
        .iter()
        .map(|name| output.join(format!("{name}.root")))
        .collect())
}

fn render(analysis: &str, sample: &Sample, output: &Output) -> String {
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
        "{analysis} on {} ({kind})\n{}",
        sample.name(),
        table.render("  ")
    )
}

fn known_analyses(text: &str) -> Result<Names, String> {
    if text.eq_ignore_ascii_case("all") {
        return Ok(Names(NAMES.to_vec()));
    }
    let find = |name: &str| {
        NAMES
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(name))
    };
    let mut names = Vec::new();
    for name in text.split(',') {
        let known = find(name).ok_or_else(|| {
            format!(
                "no analysis {name:?}; there are {} and all",
                NAMES.join(", ")
            )
        })?;
        if !names.contains(&known) {
            names.push(known);
        }
    }
    Ok(Names(names))
}
