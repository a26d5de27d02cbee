//! Electrons and muons.

use super::relative_isolation;
use crate::FourVector;
use crate::collection::collection;

/// The `lep_type` of an electron: its particle number.
pub const ELECTRON: u32 = 11;
/// The `lep_type` of a muon: its particle number.
pub const MUON: u32 = 13;

collection! {
    /// An electron or a muon.
    Lepton in Leptons {
        /// Transverse momentum, MeV.
        pt: f32 = "lep_pt",
        /// Pseudorapidity.
        eta: f32 = "lep_eta",
        /// Azimuth, rad.
        phi: f32 = "lep_phi",
        /// Energy, MeV.
        energy: f32 = "lep_E",
        /// Longitudinal distance of the track from the primary vertex, mm.
        z0: f32 = "lep_z0",
        /// Electric charge, e.
        charge: i32 = "lep_charge",
        /// [`ELECTRON`] or [`MUON`].
        flavour: u32 = "lep_type",
        /// Sum of transverse momenta of tracks within ΔR = 0.3, MeV.
        ptcone30: f32 = "lep_ptcone30",
        /// Sum of transverse energies within ΔR = 0.2, MeV.
        etcone20: f32 = "lep_etcone20",
        /// Transverse distance of the track from the beam line, mm.
        d0: f32 = "lep_trackd0pvunbiased",
        /// What the selections divide |d0| by.
        sigma_d0: f32 = "lep_tracksigd0pvunbiased",
    }
}

impl Lepton {
    /// The four-momentum, MeV.
    pub fn momentum(&self) -> FourVector {
        let [pt, eta, phi, energy] = [self.pt, self.eta, self.phi, self.energy].map(f64::from);
        FourVector::from_pt_eta_phi_e(pt, eta, phi, energy)
    }

    /// Whether |z0 sin θ| lies below `bound` (mm), θ being that of the momentum's components.
    fn is_near_vertex(&self, bound: f64) -> bool {
        let z0 = f64::from(self.z0);
        // No sine exceeds 1, so that most leptons pass without its four libm calls. What is not
        // finite has no sine and goes the long way, where it fails.
        if z0.abs() < bound && self.pt.is_finite() && self.phi.is_finite() {
            return true;
        }
        // In GeV, as the reference has it here: the last bit of θ depends on the unit.
        let pt = f64::from(self.pt) / 1000.0;
        let [eta, phi] = [self.eta, self.phi].map(f64::from);
        let theta = FourVector::from_pt_eta_phi_e(pt, eta, phi, 0.0).theta();
        (z0 * theta.sin()).abs() < bound
    }
}

/// What makes a lepton a good one.
#[derive(Clone, Copy, Debug)]
pub struct LeptonCuts {
    /// What an electron has to fulfil.
    pub electron: FlavourCuts,
    /// What a muon has to fulfil.
    pub muon: FlavourCuts,
    /// The relative track isolation lies below this.
    pub max_relative_ptcone30: f64,
    /// The relative calorimeter isolation lies below this.
    pub max_relative_etcone20: f64,
    /// |z0 sin θ| lies below this, mm.
    pub max_abs_z0_sin_theta: f64,
}

/// The cuts on a lepton that depend on its flavour.
#[derive(Clone, Copy, Debug)]
pub struct FlavourCuts {
    /// The transverse momentum lies above this, MeV.
    pub min_pt: f64,
    /// |η| lies below this; finite, which [`LeptonCuts::accept`] relies on.
    pub max_abs_eta: f64,
    /// |d0| over its significance branch lies below this.
    pub max_d0_ratio: f32,
}

impl LeptonCuts {
    /// Whether the lepton passes. One that is neither electron nor muon never does.
    pub fn accept(&self, lepton: &Lepton) -> bool {
        let cuts = match lepton.flavour {
            ELECTRON => &self.electron,
            MUON => &self.muon,
            _ => return false,
        };
        f64::from(lepton.pt) > cuts.min_pt
            && f64::from(lepton.eta.abs()) < cuts.max_abs_eta
            && relative_isolation(lepton.ptcone30, lepton.pt) < self.max_relative_ptcone30
            && relative_isolation(lepton.etcone20, lepton.pt) < self.max_relative_etcone20
            && lepton.d0.abs() / lepton.sigma_d0 < cuts.max_d0_ratio
            && lepton.is_near_vertex(self.max_abs_z0_sin_theta)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CUTS: LeptonCuts = LeptonCuts {
        electron: FlavourCuts {
            min_pt: 7000.0,
            max_abs_eta: 2.47,
            max_d0_ratio: 5.0,
        },
        muon: FlavourCuts {
            min_pt: 5000.0,
            max_abs_eta: 2.5,
            max_d0_ratio: 3.0,
        },
        max_relative_ptcone30: 0.3,
        max_relative_etcone20: 0.3,
        max_abs_z0_sin_theta: 0.5,
    };

    fn muon() -> Lepton {
        Lepton {
            pt: 6000.0,
            eta: 2.48,
            energy: 40_000.0,
            charge: 1,
            flavour: MUON,
            sigma_d0: 1.0,
            d0: -2.5,
            ..Lepton::default()
        }
    }

    #[test]
    fn flavours_have_their_own_bounds() {
        assert!(CUTS.accept(&muon()));
        let electron = Lepton {
            flavour: ELECTRON,
            ..muon()
        };
        assert!(!CUTS.accept(&electron));
        assert!(CUTS.accept(&Lepton {
            pt: 7001.0,
            eta: 2.4,
            d0: 4.9,
            ..electron
        }));
        assert!(!CUTS.accept(&Lepton {
            flavour: 15,
            ..muon()
        }));
    }

    #[test]
    fn each_cut_can_fail_alone() {
        for failing in [
            Lepton {
                pt: 5000.0,
                ..muon()
            },
            Lepton { eta: 2.5, ..muon() },
            Lepton {
                ptcone30: 1801.0,
                ..muon()
            },
            Lepton {
                etcone20: 1801.0,
                ..muon()
            },
            Lepton { d0: 3.0, ..muon() },
            Lepton {
                sigma_d0: 0.0,
                ..muon()
            },
            Lepton { z0: 50.0, ..muon() },
            Lepton {
                z0: f32::NAN,
                ..muon()
            },
            Lepton {
                phi: f32::NAN,
                ..muon()
            },
            Lepton {
                phi: f32::INFINITY,
                ..muon()
            },
        ] {
            assert!(!CUTS.accept(&failing), "{failing:?}");
        }
    }

    proptest! {
        #[test]
        fn the_short_way_past_the_sine_decides_as_the_sine_does(
            pt in prop_oneof![5e3..1e6f32, Just(f32::MAX), Just(f32::INFINITY)],
            eta in -2.5..2.5f32,
            phi in prop_oneof![-3.2..3.2f32, any::<f32>()],
            z0 in prop_oneof![-2.0..2.0f32, any::<f32>(), Just(0.5), Just(0.5f32.next_down())],
        ) {
            let lepton = Lepton { pt, eta, phi, z0, ..muon() };
            let vector = FourVector::from_pt_eta_phi_e(
                f64::from(pt) / 1000.0, f64::from(eta), f64::from(phi), 0.0,
            );
            let decided = (f64::from(z0) * vector.theta().sin()).abs() < 0.5;
            prop_assert_eq!(lepton.is_near_vertex(0.5), decided);
        }
    }
}
