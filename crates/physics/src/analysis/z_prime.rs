//! Z' → tt̄ with top quarks so fast that one is a single jet.
//!
//! The selection of `ZPrimeBoostedAnalysis.C` of the ATLAS outreach framework (tag
//! `10fb-legacy`), after ATLAS, Eur. Phys. J. C 78 (2018) 565 and JHEP 11 (2017) 191.

mod plots;
mod top;

use self::plots::{Event, Plots};
use self::top::only_top;
use super::branches::{B_TAG_SCALE_FACTORS, EVENT_NUMBER, LEPTON_TRIGGERS};
use super::declare::declare;
use super::smearing::Smearing;
use super::{Analysis, Declared, Output, Preselection, at, lepton_triggers, single};
use crate::object::{
    B_TAG_70, Jet, JetCuts, Jets, LargeRJet, LargeRJetCuts, LargeRJets, Lepton, LeptonCuts,
    Leptons, MissingMomenta, MissingMomentum, exactly, transverse_mass,
};
use crate::schema::BranchSpec;
use crate::weight::MC_WEIGHT;
use crate::{Batch, Correction, Cutflow, Error, FourVector, Sample, event_weights};

/// MeV.
const MIN_MISSING_ET: f64 = 20_000.0;

const GOOD_LEPTON: LeptonCuts = LeptonCuts::tight(30_000.0, 0.15);
const GOOD_JET: JetCuts = JetCuts::central(30_000.0);

/// The b-quark of the lepton's top quark goes along with the lepton, within this ΔR.
const MAX_DISTANCE_TO_LEPTON: f32 = 2.0;

/// Of missing ET and transverse mass together, MeV.
const MIN_MISSING_PLUS_MASS: f64 = 60_000.0;

/// Large-R jets that are plotted before top quarks are asked for.
const PLOTTED: LargeRJetCuts = LargeRJetCuts {
    min_mass: 50.0,
    min_pt: 250.0,
    max_pt: f64::INFINITY,
    max_abs_eta: 2.0,
};

/// A varied top quark is plotted above this transverse momentum, GeV.
const MIN_SMEARED_PT: f32 = 300.0;

declare! {
    /// A good lepton with a jet beside it and one top quark opposite: Z' → tt̄.
    ZPrimeBoosted: "ZPrimeBoosted" in LargeRJetLepton {
        all: "all events",
        large_r_jets: "at least one large-R jet",
        missing_energy: "missing ET > 20 GeV",
        trigger: "electron or muon trigger",
        lepton: "exactly one good lepton",
        transverse_mass: "missing ET + transverse mass > 60 GeV",
        b_jets: "at least one b-jet",
        near_jets: "a good jet near the lepton",
        top: "exactly one top quark among the large-R jets",
    }
}

/// The side of the top quark that decayed to a lepton.
#[derive(Clone, Copy, Debug, Default)]
struct Leptonic {
    lepton: Lepton,
    /// MeV.
    momentum: FourVector,
    /// MeV.
    missing_et: f32,
    /// Of the W, MeV.
    transverse_mass: f32,
    /// The number of good jets near the lepton.
    near_jets: u32,
    /// The first of them.
    jet: Jet,
    /// The number of good b-jets, anywhere.
    b_jets: u32,
    /// The first of them.
    b_jet: Jet,
}

impl ZPrimeBoosted {
    /// The lepton's side of an event, all cuts on it passed.
    fn select_leptonic(
        &self,
        leptons: impl Iterator<Item = Lepton>,
        good_jets: impl Iterator<Item = Jet>,
        missing: MissingMomentum,
        cutflow: &mut Cutflow,
    ) -> Option<Leptonic> {
        let [lepton] = exactly(leptons)?;
        cutflow.pass(self.cuts.lepton);

        let momentum = lepton.momentum();
        let transverse_mass = single(transverse_mass(&momentum, &missing.momentum()));
        let is_heavy = f64::from(missing.et + transverse_mass) > MIN_MISSING_PLUS_MASS;
        cutflow.require(self.cuts.transverse_mass, is_heavy)?;

        let mut leptonic = Leptonic {
            lepton,
            momentum,
            missing_et: missing.et,
            transverse_mass,
            ..Leptonic::default()
        };
        good_jets.for_each(|jet| leptonic.count(jet));
        cutflow.require(self.cuts.b_jets, leptonic.b_jets > 0)?;
        cutflow.require(self.cuts.near_jets, leptonic.near_jets > 0)?;
        Some(leptonic)
    }
}

