//! ZZ → four leptons.
//!
//! The selection of `ZZDiBosonAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`),
//! after ATLAS, Phys. Rev. Lett. 116 (2016) 101801.

mod pairing;
mod plots;

use self::pairing::{Pairing, pairing};
use self::plots::{Event, Plots};
use super::branches::{LEPTON_TRIGGERS, SCALE_FACTORS};
use super::declare::declare;
use super::{Analysis, Declared, Output, Preselection, at, lepton_triggers};
use crate::object::{FlavourCuts, Lepton, LeptonCuts, Leptons, exactly};
use crate::schema::BranchSpec;
use crate::weight::MC_WEIGHT;
use crate::{Batch, Cutflow, Error, Sample, event_weights};

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

impl ZzDiBoson {
    fn select_event(
        &self,
        leptons: impl Iterator<Item = Lepton>,
        cutflow: &mut Cutflow,
    ) -> Option<Event> {
        let good: [Lepton; 4] = exactly(leptons)?;
        cutflow.pass(self.cuts.good_leptons);

        let total_charge: i64 = good.iter().map(|lepton| i64::from(lepton.charge)).sum();
        cutflow.require(self.cuts.charge, total_charge == 0)?;
        let is_hard = |lepton: &Lepton| f64::from(lepton.pt) / 1000.0 > MIN_LEADING_PT;
        cutflow.require(self.cuts.leading_pt, good.iter().any(is_hard))?;

        let momenta = good.map(|lepton| lepton.momentum());
        let Pairing { masses, distance } = pairing(&good, &momenta, self.declared.corrections)?;
        cutflow.pass(self.cuts.flavours);
        cutflow.require(self.cuts.masses, distance < MAX_DISTANCE_TO_Z)?;

        let [p1, p2, p3, p4] = momenta;
        Some(Event {
            z_masses: masses,
            system: p1 + p2 + p3 + p4,
            leptons: good,
            momenta,
        })
    }
}

impl Analysis for ZzDiBoson {
    fn declared(&self) -> &Declared {
        &self.declared
    }

    fn first_columns(&self) -> Vec<BranchSpec> {
        [&[Leptons::COUNT], &LEPTON_TRIGGERS[..]].concat()
    }

    fn other_columns(&self) -> Vec<BranchSpec> {
        [
            &[MC_WEIGHT],
            &SCALE_FACTORS[..],
            Lepton::BRANCHES,
            &[Lepton::IS_TIGHT],
        ]
        .concat()
    }

    fn preselect(&self, batch: &Batch, output: &mut Output) -> Result<Vec<usize>, Error> {
        let lepton_counts = batch.fixed::<u32>(Leptons::COUNT.name)?;
        let triggered = lepton_triggers(batch)?;
        let passing = Preselection::of(batch, self.cuts.all, output)
            .cut(self.cuts.leptons, |entry| at(lepton_counts, entry) >= 4)
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
        let weights = event_weights(
            batch,
            survivors,
            &SCALE_FACTORS,
            sample,
            self.declared.corrections,
        )?;
        let leptons = Leptons::of(batch, &self.other_columns(), survivors)?;
        let good_leptons = GOOD_LEPTON.among(&leptons, survivors);
        let mut fills = output.histograms.gather();
        let cutflow = &mut output.cutflow;

        for (&entry, good_leptons) in survivors.iter().zip(good_leptons.events()) {
            let weight = weights.of(entry);
            cutflow.begin(weight);
            let leptons = leptons.at(good_leptons);
            if let Some(event) = self.select_event(leptons, cutflow) {
                self.plots.fill(&mut fills, &event, weight);
            }
        }
        Ok(())
    }
}
