//! Jets as measured.

use super::{mev, polar, single};
use crate::generate::process::light_flavour;
use crate::generate::random::Random;
use crate::generate::record::JetRow;
use crate::generate::truth::Truth;

/// Jets of the process, and soft ones beside it.
pub(super) fn measure(jets: &mut Vec<JetRow>, truth: &Truth, random: &mut Random) {
    for jet in &truth.jets {
        add(jets, polar(&jet.momentum), jet.flavour, random);
    }
    while jets.len() < 12 && random.chance(0.12) {
        let pt = 20.0 + random.exponential(12.0);
        let (eta, phi) = (random.between(-2.5, 2.5), random.azimuth());
        let flavour = light_flavour(random);
        add(jets, (pt, eta, phi), flavour, random);
    }
}

/// Adds a jet, if it is measured within the collection's bounds.
fn add(jets: &mut Vec<JetRow>, (pt, eta, phi): (f64, f64, f64), flavour: i32, random: &mut Random) {
    let pt = pt * (1.0 + random.normal(0.0, 0.8 / pt.max(10.0).sqrt()));
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
