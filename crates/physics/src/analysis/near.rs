//! Quantities in single precision, made of quick momenta or of the branches' own angles.
//!
//! The reference makes them of momenta's components in double precision, in steps of the C library
//! that take one number at a time, and rounds. What is made here differs from that before it is
//! rounded, by less than is said; the exact value is worked out only where rounding hangs on it.

use super::single;
use crate::FourVector;
use crate::object::{Lepton, MissingMomentum, transverse_mass};

/// Rounds what lies between `low` and `high`; `exact` makes it where that does not tell the result.
#[inline]
pub(super) fn rounded(low: f64, high: f64, exact: impl FnOnce() -> f64) -> f32 {
    let (low, high) = (single(low), single(high));
    // Zeros of different signs are different results, and NaN is none.
    let is_certain = (low == high) & (low.is_sign_negative() == high.is_sign_negative());
    if is_certain { low } else { single(exact()) }
}

/// The momentum of a lepton as [`QuickMomenta`](crate::QuickMomenta) has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct NearMomentum<'a> {
    lepton: &'a Lepton,
    /// MeV.
    quick: FourVector,
    /// The sum of the components' sizes, MeV.
    size: f64,
}

/// Quick components differ from exact ones by 10⁻¹⁵ of the momentum, rounding adds less: a sum of them
/// differs by less than 3·10⁻¹⁵ of all their sizes, a square by twice as much of the squared sizes.
const ROUNDING: f64 = 1e-14;

impl<'a> NearMomentum<'a> {
    /// That of a lepton with this quick momentum, MeV.
    #[inline]
    pub(super) fn of(lepton: &'a Lepton, quick: FourVector) -> Self {
        let size = quick.px.abs() + quick.py.abs() + quick.pz.abs() + quick.energy.abs();
        Self {
            lepton,
            quick,
            size,
        }
    }

    /// The mass of leptons together, GeV.
    #[inline]
    pub(super) fn mass_gev<const N: usize>(leptons: [&Self; N]) -> f32 {
        let (sum, size) = Self::sum(leptons);
        let mass = Root::of(sum.mass_squared(), size);
        mass.rounded(|| Self::exact(leptons).mass() / 1000.0)
    }

    /// The transverse momentum of leptons together, GeV.
    #[inline]
    pub(super) fn pt_gev<const N: usize>(leptons: [&Self; N]) -> f32 {
        let (sum, size) = Self::sum(leptons);
        let pt = Root::of(sum.px * sum.px + sum.py * sum.py, size);
        pt.rounded(|| Self::exact(leptons).pt() / 1000.0)
    }

    /// The sum of quick momenta, and that of their sizes.
    #[inline]
    fn sum<const N: usize>(leptons: [&Self; N]) -> (FourVector, f64) {
        let sum = added_up(leptons.map(|lepton| lepton.quick));
        (sum, leptons.map(|lepton| lepton.size).iter().sum())
    }

    #[cold]
    fn exact<const N: usize>(leptons: [&Self; N]) -> FourVector {
        added_up(leptons.map(|near| near.lepton.momentum()))
    }
}

/// The sum of momenta, from the left.
#[inline]
fn added_up<const N: usize>(momenta: [FourVector; N]) -> FourVector {
    let sum = momenta.into_iter().reduce(|sum, other| sum + other);
    sum.unwrap_or_default()
}

/// The root of a quick square, negative where that is.
struct Root {
    value: f64,
    /// Relative to it; more than 1 where next to nothing is known.
    uncertainty: f64,
}

impl Root {
    /// That of a square, MeV², which is made of components of this size together; in GeV.
    #[inline]
    fn of(squared: f64, size: f64) -> Self {
        Self {
            value: (squared.abs().sqrt() * 1e-3).copysign(squared),
            // The root's is half as much, unless it is large; never below that of a rounding.
            uncertainty: ROUNDING * size * size / squared.abs(),
        }
    }

    #[inline]
    fn rounded(&self, exact: impl FnOnce() -> f64) -> f32 {
        let distance = self.value * self.uncertainty;
        rounded(self.value - distance, self.value + distance, exact)
    }
}

/// The [`transverse_mass`] of a lepton and what is missing, MeV.
#[inline]
pub(super) fn transverse_mass_single(lepton: &Lepton, missing: &MissingMomentum) -> f32 {
    /// Angles come back but for 2·10⁻¹⁵, their cosine and the two sizes but for less.
    const ROUNDING: f64 = 2e-14;

    let exact = || transverse_mass(&lepton.momentum(), &missing.momentum());
    let comes_back = comes_back(lepton.pt, lepton.phi) & comes_back(missing.et, missing.phi);
    if !comes_back || missing.et < 0.0 {
        return single(exact());
    }
    let sizes = 2.0 * f64::from(lepton.pt.abs()) * f64::from(missing.et);
    let angle = 1.0 - (f64::from(lepton.phi) - f64::from(missing.phi)).cos();
    let mass = Root {
        value: (sizes * angle).sqrt(),
        uncertainty: ROUNDING / angle,
    };
    mass.rounded(exact)
}

