//! A frame's border, ticks on all four sides, tick labels and axis titles.

use crate::colour::Colour;
use crate::font::{CAP_HEIGHT, Fonts};
use crate::geometry::{Point, Polyline};
use crate::plot::{Panel, StackPlot};
use crate::scene::{Scene, Stroke};
use crate::ticks::{Ticks, exponent_note, linear, logarithmic, whole};
use crate::typeset::{Typeset, typeset, typeset_within};

use super::Layout;
use super::frame::Frame;

/// What stands beside a frame's axes.
pub(crate) struct Titles<'a> {
    /// None: the frame shares the x axis of the one below it and shows no labels.
    pub x: Option<&'a str>,
    pub y: &'a str,
    /// The y title in the middle of the axis, not at its top.
    pub centred: bool,
}

/// The titles of the upper frame.
pub(crate) fn main_titles(plot: &StackPlot) -> Titles<'_> {
    let x = (plot.panel == Panel::None).then_some(plot.x_title.as_str());
    Titles {
        x,
        y: &plot.y_title,
        centred: false,
    }
}

/// Draws the axes around a frame, over its contents.
pub(crate) fn draw(
    scene: &mut Scene,
    fonts: &Fonts,
    frame: &Frame<'_>,
    layout: &Layout,
    titles: &Titles<'_>,
) {
    let pen = Pen {
        fonts,
        frame,
        layout,
    };
    let (across, up) = (pen.ticks_across(), pen.ticks_up());
    let mut lines = vec![Polyline::closed(frame.rect.corners())];
    lines.extend(pen.tick_lines_across(&across));
    lines.extend(pen.tick_lines_up(&up));
    scene.stroke(lines, Stroke::solid(Colour::BLACK, 1.4 * layout.unit));
    pen.labels_up(scene, &up);
    pen.title_up(scene, titles);
    if let Some(title) = titles.x {
        pen.labels_across(scene, &across);
        pen.title_across(scene, title);
    }
}

struct Pen<'a> {
    fonts: &'a Fonts,
    frame: &'a Frame<'a>,
    layout: &'a Layout,
}

