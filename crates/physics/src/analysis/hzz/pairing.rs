//! Which leptons come from which Z.

use multiversion::multiversion;

use super::block::{Column, EVENTS, partners};
use crate::FourVector;
use crate::analysis::{distance_to_z, single};
use crate::object::Lepton;

/// The masses of the two pairs, GeV, for each choice of the first lepton's partner: the second,
/// third or fourth.
pub(super) type PairMasses = [[Column<f32>; 2]; 3];

/// The choices of pairs of many events.
#[derive(Debug)]
pub(super) struct Pairings {
    /// The masses of the pairs, GeV, that closer to the Z's first; 0 where no pairing counts.
    pub(super) masses: [Column<f32>; 2],
    /// How much nearer to the Z's one mass would have to be for another choice, GeV.
    pub(super) margin: Column<f32>,
}

impl Pairings {
    pub(super) fn new() -> Self {
        Self {
            masses: [[0.0; EVENTS]; 2],
            margin: [0.0; EVENTS],
        }
    }
}

/// The [last pairing](last_pairing) of each event that counts.
#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
pub(super) fn last_pairings(
    masses: &PairMasses,
    can_pair: &[Column<bool>; 3],
    pairings: &mut Pairings,
) {
    let Pairings {
        masses: [nearer, farther],
        margin,
    } = pairings;
    let chosen = nearer.iter_mut().zip(farther).zip(margin);
    let ([second, third, fourth], [is_second, is_third, is_fourth]) = (masses, can_pair);
    let pairs = pairs(second, is_second)
        .zip(pairs(third, is_third))
        .zip(pairs(fourth, is_fourth));
    for (((nearer, farther), margin), ((second, third), fourth)) in chosen.zip(pairs) {
        // All of an event at once: what is chosen so far stays in registers.
        let choice = [second, third, fourth]
            .into_iter()
            .fold(Choice::NONE, Choice::or);
        (*nearer, *farther, *margin) = (choice.nearer, choice.farther, choice.margin);
    }
}

/// The masses of the pairs of each event, and whether they are possible.
#[inline(always)]
fn pairs(
    [masses, others]: &[Column<f32>; 2],
    can_pair: &Column<bool>,
) -> impl Iterator<Item = (f32, f32, bool)> {
    let pairs = masses.iter().zip(others).zip(can_pair);
    pairs.map(|((&mass, &other), &can_pair)| (mass, other, can_pair))
}

/// The choice among pairings so far, as [`Pairings`] has it.
#[derive(Clone, Copy)]
struct Choice {
    nearer: f32,
    farther: f32,
    margin: f32,
}

impl Choice {
    const NONE: Self = Self {
        nearer: 0.0,
        farther: 0.0,
        margin: f32::INFINITY,
    };

    /// That with one more, which wins if it counts.
    #[inline(always)]
    fn or(self, (mass, other, can_pair): (f32, f32, bool)) -> Self {
        let (distance, other_distance) = (distance_to_z(mass), distance_to_z(other));
        let is_first = can_pair & (distance < other_distance);
        let is_other = can_pair & (other_distance < distance);
        let (nearer, farther) = if is_first {
            (mass, other)
        } else {
            (self.nearer, self.farther)
        };
        let (nearer, farther) = if is_other {
            (other, mass)
        } else {
            (nearer, farther)
        };
        let gap = (distance - other_distance).abs();
        let is_closer = can_pair & (gap < self.margin);
        let margin = if is_closer { gap } else { self.margin };
        Self {
            nearer,
            farther,
            margin,
        }
    }
}

/// The masses of the last pairing that counts, GeV, that closer to the Z's first; 0 if none does.
///
/// A pairing counts if one of its masses is strictly closer to the Z's than the other. The last
/// that counts wins: the reference overwrites the earlier ones and makes no choice among them
/// (`HZZAnalysis.C:157-194`).
pub(super) fn last_pairing(leptons: &[Lepton; 4], momenta: &[FourVector; 4]) -> (f32, f32) {
    let mut last = (0.0, 0.0);
    for (mass, other_mass) in possible_pairings(leptons, momenta) {
        let (distance, other_distance) = (distance_to_z(mass), distance_to_z(other_mass));
        if distance < other_distance {
            last = (mass, other_mass);
        } else if other_distance < distance {
            last = (other_mass, mass);
        }
    }
    last
}

