//! Which two of three leptons come from the Z.

use crate::analysis::{NearMomentum, could_be_from_z, distance_to_z};
use crate::object::Lepton;
use crate::{Correction, Corrections};

/// Two leptons taken for the Z's, the third for the W's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assignment<'a> {
    /// The momenta of the pair.
    pub(super) pair: [NearMomentum<'a>; 2],
    /// The mass of the pair, GeV.
    pub(super) mass: f32,
    /// How far it lies from the Z's, GeV.
    pub(super) distance: f32,
    /// The third lepton.
    pub(super) other: Lepton,
}

/// Takes the pair of one flavour and opposite charges for the Z's, of two such pairs the one
/// whose mass is closer to the Z's.
///
/// Two at the same distance leave no choice (`WZDiBosonAnalysis.C:179-226`); corrected, the first
/// is taken. A mass that is no number is nobody's.
pub(super) fn assign<'a>(
    leptons: &[Lepton; 3],
    momenta: &[NearMomentum<'a>; 3],
    corrections: Corrections,
) -> Option<Assignment<'a>> {
    let is_corrected = corrections.has(Correction::EqualPairs);
    let [first, second, third] = leptons;
    let [p1, p2, p3] = *momenta;
    let pairs = [
        (first, second, [p1, p2], third),
        (first, third, [p1, p3], second),
        (second, third, [p2, p3], first),
    ];
    let mut closest: Option<Assignment<'_>> = None;
    let mut tie = false;
    for (a, b, pair, &other) in pairs {
        if !could_be_from_z(a, b) {
            continue;
        }
        let mass = NearMomentum::mass_gev(pair.each_ref());
        let distance = distance_to_z(mass);
        if distance.is_nan() {
            return None;
        }
        tie = closest.is_some_and(|held| held.distance == distance);
        if closest.is_none_or(|held| distance < held.distance) {
            closest = Some(Assignment {
                pair,
                mass,
                distance,
                other,
            });
        }
    }
    closest.filter(|_| is_corrected || !tie)
}

#[cfg(test)]
mod tests {
    use std::f32::consts::PI;

    use super::*;
    use crate::object::{ELECTRON, MUON};

    /// Massless leptons in the transverse plane by flavour, charge, momentum (GeV) and azimuth.
    fn mass(leptons: [(u32, i32, f32, f32); 3]) -> Option<f32> {
        mass_with(Corrections::NONE, leptons)
    }

    fn mass_with(corrections: Corrections, leptons: [(u32, i32, f32, f32); 3]) -> Option<f32> {
        let objects = leptons.map(|(flavour, charge, pt, phi)| Lepton {
            pt: pt * 1e3,
            phi,
            energy: pt * 1e3,
            flavour,
            charge,
            ..Lepton::default()
        });
        let momenta = objects.each_ref();
        let momenta = momenta.map(|lepton| NearMomentum::of(lepton, lepton.momentum()));
        assign(&objects, &momenta, corrections).map(|assignment| assignment.mass)
    }

    #[test]
    fn the_pair_of_one_flavour_and_opposite_charges_is_the_zs() {
        let mass = mass([
            (ELECTRON, 1, 20.0, 0.0),
            (MUON, -1, 45.0, 0.0),
            (MUON, 1, 45.0, PI),
        ]);
        assert!((mass.unwrap() - 90.0).abs() < 1e-3);
    }

    #[test]
    fn of_two_pairs_the_closer_one_is_the_zs() {
        let mass = mass([
            (MUON, 1, 30.0, 0.0),
            (MUON, -1, 45.0, PI),
            (MUON, 1, 45.0, 0.0),
        ]);
        assert!((mass.unwrap() - 90.0).abs() < 1e-3);
    }

    #[test]
    fn equal_pairs_and_none_leave_no_choice() {
        let same = (MUON, 1, 45.0, 0.0);
        let equal = [same, (MUON, -1, 45.0, PI), same];
        assert_eq!(mass(equal), None);
        let corrected = mass_with(Corrections::ALL, equal);
        assert!((corrected.unwrap() - 90.0).abs() < 1e-3);
        assert_eq!(mass([same, same, same]), None);
        assert_eq!(mass([same, (ELECTRON, -1, 45.0, PI), same]), None);
    }
}
