//! What is done to many values of a histogram at once, in loops over plain columns.
//!
//! Each is compiled with and without 256-bit registers, those that gain by it for 512 bits as well, and
//! the processor decides which one runs. None joins a product and a sum into one rounding, so that all
//! give the same bits.

use multiversion::multiversion;

use crate::Axis;
use crate::sums::{Bin, Statistics};

/// So many values are handled together: what is known of them stays in the first cache.
pub(crate) const BLOCK: usize = 64;

/// The bins of values, and whether all are right: that holds where each value is clear of edges by
/// `distance`, which is [`Axis::edge_rounding`] at least.
#[multiversion(targets(
    "x86_64+avx+avx2+avx512f+avx512bw+avx512cd+avx512dq+avx512vl+bmi1+bmi2+fma",
    "x86_64+avx+avx2+bmi1+bmi2+fma",
))]
pub(crate) fn quick_bins(
    axis: &Axis,
    values: &[f64],
    distance: f64,
    bins: &mut [u32; BLOCK],
) -> bool {
    let axis = *axis;
    let mut unclear = 0;
    for (bin, &x) in bins.iter_mut().zip(values) {
        let (found, is_clear) = axis.quick_bin(x, distance);
        *bin = found;
        unclear |= u64::from(!is_clear);
    }
    unclear == 0
}

/// The bins of values, as [`Axis::find_bin`] finds them.
#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
pub(crate) fn find_bins(axis: &Axis, values: &[f64], bins: &mut [u32; BLOCK]) {
    for (bin, &x) in bins.iter_mut().zip(values) {
        *bin = axis.bin_without_branches(x);
    }
}

/// Takes the marks of those values away that are not clear of edges.
#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
pub(crate) fn keep_clear(axis: &Axis, values: &[f64], distance: f64, marks: &mut [bool]) {
    let axis = *axis;
    for (mark, &x) in marks.iter_mut().zip(values) {
        *mark &= axis.is_clear_of_edges(x, distance);
    }
}

/// Adds fills of several histograms, [`BLOCK`] at most, to their bins: one weight for all. Fills of
/// one bin wait for each other, those of several histograms need not.
pub(crate) fn add<const N: usize>(
    mut histograms: [&mut [Bin]; N],
    bins: &[[u32; BLOCK]; N],
    weights: &[f64],
) {
    for (at, &w) in weights.iter().enumerate().take(BLOCK) {
        for (sums, bins) in histograms.iter_mut().zip(bins) {
            let bin = bins.get(at).copied().unwrap_or_default();
            if let Some(sums) = sums.get_mut(bin as usize) {
                sums.sumw += w;
                sums.sumw2 += w * w;
            }
        }
    }
}

/// Whether all weights are 1.
#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
pub(crate) fn are_all_one(weights: &[f64]) -> bool {
    let others = weights.iter().map(|&w| u64::from(w != 1.0));
    others.fold(0, |any, other| any | other) == 0
}

/// The sums over those fills, [`BLOCK`] at most, that lie in the range.
#[multiversion(targets(
    "x86_64+avx+avx2+avx512f+avx512bw+avx512cd+avx512dq+avx512vl+bmi1+bmi2+fma",
    "x86_64+avx+avx2+bmi1+bmi2+fma",
))]
pub(crate) fn statistics(axis: &Axis, values: &[f64], weights: &[f64]) -> Statistics {
    let (low, high) = (axis.low(), axis.high());
    let (mut xs, mut ws, mut products) = ([0.0; BLOCK], [0.0; BLOCK], [0.0; BLOCK]);
    let kept = xs.iter_mut().zip(&mut ws).zip(&mut products);
    for (((x, w), product), (&value, &weight)) in kept.zip(values.iter().zip(weights)) {
        // Outside the range all are 0: no branch that would be guessed wrong.
        let is_inside = (value >= low) & (value < high);
        *x = if is_inside { value } else { 0.0 };
        *w = if is_inside { weight } else { 0.0 };
        *product = *w * *x;
    }
    Statistics {
        sumw: sum_of_products(&ws, &[1.0; BLOCK]),
        sumw2: sum_of_products(&ws, &ws),
        sumwx: sum_of_products(&products, &[1.0; BLOCK]),
        sumwx2: sum_of_products(&products, &xs),
    }
}

/// Partial sums are kept side by side: one sum alone would wait for itself.
#[inline(always)]
fn sum_of_products(a: &[f64; BLOCK], b: &[f64; BLOCK]) -> f64 {
    const LANES: usize = 16;
    let mut sums = [0.0; LANES];
    for (a, b) in a
        .as_chunks::<LANES>()
        .0
        .iter()
        .zip(b.as_chunks::<LANES>().0)
    {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.iter().sum()
}
