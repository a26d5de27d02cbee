//! The data as points with errors.

use crate::plot::{ErrorBars, StackPlot};
use crate::poisson::garwood;

/// One bin of data: its middle, its content, and the ends of its error bar. Also a ratio or a
/// difference in the lower panel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    /// The bin, from 0.
    pub bin: usize,
    pub x: f64,
    pub y: f64,
    pub low: f64,
    pub high: f64,
}

impl Point {
    /// The point with its value and error bar moved and scaled: `(y - offset) / unit`.
    pub fn relative(self, offset: f64, unit: f64) -> Self {
        let change = |y: f64| (y - offset) / unit;
        Self {
            y: change(self.y),
            low: change(self.low),
            high: change(self.high),
            ..self
        }
    }
}

/// The points of all bins that have data.
pub(crate) fn of(plot: &StackPlot) -> Vec<Point> {
    let Some(data) = &plot.data else {
        return Vec::new();
    };
    let middles = plot
        .edges
        .iter()
        .zip(plot.edges.iter().skip(1))
        .map(|(a, b)| 0.5 * (a + b));
    let errors = data.errors.iter().copied().chain(std::iter::repeat(0.0));
    let bins = middles.zip(&data.contents).zip(errors).enumerate();
    bins.filter(|(_, ((_, content), _))| **content > 0.0)
        .map(|(bin, ((x, &y), error))| {
            let (low, high) = match plot.data_errors {
                ErrorBars::Garwood => garwood(y),
                ErrorBars::SquareRoot => (y - y.sqrt(), y + y.sqrt()),
                ErrorBars::Given => (y - error, y + error),
            };
            Point {
                bin,
                x,
                y,
                low,
                high,
            }
        })
        .collect()
}
