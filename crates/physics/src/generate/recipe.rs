//! The samples that can be generated: which processes, weighted how.

use super::process::{Decay, Family, Heavy, Process, Slice};
use super::random::Random;
use crate::FinalState;
use crate::catalogue::{Catalogue, Simulation};
use crate::{Error, catalogue};

/// What is known of a simulated sample.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    pub(super) name: String,
    /// The number of the data set, `channelNumber`; 0 for a sample that the open data lack.
    pub(super) data_set: i32,
    /// In pb, with k-factor and filter efficiency.
    pub(super) cross_section: f64,
    /// Of the real sample; none for one that the open data lack.
    pub(super) sum_of_weights: Option<f64>,
    pub(super) weight: WeightModel,
    /// What the events are before any collection is made of them, and in which proportions.
    pub(super) mixture: Vec<(f64, Process)>,
    /// Whether data hold such events, and no other sample describes the same.
    pub(super) is_in_data: bool,
}

/// How the generator of a sample weights its events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct WeightModel {
    size: f64,
    /// Width of the logarithm.
    spread: f64,
    /// The share of events that count negative.
    negative: f64,
    /// Whether analyses count the signs alone, so that weights cannot be scaled.
    pub(super) is_sign_only: bool,
}

impl WeightModel {
    const fn new(size: f64, spread: f64, negative: f64) -> Self {
        Self {
            size,
            spread,
            negative,
            is_sign_only: false,
        }
    }

    /// The mean weight.
    pub(super) fn mean(&self) -> f64 {
        self.size * (1.0 - 2.0 * self.negative)
    }

    /// The weight of one event.
    pub(super) fn draw(&self, random: &mut Random) -> f64 {
        let size = self.size * random.spread(self.spread);
        if random.chance(self.negative) {
            -size
        } else {
            size
        }
    }
}

const SHERPA: WeightModel = WeightModel::new(0.6, 0.4, 0.06);
const POWHEG_BOSON: WeightModel = WeightModel::new(1900.0, 0.02, 0.004);
const POWHEG_TOP: WeightModel = WeightModel::new(1.0, 0.0, 0.004);
const SINGLE_TOP: WeightModel = WeightModel {
    is_sign_only: true,
    ..POWHEG_TOP
};
const GLUON_FUSION: WeightModel = WeightModel::new(28.0, 0.1, 0.02);
const OTHER_HIGGS: WeightModel = WeightModel::new(0.9, 0.2, 0.01);
const LEADING_ORDER: WeightModel = WeightModel::new(1.0, 0.0, 0.0);

/// The diphotons that the open data describe by a fit and have no sample of.
const CONTINUUM: &str = "diphoton_continuum";

/// The recipes of a final state: those of all samples that any analysis takes from it.
pub(super) fn recipes(final_state: FinalState) -> Result<Vec<Recipe>, Error> {
    let mut found: Vec<Recipe> = Vec::new();
    if final_state == FinalState::Diphoton {
        found.push(continuum());
    }
    let sets = Catalogue::embedded()?.sets().iter();
    let samples = sets
        .flat_map(|set| &set.samples)
        .filter(|sample| sample.final_state == final_state);
    for sample in samples {
        if found.iter().any(|known| known.name == sample.name) {
            continue;
        }
        if let Some(simulation) = &sample.simulation {
            found.push(recipe(&sample.name, simulation));
        }
    }
    // Where both describe a boson with jets, data are made of the inclusive samples.
    let is_inclusive = |recipe: &&Recipe| recipe.boson_alone().is_some() && !recipe.is_slice();
    let inclusive = found.iter().filter(is_inclusive);
    let inclusive: Vec<_> = inclusive.filter_map(Recipe::boson_alone).collect();
    for recipe in &mut found {
        let has_inclusive = recipe
            .boson_alone()
            .is_some_and(|boson| inclusive.contains(&boson));
        recipe.is_in_data &= !(recipe.is_slice() && has_inclusive);
    }
    Ok(found)
}

impl Recipe {
    /// What the boson decays to, where the sample is of one boson with jets.
    fn boson_alone(&self) -> Option<Decay> {
        match self.mixture[..] {
            [(_, Process::BosonAndJets(decay, _))] => Some(decay),
            _ => None,
        }
    }

    /// Whether it is restricted to a range of the boson's transverse momentum.
    fn is_slice(&self) -> bool {
        self.name.contains("_PTV")
    }
}

fn continuum() -> Recipe {
    Recipe {
        name: CONTINUUM.to_owned(),
        data_set: 0,
        cross_section: 40.0,
        sum_of_weights: None,
        weight: SHERPA,
        mixture: vec![(0.65, Process::PhotonPair), (0.35, Process::PhotonAndJet)],
        is_in_data: true,
    }
}

fn recipe(name: &str, simulation: &Simulation) -> Recipe {
    use catalogue::Process as Kind;

    let (weight, mixture) = match simulation.process {
        Kind::ZZ | Kind::WZ | Kind::WW => (SHERPA, bosons(name)),
        Kind::W => boson_and_jets(name, Decay::WToLepton(family(name))),
        Kind::Z | Kind::Ztautau => boson_and_jets(name, Decay::ZToLeptons(family(name))),
        Kind::TopPair => (
            POWHEG_TOP,
            vec![
                (0.8, Process::TopPairToLeptonAndJets),
                (0.2, Process::TopPairToLeptons),
            ],
        ),
        Kind::SingleTopT => (SINGLE_TOP, vec![(1.0, Process::TopAndQuark)]),
        Kind::SingleTopS => (SINGLE_TOP, vec![(1.0, Process::TopAndBottom)]),
        Kind::SingleTopWt => (SINGLE_TOP, vec![(1.0, Process::TopAndW)]),
        Kind::Higgs => higgs(name),
        Kind::ZPrime => (LEADING_ORDER, vec![(1.0, Process::ZPrime)]),
        Kind::Sleptons => (LEADING_ORDER, vec![(1.0, Process::Sleptons)]),
    };
    Recipe {
        name: name.to_owned(),
        data_set: i32::try_from(simulation.data_set).unwrap_or_default(),
        cross_section: simulation.cross_section,
        sum_of_weights: Some(simulation.sum_of_weights),
        weight,
        mixture,
        is_in_data: !matches!(simulation.process, Kind::ZPrime | Kind::Sleptons),
    }
}

