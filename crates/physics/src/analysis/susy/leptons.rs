//! Leptons that are neither parts of jets nor taken for such.

use std::cmp::Ordering;

use crate::object::{B_TAG_85, ELECTRON, Jet, Lepton, Limit, MUON, exactly};
use crate::{Correction, Corrections};

/// The transverse momentum lies above this, GeV.
const MIN_PT: f64 = 10.0;
/// |η| lies below these.
const MAX_ELECTRON_ABS_ETA: f64 = 2.47;
const MAX_MUON_ABS_ETA: f64 = 2.7;
/// In tracks and in the calorimeter.
const MAX_RELATIVE_ISOLATION: f64 = 0.15;
/// Of |d0| over its significance branch.
const MAX_ELECTRON_D0_RATIO: f32 = 5.0;
const MAX_MUON_D0_RATIO: f32 = 3.0;
/// mm.
const MAX_Z0_SIN_THETA: f64 = 0.5;

/// MeV.
const MIN_JET_PT: f32 = 20_000.0;
const MAX_JET_ABS_ETA: f64 = 4.5;
/// A jet without b-tag within this ΔR of an electron is the electron.
const SAME_AS_ELECTRON: f64 = 0.2;
/// A lepton within this ΔR of a jet is part of it.
const PART_OF_JET: f64 = 0.4;

/// The two good leptons, if they are two.
pub(super) fn good_leptons(
    leptons: impl Iterator<Item = Lepton> + Clone,
    overlap: &mut Overlap,
    corrections: Corrections,
) -> Option<[Lepton; 2]> {
    if corrections.has(Correction::OverlapByOrder) {
        for lepton in leptons.clone().filter(|lepton| lepton.flavour == ELECTRON) {
            if is_within_reach(&lepton) {
                overlap.takes(&lepton);
            }
        }
    }
    exactly(leptons.filter(|lepton| is_good(lepton, overlap, corrections)))
}

/// The lepton with the larger transverse momentum first, of equals the second.
pub(super) fn leading_first([first, second]: [Lepton; 2]) -> [Lepton; 2] {
    match first.pt > second.pt {
        true => [first, second],
        false => [second, first],
    }
}

/// In the reference every cut accepts its bound and NaN, except those on momentum and |η|, and
/// what is neither electron nor muon passes those that depend on the flavour.
fn is_good(lepton: &Lepton, overlap: &mut Overlap, corrections: Corrections) -> bool {
    let max_d0_ratio = match lepton.flavour {
        ELECTRON => MAX_ELECTRON_D0_RATIO,
        MUON => MAX_MUON_D0_RATIO,
        _ if corrections.has(Correction::OtherParticles) => return false,
        _ => f32::INFINITY,
    };
    let limit = Limit::of_refusals(corrections);
    is_within_reach(lepton)
        && !overlap.takes(lepton)
        && lepton.is_near_vertex(MAX_Z0_SIN_THETA, limit)
        && limit.holds(lepton.relative_etcone20(), MAX_RELATIVE_ISOLATION)
        && limit.holds(lepton.relative_ptcone30(), MAX_RELATIVE_ISOLATION)
        && limit.holds(lepton.d0.abs() / lepton.sigma_d0, max_d0_ratio)
}

/// Whether momentum and |η| are those of a good lepton: of its momentum's components, which takes
/// sines and logarithms, only where rounding could decide.
fn is_within_reach(lepton: &Lepton) -> bool {
    /// Of branches' values from those of components, GeV and in η, up to [`LARGEST`].
    const ROUNDING: f64 = 1e-6;
    const LARGEST: f64 = 1e6;

    let max_abs_eta = match lepton.flavour {
        ELECTRON => MAX_ELECTRON_ABS_ETA,
        MUON => MAX_MUON_ABS_ETA,
        _ => f64::INFINITY,
    };
    let pt = f64::from(lepton.pt.abs()) / 1000.0;
    let abs_eta = f64::from(lepton.eta.abs());
    let is_clear = |value: f64, bound: f64| value < LARGEST && (value - bound).abs() > ROUNDING;
    if is_clear(pt, MIN_PT) && is_clear(abs_eta, max_abs_eta) && lepton.phi.is_finite() {
        return pt > MIN_PT && abs_eta < max_abs_eta;
    }
    let momentum = lepton.momentum_gev();
    is_above(momentum.pt(), MIN_PT) && is_below(momentum.eta().abs(), max_abs_eta)
}

/// Above a bound or NaN, which the reference does not refuse.
fn is_above(value: f64, bound: f64) -> bool {
    !matches!(
        value.partial_cmp(&bound),
        Some(Ordering::Less | Ordering::Equal)
    )
}

/// Below a bound or NaN.
fn is_below(value: f64, bound: f64) -> bool {
    !matches!(
        value.partial_cmp(&bound),
        Some(Ordering::Greater | Ordering::Equal)
    )
}

/// The jets of one event after the other, which may be leptons or contain them. The same memory
/// serves all events of a batch.
#[derive(Debug, Default)]
pub(super) struct Overlap {
    jets: Vec<Neighbour>,
}

#[derive(Debug)]
struct Neighbour {
    jet: Jet,
    /// Whether it was found to be an electron; it is none of the other leptons then.
    is_electron: bool,
}

impl Overlap {
    /// Takes the jets of the next event.
    pub(super) fn gather(&mut self, jets: impl Iterator<Item = Jet>) {
        self.jets.clear();
        self.jets.extend(jets.filter(is_jet).map(|jet| Neighbour {
            jet,
            is_electron: false,
        }));
    }

