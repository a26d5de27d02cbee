//! `rootlake analyze --yields`: how many events an analysis keeps of a sample.

use rootlake_physics::catalogue::{Catalogue, LUMINOSITY};
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
    /// What a simulation predicts for the open data's luminosity, where the catalogue knows it as
    /// one of the analysis's samples.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    expected: Option<Expected>,
}

/// A yield scaled to the open data's luminosity, as if the inputs were the whole sample.
#[derive(Clone, Copy, Debug, Serialize)]
struct Expected {
    #[serde(rename = "expected")]
    events: f64,
    #[serde(rename = "expected_uncertainty")]
    uncertainty: f64,
}

impl Yield {
    /// That of a cutflow; `None` without cuts.
    pub fn of(analysis: &str, sample: &Sample, cutflow: &Cutflow) -> Option<Self> {
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
            expected: scale(analysis, sample).map(|scale| Expected {
                events: scale * weighted.sumw,
                uncertainty: scale * weighted.uncertainty(),
            }),
        })
    }
}

/// What scales the weights of a simulation to the open data's luminosity, if the catalogue knows it.
fn scale(analysis: &str, sample: &Sample) -> Option<f64> {
    let set = Catalogue::embedded().ok()?.analysis(analysis).ok()?;
    let known = set.find(sample.name()).ok()?;
    known.simulation.map(|_| known.scale(LUMINOSITY))
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
        ("at 10 fb⁻¹", Align::Right),
        ("±", Align::Right),
    ]);
    for (analysis, cutflow) in cutflows {
        if let Some(left) = Yield::of(analysis, sample, cutflow) {
            let expected = |of: fn(Expected) -> f64| {
                let expected = left.expected.map(of);
                expected.map_or_else(String::new, |x| format!("{x:.2}"))
            };
            table.row([
                analysis.to_owned(),
                sample.name().to_owned(),
                left.cut.to_owned(),
                count(left.events),
                format!("{:.1}", left.events_uncertainty),
                format!("{:.4}", left.weighted),
                format!("{:.4}", left.weighted_uncertainty),
                expected(|expected| expected.events),
                expected(|expected| expected.uncertainty),
            ]);
        }
    }
    table.render("")
}
