//! A frame with its two axes: from values to places on the canvas.

use crate::geometry::{Point, Polyline, Rect};

/// How far beyond an axis, in its lengths, a value is still told apart: keeps places finite.
const BEYOND: f64 = 5.0;

/// A frame, the values at its borders, and the bins along x.
#[derive(Debug, Clone)]
pub(crate) struct Frame<'a> {
    pub rect: Rect,
    pub edges: &'a [f64],
    pub x: Scale,
    pub y: Scale,
}

/// One axis: what values its ends have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    pub lo: f64,
    pub hi: f64,
    pub log: bool,
}

impl Scale {
    /// Where a value lies: 0 at the axis' low end, 1 at its high end, at most five lengths beyond.
    pub fn fraction(&self, value: f64) -> f64 {
        let fraction = if !self.log {
            (value - self.lo) / (self.hi - self.lo)
        } else if value > 0.0 {
            (value / self.lo).ln() / (self.hi / self.lo).ln()
        } else {
            -BEYOND
        };
        fraction.clamp(-BEYOND, 1.0 + BEYOND)
    }

    pub fn contains(&self, value: f64) -> bool {
        (self.lo..=self.hi).contains(&value)
    }
}

impl<'a> Frame<'a> {
    pub fn new(rect: Rect, edges: &'a [f64], (lo, hi): (f64, f64), log: bool) -> Self {
        let (first, last) = (edges.first().copied(), edges.last().copied());
        let x = Scale {
            lo: first.unwrap_or(0.0),
            hi: last.unwrap_or(1.0),
            log: false,
        };
        Self {
            rect,
            edges,
            x,
            y: Scale { lo, hi, log },
        }
    }

    /// Whether x is a number of things: each bin is as wide as 1, around a whole number.
    pub fn counts(&self) -> bool {
        let is_half = |edge: &f64| (edge - 0.5).fract() == 0.0;
        let mut bins = self.edges.iter().zip(self.edges.iter().skip(1));
        self.edges.iter().all(is_half) && bins.all(|(left, right)| right - left == 1.0)
    }

    /// The canvas' x of a value.
    pub fn across(&self, x: f64) -> f64 {
        self.rect.left + self.x.fraction(x) * self.rect.width()
    }

    /// The canvas' y of a value, possibly outside the frame.
    pub fn up(&self, y: f64) -> f64 {
        self.rect.bottom - self.y.fraction(y) * self.rect.height()
    }

    /// The canvas' y of a value, held within the frame.
    pub fn up_within(&self, y: f64) -> f64 {
        self.up(y).clamp(self.rect.top, self.rect.bottom)
    }

    /// Each bin's left and right end on the canvas.
    pub fn bins(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let ends = self.edges.iter().zip(self.edges.iter().skip(1));
        ends.map(|(left, right)| (self.across(*left), self.across(*right)))
    }

    /// The tops of a histogram's bins from the left to the right, within the frame.
    pub fn steps(&self, contents: &[f64]) -> Vec<Point> {
        let tops = contents.iter().map(|content| self.up_within(*content));
        self.bins()
            .zip(tops)
            .flat_map(|((left, right), top)| [Point::new(left, top), Point::new(right, top)])
            .collect()
    }

    /// The area between a histogram and the zero line, or the frame's bottom above it.
    pub fn area(&self, contents: &[f64]) -> Polyline {
        let base = self.up_within(0.0);
        let mut points = vec![Point::new(self.rect.left, base)];
        points.extend(self.steps(contents));
        points.push(Point::new(self.rect.right, base));
        Polyline::closed(points)
    }

    /// A line through points given as values, cut at the frame.
    pub fn line(&self, points: &[(f64, f64)]) -> Vec<Polyline> {
        let places: Vec<Point> = points
            .iter()
            .map(|(x, y)| Point::new(self.across(*x), self.up(*y)))
            .collect();
        let mut lines: Vec<Polyline> = Vec::new();
        for (a, b) in places.iter().zip(places.iter().skip(1)) {
            let Some((a, b)) = self.rect.clip(*a, *b) else {
                continue;
            };
            // Joined pieces make one line, so that dashes run on.
            match lines.last_mut() {
                Some(line) if line.points.last() == Some(&a) => line.points.push(b),
                _ => lines.push(Polyline::segment(a, b)),
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECT: Rect = Rect {
        left: 0.0,
        top: 0.0,
        right: 100.0,
        bottom: 100.0,
    };

    #[test]
    fn logarithmic_axes_hold_zero_below_their_end() {
        let frame = Frame::new(RECT, &[0.0, 1.0], (1.0, 100.0), true);
        assert!((frame.up(10.0) - 50.0).abs() < 1e-9);
        assert_eq!(frame.up_within(0.0), 100.0);
        assert!(frame.up(-5.0).is_finite());
    }

    #[test]
    fn numbers_of_things_are_told_by_their_bins() {
        let counts = |edges: &[f64]| Frame::new(RECT, edges, (0.0, 1.0), false).counts();
        assert!(counts(&[-0.5, 0.5, 1.5]) && counts(&[3.5, 4.5]));
        assert!(!counts(&[0.0, 1.0, 2.0]), "edges at whole numbers");
        assert!(!counts(&[-0.5, 0.5, 2.5]), "a bin of two numbers");
        assert!(!counts(&[-1.75, -1.25, -0.75]), "narrower bins");
    }

    #[test]
    fn an_area_ends_at_the_zero_line() {
        let frame = Frame::new(RECT, &[0.0, 1.0, 2.0], (-1.0, 1.0), false);
        let area = frame.area(&[0.5, -0.5]);
        let ys: Vec<f64> = area.points.iter().map(|point| point.y).collect();
        assert_eq!(ys, [50.0, 25.0, 25.0, 75.0, 75.0, 50.0]);
    }

    #[test]
    fn a_curve_is_cut_where_it_leaves_the_frame() {
        let frame = Frame::new(RECT, &[0.0, 10.0], (0.0, 10.0), false);
        let lines = frame.line(&[(0.0, 5.0), (2.0, 5.0), (4.0, 15.0), (6.0, 5.0), (8.0, 5.0)]);
        assert_eq!(lines.len(), 2);
        assert!(
            lines
                .iter()
                .flat_map(|line| &line.points)
                .all(|point| point.y >= 0.0)
        );
    }
}
