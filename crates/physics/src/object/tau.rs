//! Hadronically decaying tau leptons.

use crate::FourVector;
use crate::collection::collection;
use crate::schema::BranchSpec;

collection! {
    /// A tau lepton that decayed to hadrons.
    Tau in Taus of "tau_n" {
        /// Transverse momentum, MeV.
        pt: f32 = PT "tau_pt",
        /// Pseudorapidity.
        eta: f32 = ETA "tau_eta",
        /// Azimuth, rad.
        phi: f32 = PHI "tau_phi",
        /// Energy, MeV.
        energy: f32 = ENERGY "tau_E",
        /// Electric charge, e.
        charge: i32 = CHARGE "tau_charge",
        /// Whether it passes the tight identification.
        is_tight: bool = IS_TIGHT "tau_isTightID",
        /// The number of its tracks.
        tracks: i32 = TRACKS "tau_nTracks",
        /// The output of the decision trees that tell it from a jet.
        identification: f32 = IDENTIFICATION "tau_BDTid",
        /// Uncertainty of the transverse momentum, MeV.
        pt_syst: f32 = PT_SYST "tau_pt_syst",
    }
}

impl Tau {
    /// All its branches.
    pub const BRANCHES: &'static [BranchSpec] = &[
        Self::PT,
        Self::ETA,
        Self::PHI,
        Self::ENERGY,
        Self::CHARGE,
        Self::IS_TIGHT,
        Self::TRACKS,
        Self::IDENTIFICATION,
        Self::PT_SYST,
    ];

    /// The four-momentum of what is seen of it, MeV.
    pub fn momentum(&self) -> FourVector {
        FourVector::of_branches([self.pt, self.eta, self.phi, self.energy])
    }
}

/// What makes a tau lepton a good one.
#[derive(Clone, Copy, Debug)]
pub struct TauCuts {
    /// The transverse momentum lies above this, MeV.
    pub min_pt: f64,
    /// |η| lies below this.
    pub max_abs_eta: f64,
}

impl TauCuts {
    /// Whether the tau lepton is tight and passes.
    pub fn accept(&self, tau: &Tau) -> bool {
        tau.is_tight
            && f64::from(tau.pt) > self.min_pt
            && f64::from(tau.eta.abs()) < self.max_abs_eta
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cut_can_fail_alone() {
        let cuts = TauCuts {
            min_pt: 25_000.0,
            max_abs_eta: 2.5,
        };
        let good = Tau {
            pt: 26_000.0,
            eta: -2.4,
            is_tight: true,
            ..Tau::default()
        };
        assert!(cuts.accept(&good));
        for failing in [
            Tau {
                is_tight: false,
                ..good
            },
            Tau {
                pt: 25_000.0,
                ..good
            },
            Tau { eta: 2.5, ..good },
        ] {
            assert!(!cuts.accept(&failing), "{failing:?}");
        }
    }
}
