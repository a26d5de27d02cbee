//! Which leptons come from which Z.

use crate::FourVector;
use crate::analysis::{could_be_from_z, distance_to_z, single};
use crate::object::Lepton;

/// The masses of the two lepton pairs, GeV, that closer to the Z's first.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Pairing {
    pub(super) masses: (f32, f32),
    /// How much nearer to the Z's one mass would have to be for another choice, GeV.
    pub(super) margin: f32,
}

/// The last pairing that counts, of masses 0 if none does.
///
/// A pairing counts if one of its masses is strictly closer to the Z's than the other. The last
/// that counts wins: the reference overwrites the earlier ones and makes no choice among them
/// (`HZZAnalysis.C:157-194`).
pub(super) fn last_pairing(leptons: &[Lepton; 4], momenta: &[FourVector; 4]) -> Pairing {
    let mut last = Pairing {
        masses: (0.0, 0.0),
        margin: f32::INFINITY,
    };
    for (mass, other_mass) in possible_pairings(leptons, momenta) {
        let (distance, other_distance) = (distance_to_z(mass), distance_to_z(other_mass));
        if distance < other_distance {
            last.masses = (mass, other_mass);
        } else if other_distance < distance {
            last.masses = (other_mass, mass);
        }
        last.margin = last.margin.min((distance - other_distance).abs());
    }
    last
}

/// The pairing in which one mass is closest to the Z's; `None` if none is possible.
pub(super) fn closest_pairing(leptons: &[Lepton; 4], momenta: &[FourVector; 4]) -> Option<Pairing> {
    let closest = possible_pairings(leptons, momenta)
        .map(
            |(one, other)| match distance_to_z(other) < distance_to_z(one) {
                true => (other, one),
                false => (one, other),
            },
        )
        .min_by(|(a, _), (b, _)| distance_to_z(*a).total_cmp(&distance_to_z(*b)));
    // As close as can be: which it is has to be found with exact momenta.
    closest.map(|masses| Pairing {
        masses,
        margin: 0.0,
    })
}

/// The masses of the pairs, GeV, of every pairing whose first pair has one flavour and opposite
/// charges: the first lepton with the second, third and fourth in turn.
fn possible_pairings(
    leptons: &[Lepton; 4],
    momenta: &[FourVector; 4],
) -> impl Iterator<Item = (f32, f32)> {
    let [first, second, third, fourth] = leptons;
    let [p1, p2, p3, p4] = *momenta;
    let pairings = [
        (second, p1 + p2, p3 + p4),
        (third, p1 + p3, p2 + p4),
        (fourth, p1 + p4, p2 + p3),
    ];
    let possible = pairings.map(|(partner, pair, other_pair)| {
        could_be_from_z(first, partner).then(|| {
            [pair, other_pair]
                .map(|pair| single(pair.mass() / 1000.0))
                .into()
        })
    });
    possible.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::{ELECTRON, MUON};

    /// The last pairing's masses and the closest's, of massless leptons in the transverse plane by
    /// flavour, charge, momentum (MeV) and azimuth.
    fn masses(leptons: [(u32, i32, f64, f64); 4]) -> ((f32, f32), Option<(f32, f32)>) {
        let objects = leptons.map(|(flavour, charge, ..)| Lepton {
            flavour,
            charge,
            ..Lepton::default()
        });
        let momenta =
            leptons.map(|(_, _, pt, phi)| FourVector::from_pt_eta_phi_e(pt, 0.0, phi, pt));
        let last = last_pairing(&objects, &momenta);
        let closest = closest_pairing(&objects, &momenta);
        (last.masses, closest.map(|pairing| pairing.masses))
    }

    #[test]
    fn mixed_flavours_pair_by_flavour() {
        let (back, side) = (std::f64::consts::PI, std::f64::consts::FRAC_PI_2);
        let ((z1, z2), closest) = masses([
            (MUON, 1, 15e3, 0.0),
            (ELECTRON, -1, 45e3, side),
            (MUON, -1, 15e3, back),
            (ELECTRON, 1, 45e3, side + back),
        ]);
        assert!(
            (z1 - 90.0).abs() < 1e-4 && (z2 - 30.0).abs() < 1e-4,
            "{z1} {z2}"
        );
        assert_eq!(closest, Some((z1, z2)));
    }

    #[test]
    fn the_last_pairing_that_counts_wins_even_if_an_earlier_one_is_closer() {
        let back = std::f64::consts::PI;
        let ((z1, z2), closest) = masses([
            (ELECTRON, 1, 45.59e3, 0.0),
            (ELECTRON, -1, 45.59e3, back),
            (ELECTRON, 1, 20e3, 0.1),
            (ELECTRON, -1, 25e3, back + 0.1),
        ]);
        // Crosswise: about twice the geometric mean of the momenta.
        assert!(
            (z1 - 67.5).abs() < 0.2 && (z2 - 60.4).abs() < 0.2,
            "{z1} {z2}"
        );
        let (z1, z2) = closest.unwrap();
        assert!(
            (z1 - 91.18).abs() < 1e-3 && (z2 - 44.7).abs() < 0.1,
            "{z1} {z2}"
        );
    }

    #[test]
    fn same_charges_of_one_flavour_leave_no_pairing() {
        let lepton = |flavour, charge| (flavour, charge, 30e3, 0.0);
        let none = masses([
            lepton(ELECTRON, 1),
            lepton(ELECTRON, 1),
            lepton(MUON, -1),
            lepton(MUON, -1),
        ]);
        assert_eq!(none, ((0.0, 0.0), None));
    }
}
