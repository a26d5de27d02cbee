//! `rootlake multiply`: the same entries, many times over.

use std::path::{Path, PathBuf};

use anyhow::bail;
use rootlake_merge::{Division, Input, Plan, Receipt, Request, Survey, VaryBranch, steps, survey};
use rootlake_pipeline::Lake;

use crate::merging::{self, MergeArgs, failed, size};

/// Multiply ROOT files: all inputs in order, N times, baskets copied as they are
///
/// Baskets are not decompressed. Those that stand within a tree's own record (small files) are
/// joined to longer ones. With --split or --files, several outputs are written into a folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rootlake multiply data_A.4lep.root data_B.4lep.root --copies 1000 -o big.root
  rootlake multiply 'data_*.root' --to-size 500GB --split 10GB -o big/
  rootlake multiply data_A.root --copies 20 --vary eventNumber -o big.root")]
pub struct Args {
    /// Files, URLs, patterns, folders, or @lists, whose trees have the same branches
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<String>,
    #[command(flatten)]
    goal: Goal,
    /// The file to write; with --split or --files the folder, into which name_000.root and so on go
    #[arg(short = 'o', long = "output", value_name = "OUT")]
    output: PathBuf,
    /// Begin another file when one has this many bytes of baskets
    #[arg(long, value_name = "SIZE", value_parser = size, conflicts_with = "files")]
    split: Option<u64>,
    /// Write this many files of about the same size
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u64).range(1..))]
    files: Option<u64>,
    /// Give this branch other values in every copy: the second adds STEP, the third twice STEP;
    /// without STEP, as little as keeps the numbers of all copies apart
    #[arg(long, value_name = "BRANCH[:STEP]", value_parser = merging::vary)]
    vary: Vec<VaryBranch>,
    /// Write the baskets once and let all copies point to them
    #[arg(long = "virtual", conflicts_with_all = ["split", "files"])]
    shared: bool,
    /// Go on where an earlier run with the same arguments was stopped: complete files stay
    #[arg(long)]
    resume: bool,
    #[command(flatten)]
    how: MergeArgs,
}

/// How much is to be written.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Goal {
    /// How often the run of inputs is copied
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    copies: Option<u64>,
    /// As many copies as give at least this many bytes of baskets
    #[arg(long, value_name = "SIZE", value_parser = size)]
    to_size: Option<u64>,
    /// As many copies as give at least this many entries, in the tree that has most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    to_entries: Option<u64>,
}

impl Goal {
    /// The number of copies, given what one copy has.
    fn copies(&self, once: &Plan, inputs: &[Input]) -> anyhow::Result<u64> {
        let of = |wanted: u64, one: u64| match one {
            0 => bail!("the inputs hold nothing to be counted"),
            one => Ok(wanted.div_ceil(one)),
        };
        match (self.copies, self.to_size, self.to_entries) {
            (_, Some(size), _) => of(size, once.bytes(inputs)),
            (_, _, Some(entries)) => {
                let trees = once.trees.iter().map(|tree| tree.entries);
                of(entries, trees.max().unwrap_or(0))
            }
            (copies, ..) => Ok(copies.unwrap_or(1)),
        }
    }
}

/// Multiplies the files.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let mut request = args.how.request(1);
    let survey = args.how.survey(&args.inputs, &request)?;
    let once = Plan::new(&survey.inputs, &request).map_err(failed)?;
    request.copies = args.goal.copies(&once, &survey.inputs)?;
    request.shared = args.shared;
    let plan = Plan::new(&survey.inputs, &request).map_err(failed)?;
    request.vary = steps(&args.vary, &plan, &survey.inputs, &Lake).map_err(failed)?;
    let division = match (args.split, args.files) {
        (Some(bytes), _) => Some(Division::Bytes(bytes)),
        (None, Some(files)) => Some(Division::Files(files)),
        (None, None) => None,
    };
    let parts = match division {
        Some(division) => {
            let parts = plan.parts(&survey.inputs, &request, division);
            let named = parts.into_iter().enumerate();
            let named = named.map(|(number, plan)| (part_path(&args.output, survey, number), plan));
            named.collect()
        }
        None => vec![(args.output.clone(), plan)],
    };
    if args.how.dry_run {
        println!("{}", serde_json::to_string_pretty(&parts)?);
        return Ok(());
    }
    if division.is_some() {
        std::fs::create_dir_all(&args.output)?;
    }
    let mut receipts: Vec<Receipt> = Vec::new();
    for (path, plan) in &parts {
        if args.resume && is_complete(path, plan, &request) {
            eprintln!("rootlake: {} is complete", path.display());
            continue;
        }
        receipts.push(args.how.write(plan, survey, &request, path)?);
    }
    args.how.report(&receipts, survey)
}

/// `OUT/name_000.root`, named after the first input.
fn part_path(folder: &Path, survey: &Survey, number: usize) -> PathBuf {
    let first = survey.inputs.first().map_or("part", |input| &*input.name);
    let stem = Path::new(first).file_stem().unwrap_or_default();
    folder.join(format!("{}_{number:03}.root", stem.to_string_lossy()))
}

/// Whether `path` holds the trees that the plan says, with their entries. Files appear under
/// their names when they are whole: this finds those of other arguments.
fn is_complete(path: &Path, plan: &Plan, request: &Request) -> bool {
    let name = path.to_string_lossy().into_owned();
    let found = survey(&Lake, &[name], 1);
    let once = Request {
        copies: 1,
        vary: Vec::new(),
        shared: false,
        ..request.clone()
    };
    let Ok(held) = Plan::new(&found.inputs, &once) else {
        return false;
    };
    let entries = |plan: &Plan| -> Vec<(String, u64)> {
        let trees = plan.trees.iter();
        trees
            .map(|tree| (tree.path.to_string(), tree.entries))
            .collect()
    };
    entries(&held) == entries(plan)
}
