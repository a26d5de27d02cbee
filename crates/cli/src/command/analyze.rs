//! `rootlake analyze`: a selection over files or URLs, into histograms.

mod differences;
mod yields;

use std::path::{Path, PathBuf};

use rootlake_physics::analysis::{self, NAMES};
use rootlake_physics::{Corrections, Output, Sample, sample_name_from_path};
use rootlake_pipeline::{
    AnalyzeOptions, Analyzed, HistogramFiles, PipelineError, Report, SampleOptions, analyze,
};
use serde::Serialize;

use self::yields::Yield;
use crate::inputs;
use crate::output::WriteArgs;
use crate::progress::Progress;
use crate::table::{Align, Table, count, rate};
use crate::whole::{self, WholeArgs};

/// Run analyses over ROOT files and write their histograms
///
/// All inputs are read as one sample, in one pass for all analyses. Whether it is data or simulation
/// is decided by its name, as in the reference framework: one that contains "data" is data, one that
/// contains "single" counts the signs of its weights alone. The name is taken from the first input's
/// file name (mc_345060.ggH125_ZZ4lep.4lep.root is ggH125_ZZ4lep) unless --sample gives it.
///
/// An output holds the reference framework's histograms, under its names and in its order, and
/// behind them a directory `cutflow` with the events that passed each cut (`events`) and their
/// weights (`weights`). The reference's mistakes are reproduced unless --corrected is given;
/// --list-differences tells them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rootlake analyze hzz data_A.4lep.root data_B.4lep.root --sample data -o data.root
  rootlake analyze hyy http://server/GamGam/mc_343981.ggH125_gamgam.GamGam.root -o ggH.root
  rootlake analyze wboson,ttbar,singletop mc_410000.ttbar_lep.1lep.root -o histograms/
  rootlake analyze all mc_363490.llll.4lep.root -o histograms/
  rootlake analyze hzz open-data/4lep/Data/ --sample data -o data.root
  rootlake analyze hzz @files.txt --sample llll -o llll.root
  rootlake analyze hzz --analysis-samples open-data/ -o histograms/
  rootlake analyze zzdiboson,hzz data_A.4lep.root --corrected --yields -o corrected/
  rootlake analyze zzdiboson --list-differences")]
pub struct Args {
    /// The analyses, in any case, with commas between, or "all"; a wrong one lists them
    #[arg(value_name = "ANALYSIS", value_parser = known_analyses)]
    analyses: Names,
    /// Files, URLs, patterns, folders (their .root files), and @LIST for a file with one in each line
    #[arg(required_unless_present_any = ["analysis_samples", "list_differences"], value_name = "IN")]
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
    /// threads work where less fits. The program's memory stays below twice that and 40 MB
    #[arg(long, value_name = "SIZE", value_parser = crate::merging::size)]
    max_memory: Option<u64>,
    /// Do what the reference means where it is mistaken, instead of what it does
    #[arg(long)]
    corrected: bool,
    /// Tell where the analyses differ from the reference, and do nothing else
    #[arg(long)]
    list_differences: bool,
    /// Print what is left after the last cut, weighted and not, with statistical uncertainties, and
    /// scaled to the open data's luminosity where the catalogue knows the sample
    #[arg(long)]
    yields: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    /// The file to write; for several analyses the folder, which gets a file for each; with
    /// --analysis-samples the folder, which gets a file for each sample
    #[arg(
        short = 'o',
        long = "output",
        value_name = "FILE",
        required_unless_present = "list_differences"
    )]
    output: Option<PathBuf>,
    #[command(flatten)]
    write: WriteArgs,
    #[command(flatten)]
    whole: WholeArgs,
}

/// The names of the analyses to run.
#[derive(Clone, Debug)]
struct Names(Vec<&'static str>);

#[derive(Serialize)]
struct JsonReport<'a> {
    sample: &'a str,
    corrected: bool,
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
    #[serde(rename = "yield", skip_serializing_if = "Option::is_none")]
    left: Option<Yield>,
}

/// What was run, and what came of it.
struct Run<'a> {
    names: &'a [&'static str],
    inputs: &'a [String],
    sample: Sample,
    /// Where the output of each analysis is.
    paths: Vec<PathBuf>,
    analyzed: Analyzed,
}

