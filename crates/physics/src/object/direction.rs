//! How far apart two objects are.

use crate::FourVector;
use crate::four_vector::wrap_azimuth;

/// Where an object points to as its branches state it, which its momentum's components give back
/// but for rounding. What is made of components takes sines and logarithms, and matters only where
/// rounding decides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Direction {
    eta: f64,
    phi: f64,
    /// Whether the components do give it back.
    comes_back: bool,
}

impl Direction {
    /// Far above the roundings of components and of a distance in single precision.
    const RELATIVE_ROUNDING: f64 = 1e-5;
    /// Up to here a pseudorapidity is that of the components but for 10⁻⁹.
    const MAX_ABS_ETA: f32 = 8.0;
    /// Up to here the difference of two azimuths is brought into range by one turn.
    const MAX_ABS_PHI: f32 = 3.125;

    /// That of an object of this transverse momentum, pseudorapidity and azimuth.
    #[inline]
    pub(crate) fn new(pt: f32, eta: f32, phi: f32) -> Self {
        Self {
            eta: eta.into(),
            phi: phi.into(),
            comes_back: pt.is_normal()
                && eta.abs() < Self::MAX_ABS_ETA
                && phi.abs() < Self::MAX_ABS_PHI,
        }
    }

    /// Whether ΔR of two objects, or what becomes of it in single precision, lies below `bound`;
    /// `None` where that takes their momenta.
    #[inline]
    fn is_within(&self, bound: f64, other: &Self) -> Option<bool> {
        let (eta, phi) = (self.eta - other.eta, wrap_azimuth(self.phi - other.phi));
        let (squared, bound) = (eta * eta + phi * phi, bound * bound);
        let is_certain = self.comes_back
            && other.comes_back
            && (squared - bound).abs() > Self::RELATIVE_ROUNDING * bound;
        is_certain.then_some(squared < bound)
    }

    /// The same, where need be by the momenta, of which `is_below` takes the distance.
    #[inline]
    pub(crate) fn is_near(
        &self,
        bound: f64,
        other: &Self,
        momenta: impl FnOnce() -> (FourVector, FourVector),
        is_below: impl FnOnce(f64) -> bool,
    ) -> bool {
        self.is_within(bound, other).unwrap_or_else(|| {
            let (one, other) = momenta();
            is_below(one.delta_r(&other))
        })
    }

    /// Whether the angle between the azimuths of two objects, or what becomes of it in single
    /// precision, lies above `bound`; where that takes the angle of their momenta, `exact` makes it.
    #[inline]
    pub(crate) fn is_turned(&self, bound: f64, other: &Self, exact: impl FnOnce() -> f64) -> bool {
        let angle = wrap_azimuth(self.phi - other.phi).abs();
        let is_certain = self.comes_back
            && other.comes_back
            && (angle - bound).abs() > Self::RELATIVE_ROUNDING * bound;
        (if is_certain { angle } else { exact() }) > bound
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_distance_is_judged_as_that_of_the_momenta(
            one in (0.1..1e6f32, -9.0..9.0f32, -3.2..3.2f32),
            step in (-1.0..1.0f64, -1.0..1.0f64),
            pt in prop_oneof![9 => 0.1..1e6f32, 1 => any::<f32>()],
            bound in prop::sample::select(vec![0.01, 0.2, 0.4, 1.0, 1.5, 2.0]),
            ratio in prop_oneof![0.0..3.0f64, 0.999_999..1.000_001f64],
        ) {
            // Away by about `ratio` times the bound, in any direction.
            let size = step.0.hypot(step.1).max(1e-3);
            let at = |from: f32, step: f64| (f64::from(from) + step / size * bound * ratio) as f32;
            let other = (pt, at(one.1, step.0), at(one.2, step.1));
            let [a, b] = [one, other].map(|(pt, eta, phi)| Direction::new(pt, eta, phi));
            let momentum = |(pt, eta, phi): (f32, f32, f32)| {
                FourVector::from_pt_eta_phi_e(pt.into(), eta.into(), phi.into(), 0.0)
            };
            let exact = momentum(one).delta_r(&momentum(other));
            let quick = a.is_within(bound, &b);
            prop_assert!(quick.is_none_or(|is_within| is_within == (exact < bound)), "{}", exact);
            let single = f64::from(exact as f32) < f64::from(bound as f32);
            prop_assert!(quick.is_none_or(|is_within| is_within == single), "{}", exact);
        }

        #[test]
        fn an_angle_is_judged_as_that_of_the_momenta(
            one in (0.1..1e6f32, -9.0..9.0f32, -3.2..3.2f32),
            pt in prop_oneof![9 => 0.1..1e6f32, 1 => any::<f32>()],
            step in prop_oneof![-6.3..6.3f32, 0.999_99..1.000_01f32, -1.000_01..-0.999_99f32],
        ) {
            let other = (pt, one.1, one.2 + step);
            let azimuth = |(pt, eta, phi): (f32, f32, f32)| {
                FourVector::from_pt_eta_phi_e(pt.into(), eta.into(), phi.into(), 0.0).phi()
            };
            let exact = wrap_azimuth(azimuth(one) - azimuth(other)).abs();
            let [a, b] = [one, other].map(|(pt, eta, phi)| Direction::new(pt, eta, phi));
            for exact in [exact, f64::from(exact as f32)] {
                prop_assert_eq!(a.is_turned(1.0, &b, || exact), exact > 1.0, "{}", exact);
            }
        }
    }

    #[test]
    fn beside_the_bound_momenta_decide() {
        let (one, other) = (Direction::new(1.0, 0.0, 0.0), Direction::new(1.0, 0.5, 0.0));
        assert_eq!(one.is_within(0.4, &other), Some(false));
        assert_eq!(one.is_within(0.6, &other), Some(true));
        assert_eq!(one.is_within(0.5, &other), None);
        assert_eq!(Direction::new(0.0, 0.0, 0.0).is_within(0.6, &other), None);
        let momentum = |eta| FourVector::from_pt_eta_phi_e(1.0, eta, 0.0, 2.0);
        let is_near = |bound| {
            let momenta = || (momentum(0.0), momentum(0.5));
            one.is_near(bound, &other, momenta, |distance| distance < bound)
        };
        assert!(is_near(0.500_000_1) && !is_near(0.499_999_9) && is_near(0.6));
        let turned = Direction::new(1.0, 0.0, 0.5);
        assert!(one.is_turned(0.4, &turned, || unreachable!("that is certain")));
        assert!(one.is_turned(0.5, &turned, || 0.6) && !one.is_turned(0.5, &turned, || 0.4));
    }
}
