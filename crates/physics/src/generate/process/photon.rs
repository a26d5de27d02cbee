//! Pairs of photons.

use super::super::kinematics::{decay, produce};
use super::super::random::Random;
use super::super::truth::{TruePhoton, Truth};

/// H → γγ; the width of the Higgs boson is far below any resolution.
pub(super) fn higgs(random: &mut Random, truth: &mut Truth) {
    two_photons(random, truth, 125.0, true);
}

pub(super) fn pair(random: &mut Random, truth: &mut Truth) {
    let mass = 62.0 + random.exponential(33.0);
    two_photons(random, truth, mass, true);
}

/// A jet is taken for one of them.
pub(super) fn with_jet(random: &mut Random, truth: &mut Truth) {
    let mass = 62.0 + random.exponential(38.0);
    two_photons(random, truth, mass, false);
}

fn two_photons(random: &mut Random, truth: &mut Truth, mass: f64, is_second_prompt: bool) {
    let system = produce(random, mass, 26.0, 0.9);
    let (one, other) = decay(random, system, (0.0, 0.0));
    for (momentum, is_prompt) in [(one, true), (other, is_second_prompt)] {
        truth.photons.push(TruePhoton {
            momentum,
            is_prompt,
        });
    }
    truth.recoil_against(system);
}
