//! What a detector makes of an event: objects ordered by transverse momentum, in MeV.

mod jet;
mod large_r_jet;
mod lepton;
mod photon;
mod tau;

use super::random::Random;
use super::record::{Event, LeptonRow, Triggers};
use super::truth::Truth;
use crate::object::ELECTRON;
use crate::{FinalState, FourVector};

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
        event.taus.clear();
        event.large_r_jets.clear();
        event.leptons.extend(
            truth
                .leptons
                .iter()
                .map(|lepton| lepton::measure(lepton, random)),
        );
        event.photons.extend(
            truth
                .photons
                .iter()
                .map(|photon| photon::measure(photon, random)),
        );
        let taus = truth.taus.iter().map(|tau| tau::measure(tau, random));
        event.taus.extend(taus);
        jet::measure(&mut event.jets, truth, random);
        let large = truth.large_r_jets.iter();
        event
            .large_r_jets
            .extend(large.map(|jet| large_r_jet::measure(jet, random)));
        missing_momentum(event, truth, random);

        event.leptons.sort_by(|a, b| b.pt.total_cmp(&a.pt));
        event.photons.sort_by(|a, b| b.pt.total_cmp(&a.pt));
        event.jets.sort_by(|a, b| b.pt.total_cmp(&a.pt));
        event.taus.sort_by(|a, b| b.pt.total_cmp(&a.pt));
        event.large_r_jets.sort_by(|a, b| b.pt.total_cmp(&a.pt));
        event.ditau_mass = tau::ditau_mass(event.leptons.first(), event.taus.first(), random);
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

/// How well a component of the missing momentum is known without jets, GeV, what each GeV of jets
/// adds, and how often it is known so many times worse. In the real 4lep files of periods A and B
/// half of the events without jets miss 20 GeV, a tenth 46 GeV.
const MISSING_RESOLUTION: (f64, f64) = (16.0, 0.05);
const POORLY_MEASURED: (f64, f64) = (0.1, 2.5);

fn missing_momentum(event: &mut Event, truth: &Truth, random: &mut Random) {
    let activity: f64 = event
        .jets
        .iter()
        .map(|jet| f64::from(jet.pt) / 1000.0)
        .sum();
    let mut resolution = MISSING_RESOLUTION.0 + MISSING_RESOLUTION.1 * activity;
    if random.chance(POORLY_MEASURED.0) {
        resolution *= POORLY_MEASURED.1;
    }
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
    for tau in &mut event.taus {
        tau.pt_uncertainty = tau.pt * single(random.between(0.02, 0.05));
    }
    for jet in &mut event.large_r_jets {
        jet.pt_uncertainty = jet.pt * single(random.between(0.02, 0.06));
    }
}

#[cfg(test)]
mod tests {
    use super::super::process::Process;
    use super::super::random::key;
    use super::super::record::PhotonRow;
    use super::*;

    fn events(process: Process, final_state: FinalState, mut look: impl FnMut(&Event)) {
        let mut random = Random::stream(key(11, "", ""), 0);
        let mut truth = Truth::new(final_state, false);
        let mut detector = Detector::new(false);
        for _ in 0..2000 {
            process.generate(&mut random, &mut truth);
            look(detector.reconstruct(final_state, &truth, &mut random));
        }
    }

    #[test]
    fn objects_are_ordered_and_within_bounds() {
        events(Process::TopPairToLeptons, FinalState::FourLepton, |event| {
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
