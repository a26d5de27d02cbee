//! The legend and the notes in the upper part of the frame.

use crate::colour::Colour;
use crate::font::{CAP_HEIGHT, Fonts};
use crate::geometry::{Point, Polyline, Rect};
use crate::plot::StackPlot;
use crate::scene::{Scene, Stroke};
use crate::typeset::{Typeset, typeset, typeset_within};

use super::Layout;
use super::marks::{curve_stroke, hatch, overlay_stroke};

/// A legend of more entries than this has two columns.
const COLUMN: usize = 7;

/// How small the legend's text may become before it rather moves below the notes.
const SMALLEST: f64 = 0.82;

/// Notes, at the left, and legend, at the right, set and placed.
pub(crate) struct Heading {
    notes: Vec<Typeset>,
    legend: Vec<Entry>,
    /// Lines from the frame's top to the legend's first.
    legend_start: usize,
    /// The left ends of the legend's columns.
    columns: Vec<f64>,
}

/// One entry of the legend.
struct Entry {
    symbol: Symbol,
    text: Typeset,
}

/// What stands before an entry's text.
enum Symbol {
    Box(Colour),
    Hatched,
    Line(Stroke),
    Marker(Colour),
}

impl Heading {
    /// Sets the texts and finds their places. Where notes and legend do not fit side by side, the
    /// legend begins below the notes.
    pub fn set(plot: &StackPlot, fonts: &Fonts, layout: &Layout) -> Self {
        let inside = layout.main.width() - 2.0 * margin(layout);
        let size = layout.text_size();
        let note = |text: &String| typeset_within(fonts, text, size * 1.08, inside);
        let notes: Vec<Typeset> = plot.notes.iter().map(note).collect();
        let entries = entries(plot, layout);

        let gap = 16.0 * layout.unit;
        let beside = inside - width(&notes) - if notes.is_empty() { 0.0 } else { gap };
        let columns = if entries.len() > COLUMN { 2 } else { 1 };
        let share = |room: f64| (room + gap) / f64::from(columns) - gap - symbol_room(layout);
        let widest = entries
            .iter()
            .map(|(_, label)| typeset(fonts, label, size).width);
        let widest = widest.fold(1.0, f64::max);
        // All labels have one size, smaller by a little where that brings them beside the notes.
        let shrink = share(beside) / widest;
        let fits = shrink >= SMALLEST;
        let shrink = if fits { shrink } else { share(inside) / widest }.min(1.0);
        let set = |(symbol, label)| Entry {
            symbol,
            text: typeset(fonts, label, size * shrink),
        };
        let step = symbol_room(layout) + widest * shrink + gap;
        let right = layout.main.right - margin(layout) + gap;
        Self {
            legend_start: if fits { 0 } else { notes.len() },
            legend: entries.into_iter().map(set).collect(),
            columns: (1..=columns)
                .rev()
                .map(|n| right - f64::from(n) * step)
                .collect(),
            notes,
        }
    }

    fn rows(&self) -> usize {
        self.legend.len().div_ceil(self.columns.len().max(1))
    }

    /// The places that what is drawn should leave free.
    pub fn boxes(&self, layout: &Layout) -> Vec<Rect> {
        let frame = layout.main;
        let bottom = |lines: usize| baseline(layout, lines) - 0.1 * layout.line_height();
        let mut boxes = Vec::new();
        if !self.notes.is_empty() {
            let right = frame.left + margin(layout) + width(&self.notes) + 8.0 * layout.unit;
            boxes.push(Rect {
                right,
                bottom: bottom(self.notes.len()),
                ..frame
            });
        }
        if let (false, Some(left)) = (self.legend.is_empty(), self.columns.first()) {
            let bottom = bottom(self.legend_start + self.rows());
            boxes.push(Rect {
                left: left - 8.0 * layout.unit,
                bottom,
                ..frame
            });
        }
        boxes
    }

