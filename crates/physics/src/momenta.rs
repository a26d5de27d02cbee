//! Momenta of many particles at once, to within a few roundings of those of one.

use multiversion::multiversion;

use crate::FourVector;

/// Energy-momentum vectors, component by component.
///
/// Their components are those of [`FourVector::from_pt_eta_phi_e`] but for the last bits, by
/// 10⁻¹⁵ of the momentum at most: the C library's sine, cosine and hyperbolic sine take one number
/// at a time. Where the last bit could decide, the exact vector has to be made.
#[derive(Clone, Debug, Default)]
pub struct QuickMomenta {
    px: Vec<f64>,
    py: Vec<f64>,
    pz: Vec<f64>,
}

/// Up to here an azimuth is reduced to the first quadrant without loss.
const MAX_ABS_PHI: f32 = 10.0;
/// Up to here a pseudorapidity's exponential is made of its bits.
pub(crate) const MAX_ABS_ETA: f32 = 20.0;

impl QuickMomenta {
    /// Takes in the momenta of particles of these transverse momenta, pseudorapidities and
    /// azimuths, in place of those before.
    pub fn set(&mut self, pt: &[f32], eta: &[f32], phi: &[f32]) {
        for component in [&mut self.px, &mut self.py, &mut self.pz] {
            component.resize(pt.len(), 0.0);
        }
        if components(pt, eta, phi, [&mut self.px, &mut self.py, &mut self.pz]) {
            return;
        }
        for (place, ((&pt, &eta), &phi)) in pt.iter().zip(eta).zip(phi).enumerate() {
            if !(eta.abs() <= MAX_ABS_ETA && phi.abs() <= MAX_ABS_PHI) {
                self.set_exactly(place, [pt, eta, phi].map(f64::from));
            }
        }
    }

    #[cold]
    fn set_exactly(&mut self, place: usize, [pt, eta, phi]: [f64; 3]) {
        let exact = FourVector::from_pt_eta_phi_e(pt, eta, phi, 0.0);
        for (component, value) in [
            (&mut self.px, exact.px),
            (&mut self.py, exact.py),
            (&mut self.pz, exact.pz),
        ] {
            component
                .get_mut(place)
                .into_iter()
                .for_each(|c| *c = value);
        }
    }

    /// The momenta along the axes: px, py and pz of each particle.
    pub fn components(&self) -> [&[f64]; 3] {
        [&self.px, &self.py, &self.pz]
    }

    /// The vector of a particle with its energy, in the unit of the transverse momenta.
    #[inline]
    pub fn get(&self, place: usize, energy: f64) -> FourVector {
        let at = |component: &[f64]| component.get(place).copied().unwrap_or_default();
        FourVector {
            px: at(&self.px),
            py: at(&self.py),
            pz: at(&self.pz),
            energy,
        }
    }
}

/// Makes the components; tells whether all are what they should be.
#[multiversion(targets(
    "x86_64+avx+avx2+avx512f+avx512bw+avx512cd+avx512dq+avx512vl+bmi1+bmi2+fma",
    "x86_64+avx+avx2+bmi1+bmi2+fma",
))]
fn components(pt: &[f32], eta: &[f32], phi: &[f32], [px, py, pz]: [&mut [f64]; 3]) -> bool {
    let components = px.iter_mut().zip(py).zip(pz);
    let mut out_of_reach = 0;
    for (((px, py), pz), ((&pt, &eta), &phi)) in components.zip(pt.iter().zip(eta).zip(phi)) {
        out_of_reach |= u64::from(!((eta.abs() <= MAX_ABS_ETA) & (phi.abs() <= MAX_ABS_PHI)));
        let pt = f64::from(pt).abs();
        let (sin, cos) = sin_cos(f64::from(phi));
        *px = pt * cos;
        *py = pt * sin;
        *pz = pt * sinh(f64::from(eta));
    }
    out_of_reach == 0
}

/// Added to a number, it leaves the nearest integer in the lowest bits; taken off again, as a
/// number.
const TO_INTEGER: f64 = 1.5 * (1_u64 << 52) as f64;

