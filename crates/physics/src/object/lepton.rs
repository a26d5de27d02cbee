//! Electrons and muons.

mod good;

use std::cmp::Ordering;
use std::ops::RangeInclusive;

use super::{Direction, relative_isolation};
use crate::collection::collection;
use crate::schema::BranchSpec;
use crate::{Correction, Corrections, FourVector};

/// The `lep_type` of an electron: its particle number.
pub const ELECTRON: u32 = 11;
/// The `lep_type` of a muon: its particle number.
pub const MUON: u32 = 13;

collection! {
    /// An electron or a muon.
    Lepton in Leptons of "lep_n" {
        /// Transverse momentum, MeV.
        pt: f32 = PT "lep_pt",
        /// Pseudorapidity.
        eta: f32 = ETA "lep_eta",
        /// Azimuth, rad.
        phi: f32 = PHI "lep_phi",
        /// Energy, MeV.
        energy: f32 = ENERGY "lep_E",
        /// Longitudinal distance of the track from the primary vertex, mm.
        z0: f32 = Z0 "lep_z0",
        /// Electric charge, e.
        charge: i32 = CHARGE "lep_charge",
        /// [`ELECTRON`] or [`MUON`].
        flavour: u32 = FLAVOUR "lep_type",
        /// Sum of transverse momenta of tracks within ΔR = 0.3, MeV.
        ptcone30: f32 = PTCONE30 "lep_ptcone30",
        /// Sum of transverse energies within ΔR = 0.2, MeV.
        etcone20: f32 = ETCONE20 "lep_etcone20",
        /// Transverse distance of the track from the beam line, mm.
        d0: f32 = D0 "lep_trackd0pvunbiased",
        /// What the selections divide |d0| by.
        sigma_d0: f32 = SIGMA_D0 "lep_tracksigd0pvunbiased",
        /// Whether it passes the tight identification.
        is_tight: bool = IS_TIGHT "lep_isTightID",
        /// Uncertainty of the transverse momentum, MeV.
        pt_syst: f32 = PT_SYST "lep_pt_syst",
    }
}

impl Lepton {
    /// The branches that every selection of leptons reads.
    pub const BRANCHES: &'static [BranchSpec] = &[
        Self::PT,
        Self::ETA,
        Self::PHI,
        Self::ENERGY,
        Self::Z0,
        Self::CHARGE,
        Self::FLAVOUR,
        Self::PTCONE30,
        Self::ETCONE20,
        Self::D0,
        Self::SIGMA_D0,
    ];

    /// Where it points to.
    pub(crate) fn direction(&self) -> Direction {
        Direction::new(self.pt, self.eta, self.phi)
    }

    /// The four-momentum, MeV.
    pub fn momentum(&self) -> FourVector {
        FourVector::of_branches([self.pt, self.eta, self.phi, self.energy])
    }

    /// The four-momentum, GeV; its last bits are not those of the one in MeV.
    pub fn momentum_gev(&self) -> FourVector {
        FourVector::of_branches_in_gev([self.pt, self.eta, self.phi, self.energy])
    }

    /// The transverse momentum of [`momentum`](Self::momentum)'s components, MeV.
    pub(crate) fn pt_of_components(&self) -> f64 {
        FourVector::pt_of_branches(self.pt, self.phi)
    }

    /// The tracks around it, relative to its transverse momentum.
    pub(crate) fn relative_ptcone30(&self) -> f64 {
        relative_isolation(self.ptcone30, self.pt)
    }

    /// The energy around it in the calorimeter, relative to its transverse momentum.
    pub(crate) fn relative_etcone20(&self) -> f64 {
        relative_isolation(self.etcone20, self.pt)
    }

    /// Whether |z0 sin θ| lies within `bound` (mm), θ being that of the momentum's components.
    pub(crate) fn is_near_vertex(&self, bound: f64, limit: Limit) -> bool {
        /// The sine of θ is 1 / cosh η, but for the rounding of components that are no zeros.
        const ROUNDING: f64 = 1e-9;

        let z0 = f64::from(self.z0).abs();
        // What is not finite has no sine and goes the long way.
        if self.pt.is_normal() && self.phi.is_finite() {
            // No sine exceeds 1.
            if z0 < bound {
                return true;
            }
            let distance = z0 / f64::from(self.eta).cosh();
            if (distance - bound).abs() > ROUNDING * (distance + bound) && self.eta.abs() < 10.0 {
                return distance < bound;
            }
        }
        // In GeV, as the reference has it here: the last bit of θ depends on the unit.
        limit.holds((z0 * self.momentum_gev().theta().sin()).abs(), bound)
    }
}

/// Whether a value at its bound passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// It does not, and neither does NaN: the reference asks for `value < bound`.
    Exclusive,
    /// It does, and so does NaN: the reference refuses `value > bound`.
    Inclusive,
}

