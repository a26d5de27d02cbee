//! `rootlake plot`: stacks of data and simulation, from the histograms of an analysis's samples.

use std::path::PathBuf;

use anyhow::bail;
use rootlake_pipeline::PipelineError;

use crate::exit::LeftOut;
use crate::output::WriteArgs;
use crate::plots::record::Record;
use crate::plots::{self, Format, PlotOptions};

/// Draw the stacks of data and simulation of an analysis
///
/// Reads the histograms of every sample of the analysis from a folder, one file `SAMPLE.root` each, as
/// "analyze --analysis-samples" and the reference framework write them. Normalises the simulations to
/// 10.064/fb, adds them up to the parts of the stack and draws them with the data and their ratio. A
/// sample that is missing is named and left out.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rootlake plot histograms/ --analysis hzz -o plots/
  rootlake plot histograms/ --analysis susy --histogram hist_mt2_SR_tight --signal -o plots/
  rootlake plot OutputDir_HyyAnalysis/ --analysis hyy --format png,pdf -o plots/")]
pub struct Args {
    /// The folder with a file of histograms for each sample
    #[arg(value_name = "DIR")]
    inputs: PathBuf,
    /// The analysis, in any case
    #[arg(long, value_name = "NAME")]
    analysis: String,
    /// The folder to write into
    #[arg(short = 'o', long = "output", value_name = "DIR")]
    output: PathBuf,
    /// Only the plots of these histograms
    #[arg(long = "histogram", value_name = "NAME", value_delimiter = ',')]
    histograms: Vec<String>,
    /// The pictures to draw, with commas between
    #[arg(
        long,
        value_name = "FORMAT",
        value_delimiter = ',',
        default_value = "png,svg"
    )]
    format: Vec<Format>,
    /// Draw the signal as a line over the stack, scaled to the sum of the prediction
    #[arg(long)]
    signal: bool,
    /// Overwrite plots that are there
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    write: WriteArgs,
}

/// Draws the plots.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let options = PlotOptions {
        analysis: args.analysis.clone(),
        histograms: args.histograms.clone(),
        formats: args.format.clone(),
        signal: args.signal,
        write: args.write.options()?,
    };
    std::fs::create_dir_all(&args.output).map_err(|cause| PipelineError::Output {
        path: args.output.display().to_string(),
        cause,
    })?;
    if let Some(there) = plots::outputs(&args.output).find(|path| path.exists())
        && !args.force
    {
        bail!("{} exists; --force overwrites it", there.display());
    }
    let plotted = plots::plot(&args.inputs, &args.output, &options, &Record::default())?;
    for (sample, reason) in &plotted.left_out {
        eprintln!("left out {sample}: {reason}");
    }
    for file in &plotted.files {
        println!("wrote {}", file.display());
    }
    match plotted.left_out.len() {
        0 => Ok(()),
        left_out => Err(LeftOut(left_out).into()),
    }
}
