//! What a plot shows: plain numbers and titles.

use crate::colour::Colour;

/// One histogram: a value per bin, without underflow and overflow.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The legend's text, in ROOT's LaTeX.
    pub label: String,
    /// Fill of a process, line of an overlay, markers of data.
    pub colour: Colour,
    /// Entries or sums of weights, one per bin. Data cannot be negative.
    pub contents: Vec<f64>,
    /// Statistical errors, one per bin: the square roots of ROOT's `fSumw2`. May be empty where
    /// they are not drawn: overlays, and data of which the errors follow from the counts.
    pub errors: Vec<f64>,
}

impl Series {
    /// A series of its parts.
    pub fn new(
        label: impl Into<String>,
        colour: Colour,
        contents: Vec<f64>,
        errors: Vec<f64>,
    ) -> Self {
        Self {
            label: label.into(),
            colour,
            contents,
            errors,
        }
    }
}

/// A smooth line through the plot, as a fitted function.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The legend's text, in ROOT's LaTeX.
    pub label: String,
    /// The line's colour.
    pub colour: Colour,
    /// Points (x, y) of rising x, in the units of the axes; joined by straight lines.
    pub points: Vec<(f64, f64)>,
    /// Drawn with dashes.
    pub dashed: bool,
}

/// How the vertical errors of data are found. Bins without data show no point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorBars {
    /// The 68.27 % interval of [`garwood`](crate::garwood), longer upwards: right for few events.
    #[default]
    Garwood,
    /// √N, as the reference's plots have it.
    SquareRoot,
    /// The series' own errors: for weighted data.
    Given,
}

/// The panel below the plot.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Panel {
    /// None.
    #[default]
    None,
    /// Data divided by the sum of the processes; the band is the prediction's relative uncertainty.
    /// Bins without a positive prediction stay empty.
    DataOverPrediction,
    /// Data minus the sum of the processes; the band is the prediction's uncertainty.
    DataMinusPrediction,
    /// Data minus a background given as a curve (points of rising x, as in [`Curve`]), taken at the
    /// middle of each bin. The plot's curves are shown with the background taken off as well.
    DataMinusBackground(Vec<(f64, f64)>),
}

/// The size of the picture, in pixels at scale 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Canvas {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Default for Canvas {
    /// 700 × 750, as the plots of the ATLAS Open Data with their lower panel.
    fn default() -> Self {
        Self {
            width: 700.0,
            height: 750.0,
        }
    }
}

/// A stack of histograms with data, lines and a panel below. Titles, labels and notes are read as
/// ROOT's LaTeX (`m_{4l} [GeV]`, `#gamma#gamma`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StackPlot {
    /// Bin edges, rising; one more than bins.
    pub edges: Vec<f64>,
    /// The simulated processes, from the bottom of the stack up.
    pub processes: Vec<Series>,
    /// The data, drawn as points.
    pub data: Option<Series>,
    /// How the errors of the data are found.
    pub data_errors: ErrorBars,
    /// Histograms drawn as lines over the stack: a signal, perhaps scaled.
    pub overlays: Vec<Series>,
    /// Smooth lines: fitted functions.
    pub curves: Vec<Curve>,
    /// Title of the x axis, with its unit.
    pub x_title: String,
    /// Title of the y axis.
    pub y_title: String,
    /// A logarithmic y axis.
    pub log_y: bool,
    /// Ends of the y axis; without it the axis begins at 0 (a logarithmic one below the smallest
    /// prediction) and leaves room for legend and notes above what is drawn.
    pub y_range: Option<(f64, f64)>,
    /// Lines of text at the top left: experiment, energy, luminosity, selection.
    pub notes: Vec<String>,
    /// The panel below.
    pub panel: Panel,
    /// Ends of the panel's axis; without it 0 to 2 for a ratio, what is needed for a difference.
    pub panel_range: Option<(f64, f64)>,
    /// Title of the panel's axis; empty: one that says what it shows.
    pub panel_title: String,
    /// The size of the picture.
    pub canvas: Canvas,
}

impl StackPlot {
    /// An empty plot with these bin edges.
    pub fn new(edges: Vec<f64>) -> Self {
        Self {
            edges,
            ..Self::default()
        }
    }
}
