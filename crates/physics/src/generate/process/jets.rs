//! Jets that come along.

use super::super::kinematics::massless;
use super::super::random::Random;
use super::super::truth::{BOOST, Truth};
use super::boson::{Decay, boson_at};
use super::radiation::radiate;

/// What a sliced simulation is restricted to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) struct Slice {
    /// The boson's transverse momentum, GeV.
    pub(in super::super) pt: (f64, f64),
    /// The heaviest quark in the jets; any where the simulation is not restricted.
    pub(in super::super) heavy: Option<Heavy>,
}

/// The heaviest quark in the jets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Heavy {
    None,
    Charm,
    Bottom,
}

/// The slices of the Sherpa samples of W and Z: upper end of the transverse momentum (GeV), share of
/// the cross-section (of the three families of W together), and in it the shares of charm and bottom.
const SLICES: [(f64, f64, f64, f64); 6] = [
    (70.0, 0.933, 0.130, 0.045),
    (140.0, 0.046, 0.240, 0.090),
    (280.0, 0.016_6, 0.290, 0.110),
    (500.0, 0.003_5, 0.320, 0.130),
    (1000.0, 0.000_8, 0.320, 0.130),
    (2000.0, 0.000_06, 0.320, 0.130),
];

impl Slice {
    /// No restriction.
    pub(in super::super) const ALL: Self = Self {
        pt: (0.0, f64::INFINITY),
        heavy: None,
    };

    /// The share of the cross-section of the whole that has a transverse momentum above the least
    /// of a large-R jet, relative to that of the slice.
    pub(in super::super) fn boosted_share(self) -> f64 {
        let (mut all, mut boosted, mut low) = (0.0, 0.0, 0.0);
        for (high, share, _, _) in SLICES {
            if low >= self.pt.0 && high <= self.pt.1 {
                all += share;
                boosted += share * tail(low, high, BOOST);
            }
            low = high;
        }
        // Two jets rather than the boson's recoil may make a large-R jet.
        boosted / f64::max(all, 1e-9) + 2e-5
    }
}

/// The share of a slice above a transverse momentum.
fn tail(low: f64, high: f64, least: f64) -> f64 {
    let power = |pt: f64| pt.powi(-3);
    match least {
        least if low == 0.0 || least >= high => 0.0,
        least if least <= low => 1.0,
        least => (power(least) - power(high)) / (power(low) - power(high)),
    }
}

/// A boson with jets, of a slice.
pub(super) fn boson_and_jets(random: &mut Random, truth: &mut Truth, decay: Decay, slice: Slice) {
    let (low, high, charm, bottom) = draw_slice(random, slice.pt);
    let least = if truth.is_boosted() { BOOST } else { 0.0 };
    let pt = transverse_momentum(random, low, high, least);
    boson_at(random, truth, pt, decay);
    let heavy = slice.heavy.unwrap_or_else(|| match random.unit() {
        u if u < bottom => Heavy::Bottom,
        u if u < bottom + charm => Heavy::Charm,
        _ => Heavy::None,
    });
    let flavour = match heavy {
        Heavy::None => return radiate(random, truth),
        Heavy::Charm => 4,
        Heavy::Bottom => 5,
    };
    let pt = 18.0 + random.exponential(14.0 + 0.2 * pt);
    let (eta, phi) = (random.normal(0.0, 1.2), random.azimuth());
    truth.jet(massless(pt, eta, phi), flavour);
    radiate(random, truth);
}

/// One of the slices within a range, as often as it happens.
fn draw_slice(random: &mut Random, (from, to): (f64, f64)) -> (f64, f64, f64, f64) {
    let mut low = 0.0;
    let mut within = Vec::with_capacity(SLICES.len());
    for (high, share, charm, bottom) in SLICES {
        if low >= from && high <= to {
            within.push((share, (low, high, charm, bottom)));
        }
        low = high;
    }
    let all: f64 = within.iter().map(|(share, _)| share).sum();
    let mut left = all * random.unit();
    let drawn = within.iter().find(|(share, _)| {
        left -= share;
        left < 0.0
    });
    drawn
        .or(within.last())
        .map_or((0.0, 70.0, 0.0, 0.0), |&(_, slice)| slice)
}

/// A transverse momentum in a slice: around 18 GeV in the lowest, else falling with the fourth power.
fn transverse_momentum(random: &mut Random, low: f64, high: f64, least: f64) -> f64 {
    if low == 0.0 && least == 0.0 {
        return loop {
            let pt = 3.0 + random.exponential(15.0);
            if pt < high {
                break pt;
            }
        };
    }
    let low = low.max(least);
    let high = high.max(2.0 * low);
    let (first, last) = (low.powi(-3), high.powi(-3));
    (last + (first - last) * random.unit()).powf(-1.0 / 3.0)
}

/// The jet that balances the system across the beam.
pub(super) fn recoil(random: &mut Random, truth: &mut Truth) {
    let (x, y) = truth.recoil;
    let pt = x.hypot(y);
    if pt < 16.0 || !(random.chance(0.8) || pt > BOOST) {
        return;
    }
    let (eta, turn) = (random.normal(0.0, 1.3), random.normal(0.0, 0.15));
    let (sin, cos) = turn.sin_cos();
    let phi = (-y * cos - x * sin).atan2(-x * cos + y * sin);
    let flavour = light_flavour(random);
    let momentum = massless(pt, eta, phi);
    truth.jet(momentum, flavour);
    truth.light_large_r_jet(random, momentum);
}

/// The flavour of a jet of which nothing is known.
pub(in super::super) fn light_flavour(random: &mut Random) -> i32 {
    match random.unit() {
        u if u < 0.04 => 4,
        u if u < 0.05 => 5,
        _ => 0,
    }
}
