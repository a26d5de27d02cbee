//! Z → ℓℓ.
//!
//! The selection of `ZBosonAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`), after
//! ATLAS, Phys. Lett. B 759 (2016) 601.

mod plots;

use self::plots::{Event, Plots};
use super::branches::SCALE_FACTORS;
use super::declare::declare;
use super::{
    ByEvent, Candidate, Candidates, FirstCuts, NearMomentum, Tally, Wanted, Z_MASS,
    has_opposite_charge,
};
use crate::Correction;
use crate::object::{Jet, Lepton, LeptonCuts, MissingMomenta, exactly};

const GOOD_LEPTON: LeptonCuts = LeptonCuts::tight(25_000.0, 0.15);

/// The mass of the leptons lies closer to the Z's than this, GeV.
const MAX_DISTANCE_TO_Z: f64 = 25.0;

declare! {
    /// Two good leptons of one flavour and opposite charges, without jets: Z → ℓℓ.
    ZBoson: "ZBoson" in TwoLepton {
        all: "all events",
        trigger: "electron or muon trigger",
        leptons: "exactly two good leptons",
        charge: "opposite charges",
        flavour: "one flavour",
        mass: "mass within 25 GeV of the Z's",
        jets: "no jets",
    }
}

impl Cuts {
    fn first(&self) -> FirstCuts {
        FirstCuts::of(self.all).lepton_trigger(self.trigger)
    }
}

impl ByEvent for ZBoson {
    fn wanted(&self) -> Wanted {
        let wanted = Wanted::leptons(&SCALE_FACTORS)
            .good_leptons(GOOD_LEPTON)
            .good_momenta()
            .jets(&[]);
        match self.declared.corrects(Correction::NeverFilled) {
            true => wanted.with(&[MissingMomenta::ET, Jet::PT, Jet::ETA]),
            false => wanted,
        }
    }

    fn select(&self, candidates: &Candidates<'_>, tally: &mut Tally<'_>) {
        candidates.each(tally, |event, tally| self.select_event(event, tally));
    }
}

impl ZBoson {
    fn select_event(&self, candidate: Candidate<'_>, tally: &mut Tally<'_>) -> Option<()> {
        let good: [Lepton; 2] = exactly(candidate.good_leptons())?;
        tally.pass(self.cuts.leptons);

        let [first, second] = &good;
        let is_neutral = has_opposite_charge(first.charge, second.charge);
        tally.require(self.cuts.charge, is_neutral)?;
        tally.require(self.cuts.flavour, first.flavour == second.flavour)?;

        let [p1, p2] = candidate.good_momenta(&good);
        let mass = NearMomentum::mass_gev([&p1, &p2]);
        let distance = (f64::from(mass) - Z_MASS).abs();
        tally.require(self.cuts.mass, distance < MAX_DISTANCE_TO_Z)?;

        // The simulation describes events with many jets poorly, so that they are left out.
        let jets = candidate.jet_count();
        self.plots.fill_jets(tally, jets, candidate.jets().next());
        tally.require(self.cuts.jets, jets == 0)?;

        let event = Event {
            leptons: good,
            mass,
            missing_et: candidate.missing().et,
        };
        self.plots.fill(tally, &event);
        Some(())
    }
}
