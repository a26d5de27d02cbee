//! Why a plot cannot be drawn.

use thiserror::Error;

/// What is wrong with a plot's input, or with writing it out.
#[derive(Debug, Error, PartialEq)]
pub enum PlotError {
    /// There is no bin: fewer than two edges were given.
    #[error("a plot needs at least two bin edges, found {found}")]
    NoBins {
        /// The number of edges.
        found: usize,
    },
    /// An edge is not a finite number above the one before it.
    #[error("bin edges must be finite and rise: edge {index} is {value}")]
    Edge {
        /// Position of the edge, from 0.
        index: usize,
        /// Its value.
        value: f64,
    },
    /// A list does not have one value per bin.
    #[error("{what} of \"{label}\": {found} values for {bins} bins")]
    Length {
        /// The list: contents or errors.
        what: &'static str,
        /// The series' label.
        label: String,
        /// Values in the list.
        found: usize,
        /// Bins of the plot.
        bins: usize,
    },
    /// A value is NaN, infinite or beyond ±1e100, or an error or a data content is negative.
    #[error("{what} of \"{label}\": value {index} is {value}, which cannot be drawn")]
    Value {
        /// The list: contents, errors, curve.
        what: &'static str,
        /// The series' label.
        label: String,
        /// Position in the list, from 0.
        index: usize,
        /// The value.
        value: f64,
    },
    /// A curve has fewer than two points, or its abscissae do not rise.
    #[error("curve \"{label}\" needs at least two points of rising x")]
    Curve {
        /// The curve's label.
        label: String,
    },
    /// An axis range is empty, not finite, too narrow for double precision, or not positive on a
    /// logarithmic axis.
    #[error("the {axis} axis cannot run from {lo} to {hi}")]
    Range {
        /// The axis: x, y or ratio.
        axis: &'static str,
        /// Lower end.
        lo: f64,
        /// Upper end.
        hi: f64,
    },
    /// The picture would be smaller than 100 or larger than 16384 pixels on a side.
    #[error("a picture of {width} × {height} pixels cannot be drawn")]
    Canvas {
        /// Width in pixels.
        width: f64,
        /// Height in pixels.
        height: f64,
    },
    /// More of something than a picture can show.
    #[error("{found} {what} are too many for one plot (at most {limit})")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// An embedded font could not be read: a fault of the build, not of the input.
    #[error("embedded font: {0}")]
    Font(String),
    /// The PNG encoder failed.
    #[error("writing PNG: {0}")]
    Png(String),
}
