//! Jets of radius 1.0 as measured.

use super::{mev, polar, single};
use crate::generate::random::Random;
use crate::generate::record::LargeRJetRow;
use crate::generate::truth::TrueLargeRJet;

/// A large-R jet, with what tells of how many parts it is.
pub(super) fn measure(jet: &TrueLargeRJet, random: &mut Random) -> LargeRJetRow {
    let (pt, eta, phi) = polar(&jet.momentum);
    let pt = pt * (1.0 + random.normal(0.0, 0.06));
    let mass = jet.mass * (1.0 + random.normal(0.0, 0.09));
    let momentum = pt * eta.cosh();
    let (tau32, width, d2) = match jet.prongs {
        3 => (0.55, 0.13, 1.9),
        2 => (0.70, 0.12, 1.3),
        _ => (0.77, 0.10, 2.4),
    };
    LargeRJetRow {
        pt: mev(pt),
        eta: single(eta),
        phi: single(phi),
        energy: mev((momentum * momentum + mass * mass).sqrt()),
        mass: mev(mass),
        truth_matched: if jet.prongs > 1 { 1.0 } else { 0.0 },
        d2: single(d2 * random.spread(0.35)),
        tau32: single(random.normal(tau32, width).clamp(0.05, 1.0)),
        ..LargeRJetRow::default()
    }
}
