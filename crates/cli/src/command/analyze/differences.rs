//! `rootlake analyze --list-differences`: where the reference framework and the analyses differ.

use rootlake_physics::corrections::{Difference, UNDEFINED};
use rootlake_physics::{Correction, analysis};
use serde::Serialize;

/// A difference, and what makes it.
#[derive(Serialize)]
struct Row {
    analyses: &'static [&'static str],
    what: &'static str,
    reference: &'static str,
    instead: &'static str,
    /// Whether it takes `--corrected`.
    corrected: bool,
}

/// Prints the differences of some analyses.
pub fn print(names: &[&str], json: bool) -> anyhow::Result<()> {
    let corrected = Correction::ALL
        .iter()
        .map(|correction| (correction.difference(), true));
    let always = UNDEFINED.iter().map(|difference| (difference, false));
    let rows: Vec<Row> = corrected
        .chain(always)
        .filter(|(difference, _)| difference.analyses.iter().any(|name| names.contains(name)))
        .map(|(difference, corrected)| row(difference, corrected))
        .collect();
    if json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
        return Ok(());
    }
    println!("with --corrected:");
    rows.iter().filter(|row| row.corrected).for_each(print_row);
    println!("\nalways, since the reference leaves it undefined or to chance:");
    rows.iter().filter(|row| !row.corrected).for_each(print_row);
    Ok(())
}

fn row(difference: &Difference, corrected: bool) -> Row {
    Row {
        analyses: difference.analyses,
        what: difference.what,
        reference: difference.reference,
        instead: difference.instead,
        corrected,
    }
}

fn print_row(row: &Row) {
    let analyses = match row.analyses.len() == analysis::NAMES.len() {
        true => "all".to_owned(),
        false => row.analyses.join(", "),
    };
    println!("\n  {analyses}: {}", row.what);
    println!("    the reference {}", row.reference);
    println!("    here {}", row.instead);
}