    /// Whether a lepton is part of a jet. Jets that are the lepton itself are crossed out for the
    /// leptons after it, even if another jet takes the lepton.
    fn takes(&mut self, lepton: &Lepton) -> bool {
        let direction = lepton.direction();
        let mut is_taken = false;
        for neighbour in self.jets.iter_mut().filter(|jet| !jet.is_electron) {
            let jet = &neighbour.jet;
            let is_near = |bound: f64| {
                let momenta = || (jet.momentum_gev(), lepton.momentum_gev());
                let is_below = |distance| distance < bound;
                jet.direction()
                    .is_near(bound, &direction, momenta, is_below)
            };
            let is_same = lepton.flavour == ELECTRON
                && is_near(SAME_AS_ELECTRON)
                && !jet.is_b_tagged(B_TAG_85);
            let can_be_part = matches!(lepton.flavour, ELECTRON | MUON);
            is_taken |= can_be_part && !is_same && is_near(PART_OF_JET);
            neighbour.is_electron = is_same;
        }
        is_taken
    }

    /// The jets that leptons are held against, without those that are electrons.
    pub(super) fn jets(&self) -> impl Iterator<Item = Jet> {
        let others = self.jets.iter().filter(|neighbour| !neighbour.is_electron);
        others.map(|neighbour| neighbour.jet)
    }
}

/// Whether a jet counts as one at all; what is NaN does.
fn is_jet(jet: &Jet) -> bool {
    let is_soft = jet.pt < MIN_JET_PT;
    let is_far = f64::from(jet.eta.abs()) >= MAX_JET_ABS_ETA;
    !is_soft && !is_far && !jet.is_pile_up_or_at_bound()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lepton(flavour: u32, phi: f32) -> Lepton {
        Lepton {
            pt: 40e3,
            phi,
            energy: 40e3,
            flavour,
            sigma_d0: 1.0,
            ..Lepton::default()
        }
    }

    fn jet(phi: f32, mv2c10: f32) -> Jet {
        Jet {
            pt: 70e3,
            phi,
            energy: 70e3,
            mv2c10,
            ..Jet::default()
        }
    }

    fn good(leptons: &[Lepton], jets: &[Jet]) -> usize {
        good_with(Corrections::NONE, leptons, jets)
    }

    fn good_with(corrections: Corrections, leptons: &[Lepton], jets: &[Jet]) -> usize {
        let mut overlap = Overlap::default();
        overlap.gather(jets.iter().copied());
        let good = leptons
            .iter()
            .filter(|lepton| is_good(lepton, &mut overlap, corrections));
        good.count()
    }

    #[test]
    fn a_light_jet_on_an_electron_is_the_electron() {
        let electron = [lepton(ELECTRON, 0.0)];
        assert_eq!(good(&electron, &[jet(0.1, 0.0)]), 1);
        assert_eq!(good(&electron, &[jet(0.3, 0.0)]), 0);
        assert_eq!(good(&electron, &[jet(0.1, 0.9)]), 0);
        assert_eq!(good(&electron, &[jet(0.5, 0.9)]), 1);
    }

    #[test]
    fn a_muon_near_any_jet_is_part_of_it() {
        let muon = [lepton(MUON, 0.0)];
        assert_eq!(good(&muon, &[jet(0.1, 0.0)]), 0);
        assert_eq!(good(&muon, &[jet(0.5, 0.0)]), 1);
    }

    #[test]
    fn a_jet_that_is_an_electron_takes_no_later_lepton() {
        let (electron, muon) = (lepton(ELECTRON, 0.0), lepton(MUON, 0.3));
        assert_eq!(good(&[electron, muon], &[jet(0.1, 0.0)]), 2);
        assert_eq!(good(&[muon, electron], &[jet(0.1, 0.0)]), 1);
        let corrections = Corrections::only(Correction::OverlapByOrder);
        let mut overlap = Overlap::default();
        overlap.gather([jet(0.1, 0.0)].into_iter());
        let leptons = [muon, electron].into_iter();
        assert!(good_leptons(leptons, &mut overlap, corrections).is_some());
        assert_eq!(overlap.jets().count(), 0);
    }

    #[test]
    fn other_particles_are_good_unless_corrected() {
        let other = [Lepton {
            eta: 3.0,
            d0: 10.0,
            ..lepton(15, 0.0)
        }];
        assert_eq!(good(&other, &[jet(0.1, 0.0)]), 1);
        assert_eq!(good_with(Corrections::ALL, &other, &[]), 0);
    }

    #[test]
    fn bounds_of_isolation_and_track_are_included() {
        let muon = lepton(MUON, 0.0);
        assert_eq!(good(&[Lepton { d0: -3.0, ..muon }], &[]), 1);
        assert_eq!(good(&[Lepton { d0: 3.1, ..muon }], &[]), 0);
        assert_eq!(good(&[Lepton { z0: 0.5, ..muon }], &[]), 1);
        let etcone20 = f32::NAN;
        assert_eq!(good(&[Lepton { etcone20, ..muon }], &[]), 1);
        for corrected in [
            Lepton { d0: -3.0, ..muon },
            Lepton { z0: 0.5, ..muon },
            Lepton { etcone20, ..muon },
        ] {
            assert_eq!(good_with(Corrections::ALL, &[corrected], &[]), 0);
        }
    }
}
