//! Tau leptons that decay to hadrons, as measured.

use super::{mev, polar, single};
use crate::FourVector;
use crate::generate::random::Random;
use crate::generate::record::{LeptonRow, TauRow};
use crate::generate::truth::TrueTau;

/// A tau lepton, or a jet that looks like one.
pub(super) fn measure(tau: &TrueTau, random: &mut Random) -> TauRow {
    let scale = 1.0 + random.normal(0.0, 0.07);
    let (pt, eta, phi) = polar(&tau.momentum);
    let (pt, momentum) = (pt * scale, tau.momentum.energy * scale);
    let (tight, one_track) = if tau.is_prompt {
        (0.6, 0.75)
    } else {
        (0.2, 0.5)
    };
    let mass = 0.8;
    let identification = match tau.is_prompt {
        true => 1.0 - 0.5 * random.unit().powi(2),
        false => 0.4 + 0.6 * random.unit(),
    };
    TauRow {
        pt: mev(pt),
        eta: single(eta),
        phi: single(phi),
        energy: mev((momentum * momentum + mass * mass).sqrt()),
        tight: random.chance(tight),
        truth_matched: tau.is_prompt,
        tracks: if random.chance(one_track) { 1 } else { 3 },
        identification: single(identification),
        charge: tau.charge,
        ..TauRow::default()
    }
}

/// What the mass of a tau pair is taken for, GeV: that of what is seen, stretched by what is not.
pub(super) fn ditau_mass(
    lepton: Option<&LeptonRow>,
    tau: Option<&TauRow>,
    random: &mut Random,
) -> f32 {
    let (Some(lepton), Some(tau)) = (lepton, tau) else {
        return 0.0;
    };
    let momentum = |values: [f32; 4]| {
        let [pt, eta, phi, energy] = values.map(f64::from);
        FourVector::from_pt_eta_phi_e(pt, eta, phi, energy)
    };
    let sum = momentum([lepton.pt, lepton.eta, lepton.phi, lepton.energy])
        + momentum([tau.pt, tau.eta, tau.phi, tau.energy]);
    single(sum.mass() / 1000.0 * random.normal(1.55, 0.12).max(1.0))
}
