//! `rootlake dump`: the values of a tree, for people and for other programs.

use std::io::Write;
use std::ops::Range;

use anyhow::bail;
use rootlake_io::ErrorKind;
use rootlake_io::column::Column;
use rootlake_io::tree::{Branch, ColumnReader, Tree};

use crate::target::{EntryRange, Target, TargetArgs, branches};
use crate::value;

/// Entries decoded at once.
const PIECE: u64 = 1000;

/// Print the values of a tree
///
/// One entry after the other; with --json one object on each line, with --csv one line for each
/// entry behind a line of names, lists as JSON. A branch of several leaves makes a column for
/// each, named branch.leaf. A branch whose first entries cannot be read is named and left out.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rootlake dump data_A.4lep.root:mini --branches lep_n,lep_pt --entries 0:3
  rootlake dump data_A.4lep.root:mini --csv > mini.csv")]
pub struct Args {
    #[command(flatten)]
    target: TargetArgs,
    /// Only these entries
    #[arg(long, value_name = "FROM:TO")]
    entries: Option<EntryRange>,
    /// Print JSON, one entry on each line
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print comma-separated values
    #[arg(long)]
    csv: bool,
}

#[derive(Clone, Copy)]
enum Form {
    Text,
    Json,
    Csv,
}

/// Prints the values.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let target = Target::open(&args.target)?;
    let [(_, tree)] = target.trees.as_slice() else {
        let paths: Vec<_> = target.trees.iter().map(|(path, _)| path.as_str()).collect();
        bail!(
            "the file holds several trees; name one behind a colon: {}",
            paths.join(", ")
        );
    };
    let form = match (args.json, args.csv) {
        (true, _) => Form::Json,
        (_, true) => Form::Csv,
        _ => Form::Text,
    };
    let out = std::io::BufWriter::new(std::io::stdout().lock());
    match dump(&target, tree, args, form, out) {
        // Whoever reads has seen enough (`| head`).
        Err(error)
            if error
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe) =>
        {
            Ok(())
        }
        done => done,
    }
}

fn dump(
    target: &Target,
    tree: &Tree,
    args: &Args,
    form: Form,
    mut out: impl Write,
) -> anyhow::Result<()> {
    let mut wanted = readable(tree, &args.target.branches)?;
    let range = EntryRange::within(args.entries, tree.entries);
    let mut reader = ColumnReader::default();
    let mut damaged = None;
    let mut from = range.start;
    // An empty piece gives the names of the columns where there are no entries.
    loop {
        let to = range.end.min(from + PIECE);
        let columns = if from == range.start {
            let (read, problem) = first_columns(target, &mut wanted, from..to, &mut reader);
            damaged = problem;
            if wanted.is_empty() {
                break;
            }
            read
        } else {
            columns(target, &wanted, from..to, &mut reader)?
        };
        if from == range.start && matches!(form, Form::Csv) {
            let names: Vec<_> = columns.iter().map(|(name, _)| value::csv(name)).collect();
            writeln!(out, "{}", names.join(","))?;
        }
        for index in 0..usize::try_from(to - from)? {
            let line = line(&columns, index, from + index as u64, form);
            out.write_all(line.as_bytes())?;
        }
        from = to;
        if from >= range.end {
            break;
        }
    }
    out.flush()?;
    match damaged {
        Some(error) => Err(error.into()),
        None if wanted.is_empty() => bail!("no branch of tree {} can be read", tree.name),
        None => Ok(()),
    }
}

/// The wanted branches; those that cannot be read are named on standard error.
fn readable<'t>(tree: &'t Tree, wanted: &[String]) -> anyhow::Result<Vec<&'t Branch>> {
    let mut readable = Vec::new();
    for branch in branches(tree, wanted) {
        match branch.format() {
            Ok(_) if branch.entries >= tree.entries => readable.push(branch),
            Ok(_) => eprintln!(
                "rootlake: warning: branch {} has {} entries of {}: left out",
                branch.path, branch.entries, tree.entries
            ),
            Err(error) => eprintln!("rootlake: warning: {error}: left out"),
        }
    }
    if readable.is_empty() {
        bail!("no branch of tree {} can be read", tree.name);
    }
    Ok(readable)
}

/// The first entries, and what is wrong with the last of the branches that cannot be read; these are
/// named on standard error and left out.
fn first_columns(
    target: &Target,
    wanted: &mut Vec<&Branch>,
    range: Range<u64>,
    reader: &mut ColumnReader,
) -> (Vec<(String, Column)>, Option<rootlake_io::Error>) {
    let mut columns = Vec::new();
    let mut damaged = None;
    wanted.retain(
        |branch| match named_columns(target, branch, range.clone(), reader) {
            Ok(read) => {
                columns.extend(read);
                true
            }
            Err(error) => {
                eprintln!("rootlake: warning: {error}: left out");
                if !matches!(error.kind(), ErrorKind::Unsupported(_)) {
                    damaged = Some(error);
                }
                false
            }
        },
    );
    (columns, damaged)
}

fn columns(
    target: &Target,
    branches: &[&Branch],
    range: Range<u64>,
    reader: &mut ColumnReader,
) -> anyhow::Result<Vec<(String, Column)>> {
    let mut columns = Vec::new();
    for branch in branches {
        columns.extend(named_columns(target, branch, range.clone(), reader)?);
    }
    Ok(columns)
}

/// The columns of a branch, each behind the branch's name.
fn named_columns(
    target: &Target,
    branch: &Branch,
    range: Range<u64>,
    reader: &mut ColumnReader,
) -> rootlake_io::Result<Vec<(String, Column)>> {
    let read = reader.columns(branch, range, |seek, nbytes| target.record(seek, nbytes))?;
    Ok(read
        .into_iter()
        .map(|(leaf, column)| {
            let name = match leaf.as_str() {
                "" => branch.path.to_string(),
                leaf => format!("{}.{leaf}", branch.path),
            };
            (name, column)
        })
        .collect())
}

fn line(columns: &[(String, Column)], index: usize, entry: u64, form: Form) -> String {
    let mut line = String::new();
    match form {
        Form::Text => {
            line = format!("entry {entry}\n");
            for (name, column) in columns {
                line += &format!("  {name}: {}\n", value::json(column, index));
            }
        }
        Form::Json => {
            for (place, (name, column)) in columns.iter().enumerate() {
                line += if place == 0 { "{" } else { "," };
                line += &value::quoted(name);
                line.push(':');
                line += &value::json(column, index);
            }
            line += "}\n";
        }
        Form::Csv => {
            let cells: Vec<_> = columns
                .iter()
                .map(|(_, column)| value::csv_cell(column, index))
                .collect();
            line = cells.join(",") + "\n";
        }
    }
    line
}
