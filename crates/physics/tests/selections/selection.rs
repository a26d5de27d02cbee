//! The selections once more, event by event and without any care for speed. Energies in MeV.

pub mod bosons;
pub mod higgs;
pub mod susy;
pub mod top;

use super::event::{Event, Jet, Lepton};
use super::vector::{Vector, eta, of_branches, of_branches_gev, phi, pt, theta};

/// What is filled into which histogram, in order.
pub type Fills = Vec<(&'static str, f64)>;

/// A selection: the event's weight, and its fills if it passes.
pub type Selection = fn(&Event, &str) -> (f32, Fills);

/// Of events with leptons; `last` is the scale factor of b-tags or taus, or 1.
pub fn weight(event: &Event, last: f32, sample: &str) -> f32 {
    if sample.contains("data") {
        return 1.0;
    }
    let factors = event.sf_ele * event.sf_muon * event.sf_lep_trigger * event.sf_pileup * last;
    let mc = event.mc_weight;
    let is_signed = sample.contains("single");
    factors * if is_signed { mc / mc.abs() } else { mc }
}

/// What the selections of good leptons differ in.
pub struct GoodLepton {
    pub min_pt: f64,
    pub isolation: f64,
    /// Whether electrons between barrel and end caps are refused.
    pub crack: bool,
    /// Whether cuts on the track are written as refusals.
    pub refusals: bool,
}

pub fn is_good_lepton(l: &Lepton, cuts: &GoodLepton) -> bool {
    let abs_eta = f64::from(l.eta.abs());
    let v = of_branches_gev(l.pt, l.eta, l.phi, l.energy);
    let (ratio, z0) = (
        l.d0.abs() / l.sigma,
        (f64::from(l.z0) * theta(v).sin()).abs(),
    );
    let is_on_track = |max_ratio: f32| {
        if cuts.refusals {
            let refused = ratio > max_ratio || z0 > 0.5;
            !refused
        } else {
            ratio < max_ratio && z0 < 0.5
        }
    };
    if !l.tight || !(f64::from(l.pt) > cuts.min_pt) {
        return false;
    }
    if !(f64::from(l.ptcone / l.pt) < cuts.isolation) {
        return false;
    }
    if !(f64::from(l.etcone / l.pt) < cuts.isolation) {
        return false;
    }
    match l.flavour {
        11 => {
            let outside = abs_eta < 1.37 || abs_eta > 1.52 || !cuts.crack;
            abs_eta < 2.47 && outside && is_on_track(5.0)
        }
        13 => abs_eta < 2.5 && is_on_track(3.0),
        _ => false,
    }
}

pub fn is_good_jet(jet: &Jet, min_pt: f64) -> bool {
    let abs_eta = f64::from(jet.eta.abs());
    let fails_jvt = jet.pt < 60_000.0 && abs_eta < 2.4 && f64::from(jet.jvt) < 0.59;
    f64::from(jet.pt) > min_pt && abs_eta < 2.5 && !fails_jvt
}

pub fn lepton_vector(l: &Lepton) -> Vector {
    of_branches(l.pt, l.eta, l.phi, l.energy)
}

pub fn jet_vector(jet: &Jet) -> Vector {
    of_branches(jet.pt, jet.eta, jet.phi, jet.energy)
}

pub fn missing_vector(event: &Event) -> Vector {
    of_branches(event.met, 0.0, event.met_phi, event.met)
}

pub fn is_opposite(a: i32, b: i32) -> bool {
    i64::from(a) * i64::from(b) < 0
}

/// Transverse momentum, pseudorapidity, energy, azimuth, charge and flavour of a lepton.
pub fn fill_lepton(fills: &mut Fills, names: [&'static str; 6], lepton: &Lepton) {
    let v = lepton_vector(lepton);
    let values = [
        pt(v) / 1000.0,
        eta(v),
        v[3] / 1000.0,
        phi(v),
        f64::from(lepton.charge),
        f64::from(lepton.flavour),
    ];
    fills.extend(names.into_iter().zip(values));
}

pub const LEADING: [&str; 6] = [
    "hist_leadleptpt",
    "hist_leadlepteta",
    "hist_leadleptE",
    "hist_leadleptphi",
    "hist_leadleptch",
    "hist_leadleptID",
];

pub const SUBLEADING: [&str; 6] = [
    "hist_subleadleptpt",
    "hist_subleadlepteta",
    "hist_subleadleptE",
    "hist_subleadleptphi",
    "hist_subleadleptch",
    "hist_subleadleptID",
];

pub fn fill_jet(fills: &mut Fills, names: [&'static str; 2], jet: &Jet) {
    fills.push((names[0], f64::from(jet.pt) / 1000.0));
    fills.push((names[1], f64::from(jet.eta)));
}
