//! `rootlake multiply`: the same entries, many times over.

use rootlake_merge::Receipt;
use rootlake_pipeline::{MultiplyOptions, Report, multiply};
use serde::Serialize;

use crate::output::OutputArgs;
use crate::progress::Progress;
use crate::table::count;

/// Multiply ROOT files: all inputs in order, N times, baskets copied as they are
///
/// Baskets are not decompressed. Those that stand within a tree's own record (small files) get
/// records of their own, compressed once.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rootlake multiply data_A.4lep.root data_B.4lep.root --copies 1000 -o big.root")]
pub struct Args {
    /// Files or URLs whose trees have the same branches
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<String>,
    /// How often the run of inputs is copied
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    copies: u64,
    /// Print the receipt as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Serialize)]
struct JsonReport<'a> {
    #[serde(flatten)]
    receipt: &'a Receipt,
    report: &'a Report,
}

/// Multiplies the files.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let options = MultiplyOptions {
        copies: args.copies,
    };
    let progress = Progress::new("multiply", true);
    let write = args.output.write.options()?;
    let path = &args.output.path;
    let (receipt, report) = multiply(&args.inputs, options, path, write, &|done, all| {
        progress.set(done, all)
    })?;
    drop(progress);
    if args.json {
        println!(
            "{}",
            serde_json::to_string_pretty(&JsonReport {
                receipt: &receipt,
                report: &report
            })?
        );
        return Ok(());
    }
    for tree in &receipt.trees {
        println!(
            "tree {}: {} entries × {} = {} entries in {} baskets",
            tree.name,
            count(tree.entries_in),
            receipt.copies,
            count(tree.entries_out),
            count(tree.baskets)
        );
    }
    println!(
        "{}: {} bytes of baskets in {:.2} s: {:.1} MB/s",
        path.display(),
        count(report.stored_bytes),
        report.seconds,
        report.megabytes_per_second()
    );
    Ok(())
}
