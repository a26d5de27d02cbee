//! Selected events, gathered until it pays to make their momenta together.

use super::plots::{LeptonColumn, set};
use crate::object::Lepton;
use crate::{FourVector, QuickMomenta};

/// So many events are gathered: what is known of their leptons stays in the first cache.
const EVENTS: usize = 64;

/// An event with four good leptons.
#[derive(Clone, Copy, Debug)]
pub(super) struct Selected {
    /// Counted from the batch's first.
    pub(super) entry: usize,
    pub(super) weight: f32,
}

/// Selected events and their leptons, four of each in the file's order.
#[derive(Debug, Default)]
pub(super) struct Block {
    events: Vec<Selected>,
    column: LeptonColumn,
    /// Transverse momenta (MeV), pseudorapidities and azimuths.
    coordinates: [Vec<f32>; 3],
    momenta: QuickMomenta,
}

impl Block {
    /// Takes in an event with its leptons; tells whether it is time to fill and
    /// [`clear`](Self::clear).
    pub(super) fn push(&mut self, event: Selected, leptons: impl Iterator<Item = Lepton>) -> bool {
        self.events.push(event);
        self.column.leptons.extend(leptons);
        self.column.weights.extend([f64::from(event.weight); 4]);
        self.events.len() >= EVENTS
    }

    /// Makes the momenta; then gives the events with their leptons and quick momenta, MeV.
    pub(super) fn events(
        &mut self,
    ) -> impl Iterator<Item = (Selected, &[Lepton; 4], [FourVector; 4])> {
        let [pt, eta, phi] = &mut self.coordinates;
        set(pt, &self.column.leptons, |lepton| lepton.pt);
        set(eta, &self.column.leptons, |lepton| lepton.eta);
        set(phi, &self.column.leptons, |lepton| lepton.phi);
        self.momenta.set(pt, eta, phi);
        let (leptons, _) = self.column.leptons.as_chunks::<4>();
        let events = self.events.iter().zip(leptons).zip((0..).step_by(4));
        events.map(|((&event, leptons), first)| {
            let mut place = first..;
            let momenta = leptons.map(|lepton| {
                let energy = f64::from(lepton.energy);
                self.momenta.get(place.next().unwrap_or_default(), energy)
            });
            (event, leptons, momenta)
        })
    }

    /// The leptons of all events.
    pub(super) fn leptons(&mut self) -> &mut LeptonColumn {
        &mut self.column
    }

    /// Forgets all events.
    pub(super) fn clear(&mut self) {
        self.events.clear();
        self.column.leptons.clear();
        self.column.weights.clear();
    }
}
