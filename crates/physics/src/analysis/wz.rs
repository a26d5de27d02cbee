//! WZ → ℓν ℓℓ.
//!
//! The selection of `WZDiBosonAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`),
//! after ATLAS, Phys. Lett. B 762 (2016) 1.

mod pairing;
mod plots;

use self::pairing::{Assignment, assign};
use self::plots::{Event, Plots};
use super::branches::SCALE_FACTORS;
use super::declare::declare;
use super::near::transverse_mass_single;
use super::{ByEvent, Candidate, Candidates, FirstCuts, NearMomentum, Tally, Wanted};
use crate::object::{Lepton, LeptonCuts, exactly};

const GOOD_LEPTON: LeptonCuts = LeptonCuts::tight(20_000.0, 0.15);

/// The mass of the pair from the Z lies closer to the Z's than this, GeV.
const MAX_DISTANCE_TO_Z: f32 = 10.0;

/// MeV.
const MIN_TRANSVERSE_MASS: f32 = 30_000.0;
/// MeV.
const MIN_MISSING_ET: f32 = 30_000.0;

/// Of one lepton at least, GeV.
const MIN_LEADING_PT: f64 = 25.0;

declare! {
    /// Three good leptons, two of them from a Z, and missing momentum: WZ → ℓν ℓℓ.
    WzDiBoson: "WZDiBoson" in ThreeLepton {
        all: "all events",
        trigger: "electron or muon trigger",
        leptons: "exactly three good leptons",
        pair: "a pair from a Z",
        mass: "mass of the pair within 10 GeV of the Z's",
        transverse_mass: "transverse mass > 30 GeV",
        missing_energy: "missing ET > 30 GeV",
        leading_pt: "a lepton with pT > 25 GeV",
    }
}

impl Cuts {
    fn first(&self) -> FirstCuts {
        FirstCuts::of(self.all).lepton_trigger(self.trigger)
    }
}

impl ByEvent for WzDiBoson {
    fn wanted(&self) -> Wanted {
        Wanted::leptons(&SCALE_FACTORS)
            .good_leptons(GOOD_LEPTON)
            .good_momenta()
            .missing_momentum()
    }

    fn select(&self, candidates: &Candidates<'_>, tally: &mut Tally<'_>) {
        candidates.each(tally, |event, tally| self.select_event(event, tally));
    }
}

impl WzDiBoson {
    fn select_event(&self, candidate: Candidate<'_>, tally: &mut Tally<'_>) -> Option<()> {
        let good: [Lepton; 3] = exactly(candidate.good_leptons())?;
        tally.pass(self.cuts.leptons);

        let momenta = candidate.good_momenta(&good);
        let Assignment {
            pair,
            mass,
            distance,
            other,
        } = assign(&good, &momenta, self.declared.corrections)?;
        tally.pass(self.cuts.pair);
        tally.require(self.cuts.mass, distance < MAX_DISTANCE_TO_Z)?;

        let missing = candidate.missing();
        let transverse_mass = transverse_mass_single(&other, &missing);
        let is_heavy = transverse_mass > MIN_TRANSVERSE_MASS;
        tally.require(self.cuts.transverse_mass, is_heavy)?;
        tally.require(self.cuts.missing_energy, missing.et > MIN_MISSING_ET)?;
        let is_hard = |lepton: &Lepton| f64::from(lepton.pt) / 1000.0 > MIN_LEADING_PT;
        tally.require(self.cuts.leading_pt, good.iter().any(is_hard))?;

        let event = Event {
            leptons: good,
            mass,
            pair_pt: NearMomentum::pt_gev(pair.each_ref()),
            missing_et: missing.et,
            transverse_mass,
        };
        self.plots.fill(tally, &event);
        Some(())
    }
}
