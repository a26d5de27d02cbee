//! Selected events, gathered until it pays to work out what is plotted of them together.

use crate::analysis::could_be_from_z;
use crate::object::{Lepton, Leptons};

/// So many events are gathered: what is known of their leptons stays in the first cache.
pub(super) const EVENTS: usize = 64;

/// A value for each event.
pub(super) type Column<T> = [T; EVENTS];

/// An event with four good leptons, in the file's order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Event {
    pub(super) weight: f32,
    /// The number of good jets.
    pub(super) jets: u32,
    /// Where the leptons stand in the columns of the batch.
    pub(super) places: [u32; 4],
    pub(super) leptons: FourLeptons,
}

/// What four leptons are selected by and plotted with, in the file's order.
#[derive(Clone, Copy, Debug)]
pub(super) struct FourLeptons {
    /// Transverse momenta, MeV.
    pub(super) pt: [f32; 4],
    pub(super) eta: [f32; 4],
    pub(super) phi: [f32; 4],
    /// MeV.
    pub(super) energy: [f32; 4],
    pub(super) charge: [i32; 4],
    pub(super) flavour: [u32; 4],
}

impl FourLeptons {
    /// Whether the first could be from a Z with the second, third and fourth.
    #[inline(always)]
    pub(super) fn partners(&self) -> [bool; 3] {
        let ([c1, c2, c3, c4], [f1, f2, f3, f4]) = (self.charge, self.flavour);
        let lepton = |charge, flavour| Lepton {
            charge,
            flavour,
            ..Lepton::default()
        };
        partners(&[
            lepton(c1, f1),
            lepton(c2, f2),
            lepton(c3, f3),
            lepton(c4, f4),
        ])
    }
}

/// Selected events, column by column; behind the last of them stands what is of no use.
#[derive(Debug)]
pub(super) struct Block {
    events: usize,
    pub(super) weights: Column<f64>,
    pub(super) jets: Column<f64>,
    pub(super) places: Column<[u32; 4]>,
    /// Transverse momenta, MeV.
    pub(super) pt: Column<[f32; 4]>,
    pub(super) eta: Column<[f32; 4]>,
    pub(super) phi: Column<[f32; 4]>,
    /// MeV.
    pub(super) energy: Column<[f32; 4]>,
    pub(super) charge: Column<[i32; 4]>,
    pub(super) flavour: Column<[u32; 4]>,
    /// Whether the first lepton could be from a Z with the second, third and fourth.
    pub(super) can_pair: [Column<bool>; 3],
}

impl Block {
    pub(super) fn new() -> Self {
        Self {
            events: 0,
            weights: [0.0; EVENTS],
            jets: [0.0; EVENTS],
            places: [[0; 4]; EVENTS],
            pt: [[0.0; 4]; EVENTS],
            eta: [[0.0; 4]; EVENTS],
            phi: [[0.0; 4]; EVENTS],
            energy: [[0.0; 4]; EVENTS],
            charge: [[0; 4]; EVENTS],
            flavour: [[0; 4]; EVENTS],
            can_pair: [[false; EVENTS]; 3],
        }
    }

    /// Takes in an event if it is selected, without a branch that would be guessed wrong; tells
    /// whether it is time to fill and [`clear`](Self::clear).
    #[inline]
    pub(super) fn push(&mut self, event: &Event, is_selected: bool) -> bool {
        let at = self.events;
        let leptons = &event.leptons;
        set(&mut self.weights, at, event.weight.into());
        set(&mut self.jets, at, event.jets.into());
        set(&mut self.places, at, event.places);
        set(&mut self.pt, at, leptons.pt);
        set(&mut self.eta, at, leptons.eta);
        set(&mut self.phi, at, leptons.phi);
        set(&mut self.energy, at, leptons.energy);
        set(&mut self.charge, at, leptons.charge);
        set(&mut self.flavour, at, leptons.flavour);
        for (column, can_pair) in self.can_pair.iter_mut().zip(leptons.partners()) {
            set(column, at, can_pair);
        }
        self.events += usize::from(is_selected);
        self.events >= EVENTS
    }

    /// The number of events.
    pub(super) fn len(&self) -> usize {
        self.events
    }

    /// Forgets all events.
    pub(super) fn clear(&mut self) {
        self.events = 0;
    }
}

/// Whether the first lepton could be from a Z with the second, third and fourth.
#[inline(always)]
pub(super) fn partners(leptons: &[Lepton; 4]) -> [bool; 3] {
    let [first, second, third, fourth] = leptons;
    [second, third, fourth].map(|other| could_be_from_z(first, other))
}

#[inline(always)]
fn set<T>(column: &mut Column<T>, at: usize, value: T) {
    if let Some(held) = column.get_mut(at) {
        *held = value;
    }
}

/// The columns of the leptons that events are selected by and plotted with.
#[derive(Clone, Copy)]
pub(super) struct LeptonColumns<'a> {
    pt: &'a [f32],
    eta: &'a [f32],
    phi: &'a [f32],
    energy: &'a [f32],
    charge: &'a [i32],
    flavour: &'a [u32],
}

impl<'a> LeptonColumns<'a> {
    pub(super) fn of(leptons: &'a Leptons<'_>) -> Self {
        Self {
            pt: &leptons.pt,
            eta: &leptons.eta,
            phi: &leptons.phi,
            energy: &leptons.energy,
            charge: &leptons.charge,
            flavour: &leptons.flavour,
        }
    }

    /// The leptons at these places.
    #[inline(always)]
    pub(super) fn get(&self, places: [u32; 4]) -> FourLeptons {
        FourLeptons {
            pt: four(self.pt, places),
            eta: four(self.eta, places),
            phi: four(self.phi, places),
            energy: four(self.energy, places),
            charge: four(self.charge, places),
            flavour: four(self.flavour, places),
        }
    }
}

/// The values at these places: at once where they stand in a row, as they do where all leptons of an
/// event are good.
#[inline(always)]
fn four<T: Copy + Default>(column: &[T], places: [u32; 4]) -> [T; 4] {
    let [first, .., last] = places;
    let row = column
        .get(first as usize..)
        .and_then(|rest| rest.first_chunk());
    match row {
        Some(row) if last.wrapping_sub(first) == 3 => *row,
        _ => places.map(|place| column.get(place as usize).copied().unwrap_or_default()),
    }
}