impl Leptonic {
    /// Takes a good jet into the counts.
    fn count(&mut self, jet: Jet) {
        let is_near = jet.direction().is_near(
            MAX_DISTANCE_TO_LEPTON.into(),
            &self.lepton.direction(),
            || (self.momentum, jet.momentum()),
            |distance| single(distance) < MAX_DISTANCE_TO_LEPTON,
        );
        if is_near {
            if self.near_jets == 0 {
                self.jet = jet;
            }
            self.near_jets += 1;
        }
        if jet.is_b_tagged(B_TAG_70) {
            if self.b_jets == 0 {
                self.b_jet = jet;
            }
            self.b_jets += 1;
        }
    }

    /// The event with its hadronic top quark.
    fn with_top(self, top: LargeRJet, event_number: i32) -> Event {
        let pair_mass = || {
            let leptonic = self.jet.momentum() + self.momentum;
            (top.momentum() + leptonic).mass() / 1000.0
        };
        let [pt, sigma] = [top.pt, top.pt_syst].map(|pt| f64::from(pt) / 1000.0);
        let smeared = Smearing::of_event(event_number).vary(pt, sigma);
        Event {
            leptonic: self,
            top,
            smeared_top_pt: (smeared > MIN_SMEARED_PT).then_some(smeared),
            pair_mass: self.jet.is_b_tagged(B_TAG_70).then(pair_mass),
        }
    }
}

impl Analysis for ZPrimeBoosted {
    fn declared(&self) -> &Declared {
        &self.declared
    }

    fn first_columns(&self) -> Vec<BranchSpec> {
        [
            &[LargeRJets::COUNT, MissingMomenta::ET],
            &LEPTON_TRIGGERS[..],
        ]
        .concat()
    }

    fn other_columns(&self) -> Vec<BranchSpec> {
        [
            &[MC_WEIGHT, EVENT_NUMBER, MissingMomenta::PHI],
            &[Leptons::COUNT, Jets::COUNT][..],
            &B_TAG_SCALE_FACTORS,
            Lepton::BRANCHES,
            &[Lepton::IS_TIGHT],
            Jet::TAGGED_BRANCHES,
            LargeRJet::BRANCHES,
        ]
        .concat()
    }

    fn preselect(&self, batch: &Batch, output: &mut Output) -> Result<Vec<usize>, Error> {
        let large_r_jet_counts = batch.fixed::<u32>(LargeRJets::COUNT.name)?;
        let missing_et = batch.fixed::<f32>(MissingMomenta::ET.name)?;
        let triggered = lepton_triggers(batch)?;
        let passing = Preselection::of(batch, self.cuts.all, output)
            .cut(self.cuts.large_r_jets, |entry| {
                at(large_r_jet_counts, entry) >= 1
            })
            .cut(self.cuts.missing_energy, |entry| {
                f64::from(at(missing_et, entry)) > MIN_MISSING_ET
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
        let numbers = batch.fixed(EVENT_NUMBER.name)?;
        let missing = MissingMomenta::of(batch)?;
        let leptons = Leptons::of(batch, &columns, survivors)?;
        let good_leptons = GOOD_LEPTON.among(&leptons, survivors);
        let jets = Jets::of(batch, &columns, survivors)?;
        let good_jets = GOOD_JET.among(&jets, survivors);
        let large_r_jets = LargeRJets::of(batch, &columns, survivors)?;
        let mut fills = output.histograms.gather();
        let cutflow = &mut output.cutflow;

        let good_objects = good_leptons.events().zip(good_jets.events());
        for (&entry, (good_leptons, good_jets)) in survivors.iter().zip(good_objects) {
            let weight = weights.of(entry);
            cutflow.begin(weight);
            let leptons = leptons.at(good_leptons);
            let good_jets = || jets.at(good_jets);
            let missing = missing.event(entry);
            let Some(leptonic) = self.select_leptonic(leptons, good_jets(), missing, cutflow)
            else {
                continue;
            };
            let count = large_r_jets.count(entry);
            let all_large = || large_r_jets.event(entry);
            let plotted = match self.declared.corrects(Correction::EveryLargeRJet) {
                true => 1,
                false => usize::MAX,
            };
            let in_range = all_large().filter(|jet| PLOTTED.accept(jet));
            for jet in in_range.take(plotted) {
                self.plots.fill_large_r_jet(&mut fills, &jet, count, weight);
            }
            let Some(top) = only_top(all_large(), &leptonic, good_jets()) else {
                continue;
            };
            cutflow.pass(self.cuts.top);
            let event = leptonic.with_top(top, at(numbers, entry));
            self.plots.fill(&mut fills, &event, weight);
        }
        Ok(())
    }
}
