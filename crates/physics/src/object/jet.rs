//! Jets.

use multiversion::multiversion;

use super::Direction;
use crate::FourVector;
use crate::bound::{not_above, not_below};
use crate::collection::{Good, collection};
use crate::mask::Mask;
use crate::schema::BranchSpec;

collection! {
    /// A jet of radius 0.4.
    Jet in Jets of "jet_n" {
        /// Transverse momentum, MeV.
        pt: f32 = PT "jet_pt",
        /// Pseudorapidity.
        eta: f32 = ETA "jet_eta",
        /// Azimuth, rad.
        phi: f32 = PHI "jet_phi",
        /// Energy, MeV.
        energy: f32 = ENERGY "jet_E",
        /// The jet-vertex tagger: small for jets from other collisions of the bunch crossing.
        jvt: f32 = JVT "jet_jvt",
        /// The b-tagger's output.
        mv2c10: f32 = MV2C10 "jet_MV2c10",
        /// Uncertainty of the transverse momentum, MeV.
        pt_syst: f32 = PT_SYST "jet_pt_syst",
    }
}

/// The b-tagger's output above which 70 % of the b-jets lie.
pub const B_TAG_70: f64 = 0.824_427_3;
/// The b-tagger's output above which 77 % of the b-jets lie.
pub const B_TAG_77: f64 = 0.645_925;
/// The b-tagger's output above which 85 % of the b-jets lie.
pub const B_TAG_85: f64 = 0.175_847_5;

/// Up to this transverse momentum (MeV) and |η| the tracker can tell jets of other collisions.
const MAX_PILE_UP_PT: f32 = 60_000.0;
const MAX_PILE_UP_ABS_ETA: f64 = 2.4;
/// The least that the jet-vertex tagger gives to a jet of the primary vertex.
const MIN_JVT: f64 = 0.59;

impl Jet {
    /// The branches that selections with b-tags read.
    pub const TAGGED_BRANCHES: &'static [BranchSpec] = &[
        Self::PT,
        Self::ETA,
        Self::PHI,
        Self::ENERGY,
        Self::JVT,
        Self::MV2C10,
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

    /// Whether the b-tagger gives more than `working_point`, [`B_TAG_70`] for example.
    pub fn is_b_tagged(&self, working_point: f64) -> bool {
        f64::from(self.mv2c10) > working_point
    }

    /// Whether the jet lies where the tracker can tell jets of other collisions.
    pub(crate) fn has_vertex(&self) -> bool {
        self.pt < MAX_PILE_UP_PT && f64::from(self.eta.abs()) < MAX_PILE_UP_ABS_ETA
    }

    /// Whether the jet stems from another collision, as far as its tracks tell.
    pub fn is_pile_up(&self) -> bool {
        self.has_vertex() && f64::from(self.jvt) < MIN_JVT
    }

    /// The same of the tagger's absolute value, its bound included: `SUSYAnalysis.C:112`.
    pub(crate) fn is_pile_up_or_at_bound(&self) -> bool {
        self.has_vertex() && f64::from(self.jvt.abs()) <= MIN_JVT
    }
}

/// What makes a jet a good one.
#[derive(Clone, Copy, Debug)]
pub struct JetCuts {
    /// The transverse momentum lies above this, MeV.
    pub min_pt: f64,
    /// |η| lies below this.
    pub max_abs_eta: f64,
    /// Whether jets of other collisions are refused.
    pub refuse_pile_up: bool,
}

impl JetCuts {
    /// Jets in the tracker's reach that stem from the primary vertex.
    pub const fn central(min_pt: f64) -> Self {
        Self {
            min_pt,
            max_abs_eta: 2.5,
            refuse_pile_up: true,
        }
    }

    /// Whether the jet passes.
    pub fn accept(&self, jet: &Jet) -> bool {
        f64::from(jet.pt) > self.min_pt
            && f64::from(jet.eta.abs()) < self.max_abs_eta
            && !(self.refuse_pile_up && jet.is_pile_up())
    }

    /// The jets that pass, for each of the entries `survivors`: those that
    /// [`accept`](Self::accept) takes.
    pub fn among(&self, jets: &Jets<'_>, survivors: &[usize]) -> Good {
        let mut good = Mask::none(jets.pt.len());
        mark(self, jets, &mut good);
        jets.marked(survivors, good.as_slice())
    }
}

#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
fn mark(cuts: &JetCuts, jets: &Jets<'_>, good: &mut Mask) {
    let (min_pt, max_abs_eta) = (not_above(cuts.min_pt), not_below(cuts.max_abs_eta));
    let acceptance = jets.pt.iter().zip(&*jets.eta);
    for (good, (&pt, &eta)) in good.as_mut_slice().iter_mut().zip(acceptance.clone()) {
        *good = (pt > min_pt) & (eta.abs() < max_abs_eta);
    }
    if cuts.refuse_pile_up {
        let (has_vertex, min_jvt) = (not_below(MAX_PILE_UP_ABS_ETA), not_below(MIN_JVT));
        let columns = acceptance.zip(&*jets.jvt);
        for (good, ((&pt, &eta), &jvt)) in good.as_mut_slice().iter_mut().zip(columns) {
            let has_vertex = (pt < MAX_PILE_UP_PT) & (eta.abs() < has_vertex);
            *good &= !(has_vertex & (jvt < min_jvt));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_strict() {
        let cuts = JetCuts {
            min_pt: 30_000.0,
            max_abs_eta: 4.4,
            refuse_pile_up: false,
        };
        let jet = Jet {
            pt: 30_001.0,
            eta: -4.3,
            ..Jet::default()
        };
        assert!(cuts.accept(&jet));
        assert!(!cuts.accept(&Jet {
            pt: 30_000.0,
            ..jet
        }));
        assert!(!cuts.accept(&Jet { eta: -4.5, ..jet }));
        // The float next to 4.4 lies above it in double precision.
        assert!(!cuts.accept(&Jet { eta: 4.4, ..jet }));
        assert!(!cuts.accept(&Jet {
            eta: f32::NAN,
            ..jet
        }));
    }

    #[test]
    fn soft_central_jets_need_the_vertex() {
        let cuts = JetCuts::central(30_000.0);
        let jet = Jet {
            pt: 40_000.0,
            eta: 2.3,
            jvt: 0.58,
            ..Jet::default()
        };
        assert!(!cuts.accept(&jet));
        for passing in [
            Jet { jvt: 0.6, ..jet },
            Jet { eta: 2.45, ..jet },
            Jet {
                pt: 60_000.0,
                ..jet
            },
            Jet {
                jvt: f32::NAN,
                ..jet
            },
        ] {
            assert!(cuts.accept(&passing), "{passing:?}");
        }
    }

    #[test]
    fn working_points_are_strict() {
        let jet = Jet {
            mv2c10: 0.7,
            ..Jet::default()
        };
        assert!(jet.is_b_tagged(B_TAG_77) && !jet.is_b_tagged(B_TAG_70));
    }
}
