//! Top quarks.

use super::super::kinematics::{decay, massless, produce, produce_at, w_mass};
use super::super::random::Random;
use super::super::truth::{BOOST, Truth};
use super::boson::{Decay, Family, decay_boson};
use crate::FourVector;

pub(super) const TOP_MASS: f64 = 172.5;
const BOTTOM_MASS: f64 = 4.7;

/// Lets a top quark (or antiquark, by charge) decay to a bottom quark and a W, which decays so.
pub(super) fn decay_top(
    random: &mut Random,
    truth: &mut Truth,
    top: FourVector,
    charge: i32,
    into: Decay,
) {
    let mass = w_mass(random, 60.0, 160.0);
    let (w, bottom) = decay(random, top, (mass, BOTTOM_MASS));
    truth.jet(bottom, 5);
    decay_boson(random, truth, w, charge, into);
    if into == Decay::WToQuarks {
        truth.large_r_jets.clear();
        truth.large_r_jet(top, 3);
    }
}

/// A top pair, one of which decays to a lepton and the other so.
pub(super) fn pair(random: &mut Random, truth: &mut Truth, other: Decay) {
    let mut above = random.exponential(90.0) + 20.0;
    if truth.is_boosted() {
        above = 2.0 * BOOST + random.exponential(160.0);
    }
    let system = produce(random, 2.0 * TOP_MASS + above, 25.0, 0.7);
    pair_of(random, truth, system, other);
    truth.recoil_against(system);
    soft_jets(random, truth, 0.35);
}

/// The top pair that a system decays to.
pub(super) fn pair_of(random: &mut Random, truth: &mut Truth, system: FourVector, other: Decay) {
    let (one, two) = decay(random, system, (TOP_MASS, TOP_MASS));
    let charge = random.sign();
    decay_top(random, truth, one, charge, Decay::WToLepton(Family::Any));
    decay_top(random, truth, two, -charge, other);
}

fn soft_jets(random: &mut Random, truth: &mut Truth, more: f64) {
    while random.chance(more) {
        let pt = 20.0 + random.exponential(28.0);
        let (eta, phi) = (random.normal(0.0, 1.4), random.azimuth());
        let flavour = if random.chance(0.06) { 5 } else { 0 };
        truth.jet(massless(pt, eta, phi), flavour);
    }
}

fn single(random: &mut Random, truth: &mut Truth) {
    let mut pt = random.exponential(45.0);
    if truth.is_boosted() {
        pt += BOOST;
    }
    let top = produce_at(random, TOP_MASS, pt, 0.9);
    let charge = random.sign();
    decay_top(random, truth, top, charge, Decay::WToLepton(Family::Any));
    truth.recoil_against(top);
}

/// The light quark goes near the beam.
pub(super) fn with_quark(random: &mut Random, truth: &mut Truth) {
    single(random, truth);
    let pt = 25.0 + random.exponential(32.0);
    let (eta, phi) = (random.sign(), random.azimuth());
    let eta = f64::from(eta) * random.normal(2.1, 0.8);
    truth.jet(massless(pt, eta, phi), 0);
    truth.recoil = (0.0, 0.0);
    soft_jets(random, truth, 0.2);
}

pub(super) fn with_bottom(random: &mut Random, truth: &mut Truth) {
    single(random, truth);
    let (x, y) = truth.recoil;
    let pt = x.hypot(y).max(20.0);
    let eta = random.normal(0.0, 1.1);
    truth.jet(massless(pt, eta, (-y).atan2(-x)), 5);
    truth.recoil = (0.0, 0.0);
    soft_jets(random, truth, 0.2);
}

/// One of top quark and W decays to a lepton, the other to anything.
pub(super) fn with_w(random: &mut Random, truth: &mut Truth) {
    let mut above = random.exponential(90.0) + 20.0;
    if truth.is_boosted() {
        above += 2.0 * BOOST;
    }
    let mass = w_mass(random, 60.0, 160.0);
    let system = produce(random, TOP_MASS + mass + above, 25.0, 0.8);
    let (top, w) = decay(random, system, (TOP_MASS, mass));
    let leptonic = Decay::WToLepton(Family::Any);
    let (first, second) = match random.unit() {
        u if u < 0.2 => (leptonic, leptonic),
        u if u < 0.6 => (leptonic, Decay::WToQuarks),
        _ => (Decay::WToQuarks, leptonic),
    };
    let charge = random.sign();
    decay_top(random, truth, top, charge, first);
    decay_boson(random, truth, w, -charge, second);
    truth.recoil_against(system);
    soft_jets(random, truth, 0.4);
}
