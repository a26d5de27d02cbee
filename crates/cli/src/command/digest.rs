//! `rootlake digest`: what proves that a merge, a recompression or a transfer kept the values.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rootlake_io::digest::Digest;
use rootlake_io::tree::{Branch, ColumnReader};
use serde::Serialize;

use crate::table::{Align, Table, count};
use crate::target::{EntryRange, Target, TargetArgs, branches, pool};

/// Entries decoded at once: a compromise between memory and calls.
const PIECE: u64 = 1 << 16;

/// Print a digest of the values of each branch, whatever codec, baskets or file they stand in
#[derive(Debug, clap::Args)]
#[command(after_help = "\
XXH3-64 over all entries in order: numbers little-endian at their width, texts as their bytes,
everything of variable length behind its length (64 bits); of objects their members in order, without
TObject's. Branches within branches are named as uproot names them: parent/child. A digest of a
range is that of a tree that holds these entries alone.

Examples:
  rootlake digest data_A.4lep.root:mini
  rootlake digest --branches lep_pt,lep_n --range 0:1000 --json data_A.4lep.root")]
pub struct Args {
    #[command(flatten)]
    target: TargetArgs,
    /// Only these entries
    #[arg(long, value_name = "FROM:TO")]
    range: Option<EntryRange>,
    /// Threads; by default one for each core
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct FileDigest {
    trees: BTreeMap<String, TreeDigest>,
}

#[derive(Serialize)]
struct TreeDigest {
    entries: u64,
    branches: BTreeMap<String, BranchDigest>,
}

#[derive(Serialize)]
struct BranchDigest {
    #[serde(rename = "type")]
    type_name: String,
    entries: u64,
    #[serde(flatten)]
    result: Outcome,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Outcome {
    Digest { values: u64, xxh3: String },
    Unreadable { error: String },
}

/// Digests the branches.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let target = Target::open(&args.target)?;
    let digests = pool(args.threads)?.install(|| digest(&target, args));
    if args.json {
        println!("{}", serde_json::to_string_pretty(&digests)?);
    } else {
        print!("{}", render(&digests));
    }
    Ok(())
}

fn digest(target: &Target, args: &Args) -> FileDigest {
    let trees = target.trees.iter().map(|(path, tree)| {
        let branches: Vec<_> = branches(tree, &args.target.branches)
            .par_iter()
            .map_init(ColumnReader::default, |reader, branch| {
                (
                    branch.address.to_string(),
                    of_branch(target, branch, args.range, reader),
                )
            })
            .collect();
        let mut unique = BTreeMap::new();
        for (address, digest) in branches {
            // Two branches may have one name: the second is told by its number.
            let name = (1..)
                .map(|number| match number {
                    1 => address.clone(),
                    number => format!("{address}#{number}"),
                })
                .find(|name| !unique.contains_key(name));
            unique.insert(name.unwrap_or(address), digest);
        }
        let tree = TreeDigest {
            entries: tree.entries,
            branches: unique,
        };
        (path.clone(), tree)
    });
    FileDigest {
        trees: trees.collect(),
    }
}

fn of_branch(
    target: &Target,
    branch: &Branch,
    range: Option<EntryRange>,
    reader: &mut ColumnReader,
) -> BranchDigest {
    let range = EntryRange::within(range, branch.entries);
    let mut digest = Digest::new();
    let mut read = || -> rootlake_io::Result<()> {
        let format = branch.format()?;
        let mut from = range.start;
        while from < range.end {
            // Whole baskets where they are short, so that none is expanded twice.
            let basket = branch.baskets_in(from..from + 1).first();
            let end = basket.map_or(range.end, |basket| basket.end_entry());
            let to = range.end.min(end.max(from + 1)).min(from + PIECE);
            let columns =
                reader.columns(branch, from..to, |seek, nbytes| target.record(seek, nbytes))?;
            let columns: Vec<_> = columns.into_iter().map(|(_, column)| column).collect();
            digest.push_branch(format, &columns);
            from = to;
        }
        Ok(())
    };
    let result = match read() {
        Ok(()) => Outcome::Digest {
            values: digest.values(),
            xxh3: format!("{:016x}", digest.xxh3()),
        },
        Err(error) => Outcome::Unreadable {
            error: error.to_string(),
        },
    };
    BranchDigest {
        type_name: branch.type_name.clone(),
        entries: range.end - range.start,
        result,
    }
}

fn render(digests: &FileDigest) -> String {
    let mut text = String::new();
    for (path, tree) in &digests.trees {
        text += &format!("{path}: {} entries\n", count(tree.entries));
        let mut table = Table::new(&[
            ("xxh3", Align::Left),
            ("entries", Align::Right),
            ("values", Align::Right),
            ("type", Align::Left),
            ("branch", Align::Left),
        ]);
        for (name, branch) in &tree.branches {
            let (digest, values) = match &branch.result {
                Outcome::Digest { values, xxh3 } => (xxh3.clone(), count(*values)),
                Outcome::Unreadable { error } => ("unreadable".to_owned(), error.clone()),
            };
            table.row([
                digest,
                count(branch.entries),
                values,
                branch.type_name.clone(),
                name.clone(),
            ]);
        }
        text += &table.render("  ");
    }
    text
}
