//! Pairs of photons, gathered until it pays to work out together what is made of them.

use multiversion::multiversion;

use super::{
    MAX_RELATIVE_ISOLATION, MIN_PT_OVER_MASS, Pair, is_unconverted_central, mass_of_angles,
};
use crate::analysis::{azimuth_between, single};
use crate::momenta::{MAX_ABS_ETA, quick_cosh};
use crate::object::{Photon, relative_isolation};

/// So many pairs are gathered: what is known of them stays in the first cache.
const PAIRS: usize = 64;

/// A value for each pair.
type Column<T> = [T; PAIRS];

/// Pairs of good photons, column by column; behind the last of them stands what is of no use.
#[derive(Debug)]
pub(super) struct Block {
    pairs: usize,
    weights: Column<f32>,
    /// Where the photons stand in the columns of the batch.
    places: Column<[u32; 2]>,
    is_central: Column<bool>,
    photons: [Photons; 2],
    /// Of the azimuth between the photons.
    cosine: Column<f32>,
    is_isolated: Column<bool>,
    is_hard: Column<bool>,
    /// In single precision, GeV.
    pub(super) mass: Column<f64>,
    /// Whether mass and shares serve: those of the momenta's components may differ from them by
    /// [`Pair::UNCERTAINTY`], and decide the same about the shares.
    pub(super) is_certain: Column<bool>,
}

/// One photon of each pair.
#[derive(Debug)]
struct Photons {
    /// MeV.
    pt: Column<f32>,
    eta: Column<f32>,
    phi: Column<f32>,
    /// MeV.
    ptcone30: Column<f32>,
    /// MeV.
    etcone20: Column<f32>,
}

/// What is known of a pair.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) weight: f32,
    /// Whether both photons are isolated.
    pub(super) is_isolated: bool,
    /// Whether their transverse momenta are large shares of the mass.
    pub(super) is_hard: bool,
    /// GeV.
    pub(super) mass: f64,
    /// Whether both are unconverted and central.
    pub(super) is_central: bool,
}

impl Photons {
    fn new() -> Self {
        Self {
            pt: [0.0; PAIRS],
            eta: [0.0; PAIRS],
            phi: [0.0; PAIRS],
            ptcone30: [0.0; PAIRS],
            etcone20: [0.0; PAIRS],
        }
    }
}

impl Block {
    pub(super) fn new() -> Self {
        Self {
            pairs: 0,
            weights: [0.0; PAIRS],
            places: [[0; 2]; PAIRS],
            is_central: [false; PAIRS],
            photons: [Photons::new(), Photons::new()],
            cosine: [0.0; PAIRS],
            is_isolated: [false; PAIRS],
            is_hard: [false; PAIRS],
            mass: [0.0; PAIRS],
            is_certain: [false; PAIRS],
        }
    }

    /// Takes in a pair; tells whether it is time to fill and [`clear`](Self::clear).
    #[inline]
    pub(super) fn push(&mut self, weight: f32, places: [u32; 2], pair: &[Photon; 2]) -> bool {
        let at = self.pairs;
        let [first, second] = pair;
        let is_central = is_unconverted_central(first) & is_unconverted_central(second);
        set(&mut self.weights, at, weight);
        set(&mut self.places, at, places);
        set(&mut self.is_central, at, is_central);
        for (columns, photon) in self.photons.iter_mut().zip(pair) {
            set(&mut columns.pt, at, photon.pt);
            set(&mut columns.eta, at, photon.eta);
            set(&mut columns.phi, at, photon.phi);
            set(&mut columns.ptcone30, at, photon.ptcone30);
            set(&mut columns.etcone20, at, photon.etcone20);
        }
        self.pairs += 1;
        self.pairs >= PAIRS
    }

    /// The number of pairs.
    pub(super) fn len(&self) -> usize {
        self.pairs
    }

    /// Forgets all pairs.
    pub(super) fn clear(&mut self) {
        self.pairs = 0;
    }

    /// Works out all that is made of the pairs.
    pub(super) fn make(&mut self) {
        let [first, second] = &self.photons;
        let azimuths = first.phi.iter().zip(&second.phi).take(self.pairs);
        // Of the C library, since its last bit shows in the mass.
        for (cosine, (first, second)) in self.cosine.iter_mut().zip(azimuths) {
            *cosine = azimuth_between((first - second).abs()).cos();
        }
        isolate(&self.photons, &mut self.is_isolated);
        let (photons, mass, is_certain) = (&self.photons, &mut self.mass, &mut self.is_certain);
        weigh(photons, &self.cosine, mass, is_certain);
        compare(photons, mass, &mut self.is_hard, is_certain);
    }

