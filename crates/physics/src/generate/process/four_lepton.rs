//! Four leptons from one or two Z bosons.

use super::super::kinematics::{decay, produce, z_mass};
use super::super::random::Random;
use super::super::truth::{Truth, any_flavour};

/// The Higgs boson's mass, GeV. Its width is far below any resolution.
const HIGGS_MASS: f64 = 125.0;

/// A system of that mass that decays to two lepton pairs.
fn four_leptons(
    random: &mut Random,
    truth: &mut Truth,
    mass: f64,
    pair_masses: (f64, f64),
    mean_pt: f64,
) {
    let system = produce(random, mass, mean_pt, 0.9);
    let (one, other) = decay(random, system, pair_masses);
    for pair in [one, other] {
        let flavour = any_flavour(random);
        let (plus, minus) = decay(random, pair, (0.0, 0.0));
        truth.lepton(plus, flavour, 1, true);
        truth.lepton(minus, flavour, -1, true);
    }
    truth.recoil_against(system);
}

pub(super) fn on_shell_pair(random: &mut Random, truth: &mut Truth) {
    let masses = (z_mass(random, 66.0, 116.0), z_mass(random, 66.0, 116.0));
    // A Gamma distribution of shape 3/2: a square root at threshold, then an exponential.
    let above = random.exponential(42.0) + 21.0 * random.normal(0.0, 1.0).powi(2);
    four_leptons(random, truth, masses.0 + masses.1 + above, masses, 22.0);
}

pub(super) fn off_shell_pair(random: &mut Random, truth: &mut Truth) {
    let mass = random.between(100.0, 186.0);
    let heavy = z_mass(random, 50.0, (mass - 8.0).min(106.0));
    let light = random.logarithmic(6.0, mass - heavy);
    four_leptons(random, truth, mass, (heavy, light), 20.0);
}

pub(super) fn radiating_z(random: &mut Random, truth: &mut Truth) {
    let mass = z_mass(random, 76.0, 108.0);
    let heavy = (mass - 6.0 - random.exponential(12.0)).max(30.0);
    let light = random.logarithmic(4.0, mass - heavy);
    four_leptons(random, truth, mass, (heavy, light), 32.0);
}

pub(super) fn higgs_to_zz(random: &mut Random, truth: &mut Truth) {
    let heavy = match random.chance(0.72) {
        true => z_mass(random, 70.0, 106.0),
        false => random.between(50.0, 88.0),
    };
    let room = HIGGS_MASS - heavy;
    // The lighter mass: rising from the photon's pole, falling where the momentum gives out.
    let light = loop {
        let light = random.between(8.0, room);
        let share = light / room;
        if random.chance(2.5 * share * (1.0 - share * share).sqrt() * (1.0 - share)) {
            break light;
        }
    };
    four_leptons(random, truth, HIGGS_MASS, (heavy, light), 28.0);
}
