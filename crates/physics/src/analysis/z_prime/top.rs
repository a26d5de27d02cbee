//! Which large-R jet is the top quark that decays to jets alone.

use super::Leptonic;
use crate::FourVector;
use crate::analysis::{azimuth_between, single};
use crate::object::{B_TAG_70, Direction, Jet, LargeRJet, LargeRJetCuts, exactly};

/// Where the mass and momentum of large-R jets are calibrated.
const CANDIDATE: LargeRJetCuts = LargeRJetCuts {
    min_mass: 100.0,
    min_pt: 300.0,
    max_pt: 1500.0,
    max_abs_eta: 2.0,
};
/// A top quark's jet has three parts rather than two.
const MAX_TAU32: f64 = 0.75;

/// From the jet beside the lepton.
const MIN_DISTANCE_TO_JET: f64 = 1.5;
/// From the lepton, in azimuth.
const MIN_DELTA_PHI_TO_LEPTON: f64 = 1.0;

/// A b-jet lies in the top quark's jet within this distance of its axis.
const MAX_DISTANCE_TO_TOP: f64 = 1.0;
/// A b-jet is the jet beside the lepton if it lies this close.
const SAME_JET: f64 = 0.01;

/// The top quark, if exactly one large-R jet looks like one.
pub(super) fn only_top(
    large_r_jets: impl Iterator<Item = LargeRJet>,
    leptonic: &Leptonic,
    good_jets: impl Iterator<Item = Jet> + Clone,
) -> Option<LargeRJet> {
    let b_jets = good_jets.filter(|jet| jet.is_b_tagged(B_TAG_70));
    let [top] = exactly(large_r_jets.filter(|jet| is_top(jet, leptonic, b_jets.clone())))?;
    Some(top)
}

/// Whether it is heavy, of three parts, away from the lepton's side, and one of the two sides has
/// a b-jet.
fn is_top(jet: &LargeRJet, leptonic: &Leptonic, mut b_jets: impl Iterator<Item = Jet>) -> bool {
    if !CANDIDATE.accept(jet) || f64::from(jet.tau32) >= MAX_TAU32 || jet.tau32.is_nan() {
        return false;
    }
    is_away(jet, leptonic)
        && b_jets.any(|b_jet| {
            let is_near = |bound, other: Direction, momentum: &dyn Fn() -> FourVector| {
                b_jet.direction().is_near(
                    bound,
                    &other,
                    || (b_jet.momentum(), momentum()),
                    |distance| f64::from(single(distance)) < bound,
                )
            };
            is_near(MAX_DISTANCE_TO_TOP, jet.direction(), &|| jet.momentum())
                || is_near(SAME_JET, leptonic.jet.direction(), &|| {
                    leptonic.jet.momentum()
                })
        })
}

/// Whether it lies away from the jet beside the lepton, and opposite to the lepton.
fn is_away(jet: &LargeRJet, leptonic: &Leptonic) -> bool {
    let is_beside = leptonic.jet.direction().is_near(
        MIN_DISTANCE_TO_JET,
        &jet.direction(),
        || (leptonic.jet.momentum(), jet.momentum()),
        |distance| single(distance).is_nan() || f64::from(single(distance)) <= MIN_DISTANCE_TO_JET,
    );
    let delta_phi = || {
        let azimuths = leptonic.w.lepton.momentum().phi() - jet.momentum().phi();
        f64::from(azimuth_between(single(azimuths.abs())))
    };
    let lepton = leptonic.w.lepton.direction();
    !is_beside && lepton.is_turned(MIN_DELTA_PHI_TO_LEPTON, &jet.direction(), delta_phi)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::LeptonicW;
    use crate::object::Lepton;

    fn top() -> LargeRJet {
        LargeRJet {
            pt: 400e3,
            phi: 3.0,
            energy: 450e3,
            mass: 170e3,
            tau32: 0.5,
            ..LargeRJet::default()
        }
    }

    /// Lepton and jet at azimuths 0 and 0.3.
    fn leptonic() -> Leptonic {
        let jet = b_jet(0.3);
        let mut leptonic = Leptonic {
            w: LeptonicW {
                lepton: Lepton {
                    pt: 50e3,
                    ..Lepton::default()
                },
                ..LeptonicW::default()
            },
            ..Leptonic::default()
        };
        leptonic.count(jet);
        leptonic
    }

    fn b_jet(phi: f32) -> Jet {
        Jet {
            pt: 50e3,
            phi,
            energy: 50e3,
            mv2c10: 0.9,
            ..Jet::default()
        }
    }

    fn is_found(jet: LargeRJet, b_jets: &[Jet]) -> bool {
        only_top([jet].into_iter(), &leptonic(), b_jets.iter().copied()).is_some()
    }

    #[test]
    fn the_b_jet_lies_in_the_top_or_beside_the_lepton() {
        assert!(is_found(top(), &[b_jet(2.5)]));
        assert!(is_found(top(), &[b_jet(0.3)]));
        assert!(!is_found(top(), &[b_jet(1.5)]));
        assert!(!is_found(top(), &[]));
    }

    #[test]
    fn the_top_lies_opposite_to_the_lepton_and_has_three_parts() {
        let b_jets = [b_jet(0.3)];
        assert!(!is_found(LargeRJet { phi: 1.6, ..top() }, &b_jets));
        assert!(!is_found(LargeRJet { phi: -0.9, ..top() }, &b_jets));
        for tau32 in [0.75, f32::NAN] {
            assert!(!is_found(LargeRJet { tau32, ..top() }, &b_jets));
        }
    }

    #[test]
    fn two_tops_are_one_too_many() {
        let found = only_top(
            [top(); 2].into_iter(),
            &leptonic(),
            [b_jet(0.3)].into_iter(),
        );
        assert_eq!(found, None);
    }
}
