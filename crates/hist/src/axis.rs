//! An axis of equal bins.

use std::fmt;

use crate::Error;

/// An axis cut into bins of equal width: ROOT's `TAxis` without variable edges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    bins: u32,
    low: f64,
    high: f64,
    width: f64,
    /// 1 / width: a division takes longer than all else in finding a bin.
    per_width: f64,
}

impl Axis {
    /// An axis of `bins` equal bins over `low..high`.
    ///
    /// # Errors
    /// [`Error::Axis`] without bins, with more than an `Int_t` counts together with the two
    /// outside ones, or unless `low < high` with a finite distance that is not next to nothing.
    pub fn new(bins: u32, low: f64, high: f64) -> Result<Self, Error> {
        let countable = (1..i32::MAX as u32 - 1).contains(&bins);
        let width = (high - low) / f64::from(bins);
        let per_width = 1.0 / width;
        if !(countable && low < high && width.is_finite() && per_width.is_finite()) {
            return Err(Error::Axis { bins, low, high });
        }
        Ok(Self {
            bins,
            low,
            high,
            width,
            per_width,
        })
    }

    /// The number of bins in the range.
    pub fn bins(&self) -> u32 {
        self.bins
    }

    /// The lower edge of the first bin.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The upper edge of the last bin.
    pub fn high(&self) -> f64 {
        self.high
    }

    /// The width of each bin.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// The number of the overflow bin.
    pub fn overflow(&self) -> u32 {
        self.bins + 1
    }

    /// The lower edge of a bin; the overflow's is the upper edge of the axis, up to rounding.
    pub fn lower_edge(&self, bin: u32) -> f64 {
        self.low + (f64::from(bin) - 1.0) * self.width
    }

    /// The centre of a bin.
    pub fn center(&self, bin: u32) -> f64 {
        self.low + (f64::from(bin) - 0.5) * self.width
    }

    /// The bin of `x`: 0 below the range, [`Axis::overflow`] above it and for NaN.
    ///
    /// Bin for bin what `TAxis::FindBin` of ROOT 6.40 answers. Since 6.38 it settles values beside
    /// an edge by comparing with the edge; the quotient alone, as earlier releases had it, puts
    /// some of them into the neighbour.
    #[inline]
    pub fn find_bin(&self, x: f64) -> u32 {
        if x < self.low {
            return 0;
        }
        if x.is_nan() || x >= self.high {
            return self.overflow();
        }
        // Off by one at most, which the edges below put right.
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "low <= x < high, so the quotient lies in 0..=bins"
        )]
        let quotient = ((x - self.low) * self.per_width) as u32;
        let steps = f64::from(quotient);
        let mut bin = quotient + 1;
        if steps * self.width + self.low > x {
            bin -= 1;
        }
        if (steps + 1.0) * self.width + self.low <= x {
            bin += 1;
        }
        bin.min(self.overflow())
    }

    /// [`Axis::find_bin`] in steps that can be taken for several values at once: neither branches
    /// nor conversions, but choices and sums.
    #[inline(always)]
    pub(crate) fn bin_without_branches(&self, x: f64) -> u32 {
        let count = |condition: bool| if condition { 1.0 } else { 0.0 };
        // The nearest edge, off by one at most beside an edge.
        let steps = rounded((x - self.low) * self.per_width);
        let bin = steps
            + count(steps * self.width + self.low <= x)
            + count((steps + 1.0) * self.width + self.low <= x);
        let overflow = f64::from(self.overflow());
        let bin = if bin < overflow { bin } else { overflow };
        let bin = if x < self.high { bin } else { overflow };
        let bin = if x < self.low { 0.0 } else { bin };
        integer(bin)
    }

    /// Whether no edge of a bin lies within `distance` of `x`, so that any value that close to `x`
    /// falls into the same bin. `distance` is far below a bin's width and far above the rounding of
    /// an edge. Beyond the range the edges go on, as if there were more bins; no number is clear
    /// that is not finite.
    #[inline(always)]
    pub fn is_clear_of_edges(&self, x: f64, distance: f64) -> bool {
        self.quick_bin(x, distance).1
    }

    /// The bin of `x`, and whether `x` is clear of edges by `distance`. The bin is right if it is by
    /// [`Axis::edge_rounding`] at least: far from an edge nothing has to be compared with it.
    #[inline(always)]
    pub(crate) fn quick_bin(&self, x: f64, distance: f64) -> (u32, bool) {
        let steps = (x - self.low) * self.per_width;
        let edge = rounded(steps);
        let is_clear = (steps - edge).abs() * self.width > distance;
        let bin = edge + if steps > edge { 1.0 } else { 0.0 };
        let overflow = f64::from(self.overflow());
        let bin = if bin < overflow { bin } else { overflow };
        let bin = if bin > 0.0 { bin } else { 0.0 };
        (integer(bin), is_clear)
    }

    /// A distance above all roundings of an edge and of the way to it.
    pub(crate) fn edge_rounding(&self) -> f64 {
        /// A thousand times the roundings of single steps.
        const ROUNDING: f64 = 1e-13;
        (self.low.abs() + self.high.abs()) * ROUNDING
    }
}

