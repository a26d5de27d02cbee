//! W → ℓν.
//!
//! The selection of `WBosonAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`), after
//! ATLAS, Phys. Lett. B 759 (2016) 601.

mod plots;

use self::plots::{Event, Plots};
use super::branches::SCALE_FACTORS;
use super::declare::declare;
use super::{ByEvent, Candidate, Candidates, FirstCuts, LeptonicW, Tally, Wanted};
use crate::object::{Jet, LeptonCuts, Limit, exactly};

/// MeV.
const MIN_MISSING_ET: f32 = 30_000.0;

/// Hard and well isolated, against jets that look like leptons.
const GOOD_LEPTON: LeptonCuts = LeptonCuts::tight(35_000.0, 0.1);

/// MeV.
const MIN_TRANSVERSE_MASS: f32 = 60_000.0;

declare! {
    /// One good lepton and missing momentum: W → ℓν.
    WBoson: "WBoson" in OneLepton {
        all: "all events",
        missing_energy: "missing ET > 30 GeV",
        trigger: "electron or muon trigger",
        lepton: "exactly one good lepton",
        transverse_mass: "transverse mass > 60 GeV",
    }
}

impl Cuts {
    fn first(&self) -> FirstCuts {
        FirstCuts::of(self.all)
            .missing_et(self.missing_energy, MIN_MISSING_ET)
            .lepton_trigger(self.trigger)
    }
}

impl ByEvent for WBoson {
    fn wanted(&self) -> Wanted {
        let limit = Limit::of_refusals(self.declared.corrections);
        Wanted::leptons(&SCALE_FACTORS)
            .good_leptons(GOOD_LEPTON.with_track_limit(limit))
            .missing_momentum()
            .jets(&[Jet::PT, Jet::ETA])
    }

    fn select(&self, candidates: &Candidates<'_>, tally: &mut Tally<'_>) {
        candidates.each(tally, |event, tally| self.select_event(event, tally));
    }
}

impl WBoson {
    fn select_event(&self, candidate: Candidate<'_>, tally: &mut Tally<'_>) -> Option<()> {
        let [lepton] = exactly(candidate.good_leptons())?;
        tally.pass(self.cuts.lepton);

        let w = LeptonicW::of(lepton, candidate.missing());
        let is_heavy = w.transverse_mass > MIN_TRANSVERSE_MASS;
        tally.require(self.cuts.transverse_mass, is_heavy)?;

        let event = Event {
            w,
            jets: candidate.jet_count(),
            leading_jet: candidate.jets().next(),
        };
        self.plots.fill(tally, &event);
        Some(())
    }
}
