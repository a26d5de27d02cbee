//! What happens in an event, before a detector sees it. Momenta in GeV.

use super::kinematics::{decay, massless, produce, stray, z_mass};
use super::random::Random;
use crate::FourVector;
use crate::object::{ELECTRON, MUON};

/// What produced an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Process {
    /// Two Z on their mass shell.
    ZZ,
    /// A Z and a lepton pair of lower mass, below the threshold of two Z.
    ZZStar,
    /// One Z that radiates a second lepton pair.
    ZToFourLeptons,
    /// H → ZZ* → 4ℓ.
    HiggsToZZ,
    /// W and Z to three leptons, a fourth one fake.
    WZ,
    /// Z → ee and two fake leptons.
    ZToElectrons,
    /// Z → µµ and two fake leptons.
    ZToMuons,
    /// A top pair with two leptons, two more from the bottom quarks.
    TopPair,
    /// H → γγ.
    HiggsToPhotons,
    /// Two photons.
    PhotonPair,
    /// A photon and a jet taken for one.
    PhotonAndJet,
}

/// A lepton that leaves a process.
#[derive(Clone, Copy, Debug)]
pub(super) struct TrueLepton {
    pub(super) momentum: FourVector,
    pub(super) flavour: u32,
    pub(super) charge: i32,
    /// Whether it comes from a boson rather than from a jet.
    pub(super) is_prompt: bool,
}

/// A photon that leaves a process.
#[derive(Clone, Copy, Debug)]
pub(super) struct TruePhoton {
    pub(super) momentum: FourVector,
    /// Whether it is one, rather than a jet taken for one.
    pub(super) is_prompt: bool,
}

/// The outcome of one process; kept from event to event for its memory.
#[derive(Debug, Default)]
pub(super) struct Truth {
    pub(super) leptons: Vec<TrueLepton>,
    pub(super) photons: Vec<TruePhoton>,
    /// From bottom quarks.
    pub(super) b_jets: Vec<FourVector>,
    /// What the neutrinos carry away across the beam.
    pub(super) missing: (f64, f64),
    /// What jets from the initial state recoil against, across the beam.
    pub(super) recoil: (f64, f64),
}

/// The Higgs boson's mass, GeV. Its width is far below any resolution.
const HIGGS_MASS: f64 = 125.0;

impl Process {
    /// Draws events until one lies within the collection's acceptance.
    pub(super) fn generate(self, random: &mut Random, truth: &mut Truth) {
        loop {
            truth.clear();
            self.draw(random, truth);
            if truth.is_accepted() {
                return;
            }
        }
    }

    fn draw(self, random: &mut Random, truth: &mut Truth) {
        match self {
            Self::ZZ => on_shell_pair(random, truth),
            Self::ZZStar => off_shell_pair(random, truth),
            Self::ZToFourLeptons => radiating_z(random, truth),
            Self::HiggsToZZ => higgs_to_zz(random, truth),
            Self::WZ => {
                z_to_leptons(random, truth, None);
                w_to_lepton(random, truth);
                fake_lepton(random, truth);
            }
            Self::ZToElectrons => z_and_fakes(random, truth, ELECTRON),
            Self::ZToMuons => z_and_fakes(random, truth, MUON),
            Self::TopPair => top_pair(random, truth),
            Self::HiggsToPhotons => two_photons(random, truth, HIGGS_MASS, true),
            Self::PhotonPair => {
                let mass = 62.0 + random.exponential(33.0);
                two_photons(random, truth, mass, true);
            }
            Self::PhotonAndJet => {
                let mass = 62.0 + random.exponential(38.0);
                two_photons(random, truth, mass, false);
            }
        }
    }
}

impl Truth {
    fn clear(&mut self) {
        self.leptons.clear();
        self.photons.clear();
        self.b_jets.clear();
        self.missing = (0.0, 0.0);
        self.recoil = (0.0, 0.0);
    }

