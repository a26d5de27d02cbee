//! The stransverse mass of pairs of particles of which something escapes.

mod ellipse;

use self::ellipse::{Degenerate, Region};

/// One side of a pair: what is seen of a particle's decay, across the beam, and the mass that is
/// assumed for what is not.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Side {
    /// The mass of what is seen. Rounding may have made it slightly negative.
    pub mass: f64,
    /// Its momentum, in the unit of the mass.
    pub px: f64,
    /// Its momentum, in the unit of the mass.
    pub py: f64,
    /// The mass of what escapes.
    pub invisible_mass: f64,
}

impl Side {
    /// The least mass that a particle of this decay can have.
    fn least_mass(&self) -> f64 {
        self.mass + self.invisible_mass
    }
}

/// An upper bound cannot be doubled more often than this without overflow.
const MAX_DOUBLINGS: u32 = 10_000;

/// The least mass that both particles of a pair could have, given their visible decay products
/// and the transverse momentum (x, y) that is missing altogether (Lester, Summers, Phys. Lett. B
/// 463 (1999) 99). Everything is in one unit.
///
/// For a mass tried, what escapes on either side has its momentum inside of an ellipse; the mass
/// is possible if the two ellipses, one of them as seen from the total, overlap. Bisection finds
/// the least such mass to machine precision: Lester and Nachman, arXiv:1411.4312. The intervals
/// are cut as in the published code, so that the same last bits come out.
///
/// `None` where no mass can be found: with momenta that are not finite, or with all of them and
/// the masses 0 but one side's.
///
/// ```
/// use rootlake_physics::mt2::{Side, mt2};
///
/// // Massless leptons back to back and nothing else: no more than 0 can be inferred.
/// let side = |px| Side { px, ..Side::default() };
/// assert_eq!(mt2(side(40.0), side(-40.0), (0.0, 0.0)).map(|mass| mass < 1e-6), Some(true));
/// ```
pub fn mt2(one: Side, other: Side, missing: (f64, f64)) -> Option<f64> {
    search(one, other, missing, |_, _| false).map(root_of_square)
}

/// [`mt2`] rounded to single precision: the same number in half the steps, since bisection can end
/// where both ends of what is left round alike.
pub fn mt2_single(one: Side, other: Side, missing: (f64, f64)) -> Option<f32> {
    #[allow(clippy::cast_possible_truncation, reason = "rounding is what is meant")]
    let single = |mass| root_of_square(mass) as f32;
    // Below 0 roots of squares do not rise.
    let is_enough = |low: f64, high| low >= 0.0 && single(low) == single(high);
    search(one, other, missing, is_enough).map(single)
}

/// The published code bisects the mass and squares it before it gives the root.
fn root_of_square(mass: f64) -> f64 {
    (mass * mass).sqrt()
}

/// The least mass that is possible, or any between the ends of what is left when `is_enough` of
/// them.
fn search(
    one: Side,
    other: Side,
    missing: (f64, f64),
    is_enough: impl Fn(f64, f64) -> bool,
) -> Option<f64> {
    // The heavier side limits the mass from below.
    let (light, heavy) = match one.least_mass() > other.least_mass() {
        true => (other, one),
        false => (one, other),
    };
    let scale_squared = scale_squared(&light, &heavy, missing);
    if scale_squared == 0.0 {
        return Some(0.0);
    }
    // The light side's invisible momentum is the free one; the heavy side has the rest.
    let mirrored = Side {
        px: -light.px,
        py: -light.py,
        ..light
    };
    let pair = Pair {
        light: Region::of_side(&mirrored, (0.0, 0.0)),
        heavy: Region::of_side(&heavy, missing),
    };
    let low = heavy.least_mass();
    let high = pair.first_possible(low, scale_squared.sqrt())?;
    Some(pair.bisect(low, high, is_enough))
}

/// The square of a mass that the answer is likely to be near.
fn scale_squared(light: &Side, heavy: &Side, (miss_x, miss_y): (f64, f64)) -> f64 {
    let masses = light.mass * light.mass
        + heavy.mass * heavy.mass
        + light.invisible_mass * light.invisible_mass
        + heavy.invisible_mass * heavy.invisible_mass;
    let light = light.px * light.px + light.py * light.py;
    let heavy = heavy.px * heavy.px + heavy.py * heavy.py;
    (masses + light + heavy + (miss_x * miss_x + miss_y * miss_y)) / 8.0
}

/// Where what escapes on either side may go.
struct Pair {
    light: Region,
    heavy: Region,
}

impl Pair {
    /// Whether a mass is too small for both particles.
    fn excludes(&self, mass: f64) -> Result<bool, Degenerate> {
        let light = self.light.of_parent(mass * mass);
        light.is_disjoint_from(&self.heavy.of_parent(mass * mass))
    }

    /// The first possible mass of those that `step` above `low` makes when doubled.
    fn first_possible(&self, low: f64, step: f64) -> Option<f64> {
        let mut mass = low + step;
        for _ in 0..MAX_DOUBLINGS {
            match self.excludes(mass) {
                Ok(false) => return Some(mass),
                Ok(true) => mass *= 2.0,
                Err(Degenerate) => return None,
            }
        }
        None
    }

    /// The least possible mass between `low`, which need not be excluded, and `high`.
    fn bisect(&self, mut low: f64, mut high: f64, is_enough: impl Fn(f64, f64) -> bool) -> f64 {
        // Often the answer is the lower bound itself, which is sooner found by unequal parts.
        let mut seems_lowest = true;
        loop {
            let mass = match seems_lowest {
                true => (low * 15.0 + high) / 16.0,
                false => (high + low) / 2.0,
            };
            if mass <= low || mass >= high || mass.is_nan() || is_enough(low, high) {
                return mass;
            }
            match self.excludes(mass) {
                Ok(true) => {
                    low = mass;
                    seems_lowest = false;
                }
                Ok(false) => high = mass,
                // An ellipse without extent: only at the lower end of the range.
                Err(Degenerate) => return low,
            }
        }
    }
}

#[cfg(test)]
mod tests;