/// The polynomial of these coefficients, the lowest first.
#[inline(always)]
fn polynomial<const N: usize>(x: f64, coefficients: [f64; N]) -> f64 {
    coefficients
        .into_iter()
        .rev()
        .fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// Sine and cosine of an angle up to ten: reduced to an eighth of a turn around a multiple of π/2,
/// which is taken off in two parts, the first short enough for its multiples to be exact; then
/// their Taylor series.
#[inline(always)]
fn sin_cos(angle: f64) -> (f64, f64) {
    use std::f64::consts::FRAC_2_PI;
    const HIGH: f64 = f64::from_bits(0x3FF9_21FB_5440_0000);
    const LOW: f64 = 6.077_100_506_506_192e-11;

    let shifted = angle * FRAC_2_PI + TO_INTEGER;
    let (quarters, bits) = (shifted - TO_INTEGER, shifted.to_bits());
    let rest = (angle - quarters * HIGH) - quarters * LOW;
    let square = rest * rest;
    let sin = rest + rest * square * polynomial(square, SIN);
    let cos = 1.0 + square * polynomial(square, COS);

    let (sin, cos) = if bits & 1 == 0 {
        (sin, cos)
    } else {
        (cos, sin)
    };
    let negated = |x: f64, negate: u64| f64::from_bits(x.to_bits() ^ ((negate & 2) << 62));
    (negated(sin, bits), negated(cos, bits.wrapping_add(1)))
}

/// The hyperbolic sine of a number up to twenty.
#[inline(always)]
fn sinh(x: f64) -> f64 {
    sinh_cosh(x).0
}

/// The hyperbolic cosine of a number up to [`MAX_ABS_ETA`], to within a few roundings.
#[inline(always)]
pub(crate) fn quick_cosh(x: f64) -> f64 {
    sinh_cosh(x).1
}

/// Hyperbolic sine and cosine of a number up to twenty: of a multiple of ln 2 and a rest, by
/// sinh(a + b) = sinh a cosh b + cosh a sinh b and cosh(a + b) = cosh a cosh b + sinh a sinh b.
#[inline(always)]
fn sinh_cosh(x: f64) -> (f64, f64) {
    use std::f64::consts::LOG2_E;
    const HIGH: f64 = f64::from_bits(0x3FE6_2E42_FEE0_0000);
    const LOW: f64 = 1.908_214_929_270_587_7e-10;
    /// The bits of 1/2 as a power of 2.
    const HALF: u64 = 1022 << 52;

    let shifted = x * LOG2_E + TO_INTEGER;
    let rest = (x - (shifted - TO_INTEGER) * HIGH) - (shifted - TO_INTEGER) * LOW;
    let square = rest * rest;
    let sinh = rest + rest * square * polynomial(square, SINH);
    let cosh = 1.0 + square * polynomial(square, COSH);

    let power = shifted.to_bits() << 52;
    let half_exp = f64::from_bits(HALF.wrapping_add(power));
    let half_exp_of_minus = f64::from_bits(HALF.wrapping_sub(power));
    let (plus, minus) = (half_exp + half_exp_of_minus, half_exp - half_exp_of_minus);
    (plus * sinh + minus * cosh, plus * cosh + minus * sinh)
}

/// 1/n!.
const fn per_factorial(n: u32) -> f64 {
    let (mut factorial, mut factor) = (1.0, 1);
    while factor < n {
        factor += 1;
        factorial *= factor as f64;
    }
    1.0 / factorial
}

const fn taylor<const N: usize>(first: u32, alternating: bool) -> [f64; N] {
    let mut coefficients = [0.0; N];
    let (mut rest, mut n, mut sign) = (coefficients.as_mut_slice(), first, 1.0);
    while let [coefficient, others @ ..] = rest {
        if alternating {
            sign = -sign;
        }
        *coefficient = sign * per_factorial(n);
        n += 2;
        rest = others;
    }
    coefficients
}

// The first term left out is below the rounding: (π/4)¹⁷/17! of a sine, (ln 2 / 2)¹⁴/14! of a
// hyperbolic cosine.
const SIN: [f64; 7] = taylor(3, true);
const COS: [f64; 8] = taylor(2, true);
const SINH: [f64; 6] = taylor(3, false);
const COSH: [f64; 7] = taylor(2, false);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn quick_momenta_are_the_exact_ones_but_for_rounding(
            particles in prop::collection::vec(
                (-1e6..1e6f32, -20.0..20.0f32, prop_oneof![-3.2..3.2f32, -10.0..10.0f32]), 1..40,
            ),
        ) {
            let column = |of: fn(&(f32, f32, f32)) -> f32| particles.iter().map(of).collect::<Vec<_>>();
            let mut quick = QuickMomenta::default();
            quick.set(&column(|p| p.0), &column(|p| p.1), &column(|p| p.2));
            for (place, &(pt, eta, phi)) in particles.iter().enumerate() {
                let [pt, eta, phi] = [pt, eta, phi].map(f64::from);
                let exact = FourVector::from_pt_eta_phi_e(pt, eta, phi, 7.0);
                let quick = quick.get(place, 7.0);
                prop_assert_eq!(quick.energy, 7.0);
                for (quick, exact, scale) in [
                    (quick.px, exact.px, pt),
                    (quick.py, exact.py, pt),
                    (quick.pz, exact.pz, exact.pz),
                ] {
                    prop_assert!((quick - exact).abs() <= 1e-15 * scale.abs(), "{quick} {exact}");
                }
            }
        }

        #[test]
        fn the_quick_hyperbolic_cosine_is_the_exact_one_but_for_rounding(x in -20.0..20.0f64) {
            prop_assert!((quick_cosh(x) / x.cosh() - 1.0).abs() < 1e-15);
        }

        #[test]
        fn what_is_out_of_reach_is_exact(
            pt in any::<f32>(), eta in any::<f32>(), phi in any::<f32>(),
        ) {
            prop_assume!(!(eta.abs() <= MAX_ABS_ETA && phi.abs() <= MAX_ABS_PHI));
            let mut quick = QuickMomenta::default();
            quick.set(&[1.0, pt], &[0.0, eta], &[0.0, phi]);
            let bits = |v: FourVector| [v.px, v.py, v.pz].map(|x| if x.is_nan() { 0 } else { x.to_bits() });
            let [pt, eta, phi] = [pt, eta, phi].map(f64::from);
            let exact = FourVector::from_pt_eta_phi_e(pt, eta, phi, 0.0);
            prop_assert_eq!(bits(quick.get(1, 0.0)), bits(exact));
        }
    }
}
