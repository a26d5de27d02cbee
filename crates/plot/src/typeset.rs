//! Setting a title: from the parsed tree to runs of text with places, sizes and styles.

use crate::font::{Extent, FontStyle, Fonts};
use crate::geometry::{Point, Polyline};
use crate::latex::{Change, Node, parse};

/// Size of scripts, relative to what they belong to.
const SCRIPT_SIZE: f64 = 0.66;
/// How far scripts are raised and lowered, in em of what they belong to.
const RAISE: f64 = 0.40;
const LOWER: f64 = 0.20;
/// Thickness of bars and root signs, in em.
const RULE: f64 = 0.055;
/// The height above the baseline at which a fraction's bar lies, in em.
const MATH_AXIS: f64 = 0.29;

/// A set piece of text. Its origin is the left end of the baseline; y points down.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Typeset {
    pub runs: Vec<Run>,
    pub rules: Vec<Rule>,
    /// Pixels to the right of the origin.
    pub width: f64,
    /// Pixels above the baseline.
    pub ascent: f64,
    /// Pixels below the baseline.
    pub descent: f64,
}

/// Characters of one style and size.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Run {
    pub at: Point,
    /// Pixels per em.
    pub size: f64,
    pub style: FontStyle,
    pub text: String,
}

/// A line that belongs to the text: a root sign, a bar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rule {
    pub points: Vec<Point>,
    pub width: f64,
}

impl Rule {
    pub fn polyline(&self) -> Polyline {
        Polyline::open(self.points.clone())
    }
}

/// Sets a title of `size` pixels per em.
pub(crate) fn typeset(fonts: &Fonts, title: &str, size: f64) -> Typeset {
    sequence(fonts, &parse(title), size, FontStyle::default())
}

/// Sets a title, smaller where it would be wider than `room` pixels.
pub(crate) fn typeset_within(fonts: &Fonts, title: &str, size: f64, room: f64) -> Typeset {
    let set = typeset(fonts, title, size);
    if set.width > room && room > 0.0 {
        return typeset(fonts, title, size * room / set.width);
    }
    set
}

fn sequence(fonts: &Fonts, nodes: &[Node], size: f64, style: FontStyle) -> Typeset {
    let mut line = Typeset::default();
    for node in nodes {
        let piece = set_node(fonts, node, size, style);
        let at = Point::new(line.width, 0.0);
        line.width += piece.width;
        line.place(piece, at);
    }
    line
}

fn set_node(fonts: &Fonts, node: &Node, size: f64, style: FontStyle) -> Typeset {
    match node {
        Node::Text(text) => plain(fonts, text, size, style),
        Node::Script { sup, sub } => scripts(fonts, sup.as_deref(), sub.as_deref(), size, style),
        Node::Sqrt(inner) => root(sequence(fonts, inner, size, style), size),
        Node::Bar(inner) => bar(sequence(fonts, inner, size, style), size),
        Node::Fraction(above, below) => {
            let [above, below] =
                [above, below].map(|nodes| sequence(fonts, nodes, size * 0.8, style));
            fraction(above, below, size)
        }
        Node::Styled(change, inner) => {
            let (size, style) = restyle(*change, size, style);
            sequence(fonts, inner, size, style)
        }
    }
}

fn restyle(change: Change, size: f64, style: FontStyle) -> (f64, FontStyle) {
    match change {
        Change::None => (size, style),
        Change::Italic => (
            size,
            FontStyle {
                italic: true,
                ..style
            },
        ),
        Change::Bold => (
            size,
            FontStyle {
                bold: true,
                ..style
            },
        ),
        Change::Font { bold, italic } => (size, FontStyle { bold, italic }),
        // Bounded: scales may be nested.
        Change::Scale(factor) => ((size * factor).clamp(1.0, 200.0), style),
    }
}

fn plain(fonts: &Fonts, text: &str, size: f64, style: FontStyle) -> Typeset {
    let Extent {
        width,
        ascent,
        descent,
    } = fonts.measure(text, style);
    let run = Run {
        at: Point::new(0.0, 0.0),
        size,
        style,
        text: text.to_owned(),
    };
    Typeset {
        runs: vec![run],
        rules: Vec::new(),
        width: width * size,
        ascent: ascent * size,
        descent: descent * size,
    }
}

fn scripts(
    fonts: &Fonts,
    sup: Option<&[Node]>,
    sub: Option<&[Node]>,
    size: f64,
    style: FontStyle,
) -> Typeset {
    let mut both = Typeset::default();
    for (nodes, shift) in [(sup, -RAISE), (sub, LOWER)] {
        let piece = sequence(fonts, nodes.unwrap_or(&[]), size * SCRIPT_SIZE, style);
        both.width = both.width.max(piece.width);
        both.place(piece, Point::new(0.04 * size, shift * size));
    }
    both.width += 0.08 * size;
    both
}