    /// Draws notes and legend.
    pub fn draw(self, scene: &mut Scene, layout: &Layout) {
        let left = layout.main.left + margin(layout);
        for (line, note) in self.notes.iter().enumerate() {
            scene.text(Point::new(left, baseline(layout, line)), note.clone());
        }
        let rows = self.rows().max(1);
        for (index, entry) in self.legend.into_iter().enumerate() {
            let Some(x) = self.columns.get(index / rows) else {
                continue;
            };
            let y = baseline(layout, self.legend_start + index % rows);
            symbol(scene, layout, &entry.symbol, *x, y);
            scene.text(Point::new(x + symbol_room(layout), y), entry.text);
        }
    }
}

/// Data first, then the stack as it is seen, from the top down, then the lines.
fn entries<'a>(plot: &'a StackPlot, layout: &Layout) -> Vec<(Symbol, &'a str)> {
    let mut listed: Vec<(Symbol, &'a str)> = Vec::new();
    listed.extend(
        plot.data
            .iter()
            .map(|data| (Symbol::Marker(data.colour), data.label.as_str())),
    );
    let stack = plot.processes.iter().rev();
    listed.extend(stack.map(|process| (Symbol::Box(process.colour), process.label.as_str())));
    let uncertain = plot
        .processes
        .iter()
        .flat_map(|process| &process.errors)
        .any(|e| *e > 0.0);
    listed.extend(uncertain.then_some((Symbol::Hatched, "Stat. uncertainty")));
    for overlay in &plot.overlays {
        let stroke = overlay_stroke(layout, overlay.colour);
        listed.push((Symbol::Line(stroke), overlay.label.as_str()));
    }
    for curve in &plot.curves {
        listed.push((
            Symbol::Line(curve_stroke(layout, curve)),
            curve.label.as_str(),
        ));
    }
    listed.retain(|(_, label)| !label.trim().is_empty());
    listed
}

/// From the frame to notes and legend.
fn margin(layout: &Layout) -> f64 {
    24.0 * layout.unit
}

/// The width of a legend's symbol and the gap behind it.
fn symbol_room(layout: &Layout) -> f64 {
    42.0 * layout.unit
}

fn width(lines: &[Typeset]) -> f64 {
    lines.iter().map(|line| line.width).fold(0.0, f64::max)
}

/// The baseline of a line of the heading, counted from 0.
fn baseline(layout: &Layout, line: usize) -> f64 {
    let lines = u32::try_from(line).map_or(f64::MAX, f64::from);
    layout.main.top + 36.0 * layout.unit + lines * layout.line_height()
}

fn symbol(scene: &mut Scene, layout: &Layout, symbol: &Symbol, left: f64, baseline: f64) {
    let unit = layout.unit;
    let middle = baseline - 0.5 * CAP_HEIGHT * layout.text_size();
    let right = left + 32.0 * unit;
    let area = Rect {
        left,
        top: middle - 8.0 * unit,
        right,
        bottom: middle + 8.0 * unit,
    };
    let outline = Stroke::solid(Colour::BLACK, layout.thin());
    let horizontal = Polyline::segment(Point::new(left, middle), Point::new(right, middle));
    match symbol {
        Symbol::Box(colour) => {
            scene.shape(
                vec![Polyline::closed(area.corners())],
                Some(*colour),
                Some(outline),
            );
        }
        Symbol::Hatched => hatch(scene, layout, &[area]),
        Symbol::Line(stroke) => scene.stroke(vec![horizontal], *stroke),
        Symbol::Marker(colour) => {
            let centre = Point::new(0.5 * (left + right), middle);
            let (top, bottom) = (
                Point::new(centre.x, area.top - unit),
                Point::new(centre.x, area.bottom + unit),
            );
            let bar = Stroke::solid(*colour, 0.8 * layout.thick());
            scene.stroke(vec![Polyline::segment(top, bottom)], bar);
            scene.discs(vec![centre], layout.marker(), *colour);
        }
    }
}
