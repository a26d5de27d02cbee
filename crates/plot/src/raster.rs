//! A scene as PNG, rasterised by tiny-skia on the CPU alone.

use tiny_skia::{FillRule, Paint, Path, PathBuilder, Pixmap, Stroke as Pen, StrokeDash, Transform};

use crate::colour::Colour;
use crate::error::PlotError;
use crate::font::{Fonts, Segment};
use crate::geometry::{Point, Polyline, narrow};
use crate::scene::{Angle, Item, Scene, Stroke};
use crate::typeset::{Run, Typeset};

/// The longest side of a picture in pixels: 1 GiB of memory for a square one.
const MAX_SIDE: f64 = 16384.0;

/// Draws a scene, `scale` pixels for each of the scene's own.
pub(crate) fn png(scene: &Scene, fonts: &Fonts, scale: f64) -> Result<Vec<u8>, PlotError> {
    let mut canvas = Canvas::new(scene, scale)?;
    for item in &scene.items {
        match item {
            Item::Shape {
                lines,
                fill,
                stroke,
            } => {
                canvas.shape(lines, *fill, *stroke, Transform::identity());
            }
            Item::Discs {
                centres,
                radius,
                colour,
            } => canvas.discs(centres, *radius, *colour),
            Item::Text {
                at,
                angle,
                text,
                colour,
            } => {
                canvas.text(fonts, text, *colour, place(*at, *angle));
            }
        }
    }
    canvas
        .pixels
        .encode_png()
        .map_err(|error| PlotError::Png(error.to_string()))
}

struct Canvas {
    pixels: Pixmap,
    scale: Transform,
}

impl Canvas {
    fn new(scene: &Scene, scale: f64) -> Result<Self, PlotError> {
        let (width, height) = (
            (scene.width * scale).round(),
            (scene.height * scale).round(),
        );
        let sane = |side: f64| (1.0..=MAX_SIDE).contains(&side);
        let pixels = Some((width, height)).filter(|_| sane(width) && sane(height));
        let mut pixels = pixels
            .and_then(|(width, height)| Pixmap::new(whole(width), whole(height)))
            .ok_or(PlotError::Canvas { width, height })?;
        pixels.fill(tiny_skia::Color::WHITE);
        let scale = narrow(scale);
        Ok(Self {
            pixels,
            scale: Transform::from_scale(scale, scale),
        })
    }

    fn shape(
        &mut self,
        lines: &[Polyline],
        fill: Option<Colour>,
        stroke: Option<Stroke>,
        place: Transform,
    ) {
        let Some(path) = outline(lines) else { return };
        if let Some(colour) = fill {
            self.fill(&path, colour, place);
        }
        if let Some(stroke) = stroke {
            let transform = place.post_concat(self.scale);
            let paint = paint(stroke.colour);
            self.pixels
                .stroke_path(&path, &paint, &pen(stroke), transform, None);
        }
    }

    fn fill(&mut self, path: &Path, colour: Colour, place: Transform) {
        let transform = place.post_concat(self.scale);
        self.pixels
            .fill_path(path, &paint(colour), FillRule::Winding, transform, None);
    }

    fn discs(&mut self, centres: &[Point], radius: f64, colour: Colour) {
        for centre in centres {
            let circle =
                PathBuilder::from_circle(narrow(centre.x), narrow(centre.y), narrow(radius));
            if let Some(circle) = circle {
                self.fill(&circle, colour, Transform::identity());
            }
        }
    }

    fn text(&mut self, fonts: &Fonts, text: &Typeset, colour: Colour, place: Transform) {
        for run in &text.runs {
            if let Some(path) = glyphs(fonts, run) {
                self.fill(&path, colour, place);
            }
        }
        for rule in &text.rules {
            let stroke = Stroke::solid(colour, rule.width);
            self.shape(&[rule.polyline()], None, Some(stroke), place);
        }
    }
}

/// Where a line of text goes, and which way it runs.
fn place(at: Point, angle: Angle) -> Transform {
    let (x, y) = (narrow(at.x), narrow(at.y));
    match angle {
        Angle::Level => Transform::from_translate(x, y),
        Angle::Upwards => Transform::from_row(0.0, -1.0, 1.0, 0.0, x, y),
    }
}

fn outline(lines: &[Polyline]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for line in lines {
        for (index, point) in line.points.iter().enumerate() {
            let (x, y) = (narrow(point.x), narrow(point.y));
            if index == 0 {
                path.move_to(x, y)
            } else {
                path.line_to(x, y)
            }
        }
        if line.closed {
            path.close();
        }
    }
    path.finish()
}

/// The outlines of a run, from em with y upwards to pixels with y downwards.
fn glyphs(fonts: &Fonts, run: &Run) -> Option<Path> {
    let x = |point: Point| narrow(run.at.x + point.x * run.size);
    let y = |point: Point| narrow(run.at.y - point.y * run.size);
    let mut path = PathBuilder::new();
    for segment in fonts.outline(&run.text, run.style) {
        match segment {
            Segment::Move(to) => path.move_to(x(to), y(to)),
            Segment::Line(to) => path.line_to(x(to), y(to)),
            Segment::Quadratic(a, to) => path.quad_to(x(a), y(a), x(to), y(to)),
            Segment::Cubic(a, b, to) => path.cubic_to(x(a), y(a), x(b), y(b), x(to), y(to)),
            Segment::Close => path.close(),
        }
    }
    path.finish()
}

fn paint(Colour { r, g, b }: Colour) -> Paint<'static> {
    let mut paint = Paint {
        anti_alias: true,
        ..Paint::default()
    };
    paint.set_color_rgba8(r, g, b, 255);
    paint
}

fn pen(stroke: Stroke) -> Pen {
    let dash = stroke
        .dash
        .and_then(|(on, off)| StrokeDash::new(vec![narrow(on), narrow(off)], 0.0));
    Pen {
        width: narrow(stroke.width),
        dash,
        ..Pen::default()
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the side is a rounded number between 1 and MAX_SIDE"
)]
fn whole(side: f64) -> u32 {
    side as u32
}
