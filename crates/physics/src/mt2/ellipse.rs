//! Ellipses, and whether two of them overlap.

use super::Side;

/// The points (x, y) with `xx x² + 2 xy xy + yy y² + 2 x x + 2 y y + constant` ≤ 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ellipse {
    xx: f64,
    yy: f64,
    xy: f64,
    x: f64,
    y: f64,
    constant: f64,
}

/// What is known of two ellipses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Whether no point lies in both.
    pub(super) is_excluded: bool,
    /// Whether they have no extent, so that nothing can be said.
    pub(super) is_degenerate: bool,
}

/// Ellipses of one side for all masses that its parent could have.
///
/// With the visible mass m and momentum t, the invisible mass q and momentum k = missing − r, and
/// Δ = M² − m² − q², the points r fulfil 4 (m² + t²)(q² + k²) ≤ (Δ + 2 t·k)². The terms are
/// multiplied out and added in the order of the published code: for light particles they cancel so
/// far that the rounding counts. What does not depend on M is kept: the terms before the first that
/// does as a sum, the others one by one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Region {
    visible_momentum: (f64, f64),
    missing: (f64, f64),
    visible: f64,
    invisible: f64,
    xx: f64,
    yy: f64,
    xy: f64,
    x: [f64; 4],
    y: [f64; 3],
    constant: [f64; 14],
}

impl Region {
    /// Of which it is made.
    pub(super) const NUMBERS: usize = 30;

    /// Where the transverse momentum of the *other* side's invisible particle has to lie, the two
    /// adding up to `missing`.
    pub(super) fn of_side(side: &Side, (miss_x, miss_y): (f64, f64)) -> Self {
        let (tx, ty) = (side.px, side.py);
        let visible = side.mass * side.mass;
        let invisible = side.invisible_mass * side.invisible_mass;
        let (tx_squared, ty_squared) = (tx * tx, ty * ty);
        let (miss_x_squared, miss_y_squared) = (miss_x * miss_x, miss_y * miss_y);
        Self {
            visible_momentum: (tx, ty),
            missing: (miss_x, miss_y),
            visible,
            invisible,
            xx: 4.0 * visible + 4.0 * ty_squared,
            yy: 4.0 * visible + 4.0 * tx_squared,
            xy: -4.0 * tx * ty,
            x: [
                -4.0 * visible * miss_x - 2.0 * invisible * tx,
                -2.0 * visible * tx,
                4.0 * miss_y * tx * ty,
                -4.0 * miss_x * ty_squared,
            ],
            y: [
                -4.0 * visible * miss_y - 4.0 * miss_y * tx_squared - 2.0 * invisible * ty,
                -2.0 * visible * ty,
                4.0 * miss_x * tx * ty,
            ],
            constant: [
                -invisible * invisible,
                2.0 * invisible * visible,
                -visible * visible,
                4.0 * visible * miss_x_squared,
                4.0 * visible * miss_y_squared,
                4.0 * invisible * miss_x * tx,
                4.0 * visible * miss_x * tx,
                4.0 * invisible * tx_squared,
                4.0 * miss_y_squared * tx_squared,
                4.0 * invisible * miss_y * ty,
                4.0 * visible * miss_y * ty,
                -8.0 * miss_x * miss_y * tx * ty,
                4.0 * invisible * ty_squared,
                4.0 * miss_x_squared * ty_squared,
            ],
        }
    }

    /// Its numbers one after the other.
    pub(super) fn to_row(self) -> [f64; Self::NUMBERS] {
        let Self {
            visible_momentum: (tx, ty),
            missing: (miss_x, miss_y),
            visible,
            invisible,
            xx,
            yy,
            xy,
            x: [x0, x1, x2, x3],
            y: [y0, y1, y2],
            constant: [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13],
        } = self;
        [
            tx, ty, miss_x, miss_y, visible, invisible, xx, yy, xy, x0, x1, x2, x3, y0, y1, y2, c0,
            c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13,
        ]
    }

