//! The content stream of a page: a scene as PDF's painting operators (ISO 32000-1, 8.5 and 9.4).

use pdf_writer::{Content, Name, Str};

use crate::colour::Colour;
use crate::geometry::{Point, Polyline, narrow};
use crate::scene::{Angle, Item, Scene, Stroke};
use crate::typeset::{Run, Typeset};

use super::POINTS;
use super::text::UsedFonts;

/// Mitres longer than this many line widths are cut, as SVG does by default.
const MITRE_LIMIT: f32 = 4.0;

/// The distance of a Bézier curve's control points from its ends, in radii, where four of them make
/// a circle: 4/3 (√2 − 1).
const CIRCLE: f64 = 0.552_284_75;

/// The page's content, uncompressed; notes the glyphs that it shows.
pub(super) fn of(scene: &Scene, fonts: &mut UsedFonts<'_>) -> Vec<u8> {
    let mut content = Content::new();
    // From pixels, y downwards, to points, y upwards.
    let (scale, height) = (narrow(POINTS), narrow(scene.height * POINTS));
    content.transform([scale, 0.0, 0.0, -scale, 0.0, height]);
    content.set_miter_limit(MITRE_LIMIT);
    for item in &scene.items {
        match item {
            Item::Shape {
                lines,
                fill,
                stroke,
            } => shape(&mut content, lines, *fill, *stroke),
            Item::Discs {
                centres,
                radius,
                colour,
            } => discs(&mut content, centres, *radius, *colour),
            Item::Text {
                at,
                angle,
                text,
                colour,
            } => line(&mut content, fonts, (*at, *angle), text, *colour),
        }
    }
    content.finish().into_vec()
}

fn shape(content: &mut Content, lines: &[Polyline], fill: Option<Colour>, stroke: Option<Stroke>) {
    if let Some(colour) = fill {
        set_fill(content, colour);
    }
    if let Some(stroke) = stroke {
        set_stroke(content, stroke);
    }
    for line in lines {
        for (index, Point { x, y }) in line.points.iter().enumerate() {
            let (x, y) = (narrow(*x), narrow(*y));
            if index == 0 {
                content.move_to(x, y)
            } else {
                content.line_to(x, y)
            };
        }
        if line.closed {
            content.close_path();
        }
    }
    match (fill, stroke) {
        (Some(_), Some(_)) => content.fill_nonzero_and_stroke(),
        (Some(_), None) => content.fill_nonzero(),
        (None, Some(_)) => content.stroke(),
        (None, None) => content.end_path(),
    };
}

fn discs(content: &mut Content, centres: &[Point], radius: f64, colour: Colour) {
    set_fill(content, colour);
    for centre in centres {
        let x = |offset: f64| narrow(centre.x + offset * radius);
        let y = |offset: f64| narrow(centre.y + offset * radius);
        content.move_to(x(1.0), y(0.0));
        for (a, b) in [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)] {
            // A quarter from (a, b) to (-b, a), along the tangents of its ends.
            content.cubic_to(
                x(a - CIRCLE * b),
                y(b + CIRCLE * a),
                x(-b + CIRCLE * a),
                y(a + CIRCLE * b),
                x(-b),
                y(a),
            );
        }
        content.close_path();
    }
    content.fill_nonzero();
}

/// A line of text with its rules, in coordinates of its own: from its origin, y downwards.
fn line(
    content: &mut Content,
    fonts: &mut UsedFonts<'_>,
    (at, angle): (Point, Angle),
    text: &Typeset,
    colour: Colour,
) {
    let (x, y) = (narrow(at.x), narrow(at.y));
    content.save_state();
    content.transform(match angle {
        Angle::Level => [1.0, 0.0, 0.0, 1.0, x, y],
        Angle::Upwards => [0.0, -1.0, 1.0, 0.0, x, y],
    });
    set_fill(content, colour);
    content.begin_text();
    for run in &text.runs {
        show(content, fonts, run);
    }
    content.end_text();
    for rule in &text.rules {
        let stroke = Stroke::solid(colour, rule.width);
        shape(content, &[rule.polyline()], None, Some(stroke));
    }
    content.restore_state();
}

fn show(content: &mut Content, fonts: &mut UsedFonts<'_>, run: &Run) {
    let file = run.style.file();
    let shear = narrow(run.style.shear());
    content.set_font(Name(file.name().as_bytes()), narrow(run.size));
    content.set_text_matrix([1.0, 0.0, shear, -1.0, narrow(run.at.x), narrow(run.at.y)]);
    content.show(Str(&fonts.encode(file, &run.text)));
}

fn set_fill(content: &mut Content, colour: Colour) {
    let [r, g, b] = parts(colour);
    content.set_fill_rgb(r, g, b);
}

fn set_stroke(content: &mut Content, stroke: Stroke) {
    let [r, g, b] = parts(stroke.colour);
    content.set_stroke_rgb(r, g, b);
    content.set_line_width(narrow(stroke.width));
    match stroke.dash {
        Some((on, off)) => content.set_dash_pattern([narrow(on), narrow(off)], 0.0),
        None => content.set_dash_pattern([], 0.0),
    };
}

/// Red, green and blue from 0 to 1.
fn parts(Colour { r, g, b }: Colour) -> [f32; 3] {
    [r, g, b].map(|part| f32::from(part) / 255.0)
}
