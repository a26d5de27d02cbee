//! Which of four leptons come from which Z.

use crate::analysis::{could_be_from_z, distance_to_z, single};
use crate::object::{ELECTRON, Lepton, MUON};
use crate::{Correction, Corrections, FourVector};

/// Two pairs of leptons, taken for two Z's.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Pairing {
    /// The masses, GeV, that of the first lepton's pair first.
    pub(super) masses: (f32, f32),
    /// How far they lie from the Z's, together, GeV.
    pub(super) distance: f32,
}

/// The pairing of four electrons, four muons or two of each; `None` of other flavours.
///
/// The first lepton can be paired with each of the three others of its flavour and opposite
/// charge. In the reference a pairing that is not possible counts with masses and distance 0
/// (`ZZDiBosonAnalysis.C:159-215`): among four leptons of one flavour there is always one such,
/// which is closer than all others, so that both masses are 0 unless two are impossible and tie,
/// which leaves zeros as well. Of two electrons and two muons the possible pairing is taken.
/// Corrected, only possible pairings count, and `None` of them is no event.
pub(super) fn pairing(
    leptons: &[Lepton; 4],
    momenta: &[FourVector; 4],
    corrections: Corrections,
) -> Option<Pairing> {
    let pairings = pairings(leptons, momenta);
    let is_corrected = corrections.has(Correction::ImpossiblePairing);
    let count = |flavour| leptons.iter().filter(|l| l.flavour == flavour).count();
    match (count(ELECTRON), count(MUON)) {
        (4, 0) | (0, 4) | (2, 2) if is_corrected => closest(pairings),
        (4, 0) | (0, 4) => Some(strictly_closest(pairings.map(Option::unwrap_or_default))),
        (2, 2) => Some(
            pairings
                .into_iter()
                .flatten()
                .next_back()
                .unwrap_or_default(),
        ),
        _ => None,
    }
}

/// The first lepton with the second, third and fourth, where that is possible.
fn pairings(leptons: &[Lepton; 4], momenta: &[FourVector; 4]) -> [Option<Pairing>; 3] {
    let [first, second, third, fourth] = leptons;
    let [p1, p2, p3, p4] = *momenta;
    [
        (second, p1 + p2, p3 + p4),
        (third, p1 + p3, p2 + p4),
        (fourth, p1 + p4, p2 + p3),
    ]
    .map(|(partner, pair, other_pair)| {
        could_be_from_z(first, partner).then(|| {
            let [mass, other_mass] = [pair, other_pair].map(|pair| single(pair.mass() / 1000.0));
            Pairing {
                masses: (mass, other_mass),
                distance: distance_to_z(mass) + distance_to_z(other_mass),
            }
        })
    })
}

/// The possible pairing closest to the Z's, the first of equals.
fn closest(pairings: [Option<Pairing>; 3]) -> Option<Pairing> {
    let possible = pairings.into_iter().flatten();
    possible.min_by(|a, b| a.distance.total_cmp(&b.distance))
}

/// The pairing closer to the Z's than both others, zeros if there is none.
fn strictly_closest([a, b, c]: [Pairing; 3]) -> Pairing {
    let closer = |one: Pairing, others: [Pairing; 2]| {
        let wins = others.iter().all(|other| one.distance < other.distance);
        wins.then_some(one)
    };
    closer(a, [b, c])
        .or_else(|| closer(b, [a, c]))
        .or_else(|| closer(c, [a, b]))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    fn paired(leptons: [(u32, i32, f64, f64); 4]) -> Option<Pairing> {
        paired_with(Corrections::NONE, leptons)
    }

    fn paired_with(
        corrections: Corrections,
        leptons: [(u32, i32, f64, f64); 4],
    ) -> Option<Pairing> {
        let objects = leptons.map(|(flavour, charge, ..)| Lepton {
            flavour,
            charge,
            ..Lepton::default()
        });
        let momenta = leptons
            .map(|(_, _, pt, phi)| FourVector::from_pt_eta_phi_e(pt * 1e3, 0.0, phi, pt * 1e3));
        pairing(&objects, &momenta, corrections)
    }

    #[test]
    fn mixed_flavours_pair_by_flavour() {
        let pairing = paired([
            (MUON, 1, 45.0, 0.0),
            (ELECTRON, -1, 40.0, 0.0),
            (MUON, -1, 45.0, PI),
            (ELECTRON, 1, 40.0, PI),
        ]);
        let Pairing { masses, distance } = pairing.unwrap();
        assert!((masses.0 - 90.0).abs() < 1e-3 && (masses.1 - 80.0).abs() < 1e-3);
        assert!((distance - 12.36).abs() < 1e-3);
    }

    #[test]
    fn one_flavour_gives_zeros_since_an_impossible_pairing_is_closest() {
        let muons = [
            (MUON, 1, 45.0, 0.0),
            (MUON, -1, 45.0, PI),
            (MUON, 1, 40.0, 0.0),
            (MUON, -1, 40.0, PI),
        ];
        assert_eq!(paired(muons), Some(Pairing::default()));

        // 90 and 80 GeV are as close together as twice the mean, 84.85 GeV, crosswise.
        let Pairing { masses, .. } = paired_with(Corrections::ALL, muons).unwrap();
        let is_near = |mass: f32, expected: f32| (mass - expected).abs() < 1e-3;
        assert!(
            is_near(masses.0, 90.0) && is_near(masses.1, 80.0),
            "{masses:?}"
        );
    }

    #[test]
    fn corrected_an_impossible_pairing_is_no_event() {
        let same = |flavour, charge| (flavour, charge, 45.0, 0.0);
        let leptons = [
            same(MUON, 1),
            same(MUON, 1),
            same(ELECTRON, -1),
            same(ELECTRON, -1),
        ];
        assert_eq!(paired(leptons), Some(Pairing::default()));
        assert_eq!(paired_with(Corrections::ALL, leptons), None);
    }

    #[test]
    fn odd_flavours_are_no_pairs() {
        let electron = (ELECTRON, 1, 45.0, 0.0);
        let muon = (MUON, -1, 45.0, 0.0);
        assert_eq!(paired([electron, muon, muon, muon]), None);
    }
}
