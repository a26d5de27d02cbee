//! Photons as measured.

use super::{mev, polar, single};
use crate::generate::random::Random;
use crate::generate::record::PhotonRow;
use crate::generate::truth::TruePhoton;

/// A photon, with what lies around it.
pub(super) fn measure(photon: &TruePhoton, random: &mut Random) -> PhotonRow {
    let scale = 1.0 + random.normal(0.0, 0.016);
    let (pt, eta, phi) = polar(&photon.momentum);
    let pt = pt * scale;
    let (tight, alone, tail) = match photon.is_prompt {
        true => (0.93, 0.78, 0.0),
        false => (0.45, 0.35, 0.07 * pt),
    };
    let is_alone = random.chance(alone);
    PhotonRow {
        truth_matched: photon.is_prompt,
        pt: mev(pt),
        eta: single(eta),
        phi: single(phi),
        energy: mev(photon.momentum.energy * scale),
        tight: random.chance(tight),
        ptcone30: match is_alone {
            true => 0.0,
            false => mev(1.0 + random.exponential(0.9 + tail)),
        },
        etcone20: mev(random.normal(0.2, 0.9) + random.exponential(tail)),
        conversion: conversion(random),
        ..PhotonRow::default()
    }
}

/// How a photon converted: not, on one track, or on two, in the silicon or beyond it.
fn conversion(random: &mut Random) -> i32 {
    match random.unit() {
        u if u < 0.66 => 0,
        u if u < 0.80 => 1,
        u if u < 0.88 => 2,
        u if u < 0.97 => 3,
        u if u < 0.985 => 4,
        _ => 5,
    }
}
