//! The statistical uncertainty of a count.

/// Half the probability outside the interval is left on each side: 15.87 %, one standard deviation.
const TAIL: f64 = 0.158_655_253_931_457_07;

/// Above this count the cube-root approximation is closer to the exact interval than any picture
/// can show (two parts in ten thousand of its width).
const EXACT: u32 = 50;

/// The central 68.27 % confidence interval of a Poisson mean after `count` events (Garwood,
/// Biometrika 28 (1936) 437): the means for which this count or more, and this count or fewer,
/// have probability 15.87 %. It is what ROOT draws for `TH1::kPoisson`.
///
/// Exact for whole counts up to 50; by the approximation of Wilson and Hilferty (1931) above, and
/// for counts that are not whole. Negative counts and NaN give (0, upper limit of 0).
pub fn garwood(count: f64) -> (f64, f64) {
    let count = if count > 0.0 { count } else { 0.0 };
    match (0..=EXACT).find(|whole| f64::from(*whole) == count) {
        Some(0) => (0.0, mean_at(0, TAIL)),
        Some(whole) => (mean_at(whole - 1, 1.0 - TAIL), mean_at(whole, TAIL)),
        None => (
            wilson_hilferty(count, -1.0),
            wilson_hilferty(count + 1.0, 1.0),
        ),
    }
}

/// The mean for which `count` events or fewer have the given probability, by bisection.
fn mean_at(count: u32, probability: f64) -> f64 {
    let (mut lo, mut hi) = (0.0, 2.0 * f64::from(EXACT) + 20.0);
    for _ in 0..60 {
        let mean = 0.5 * (lo + hi);
        if cumulative(count, mean) > probability {
            lo = mean
        } else {
            hi = mean
        }
    }
    0.5 * (lo + hi)
}

/// The Poisson probability of `count` events or fewer.
fn cumulative(count: u32, mean: f64) -> f64 {
    let mut term = (-mean).exp();
    let mut sum = term;
    for n in 1..=count {
        term *= mean / f64::from(n);
        sum += term;
    }
    sum
}

/// The quantile, `sigmas` from the middle, of a gamma distribution of the given shape.
fn wilson_hilferty(shape: f64, sigmas: f64) -> f64 {
    let root = 1.0 - 1.0 / (9.0 * shape) + sigmas / (3.0 * shape.sqrt());
    shape * root.max(0.0).powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_tables() {
        // Half a chi-squared quantile each, as in the Review of Particle Physics.
        for (count, lo, hi) in [
            (0.0, 0.0, 1.841_022),
            (1.0, 0.172_754, 3.299_527),
            (5.0, 2.840_309, 8.382_472),
            (10.0, 6.891_434, 14.266_95),
        ] {
            let (low, high) = garwood(count);
            assert!(
                (low - lo).abs() < 1e-3 && (high - hi).abs() < 1e-3,
                "{count}: {low} {high}"
            );
        }
    }

    #[test]
    fn the_approximation_joins_the_exact_interval() {
        let (low, high) = garwood(50.0);
        let tolerance = 2e-4 * (high - low);
        assert!((wilson_hilferty(50.0, -1.0) - low).abs() < tolerance);
        assert!((wilson_hilferty(51.0, 1.0) - high).abs() < tolerance);
    }

    #[test]
    fn large_counts_approach_their_square_root() {
        let (low, high) = garwood(1e6);
        assert!((1e6 - low - 1e3).abs() < 1.0 && (high - 1e6 - 1e3).abs() < 2.0);
    }

    #[test]
    fn what_is_no_count_has_the_interval_of_none() {
        assert_eq!(garwood(-3.0), garwood(0.0));
        assert_eq!(garwood(f64::NAN), garwood(0.0));
    }
}
