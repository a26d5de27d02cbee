//! Jets as measured.

use super::{mev, polar, single};
use crate::generate::process::Truth;
use crate::generate::random::Random;
use crate::generate::record::JetRow;

/// Jets from bottom quarks, from radiation that recoils against the system, and soft ones.
pub(super) fn measure(jets: &mut Vec<JetRow>, truth: &Truth, random: &mut Random) {
    for b_jet in &truth.b_jets {
        let (pt, eta, phi) = polar(b_jet);
        add(jets, (pt, eta, phi), 5, random);
    }
    let (x, y) = truth.recoil;
    let recoil = x.hypot(y);
    if recoil > 16.0 && random.chance(0.8) {
        let (eta, turn) = (random.normal(0.0, 1.3), random.normal(0.0, 0.15));
        let (sin, cos) = turn.sin_cos();
        let phi = (-y * cos - x * sin).atan2(-x * cos + y * sin);
        let flavour = light_flavour(random);
        add(jets, (recoil, eta, phi), flavour, random);
    }
    while jets.len() < 12 && random.chance(0.28) {
        let pt = 20.0 + random.exponential(15.0);
        let (eta, phi) = (random.between(-2.5, 2.5), random.azimuth());
        let flavour = light_flavour(random);
        add(jets, (pt, eta, phi), flavour, random);
    }
}

fn light_flavour(random: &mut Random) -> i32 {
    match random.unit() {
        u if u < 0.06 => 4,
        u if u < 0.09 => 5,
        _ => 0,
    }
}

/// Adds a jet, if it is measured within the collection's bounds.
fn add(jets: &mut Vec<JetRow>, (pt, eta, phi): (f64, f64, f64), flavour: i32, random: &mut Random) {
    let pt = pt * (1.0 + random.normal(0.0, 0.8 / pt.sqrt()));
    if pt < 20.0 || eta.abs() > 2.5 {
        return;
    }
    let mass = pt * random.normal(0.15, 0.03).abs();
    let momentum = pt * eta.cosh();
    let (tag_shift, tag_power) = if flavour == 5 {
        (1.0, -1.9)
    } else {
        (-0.97, 1.9)
    };
    jets.push(JetRow {
        pt: mev(pt),
        eta: single(eta),
        phi: single(phi),
        energy: mev((momentum * momentum + mass * mass).sqrt()),
        jvt: single(1.0 - 0.4 * random.unit().powi(4)),
        true_flavour: flavour,
        truth_matched: true,
        b_tag: single(tag_shift + tag_power * random.unit().powi(3)),
        ..JetRow::default()
    });
}
