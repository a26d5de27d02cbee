//! The places and sizes of a plot's parts, all proportional to the canvas.

use crate::geometry::Rect;
use crate::plot::Canvas;

/// The share of the canvas' height that the lower panel takes.
const PANEL_SHARE: f64 = 0.22;

/// Where the frames are, and how long a unit is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// Pixels per unit; a canvas of 700 × 750 has 1.
    pub unit: f64,
    /// The frame of the plot itself.
    pub main: Rect,
    /// The frame of the lower panel.
    pub panel: Option<Rect>,
}

impl Layout {
    pub fn new(canvas: Canvas, panel: bool) -> Self {
        let unit = canvas.width.min(canvas.height) / 700.0;
        let frame = Rect {
            left: 112.0 * unit,
            top: 34.0 * unit,
            right: canvas.width - 32.0 * unit,
            bottom: canvas.height - 86.0 * unit,
        };
        if !panel {
            return Self {
                unit,
                main: frame,
                panel: None,
            };
        }
        let top = frame.bottom - PANEL_SHARE * canvas.height;
        let main = Rect {
            bottom: top - 12.0 * unit,
            ..frame
        };
        Self {
            unit,
            main,
            panel: Some(Rect { top, ..frame }),
        }
    }

    /// Pixels per em of axis titles.
    pub fn title_size(&self) -> f64 {
        25.0 * self.unit
    }

    /// Pixels per em of tick labels.
    pub fn label_size(&self) -> f64 {
        21.0 * self.unit
    }

    /// Pixels per em of legend and notes.
    pub fn text_size(&self) -> f64 {
        19.0 * self.unit
    }

    /// From one line of legend or notes to the next.
    pub fn line_height(&self) -> f64 {
        26.0 * self.unit
    }

    /// The width of a histogram's outline.
    pub fn thin(&self) -> f64 {
        0.9 * self.unit
    }

    /// The width of curves, overlays and error bars.
    pub fn thick(&self) -> f64 {
        2.0 * self.unit
    }

    /// The radius of a data point.
    pub fn marker(&self) -> f64 {
        4.6 * self.unit
    }
}
