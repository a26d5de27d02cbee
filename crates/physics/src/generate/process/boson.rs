//! W and Z bosons, and what they decay to.

use super::super::kinematics::{Resonance, W, Z, decay, produce, produce_at, share_of, w_mass};
use super::super::random::Random;
use super::super::truth::{BOOST, Truth, any_flavour};
use super::radiation::radiate;
use crate::FourVector;
use crate::object::{ELECTRON, MUON};

/// A family of leptons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Family {
    Electron,
    Muon,
    Tau,
    /// One of the three.
    Any,
}

/// What a boson is and decays to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Decay {
    WToLepton(Family),
    WToQuarks,
    ZToLeptons(Family),
    ZToNeutrinos,
    ZToQuarks,
}

/// The masses that a boson may have, GeV: far above its resonance there are few, but they are all
/// that is left of dibosons where heavier things are looked for.
const LINE: (f64, f64) = (50.0, 400.0);
/// Above this a boson counts as heavy, GeV.
const HEAVY: f64 = 105.0;

impl Decay {
    fn resonance(self) -> Resonance {
        match self {
            Self::WToLepton(_) | Self::WToQuarks => W,
            Self::ZToLeptons(_) | Self::ZToNeutrinos | Self::ZToQuarks => Z,
        }
    }

    /// A mass of the boson, GeV.
    fn mass(self, random: &mut Random) -> f64 {
        self.resonance().draw(random, LINE)
    }
}

/// The masses of two bosons; now and then, where rare events are wanted, one of them anywhere above
/// its resonance, and a weight that makes up for it.
fn masses(random: &mut Random, truth: &mut Truth, bosons: [Decay; 2]) -> [f64; 2] {
    const SHARE: f64 = 0.3;
    let mut masses = bosons.map(|boson| boson.mass(random));
    if !truth.draws_rare_events() {
        return masses;
    }
    let [first, second] = &mut masses;
    if random.chance(SHARE) {
        let heavy = if random.chance(0.5) { first } else { second };
        *heavy = random.between(HEAVY, LINE.1);
    }
    let drawn_more: f64 = masses
        .iter()
        .zip(bosons)
        .filter(|(mass, _)| **mass > HEAVY)
        .map(|(&mass, boson)| 0.5 / (LINE.1 - HEAVY) / boson.resonance().density(mass, LINE))
        .sum();
    truth.weight /= 1.0 - SHARE + SHARE * drawn_more;
    masses
}

/// Lets a boson decay; the charge matters to a W only.
pub(super) fn decay_boson(
    random: &mut Random,
    truth: &mut Truth,
    boson: FourVector,
    charge: i32,
    into: Decay,
) {
    let (one, other) = decay(random, boson, (0.0, 0.0));
    match into {
        Decay::WToLepton(family) => {
            let family = family.draw(random);
            lepton(random, truth, one, family, charge);
            truth.invisible(other);
        }
        Decay::ZToLeptons(family) => {
            let family = family.draw(random);
            lepton(random, truth, one, family, 1);
            lepton(random, truth, other, family, -1);
        }
        Decay::ZToNeutrinos => truth.invisible(boson),
        Decay::WToQuarks | Decay::ZToQuarks => {
            let flavour = match (into, random.unit()) {
                (Decay::ZToQuarks, u) if u < 0.22 => 5,
                (Decay::ZToQuarks, u) if u < 0.39 => 4,
                (Decay::WToQuarks, u) if u < 0.5 => 4,
                _ => 0,
            };
            let partner = if into == Decay::ZToQuarks { flavour } else { 0 };
            truth.jet(one, flavour);
            truth.jet(other, partner);
            truth.large_r_jet(boson, 2);
        }
    }
}

impl Family {
    fn draw(self, random: &mut Random) -> Self {
        match self {
            Self::Any => match random.unit() {
                u if u < 1.0 / 3.0 => Self::Electron,
                u if u < 2.0 / 3.0 => Self::Muon,
                _ => Self::Tau,
            },
            family => family,
        }
    }
}

/// A charged lepton; a tau decays further.
fn lepton(random: &mut Random, truth: &mut Truth, p: FourVector, family: Family, charge: i32) {
    let flavour = match family {
        Family::Electron => ELECTRON,
        Family::Muon => MUON,
        Family::Tau | Family::Any => return tau(random, truth, p, charge),
    };
    truth.lepton(p, flavour, charge, true);
}

/// A tau lepton that decays to another lepton, or to hadrons.
fn tau(random: &mut Random, truth: &mut Truth, p: FourVector, charge: i32) {
    let is_leptonic = random.chance(0.352);
    let share = match is_leptonic {
        true => random.unit().min(random.unit()),
        false => random.between(0.25, 0.95),
    };
    let seen = share_of(p, share);
    truth.invisible(share_of(p, 1.0 - share));
    if is_leptonic {
        let flavour = any_flavour(random);
        truth.lepton(seen, flavour, charge, true);
    } else {
        truth.tau(seen, charge, true);
    }
}

/// Two bosons.
pub(super) fn pair(random: &mut Random, truth: &mut Truth, one: Decay, other: Decay) {
    let [first_mass, second_mass] = masses(random, truth, [one, other]);
    let mut above = random.exponential(42.0) + 21.0 * random.normal(0.0, 1.0).powi(2);
    // A twelfth of them have more than 400 GeV together: the tail of pairs of Z, roughly.
    if random.chance(0.25) {
        above += random.exponential(150.0);
    }
    if truth.is_boosted() {
        above += 2.0 * BOOST;
    }
    let system = produce(random, first_mass + second_mass + above, 22.0, 0.9);
    let (first, second) = decay(random, system, (first_mass, second_mass));
    let charge = random.sign();
    decay_boson(random, truth, first, charge, one);
    decay_boson(random, truth, second, -charge, other);
    truth.recoil_against(system);
    radiate(random, truth);
}

/// H → WW* with two leptons, which fly in similar directions because the Higgs has no spin.
pub(super) fn higgs_to_ww(random: &mut Random, truth: &mut Truth) {
    let system = produce(random, 125.0, 28.0, 0.9);
    let on_shell = w_mass(random, 60.0, 100.0);
    let off_shell = random.between(12.0, (124.0 - on_shell).clamp(14.0, 55.0));
    let (one, other) = decay(random, system, (on_shell, off_shell));
    let (first, second) = loop {
        let (first, _) = decay(random, one, (0.0, 0.0));
        let (second, _) = decay(random, other, (0.0, 0.0));
        let alike = 0.5 * (1.0 + first.delta_phi(&second).cos());
        if random.chance(alike) {
            break (first, second);
        }
    };
    let charge = random.sign();
    for (lepton, boson, charge) in [(first, one, charge), (second, other, -charge)] {
        let flavour = any_flavour(random);
        truth.lepton(lepton, flavour, charge, true);
        truth.invisible(boson);
        truth.missing.0 -= lepton.px;
        truth.missing.1 -= lepton.py;
    }
    truth.recoil_against(system);
}

/// A boson of that transverse momentum.
pub(super) fn boson_at(random: &mut Random, truth: &mut Truth, pt: f64, into: Decay) {
    let mass = into.mass(random);
    let boson = produce_at(random, mass, pt, 1.0);
    let charge = random.sign();
    decay_boson(random, truth, boson, charge, into);
    truth.recoil_against(boson);
}
