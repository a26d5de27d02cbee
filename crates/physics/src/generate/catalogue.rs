//! The samples that can be generated.

use super::process::Process;
use super::random::Random;
use crate::FinalState;

/// What is known of a simulated sample.
#[derive(Debug)]
pub(super) struct SampleFacts {
    pub(super) name: &'static str,
    pub(super) final_state: FinalState,
    /// The number of the data set, `channelNumber`; 0 for a sample that the open data lack.
    pub(super) data_set: i32,
    /// In pb, with k-factor and filter efficiency: `Plotting/inputfiles` of the framework.
    pub(super) cross_section: f64,
    /// Events of the collection in [`LUMINOSITY`](super::LUMINOSITY). The 4lep ones add up to what the real files of
    /// periods A and B hold per luminosity.
    pub(super) expected: f64,
    pub(super) weight: WeightModel,
    /// What the events are, and in which proportions.
    pub(super) mixture: &'static [(f64, Process)],
}

/// How the generator of a sample weights its events.
#[derive(Clone, Copy, Debug)]
pub(super) struct WeightModel {
    size: f64,
    /// Width of the logarithm.
    spread: f64,
    /// The share of events that count negative.
    negative: f64,
}

impl WeightModel {
    const fn new(size: f64, spread: f64, negative: f64) -> Self {
        Self {
            size,
            spread,
            negative,
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
const POWHEG_Z: WeightModel = WeightModel::new(1900.0, 0.02, 0.004);
const POWHEG_TOP: WeightModel = WeightModel::new(1.0, 0.0, 0.004);
const GLUON_FUSION: WeightModel = WeightModel::new(28.0, 0.1, 0.02);
const OTHER_HIGGS: WeightModel = WeightModel::new(0.9, 0.2, 0.01);

const HIGGS_4L: &[(f64, Process)] = &[(1.0, Process::HiggsToZZ)];
const HIGGS_YY: &[(f64, Process)] = &[(1.0, Process::HiggsToPhotons)];

#[rustfmt::skip]
const SAMPLES: &[SampleFacts] = {
    use FinalState::{Diphoton, FourLepton};
    const fn sample(
        final_state: FinalState, name: &'static str, data_set: i32, cross_section: f64,
        expected: f64, weight: WeightModel, mixture: &'static [(f64, Process)],
    ) -> SampleFacts {
        SampleFacts { name, final_state, data_set, cross_section, expected, weight, mixture }
    }
    &[
        sample(FourLepton, "llll", 363_490, 1.2578, 400.0, SHERPA,
            &[(0.70, Process::ZZ), (0.15, Process::ZZStar), (0.15, Process::ZToFourLeptons)]),
        sample(FourLepton, "lllv", 363_491, 4.6049, 40.0, SHERPA, &[(1.0, Process::WZ)]),
        sample(FourLepton, "Zee", 361_106, 1950.5295, 100.0, POWHEG_Z, &[(1.0, Process::ZToElectrons)]),
        sample(FourLepton, "Zmumu", 361_107, 1950.6321, 125.0, POWHEG_Z, &[(1.0, Process::ZToMuons)]),
        sample(FourLepton, "ttbar_lep", 410_000, 452.693_559, 105.0, POWHEG_TOP, &[(1.0, Process::TopPair)]),
        sample(FourLepton, "ggH125_ZZ4lep", 345_060, 0.006_023_9, 18.0, GLUON_FUSION, HIGGS_4L),
        sample(FourLepton, "VBFH125_ZZ4lep", 344_235, 0.000_463_301_2, 1.4, OTHER_HIGGS, HIGGS_4L),
        sample(FourLepton, "WH125_ZZ4lep", 341_964, 0.000_376_9, 1.1, OTHER_HIGGS, HIGGS_4L),
        sample(FourLepton, "ZH125_ZZ4lep", 341_947, 2.142_478_4e-6, 0.007, OTHER_HIGGS, HIGGS_4L),
        // The open data describe this background by a fit and have no sample of it.
        sample(Diphoton, "diphoton_continuum", 0, 40.0, 250_000.0, SHERPA,
            &[(0.65, Process::PhotonPair), (0.35, Process::PhotonAndJet)]),
        sample(Diphoton, "ggH125_gamgam", 343_981, 0.102, 640.0, GLUON_FUSION, HIGGS_YY),
        sample(Diphoton, "VBFH125_gamgam", 345_041, 0.008_518_764, 53.0, OTHER_HIGGS, HIGGS_YY),
        sample(Diphoton, "WH125_gamgam", 345_318, 0.001_965_451_2, 12.0, OTHER_HIGGS, HIGGS_YY),
        sample(Diphoton, "ZH125_gamgam", 345_319, 0.001_734_783_6, 11.0, OTHER_HIGGS, HIGGS_YY),
        sample(Diphoton, "ttH125_gamgam", 341_081, 2.643_386_4e-6, 0.016, OTHER_HIGGS, HIGGS_YY),
    ]
};

impl SampleFacts {
    /// The simulated samples of a final state.
    pub(super) fn of(final_state: FinalState) -> impl Iterator<Item = &'static Self> {
        SAMPLES
            .iter()
            .filter(move |facts| facts.final_state == final_state)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{LUMINOSITY, random::key};
    use super::*;

    #[test]
    fn shares_add_up() {
        for facts in SAMPLES {
            let sum: f64 = facts.mixture.iter().map(|(share, _)| share).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{}", facts.name);
        }
    }

    #[test]
    fn more_events_are_expected_from_no_sample_than_its_cross_section_gives() {
        for facts in SAMPLES {
            let produced = facts.cross_section * 1000.0 * LUMINOSITY;
            assert!(facts.expected < produced, "{}", facts.name);
        }
    }

    #[test]
    fn weights_have_the_mean_they_are_said_to_have() {
        let mut random = Random::stream(key(1, "", ""), 0);
        for model in [SHERPA, POWHEG_Z, POWHEG_TOP, GLUON_FUSION, OTHER_HIGGS] {
            let sum: f64 = (0..100_000).map(|_| model.draw(&mut random)).sum();
            assert!((sum / 1e5 / model.mean() - 1.0).abs() < 0.01, "{model:?}");
        }
    }
}
