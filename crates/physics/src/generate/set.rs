//! Complete sets of samples.

use super::LUMINOSITY;
use super::recipe::Recipe;
use super::source::{self, Origin};
use crate::catalogue::{CatalogueSample, SampleSet};
use crate::{Error, FinalState};

/// A sample to generate.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedSample {
    /// Its file, in the folders of the release.
    pub file: String,
    /// Its collection.
    pub final_state: FinalState,
    /// What is generated: a simulated sample, or data of a period, `data_A`.
    pub sample: String,
    /// How many events.
    pub events: u64,
    /// The luminosity whose events the set shows, 1/fb, where a plot says [`LUMINOSITY`].
    pub luminosity: f64,
}

/// The fewest events of a simulated sample, unless its weights cannot be made smaller.
const FEWEST: f64 = 150.0;
/// More events of a sample than this are made only where data hold a third as many.
const ENOUGH: f64 = 1500.0;

/// How many events of data make plots that can be looked at: for photons all, because the
/// framework fits a signal of fixed size to them.
pub fn default_events(final_state: FinalState) -> u64 {
    match final_state {
        FinalState::Diphoton => 250_000,
        FinalState::OneLepton => 40_000,
        FinalState::TwoLepton => 100_000,
        _ => 20_000,
    }
}

/// The samples that an analysis needs: about `events` events of data, less where the open data
/// themselves hold less, and simulations that describe them.
///
/// The samples of a collection do not depend on the analysis, so that sets of several analyses
/// can share a folder. `simulated` is how many times as many simulated events are made as the plots
/// need, for a set of any size: they describe the same data with smaller errors. Samples whose
/// weights count by their signs alone cannot have more.
///
/// # Errors
/// [`Error::Catalogue`], [`Error::UnknownSample`].
pub fn plan_set(set: &SampleSet, events: u64, simulated: u64) -> Result<Vec<PlannedSample>, Error> {
    let mut planned = Vec::new();
    for sample in &set.samples {
        let all = source::find(sample.final_state, "data")?.expected;
        let share = (events as f64 / all).min(1.0);
        for file in &sample.files {
            planned.push(plan(sample, file, share, events, simulated)?);
        }
    }
    Ok(planned)
}

/// A file of a sample, where the set shows a share of the open data's luminosity.
fn plan(
    sample: &CatalogueSample,
    file: &str,
    share: f64,
    most: u64,
    simulated: u64,
) -> Result<PlannedSample, Error> {
    let name = match sample.is_data() {
        true => crate::sample_name_from_path(file),
        false => sample.name.clone(),
    };
    let source = source::find(sample.final_state, &name)?;
    let expected = share * source.expected;
    let events = match &source.origin {
        Origin::Data(_) => expected,
        Origin::Simulation(recipe) if recipe.weight.is_sign_only => {
            unscaled_events(recipe, expected)
        }
        Origin::Simulation(_) => {
            let needed = (20.0 * expected).min(ENOUGH).max(3.0 * expected);
            simulated as f64 * needed.clamp(FEWEST, FEWEST.max(most as f64))
        }
    };
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count, at least 1"
    )]
    let events = events.round().max(1.0) as u64;
    Ok(PlannedSample {
        file: file.to_owned(),
        final_state: sample.final_state,
        sample: name,
        events,
        luminosity: share * LUMINOSITY,
    })
}

/// How many events of a sample show as `expected`, if each counts for the inverse of the real
/// sample's luminosity.
fn unscaled_events(recipe: &Recipe, expected: f64) -> f64 {
    let produced = 1000.0 * LUMINOSITY * recipe.cross_section * recipe.weight.mean();
    expected * recipe.sum_of_weights.unwrap_or(produced) / produced
}
