//! The stransverse mass of pairs of particles of which something escapes.

mod ellipse;
mod lanes;

use self::ellipse::{Region, Verdict};
use self::lanes::Lanes;

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
    search(one, other, missing, round_alike).map(single)
}

/// Two particles of which something escapes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Decays {
    /// What is seen of either.
    pub sides: [Side; 2],
    /// The transverse momentum (x, y) that is missing altogether.
    pub missing: (f64, f64),
}

/// [`mt2_single`] of many pairs, appended to `masses`: the same numbers in less time, since some are
/// searched side by side.
pub fn mt2_singles(pairs: &[Decays], masses: &mut Vec<Option<f32>>) {
    let first = masses.len();
    masses.resize(first + pairs.len(), None);
    let results = masses.get_mut(first..).unwrap_or_default();
    Lanes::search(pairs, results);
}

/// The published code bisects the mass and squares it before it gives the root.
#[inline(always)]
fn root_of_square(mass: f64) -> f64 {
    (mass * mass).sqrt()
}

#[allow(clippy::cast_possible_truncation, reason = "rounding is what is meant")]
#[inline(always)]
fn single(mass: f64) -> f32 {
    root_of_square(mass) as f32
}

/// Whether all between two masses become the same number. Below 0 roots of squares do not rise.
#[inline(always)]
fn round_alike(low: f64, high: f64) -> bool {
    (low >= 0.0) & (single(low) == single(high))
}

/// The least mass that is possible, or any between the ends of what is left when `is_enough` of
/// them.
fn search(
    one: Side,
    other: Side,
    missing: (f64, f64),
    is_enough: impl Fn(f64, f64) -> bool,
) -> Option<f64> {
    let (pair, mut search) = match begin([one, other], missing) {
        Begun::Known(mass) => return Some(mass),
        Begun::Searched(pair, search) => (pair, search),
    };
    loop {
        let step = search.step(&is_enough, |mass| pair.verdict(mass));
        if step.ends {
            return step.is_found.then_some(step.mass);
        }
    }
}

/// How a search begins.
#[allow(clippy::large_enum_variant, reason = "it is taken apart at once")]
enum Begun {
    /// There is nothing to search for.
    Known(f64),
    Searched(Pair, Search),
}

/// Begins the search for the mass of two particles.
fn begin([one, other]: [Side; 2], missing: (f64, f64)) -> Begun {
    // The heavier side limits the mass from below.
    let (light, heavy) = match one.least_mass() > other.least_mass() {
        true => (other, one),
        false => (one, other),
    };
    let scale_squared = scale_squared(&light, &heavy, missing);
    if scale_squared == 0.0 {
        return Begun::Known(0.0);
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
    Begun::Searched(pair, Search::above(low, scale_squared.sqrt()))
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
#[derive(Clone, Copy, Debug)]
struct Pair {
    light: Region,
    heavy: Region,
}

impl Pair {
    /// Whether a mass is too small for both particles.
    #[inline(always)]
    fn verdict(&self, mass: f64) -> Verdict {
        let light = self.light.of_parent(mass * mass);
        light.against(&self.heavy.of_parent(mass * mass))
    }
}

/// A search for the least possible mass, between two steps.
///
/// A step is made without branches: a loop over some searches makes those of all at once.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Search {
    /// The least mass that is not known to be excluded.
    low: f64,
    /// The least mass known to be possible, or the one to be tried next while none is.
    high: f64,
    /// Whether one is known to be possible.
    is_bounded: bool,
    /// Often the answer is the lower bound itself, which is sooner found by unequal parts.
    seems_lowest: bool,
}

/// What a step of a search came to.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Step {
    /// Whether it was the last.
    ends: bool,
    /// Whether there is an answer then.
    is_found: bool,
    /// The answer.
    mass: f64,
}

impl Search {
    /// For a mass from `low` on, where one by `step` above it is tried first.
    fn above(low: f64, step: f64) -> Self {
        Self {
            low,
            high: low + step,
            is_bounded: false,
            seems_lowest: true,
        }
    }

    /// Tries a mass: first such that double each other until one is possible, then between.
    #[inline(always)]
    fn step(
        &mut self,
        is_enough: impl Fn(f64, f64) -> bool,
        verdict: impl Fn(f64) -> Verdict,
    ) -> Step {
        let Self {
            low,
            high,
            is_bounded,
            seems_lowest,
        } = *self;
        let unequal = (low * 15.0 + high) / 16.0;
        let half = (high + low) / 2.0;
        let between = if seems_lowest { unequal } else { half };
        let mass = if is_bounded { between } else { high };
        let is_last =
            is_bounded & ((mass <= low) | (mass >= high) | mass.is_nan() | is_enough(low, high));
        let Verdict {
            is_excluded,
            is_degenerate,
        } = verdict(mass);

        let doubled = if is_excluded { mass * 2.0 } else { mass };
        let narrowed = if is_excluded { high } else { mass };
        *self = Self {
            low: if is_bounded & is_excluded { mass } else { low },
            high: if is_bounded { narrowed } else { doubled },
            is_bounded: is_bounded | !is_excluded,
            seems_lowest: seems_lowest & !(is_bounded & is_excluded),
        };
        Step {
            // Nothing is the double of nothing. What is doubled until it is infinite excludes
            // nothing any more.
            ends: is_last | is_degenerate | (!is_bounded & is_excluded & (mass == 0.0)),
            is_found: is_bounded,
            // An ellipse without extent: only at the lower end of the range.
            mass: if is_last { mass } else { low },
        }
    }
}

#[cfg(test)]
mod tests;