/// Runs the analyses.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let Names(names) = &args.analyses;
    if args.list_differences {
        return differences::print(names, args.json);
    }
    let target = args.output.as_deref().unwrap_or(Path::new(""));
    if let Some(base) = &args.whole.analysis_samples {
        return whole::run(names, base, target, &sample_options(args)?, args.json);
    }
    let inputs = inputs::expand(&args.inputs)?;
    let corrections = Corrections::all_if(args.corrected);
    let analyses = names
        .iter()
        .map(|name| analysis::find_corrected(name, corrections))
        .collect::<Result<Vec<_>, _>>()?;
    let sample = match &args.sample {
        Some(name) => Sample::named(name),
        None => sample_of(&inputs),
    };
    let files = HistogramFiles::new(args.write.options()?);
    let paths = output_paths(target, names)?;
    refuse_inputs(&paths, &inputs)?;
    let progress = Progress::new(&names.join(", "), false);
    let told = |done, all| progress.set(done, all);
    let analyzed = analyze(&analyses, &inputs, &sample, &analyze_options(args), &told)?;
    drop(progress);
    for ((name, path), output) in names.iter().zip(&paths).zip(&analyzed.outputs) {
        files.write(path, output, &corrections.stated(name))?;
    }
    let inputs = &inputs;
    let run = Run {
        names,
        inputs,
        sample,
        paths,
        analyzed,
    };
    match args.json {
        true => println!("{}", serde_json::to_string_pretty(&run.json(args))?),
        false => run.print(args.yields),
    }
    Ok(())
}

impl Run<'_> {
    /// Each analysis with its output, and where that is.
    fn outputs(&self) -> impl Iterator<Item = (&'static str, &Path, &Output)> {
        let outputs = self.paths.iter().zip(&self.analyzed.outputs);
        let named = self.names.iter().zip(outputs);
        named.map(|(name, (path, output))| (*name, path.as_path(), output))
    }

    /// The report for machines.
    fn json(&self, args: &Args) -> JsonReport<'_> {
        let analyses = self.outputs().map(|(name, path, output)| {
            let cuts = output.cutflow.iter();
            let left = || Yield::of(name, &self.sample, &output.cutflow);
            JsonAnalysis {
                analysis: name,
                output: path,
                cutflow: cuts.map(|cut| (cut.name, cut.passed)).collect(),
                left: args.yields.then(left).flatten(),
            }
        });
        JsonReport {
            sample: self.sample.name(),
            corrected: args.corrected,
            inputs: self.inputs,
            analyses: analyses.collect(),
            report: &self.analyzed.report,
        }
    }

    /// The report for people.
    fn print(&self, yields: bool) {
        for (name, path, output) in self.outputs() {
            print!("{}", render(name, &self.sample, output));
            println!("wrote {}", path.display());
        }
        if yields {
            let cutflows = self
                .outputs()
                .map(|(name, _, output)| (name, &output.cutflow));
            print!("{}", yields::render(&self.sample, cutflows));
        }
        let report = &self.analyzed.report;
        println!(
            "{} events in {:.2} s: {} events/s, {:.1} MB/s read, {} baskets read and {} skipped",
            count(report.events),
            report.seconds,
            rate(report.events_per_second()),
            report.megabytes_per_second(),
            count(report.baskets_read),
            count(report.baskets_skipped),
        );
    }
}

fn analyze_options(args: &Args) -> AnalyzeOptions {
    AnalyzeOptions {
        tree: args.tree.clone(),
        threads: args.threads,
        max_memory: args.max_memory,
        ..AnalyzeOptions::default()
    }
}

fn sample_options(args: &Args) -> anyhow::Result<SampleOptions> {
    Ok(SampleOptions {
        part: args.whole.part(),
        redo: args.whole.force,
        corrections: Corrections::all_if(args.corrected),
        analyze: analyze_options(args),
        write: args.write.options()?,
    })
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

/// The sample that the first input's name says. Warns where another's name says that its events count
/// in another way.
fn sample_of(inputs: &[String]) -> Sample {
    let named = |input: &String| Sample::named(&sample_name_from_path(input));
    let sample = inputs.first().map_or(Sample::named(""), named);
    if let Some(other) = inputs.iter().find(|input| !named(input).counts_as(&sample)) {
        eprintln!(
            "rootlake: warning: {other} is {} by its name, but its events count as {} of {}; --sample says which",
            named(other).kind(),
            sample.kind(),
            sample.name(),
        );
    }
    sample
}

/// Refuses outputs that would take the place of an input.
fn refuse_inputs(outputs: &[PathBuf], inputs: &[String]) -> anyhow::Result<()> {
    let same = |output: &&PathBuf| {
        let output = output.canonicalize().ok();
        let mut inputs = inputs.iter().map(|input| Path::new(input).canonicalize());
        output.is_some_and(|output| inputs.any(|input| input.is_ok_and(|input| input == output)))
    };
    match outputs.iter().find(same) {
        Some(output) => Err(PipelineError::Output {
            path: output.display().to_string(),
            cause: std::io::Error::other("it is an input"),
        }
        .into()),
        None => Ok(()),
    }
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
