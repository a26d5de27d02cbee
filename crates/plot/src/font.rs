//! The embedded fonts: Liberation Sans, of the same widths as Arial and Helvetica, so that an SVG
//! laid out with it fits where a viewer takes one of those instead.

use ttf_parser::{Face, GlyphId, OutlineBuilder};

use crate::error::PlotError;
use crate::geometry::Point;

/// The font family of an SVG's text.
pub(crate) const FAMILY: &str = "'Liberation Sans',Arial,Helvetica,sans-serif";

/// The height of capitals and digits, in em (OS/2 `sCapHeight` of Liberation Sans: 1409/2048).
pub(crate) const CAP_HEIGHT: f64 = 0.688;

/// Slant of bold italic, which is bold sheared by the 12° of the italic (`post.italicAngle`).
const OBLIQUE_SHEAR: f64 = 0.2126;

/// Weight and slant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FontStyle {
    pub bold: bool,
    pub italic: bool,
}

impl FontStyle {
    /// The file that holds the style's glyphs.
    pub fn file(self) -> FontFile {
        match self {
            Self { bold: true, .. } => FontFile::Bold,
            Self { italic: true, .. } => FontFile::Italic,
            Self { .. } => FontFile::Regular,
        }
    }

    /// How far the file's glyphs are moved to the right, per height.
    pub fn shear(self) -> f64 {
        if self.bold && self.italic {
            OBLIQUE_SHEAR
        } else {
            0.0
        }
    }
}

/// One of the embedded files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FontFile {
    Regular,
    Bold,
    Italic,
}

impl FontFile {
    /// The TrueType file.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../fonts/LiberationSans-Regular.ttf"),
            Self::Bold => include_bytes!("../fonts/LiberationSans-Bold.ttf"),
            Self::Italic => include_bytes!("../fonts/LiberationSans-Italic.ttf"),
        }
    }

    /// Its PostScript name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Regular => "LiberationSans",
            Self::Bold => "LiberationSans-Bold",
            Self::Italic => "LiberationSans-Italic",
        }
    }
}

/// The parsed fonts.
pub(crate) struct Fonts {
    regular: Face<'static>,
    bold: Face<'static>,
    italic: Face<'static>,
}

/// Extents of a piece of text, in em: from its origin to the right, up and down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Extent {
    pub width: f64,
    pub ascent: f64,
    pub descent: f64,
}

impl Fonts {
    /// Parses the embedded files.
    pub fn load() -> Result<Self, PlotError> {
        let parse = |file: FontFile| {
            Face::parse(file.bytes(), 0).map_err(|error| PlotError::Font(error.to_string()))
        };
        Ok(Self {
            regular: parse(FontFile::Regular)?,
            bold: parse(FontFile::Bold)?,
            italic: parse(FontFile::Italic)?,
        })
    }

    /// The parsed font of a file.
    pub fn face(&self, file: FontFile) -> &Face<'static> {
        match file {
            FontFile::Regular => &self.regular,
            FontFile::Bold => &self.bold,
            FontFile::Italic => &self.italic,
        }
    }

    /// Whether the font of a style has a glyph for a character.
    #[cfg(test)]
    pub fn has(&self, style: FontStyle, character: char) -> bool {
        self.face(style.file()).glyph_index(character).is_some()
    }

    /// The extents of a text, without kerning (which SVG is told to leave out as well).
    pub fn measure(&self, text: &str, style: FontStyle) -> Extent {
        let face = self.face(style.file());
        let em = f64::from(face.units_per_em());
        let mut extent = Extent::default();
        for glyph in text.chars().map(|character| glyph(face, character)) {
            extent.width += f64::from(face.glyph_hor_advance(glyph).unwrap_or(0)) / em;
            if let Some(bounds) = face.glyph_bounding_box(glyph) {
                extent.ascent = extent.ascent.max(f64::from(bounds.y_max) / em);
                extent.descent = extent.descent.max(-f64::from(bounds.y_min) / em);
            }
        }
        extent
    }

    /// The outlines of a text's glyphs, in em, y upwards.
    pub fn outline(&self, text: &str, style: FontStyle) -> Vec<Segment> {
        let face = self.face(style.file());
        let em = f64::from(face.units_per_em());
        let shear = style.shear();
        let mut tracer = Tracer {
            segments: Vec::new(),
            pen: 0.0,
            em,
            shear,
        };
        for glyph in text.chars().map(|character| glyph(face, character)) {
            // A glyph without an outline, as the space, draws nothing and only advances.
            let _ = face.outline_glyph(glyph, &mut tracer);
            tracer.pen += f64::from(face.glyph_hor_advance(glyph).unwrap_or(0)) / em;
        }
        tracer.segments
    }
}

/// A piece of a glyph's outline, in em, y upwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Segment {
    Move(Point),
    Line(Point),
    Quadratic(Point, Point),
    Cubic(Point, Point, Point),
    Close,
}

/// Collects outlines, moved to the pen's place.
struct Tracer {
    segments: Vec<Segment>,
    pen: f64,
    em: f64,
    shear: f64,
}

impl Tracer {
    fn point(&self, x: f32, y: f32) -> Point {
        let (x, y) = (f64::from(x) / self.em, f64::from(y) / self.em);
        Point::new(self.pen + x + self.shear * y, y)
    }
}

impl OutlineBuilder for Tracer {
    fn move_to(&mut self, x: f32, y: f32) {
        self.segments.push(Segment::Move(self.point(x, y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.segments.push(Segment::Line(self.point(x, y)));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.segments
            .push(Segment::Quadratic(self.point(x1, y1), self.point(x, y)));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (a, b, end) = (self.point(x1, y1), self.point(x2, y2), self.point(x, y));
        self.segments.push(Segment::Cubic(a, b, end));
    }

    fn close(&mut self) {
        self.segments.push(Segment::Close);
    }
}

/// The glyph of a character; `.notdef`, an empty box, where the font has none.
pub(crate) fn glyph(face: &Face<'_>, character: char) -> GlyphId {
    face.glyph_index(character).unwrap_or(GlyphId(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_arial() {
        let fonts = Fonts::load().unwrap();
        let width = |text: &str| fonts.measure(text, FontStyle::default()).width;
        // Arial's advances in units of 1/2048 em: a digit 1139, the space 569, W 1933.
        assert_eq!(width("0"), 1139.0 / 2048.0);
        assert_eq!(width(" W"), (569.0 + 1933.0) / 2048.0);
    }

    #[test]
    fn bold_italic_is_slanted_bold() {
        let fonts = Fonts::load().unwrap();
        let bold = FontStyle {
            bold: true,
            italic: false,
        };
        let both = FontStyle {
            bold: true,
            italic: true,
        };
        assert_eq!(fonts.measure("ATLAS", bold), fonts.measure("ATLAS", both));
        assert_ne!(fonts.outline("ATLAS", bold), fonts.outline("ATLAS", both));
    }

    #[test]
    fn a_space_advances_without_an_outline() {
        let fonts = Fonts::load().unwrap();
        assert_eq!(fonts.outline(" ", FontStyle::default()), []);
    }
}
