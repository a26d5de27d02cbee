//! A plot as a picture: checked, composed, written in a format.

use crate::check::check;
use crate::draw::{compose, y_range};
use crate::error::PlotError;
use crate::font::Fonts;
use crate::plot::StackPlot;
use crate::{pdf, raster, svg};

impl StackPlot {
    /// The ends of the y axis as it is drawn: those set, or those that follow from the contents.
    ///
    /// # Errors
    /// [`PlotError`] where the input cannot be drawn.
    pub fn y_axis(&self) -> Result<(f64, f64), PlotError> {
        check(self)?;
        y_range(self, &Fonts::load()?)
    }

    /// Draws the plot as an SVG document.
    ///
    /// Its text stays text, in Liberation Sans or, where a viewer lacks it, Arial or Helvetica,
    /// which have the same widths.
    ///
    /// # Errors
    /// [`PlotError`] where the input cannot be drawn.
    pub fn to_svg(&self) -> Result<String, PlotError> {
        check(self)?;
        Ok(svg::write(&compose(self, &Fonts::load()?)?))
    }

    /// Draws the plot as a PNG image of `scale` times the canvas size; 2 is sharp on any screen.
    ///
    /// # Errors
    /// [`PlotError`] where the input cannot be drawn, or the image would be larger than 16384
    /// pixels on a side.
    pub fn to_png(&self, scale: f64) -> Result<Vec<u8>, PlotError> {
        check(self)?;
        let fonts = Fonts::load()?;
        raster::png(&compose(self, &fonts)?, &fonts, scale)
    }

    /// Draws the plot as a PDF document of one page, 0.75 points for each pixel of the canvas.
    ///
    /// Its text can be searched and copied; of the fonts, it holds the glyphs that it shows.
    ///
    /// # Errors
    /// [`PlotError`] where the input cannot be drawn.
    pub fn to_pdf(&self) -> Result<Vec<u8>, PlotError> {
        check(self)?;
        let fonts = Fonts::load()?;
        pdf::write(&compose(self, &fonts)?, &fonts)
    }
}