    /// That of such a row.
    #[inline(always)]
    pub(super) fn from_row(row: [f64; Self::NUMBERS]) -> Self {
        let [
            tx,
            ty,
            miss_x,
            miss_y,
            visible,
            invisible,
            xx,
            yy,
            xy,
            x0,
            x1,
            x2,
            x3,
            y0,
            y1,
            y2,
            c0,
            c1,
            c2,
            c3,
            c4,
            c5,
            c6,
            c7,
            c8,
            c9,
            c10,
            c11,
            c12,
            c13,
        ] = row;
        Self {
            visible_momentum: (tx, ty),
            missing: (miss_x, miss_y),
            visible,
            invisible,
            xx,
            yy,
            xy,
            x: [x0, x1, x2, x3],
            y: [y0, y1, y2],
            constant: [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13],
        }
    }

    /// For a parent no heavier than the root of `parent`.
    #[inline(always)]
    pub(super) fn of_parent(&self, parent: f64) -> Ellipse {
        let (tx, ty) = self.visible_momentum;
        let (miss_x, miss_y) = self.missing;
        let [x, x_visible, x_across, x_along] = self.x;
        let [y, y_visible, y_across] = self.y;
        let [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13] = self.constant;
        Ellipse {
            xx: self.xx,
            yy: self.yy,
            xy: self.xy,
            x: x + 2.0 * parent * tx + x_visible + x_across + x_along,
            y: y + 2.0 * parent * ty + y_visible + y_across,
            constant: c0 + 2.0 * self.invisible * parent - parent * parent
                + c1
                + 2.0 * parent * self.visible
                + c2
                + c3
                + c4
                + c5
                - 4.0 * parent * miss_x * tx
                + c6
                + c7
                + c8
                + c9
                - 4.0 * parent * miss_y * ty
                + c10
                + c11
                + c12
                + c13,
        }
    }
}

impl Ellipse {
    /// Whether no point lies in both.
    ///
    /// The roots of det(λA + B), A and B being the symmetric matrices of the ellipses, tell it:
    /// Etayo, Gonzalez-Vega, del Rio, Comput. Aided Geom. Des. 23 (2006) 324.
    #[inline(always)]
    pub(super) fn against(&self, other: &Self) -> Verdict {
        let cubic = self.determinant();
        let square = self.mixed_determinant(other);
        let linear = other.mixed_determinant(self);
        let constant = other.determinant();
        // The question is the same either way round; division by the larger is the safer one.
        let is_larger = cubic.abs() >= constant.abs();
        let choose = |one: f64, other: f64| if is_larger { one } else { other };
        let differ = !self.is_same(other);
        let (cubic, constant) = (choose(cubic, constant), choose(constant, cubic));
        let (square, linear) = (choose(square, linear), choose(linear, square));
        let is_degenerate = cubic == 0.0;
        let has_roots = has_two_positive_roots(cubic, square, linear, constant);
        Verdict {
            is_excluded: differ & !is_degenerate & has_roots,
            is_degenerate: differ & is_degenerate,
        }
    }

    /// As `==`, without a branch.
    #[inline(always)]
    fn is_same(&self, other: &Self) -> bool {
        (self.xx == other.xx)
            & (self.yy == other.yy)
            & (self.xy == other.xy)
            & (self.x == other.x)
            & (self.y == other.y)
            & (self.constant == other.constant)
    }

    /// Of the symmetric matrix ((xx, xy, x), (xy, yy, y), (x, y, constant)).
    #[inline(always)]
    fn determinant(&self) -> f64 {
        let Self {
            xx,
            yy,
            xy,
            x,
            y,
            constant,
        } = *self;
        2.0 * x * xy * y + constant * xx * yy - yy * x * x - constant * xy * xy - xx * y * y
    }

