//! What is plotted of the four leptons together.

use multiversion::multiversion;

use super::block::{Block, Column, EVENTS};
use super::pairing::{self, PairMasses, Pairings};
use crate::analysis::single;
use crate::{FourVector, QuickMomenta};

/// Masses and momentum of four leptons in GeV, as the reference has them in single precision.
#[derive(Clone, Copy, Debug)]
pub(super) struct System {
    /// Masses of the lepton pairs, that closer to the Z's first.
    pub(super) z_masses: (f32, f32),
    pub(super) mass: f32,
    pub(super) pt: f32,
    pub(super) rapidity: f32,
}

impl System {
    /// What is made of the pairs' masses and the sum of the momenta, MeV.
    pub(super) fn new(z_masses: (f32, f32), sum: &FourVector) -> Self {
        Self {
            z_masses,
            mass: single(sum.mass() / 1000.0),
            pt: single(sum.pt() / 1000.0),
            rapidity: single(sum.rapidity()),
        }
    }
}

/// The systems of many events, column by column.
#[derive(Debug)]
pub(super) struct Systems {
    /// Masses of the lepton pairs, that closer to the Z's first, GeV.
    pub(super) z_masses: [Column<f64>; 2],
    /// GeV.
    pub(super) mass: Column<f64>,
    /// GeV.
    pub(super) pt: Column<f64>,
    pub(super) rapidity: Column<f64>,
    /// Whether the last bits of the momenta decide no more than those of these quantities.
    pub(super) is_certain: Column<bool>,
    sums: Sums,
    quick: QuickMomenta,
    momenta: [Momenta; 4],
    masses: PairMasses,
    pairings: Pairings,
}

impl Systems {
    /// Of these quantities (GeV, and rapidity) that are made of quick momenta. Rounding changes a
    /// squared mass by less than 5·10⁻¹⁵ of the squared momenta and energies, and so a mass by less
    /// than 7·10⁻⁸ of them, however small it is.
    pub(super) const UNCERTAINTY: f32 = 1e-3;
    /// Momenta and energies, MeV; beyond, the uncertainty would be larger.
    const MAX_SIZE: f64 = 1e7;

    pub(super) fn new() -> Self {
        Self {
            z_masses: [[0.0; EVENTS]; 2],
            mass: [0.0; EVENTS],
            pt: [0.0; EVENTS],
            rapidity: [0.0; EVENTS],
            is_certain: [false; EVENTS],
            sums: Sums::new(),
            quick: QuickMomenta::default(),
            momenta: [const { Momenta::new() }; 4],
            masses: [[[0.0; EVENTS]; 2]; 3],
            pairings: Pairings::new(),
        }
    }

    /// Makes those of a block's events, with quick momenta and the reference's choice of pairs.
    pub(super) fn set(&mut self, block: &Block) {
        let [pt, eta, phi] =
            [&block.pt, &block.eta, &block.phi].map(|column| column.as_flattened());
        self.quick.set(pt, eta, phi);
        by_lepton(self.quick.components(), &block.energy, &mut self.momenta);

        let [first, second, third, fourth] = &self.momenta;
        let pairs = [
            [(first, second), (third, fourth)],
            [(first, third), (second, fourth)],
            [(first, fourth), (second, third)],
        ];
        for ((one, other), masses) in pairs
            .as_flattened()
            .iter()
            .zip(self.masses.as_flattened_mut())
        {
            pair_masses(one, other, masses);
        }
        pairing::last_pairings(&self.masses, &block.can_pair, &mut self.pairings);
        sums(&self.momenta, &mut self.sums);
        self.round();
    }

    /// Rounds as the reference does.
    fn round(&mut self) {
        let widen = |to: &mut Column<f64>, from: &Column<f32>| {
            for (to, &from) in to.iter_mut().zip(from) {
                *to = f64::from(from);
            }
        };
        for (to, from) in self.z_masses.iter_mut().zip(&self.pairings.masses) {
            widen(to, from);
        }
        widen(&mut self.mass, &self.sums.mass);
        widen(&mut self.pt, &self.sums.pt);
        for (to, from) in self.rapidity.iter_mut().zip(&self.sums.rapidity_ratio) {
            *to = f64::from(single(0.5 * from.ln()));
        }
        let known = self.pairings.margin.iter().zip(&self.sums.size);
        for (is_certain, (&margin, &size)) in self.is_certain.iter_mut().zip(known) {
            *is_certain = (margin > 2.0 * Self::UNCERTAINTY) & (size < Self::MAX_SIZE);
        }
    }