/// What two bosons decay to, as the samples of Sherpa are named.
fn bosons(name: &str) -> Vec<(f64, Process)> {
    let w = Decay::WToLepton(Family::Any);
    let z = Decay::ZToLeptons(Family::Any);
    let one = |a, b| vec![(1.0, Process::Bosons(a, b))];
    match name {
        "llll" => vec![
            (0.70, Process::ZZ),
            (0.15, Process::ZZStar),
            (0.15, Process::ZToFourLeptons),
        ],
        "llvv" => vec![
            (0.8, Process::Bosons(w, w)),
            (0.2, Process::Bosons(z, Decay::ZToNeutrinos)),
        ],
        "lllv" => one(w, z),
        "lvvv" => one(w, Decay::ZToNeutrinos),
        "ZqqZll" => one(Decay::ZToQuarks, z),
        "WqqZll" => one(Decay::WToQuarks, z),
        "WlvZqq" => one(w, Decay::ZToQuarks),
        _ => one(w, Decay::WToQuarks),
    }
}

fn family(name: &str) -> Family {
    match name {
        name if name.contains("tau") => Family::Tau,
        name if name.contains("mu") => Family::Muon,
        _ => Family::Electron,
    }
}

/// `Zee`, or a slice: `Zee_PTV70_140_CFilterBVeto`, `Zee_PTV1000`.
fn boson_and_jets(name: &str, decay: Decay) -> (WeightModel, Vec<(f64, Process)>) {
    let Some((_, slice)) = name.split_once("_PTV") else {
        let process = Process::BosonAndJets(decay, Slice::ALL);
        return (POWHEG_BOSON, vec![(1.0, process)]);
    };
    let mut parts = slice.split('_');
    let mut bound = || parts.next().and_then(|part| part.parse().ok());
    let low = bound().unwrap_or_default();
    let high = bound().unwrap_or(f64::INFINITY);
    let heavy = match slice {
        slice if slice.ends_with("_BFilter") => Some(Heavy::Bottom),
        slice if slice.ends_with("_CFilterBVeto") => Some(Heavy::Charm),
        slice if slice.ends_with("_CVetoBVeto") => Some(Heavy::None),
        _ => None,
    };
    let slice = Slice {
        pt: (low, high),
        heavy,
    };
    (SHERPA, vec![(1.0, Process::BosonAndJets(decay, slice))])
}

fn higgs(name: &str) -> (WeightModel, Vec<(f64, Process)>) {
    let weight = match name.starts_with("ggH") {
        true => GLUON_FUSION,
        false => OTHER_HIGGS,
    };
    let process = match name {
        name if name.ends_with("ZZ4lep") => Process::HiggsToZZ,
        name if name.ends_with("WW2lep") => Process::HiggsToWW,
        _ => Process::HiggsToPhotons,
    };
    (weight, vec![(1.0, process)])
}

#[cfg(test)]
mod tests {
    use super::super::random::key;
    use super::*;

    fn all() -> impl Iterator<Item = Recipe> {
        FinalState::ALL
            .into_iter()
            .flat_map(|state| recipes(state).unwrap())
    }

    #[test]
    fn shares_add_up() {
        for recipe in all() {
            let sum: f64 = recipe.mixture.iter().map(|(share, _)| share).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{}", recipe.name);
        }
    }

    #[test]
    fn data_hold_each_boson_of_any_sample() {
        for final_state in FinalState::ALL {
            let recipes = recipes(final_state).unwrap();
            for boson in recipes.iter().filter_map(Recipe::boson_alone) {
                let mut same = recipes.iter().filter(|r| r.boson_alone() == Some(boson));
                assert!(same.any(|r| r.is_in_data), "{boson:?} in {final_state:?}");
            }
        }
    }

    #[test]
    fn slices_are_read_from_names() {
        let slice = |name: &str| match boson_and_jets(name, Decay::ZToQuarks).1[..] {
            [(_, Process::BosonAndJets(_, slice))] => (slice.pt, slice.heavy),
            _ => unreachable!(),
        };
        let bottom = Some(Heavy::Bottom);
        assert_eq!(slice("Zee_PTV140_280_BFilter"), ((140.0, 280.0), bottom));
        assert_eq!(slice("Zee_PTV500_1000"), ((500.0, 1000.0), None));
        assert_eq!(slice("Zee_PTV1000"), ((1000.0, f64::INFINITY), None));
        assert_eq!(slice("Zee"), ((0.0, f64::INFINITY), None));
    }

    #[test]
    fn weights_have_the_mean_they_are_said_to_have() {
        let mut random = Random::stream(key(1, "", ""), 0);
        for model in [SHERPA, POWHEG_BOSON, SINGLE_TOP, GLUON_FUSION, OTHER_HIGGS] {
            let sum: f64 = (0..100_000).map(|_| model.draw(&mut random)).sum();
            assert!((sum / 1e5 / model.mean() - 1.0).abs() < 0.01, "{model:?}");
        }
    }
}
