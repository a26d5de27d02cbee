//! Histograms as ROOT's `TH1F` and `TH1D` define them, added deterministically.
//!
//! - [`Axis`]: equal bins and the bin of a value.
//! - [`Histogram1D`]: weighted sums per bin and over the range, kept in `f64` whatever is stored.
//! - [`HistogramSet`]: the histograms of one analysis in order; fills go by handle, not by name.
//! - [`Fills`]: fills gathered and added many at a time.
//! - [`Th1f`]: a histogram as a file holds it, with ROOT's arithmetic in single precision.
//! - [`root`]: histograms as objects of a ROOT file.
//!
//! A bin's number is ROOT's: 0 is the underflow, 1 to n the range, n + 1 the overflow.
//!
//! ```
//! use rootlake_hist::{Axis, Histogram1D, Precision};
//!
//! let axis = Axis::new(30, 105.0, 160.0)?;
//! let title = "Diphoton invariant mass; m_{#gamma#gamma} [GeV];Events / bin";
//! let mut mass = Histogram1D::new("hist_mYY_bin1", title, axis, Precision::F32);
//! mass.fill(125.09, 1.0_f32);
//! assert_eq!(mass.content(11), Some(1.0));
//! assert_eq!(mass.x_title(), " m_{#gamma#gamma} [GeV]");
//! # Ok::<(), rootlake_hist::Error>(())
//! ```
#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(clippy::cast_possible_truncation, reason = "tests round on purpose")
)]

mod axis;
mod block;
mod error;
mod fills;
mod histogram;
pub mod root;
mod set;
mod sums;
mod th1f;
mod title;

pub use axis::Axis;
pub use error::Error;
pub use fills::{Column, Fills};
pub use histogram::{Histogram1D, Precision};
pub use set::{Handle, HistogramSet};
pub use sums::Statistics;
pub use th1f::Th1f;