    /// Whether all leptons and photons lie where the collection asks for them. Only squares are
    /// compared, because most events of some processes fail here.
    fn is_accepted(&self) -> bool {
        const SINH_2_47: f64 = 5.869;
        const SINH_2_37: f64 = 5.302;
        let within = |p: &FourVector, min_pt: f64, max_sinh_eta: f64| {
            let squared = p.px * p.px + p.py * p.py;
            squared > min_pt * min_pt && p.pz * p.pz < max_sinh_eta * max_sinh_eta * squared
        };
        let leptons = || self.leptons.iter().map(|lepton| &lepton.momentum);
        let photons = || self.photons.iter().map(|photon| &photon.momentum);
        leptons().all(|p| within(p, 7.3, SINH_2_47))
            && photons().all(|p| within(p, 26.0, SINH_2_37))
            && (self.leptons.is_empty() || leptons().any(|p| within(p, 26.0, SINH_2_47)))
            && (self.photons.is_empty() || photons().any(|p| within(p, 37.0, SINH_2_37)))
    }

    fn recoil_against(&mut self, system: FourVector) {
        self.recoil.0 += system.px;
        self.recoil.1 += system.py;
    }

    fn lepton(&mut self, momentum: FourVector, flavour: u32, charge: i32, is_prompt: bool) {
        self.leptons.push(TrueLepton {
            momentum,
            flavour,
            charge,
            is_prompt,
        });
    }

    fn lepton_pair(&mut self, random: &mut Random, parent: FourVector, flavour: u32) {
        let (plus, minus) = decay(random, parent, (0.0, 0.0));
        self.lepton(plus, flavour, 1, true);
        self.lepton(minus, flavour, -1, true);
    }

    /// A system of that mass that decays to two lepton pairs.
    fn four_leptons(
        &mut self,
        random: &mut Random,
        mass: f64,
        pair_masses: (f64, f64),
        mean_pt: f64,
    ) {
        let system = produce(random, mass, mean_pt, 0.9);
        let (one, other) = decay(random, system, pair_masses);
        let flavours = (any_flavour(random), any_flavour(random));
        self.lepton_pair(random, one, flavours.0);
        self.lepton_pair(random, other, flavours.1);
        self.recoil_against(system);
    }
}

fn any_flavour(random: &mut Random) -> u32 {
    if random.chance(0.5) { ELECTRON } else { MUON }
}

fn on_shell_pair(random: &mut Random, truth: &mut Truth) {
    let masses = (z_mass(random, 66.0, 116.0), z_mass(random, 66.0, 116.0));
    // A Gamma distribution of shape 3/2: a square root at threshold, then an exponential.
    let above = random.exponential(42.0) + 21.0 * random.normal(0.0, 1.0).powi(2);
    truth.four_leptons(random, masses.0 + masses.1 + above, masses, 22.0);
}

fn off_shell_pair(random: &mut Random, truth: &mut Truth) {
    let mass = random.between(100.0, 186.0);
    let heavy = z_mass(random, 50.0, (mass - 8.0).min(106.0));
    let light = random.logarithmic(6.0, mass - heavy);
    truth.four_leptons(random, mass, (heavy, light), 20.0);
}

fn radiating_z(random: &mut Random, truth: &mut Truth) {
    let mass = z_mass(random, 76.0, 108.0);
    let heavy = (mass - 6.0 - random.exponential(12.0)).max(30.0);
    let light = random.logarithmic(4.0, mass - heavy);
    truth.four_leptons(random, mass, (heavy, light), 32.0);
}

fn higgs_to_zz(random: &mut Random, truth: &mut Truth) {
    let heavy = match random.chance(0.72) {
        true => z_mass(random, 70.0, 106.0),
        false => random.between(50.0, 88.0),
    };
    let room = HIGGS_MASS - heavy;
    // The lighter mass: rising from the photon's pole, falling where the momentum gives out.
    let light = loop {
        let light = random.between(8.0, room);
        let share = light / room;
        if random.chance(2.5 * share * (1.0 - share * share).sqrt() * (1.0 - share)) {
            break light;
        }
    };
    truth.four_leptons(random, HIGGS_MASS, (heavy, light), 28.0);
}

fn z_to_leptons(random: &mut Random, truth: &mut Truth, flavour: Option<u32>) {
    let mass = z_mass(random, 50.0, 130.0);
    let boson = produce(random, mass, 18.0, 1.0);
    let flavour = flavour.unwrap_or_else(|| any_flavour(random));
    truth.lepton_pair(random, boson, flavour);
    truth.recoil_against(boson);
}

