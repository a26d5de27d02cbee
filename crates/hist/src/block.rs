//! What is done to many values of a histogram at once, in loops over plain columns.
//!
//! Each is compiled twice, with and without 256-bit registers, and the processor decides which one
//! runs. Neither joins a product and a sum into one rounding, so that both give the same bits.

use multiversion::multiversion;

use crate::{Axis, Statistics};

/// So many values are handled together: what is known of them stays in the first cache.
pub(crate) const BLOCK: usize = 64;

/// The bins of values, as [`Axis::find_bin`] finds them.
#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
pub(crate) fn find_bins(axis: &Axis, values: &[f64], bins: &mut [u32; BLOCK]) {
    for (bin, &x) in bins.iter_mut().zip(values) {
        *bin = axis.bin_without_branches(x);
    }
}

/// Whether [`Axis::is_clear_of_edges`] holds for all values.
#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
pub(crate) fn are_clear_of_edges(axis: &Axis, values: &[f64], distance: f64) -> bool {
    let unclear = values.iter().map(|&x| !axis.is_clear_of_edges(x, distance));
    !unclear.fold(false, |any, unclear| any | unclear)
}

/// The sums over those fills, [`BLOCK`] at most, that lie in the range.
#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
pub(crate) fn statistics(axis: &Axis, values: &[f64], weights: &[f64]) -> Statistics {
    let (mut xs, mut ws, mut products) = ([0.0; BLOCK], [0.0; BLOCK], [0.0; BLOCK]);
    let kept = xs.iter_mut().zip(&mut ws).zip(&mut products);
    for (((x, w), product), (&value, &weight)) in kept.zip(values.iter().zip(weights)) {
        // Outside the range all are 0: no branch that would be guessed wrong.
        let is_inside = (value >= axis.low()) & (value < axis.high());
        *x = if is_inside { value } else { 0.0 };
        *w = if is_inside { weight } else { 0.0 };
        *product = *w * *x;
    }
    Statistics {
        sumw: sum_of_products(&ws, &[1.0; BLOCK]),
        sumw2: sum_of_products(&ws, &ws),
        sumwx: sum_of_products(&ws, &xs),
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