/// The masses of the pairing in which one is closest to the Z's, GeV; `None` if none is possible.
pub(super) fn closest_pairing(
    leptons: &[Lepton; 4],
    momenta: &[FourVector; 4],
) -> Option<(f32, f32)> {
    possible_pairings(leptons, momenta)
        .map(
            |(one, other)| match distance_to_z(other) < distance_to_z(one) {
                true => (other, one),
                false => (one, other),
            },
        )
        .min_by(|(a, _), (b, _)| distance_to_z(*a).total_cmp(&distance_to_z(*b)))
}

/// The masses of the pairs, GeV, of every pairing whose first pair has one flavour and opposite
/// charges: the first lepton with the second, third and fourth in turn.
fn possible_pairings(
    leptons: &[Lepton; 4],
    momenta: &[FourVector; 4],
) -> impl Iterator<Item = (f32, f32)> {
    let [p1, p2, p3, p4] = *momenta;
    let pairings = [(p1 + p2, p3 + p4), (p1 + p3, p2 + p4), (p1 + p4, p2 + p3)];
    let possible = pairings.into_iter().zip(partners(leptons));
    possible
        .filter(|(_, can_pair)| *can_pair)
        .map(|(pairs, _)| {
            let mass = |pair: FourVector| single(pair.mass() / 1000.0);
            (mass(pairs.0), mass(pairs.1))
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::object::{ELECTRON, MUON};

    prop_compose! {
        fn lepton()(
            pt in 5e3..1e5f64, eta in -2.5..2.5f64, phi in -3.2..3.2f64, charge in -1i32..2, flavour in 0u32..2,
        ) -> (Lepton, FourVector) {
            let lepton = Lepton { charge, flavour: [ELECTRON, MUON][flavour as usize], ..Lepton::default() };
            (lepton, FourVector::from_pt_eta_phi_e(pt, eta, phi, pt * eta.cosh()))
        }
    }

    proptest! {
        #[test]
        fn many_events_are_paired_as_each_alone(
            events in prop::collection::vec([lepton(), lepton(), lepton(), lepton()], 1..EVENTS),
        ) {
            let mut can_pair = [[false; EVENTS]; 3];
            let mut masses = [[[0.0; EVENTS]; 2]; 3];
            for (at, event) in events.iter().enumerate() {
                let [p1, p2, p3, p4] = event.map(|(_, momentum)| momentum);
                let pairs = [(p1 + p2, p3 + p4), (p1 + p3, p2 + p4), (p1 + p4, p2 + p3)];
                for (number, (one, other)) in pairs.into_iter().enumerate() {
                    can_pair[number][at] = partners(&event.map(|(lepton, _)| lepton))[number];
                    masses[number][0][at] = single(one.mass() / 1000.0);
                    masses[number][1][at] = single(other.mass() / 1000.0);
                }
            }
            let mut pairings = Pairings::new();
            last_pairings(&masses, &can_pair, &mut pairings);
            for (at, event) in events.iter().enumerate() {
                let (leptons, momenta) = (event.map(|(lepton, _)| lepton), event.map(|(_, momentum)| momentum));
                let last = last_pairing(&leptons, &momenta);
                prop_assert_eq!((pairings.masses[0][at], pairings.masses[1][at]), last);
                let gap = |(one, other): (f32, f32)| (distance_to_z(one) - distance_to_z(other)).abs();
                let gaps = possible_pairings(&leptons, &momenta).map(gap);
                prop_assert_eq!(pairings.margin[at], gaps.fold(f32::INFINITY, f32::min));
            }
        }
    }

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
        (last, closest)
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