impl Limit {
    /// That of cuts which the reference states as refusals.
    pub(crate) fn of_refusals(corrections: Corrections) -> Self {
        match corrections.has(Correction::TrackWithoutNumber) {
            true => Self::Exclusive,
            false => Self::Inclusive,
        }
    }

    /// Whether `value` lies within `bound`.
    #[inline(always)]
    pub fn holds<T: PartialOrd>(self, value: T, bound: T) -> bool {
        match self {
            Self::Exclusive => value < bound,
            Self::Inclusive => value.partial_cmp(&bound) != Some(Ordering::Greater),
        }
    }
}

/// What makes a lepton a good one.
#[derive(Clone, Debug)]
pub struct LeptonCuts {
    /// What an electron has to fulfil.
    pub electron: FlavourCuts,
    /// What a muon has to fulfil.
    pub muon: FlavourCuts,
    /// Whether the tight identification is asked for.
    pub tight: bool,
    /// The relative track isolation lies below this.
    pub max_relative_ptcone30: f64,
    /// The relative calorimeter isolation lies below this.
    pub max_relative_etcone20: f64,
    /// |z0 sin θ| lies within this, mm.
    pub max_abs_z0_sin_theta: f64,
    /// How the track's two distances compare with their bounds.
    pub track_limit: Limit,
}

/// The cuts on a lepton that depend on its flavour.
#[derive(Clone, Debug)]
pub struct FlavourCuts {
    /// The transverse momentum lies above this, MeV.
    pub min_pt: f64,
    /// |η| lies below this; finite, which [`LeptonCuts::accept`] relies on.
    pub max_abs_eta: f64,
    /// |η| does not lie in here: between the calorimeter's barrel and its end caps.
    pub excluded_abs_eta: Option<RangeInclusive<f64>>,
    /// |d0| over its significance branch lies within this.
    pub max_d0_ratio: f32,
}

impl LeptonCuts {
    /// Tight leptons above `min_pt` (MeV) with less than the share `max_isolation` of it around
    /// them, in tracks and in the calorimeter: what most selections ask for.
    pub const fn tight(min_pt: f64, max_isolation: f64) -> Self {
        Self {
            electron: FlavourCuts {
                min_pt,
                max_abs_eta: 2.47,
                excluded_abs_eta: Some(1.37..=1.52),
                max_d0_ratio: 5.0,
            },
            muon: FlavourCuts {
                min_pt,
                max_abs_eta: 2.5,
                excluded_abs_eta: None,
                max_d0_ratio: 3.0,
            },
            tight: true,
            max_relative_ptcone30: max_isolation,
            max_relative_etcone20: max_isolation,
            max_abs_z0_sin_theta: 0.5,
            track_limit: Limit::Exclusive,
        }
    }

    /// The same with distances of the track at their bounds accepted.
    pub const fn with_track_limit(mut self, limit: Limit) -> Self {
        self.track_limit = limit;
        self
    }

    /// Whether the lepton passes. One that is neither electron nor muon never does.
    pub fn accept(&self, lepton: &Lepton) -> bool {
        let cuts = match lepton.flavour {
            ELECTRON => &self.electron,
            MUON => &self.muon,
            _ => return false,
        };
        (lepton.is_tight || !self.tight)
            && f64::from(lepton.pt) > cuts.min_pt
            && lepton.relative_ptcone30() < self.max_relative_ptcone30
            && lepton.relative_etcone20() < self.max_relative_etcone20
            && cuts.covers(f64::from(lepton.eta.abs()))
            && self
                .track_limit
                .holds(lepton.d0.abs() / lepton.sigma_d0, cuts.max_d0_ratio)
            && self.is_near_vertex(lepton)
    }

    fn is_near_vertex(&self, lepton: &Lepton) -> bool {
        lepton.is_near_vertex(self.max_abs_z0_sin_theta, self.track_limit)
    }
}

impl FlavourCuts {
    #[inline(always)]
    fn covers(&self, abs_eta: f64) -> bool {
        let excluded = self.excluded_abs_eta.as_ref();
        let is_excluded =
            excluded.is_some_and(|range| (*range.start() <= abs_eta) & (abs_eta <= *range.end()));
        (abs_eta < self.max_abs_eta) & !is_excluded
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
            excluded_abs_eta: None,
            max_d0_ratio: 5.0,
        },
        muon: FlavourCuts {
            min_pt: 5000.0,
            max_abs_eta: 2.5,
            excluded_abs_eta: None,
            max_d0_ratio: 3.0,
        },
        tight: false,
        max_relative_ptcone30: 0.3,
        max_relative_etcone20: 0.3,
        max_abs_z0_sin_theta: 0.5,
        track_limit: Limit::Exclusive,
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
            let distance = (f64::from(z0) * vector.theta().sin()).abs();
            prop_assert_eq!(lepton.is_near_vertex(0.5, Limit::Exclusive), distance < 0.5);
            let refused = distance > 0.5;
            prop_assert_eq!(lepton.is_near_vertex(0.5, Limit::Inclusive), !refused);
        }
    }
}
