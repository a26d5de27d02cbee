//! `rootlake demo`: the whole loop on generated data.

use std::path::PathBuf;

use crate::demo::{self, Demo};

/// Generate, multiply, analyse and draw: the whole loop on generated data
///
/// Writes into a folder: for each analysis a ROOT file of histograms per sample, and plots as PNG
/// and SVG. Needs no input.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rootlake demo
  rootlake demo --copies 20 --keep-samples -o /tmp/demo")]
pub struct Args {
    /// The folder to write into
    #[arg(
        short = 'o',
        long = "output",
        value_name = "DIR",
        default_value = "rootlake-demo"
    )]
    folder: PathBuf,
    /// How often the generated samples are multiplied before they are analysed
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=1000))]
    copies: u64,
    /// The seed of the generated events
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Keep the generated and multiplied samples
    #[arg(long)]
    keep_samples: bool,
    /// Threads; 0 for one per processor
    #[arg(short = 'j', long, default_value_t = 0)]
    threads: usize,
}

/// Runs the demonstration.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let demo = Demo {
        folder: args.folder.clone(),
        copies: args.copies,
        seed: args.seed,
        keep_samples: args.keep_samples,
        threads: args.threads,
    };
    demo::run(&demo)
}
