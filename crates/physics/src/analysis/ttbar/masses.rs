//! The top quark that decays to jets alone.

use crate::FourVector;
use crate::analysis::single;

/// Estimates of the masses of a top quark and its W boson, GeV; zeros without three jets.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Masses {
    pub(super) top: f32,
    pub(super) w: f32,
}

/// Takes the three jets with the largest transverse momentum of their sum for the top quark's,
/// the first of equals, and among them the two with the largest for the W's, the first two if
/// two pairs are equal.
pub(super) fn hadronic_masses(jets: &[FourVector]) -> Masses {
    let mut largest_pt = 0.0;
    let mut masses = Masses {
        top: 0.0,
        // The reference's indices start at the first jet twice.
        w: jets.first().map_or(0.0, |&jet| mass_gev(jet + jet)),
    };
    for (i, &first) in jets.iter().enumerate() {
        let after_first = jets.get(i + 1..).unwrap_or_default();
        for (j, &second) in after_first.iter().enumerate() {
            for &third in after_first.get(j + 1..).unwrap_or_default() {
                let sum = first + second + third;
                let pt = pt_gev(sum);
                if pt > largest_pt {
                    largest_pt = pt;
                    masses = Masses {
                        top: mass_gev(sum),
                        w: mass_gev(hardest_pair(first, second, third)),
                    };
                }
            }
        }
    }
    masses
}

fn hardest_pair(first: FourVector, second: FourVector, third: FourVector) -> FourVector {
    let (a, b, c) = (first + second, first + third, second + third);
    let (pt_a, pt_b, pt_c) = (pt_gev(a), pt_gev(b), pt_gev(c));
    if pt_b > pt_a && pt_b > pt_c {
        b
    } else if pt_c > pt_a && pt_c > pt_b {
        c
    } else {
        a
    }
}

fn pt_gev(vector: FourVector) -> f32 {
    single(vector.pt() / 1000.0)
}

fn mass_gev(vector: FourVector) -> f32 {
    single(vector.mass() / 1000.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn jet(pt: f64, phi: f64) -> FourVector {
        FourVector::from_pt_eta_phi_e(pt * 1e3, 0.0, phi, pt * 1e3)
    }

    #[test]
    fn the_jets_that_go_together_are_the_top_quarks() {
        let jets = [
            jet(100.0, 0.0),
            jet(50.0, 3.0),
            jet(90.0, 0.5),
            jet(80.0, -0.4),
        ];
        let sum = jets[0] + jets[2] + jets[3];
        let masses = hadronic_masses(&jets);
        assert_eq!(masses.top, single(sum.mass() / 1000.0));
        let pair = jets[0] + jets[2];
        assert_eq!(masses.w, single(pair.mass() / 1000.0));
    }

    #[test]
    fn fewer_than_three_jets_make_no_top_quark() {
        assert_eq!(hadronic_masses(&[]), Masses::default());
        assert_eq!(hadronic_masses(&[jet(50.0, 0.0); 2]).top, 0.0);
    }

    proptest! {
        /// The reference's three loops over indices, in as many words.
        #[test]
        fn loops_over_indices_find_the_same(
            jets in prop::collection::vec((20.0..200.0f64, -3.0..3.0f64), 3..7),
        ) {
            let jets: Vec<_> = jets.into_iter().map(|(pt, phi)| jet(pt, phi)).collect();
            let (mut best, mut top, mut a, mut b) = (0.0f32, 0.0f32, 0, 0);
            for i in 0..jets.len() {
                for j in i + 1..jets.len() {
                    for k in j + 1..jets.len() {
                        let sum = jets[i] + jets[j] + jets[k];
                        if (sum.pt() / 1000.0) as f32 > best {
                            best = (sum.pt() / 1000.0) as f32;
                            top = (sum.mass() / 1000.0) as f32;
                            let pt = |x: usize, y: usize| ((jets[x] + jets[y]).pt() / 1000.0) as f32;
                            let (ij, ik, jk) = (pt(i, j), pt(i, k), pt(j, k));
                            (a, b) = (i, j);
                            if ik > ij && ik > jk {
                                (a, b) = (i, k);
                            }
                            if jk > ij && jk > ik {
                                (a, b) = (j, k);
                            }
                        }
                    }
                }
            }
            let w = ((jets[a] + jets[b]).mass() / 1000.0) as f32;
            prop_assert_eq!(hadronic_masses(&jets), Masses { top, w });
        }
    }
}
