//! A peak of fixed shape over a free polynomial, fitted to data.

use rootlake_hist::Th1f;
use rootlake_physics::recipe::PeakFit;

/// The number of the polynomial's coefficients.
const FREE: usize = 4;

/// A polynomial of third degree, kept in the variable in which the fit is well conditioned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cubic {
    /// The middle of the range and half its length.
    middle: f64,
    half: f64,
    /// In powers of `(x - middle) / half`.
    scaled: [f64; FREE],
}

/// What a fit found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FittedPeak {
    /// The background.
    pub background: Cubic,
    /// The Gaussian's height, events per bin.
    pub norm: f64,
    /// Its width, GeV.
    pub sigma: f64,
    /// The sum of the squared deviations in units of the errors.
    pub chi2: f64,
    /// The number of bins with data, less the free coefficients.
    pub degrees_of_freedom: usize,
}

impl Cubic {
    /// Its value.
    pub fn at(&self, x: f64) -> f64 {
        let t = (x - self.middle) / self.half;
        self.scaled.iter().rev().fold(0.0, |sum, c| sum * t + c)
    }

    /// The coefficients of 1, x, x² and x³.
    pub fn coefficients(&self) -> [f64; FREE] {
        let [a, b, c, d] = self.scaled;
        let (m, h) = (self.middle, self.half);
        let (b, c, d) = (b / h, c / (h * h), d / (h * h * h));
        [
            a - b * m + c * m * m - d * m * m * m,
            b - 2.0 * c * m + 3.0 * d * m * m,
            c - 3.0 * d * m,
            d,
        ]
    }
}

impl FittedPeak {
    /// Fits the background to a histogram with the peak on top, by least squares at the bins'
    /// centres. Bins without error, which are empty ones, do not count (ROOT's default, option ""
    /// of `TH1::Fit`). None where too few bins have data.
    pub fn fit(data: &Th1f, peak: &PeakFit) -> Option<Self> {
        let (low, high) = PeakFit::RANGE;
        let mut fitted = Self {
            background: Cubic {
                middle: 0.5 * (low + high),
                half: 0.5 * (high - low),
                scaled: [0.0; FREE],
            },
            norm: peak.norm,
            sigma: peak.sigma,
            chi2: 0.0,
            degrees_of_freedom: 0,
        };
        let centres = (1..).map(|bin| data.axis().center(bin));
        let points: Vec<(f64, f64, f64)> = centres
            .zip(data.bins().iter().copied().map(f64::from))
            .zip(data.errors())
            .map(|((x, y), error)| (x, y, error))
            .filter(|(x, _, error)| (low..=high).contains(x) && *error > 0.0)
            .collect();
        fitted.degrees_of_freedom = points.len().checked_sub(FREE)?;
        let mut equations = [[0.0; FREE + 1]; FREE];
        for &(x, y, error) in &points {
            let powers = fitted.background.powers(x);
            let rest = (y - fitted.peak(x)) / error;
            for (row, a) in equations.iter_mut().zip(powers) {
                let right = [rest * error];
                for (cell, b) in row.iter_mut().zip(powers.iter().chain(&right)) {
                    *cell += a * b / (error * error);
                }
            }
        }
        fitted.background.scaled = solve(equations)?;
        let deviation = |&(x, y, error): &(f64, f64, f64)| ((y - fitted.at(x)) / error).powi(2);
        fitted.chi2 = points.iter().map(deviation).sum();
        Some(fitted)
    }

    /// Peak and background together.
    pub fn at(&self, x: f64) -> f64 {
        self.background.at(x) + self.peak(x)
    }

    fn peak(&self, x: f64) -> f64 {
        self.norm * (-0.5 * ((x - PeakFit::MEAN) / self.sigma).powi(2)).exp()
    }
}

impl Cubic {
    fn powers(&self, x: f64) -> [f64; FREE] {
        let t = (x - self.middle) / self.half;
        [1.0, t, t * t, t * t * t]
    }
}

/// Solves linear equations, each row with its right side behind it, by elimination with pivots.
fn solve(mut rows: [[f64; FREE + 1]; FREE]) -> Option<[f64; FREE]> {
    for column in 0..FREE {
        let size = |row: &[f64; FREE + 1]| row.get(column).copied().unwrap_or(0.0).abs();
        let below = rows.get_mut(column..)?;
        let pivot = (0..below.len()).max_by(|&a, &b| {
            below
                .get(a)
                .map(size)
                .partial_cmp(&below.get(b).map(size))
                .unwrap_or(std::cmp::Ordering::Equal)
        })?;
        below.swap(0, pivot);
        let pivot = *rows.get(column)?;
        let divisor = *pivot.get(column)?;
        if divisor == 0.0 || !divisor.is_finite() {
            return None;
        }
        for (index, row) in rows.iter_mut().enumerate() {
            let factor = row.get(column)? / divisor;
            for (cell, above) in row.iter_mut().zip(pivot) {
                if index == column {
                    *cell = above / divisor;
                } else {
                    *cell -= factor * above;
                }
            }
        }
    }
    Some(rows.map(|[.., right]| right))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rootlake_hist::{Axis, Histogram1D, Precision};
    use rootlake_physics::recipe::Recipe;

    use super::*;

    fn peak() -> &'static PeakFit {
        Recipe::of("Hyy").unwrap().fit("hist_mYY_bin1").unwrap()
    }

    fn histogram(content: impl Fn(f64) -> f64) -> Th1f {
        let axis = Axis::new(30, 105.0, 160.0).unwrap();
        let mut histogram = Histogram1D::new("m", "", axis, Precision::F32);
        for bin in 1..=30 {
            let x = axis.center(bin);
            histogram.fill(x, content(x));
        }
        Th1f::from(&histogram)
    }

    proptest! {
        #[test]
        fn a_cubic_with_a_peak_is_found_again(a in 3e3..5e3, b in -2e3..0.0, c in 0.0..500.0, d in -90.0..90.0) {
            let mut truth = FittedPeak::fit(&histogram(|_| 1.0), peak()).unwrap();
            truth.background.scaled = [a, b, c, d];
            let fitted = FittedPeak::fit(&histogram(|x| truth.at(x)), peak()).unwrap();
            for x in [105.0, 125.0, 160.0] {
                prop_assert!((fitted.at(x) / truth.at(x) - 1.0).abs() < 1e-6);
            }
            prop_assert!(fitted.chi2 < 1e-6 && fitted.degrees_of_freedom == 26);
            let [a, b, c, d] = fitted.background.coefficients();
            let x = 140.0;
            let expanded = a + x * (b + x * (c + x * d));
            prop_assert!((expanded - fitted.background.at(x)).abs() < 1e-6 * a.abs());
        }
    }

    #[test]
    fn nothing_is_fitted_to_nothing() {
        assert_eq!(FittedPeak::fit(&histogram(|_| 0.0), peak()), None);
    }
}