/// Whether the components of a momentum give back what they are made of, but for rounding.
#[inline(always)]
pub(super) fn comes_back(pt: f32, phi: f32) -> bool {
    /// Beyond π, which an `f32` exceeds, an azimuth comes back with the other sign.
    const MAX_ABS_PHI: f32 = 3.125;

    pt.is_finite() & (phi.abs() < MAX_ABS_PHI)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::QuickMomenta;

    fn near(leptons: &[Lepton]) -> Vec<NearMomentum<'_>> {
        let column = |of: fn(&Lepton) -> f32| leptons.iter().map(of).collect::<Vec<_>>();
        let mut quick = QuickMomenta::default();
        quick.set(&column(|l| l.pt), &column(|l| l.eta), &column(|l| l.phi));
        let momenta = leptons.iter().enumerate();
        let momenta = momenta.map(|(at, l)| NearMomentum::of(l, quick.get(at, l.energy.into())));
        momenta.collect()
    }

    /// Sometimes of no mass, sometimes of any numbers.
    fn lepton() -> impl Strategy<Value = Lepton> {
        let angle = || prop_oneof![9 => -3.2..3.2f32, 1 => any::<f32>()];
        let pt = prop_oneof![9 => 1e3..1e6f32, 1 => any::<f32>()];
        (pt, angle(), angle(), 0.9..1.5f32, any::<bool>()).prop_map(
            |(pt, eta, phi, ratio, is_massless)| Lepton {
                pt,
                eta,
                phi,
                energy: pt * eta.cosh() * if is_massless { 1.0 } else { ratio },
                ..Lepton::default()
            },
        )
    }

    /// NaN is NaN, whatever its bits.
    fn bits(value: f32) -> u32 {
        if value.is_nan() {
            f32::NAN.to_bits()
        } else {
            value.to_bits()
        }
    }

    proptest! {
        #[test]
        fn masses_and_momenta_are_the_exact_ones_rounded(
            one in lepton(), mut other in lepton(), third in lepton(), turned in 0u8..3,
        ) {
            match turned {
                // Along with the first, opposite to it, and anywhere.
                0 => (other.eta, other.phi) = (one.eta, one.phi),
                1 => (other.eta, other.phi, other.pt) = (-one.eta, -one.phi, one.pt),
                _ => {}
            }
            let leptons = [one, other, third];
            let near = near(&leptons);
            let pair = one.momentum() + other.momentum();
            let all = pair + third.momentum();
            let together = [&near[0], &near[1]];
            prop_assert_eq!(bits(NearMomentum::mass_gev(together)), bits(single(pair.mass() / 1000.0)));
            prop_assert_eq!(bits(NearMomentum::pt_gev(together)), bits(single(pair.pt() / 1000.0)));
            let together = [&near[0], &near[1], &near[2]];
            prop_assert_eq!(bits(NearMomentum::mass_gev(together)), bits(single(all.mass() / 1000.0)));
            prop_assert_eq!(bits(NearMomentum::pt_gev(together)), bits(single(all.pt() / 1000.0)));
        }

        #[test]
        fn the_transverse_mass_is_the_exact_one_rounded(
            lepton in lepton(), other in lepton(), step in prop_oneof![-1e-3..1e-3f32, -4.0..4.0f32],
        ) {
            for phi in [other.phi, lepton.phi, lepton.phi + step] {
                let missing = MissingMomentum { et: other.pt, phi, ..MissingMomentum::default() };
                let exact = single(transverse_mass(&lepton.momentum(), &missing.momentum()));
                let found = transverse_mass_single(&lepton, &missing);
                prop_assert_eq!(bits(found), bits(exact), "{:?} {:?}", lepton, missing);
            }
        }
    }

    #[test]
    fn the_exact_value_is_asked_for_where_rounding_hangs_on_it() {
        let never = || -> f64 { unreachable!("both round alike") };
        assert_eq!(rounded(1.0, 1.0 + 1e-9, never), 1.0);
        let halfway = 1.0 + f64::from(f32::EPSILON) / 2.0;
        assert_eq!(rounded(halfway - 1e-9, halfway + 1e-9, || 1.0), 1.0);
        assert_eq!(rounded(f64::NAN, f64::NAN, || 2.0), 2.0);
        assert!(rounded(-0.0, 0.0, || -0.0).is_sign_negative());
    }
}
