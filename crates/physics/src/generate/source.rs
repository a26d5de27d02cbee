//! Where the events of a sample come from: one process, or a period of data.

use super::LUMINOSITY;
use super::process::Process;
use super::random::Random;
use super::recipe::{Recipe, recipes};
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
pub(super) struct Source {
    pub(super) origin: Origin,
    /// The events that the luminosity is expected to give.
    pub(super) expected: f64,
    /// Each process with the expected events of itself and all before it.
    cumulative: Vec<(f64, Process)>,
}

/// Recorded or simulated.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    /// Recorded in a period: all processes of the final state at once.
    Data(Period),
    /// One simulated sample.
    Simulation(Recipe),
}

/// The source of the events of a sample.
pub(super) fn find(final_state: FinalState, sample: &str) -> Result<Source, Error> {
    let mut recipes = recipes(final_state)?;
    if let Some(at) = recipes.iter().position(|recipe| recipe.name == sample) {
        let recipe = recipes.swap_remove(at);
        return Ok(Source {
            expected: recipe.expected_events(final_state),
            cumulative: cumulative([&recipe].into_iter(), final_state),
            origin: Origin::Simulation(recipe),
        });
    }
    let period = Period::ALL
        .into_iter()
        .find(|period| period.sample_name() == sample);
    let Some(period) = period else {
        return Err(Error::UnknownSample {
            name: sample.to_owned(),
            final_state,
            known: super::sample_names(final_state)?.join(", "),
        });
    };
    let in_data = || recipes.iter().filter(|recipe| recipe.is_in_data);
    let expected =
        in_data().map(|recipe| recipe.excess(final_state) * recipe.expected_events(final_state));
    Ok(Source {
        expected: expected.sum::<f64>() * period.luminosity() / LUMINOSITY,
        cumulative: cumulative(in_data(), final_state),
        origin: Origin::Data(period),
    })
}

fn cumulative<'a>(
    recipes: impl Iterator<Item = &'a Recipe>,
    final_state: FinalState,
) -> Vec<(f64, Process)> {
    let mut sum = 0.0;
    let mut steps = Vec::new();
    for recipe in recipes {
        for (share, process) in recipe.accepted(final_state) {
            sum += recipe.excess(final_state) * recipe.cross_section * share;
            steps.push((sum, process));
        }
    }
    steps
}

impl Source {
    /// Whether the events count as recorded.
    pub(super) fn is_data(&self) -> bool {
        matches!(self.origin, Origin::Data(_))
    }

    /// Whether events may be made more often than they happen, with less weight.
    pub(super) fn may_weight(&self) -> bool {
        match &self.origin {
            Origin::Data(_) => false,
            Origin::Simulation(recipe) => !recipe.weight.is_sign_only,
        }
    }

    /// The luminosity, 1/fb, to which [`Source::expected`] belongs.
    pub(super) fn luminosity(&self) -> f64 {
        match self.origin {
            Origin::Data(period) => period.luminosity(),
            Origin::Simulation(_) => LUMINOSITY,
        }
    }

    /// The process of one event.
    pub(super) fn draw_process(&self, random: &mut Random) -> Process {
        let total = self.cumulative.last().map_or(0.0, |&(sum, _)| sum);
        let drawn = random.unit() * total;
        let step = self.cumulative.iter().find(|&&(sum, _)| drawn < sum);
        step.or(self.cumulative.last())
            .map_or(Process::ZZ, |&(_, process)| process)
    }
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
        let drawn = (0..100_000)
            .filter(|_| source.draw_process(&mut random) == Process::HiggsToZZ)
            .count() as u32;
        let (mut higgs, mut all) = (0.0, 0.0);
        for recipe in recipes(FinalState::FourLepton).unwrap() {
            let final_state = FinalState::FourLepton;
            let expected = recipe.excess(final_state) * recipe.expected_events(final_state);
            all += expected;
            if recipe.name.contains("H125") {
                higgs += expected;
            }
        }
        let expected = higgs / all * 1e5;
        assert!(
            (f64::from(drawn) - expected).abs() < 4.0 * expected.sqrt(),
            "{drawn} {expected}"
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