    /// The coefficient of λ² in det(λ self + other).
    #[inline(always)]
    fn mixed_determinant(&self, other: &Self) -> f64 {
        let (a, b) = (self, other);
        a.xx * a.yy * b.constant + 2.0 * a.xy * a.y * b.x - 2.0 * a.x * a.yy * b.x
            + a.constant * a.yy * b.xx
            - 2.0 * a.constant * a.xy * b.xy
            + 2.0 * a.x * a.y * b.xy
            + 2.0 * a.x * a.xy * b.y
            - 2.0 * a.xx * a.y * b.y
            + a.constant * a.xx * b.yy
            - b.yy * (a.x * a.x)
            - b.constant * (a.xy * a.xy)
            - b.xx * (a.y * a.y)
    }
}

/// Whether a cubic polynomial of two ellipses has two different positive roots, by which they are
/// disjoint. What is no number decides nothing.
#[inline(always)]
fn has_two_positive_roots(cubic: f64, square: f64, linear: f64, constant: f64) -> bool {
    let (a, b, c) = (square / cubic, linear / cubic, constant / cubic);
    let slope = -3.0 * b + a * a;
    let discriminant =
        -27.0 * c * c + 18.0 * c * a * b + a * a * b * b - 4.0 * a * a * a * c - 4.0 * b * b * b;
    let is_one_root = (slope <= 0.0) | (discriminant <= 0.0);
    let are_positive = (a < 0.0) | ((a >= 0.0) & (3.0 * a * c + b * a * a - 4.0 * b * b < 0.0));
    !is_one_root & are_positive
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Radius `r` around (`x`, `y`).
    fn circle(r: f64, x: f64, y: f64) -> Ellipse {
        Ellipse {
            xx: 1.0,
            yy: 1.0,
            xy: 0.0,
            x: -x,
            y: -y,
            constant: x * x + y * y - r * r,
        }
    }

    fn verdict(is_excluded: bool, is_degenerate: bool) -> Verdict {
        Verdict {
            is_excluded,
            is_degenerate,
        }
    }

    #[test]
    fn circles_are_disjoint_when_their_centres_are_further_apart_than_their_radii() {
        let one = circle(2.0, 1.0, -1.0);
        for (distance, disjoint) in [(2.9, false), (3.1, true), (0.5, false), (100.0, true)] {
            let (x, y) = (1.0 + 0.6 * distance, -1.0 - 0.8 * distance);
            let other = circle(1.0, x, y);
            let expected = verdict(disjoint, false);
            assert_eq!(one.against(&other), expected, "{distance}");
            assert_eq!(other.against(&one), expected, "{distance}");
        }
        assert_eq!(one.against(&one), verdict(false, false));
    }

    #[test]
    fn points_tell_nothing() {
        let result = circle(0.0, 1.0, 1.0).against(&circle(0.0, 2.0, 1.0));
        assert_eq!(result, verdict(false, true));
    }

    #[test]
    fn an_ellipse_holds_the_momenta_that_make_the_mass() {
        let side = Side {
            mass: 5.0,
            px: 30.0,
            py: -10.0,
            invisible_mass: 3.0,
        };
        let missing = (12.0, 25.0);
        for rest in [(0.0, 0.0), (10.0, -20.0), (-35.0, 50.0)] {
            let (kx, ky): (f64, f64) = (missing.0 - rest.0, missing.1 - rest.1);
            let (seen, escaped) = ((25.0 + 1000.0_f64).sqrt(), (9.0 + kx * kx + ky * ky).sqrt());
            let squared = 25.0 + 9.0 + 2.0 * (seen * escaped - 30.0 * kx + 10.0 * ky);
            let e = Region::of_side(&side, missing).of_parent(squared);
            let (x, y) = rest;
            let value = e.xx * x * x
                + 2.0 * e.xy * x * y
                + e.yy * y * y
                + 2.0 * e.x * x
                + 2.0 * e.y * y
                + e.constant;
            assert!(value.abs() < 1e-9 * squared * squared, "{value}");
        }
    }
}