fn root(inner: Typeset, size: f64) -> Typeset {
    let sign = 0.55 * size;
    let top = -(inner.ascent + 0.14 * size);
    let foot = inner.descent + 0.02 * size;
    let middle = -0.3 * size;
    let mut set = Typeset {
        width: sign + inner.width + 0.06 * size,
        ..Typeset::default()
    };
    let points = [
        (0.06 * size, middle + 0.05 * size),
        (0.16 * size, middle),
        (0.32 * size, foot),
        (0.50 * size, top),
        (set.width, top),
    ];
    set.rule(points.map(|(x, y)| Point::new(x, y)).to_vec(), size);
    set.place(inner, Point::new(sign, 0.0));
    set.ascent = set.ascent.max(-top);
    set
}

fn bar(inner: Typeset, size: f64) -> Typeset {
    let height = -(inner.ascent + 0.1 * size);
    let (left, right) = (0.06 * size, inner.width - 0.02 * size);
    let mut set = Typeset {
        width: inner.width,
        ..Typeset::default()
    };
    set.rule(
        vec![Point::new(left, height), Point::new(right, height)],
        size,
    );
    set.place(inner, Point::new(0.0, 0.0));
    set.ascent = -height;
    set
}

fn fraction(above: Typeset, below: Typeset, size: f64) -> Typeset {
    let width = above.width.max(below.width) + 0.2 * size;
    let axis = -MATH_AXIS * size;
    let mut set = Typeset {
        width,
        ..Typeset::default()
    };
    set.rule(
        vec![
            Point::new(0.04 * size, axis),
            Point::new(width - 0.04 * size, axis),
        ],
        size,
    );
    let up = Point::new(
        (width - above.width) / 2.0,
        axis - above.descent - 0.15 * size,
    );
    let down = Point::new(
        (width - below.width) / 2.0,
        axis + below.ascent + 0.15 * size,
    );
    set.place(above, up);
    set.place(below, down);
    set
}

impl Typeset {
    /// Adds a piece with its origin at `at`; the width is left to the caller.
    fn place(&mut self, piece: Typeset, at: Point) {
        let shift = |point: Point| Point::new(point.x + at.x, point.y + at.y);
        self.ascent = self.ascent.max(piece.ascent - at.y);
        self.descent = self.descent.max(piece.descent + at.y);
        self.runs.extend(piece.runs.into_iter().map(|run| Run {
            at: shift(run.at),
            ..run
        }));
        self.rules.extend(piece.rules.into_iter().map(|rule| Rule {
            points: rule.points.into_iter().map(shift).collect(),
            width: rule.width,
        }));
    }

    fn rule(&mut self, points: Vec<Point>, size: f64) {
        self.rules.push(Rule {
            points,
            width: RULE * size,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::latex::SYMBOLS;

    #[test]
    fn scripts_are_smaller_and_moved() {
        let fonts = Fonts::load().unwrap();
        let set = typeset(&fonts, "p_{T}^{jet}", 20.0);
        let [base, sup, sub] = set.runs.as_slice() else {
            panic!("{set:?}")
        };
        assert_eq!((base.text.as_str(), base.size), ("p", 20.0));
        assert!(sup.at.y < 0.0 && sup.size < 20.0 && sup.text == "jet");
        assert!(sub.at.y > 0.0 && sub.at.x == sup.at.x && sub.text == "T");
        assert!(set.width > sup.at.x);
    }

    #[test]
    fn a_root_covers_what_stands_below_it() {
        let fonts = Fonts::load().unwrap();
        let set = typeset(&fonts, "#sqrt{s}", 20.0);
        let rule = &set.rules[0];
        let end = rule.points.last().unwrap();
        let s = &set.runs[0];
        assert!(end.x >= s.at.x + fonts.measure("s", s.style).width * 20.0);
        assert!(-end.y > fonts.measure("s", s.style).ascent * 20.0);
    }

    #[test]
    fn a_title_too_long_shrinks_to_its_room() {
        let fonts = Fonts::load().unwrap();
        let title = "Events / 5 GeV".repeat(20);
        let set = typeset_within(&fonts, &title, 20.0, 300.0);
        assert!((set.width - 300.0).abs() < 1e-6);
    }

    #[test]
    fn the_fonts_have_every_symbol() {
        let fonts = Fonts::load().unwrap();
        for (name, text) in SYMBOLS {
            for bold in [false, true] {
                let style = FontStyle {
                    bold,
                    italic: false,
                };
                assert!(
                    text.chars().all(|c| fonts.has(style, c)),
                    "#{name} {text} bold {bold}"
                );
            }
        }
    }
}
