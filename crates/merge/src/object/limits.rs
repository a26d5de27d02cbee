//! Round limits for an axis, from the values it is to hold (`THLimitsFinder::OptimizeLimits`).

use rootlake_io::object::Object;

use super::axis::{Axis, MEMBERS};
use super::statistics::bits;

/// `TAxis::kIsInteger`: bins are as wide as a whole number.
const IS_INTEGER: u32 = 1 << 22;

/// The axes with limits around `fills`, each of which has a weight and then a place on every axis.
///
/// # Errors
/// In words, when an axis wants bins of whole numbers.
pub(super) fn found(
    axes: Vec<Axis>,
    fills: &[f64],
    step: usize,
    histogram: &Object,
) -> Result<Vec<Axis>, String> {
    let mut found = Vec::new();
    for (number, (axis, member)) in axes.into_iter().zip(MEMBERS).enumerate() {
        if histogram
            .object(member)
            .is_ok_and(|axis| bits(axis) & IS_INTEGER != 0)
        {
            return Err("its fills wait for bins of whole numbers".to_owned());
        }
        let places = fills
            .chunks_exact(step)
            .filter_map(|fill| fill.get(number + 1));
        let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
        for &place in places {
            (min, max) = (min.min(place), max.max(place));
        }
        if min >= max {
            (min, max) = (min - 1.0, max + 1.0);
        }
        if !(min.is_finite() && max.is_finite()) {
            return Err("its fills give an axis no limits".to_owned());
        }
        let (min, max) = around(min, max, axis.bins);
        let mut axis = axis;
        (axis.min, axis.max) = (min, max);
        found.push(axis);
    }
    Ok(found)
}

/// Round limits of `bins` bins around values from `min` to `max`.
fn around(min: f64, max: f64, bins: usize) -> (f64, f64) {
    let beyond = 0.1 * (max - min);
    let mut low = min - beyond;
    let mut high = max + beyond;
    if low < 0.0 && min >= 0.0 {
        low = 0.0;
    }
    if high > 0.0 && max <= 0.0 {
        high = 0.0;
    }
    let Some((low, high)) = round(low, high, bins) else {
        return (-1.0, 1.0);
    };
    let margin = 0.01 * (max - min);
    (low.min(min - margin), high.max(max + margin))
}

/// The outermost edges, within `low` to `high`, of bins of 1, 2 or 5 times a power of ten, about
/// as many as are asked for (`THLimitsFinder::Optimize`).
#[allow(clippy::cast_precision_loss, reason = "far fewer bins than 2^53")]
fn round(low: f64, high: f64, bins: usize) -> Option<(f64, f64)> {
    let mut wanted = bins.max(2) as f64;
    // More bins are asked for only where half of them came out.
    for _ in 0..2 * bins.max(8) {
        let width = (high - low) / wanted;
        let mut power = width.log10().trunc();
        if power.abs() > 200.0 {
            return Some((0.0, 1.0));
        }
        if width <= 1.0 {
            power -= 1.0;
        }
        let mantissa = width * 10f64.powf(-power) - 1e-10;
        let rounded = match mantissa {
            m if m <= 1.0 => 1.0,
            m if m <= 2.0 => 2.0,
            m if m <= 5.0 => 5.0,
            _ => 10.0,
        };
        let mut width = rounded * 10f64.powf(power);
        if (low / width).abs() > 1e9 {
            return Some((low, high));
        }
        let down = |edge: f64| {
            if edge < 0.0 {
                edge.trunc() - 1.0
            } else {
                edge.trunc()
            }
        };
        let (first, last) = (down(low / width), down(high / width + 1.00001));
        let (mut from, mut to) = (width * first, width * last);
        let count = last - first;
        if bins <= 5 {
            if bins == 1 && count != 1.0 {
                width *= 2.0;
            }
        } else if 2.0 * count == bins as f64 {
            wanted += 1.0;
            continue;
        }
        let (widest_from, widest_to) = (from, to);
        let near = width * 1e-4;
        if low - from >= near {
            from += width;
        }
        if to - high >= near {
            to -= width;
        }
        return Some(if from >= to {
            (widest_from, widest_to)
        } else {
            (from, to)
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_round_and_hold_all_values() {
        for (min, max, bins) in [
            (-1.467, 2.344, 10),
            (0.0, 3.0, 20),
            (-7e5, -1.0, 100),
            (3.0, 3.1, 5),
        ] {
            let (low, high) = around(min, max, bins);
            assert!(low < min && max < high, "{low} {high}");
            assert!(high - low < 2.0 * (max - min), "{low} {high}");
        }
    }
}
