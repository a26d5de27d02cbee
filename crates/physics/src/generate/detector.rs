//! What a detector makes of an event: objects ordered by transverse momentum, in MeV.

use super::process::{TrueLepton, TruePhoton, Truth};
use super::random::Random;
use super::record::{JetRow, LeptonRow, PhotonRow};
use crate::object::ELECTRON;
use crate::{FinalState, FourVector};

/// The objects of one event.
#[derive(Debug, Default)]
pub(super) struct Event {
    pub(super) leptons: Vec<LeptonRow>,
    pub(super) photons: Vec<PhotonRow>,
    pub(super) jets: Vec<JetRow>,
    /// Missing transverse momentum, MeV and rad.
    pub(super) met: f32,
    pub(super) met_phi: f32,
    pub(super) triggers: Triggers,
}

/// Which triggers fired.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Triggers {
    pub(super) electron: bool,
    pub(super) muon: bool,
    pub(super) photon: bool,
}

/// Reconstructs one event after the other in the same memory.
pub(super) struct Detector {
    event: Event,
    is_data: bool,
}

impl Detector {
    /// A detector; of data it gives no uncertainties, as in the real files.
    pub(super) fn new(is_data: bool) -> Self {
        Self {
            event: Event::default(),
            is_data,
        }
    }

    /// The objects of an event.
    pub(super) fn reconstruct(
        &mut self,
        final_state: FinalState,
        truth: &Truth,
        random: &mut Random,
    ) -> &Event {
        let event = &mut self.event;
        event.leptons.clear();
        event.photons.clear();
        event.jets.clear();
        event.leptons.extend(
            truth
                .leptons
                .iter()
                .map(|lepton| self::lepton(lepton, random)),
        );
        event.photons.extend(
            truth
                .photons
                .iter()
                .map(|photon| self::photon(photon, random)),
        );
        jets(event, truth, random);
        missing_momentum(event, truth, random);

        event.leptons.sort_by(|a, b| b.pt.total_cmp(&a.pt));
        event.photons.sort_by(|a, b| b.pt.total_cmp(&a.pt));
        event.jets.sort_by(|a, b| b.pt.total_cmp(&a.pt));
        trigger(event, final_state, random);
        if !self.is_data {
            uncertainties(event, random);
        }
        &self.event
    }
}

/// GeV to MeV, in single precision.
#[allow(
    clippy::cast_possible_truncation,
    reason = "branches hold single precision"
)]
fn mev(gev: f64) -> f32 {
    (1000.0 * gev) as f32
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "branches hold single precision"
)]
fn single(value: f64) -> f32 {
    value as f32
}

/// Transverse momentum (GeV), pseudorapidity and azimuth.
fn polar(p: &FourVector) -> (f64, f64, f64) {
    let pt = p.pt();
    (pt, (p.pz / pt).asinh(), p.py.atan2(p.px))
}