    /// Puts an exact system in the place of one.
    pub(super) fn replace(&mut self, event: usize, system: &System) {
        let [z1_mass, z2_mass] = &mut self.z_masses;
        for (column, value) in [
            (z1_mass, system.z_masses.0),
            (z2_mass, system.z_masses.1),
            (&mut self.mass, system.mass),
            (&mut self.pt, system.pt),
            (&mut self.rapidity, system.rapidity),
        ] {
            if let Some(held) = column.get_mut(event) {
                *held = value.into();
            }
        }
    }
}

/// The momenta of one lepton of each event, MeV.
#[derive(Debug)]
struct Momenta {
    px: Column<f64>,
    py: Column<f64>,
    pz: Column<f64>,
    energy: Column<f64>,
}

impl Momenta {
    const fn new() -> Self {
        Self {
            px: [0.0; EVENTS],
            py: [0.0; EVENTS],
            pz: [0.0; EVENTS],
            energy: [0.0; EVENTS],
        }
    }
}

/// What is made of the sums of each event's momenta.
#[derive(Debug)]
struct Sums {
    /// GeV.
    mass: Column<f32>,
    /// GeV.
    pt: Column<f32>,
    /// Whose logarithm is twice the rapidity.
    rapidity_ratio: Column<f64>,
    /// The sizes of all components, MeV.
    size: Column<f64>,
}

impl Sums {
    fn new() -> Self {
        Self {
            mass: [0.0; EVENTS],
            pt: [0.0; EVENTS],
            rapidity_ratio: [0.0; EVENTS],
            size: [0.0; EVENTS],
        }
    }
}

/// Takes the four leptons of each event apart.
fn by_lepton([px, py, pz]: [&[f64]; 3], energy: &Column<[f32; 4]>, momenta: &mut [Momenta; 4]) {
    let [first, second, third, fourth] = momenta;
    macro_rules! take_apart {
        ($component:ident, $events:expr) => {
            let ones = first.$component.iter_mut().zip(&mut second.$component);
            let others = third.$component.iter_mut().zip(&mut fourth.$component);
            for (((one, two), (three, four)), event) in ones.zip(others).zip($events) {
                [*one, *two, *three, *four] = event.map(f64::from);
            }
        };
    }
    take_apart!(px, px.as_chunks::<4>().0);
    take_apart!(py, py.as_chunks::<4>().0);
    take_apart!(pz, pz.as_chunks::<4>().0);
    take_apart!(energy, energy);
}

/// The masses of pairs of leptons, GeV, as [`FourVector::mass`] of the sums.
#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
fn pair_masses(one: &Momenta, other: &Momenta, masses: &mut Column<f32>) {
    let px = one.px.iter().zip(&other.px);
    let py = one.py.iter().zip(&other.py);
    let pz = one.pz.iter().zip(&other.pz);
    let energy = one.energy.iter().zip(&other.energy);
    let momenta = px.zip(py).zip(pz).zip(energy);
    for (mass, (((px, py), pz), energy)) in masses.iter_mut().zip(momenta) {
        let (px, py, pz) = (px.0 + px.1, py.0 + py.1, pz.0 + pz.1);
        let energy = energy.0 + energy.1;
        *mass = single(mass_of(px, py, pz, energy) / 1000.0);
    }
}

/// [`FourVector::mass`] without a branch.
#[inline(always)]
fn mass_of(px: f64, py: f64, pz: f64, energy: f64) -> f64 {
    let squared = energy * energy - (px * px + py * py + pz * pz);
    let root = squared.abs().sqrt();
    if squared < 0.0 { -root } else { root }
}

#[multiversion(targets("x86_64+avx+avx2+bmi1+bmi2+fma"))]
fn sums(momenta: &[Momenta; 4], sums: &mut Sums) {
    let (mut px, mut py, mut pz, mut energy, mut size) = (
        [0.0; EVENTS],
        [0.0; EVENTS],
        [0.0; EVENTS],
        [0.0; EVENTS],
        [0.0; EVENTS],
    );
    for momenta in momenta {
        for (sum, component) in [
            (&mut px, &momenta.px),
            (&mut py, &momenta.py),
            (&mut pz, &momenta.pz),
            (&mut energy, &momenta.energy),
        ] {
            for ((sum, size), component) in sum.iter_mut().zip(&mut size).zip(component) {
                *sum += component;
                *size += component.abs();
            }
        }
    }
    let components = px.iter().zip(&py).zip(pz.iter().zip(&energy));
    let made = sums.mass.iter_mut().zip(&mut sums.pt);
    let made = made.zip(&mut sums.rapidity_ratio);
    for (((mass, pt), ratio), ((px, py), (pz, energy))) in made.zip(components) {
        *mass = single(mass_of(*px, *py, *pz, *energy) / 1000.0);
        *pt = single((px * px + py * py).sqrt() / 1000.0);
        *ratio = (energy + pz) / (energy - pz);
    }
    sums.size = size;
}
