//! What may be there beyond the known.

use super::super::kinematics::{decay, produce};
use super::super::random::Random;
use super::super::truth::{Truth, any_flavour};
use super::boson::Decay;
use super::top::pair_of;

/// A heavy Z of 1 TeV, a hundredth of that wide, that decays to a top pair.
pub(super) fn z_prime(random: &mut Random, truth: &mut Truth) {
    let mass = random.normal(1000.0, 10.0);
    let system = produce(random, mass, 30.0, 0.5);
    pair_of(random, truth, system, Decay::WToQuarks);
    truth.recoil_against(system);
}

/// A pair of sleptons of one flavour.
pub(super) fn sleptons(random: &mut Random, truth: &mut Truth) {
    const SLEPTON: f64 = 600.0;
    const NEUTRALINO: f64 = 300.0;
    let above = random.exponential(250.0) + 20.0;
    let system = produce(random, 2.0 * SLEPTON + above, 35.0, 0.5);
    let (one, other) = decay(random, system, (SLEPTON, SLEPTON));
    let flavour = any_flavour(random);
    for (slepton, charge) in [(one, 1), (other, -1)] {
        let (lepton, neutralino) = decay(random, slepton, (0.0, NEUTRALINO));
        truth.lepton(lepton, flavour, charge, true);
        truth.invisible(neutralino);
    }
    truth.recoil_against(system);
}
