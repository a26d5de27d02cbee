//! `rootlake analyze --yields`: how many events an analysis keeps of a sample.

use rootlake_physics::{Cut, Cutflow, Sample};
use serde::Serialize;

use crate::table::{Align, Table, count};

/// What is left after the last cut, with statistical uncertainties.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Yield {
    /// The last cut.
    cut: &'static str,
    /// The number of events.
    events: u64,
    /// Its square root.
    events_uncertainty: f64,
    /// The sum of their weights.
    weighted: f64,
    /// The square root of the sum of their squares.
    weighted_uncertainty: f64,
}

impl Yield {
    /// That of a cutflow; `None` without cuts.
    pub fn of(cutflow: &Cutflow) -> Option<Self> {
        let last: &Cut = cutflow.iter().last()?;
        let weighted = last.weighted().unwrap_or_default();
        #[allow(clippy::cast_precision_loss, reason = "an uncertainty")]
        let events = last.passed as f64;
        Some(Self {
            cut: last.name,
            events: last.passed,
            events_uncertainty: events.sqrt(),
            weighted: weighted.sumw,
            weighted_uncertainty: weighted.uncertainty(),
        })
    }
}

/// A row for each analysis.
pub fn render<'a>(
    sample: &Sample,
    cutflows: impl Iterator<Item = (&'a str, &'a Cutflow)>,
) -> String {
    let mut table = Table::new(&[
        ("analysis", Align::Left),
        ("sample", Align::Left),
        ("last cut", Align::Left),
        ("events", Align::Right),
        ("±", Align::Right),
        ("weighted", Align::Right),
        ("±", Align::Right),
    ]);
    for (analysis, cutflow) in cutflows {
        if let Some(left) = Yield::of(cutflow) {
            table.row([
                analysis.to_owned(),
                sample.name().to_owned(),
                left.cut.to_owned(),
                count(left.events),
                format!("{:.1}", left.events_uncertainty),
                format!("{:.4}", left.weighted),
                format!("{:.4}", left.weighted_uncertainty),
            ]);
        }
    }
    table.render("")
}
