//! Bounds that selections compare single values with.
//!
//! The reference compares them in double precision. The nearest `f32` on the right side of a bound
//! decides the same, for twice as many values at once.

/// The smallest `f32` that is not below `bound`: `x < bound` for the same `x` as `x < not_below(bound)`,
/// and `x >= bound` likewise.
pub(crate) fn not_below(bound: f64) -> f32 {
    let nearest = rounded(bound);
    match f64::from(nearest) < bound {
        true => nearest.next_up(),
        false => nearest,
    }
}

/// The largest `f32` that is not above `bound`: `x > bound` for the same `x` as `x > not_above(bound)`,
/// and `x <= bound` likewise.
pub(crate) fn not_above(bound: f64) -> f32 {
    -not_below(-bound)
}

#[allow(clippy::cast_possible_truncation, reason = "rounding is what is meant")]
fn rounded(bound: f64) -> f32 {
    bound as f32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_bound_of_single_precision_decides_the_same(
            bound in prop_oneof![-100.0..100.0f64, any::<f64>(), any::<f32>().prop_map(f64::from)],
            ulps in -2i32..=2, any in any::<f32>(),
        ) {
            let beside = f32::from_bits((bound as f32).to_bits().wrapping_add_signed(ulps));
            for x in [beside, any] {
                let (wide, low, high) = (f64::from(x), not_below(bound), not_above(bound));
                prop_assert_eq!(x < low, wide < bound, "{} < {}", x, bound);
                prop_assert_eq!(x >= low, wide >= bound, "{} >= {}", x, bound);
                prop_assert_eq!(x > high, wide > bound, "{} > {}", x, bound);
                prop_assert_eq!(x <= high, wide <= bound, "{} <= {}", x, bound);
            }
        }
    }
}
