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

/// The bins of values. Right are those of values that are clear of edges by `distance`, which is
/// [`Axis::edge_rounding`] at least; the others are marked in what is returned, the first in the
/// lowest bit.
#[multiversion(targets(
    "x86_64+avx+avx2+avx512f+avx512bw+avx512cd+avx512dq+avx512vl+bmi1+bmi2+fma",
    "x86_64+avx+avx2+bmi1+bmi2+fma",
))]
pub(crate) fn quick_bins(
    axis: &Axis,
    values: &[f64],
    distance: f64,
    bins: &mut [u32; BLOCK],
) -> u64 {
    let axis = *axis;
    let mut unclear = 0;
    for ((bin, &x), place) in bins.iter_mut().zip(values).zip(0_u64..) {
        let (found, is_clear) = axis.quick_bin(x, distance);
        *bin = found;
        unclear |= u64::from(!is_clear) << place;
    }
    unclear
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
    let (mut all_values, mut all_weights);
    let (values, weights) = match (values.first_chunk(), weights.first_chunk()) {
        (Some(values), Some(weights)) => (values, weights),
        _ => {
            // Behind the last fill stand fills without weight.
            (all_values, all_weights) = ([0.0; BLOCK], [0.0; BLOCK]);
            let fills = all_values.iter_mut().zip(&mut all_weights);
            for ((x, w), (&value, &weight)) in fills.zip(values.iter().zip(weights)) {
                (*x, *w) = (value, weight);
            }
            (&all_values, &all_weights)
        }
    };
    sums(axis.low(), axis.high(), values, weights)
}

/// So many partial sums are kept side by side: one alone would wait for itself.
const LANES: usize = 16;

/// The sums over those fills of a whole block that lie in the range.
#[inline(always)]
fn sums(low: f64, high: f64, values: &[f64; BLOCK], weights: &[f64; BLOCK]) -> Statistics {
    let [mut sumw, mut sumw2, mut sumwx, mut sumwx2] = [[0.0; LANES]; 4];
    let sums = sumw.iter_mut().zip(&mut sumw2).zip(&mut sumwx);
    let sums = sums
        .zip(&mut sumwx2)
        .zip(by_lane(values))
        .zip(by_lane(weights));
    // Lane after lane, so that a register holds the same sum of several.
    for (((((sumw, sumw2), sumwx), sumwx2), values), weights) in sums {
        for (value, weight) in values.into_iter().zip(weights) {
            // Outside the range both are 0: no branch that would be guessed wrong.
            let is_inside = (value >= low) & (value < high);
            let x = if is_inside { value } else { 0.0 };
            let w = if is_inside { weight } else { 0.0 };
            *sumw += w;
            *sumw2 += w * w;
            *sumwx += w * x;
            *sumwx2 += w * x * x;
        }
    }
    Statistics {
        sumw: sumw.into_iter().sum(),
        sumw2: sumw2.into_iter().sum(),
        sumwx: sumwx.into_iter().sum(),
        sumwx2: sumwx2.into_iter().sum(),
    }
}

/// What each lane adds up.
#[inline(always)]
fn by_lane(block: &[f64; BLOCK]) -> impl Iterator<Item = [f64; BLOCK / LANES]> {
    let (a, rest) = block.split_at(LANES);
    let (b, rest) = rest.split_at(LANES);
    let (c, d) = rest.split_at(LANES);
    let lanes = a.iter().zip(b).zip(c.iter().zip(d));
    lanes.map(|((&a, &b), (&c, &d))| [a, b, c, d])
}
