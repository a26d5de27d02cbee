//! A W that decayed to a lepton, and its histograms.

use rootlake_hist::Handle;

use super::Tally;
use super::near::transverse_mass_single;
use super::plots::LeptonPlots;
use crate::object::{Lepton, MissingMomentum};

/// A W that decayed to a lepton and a neutrino, which is missing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LeptonicW {
    pub(super) lepton: Lepton,
    pub(super) missing: MissingMomentum,
    /// Of the lepton and what is missing, MeV.
    pub(super) transverse_mass: f32,
}

impl LeptonicW {
    /// That of an event's only good lepton.
    #[inline]
    pub(super) fn of(lepton: Lepton, missing: MissingMomentum) -> Self {
        Self {
            lepton,
            missing,
            transverse_mass: transverse_mass_single(&lepton, &missing),
        }
    }
}

/// Where its histograms stand in the output.
#[derive(Debug)]
pub(super) struct LeptonicWPlots {
    pub(super) missing_energy: Handle,
    pub(super) transverse_mass: Handle,
    pub(super) lepton: LeptonPlots,
}

impl LeptonicWPlots {
    /// Fills one W: momenta, masses and energies in GeV.
    pub(super) fn fill(&self, tally: &mut Tally<'_>, w: &LeptonicW) {
        tally.fill(self.missing_energy, f64::from(w.missing.et) / 1000.0);
        tally.fill(self.transverse_mass, f64::from(w.transverse_mass) / 1000.0);
        self.lepton.fill(tally, &w.lepton);
    }
}
