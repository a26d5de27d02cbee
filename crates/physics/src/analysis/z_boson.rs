//! Z → ℓℓ.
//!
//! The selection of `ZBosonAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`), after
//! ATLAS, Phys. Lett. B 759 (2016) 601.

mod plots;

use self::plots::{Event, Plots};
use super::branches::{LEPTON_TRIGGERS, SCALE_FACTORS};
use super::declare::declare;
use super::{
    Analysis, Declared, Output, Preselection, Z_MASS, at, has_opposite_charge, lepton_triggers,
    single,
};
use crate::object::{Jet, Jets, Lepton, LeptonCuts, Leptons, MissingMomenta, exactly};
use crate::schema::BranchSpec;
use crate::weight::MC_WEIGHT;
use crate::{Batch, Correction, Cutflow, Error, Sample, event_weights};

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

impl ZBoson {
    fn select_event(
        &self,
        leptons: impl Iterator<Item = Lepton>,
        cutflow: &mut Cutflow,
    ) -> Option<Event> {
        let good: [Lepton; 2] = exactly(leptons)?;
        cutflow.pass(self.cuts.leptons);

        let [first, second] = &good;
        let is_neutral = has_opposite_charge(first.charge, second.charge);
        cutflow.require(self.cuts.charge, is_neutral)?;
        cutflow.require(self.cuts.flavour, first.flavour == second.flavour)?;

        let momenta = good.map(|lepton| lepton.momentum());
        let [p1, p2] = momenta;
        let mass = single((p1 + p2).mass() / 1000.0);
        let distance = (f64::from(mass) - Z_MASS).abs();
        cutflow.require(self.cuts.mass, distance < MAX_DISTANCE_TO_Z)?;
        Some(Event {
            leptons: good,
            momenta,
            mass,
        })
    }
}

impl Analysis for ZBoson {
    fn declared(&self) -> &Declared {
        &self.declared
    }

    fn first_columns(&self) -> Vec<BranchSpec> {
        LEPTON_TRIGGERS.to_vec()
    }

    fn other_columns(&self) -> Vec<BranchSpec> {
        let plotted: &[BranchSpec] = match self.declared.corrects(Correction::NeverFilled) {
            true => &[MissingMomenta::ET, Jet::PT, Jet::ETA],
            false => &[],
        };
        [
            &[MC_WEIGHT, Leptons::COUNT, Jets::COUNT],
            &SCALE_FACTORS[..],
            Lepton::BRANCHES,
            &[Lepton::IS_TIGHT],
            plotted,
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
        let columns = self.other_columns();
        let weights = event_weights(
            batch,
            survivors,
            &SCALE_FACTORS,
            sample,
            self.declared.corrections,
        )?;
        let leptons = Leptons::of(batch, &columns, survivors)?;
        let good_leptons = GOOD_LEPTON.among(&leptons, survivors);
        let jets = Jets::of(batch, &columns, survivors)?;
        let missing_et = match columns.contains(&MissingMomenta::ET) {
            true => batch.fixed(MissingMomenta::ET.name)?,
            false => &[],
        };
        let mut fills = output.histograms.gather();
        let cutflow = &mut output.cutflow;

        for (&entry, good_leptons) in survivors.iter().zip(good_leptons.events()) {
            let weight = weights.of(entry);
            cutflow.begin(weight);
            let all_leptons = leptons.at(good_leptons);
            let Some(event) = self.select_event(all_leptons, cutflow) else {
                continue;
            };
            let jet_count = jets.count(entry);
            let all_jets = jets.event(entry);
            self.plots
                .fill_jets(&mut fills, jet_count, all_jets, weight);

            // The simulation describes events with many jets poorly, so that they are left out.
            let passed = cutflow.require(self.cuts.jets, jet_count == 0);
            if passed.is_some() {
                self.plots.fill(&mut fills, &event, weight);
                let missing_et = at(missing_et, entry);
                self.plots.fill_missing(&mut fills, missing_et, weight);
            }
        }
        Ok(())
    }
}
