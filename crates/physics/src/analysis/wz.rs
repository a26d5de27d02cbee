//! WZ → ℓν ℓℓ.
//!
//! The selection of `WZDiBosonAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`),
//! after ATLAS, Phys. Lett. B 762 (2016) 1.

mod pairing;
mod plots;

use self::pairing::{Assignment, assign};
use self::plots::{Event, Plots};
use super::branches::{LEPTON_TRIGGERS, SCALE_FACTORS};
use super::declare::declare;
use super::{Analysis, Declared, Output, Preselection, lepton_triggers, single};
use crate::object::{
    Lepton, LeptonCuts, Leptons, MissingMomenta, MissingMomentum, exactly, transverse_mass,
};
use crate::schema::BranchSpec;
use crate::weight::MC_WEIGHT;
use crate::{Batch, Cutflow, Error, Sample, event_weights};

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

impl WzDiBoson {
    fn select_event(
        &self,
        leptons: impl Iterator<Item = Lepton>,
        missing: MissingMomentum,
        cutflow: &mut Cutflow,
    ) -> Option<Event> {
        let good: [Lepton; 3] = exactly(leptons)?;
        cutflow.pass(self.cuts.leptons);

        let momenta = good.map(|lepton| lepton.momentum());
        let Assignment {
            pair,
            mass,
            distance,
            other,
        } = assign(&good, &momenta, self.declared.corrections)?;
        cutflow.pass(self.cuts.pair);
        cutflow.require(self.cuts.mass, distance < MAX_DISTANCE_TO_Z)?;

        let transverse_mass = single(transverse_mass(&other, &missing.momentum()));
        let is_heavy = transverse_mass > MIN_TRANSVERSE_MASS;
        cutflow.require(self.cuts.transverse_mass, is_heavy)?;
        cutflow.require(self.cuts.missing_energy, missing.et > MIN_MISSING_ET)?;
        let is_hard = |lepton: &Lepton| f64::from(lepton.pt) / 1000.0 > MIN_LEADING_PT;
        cutflow.require(self.cuts.leading_pt, good.iter().any(is_hard))?;
        Some(Event {
            leptons: good,
            momenta,
            mass,
            pair_pt: single(pair.pt() / 1000.0),
            missing_et: missing.et,
            transverse_mass,
        })
    }
}

impl Analysis for WzDiBoson {
    fn declared(&self) -> &Declared {
        &self.declared
    }

    fn first_columns(&self) -> Vec<BranchSpec> {
        LEPTON_TRIGGERS.to_vec()
    }

    fn other_columns(&self) -> Vec<BranchSpec> {
        [
            &[MC_WEIGHT, Leptons::COUNT],
            &MissingMomenta::BRANCHES[..],
            &SCALE_FACTORS,
            Lepton::BRANCHES,
            &[Lepton::IS_TIGHT],
        ]
        .concat()
    }

    fn preselect(&self, batch: &Batch, output: &mut Output) -> Result<Vec<usize>, Error> {
        let triggered = lepton_triggers(batch)?;
        let passing =
            Preselection::of(batch, self.cuts.all, output).cut(self.cuts.trigger, triggered);
        Ok(passing.entries)
    }

    fn select(
        &self,
        batch: &Batch,
        survivors: &[usize],
        sample: &Sample,
        output: &mut Output,
    ) -> Result<(), Error> {
        let weights = event_weights(
            batch,
            survivors,
            &SCALE_FACTORS,
            sample,
            self.declared.corrections,
        )?;
        let missing = MissingMomenta::of(batch)?;
        let leptons = Leptons::of(batch, &self.other_columns(), survivors)?;
        let good_leptons = GOOD_LEPTON.among(&leptons, survivors);
        let mut fills = output.histograms.gather();
        let cutflow = &mut output.cutflow;

        for (&entry, good_leptons) in survivors.iter().zip(good_leptons.events()) {
            let weight = weights.of(entry);
            cutflow.begin(weight);
            let leptons = leptons.at(good_leptons);
            if let Some(event) = self.select_event(leptons, missing.event(entry), cutflow) {
                self.plots.fill(&mut fills, &event, weight);
            }
        }
        Ok(())
    }
}