/// The integer that a number below 2³² is; without a conversion, of which few are done at once.
#[inline(always)]
fn integer(x: f64) -> u32 {
    /// Added to an integer below it, it leaves the integer in the lowest bits.
    const INTEGER: f64 = (1_u64 << 52) as f64;
    #[allow(clippy::cast_possible_truncation, reason = "the lowest bits are meant")]
    let integer = (x + INTEGER).to_bits() as u32;
    integer
}

/// The nearest integer to a number below 2⁵¹ in size; without a call, which `f64::round` is where
/// the processor's kind is not known.
#[inline(always)]
fn rounded(x: f64) -> f64 {
    const NO_FRACTION: f64 = 1.5 * (1_u64 << 52) as f64;
    (x + NO_FRACTION) - NO_FRACTION
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bins from {} to {}", self.bins, self.low, self.high)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The last bin whose lower edge, computed as ROOT computes it, does not lie above `x`.
    fn slow_bin(axis: &Axis, x: f64) -> u32 {
        if x < axis.low() {
            return 0;
        }
        if x.is_nan() || x >= axis.high() {
            return axis.overflow();
        }
        (1..=axis.overflow())
            .rev()
            .find(|&bin| f64::from(bin - 1) * axis.width() + axis.low() <= x)
            .unwrap()
    }

    fn axes() -> impl Strategy<Value = Axis> {
        (1u32..200, -1e3..1e3f64, 1e-3..1e3f64)
            .prop_map(|(bins, low, extent)| Axis::new(bins, low, low + extent).unwrap())
    }

    #[test]
    fn impossible_axes_are_refused() {
        let inf = f64::INFINITY;
        for (bins, low, high) in [
            (0, 0.0, 1.0),
            (u32::MAX, 0.0, 1.0),
            (5, 1.0, 1.0),
            (5, 2.0, 1.0),
            (5, f64::NAN, 1.0),
            (5, 0.0, inf),
            (5, -f64::MAX, f64::MAX),
            (5, 0.0, 1e-308),
        ] {
            assert!(Axis::new(bins, low, high).is_err(), "{bins} {low} {high}");
        }
    }

    #[test]
    fn values_outside_the_range_go_to_the_outer_bins() {
        let axis = Axis::new(24, 80.0, 170.0).unwrap();
        assert_eq!(axis.find_bin(80.0_f64.next_down()), 0);
        assert_eq!(axis.find_bin(80.0), 1);
        assert_eq!(axis.find_bin(170.0_f64.next_down()), 24);
        assert_eq!(axis.find_bin(170.0), 25);
        assert_eq!(axis.find_bin(f64::INFINITY), 25);
        assert_eq!(axis.find_bin(f64::NEG_INFINITY), 0);
        assert_eq!(axis.find_bin(f64::NAN), 25);
    }

    #[test]
    fn values_beside_an_edge_fall_where_root_puts_them_since_6_38() {
        // Bins that `TAxis::FindBin` of ROOT 6.40 gave; the quotient alone gives the neighbour.
        let axis = Axis::new(20, -3.0, 3.0).unwrap();
        let quotient = |x: f64| 1 + (20.0 * (x + 3.0) / 6.0) as u32;
        let differing = (1..=21)
            .flat_map(|bin| {
                let edge = axis.lower_edge(bin);
                [edge.next_down(), edge, edge.next_up()]
            })
            .filter(|&x| axis.find_bin(x) != if x < -3.0 { 0 } else { quotient(x) });
        assert_eq!(differing.count(), 15);
    }

    proptest! {
        #[test]
        fn the_bin_is_that_of_a_search_over_the_edges(axis in axes(), t in -0.1..1.1f64) {
            let x = axis.low() + t * (axis.high() - axis.low());
            prop_assert_eq!(axis.find_bin(x), slow_bin(&axis, x));
        }

        #[test]
        fn values_beside_one_that_is_clear_of_edges_share_its_bin(
            axis in axes(), t in -0.1..1.1f64, share in 1e-9..0.1f64,
        ) {
            let x = axis.low() + t * (axis.high() - axis.low());
            let distance = share * axis.width();
            let (below, above) = (axis.find_bin(x - distance), axis.find_bin(x + distance));
            if axis.is_clear_of_edges(x, distance) {
                prop_assert_eq!((below, above), (axis.find_bin(x), axis.find_bin(x)));
            } else {
                // With room for rounding, all others are near an edge or outside.
                let (below, above) = (axis.find_bin(x - 1.01 * distance), axis.find_bin(x + 1.01 * distance));
                prop_assert!(below != above || !(1..=axis.bins()).contains(&below));
            }
        }

        #[test]
        fn the_bin_is_the_same_without_branches(axis in axes(), t in -0.1..1.1f64, any in any::<f64>()) {
            let x = axis.low() + t * (axis.high() - axis.low());
            let edge = axis.lower_edge(axis.find_bin(x));
            for x in [x, edge.next_down(), edge, edge.next_up(), any, f64::NAN, f64::INFINITY] {
                prop_assert_eq!(axis.bin_without_branches(x), axis.find_bin(x), "{}", x);
            }
        }

        #[test]
        fn the_bin_is_found_at_once_where_no_edge_is_near(
            axis in axes(), t in -0.1..1.1f64, ulps in -9i64..10, any in any::<f64>(),
        ) {
            let x = axis.low() + t * (axis.high() - axis.low());
            let edge = axis.lower_edge(axis.find_bin(x));
            let beside = f64::from_bits(edge.to_bits().wrapping_add_signed(ulps));
            for x in [x, beside, axis.low(), axis.high(), any, 1e300, f64::MAX] {
                let (bin, is_clear) = axis.quick_bin(x, axis.edge_rounding());
                prop_assert!(bin <= axis.overflow());
                prop_assert!(!is_clear || bin == axis.find_bin(x), "{} in {}", x, bin);
            }
        }

        #[test]
        fn what_is_not_finite_is_near_an_edge(axis in axes()) {
            for x in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                prop_assert!(!axis.is_clear_of_edges(x, 1e-10));
            }
        }

        #[test]
        fn edges_and_their_neighbours_fall_where_the_search_says(axis in axes(), t in 0.0..=1.0f64) {
            let bin = 1 + (t * f64::from(axis.bins())) as u32;
            let edge = axis.lower_edge(bin);
            for x in [edge.next_down(), edge, edge.next_up()] {
                prop_assert_eq!(axis.find_bin(x), slow_bin(&axis, x));
            }
        }
    }
}