    /// Where the photons of a pair stand if what is made of them matters and is not certain.
    pub(super) fn uncertain(&self, pair: usize) -> Option<[u32; 2]> {
        let is_certain = self.is_certain.get(pair)? | !self.is_isolated.get(pair)?;
        self.places.get(pair).copied().filter(|_| !is_certain)
    }

    /// Puts what is made exactly in the place of what is not certain.
    pub(super) fn replace(&mut self, pair: usize, exact: &Pair) {
        set(&mut self.mass, pair, f64::from(exact.mass));
        set(&mut self.is_hard, pair, exact.is_hard());
    }

    /// What is known of each pair.
    pub(super) fn pairs(&self) -> impl Iterator<Item = Known> {
        let flags = self.is_isolated.iter().zip(&self.is_hard);
        let others = self.weights.iter().zip(&self.mass).zip(&self.is_central);
        let pairs = flags.zip(others).take(self.pairs);
        pairs.map(
            |((&is_isolated, &is_hard), ((&weight, &mass), &is_central))| Known {
                weight,
                is_isolated,
                is_hard,
                mass,
                is_central,
            },
        )
    }
}

/// Marks the pairs of which both photons are [isolated](Photon::is_isolated).
#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
fn isolate(photons: &[Photons; 2], is_isolated: &mut Column<bool>) {
    *is_isolated = [true; PAIRS];
    for photons in photons {
        for cone in [&photons.ptcone30, &photons.etcone20] {
            let cones = cone.iter().zip(&photons.pt);
            for (is_isolated, (&cone, &pt)) in is_isolated.iter_mut().zip(cones) {
                *is_isolated &= relative_isolation(cone, pt) < MAX_RELATIVE_ISOLATION;
            }
        }
    }
}

/// Makes the masses that [`Pair::nearly`] makes, with a quick hyperbolic cosine. Certain is what comes
/// out alike with another one.
#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
fn weigh(
    [first, second]: &[Photons; 2],
    cosine: &Column<f32>,
    mass: &mut Column<f64>,
    is_certain: &mut Column<bool>,
) {
    let made = mass.iter_mut().zip(is_certain);
    let pt = first.pt.iter().zip(&second.pt);
    let eta = first.eta.iter().zip(&second.eta);
    for ((mass, is_certain), ((pt, eta), &cosine)) in made.zip(pt.zip(eta).zip(cosine)) {
        let delta_eta = f64::from(*eta.0) - f64::from(*eta.1);
        let angles = quick_cosh(delta_eta) - f64::from(cosine);
        let exact = mass_of_angles(f64::from(*pt.0), f64::from(*pt.1), angles);
        let (lower, upper) = (
            exact * (1.0 - Pair::ROUNDING),
            exact * (1.0 + Pair::ROUNDING),
        );
        *mass = f64::from(single(exact));
        *is_certain =
            (single(lower) == single(upper)) & (delta_eta.abs() <= f64::from(MAX_ABS_ETA));
    }
}

/// Marks the pairs whose transverse momenta are large shares of the mass, and takes the mark of those
/// away where that is not certain.
#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
fn compare(
    [first, second]: &[Photons; 2],
    mass: &Column<f64>,
    is_hard: &mut Column<bool>,
    is_certain: &mut Column<bool>,
) {
    *is_hard = [true; PAIRS];
    for (photons, bound) in [first, second].into_iter().zip(MIN_PT_OVER_MASS) {
        let flags = is_hard.iter_mut().zip(&mut *is_certain);
        for ((is_hard, is_certain), (&pt, &mass)) in flags.zip(photons.pt.iter().zip(mass)) {
            let share = Pair::share(f64::from(pt), mass);
            *is_hard &= Pair::is_large(share, bound);
            *is_certain &= Pair::is_clear(share, bound);
        }
    }
    let eta = first.eta.iter().zip(&second.eta);
    let phi = first.phi.iter().zip(&second.phi);
    for (is_certain, (eta, phi)) in is_certain.iter_mut().zip(eta.zip(phi)) {
        *is_certain &= Pair::is_apart(eta.0 - eta.1, phi.0 - phi.1);
    }
}

#[inline(always)]
fn set<T>(column: &mut Column<T>, at: usize, value: T) {
    if let Some(held) = column.get_mut(at) {
        *held = value;
    }
}
