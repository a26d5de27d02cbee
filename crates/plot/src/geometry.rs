//! Points, lines and rectangles on the canvas: pixels, y downwards.

/// A place on the canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }
}

/// Connected straight segments.
#[derive(Debug, Clone)]
pub(crate) struct Polyline {
    pub points: Vec<Point>,
    pub closed: bool,
}

impl Polyline {
    pub fn open(points: Vec<Point>) -> Self {
        Self {
            points,
            closed: false,
        }
    }

    pub fn closed(points: Vec<Point>) -> Self {
        Self {
            points,
            closed: true,
        }
    }

    pub fn segment(a: Point, b: Point) -> Self {
        Self::open(vec![a, b])
    }
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub fn corners(&self) -> Vec<Point> {
        vec![
            Point::new(self.left, self.top),
            Point::new(self.right, self.top),
            Point::new(self.right, self.bottom),
            Point::new(self.left, self.bottom),
        ]
    }

    /// The part of the segment from `a` to `b` inside the rectangle (Liang and Barsky, 1984).
    ///
    /// Clipping is done here, not by the output formats, so that SVG, PNG and whatever follows need
    /// no notion of it.
    pub fn clip(&self, a: Point, b: Point) -> Option<(Point, Point)> {
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (slope, room) in [
            (-dx, a.x - self.left),
            (dx, self.right - a.x),
            (-dy, a.y - self.top),
            (dy, self.bottom - a.y),
        ] {
            if slope == 0.0 {
                if room < 0.0 {
                    return None;
                }
            } else if slope < 0.0 {
                enter = enter.max(room / slope);
            } else {
                leave = leave.min(room / slope);
            }
        }
        let at = |t: f64| Point::new(a.x + t * dx, a.y + t * dy);
        (enter < leave).then(|| (at(enter), at(leave)))
    }
}

/// A length as the output formats take it.
#[allow(
    clippy::cast_possible_truncation,
    reason = "pixel coordinates need no double precision"
)]
pub(crate) fn narrow(value: f64) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: Rect = Rect {
        left: 0.0,
        top: 0.0,
        right: 10.0,
        bottom: 10.0,
    };

    #[test]
    fn a_segment_is_cut_at_both_sides() {
        let cut = SQUARE.clip(Point::new(-5.0, -5.0), Point::new(20.0, 20.0));
        assert_eq!(cut, Some((Point::new(0.0, 0.0), Point::new(10.0, 10.0))));
    }

    #[test]
    fn a_segment_inside_is_kept_and_one_outside_dropped() {
        let (a, b) = (Point::new(1.0, 2.0), Point::new(3.0, 4.0));
        assert_eq!(SQUARE.clip(a, b), Some((a, b)));
        assert_eq!(
            SQUARE.clip(Point::new(-1.0, 0.0), Point::new(-1.0, 9.0)),
            None
        );
        assert_eq!(
            SQUARE.clip(Point::new(-9.0, 4.0), Point::new(4.0, 17.0)),
            None
        );
    }
}