fn w_to_lepton(random: &mut Random, truth: &mut Truth) {
    let pt = 12.0 + random.exponential(28.0);
    let momentum = stray(random, pt);
    let (flavour, charge) = (any_flavour(random), random.sign());
    truth.lepton(momentum, flavour, charge, true);
    let neutrino_pt = 10.0 + random.exponential(30.0);
    neutrino(random, truth, neutrino_pt);
}

fn neutrino(random: &mut Random, truth: &mut Truth, pt: f64) {
    let (sin, cos) = random.azimuth().sin_cos();
    truth.missing.0 += pt * cos;
    truth.missing.1 += pt * sin;
}

fn fake_lepton(random: &mut Random, truth: &mut Truth) {
    let pt = 7.3 + random.exponential(7.5);
    let momentum = stray(random, pt);
    let (flavour, charge) = (any_flavour(random), random.sign());
    truth.lepton(momentum, flavour, charge, false);
}

fn z_and_fakes(random: &mut Random, truth: &mut Truth, flavour: u32) {
    z_to_leptons(random, truth, Some(flavour));
    fake_lepton(random, truth);
    fake_lepton(random, truth);
}

fn top_pair(random: &mut Random, truth: &mut Truth) {
    for charge in [1, -1] {
        let pt = 15.0 + random.exponential(35.0);
        let momentum = stray(random, pt);
        let flavour = any_flavour(random);
        truth.lepton(momentum, flavour, charge, true);
        let neutrino_pt = random.exponential(45.0);
        neutrino(random, truth, neutrino_pt);

        let pt = 25.0 + random.exponential(45.0);
        let (eta, phi) = (random.normal(0.0, 1.0), random.azimuth());
        truth.b_jets.push(massless(pt, eta, phi));
        fake_lepton(random, truth);
    }
}

fn two_photons(random: &mut Random, truth: &mut Truth, mass: f64, is_second_prompt: bool) {
    let system = produce(random, mass, 26.0, 0.9);
    let (one, other) = decay(random, system, (0.0, 0.0));
    for (momentum, is_prompt) in [(one, true), (other, is_second_prompt)] {
        truth.photons.push(TruePhoton {
            momentum,
            is_prompt,
        });
    }
    truth.recoil_against(system);
}

#[cfg(test)]
mod tests {
    use super::super::random::key;
    use super::*;

    const ALL: [Process; 11] = [
        Process::ZZ,
        Process::ZZStar,
        Process::ZToFourLeptons,
        Process::HiggsToZZ,
        Process::WZ,
        Process::ZToElectrons,
        Process::ZToMuons,
        Process::TopPair,
        Process::HiggsToPhotons,
        Process::PhotonPair,
        Process::PhotonAndJet,
    ];

    fn events(process: Process, mut look: impl FnMut(&Truth)) {
        let mut random = Random::stream(key(5, "", ""), 0);
        let mut truth = Truth::default();
        for _ in 0..2000 {
            process.generate(&mut random, &mut truth);
            look(&truth);
        }
    }

    fn mass(truth: &Truth) -> f64 {
        let leptons = truth.leptons.iter().map(|lepton| lepton.momentum);
        let photons = truth.photons.iter().map(|photon| photon.momentum);
        leptons
            .chain(photons)
            .reduce(|sum, p| sum + p)
            .unwrap()
            .mass()
    }

    #[test]
    fn every_process_gives_what_its_collection_holds() {
        for process in ALL {
            events(process, |truth| match truth.photons.len() {
                0 => assert_eq!(truth.leptons.len(), 4, "{process:?}"),
                photons => assert_eq!(photons + truth.leptons.len(), 2, "{process:?}"),
            });
        }
    }

    #[test]
    fn resonances_stand_where_they_belong() {
        let check = |process, low: f64, high: f64| {
            events(process, |truth| {
                let mass = mass(truth);
                assert!(mass > low && mass < high, "{process:?} {mass}");
            });
        };
        check(Process::HiggsToZZ, 124.99, 125.01);
        check(Process::HiggsToPhotons, 124.99, 125.01);
        check(Process::ZToFourLeptons, 75.9, 108.1);
        check(Process::ZZStar, 99.9, 186.1);
        check(Process::ZZ, 132.0, f64::INFINITY);
        check(Process::PhotonPair, 61.9, f64::INFINITY);
    }
}
