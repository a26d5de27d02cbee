//! Leptons as measured.

use super::{mev, polar, single};
use crate::generate::random::Random;
use crate::generate::record::LeptonRow;
use crate::generate::truth::TrueLepton;
use crate::object::ELECTRON;

/// A lepton, with what lies around it.
pub(super) fn measure(lepton: &TrueLepton, random: &mut Random) -> LeptonRow {
    let is_electron = lepton.flavour == ELECTRON;
    let (resolution, mass, sigma_d0) = match is_electron {
        true => (0.013, 0.000_511, 0.014),
        false => (0.018, 0.105_658, 0.010),
    };
    let scale = 1.0 + random.normal(0.0, resolution);
    let (pt, eta, phi) = polar(&lepton.momentum);
    let (pt, momentum) = (pt * scale, lepton.momentum.energy * scale);
    let surroundings = match lepton.is_prompt {
        true => prompt_surroundings(random),
        false => jet_surroundings(random, pt),
    };
    let sigma_d0 = sigma_d0 * (0.8 + random.exponential(0.3));
    LeptonRow {
        truth_matched: lepton.is_prompt,
        pt: mev(pt),
        eta: single(eta),
        phi: single(phi),
        energy: mev((momentum * momentum + mass * mass).sqrt()),
        z0: single(surroundings.z0),
        charge: lepton.charge,
        flavour: lepton.flavour,
        tight: random.chance(if lepton.is_prompt { 0.94 } else { 0.45 }),
        ptcone30: mev(surroundings.ptcone),
        etcone20: mev(surroundings.etcone),
        d0: single(surroundings.d0),
        // As in the real files, the distance over its uncertainty.
        d0_significance: single(surroundings.d0.abs() / sigma_d0),
        ..LeptonRow::default()
    }
}

/// What lies around a lepton: cones in GeV, distances from the vertex in mm.
struct Surroundings {
    ptcone: f64,
    etcone: f64,
    z0: f64,
    d0: f64,
}

fn prompt_surroundings(random: &mut Random) -> Surroundings {
    let is_alone = random.chance(0.88);
    let is_near_jet = random.chance(0.05);
    let is_from_pile_up = random.chance(0.025);
    let near_jet = if is_near_jet {
        5.0 + random.exponential(20.0)
    } else {
        0.0
    };
    let tracks = if is_alone {
        0.0
    } else {
        1.0 + random.exponential(1.3)
    };
    Surroundings {
        ptcone: tracks + near_jet,
        etcone: random.normal(0.15, 0.9) + near_jet,
        z0: random.normal(0.0, if is_from_pile_up { 45.0 } else { 0.08 }),
        d0: random.normal(0.0, 0.015),
    }
}

fn jet_surroundings(random: &mut Random, pt: f64) -> Surroundings {
    let is_alone = random.chance(0.4);
    let is_from_pile_up = random.chance(0.3);
    let is_from_decay = random.chance(0.3);
    Surroundings {
        ptcone: if is_alone {
            0.0
        } else {
            1.0 + random.exponential(0.35 * pt)
        },
        etcone: random.normal(0.4, 1.3) + random.exponential(0.12 * pt),
        z0: random.normal(0.0, if is_from_pile_up { 45.0 } else { 0.25 }),
        d0: random.normal(0.0, if is_from_decay { 0.6 } else { 0.04 }),
    }
}
