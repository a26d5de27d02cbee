//! Where the events of a sample come from: one process, or a period of data.

use super::LUMINOSITY;
use super::catalogue::SampleFacts;
use super::process::Process;
use super::random::Random;
use crate::{Error, FinalState};

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
    fn periods_add_up() {
        let periods: f64 = Period::ALL[1..]
            .iter()
            .map(|period| period.luminosity())
            .sum();
        assert!((periods - LUMINOSITY).abs() < 1e-9);
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
