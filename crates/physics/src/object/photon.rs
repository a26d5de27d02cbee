//! Photons.

use std::ops::RangeInclusive;

use multiversion::multiversion;

use super::relative_isolation;
use crate::FourVector;
use crate::bound::{not_above, not_below};
use crate::collection::{Good, collection};
use crate::mask::Mask;
use crate::schema::BranchSpec;

collection! {
    /// A photon.
    Photon in Photons of "photon_n" {
        /// Transverse momentum, MeV.
        pt: f32 = PT "photon_pt",
        /// Pseudorapidity.
        eta: f32 = ETA "photon_eta",
        /// Azimuth, rad.
        phi: f32 = PHI "photon_phi",
        /// Energy, MeV.
        energy: f32 = ENERGY "photon_E",
        /// Whether it passes the tight identification.
        is_tight: bool = IS_TIGHT "photon_isTightID",
        /// Sum of transverse momenta of tracks within ΔR = 0.3, MeV.
        ptcone30: f32 = PTCONE30 "photon_ptcone30",
        /// Sum of transverse energies within ΔR = 0.2, MeV.
        etcone20: f32 = ETCONE20 "photon_etcone20",
        /// How it converted to a pair of electrons; 0 if it did not.
        conversion: i32 = CONVERSION "photon_convType",
    }
}

impl Photon {
    /// All its branches.
    pub const BRANCHES: &'static [BranchSpec] = &[
        Self::PT,
        Self::ETA,
        Self::PHI,
        Self::ENERGY,
        Self::IS_TIGHT,
        Self::PTCONE30,
        Self::ETCONE20,
        Self::CONVERSION,
    ];

    /// The four-momentum, MeV.
    pub fn momentum(&self) -> FourVector {
        FourVector::of_branches([self.pt, self.eta, self.phi, self.energy])
    }

    /// Whether what surrounds it, in tracks and in the calorimeter, lies below `bound` times its
    /// transverse momentum.
    pub fn is_isolated(&self, bound: f64) -> bool {
        relative_isolation(self.ptcone30, self.pt) < bound
            && relative_isolation(self.etcone20, self.pt) < bound
    }
}

/// What makes a photon a good one, besides its isolation.
#[derive(Clone, Debug)]
pub struct PhotonCuts {
    /// The transverse momentum lies above this, MeV.
    pub min_pt: f64,
    /// |η| lies below this.
    pub max_abs_eta: f64,
    /// |η| does not lie in here: between the calorimeter's barrel and its end caps.
    pub excluded_abs_eta: RangeInclusive<f64>,
}

impl PhotonCuts {
    /// Whether the photon is tight and passes.
    pub fn accept(&self, photon: &Photon) -> bool {
        photon.is_tight
            && f64::from(photon.pt) > self.min_pt
            && f64::from(photon.eta.abs()) < self.max_abs_eta
            && !self.excluded_abs_eta.contains(&photon.eta.abs().into())
    }

    /// The photons that pass, for each of the entries `survivors`: those that
    /// [`accept`](Self::accept) takes.
    pub fn among(&self, photons: &Photons<'_>, survivors: &[usize]) -> Good {
        let mut good = Mask::none(photons.pt.len());
        mark(self, photons, &mut good);
        photons.marked(survivors, good.as_slice())
    }
}

#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
fn mark(cuts: &PhotonCuts, photons: &Photons<'_>, good: &mut Mask) {
    let (min_pt, max_abs_eta) = (not_above(cuts.min_pt), not_below(cuts.max_abs_eta));
    let excluded = &cuts.excluded_abs_eta;
    let (from, to) = (not_below(*excluded.start()), not_above(*excluded.end()));
    let columns = photons.is_tight.iter().zip(&*photons.pt).zip(&*photons.eta);
    for (good, ((&is_tight, &pt), &eta)) in good.as_mut_slice().iter_mut().zip(columns) {
        let abs_eta = eta.abs();
        let is_excluded = (from <= abs_eta) & (abs_eta <= to);
        *good = is_tight & (pt > min_pt) & (abs_eta < max_abs_eta) & !is_excluded;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cut_can_fail_alone() {
        let cuts = PhotonCuts {
            min_pt: 25_000.0,
            max_abs_eta: 2.37,
            excluded_abs_eta: 1.37..=1.52,
        };
        let good = Photon {
            pt: 30_000.0,
            eta: -1.0,
            is_tight: true,
            ..Photon::default()
        };
        assert!(cuts.accept(&good));
        for failing in [
            Photon {
                is_tight: false,
                ..good
            },
            Photon {
                pt: 25_000.0,
                ..good
            },
            Photon { eta: -1.4, ..good },
            Photon {
                eta: 1.52_f32.next_down(),
                ..good
            },
            Photon { eta: 2.4, ..good },
            Photon {
                eta: f32::NAN,
                ..good
            },
        ] {
            assert!(!cuts.accept(&failing), "{failing:?}");
        }
    }

    #[test]
    fn both_isolations_count() {
        let photon = Photon {
            pt: 100.0,
            ptcone30: 6.0,
            etcone20: 6.0,
            ..Photon::default()
        };
        assert!(photon.is_isolated(0.065));
        assert!(
            !Photon {
                ptcone30: 7.0,
                ..photon
            }
            .is_isolated(0.065)
        );
        assert!(
            !Photon {
                etcone20: 7.0,
                ..photon
            }
            .is_isolated(0.065)
        );
    }
}
