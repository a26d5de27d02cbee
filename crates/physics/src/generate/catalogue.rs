//! The samples that can be generated.

use super::LUMINOSITY;
use super::process::Process;
use super::random::Random;
use crate::{Error, FinalState};

/// What is known of a simulated sample.
#[derive(Debug)]
pub(super) struct SampleFacts {
    pub(super) name: &'static str,
    final_state: FinalState,
    /// The number of the data set, `channelNumber`; 0 for a sample that the open data lack.
    pub(super) data_set: i32,
    /// In pb, with k-factor and filter efficiency: `Plotting/inputfiles` of the framework.
    pub(super) cross_section: f64,
    /// Events of the collection in [`LUMINOSITY`]. The 4lep ones add up to what the real files of
    /// periods A and B hold per luminosity.
    expected: f64,
    pub(super) weight: WeightModel,
    /// What the events are, and in which proportions.
    mixture: &'static [(f64, Process)],
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

/// The period in which data were recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    All,
    A,
    B,
    C,
    D,
}

impl Period {
    pub(super) const ALL: [Self; 5] = [Self::All, Self::A, Self::B, Self::C, Self::D];

    pub(super) const fn sample_name(self) -> &'static str {
        match self {
            Self::All => "data",
            Self::A => "data_A",
            Self::B => "data_B",
            Self::C => "data_C",
            Self::D => "data_D",
        }
    }

    /// In 1/fb; the periods' add up to [`LUMINOSITY`].
    const fn luminosity(self) -> f64 {
        match self {
            Self::All => LUMINOSITY,
            Self::A => 0.546,
            Self::B => 1.948,
            Self::C => 2.889,
            Self::D => 4.681,
        }
    }

    /// The runs, as they stand in the real 4lep files; of all periods, the first of each.
    pub(super) const fn runs(self) -> &'static [i32] {
        match self {
            Self::All => &[298_687, 300_415, 301_932, 302_737],
            Self::A => &[
                298_687, 298_773, 298_967, 299_055, 299_144, 299_184, 299_584,
            ],
            Self::B => &[
                300_415, 300_487, 300_571, 300_655, 300_687, 300_800, 300_863, 300_908,
            ],
            Self::C => &[
                301_932, 301_973, 302_053, 302_137, 302_265, 302_300, 302_347, 302_393,
            ],
            Self::D => &[
                302_737, 302_872, 302_925, 303_079, 303_201, 303_291, 303_421, 303_560,
            ],
        }
    }
}

/// Where the events of a sample come from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// Recorded: all processes of the final state at once.
    Data(DataMixture),
    /// One simulated sample.
    Simulation(&'static SampleFacts),
}

/// Data of a period.
#[derive(Clone, Debug)]
pub(super) struct DataMixture {
    pub(super) period: Period,
    /// Each process with the expected events of itself and all before it.
    cumulative: Vec<(f64, Process)>,
}

/// The source of the events of a sample.
pub(super) fn find(final_state: FinalState, sample: &str) -> Result<Source, Error> {
    if let Some(facts) = SampleFacts::of(final_state).find(|facts| facts.name == sample) {
        return Ok(Source::Simulation(facts));
    }
    let period = Period::ALL
        .into_iter()
        .find(|period| period.sample_name() == sample);
    match period {
        Some(period) => Ok(Source::Data(DataMixture {
            period,
            cumulative: cumulative(SampleFacts::of(final_state)),
        })),
        None => Err(Error::UnknownSample {
            name: sample.to_owned(),
            final_state,
            known: super::sample_names(final_state).join(", "),
        }),
    }
}

fn cumulative(samples: impl Iterator<Item = &'static SampleFacts>) -> Vec<(f64, Process)> {
    let mut sum = 0.0;
    let mut steps = Vec::new();
    for facts in samples {
        for &(share, process) in facts.mixture {
            sum += facts.expected * share;
            steps.push((sum, process));
        }
    }
    steps
}

impl Source {
    /// Whether the events count as recorded.
    pub(super) fn is_data(&self) -> bool {
        matches!(self, Self::Data(_))
    }

    /// The luminosity, 1/fb, to which [`Source::expected_events`] belongs.
    pub(super) fn luminosity(&self) -> f64 {
        match self {
            Self::Data(mixture) => mixture.period.luminosity(),
            Self::Simulation(_) => LUMINOSITY,
        }
    }

    /// The events expected in that luminosity.
    pub(super) fn expected_events(&self, final_state: FinalState) -> f64 {
        match self {
            Self::Data(mixture) => {
                let all: f64 = SampleFacts::of(final_state)
                    .map(|facts| facts.expected)
                    .sum();
                all * mixture.period.luminosity() / LUMINOSITY
            }
            Self::Simulation(facts) => facts.expected,
        }
    }

    /// The process of one event.
    pub(super) fn draw_process(&self, random: &mut Random) -> Process {
        match self {
            Self::Data(mixture) => draw(&mixture.cumulative, random),
            Self::Simulation(facts) => match facts.mixture {
                &[(_, process)] => process,
                mixture => draw_share(mixture, random),
            },
        }
    }
}

fn draw(cumulative: &[(f64, Process)], random: &mut Random) -> Process {
    let total = cumulative.last().map_or(0.0, |&(sum, _)| sum);
    let drawn = random.unit() * total;
    let step = cumulative.iter().find(|&&(sum, _)| drawn < sum);
    step.or(cumulative.last())
        .map_or(Process::ZZ, |&(_, process)| process)
}

fn draw_share(mixture: &[(f64, Process)], random: &mut Random) -> Process {
    let mut left = random.unit();
    let drawn = mixture.iter().find(|&&(share, _)| {
        left -= share;
        left < 0.0
    });
    drawn
        .or(mixture.last())
        .map_or(Process::ZZ, |&(_, process)| process)
}

#[cfg(test)]
mod tests {
    use super::super::random::key;
    use super::*;

    #[test]
    fn shares_add_up() {
        for facts in SAMPLES {
            let sum: f64 = facts.mixture.iter().map(|(share, _)| share).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{}", facts.name);
        }
        let periods: f64 = Period::ALL[1..]
            .iter()
            .map(|period| period.luminosity())
            .sum();
        assert!((periods - LUMINOSITY).abs() < 1e-9);
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

    #[test]
    fn data_are_mixed_in_the_expected_proportions() {
        let source = find(FinalState::FourLepton, "data_B").unwrap();
        let mut random = Random::stream(key(1, "", ""), 0);
        let higgs = (0..100_000)
            .filter(|_| source.draw_process(&mut random) == Process::HiggsToZZ)
            .count();
        let all: f64 = SampleFacts::of(FinalState::FourLepton)
            .map(|facts| facts.expected)
            .sum();
        let expected = 20.507 / all * 1e5;
        assert!(
            (higgs as f64 - expected).abs() < 4.0 * expected.sqrt(),
            "{higgs} {expected}"
        );
    }

    #[test]
    fn unknown_samples_are_named() {
        let error = find(FinalState::Diphoton, "llll").unwrap_err().to_string();
        assert!(
            error.starts_with("no sample `llll` of GamGam can be generated"),
            "{error}"
        );
        assert!(
            error.contains("ggH125_gamgam") && error.contains("data_D"),
            "{error}"
        );
    }
}
