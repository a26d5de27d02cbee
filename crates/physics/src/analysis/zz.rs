//! ZZ → four leptons.
//!
//! The selection of `ZZDiBosonAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`),
//! after ATLAS, Phys. Rev. Lett. 116 (2016) 101801.

mod pairing;
mod plots;

use self::pairing::{Pairing, pairing};
use self::plots::{Event, Plots};
use super::branches::SCALE_FACTORS;
use super::declare::declare;
use super::{ByEvent, Candidate, Candidates, FirstCuts, Tally, Wanted};
use crate::object::{FlavourCuts, Lepton, LeptonCuts, Leptons, exactly};

/// Electrons between barrel and end caps are taken as well.
const GOOD_LEPTON: LeptonCuts = LeptonCuts {
    electron: FlavourCuts {
        min_pt: 20_000.0,
        max_abs_eta: 2.47,
        excluded_abs_eta: None,
        max_d0_ratio: 5.0,
    },
    ..LeptonCuts::tight(20_000.0, 0.15)
};

/// Of one lepton at least, GeV.
const MIN_LEADING_PT: f64 = 25.0;

/// Both masses together lie closer to the Z's than this, GeV.
const MAX_DISTANCE_TO_Z: f32 = 50.0;

declare! {
    /// Four good leptons in two pairs at the Z's mass: ZZ → 4ℓ.
    ZzDiBoson: "ZZDiBoson" in FourLepton {
        all: "all events",
        leptons: "at least four leptons",
        trigger: "electron or muon trigger",
        good_leptons: "exactly four good leptons",
        charge: "no total charge",
        leading_pt: "a lepton with pT > 25 GeV",
        flavours: "4e, 4mu or 2e2mu",
        masses: "masses within 50 GeV of the Z's together",
    }
}

impl Cuts {
    fn first(&self) -> FirstCuts {
        FirstCuts::of(self.all)
            .at_least(self.leptons, 4, Leptons::COUNT)
            .lepton_trigger(self.trigger)
    }
}

impl ByEvent for ZzDiBoson {
    fn wanted(&self) -> Wanted {
        Wanted::leptons(&SCALE_FACTORS).good_leptons(GOOD_LEPTON)
    }

    fn select(&self, candidates: &Candidates<'_>, tally: &mut Tally<'_>) {
        candidates.each(tally, |event, tally| self.select_event(event, tally));
    }
}

impl ZzDiBoson {
    fn select_event(&self, candidate: Candidate<'_>, tally: &mut Tally<'_>) -> Option<()> {
        let good: [Lepton; 4] = exactly(candidate.good_leptons())?;
        tally.pass(self.cuts.good_leptons);

        let total_charge: i64 = good.iter().map(|lepton| i64::from(lepton.charge)).sum();
        tally.require(self.cuts.charge, total_charge == 0)?;
        let is_hard = |lepton: &Lepton| f64::from(lepton.pt) / 1000.0 > MIN_LEADING_PT;
        tally.require(self.cuts.leading_pt, good.iter().any(is_hard))?;

        let momenta = good.map(|lepton| lepton.momentum());
        let Pairing { masses, distance } = pairing(&good, &momenta, self.declared.corrections)?;
        tally.pass(self.cuts.flavours);
        tally.require(self.cuts.masses, distance < MAX_DISTANCE_TO_Z)?;

        let [p1, p2, p3, p4] = momenta;
        let event = Event {
            z_masses: masses,
            system: p1 + p2 + p3 + p4,
            leptons: good,
            momenta,
        };
        self.plots.fill(tally, &event);
        Some(())
    }
}
