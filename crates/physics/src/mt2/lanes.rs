//! Searches for the masses of several pairs, side by side.

use multiversion::multiversion;

use super::ellipse::Region;
use super::{Begun, Decays, Pair, Search, begin, round_alike, single};

/// So many searches are made at once: two registers of 256 bits of each number, so that one waits
/// less for the other.
const LANES: usize = 8;

/// A number of each search.
type Row<T> = [T; LANES];

/// Searches side by side, number by number; one that has ended makes place for the next.
#[derive(Debug)]
pub(super) struct Lanes {
    light: [Row<f64>; Region::NUMBERS],
    heavy: [Row<f64>; Region::NUMBERS],
    low: Row<f64>,
    high: Row<f64>,
    is_bounded: Row<bool>,
    seems_lowest: Row<bool>,
    steps: Steps,
    /// Which pair each search is for.
    pairs: Row<Option<usize>>,
}

/// What the last steps came to, as [`Step`](super::Step).
#[derive(Debug)]
struct Steps {
    ends: Row<bool>,
    is_found: Row<bool>,
    mass: Row<f64>,
}

impl Lanes {
    /// Puts the masses of `pairs` into `masses`, which is as long and holds none.
    pub(super) fn search(pairs: &[Decays], masses: &mut [Option<f32>]) {
        let mut lanes = Self::new();
        let mut left = pairs.iter().enumerate();
        for lane in 0..LANES {
            lanes.next(lane, &mut left, masses);
        }
        while lanes.pairs.iter().any(Option::is_some) {
            step(&mut lanes);
            for lane in 0..LANES {
                if lanes.steps.ends.get(lane).is_some_and(|&ends| ends) {
                    lanes.end(lane, masses);
                    lanes.next(lane, &mut left, masses);
                }
            }
        }
    }

    fn new() -> Self {
        Self {
            light: [[0.0; LANES]; Region::NUMBERS],
            heavy: [[0.0; LANES]; Region::NUMBERS],
            low: [0.0; LANES],
            high: [0.0; LANES],
            is_bounded: [false; LANES],
            seems_lowest: [false; LANES],
            steps: Steps {
                ends: [false; LANES],
                is_found: [false; LANES],
                mass: [0.0; LANES],
            },
            pairs: [None; LANES],
        }
    }

    /// Keeps the answer of a search that has ended.
    fn end(&mut self, lane: usize, masses: &mut [Option<f32>]) {
        let pair = self.pairs.get_mut(lane).and_then(Option::take);
        let steps = self.steps.is_found.get(lane).zip(self.steps.mass.get(lane));
        if let (Some(mass), Some((true, &found))) =
            (pair.and_then(|pair| masses.get_mut(pair)), steps)
        {
            *mass = Some(single(found));
        }
    }

    /// Begins the next search that there is.
    fn next<'a>(
        &mut self,
        lane: usize,
        left: &mut impl Iterator<Item = (usize, &'a Decays)>,
        masses: &mut [Option<f32>],
    ) {
        for (number, decays) in left {
            match begin(decays.sides, decays.missing) {
                Begun::Known(mass) => set(masses, number, Some(single(mass))),
                Begun::Searched(pair, search) => {
                    self.begin(lane, &pair, search);
                    set(&mut self.pairs, lane, Some(number));
                    return;
                }
            }
        }
    }

    fn begin(&mut self, lane: usize, pair: &Pair, search: Search) {
        for (rows, region) in [(&mut self.light, pair.light), (&mut self.heavy, pair.heavy)] {
            for (row, number) in rows.iter_mut().zip(region.to_row()) {
                set(row, lane, number);
            }
        }
        set(&mut self.low, lane, search.low);
        set(&mut self.high, lane, search.high);
        set(&mut self.is_bounded, lane, search.is_bounded);
        set(&mut self.seems_lowest, lane, search.seems_lowest);
    }
}

/// Makes a step of each search.
#[multiversion(targets(
    "x86_64+avx+avx2+avx512f+avx512bw+avx512cd+avx512dq+avx512vl+bmi1+bmi2+fma",
    "x86_64+avx+avx2+bmi1+bmi2+fma",
))]
fn step(lanes: &mut Lanes) {
    let Lanes {
        light,
        heavy,
        low,
        high,
        is_bounded,
        seems_lowest,
        steps,
        ..
    } = lanes;
    for lane in 0..LANES {
        let pair = Pair {
            light: Region::from_row(light.each_ref().map(|row| at(row, lane))),
            heavy: Region::from_row(heavy.each_ref().map(|row| at(row, lane))),
        };
        let mut search = Search {
            low: at(low, lane),
            high: at(high, lane),
            is_bounded: at(is_bounded, lane),
            seems_lowest: at(seems_lowest, lane),
        };
        let step = search.step(round_alike, |mass| pair.verdict(mass));
        set(low, lane, search.low);
        set(high, lane, search.high);
        set(is_bounded, lane, search.is_bounded);
        set(seems_lowest, lane, search.seems_lowest);
        set(&mut steps.ends, lane, step.ends);
        set(&mut steps.is_found, lane, step.is_found);
        set(&mut steps.mass, lane, step.mass);
    }
}

#[inline(always)]
fn at<T: Copy + Default>(row: &Row<T>, lane: usize) -> T {
    row.get(lane).copied().unwrap_or_default()
}

#[inline(always)]
fn set<T>(row: &mut [T], lane: usize, value: T) {
    if let Some(held) = row.get_mut(lane) {
        *held = value;
    }
}