fn lepton(lepton: &TrueLepton, random: &mut Random) -> LeptonRow {
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

fn photon(photon: &TruePhoton, random: &mut Random) -> PhotonRow {
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

/// Jets from bottom quarks, from radiation that recoils against the system, and soft ones.
fn jets(event: &mut Event, truth: &Truth, random: &mut Random) {
    for b_jet in &truth.b_jets {
        let (pt, eta, phi) = polar(b_jet);
        jet(event, (pt, eta, phi), 5, random);
    }
    let (x, y) = truth.recoil;
    let recoil = x.hypot(y);
    if recoil > 16.0 && random.chance(0.8) {
        let (eta, turn) = (random.normal(0.0, 1.3), random.normal(0.0, 0.15));
        let (sin, cos) = turn.sin_cos();
        let phi = (-y * cos - x * sin).atan2(-x * cos + y * sin);
        let flavour = light_flavour(random);
        jet(event, (recoil, eta, phi), flavour, random);
    }
    while event.jets.len() < 12 && random.chance(0.28) {
        let pt = 20.0 + random.exponential(15.0);
        let (eta, phi) = (random.between(-2.5, 2.5), random.azimuth());
        let flavour = light_flavour(random);
        jet(event, (pt, eta, phi), flavour, random);
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
fn jet(event: &mut Event, (pt, eta, phi): (f64, f64, f64), flavour: i32, random: &mut Random) {
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
    event.jets.push(JetRow {
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

fn missing_momentum(event: &mut Event, truth: &Truth, random: &mut Random) {
    let activity: f64 = event
        .jets
        .iter()
        .map(|jet| f64::from(jet.pt) / 1000.0)
        .sum();
    let resolution = 9.0 + 0.05 * activity;
    let x = truth.missing.0 + random.normal(0.0, resolution);
    let y = truth.missing.1 + random.normal(0.0, resolution);
    event.met = mev(x.hypot(y));
    event.met_phi = single(y.atan2(x));
}

/// Which triggers fire, and which objects make them. The lepton collections hold triggered events
/// only.
fn trigger(event: &mut Event, final_state: FinalState, random: &mut Random) {
    event.triggers = Triggers::default();
    if final_state == FinalState::Diphoton {
        event.triggers.photon = random.chance(0.985);
        for photon in &mut event.photons {
            photon.trigger_matched = event.triggers.photon && random.chance(0.95);
        }
        return;
    }
    let triggering = |lepton: &LeptonRow| lepton.pt > 25_000.0;
    let is_electron = |lepton: &LeptonRow| lepton.flavour == ELECTRON;
    let hard = || event.leptons.iter().filter(|lepton| triggering(lepton));
    let (electrons, muons) = (hard().any(is_electron), hard().any(|l| !is_electron(l)));
    let mut electron = electrons && random.chance(0.95);
    let mut muon = muons && random.chance(0.86);
    if !electron && !muon {
        electron = electrons;
        muon = !electrons;
    }
    event.triggers = Triggers {
        electron,
        muon,
        photon: false,
    };
    for lepton in &mut event.leptons {
        let fired = if is_electron(lepton) { electron } else { muon };
        lepton.trigger_matched = fired && triggering(lepton) && random.chance(0.9);
    }
}

/// One standard deviation of each transverse momentum.
fn uncertainties(event: &mut Event, random: &mut Random) {
    for lepton in &mut event.leptons {
        lepton.pt_uncertainty = lepton.pt * single(random.between(0.003, 0.010));
    }
    for jet in &mut event.jets {
        jet.pt_uncertainty = jet.pt * single(random.between(0.015, 0.060));
    }
    for photon in &mut event.photons {
        photon.pt_uncertainty = photon.pt * single(random.between(0.003, 0.010));
    }
}

#[cfg(test)]
mod tests {
    use super::super::process::Process;
    use super::super::random::key;
    use super::*;

    fn events(process: Process, final_state: FinalState, mut look: impl FnMut(&Event)) {
        let mut random = Random::stream(key(11, "", ""), 0);
        let mut truth = Truth::default();
        let mut detector = Detector::new(false);
        for _ in 0..2000 {
            process.generate(&mut random, &mut truth);
            look(detector.reconstruct(final_state, &truth, &mut random));
        }
    }

    #[test]
    fn objects_are_ordered_and_within_bounds() {
        events(Process::TopPair, FinalState::FourLepton, |event| {
            assert!(event.leptons.is_sorted_by(|a, b| a.pt >= b.pt));
            assert!(event.jets.is_sorted_by(|a, b| a.pt >= b.pt));
            assert!(
                event
                    .jets
                    .iter()
                    .all(|jet| jet.pt >= 20_000.0 && jet.eta.abs() <= 2.5)
            );
            assert!(
                event
                    .leptons
                    .iter()
                    .all(|l| l.pt > 6500.0 && l.eta.abs() < 2.5)
            );
            assert!(event.triggers.electron || event.triggers.muon);
            for lepton in &event.leptons {
                assert!(lepton.energy >= lepton.pt);
                assert!(lepton.d0_significance >= 0.0 && lepton.pt_uncertainty > 0.0);
            }
        });
    }

    #[test]
    fn masses_are_smeared_around_the_resonance() {
        let mut masses = Vec::new();
        events(Process::HiggsToPhotons, FinalState::Diphoton, |event| {
            let momentum = |photon: &PhotonRow| {
                let [pt, eta, phi, energy] =
                    [photon.pt, photon.eta, photon.phi, photon.energy].map(f64::from);
                FourVector::from_pt_eta_phi_e(pt, eta, phi, energy)
            };
            let sum = momentum(&event.photons[0]) + momentum(&event.photons[1]);
            masses.push(sum.mass() / 1000.0);
        });
        let count = masses.len() as f64;
        let mean = masses.iter().sum::<f64>() / count;
        let width = (masses.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / count).sqrt();
        assert!(
            (mean - 125.0).abs() < 0.2 && (1.2..1.7).contains(&width),
            "{mean} {width}"
        );
    }
}
