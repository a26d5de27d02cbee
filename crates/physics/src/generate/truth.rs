//! What leaves a process, before a detector sees it. Momenta in GeV.

use super::kinematics::{stray, within};
use super::random::Random;
use crate::FinalState;
use crate::FourVector;
use crate::object::{ELECTRON, MUON};

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

/// A tau lepton that decays to hadrons, or a jet taken for one.
#[derive(Clone, Copy, Debug)]
pub(super) struct TrueTau {
    /// What is seen of it.
    pub(super) momentum: FourVector,
    pub(super) charge: i32,
    pub(super) is_prompt: bool,
}

/// A quark or gluon.
#[derive(Clone, Copy, Debug)]
pub(super) struct TrueJet {
    pub(super) momentum: FourVector,
    /// 5 for bottom, 4 for charm, else 0.
    pub(super) flavour: i32,
}

/// What a large-R jet holds whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct TrueLargeRJet {
    pub(super) momentum: FourVector,
    pub(super) mass: f64,
    /// Of how many quarks it consists.
    pub(super) prongs: u8,
}

/// The outcome of one process; kept from event to event for its memory.
#[derive(Debug)]
pub(super) struct Truth {
    pub(super) leptons: Vec<TrueLepton>,
    pub(super) photons: Vec<TruePhoton>,
    pub(super) taus: Vec<TrueTau>,
    pub(super) jets: Vec<TrueJet>,
    pub(super) large_r_jets: Vec<TrueLargeRJet>,
    /// What neutrinos and their like carry away across the beam.
    pub(super) missing: (f64, f64),
    /// What jets from the initial state recoil against, across the beam.
    pub(super) recoil: (f64, f64),
    /// By how much less often than here the event happens.
    pub(super) weight: f64,
    final_state: FinalState,
    draws_rare_events: bool,
}

/// The least momentum across the beam for which a decay lies within one large-R jet, GeV.
pub(super) const BOOST: f64 = 250.0;

impl Truth {
    /// For events of that collection. `draws_rare_events` makes events with many jets more often,
    /// with less weight; data cannot.
    pub(super) fn new(final_state: FinalState, draws_rare_events: bool) -> Self {
        Self {
            leptons: Vec::new(),
            photons: Vec::new(),
            taus: Vec::new(),
            jets: Vec::new(),
            large_r_jets: Vec::new(),
            missing: (0.0, 0.0),
            recoil: (0.0, 0.0),
            weight: 1.0,
            final_state,
            draws_rare_events,
        }
    }

    pub(super) fn clear(&mut self) {
        self.leptons.clear();
        self.photons.clear();
        self.taus.clear();
        self.jets.clear();
        self.large_r_jets.clear();
        self.missing = (0.0, 0.0);
        self.recoil = (0.0, 0.0);
        self.weight = 1.0;
    }

    /// Whether rare events are made more often.
    pub(super) fn draws_rare_events(&self) -> bool {
        self.draws_rare_events
    }

    /// Whether bosons and top quarks have to be fast for the collection.
    pub(super) fn is_boosted(&self) -> bool {
        self.final_state == FinalState::LargeRJetLepton
    }

    /// Drops what lies where the collection does not look, and says whether enough is left. Only
    /// squares are compared, because most events of some processes fail here.
    pub(super) fn accept(&mut self) -> bool {
        const SINH_2_47: f64 = 5.869;
        const SINH_2_37: f64 = 5.302;
        if self.final_state == FinalState::Diphoton {
            let photons = || self.photons.iter().map(|photon| &photon.momentum);
            return photons().all(|p| within(p, 26.0, SINH_2_37))
                && photons().any(|p| within(p, 37.0, SINH_2_37));
        }
        let wanted = self.leptons.len().min(self.final_state.leptons()).max(1);
        let missing = &mut self.missing;
        self.leptons.retain(|lepton| {
            let is_seen = within(&lepton.momentum, 7.3, SINH_2_47);
            if !is_seen {
                missing.0 += lepton.momentum.px;
                missing.1 += lepton.momentum.py;
            }
            is_seen
        });
        self.taus
            .retain(|tau| within(&tau.momentum, 21.0, SINH_2_47));
        let mut leptons = self.leptons.iter();
        self.leptons.len() >= wanted && leptons.any(|l| within(&l.momentum, 26.0, SINH_2_47))
    }

    /// Takes jets for what the collection asks for and the process did not give.
    pub(super) fn fill_up(&mut self, random: &mut Random) {
        while self.leptons.len() < self.final_state.leptons() {
            let pt = 7.3 + random.exponential(7.5);
            let momentum = stray(random, pt);
            let (flavour, charge) = (any_flavour(random), random.sign());
            self.lepton(momentum, flavour, charge, false);
        }
        if self.final_state == FinalState::LeptonTau && self.taus.is_empty() {
            let pt = 21.0 + random.exponential(16.0);
            let momentum = stray(random, pt);
            let charge = random.sign();
            self.tau(momentum, charge, false);
        }
        if self.is_boosted() && self.large_r_jets.is_empty() {
            let pt = BOOST + random.exponential(80.0);
            let momentum = stray(random, pt);
            self.light_large_r_jet(random, momentum);
        }
    }

    pub(super) fn recoil_against(&mut self, system: FourVector) {
        self.recoil.0 += system.px;
        self.recoil.1 += system.py;
    }

    pub(super) fn invisible(&mut self, momentum: FourVector) {
        self.missing.0 += momentum.px;
        self.missing.1 += momentum.py;
    }

    pub(super) fn lepton(
        &mut self,
        momentum: FourVector,
        flavour: u32,
        charge: i32,
        is_prompt: bool,
    ) {
        self.leptons.push(TrueLepton {
            momentum,
            flavour,
            charge,
            is_prompt,
        });
    }

    pub(super) fn tau(&mut self, momentum: FourVector, charge: i32, is_prompt: bool) {
        self.taus.push(TrueTau {
            momentum,
            charge,
            is_prompt,
        });
    }

    pub(super) fn jet(&mut self, momentum: FourVector, flavour: i32) {
        self.jets.push(TrueJet { momentum, flavour });
    }

    /// A large-R jet of a decay, if that is fast enough to lie within one.
    pub(super) fn large_r_jet(&mut self, momentum: FourVector, prongs: u8) {
        if momentum.pt() > BOOST {
            let mass = momentum.mass();
            self.large_r_jets.push(TrueLargeRJet {
                momentum,
                mass,
                prongs,
            });
        }
    }

    /// A large-R jet of one quark or gluon, if it is fast enough.
    pub(super) fn light_large_r_jet(&mut self, random: &mut Random, momentum: FourVector) {
        if momentum.pt() > BOOST {
            let mass = 28.0 + random.exponential(34.0);
            self.large_r_jets.push(TrueLargeRJet {
                momentum,
                mass,
                prongs: 1,
            });
        }
    }
}

/// Electron or muon.
pub(super) fn any_flavour(random: &mut Random) -> u32 {
    if random.chance(0.5) { ELECTRON } else { MUON }
}
