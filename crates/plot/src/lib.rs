//! Stacked histograms with data, as a particle physicist draws them: simulation stacked in colour
//! with its statistical uncertainty hatched, data as points with errors, a panel below with their
//! ratio or difference, axis titles in ROOT's LaTeX. The look follows the plots of the ATLAS Open
//! Data.
//!
//! ```
//! use rootlake_plot::{Colour, Series, StackPlot};
//!
//! let plot = StackPlot {
//!     processes: vec![Series::new("ZZ", Colour::AZURE_P8, vec![3.0, 5.5], vec![0.2, 0.3])],
//!     data: Some(Series::new("Data", Colour::BLACK, vec![4.0, 5.0], vec![])),
//!     x_title: "m_{4l} [GeV]".into(),
//!     y_title: "Events / 10 GeV".into(),
//!     notes: vec!["#sqrt{s} = 13 TeV, 10 fb^{-1}".into()],
//!     ..StackPlot::new(vec![80.0, 90.0, 100.0])
//! };
//! let svg = plot.to_svg()?;
//! let png = plot.to_png(2.0)?;
//! let pdf = plot.to_pdf()?;
//! # assert!(svg.starts_with("<svg") && png.starts_with(b"\x89PNG") && pdf.starts_with(b"%PDF"));
//! # Ok::<(), rootlake_plot::PlotError>(())
//! ```
//!
//! A plot is checked ([`PlotError`] says what cannot be drawn), composed into a scene free of any
//! format, and written as SVG or PDF, or rasterised. Lengths on the canvas are pixels at scale 1. The
//! same plot always gives the same bytes.
//!
//! The embedded fonts are Liberation Sans, under the SIL Open Font License 1.1 (`fonts/OFL.txt`).

#![forbid(unsafe_code)]

mod check;
mod colour;
mod draw;
mod error;
mod font;
mod geometry;
mod latex;
mod pdf;
mod picture;
mod plot;
mod poisson;
mod raster;
mod scene;
mod svg;
mod ticks;
mod typeset;

pub use colour::Colour;
pub use error::PlotError;
pub use latex::plain_text;
pub use plot::{Canvas, Curve, ErrorBars, Panel, Series, StackPlot};
pub use poisson::garwood;
