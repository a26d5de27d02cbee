//! Jets wide enough to hold all that a top quark decays to.

use super::Direction;
use crate::FourVector;
use crate::collection::collection;
use crate::schema::BranchSpec;

collection! {
    /// A jet of radius 1.0.
    LargeRJet in LargeRJets of "largeRjet_n" {
        /// Transverse momentum, MeV.
        pt: f32 = PT "largeRjet_pt",
        /// Pseudorapidity.
        eta: f32 = ETA "largeRjet_eta",
        /// Azimuth, rad.
        phi: f32 = PHI "largeRjet_phi",
        /// Energy, MeV.
        energy: f32 = ENERGY "largeRjet_E",
        /// Mass, MeV.
        mass: f32 = MASS "largeRjet_m",
        /// How much better three axes describe it than two: small for top quarks.
        tau32: f32 = TAU32 "largeRjet_tau32",
        /// Uncertainty of the transverse momentum, MeV.
        pt_syst: f32 = PT_SYST "largeRjet_pt_syst",
    }
}

impl LargeRJet {
    /// All its branches.
    pub const BRANCHES: &'static [BranchSpec] = &[
        Self::PT,
        Self::ETA,
        Self::PHI,
        Self::ENERGY,
        Self::MASS,
        Self::TAU32,
        Self::PT_SYST,
    ];

    /// Where it points to.
    pub(crate) fn direction(&self) -> Direction {
        Direction::new(self.pt, self.eta, self.phi)
    }

    /// The four-momentum, MeV.
    pub fn momentum(&self) -> FourVector {
        FourVector::of_branches([self.pt, self.eta, self.phi, self.energy])
    }
}

/// The range in which large-R jets are used, in GeV since the reference compares so.
#[derive(Clone, Copy, Debug)]
pub struct LargeRJetCuts {
    /// The mass lies above this, GeV.
    pub min_mass: f64,
    /// The transverse momentum lies above this, GeV.
    pub min_pt: f64,
    /// The transverse momentum lies below this, GeV.
    pub max_pt: f64,
    /// |η| lies below this.
    pub max_abs_eta: f64,
}

impl LargeRJetCuts {
    /// Whether the jet passes.
    pub fn accept(&self, jet: &LargeRJet) -> bool {
        let pt = f64::from(jet.pt) / 1000.0;
        f64::from(jet.mass) / 1000.0 > self.min_mass
            && pt > self.min_pt
            && pt < self.max_pt
            && f64::from(jet.eta.abs()) < self.max_abs_eta
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cut_can_fail_alone() {
        let cuts = LargeRJetCuts {
            min_mass: 100.0,
            min_pt: 300.0,
            max_pt: 1500.0,
            max_abs_eta: 2.0,
        };
        let good = LargeRJet {
            mass: 170e3,
            pt: 400e3,
            eta: -1.9,
            ..LargeRJet::default()
        };
        assert!(cuts.accept(&good));
        for failing in [
            LargeRJet { mass: 1e5, ..good },
            LargeRJet { pt: 3e5, ..good },
            LargeRJet { pt: 15e5, ..good },
            LargeRJet { eta: 2.0, ..good },
        ] {
            assert!(!cuts.accept(&failing), "{failing:?}");
        }
    }
}
