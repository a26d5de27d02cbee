//! One top quark: t → ℓνb with a light quark forward.
//!
//! The selection of `SingleTopAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`),
//! after ATLAS, JHEP 04 (2017) 086 and 124.

mod plots;

use self::plots::{Event, Plots};
use super::branches::{B_TAG_SCALE_FACTORS, LEPTON_TRIGGERS};
use super::declare::declare;
use super::{Analysis, Declared, Output, Preselection, at, lepton_triggers, single};
use crate::object::{
    B_TAG_70, Jet, JetCuts, Jets, Lepton, LeptonCuts, Leptons, Limit, MissingMomenta,
    MissingMomentum, exactly, transverse_mass,
};
use crate::schema::BranchSpec;
use crate::weight::MC_WEIGHT;
use crate::{Batch, Cutflow, Error, Sample, event_weights};

/// MeV.
const MIN_MISSING_ET: f32 = 30_000.0;

/// Hard and well isolated, against jets that look like leptons.
const GOOD_LEPTON: LeptonCuts = LeptonCuts::tight(35_000.0, 0.1);
const GOOD_JET: JetCuts = JetCuts::central(30_000.0);

/// MeV.
const MIN_TRANSVERSE_MASS: f32 = 60_000.0;

/// The light quark goes forward, beyond this |η|.
const MIN_ABS_ETA_OF_UNTAGGED: f64 = 1.5;

/// Between the two jets, against pairs of top quarks.
const MIN_DELTA_ETA: f64 = 1.5;

/// Of the scalar sum of the transverse momenta, GeV.
const MIN_SCALAR_SUM: f32 = 195.0;

/// Of the lepton and the b-jet, GeV.
const MAX_LEPTON_B_MASS: f32 = 150.0;

declare! {
    /// One good lepton, missing momentum, a b-jet and a jet forward: one top quark.
    SingleTop: "SingleTop" in OneLepton {
        all: "all events",
        missing_energy: "missing ET > 30 GeV",
        trigger: "electron or muon trigger",
        lepton: "exactly one good lepton",
        transverse_mass: "transverse mass > 60 GeV",
        jets: "exactly two good jets",
        b_jet: "exactly one b-jet",
        forward: "untagged jet beyond |eta| 1.5",
        delta_eta: "delta eta of the jets > 1.5",
        scalar_sum: "sum of pT and missing ET > 195 GeV",
        lepton_b_mass: "mass of lepton and b-jet < 150 GeV",
    }
}

impl SingleTop {
    fn select_event(
        &self,
        leptons: impl Iterator<Item = Lepton>,
        jets: impl Iterator<Item = Jet>,
        missing: MissingMomentum,
        cutflow: &mut Cutflow,
    ) -> Option<Event> {
        let [lepton] = exactly(leptons)?;
        cutflow.pass(self.cuts.lepton);

        let momentum = lepton.momentum();
        let transverse_mass = single(transverse_mass(&momentum, &missing.momentum()));
        let is_heavy = transverse_mass > MIN_TRANSVERSE_MASS;
        cutflow.require(self.cuts.transverse_mass, is_heavy)?;

        let good: [Jet; 2] = exactly(jets.filter(|jet| GOOD_JET.accept(jet)))?;
        cutflow.pass(self.cuts.jets);
        let [first, second] = good;
        let (tagged, untagged) = match good.map(|jet| jet.is_b_tagged(B_TAG_70)) {
            [true, false] => (first, second),
            [false, true] => (second, first),
            _ => return None,
        };
        cutflow.pass(self.cuts.b_jet);

        let is_forward = f64::from(untagged.eta.abs()) > MIN_ABS_ETA_OF_UNTAGGED;
        cutflow.require(self.cuts.forward, is_forward)?;
        let delta_eta = (untagged.eta - tagged.eta).abs();
        let is_apart = f64::from(delta_eta) > MIN_DELTA_ETA;
        cutflow.require(self.cuts.delta_eta, is_apart)?;

        let [untagged_pt, tagged_pt, missing_et] =
            [untagged.pt, tagged.pt, missing.et].map(|pt| f64::from(pt) / 1000.0);
        let scalar_sum = single(momentum.pt() / 1000.0 + untagged_pt + tagged_pt + missing_et);
        cutflow.require(self.cuts.scalar_sum, scalar_sum > MIN_SCALAR_SUM)?;

        let lepton_b_mass = single((tagged.momentum() + momentum).mass() / 1000.0);
        let is_light = lepton_b_mass < MAX_LEPTON_B_MASS;
        cutflow.require(self.cuts.lepton_b_mass, is_light)?;
        Some(Event {
            lepton,
            momentum,
            missing_et: missing.et,
            transverse_mass,
            untagged,
            tagged,
            delta_eta,
            scalar_sum,
            lepton_b_mass,
        })
    }
}

impl Analysis for SingleTop {
    fn declared(&self) -> &Declared {
        &self.declared
    }

    fn first_columns(&self) -> Vec<BranchSpec> {
        [&[MissingMomenta::ET], &LEPTON_TRIGGERS[..]].concat()
    }

    fn other_columns(&self) -> Vec<BranchSpec> {
        [
            &[MC_WEIGHT, MissingMomenta::PHI, Leptons::COUNT, Jets::COUNT],
            &B_TAG_SCALE_FACTORS[..],
            Lepton::BRANCHES,
            &[Lepton::IS_TIGHT],
            Jet::TAGGED_BRANCHES,
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
            &B_TAG_SCALE_FACTORS,
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
            let leptons = leptons.at(good_leptons);
            let jets = jets.event(entry);
            let selected = self.select_event(leptons, jets, missing.event(entry), cutflow);
            if let Some(event) = selected {
                self.plots.fill(&mut fills, &event, weight);
            }
        }
        Ok(())
    }
}
