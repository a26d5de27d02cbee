//! H → WW* → eν μν.
//!
//! The selection of `HWWAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`), after
//! ATLAS, Phys. Lett. B 789 (2019) 508.

mod plots;

use std::f64::consts::FRAC_PI_2;

use self::plots::{Event, Plots, System};
use super::branches::{LEPTON_TRIGGERS, SCALE_FACTORS};
use super::declare::declare;
use super::{
    Analysis, Declared, Output, Preselection, azimuth_between, has_opposite_charge,
    lepton_triggers, single,
};
use crate::object::{
    B_TAG_85, Jet, JetCuts, Jets, Lepton, LeptonCuts, Leptons, MissingMomenta, MissingMomentum,
    exactly, transverse_mass,
};
use crate::schema::BranchSpec;
use crate::weight::MC_WEIGHT;
use crate::{Batch, Cutflow, Error, Sample, event_weights};

const GOOD_LEPTON: LeptonCuts = LeptonCuts::tight(15_000.0, 0.1);

/// Of the first lepton in the file's order, MeV.
const MIN_LEADING_PT: f32 = 22_000.0;

/// Jets are counted above 30 GeV, b-jets already above 20.
const GOOD_B_JET: JetCuts = JetCuts::central(20_000.0);
/// MeV.
const MIN_JET_PT: f64 = 30_000.0;

/// Against mesons and photons that decay to leptons, GeV.
const MIN_MASS: f32 = 10.0;
const MAX_JETS: u32 = 1;
/// GeV.
const MIN_MISSING_ET: f32 = 20.0;
/// GeV.
const MIN_PAIR_PT: f32 = 30.0;
/// The Higgs boson's spin makes the leptons go together, GeV.
const MAX_MASS: f32 = 55.0;
/// The same in azimuth.
const MAX_DELTA_PHI: f64 = 1.8;

declare! {
    /// An electron and a muon close together and missing momentum: H → WW* → eν μν.
    Hww: "HWW" in TwoLepton {
        all: "all events",
        trigger: "electron or muon trigger",
        leptons: "exactly two good leptons",
        leading_pt: "first lepton pT > 22 GeV",
        charge: "opposite charges",
        flavour: "different flavours",
        preselection: "mass > 10 GeV, at most one jet, missing ET > 20 GeV",
        opposite: "missing momentum opposite to the leptons",
        pair_pt: "pT of the leptons > 30 GeV",
        mass: "mass < 55 GeV",
        delta_phi: "delta phi of the leptons < 1.8",
        no_b_jet: "no b-jet",
    }
}

impl Hww {
    /// An electron and a muon of opposite charges, with all that is made of them.
    fn select_leptons(
        &self,
        leptons: impl Iterator<Item = Lepton>,
        jets: impl Iterator<Item = Jet>,
        missing: MissingMomentum,
        cutflow: &mut Cutflow,
    ) -> Option<Event> {
        let good: [Lepton; 2] = exactly(leptons)?;
        cutflow.pass(self.cuts.leptons);

        let [first, second] = &good;
        cutflow.require(self.cuts.leading_pt, first.pt > MIN_LEADING_PT)?;
        let is_neutral = has_opposite_charge(first.charge, second.charge);
        cutflow.require(self.cuts.charge, is_neutral)?;
        cutflow.require(self.cuts.flavour, first.flavour != second.flavour)?;

        let momenta = good.map(|lepton| lepton.momentum());
        let [p1, p2] = momenta;
        let (pair, missing_momentum) = (p1 + p2, missing.momentum());
        let pair_to_missing = single((pair.phi() - missing_momentum.phi()).abs());
        let mut system = System {
            mass: single(pair.mass() / 1000.0),
            pair_pt: single(pair.pt() / 1000.0),
            delta_phi: azimuth_between((first.phi - second.phi).abs()),
            pair_missing_delta_phi: azimuth_between(pair_to_missing),
            missing_et: single(f64::from(missing.et) / 1000.0),
            transverse_mass: single(transverse_mass(&pair, &missing_momentum) / 1000.0),
            jets: 0,
            b_jets: 0,
        };
        let mut leading_jet = None;
        for jet in jets.filter(|jet| GOOD_B_JET.accept(jet)) {
            system.b_jets += u32::from(jet.is_b_tagged(B_TAG_85));
            if f64::from(jet.pt) > MIN_JET_PT {
                system.jets += 1;
                leading_jet.get_or_insert(jet);
            }
        }
        Some(Event {
            leptons: good,
            momenta,
            system,
            leading_jet,
        })
    }

    /// The cuts on what is made of the leptons.
    fn select_system(&self, system: &System, cutflow: &mut Cutflow) -> Option<()> {
        let is_preselected =
            system.mass > MIN_MASS && system.jets <= MAX_JETS && system.missing_et > MIN_MISSING_ET;
        cutflow.require(self.cuts.preselection, is_preselected)?;
        let is_opposite = f64::from(system.pair_missing_delta_phi) > FRAC_PI_2;
        cutflow.require(self.cuts.opposite, is_opposite)?;
        cutflow.require(self.cuts.pair_pt, system.pair_pt > MIN_PAIR_PT)?;
        cutflow.require(self.cuts.mass, system.mass < MAX_MASS)?;
        let is_close = f64::from(system.delta_phi) < MAX_DELTA_PHI;
        cutflow.require(self.cuts.delta_phi, is_close)?;
        cutflow.require(self.cuts.no_b_jet, system.b_jets == 0)
    }
}

impl Analysis for Hww {
    fn declared(&self) -> &Declared {
        &self.declared
    }

    fn first_columns(&self) -> Vec<BranchSpec> {
        LEPTON_TRIGGERS.to_vec()
    }

    fn other_columns(&self) -> Vec<BranchSpec> {
        [
            &[MC_WEIGHT, Leptons::COUNT, Jets::COUNT],
            &MissingMomenta::BRANCHES[..],
            &SCALE_FACTORS,
            Lepton::BRANCHES,
            &[Lepton::IS_TIGHT],
            &[Jet::PT, Jet::ETA, Jet::JVT, Jet::MV2C10],
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
        let missing = MissingMomenta::of(batch)?;
        let leptons = Leptons::of(batch, &columns, survivors)?;
        let good_leptons = GOOD_LEPTON.among(&leptons, survivors);
        let jets = Jets::of(batch, &columns, survivors)?;
        let mut fills = output.histograms.gather();
        let cutflow = &mut output.cutflow;

        for (&entry, good_leptons) in survivors.iter().zip(good_leptons.events()) {
            let weight = weights.of(entry);
            cutflow.begin(weight);
            let leptons = leptons.at(good_leptons);
            let jets = jets.event(entry);
            let selected = self.select_leptons(leptons, jets, missing.event(entry), cutflow);
            let Some(event) = selected else { continue };
            self.plots
                .fill_before_cuts(&mut fills, &event.system, weight);
            if self.select_system(&event.system, cutflow).is_some() {
                self.plots.fill(&mut fills, &event, weight);
            }
        }
        Ok(())
    }
}
