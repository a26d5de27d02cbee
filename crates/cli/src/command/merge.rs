//! `rootlake merge`: many files to one.

use std::path::PathBuf;

use rootlake_merge::Plan;

use crate::merging::{MergeArgs, failed};

/// Merge ROOT files: trees appended, histograms and the like added, all else kept
///
/// Baskets are copied as they are and not decompressed. A receipt of what was done is written
/// beside the output.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rootlake merge all.root 'run_*.root'
  rootlake merge all.root @list.txt --compress zstd:5 --threads 4
  rootlake merge all.root a.root b.root --schema union --dry-run")]
pub struct Args {
    /// The file to write
    #[arg(value_name = "OUT")]
    output: PathBuf,
    /// Files, URLs, patterns, folders, or @list with one of them in each line
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<String>,
    #[command(flatten)]
    how: MergeArgs,
}

/// Merges the files.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let request = args.how.request(1);
    let survey = args.how.survey(&args.inputs, &request)?;
    let plan = Plan::new(&survey.inputs, &request).map_err(failed)?;
    if args.how.dry_run {
        println!("{}", serde_json::to_string_pretty(&plan)?);
        return Ok(());
    }
    let receipt = args.how.write(&plan, survey, &request, &args.output)?;
    args.how.report(&[receipt], survey)
}
