//! What is to be seen, free of any output format: shapes, discs and set text, painted in order.

use crate::colour::Colour;
use crate::geometry::{Point, Polyline};
use crate::typeset::Typeset;

/// A picture of a given size in pixels, on white.
#[derive(Debug)]
pub(crate) struct Scene {
    pub width: f64,
    pub height: f64,
    pub items: Vec<Item>,
}

/// One thing in the picture.
#[derive(Debug)]
pub(crate) enum Item {
    /// Polylines, filled, stroked or both.
    Shape {
        lines: Vec<Polyline>,
        fill: Option<Colour>,
        stroke: Option<Stroke>,
    },
    /// Filled discs of one size: the markers of data.
    Discs {
        centres: Vec<Point>,
        radius: f64,
        colour: Colour,
    },
    /// A set line of text; its origin, the left end of the baseline, lies at `at`.
    Text {
        at: Point,
        angle: Angle,
        text: Typeset,
        colour: Colour,
    },
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stroke {
    pub colour: Colour,
    /// Pixels.
    pub width: f64,
    /// Lengths of dash and gap in pixels.
    pub dash: Option<(f64, f64)>,
}

impl Stroke {
    pub fn solid(colour: Colour, width: f64) -> Self {
        Self {
            colour,
            width,
            dash: None,
        }
    }
}

/// The direction of a line of text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Angle {
    /// Left to right.
    Level,
    /// From the bottom up, as the title of a y axis.
    Upwards,
}

impl Scene {
    pub fn new(width: f64, height: f64) -> Self {
        Self {
            width,
            height,
            items: Vec::new(),
        }
    }

    pub fn fill(&mut self, lines: Vec<Polyline>, colour: Colour) {
        self.shape(lines, Some(colour), None);
    }

    pub fn stroke(&mut self, lines: Vec<Polyline>, stroke: Stroke) {
        self.shape(lines, None, Some(stroke));
    }

    pub fn shape(&mut self, lines: Vec<Polyline>, fill: Option<Colour>, stroke: Option<Stroke>) {
        if !lines.is_empty() {
            self.items.push(Item::Shape {
                lines,
                fill,
                stroke,
            });
        }
    }

    pub fn discs(&mut self, centres: Vec<Point>, radius: f64, colour: Colour) {
        if !centres.is_empty() {
            self.items.push(Item::Discs {
                centres,
                radius,
                colour,
            });
        }
    }

    pub fn text(&mut self, at: Point, text: Typeset) {
        let colour = Colour::BLACK;
        self.items.push(Item::Text {
            at,
            angle: Angle::Level,
            text,
            colour,
        });
    }

    pub fn text_upwards(&mut self, at: Point, text: Typeset) {
        let colour = Colour::BLACK;
        self.items.push(Item::Text {
            at,
            angle: Angle::Upwards,
            text,
            colour,
        });
    }
}
