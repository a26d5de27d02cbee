//! What is done to many values of a histogram at once, in loops over plain columns.
//!
//! Each is compiled for registers of 128, 256 and 512 bits, and the processor decides which one
//! runs. None joins a product and a sum into one rounding, so that all give the same bits.

use multiversion::multiversion;

use crate::histogram::Bin;
use crate::{Axis, Statistics};

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
#[multiversion(targets(
    "x86_64+avx+avx2+avx512f+avx512bw+avx512cd+avx512dq+avx512vl+bmi1+bmi2+fma",
    "x86_64+avx+avx2+bmi1+bmi2+fma",
))]
pub(crate) fn find_bins(axis: &Axis, values: &[f64], bins: &mut [u32; BLOCK]) {
    for (bin, &x) in bins.iter_mut().zip(values) {
        *bin = axis.bin_without_branches(x);
    }
}

/// Takes the marks of those values away that are not clear of edges.
#[multiversion(targets(
    "x86_64+avx+avx2+avx512f+avx512bw+avx512cd+avx512dq+avx512vl+bmi1+bmi2+fma",
    "x86_64+avx+avx2+bmi1+bmi2+fma",
))]
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

/// So many sums are kept side by side: one alone would wait for itself.
const LANES: usize = 16;
/// So many of them are kept in registers.
const HALF: usize = LANES / 2;

/// The sums over those fills, [`BLOCK`] at most, that lie in the range.
pub(crate) fn statistics(axis: &Axis, values: &[f64], weights: &[f64]) -> Statistics {
    let range = (axis.low(), axis.high());
    if let (Ok(values), Ok(weights)) = (values.try_into(), weights.try_into()) {
        return block_statistics(range, values, weights);
    }
    let (mut xs, mut ws) = ([0.0; BLOCK], [0.0; BLOCK]);
    let fills = values.iter().zip(weights);
    for ((x, w), (&value, &weight)) in xs.iter_mut().zip(&mut ws).zip(fills) {
        (*x, *w) = (value, weight);
    }
    block_statistics(range, &xs, &ws)
}

#[multiversion(targets(
    "x86_64+avx+avx2+avx512f+avx512bw+avx512cd+avx512dq+avx512vl+bmi1+bmi2+fma",
    "x86_64+avx+avx2+bmi1+bmi2+fma",
))]
fn block_statistics(
    range: (f64, f64),
    values: &[f64; BLOCK],
    weights: &[f64; BLOCK],
) -> Statistics {
    let first = half(range, values, weights, 0);
    let second = half(range, values, weights, 1);
    let sum = |of: fn(&Lanes) -> &[f64; HALF]| of(&first).iter().chain(of(&second)).sum();
    Statistics {
        sumw: sum(|lanes| &lanes.sumw),
        sumw2: sum(|lanes| &lanes.sumw2),
        sumwx: sum(|lanes| &lanes.sumwx),
        sumwx2: sum(|lanes| &lanes.sumwx2),
    }
}

/// Half of the sums that are kept side by side.
#[derive(Default)]
struct Lanes {
    sumw: [f64; HALF],
    sumw2: [f64; HALF],
    sumwx: [f64; HALF],
    sumwx2: [f64; HALF],
}

/// The first or second half of the sums.
#[inline(always)]
fn half(
    (low, high): (f64, f64),
    values: &[f64; BLOCK],
    weights: &[f64; BLOCK],
    half: usize,
) -> Lanes {
    let mut sums = Lanes::default();
    let values = values.as_chunks::<HALF>().0.iter();
    let fills = values.zip(weights.as_chunks::<HALF>().0);
    for (values, weights) in fills.skip(half).step_by(2) {
        let Lanes {
            sumw,
            sumw2,
            sumwx,
            sumwx2,
        } = &mut sums;
        let fills = values.iter().zip(weights);
        let sums = sumw.iter_mut().zip(sumw2).zip(sumwx.iter_mut().zip(sumwx2));
        for (((sumw, sumw2), (sumwx, sumwx2)), (&value, &weight)) in sums.zip(fills) {
            // Outside the range all are 0: no branch that would be guessed wrong.
            let is_inside = (value >= low) & (value < high);
            let x = if is_inside { value } else { 0.0 };
            let w = if is_inside { weight } else { 0.0 };
            *sumw += w;
            *sumw2 += w * w;
            *sumwx += w * x;
            *sumwx2 += w * x * x;
        }
    }
    sums
}
