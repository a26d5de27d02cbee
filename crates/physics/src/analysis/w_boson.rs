//! W → ℓν.
//!
//! The selection of `WBosonAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`), after
//! ATLAS, Phys. Lett. B 759 (2016) 601.

mod plots;

use self::plots::{Event, Plots};
use super::branches::{LEPTON_TRIGGERS, SCALE_FACTORS};
use super::declare::declare;
use super::{Analysis, Declared, Output, Preselection, at, lepton_triggers, single};
use crate::object::{
    Jet, Jets, Lepton, LeptonCuts, Leptons, Limit, MissingMomenta, MissingMomentum, exactly,
    transverse_mass,
};
use crate::schema::BranchSpec;
use crate::weight::MC_WEIGHT;
use crate::{Batch, Cutflow, Error, Sample, event_weights};

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

impl WBoson {
    /// What is plotted of an event that passes all cuts, without its jets.
    fn select_event(
        &self,
        leptons: impl Iterator<Item = Lepton>,
        missing: MissingMomentum,
        cutflow: &mut Cutflow,
    ) -> Option<Event> {
        let [lepton] = exactly(leptons)?;
        cutflow.pass(self.cuts.lepton);

        let momentum = lepton.momentum();
        let transverse_mass = single(transverse_mass(&momentum, &missing.momentum()));
        let is_heavy = transverse_mass > MIN_TRANSVERSE_MASS;
        cutflow.require(self.cuts.transverse_mass, is_heavy)?;
        Some(Event {
            lepton,
            momentum,
            missing_et: missing.et,
            transverse_mass,
            jets: 0,
            leading_jet: None,
        })
    }
}

impl Analysis for WBoson {
    fn declared(&self) -> &Declared {
        &self.declared
    }

    fn first_columns(&self) -> Vec<BranchSpec> {
        [&[MissingMomenta::ET], &LEPTON_TRIGGERS[..]].concat()
    }

    fn other_columns(&self) -> Vec<BranchSpec> {
        [
            &[MC_WEIGHT, MissingMomenta::PHI, Leptons::COUNT, Jets::COUNT],
            &SCALE_FACTORS[..],
            Lepton::BRANCHES,
            &[Lepton::IS_TIGHT, Jet::PT, Jet::ETA],
        ]
        .concat()
    }

    fn preselect(&self, batch: &Batch, output: &mut Output) -> Result<Vec<usize>, Error> {
        let missing_et = batch.fixed::<f32>(MissingMomenta::ET.name)?;
        let triggered = lepton_triggers(batch)?;
        let passing = Preselection::of(batch, self.cuts.all, output)
            .cut(self.cuts.missing_energy, |entry| {
                at(missing_et, entry) > MIN_MISSING_ET
            })
            .cut(self.cuts.trigger, triggered);
        Ok(passing.entries)
    }

    fn select(
        &self,
        batch: &Batch,
        survivors: &[usize],
        sample: &Sample,
        output: &mut Output,
    ) -> Result<(), Error> {
        let columns = self.other_columns();
        let weights = event_weights(
            batch,
            survivors,
            &SCALE_FACTORS,
            sample,
            self.declared.corrections,
        )?;
        let missing = MissingMomenta::of(batch)?;
        let leptons = Leptons::of(batch, &columns, survivors)?;
        let limit = Limit::of_refusals(self.declared.corrections);
        let good_leptons = GOOD_LEPTON
            .with_track_limit(limit)
            .among(&leptons, survivors);
        let jets = Jets::of(batch, &columns, survivors)?;
        let mut fills = output.histograms.gather();
        let cutflow = &mut output.cutflow;

        for (&entry, good_leptons) in survivors.iter().zip(good_leptons.events()) {
            let weight = weights.of(entry);
            cutflow.begin(weight);
            let all_leptons = leptons.at(good_leptons);
            let Some(event) = self.select_event(all_leptons, missing.event(entry), cutflow) else {
                continue;
            };
            let jet_count = jets.count(entry);
            let event = Event {
                jets: jet_count,
                leading_jet: jets.event(entry).next(),
                ..event
            };
            self.plots.fill(&mut fills, &event, weight);
        }
        Ok(())
    }
}
