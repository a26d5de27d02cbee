//! `rootlake check`: is anything damaged?

use rayon::prelude::*;
use rootlake_io::check::{CheckedTree, Outline, Report, outline};
use rootlake_pipeline::InputFile;
use serde::Serialize;

use crate::inputs;
use crate::table::count;
use crate::target::pool;

/// Walk through every record and basket of files and say what is damaged
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exits with 0 when all is well, and with 3 when anything is damaged or cannot be read. What a writer
did in a way of its own, without loss, is a note. Branches of types that are not understood are
counted; their baskets are expanded, which proves their codec's checksums, but not decoded.

Examples:
  rootlake check data_A.4lep.root data_B.4lep.root
  rootlake check --json http://server/data_A.4lep.root")]
pub struct Args {
    /// Files, URLs, patterns, folders (their .root files), and @LIST for a file with one in each line
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Threads; by default one for each core
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Some files are damaged.
#[derive(Debug)]
pub struct Damaged {
    files: usize,
    all: usize,
}

impl std::fmt::Display for Damaged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {} files damaged", self.files, self.all)
    }
}

impl std::error::Error for Damaged {}

#[derive(Serialize)]
struct FileReport {
    file: String,
    sound: bool,
    records: u64,
    trees: u64,
    branches: u64,
    branches_not_decoded: u64,
    baskets: u64,
    basket_bytes: u64,
    fault_count: u64,
    faults: Vec<FaultReport>,
    notes: Vec<NoteReport>,
}

#[derive(Serialize)]
struct NoteReport {
    offset: u64,
    what: String,
}

#[derive(Serialize)]
struct FaultReport {
    #[serde(skip_serializing_if = "Option::is_none")]
    tree: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    what: String,
}

/// Checks the files.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let files = inputs::expand(&args.files)?;
    let reports: Vec<_> =
        pool(args.threads)?.install(|| files.iter().map(|file| check_file(file)).collect());
    if args.json {
        println!("{}", serde_json::to_string_pretty(&reports)?);
    } else {
        reports
            .iter()
            .for_each(|report| print!("{}", render(report)));
    }
    let damaged = reports.iter().filter(|report| !report.sound).count();
    if damaged > 0 {
        return Err(Damaged {
            files: damaged,
            all: reports.len(),
        }
        .into());
    }
    Ok(())
}

fn check_file(location: &str) -> FileReport {
    let (report, opening) = match InputFile::open(location) {
        Ok(input) => (walk(&input), None),
        Err(error) => (Report::default(), Some(error)),
    };
    let opening = opening.map(|error| FaultReport {
        tree: None,
        offset: None,
        what: error.to_string(),
    });
    let faults = report.faults.iter().map(|fault| FaultReport {
        tree: fault.tree.clone(),
        offset: fault.error.offset(),
        what: fault.error.to_string(),
    });
    let notes = report.notes.iter().map(|note| NoteReport {
        offset: note.offset,
        what: note.text.clone(),
    });
    let fault_count = report.fault_count + u64::from(opening.is_some());
    FileReport {
        file: location.to_owned(),
        sound: fault_count == 0,
        records: report.records,
        trees: report.trees,
        branches: report.branches,
        branches_not_decoded: report.undecoded,
        baskets: report.baskets,
        basket_bytes: report.bytes,
        fault_count,
        faults: opening.into_iter().chain(faults).collect(),
        notes: notes.collect(),
    }
}

/// Walks through all of a file, its branches on the threads of the pool.
fn walk(input: &InputFile) -> Report {
    let Outline {
        mut report,
        layouts,
        trees,
    } = outline(&input.file);
    for (path, key) in &trees {
        let (found, tree) = CheckedTree::open(&input.file, path, key, &layouts);
        report.add(found);
        if let Some(tree) = tree {
            let branches = tree.branches().par_iter();
            let checked: Vec<_> = branches
                .map(|branch| tree.check(&input.file, branch))
                .collect();
            checked.into_iter().for_each(|branch| report.add(branch));
        }
    }
    report
}

fn render(report: &FileReport) -> String {
    let mut text = format!(
        "{}: {}; {} records, {} trees, {} branches, {} baskets of {} bytes\n",
        report.file,
        if report.sound { "sound" } else { "DAMAGED" },
        count(report.records),
        count(report.trees),
        count(report.branches),
        count(report.baskets),
        count(report.basket_bytes)
    );
    if report.branches_not_decoded > 0 {
        text += &format!(
            "  {} branches of a type that is not decoded: their baskets expand, their values were not checked\n",
            report.branches_not_decoded
        );
    }
    for note in &report.notes {
        text += &format!("  note: at {}: {}\n", note.offset, note.what);
    }
    for fault in &report.faults {
        match &fault.tree {
            Some(tree) => text += &format!("  tree {tree}: {}\n", fault.what),
            None => text += &format!("  {}\n", fault.what),
        }
    }
    let left = report
        .fault_count
        .saturating_sub(report.faults.len() as u64);
    if left > 0 {
        text += &format!("  … and {left} faults more\n");
    }
    text
}
