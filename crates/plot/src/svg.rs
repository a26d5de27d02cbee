//! A scene as SVG 1.1 text. The same scene always gives the same bytes.

use std::fmt::Write;

use crate::colour::Colour;
use crate::font::{FAMILY, FontStyle};
use crate::geometry::{Point, Polyline};
use crate::scene::{Angle, Item, Scene, Stroke};
use crate::typeset::{Run, Typeset};

/// Writes a scene as a complete SVG document.
pub(crate) fn write(scene: &Scene) -> String {
    let (width, height) = (number(scene.width), number(scene.height));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"{FAMILY}\" \
         style=\"font-kerning:none\" text-rendering=\"geometricPrecision\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"
    );
    for item in &scene.items {
        match item {
            Item::Shape {
                lines,
                fill,
                stroke,
            } => {
                path(&mut svg, lines, *fill, *stroke, "");
            }
            Item::Discs {
                centres,
                radius,
                colour,
            } => discs(&mut svg, centres, *radius, *colour),
            Item::Text {
                at,
                angle,
                text,
                colour,
            } => line(&mut svg, *at, *angle, text, *colour),
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn path(
    svg: &mut String,
    lines: &[Polyline],
    fill: Option<Colour>,
    stroke: Option<Stroke>,
    extra: &str,
) {
    svg.push_str("<path d=\"");
    for line in lines {
        for (index, point) in line.points.iter().enumerate() {
            let command = if index == 0 { 'M' } else { 'L' };
            put(
                svg,
                format_args!("{command}{} {}", number(point.x), number(point.y)),
            );
        }
        if line.closed {
            svg.push('Z');
        }
    }
    put(
        svg,
        format_args!("\" fill=\"{}\"", fill.map_or("none".to_owned(), hex)),
    );
    if let Some(Stroke {
        colour,
        width,
        dash,
    }) = stroke
    {
        put(
            svg,
            format_args!(
                " stroke=\"{}\" stroke-width=\"{}\"",
                hex(colour),
                number(width)
            ),
        );
        if let Some((on, off)) = dash {
            put(
                svg,
                format_args!(" stroke-dasharray=\"{} {}\"", number(on), number(off)),
            );
        }
    }
    put(svg, format_args!("{extra}/>\n"));
}

fn discs(svg: &mut String, centres: &[Point], radius: f64, colour: Colour) {
    put(svg, format_args!("<g fill=\"{}\">", hex(colour)));
    for Point { x, y } in centres {
        let (x, y, radius) = (number(*x), number(*y), number(radius));
        put(
            svg,
            format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>"),
        );
    }
    svg.push_str("</g>\n");
}

/// One `text` element per line, so that a reader can find and copy it; every run at its own place.
fn line(svg: &mut String, at: Point, angle: Angle, text: &Typeset, colour: Colour) {
    let turn = if angle == Angle::Upwards {
        " rotate(-90)"
    } else {
        ""
    };
    let transform = format!(
        " transform=\"translate({} {}){turn}\"",
        number(at.x),
        number(at.y)
    );
    put(
        svg,
        format_args!(
            "<text{transform} fill=\"{}\" xml:space=\"preserve\">",
            hex(colour)
        ),
    );
    for run in &text.runs {
        tspan(svg, run);
    }
    svg.push_str("</text>\n");
    for rule in &text.rules {
        let stroke = Stroke::solid(colour, rule.width);
        path(svg, &[rule.polyline()], None, Some(stroke), &transform);
    }
}

fn tspan(svg: &mut String, run: &Run) {
    let FontStyle { bold, italic } = run.style;
    put(
        svg,
        format_args!(
            "<tspan x=\"{}\" y=\"{}\" font-size=\"{}\"{}{}>",
            number(run.at.x),
            number(run.at.y),
            number(run.size),
            if bold { " font-weight=\"bold\"" } else { "" },
            if italic { " font-style=\"italic\"" } else { "" },
        ),
    );
    escape(svg, &run.text);
    svg.push_str("</tspan>");
}

/// Writes text as XML character data; what XML cannot hold at all becomes U+FFFD.
fn escape(svg: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => svg.push_str("&amp;"),
            '<' => svg.push_str("&lt;"),
            '>' => svg.push_str("&gt;"),
            '\u{fffe}' | '\u{ffff}' => svg.push('\u{fffd}'),
            other if other.is_control() => svg.push(' '),
            other => svg.push(other),
        }
    }
}

/// A length with two decimals at most: a hundredth of a pixel is below what anyone can see.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

fn hex(Colour { r, g, b }: Colour) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn put(svg: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = svg.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_never_minus_zero() {
        assert_eq!(number(1.0), "1");
        assert_eq!(number(10.25), "10.25");
        assert_eq!(number(100.0), "100");
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(0.333_333), "0.33");
    }

    #[test]
    fn text_is_escaped() {
        let mut svg = String::new();
        escape(&mut svg, "a<b & \"c\"\u{1}\u{ffff}");
        assert_eq!(svg, "a&lt;b &amp; \"c\" \u{fffd}");
    }
}
