//! What an event carries besides its objects: numbers, weights and scale factors.

use super::random::Random;
use super::recipe::Recipe;
use super::record::{Event, EventRow};
use super::source::{Origin, Source};
use crate::object::ELECTRON;

/// The run number of the simulations of the open data.
const SIMULATED_RUN: i32 = 284_500;

/// Makes the rows of one sample's events.
pub(super) struct Header<'a> {
    source: &'a Source,
    sum_of_weights: f64,
    /// What all weights are multiplied by.
    weight: f64,
    events: u64,
}

impl<'a> Header<'a> {
    /// Of a sample of that many events.
    pub(super) fn new(source: &'a Source, sum_of_weights: f64, weight: f64, events: u64) -> Self {
        Self {
            source,
            sum_of_weights,
            weight,
            events,
        }
    }

    /// The row of one event of that weight.
    pub(super) fn row(
        &self,
        entry: u64,
        event: &Event,
        weight: f64,
        random: &mut Random,
    ) -> EventRow {
        let row = EventRow {
            trig_e: event.triggers.electron,
            trig_m: event.triggers.muon,
            trig_p: event.triggers.photon,
            lepton_count: count(event.leptons.len()),
            met: event.met,
            met_phi: event.met_phi,
            jet_count: count(event.jets.len()),
            photon_count: count(event.photons.len()),
            tau_count: count(event.taus.len()),
            large_r_jet_count: count(event.large_r_jets.len()),
            ditau_mass: event.ditau_mass,
            ..EventRow::default()
        };
        match &self.source.origin {
            Origin::Data(period) => {
                let run = self.run(entry, period.runs());
                EventRow {
                    run,
                    event: random.bits(),
                    channel: run,
                    cross_section: 1.0,
                    sum_of_weights: 1.0,
                    ..row
                }
            }
            Origin::Simulation(recipe) => {
                let mut row = self.simulated(recipe, entry, event, row, random);
                row.mc_weight *= single(weight);
                row
            }
        }
    }

    /// The run in which a recorded event fell: all runs equally long, in the order of time.
    fn run(&self, entry: u64, runs: &[i32]) -> i32 {
        let at = u128::from(entry) * runs.len() as u128 / u128::from(self.events.max(1));
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        runs.get(at).or(runs.last()).copied().unwrap_or_default()
    }

    fn simulated(
        &self,
        recipe: &Recipe,
        entry: u64,
        event: &Event,
        row: EventRow,
        random: &mut Random,
    ) -> EventRow {
        let has_electrons = event
            .leptons
            .iter()
            .any(|lepton| lepton.flavour == ELECTRON);
        let has_muons = event
            .leptons
            .iter()
            .any(|lepton| lepton.flavour != ELECTRON);
        // Means of 1, so that the expected events of a sample are those with scale factors.
        let mut factor = |applies: bool, width: f64| match applies {
            true => single(random.normal(1.0, width)),
            false => 1.0,
        };
        EventRow {
            electrons: factor(has_electrons, 0.015),
            muons: factor(has_muons, 0.010),
            photons: factor(!event.photons.is_empty(), 0.015),
            taus: factor(!event.taus.is_empty(), 0.03),
            b_tags: factor(!event.jets.is_empty(), 0.05),
            lepton_trigger: factor(row.trig_e || row.trig_m, 0.010),
            photon_trigger: factor(row.trig_p, 0.004),
            pile_up: single(random.spread(0.2)),
            mc_weight: single(self.weight * recipe.weight.draw(random)),
            run: SIMULATED_RUN,
            event: i32::try_from(entry.saturating_add(1)).unwrap_or(i32::MAX),
            channel: recipe.data_set,
            met_uncertainty: row.met * single(random.between(0.02, 0.08)),
            cross_section: single(recipe.cross_section),
            sum_of_weights: single(self.sum_of_weights),
            ..row
        }
    }
}

/// No event has more objects than fit.
fn count(objects: usize) -> u32 {
    u32::try_from(objects).unwrap_or(u32::MAX)
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "branches hold single precision"
)]
fn single(value: f64) -> f32 {
    value as f32
}