impl Pen<'_> {
    fn label(&self, text: &str) -> Typeset {
        typeset(self.fonts, text, self.layout.label_size())
    }

    /// As many labels along x as stand apart.
    fn ticks_across(&self) -> Ticks {
        let x = self.frame.x;
        let place = if self.frame.counts() { whole } else { linear };
        let gap = 0.9 * self.layout.label_size();
        let apart = |ticks: &Ticks| {
            let mut end = f64::NEG_INFINITY;
            ticks.labels().all(|(value, text)| {
                let (middle, half) = (self.frame.across(value), self.label(text).width / 2.0);
                let clear = middle - half > end;
                end = middle + half + gap;
                clear
            })
        };
        let dense = (3..=10)
            .rev()
            .map(|most| place(x.lo, x.hi, most))
            .find(apart);
        dense.unwrap_or_else(|| place(x.lo, x.hi, 2))
    }

    /// As many labels along y as stand apart, closer in the lower frame, which has few.
    fn ticks_up(&self) -> Ticks {
        let y = self.frame.y;
        let gap = if self.below_other() { 1.25 } else { 1.9 } * self.layout.label_size();
        let apart = |ticks: &Ticks| {
            let mut below = f64::INFINITY;
            ticks.labels().all(|(value, _)| {
                let place = self.frame.up_within(value);
                let clear = below - place >= gap;
                below = place;
                clear
            })
        };
        let place = if y.log { logarithmic } else { linear };
        let dense = (2..=10)
            .rev()
            .map(|most| place(y.lo, y.hi, most))
            .find(apart);
        dense.unwrap_or_else(|| place(y.lo, y.hi, 1))
    }

    fn tick_length(&self, major: bool) -> f64 {
        let full = (14.0 * self.layout.unit).min(0.09 * self.frame.rect.height());
        if major { full } else { 0.5 * full }
    }

    fn tick_lines_across(&self, ticks: &Ticks) -> Vec<Polyline> {
        let rect = self.frame.rect;
        let lines = ticks.ticks.iter().flat_map(|tick| {
            let (x, length) = (self.frame.across(tick.value), self.tick_length(tick.major));
            [(rect.bottom, -length), (rect.top, length)]
                .map(|(y, dy)| Polyline::segment(Point::new(x, y), Point::new(x, y + dy)))
        });
        lines.collect()
    }

    fn tick_lines_up(&self, ticks: &Ticks) -> Vec<Polyline> {
        let rect = self.frame.rect;
        let lines = ticks.ticks.iter().flat_map(|tick| {
            let length = (14.0 * self.layout.unit) * if tick.major { 1.0 } else { 0.5 };
            let y = self.frame.up_within(tick.value);
            [(rect.left, length), (rect.right, -length)]
                .map(|(x, dx)| Polyline::segment(Point::new(x, y), Point::new(x + dx, y)))
        });
        lines.collect()
    }

    fn labels_across(&self, scene: &mut Scene, ticks: &Ticks) {
        let rect = self.frame.rect;
        let baseline = rect.bottom + (9.0 * self.layout.unit) + self.label_rise();
        for (value, text) in ticks.labels() {
            let set = self.label(text);
            let x = self.frame.across(value) - set.width / 2.0;
            scene.text(Point::new(x, baseline), set);
        }
    }

    /// Whether this is the lower one of two frames.
    fn below_other(&self) -> bool {
        self.frame.rect.top > self.layout.main.bottom
    }

    /// The labels beside the y axis. In the lower frame those at its ends are left out: the lowest
    /// label of the frame above and the first one of the x axis stand there.
    fn labels_up(&self, scene: &mut Scene, ticks: &Ticks) {
        let rect = self.frame.rect;
        let below_other = self.below_other();
        let margin = 0.5 * self.layout.label_size();
        let room = rect.left - 46.0 * self.layout.unit;
        for (value, text) in ticks.labels() {
            let y = self.frame.up_within(value);
            if below_other && (y - rect.top).min(rect.bottom - y) < margin {
                continue;
            }
            let set = typeset_within(self.fonts, text, self.layout.label_size(), room);
            let x = rect.left - 9.0 * self.layout.unit - set.width;
            scene.text(Point::new(x, y + 0.5 * self.label_rise()), set);
        }
        if let Some(note) = exponent_note(ticks.exponent) {
            let set = self.label(&note);
            let x = rect.left
                - if below_other {
                    set.width + 9.0 * self.layout.unit
                } else {
                    0.0
                };
            scene.text(Point::new(x, rect.top - 9.0 * self.layout.unit), set);
        }
    }

    /// The height of a label's digits.
    fn label_rise(&self) -> f64 {
        CAP_HEIGHT * self.layout.label_size()
    }

    /// The x title ends at the frame's right end, with the labels' power of ten behind it.
    fn title_across(&self, scene: &mut Scene, title: &str) {
        let rect = self.frame.rect;
        let exponent = exponent_note(self.ticks_across().exponent);
        let title = exponent.map_or(title.to_owned(), |note| format!("{title}  ({note})"));
        let set = typeset_within(
            self.fonts,
            title.trim(),
            self.layout.title_size(),
            rect.width(),
        );
        let place = Point::new(
            rect.right - set.width,
            rect.bottom + 63.0 * self.layout.unit,
        );
        scene.text(place, set);
    }

    /// The y title reads upwards and ends at the frame's top, or stands in its middle.
    fn title_up(&self, scene: &mut Scene, titles: &Titles<'_>) {
        let rect = self.frame.rect;
        let size = self.layout.title_size();
        let set = typeset_within(self.fonts, titles.y.trim(), size, rect.height());
        let spare = rect.height() - set.width;
        let start = rect.bottom - if titles.centred { 0.5 * spare } else { spare };
        scene.text_upwards(Point::new(32.0 * self.layout.unit, start), set);
    }
}
