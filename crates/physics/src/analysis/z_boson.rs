//! Z → ℓℓ.
//!
//! The selection of `ZBosonAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`), after
//! ATLAS, Phys. Lett. B 759 (2016) 601.

mod plots;

use self::plots::Plots;
use super::branches::{JET_COUNT, LEPTON_COUNT, LEPTON_TRIGGERS, SCALE_FACTORS};
use super::{
    Analysis, Output, Preselection, Z_MASS, at, has_opposite_charge, lepton_triggers, single,
};
use crate::cutflow::cuts;
use crate::object::{Lepton, LeptonCuts, Leptons, exactly};
use crate::schema::BranchSpec;
use crate::weight::MC_WEIGHT;
use crate::{Batch, Error, FinalState, FourVector, Sample, event_weights};

const GOOD_LEPTON: LeptonCuts = LeptonCuts::tight(25_000.0, 0.15);

/// The mass of the leptons lies closer to the Z's than this, GeV.
const MAX_DISTANCE_TO_Z: f64 = 25.0;

/// Two good leptons of one flavour and opposite charges, without jets: Z → ℓℓ.
#[derive(Debug)]
pub struct ZBoson {
    blank: Output,
    cuts: Cuts,
    plots: Plots,
}

cuts! {
    all: "all events",
    trigger: "electron or muon trigger",
    leptons: "exactly two good leptons",
    charge: "opposite charges",
    flavour: "one flavour",
    mass: "mass within 25 GeV of the Z's",
    jets: "no jets",
}

/// What is selected of an event.
struct Event {
    leptons: [Lepton; 2],
    /// MeV.
    momenta: [FourVector; 2],
    /// GeV.
    mass: f32,
}

impl ZBoson {
    /// The name of the analysis.
    pub const NAME: &'static str = "ZBoson";

    /// The analysis, ready to select.
    ///
    /// # Errors
    /// None in practice: the histograms can all be booked.
    pub fn new() -> Result<Self, Error> {
        let mut blank = Output::default();
        let plots = Plots::book(&mut blank)?;
        let cuts = Cuts::declare(&mut blank.cutflow);
        Ok(Self { blank, cuts, plots })
    }

    fn select_event(
        &self,
        leptons: impl Iterator<Item = Lepton>,
        jets: u32,
        output: &mut Output,
    ) -> Option<Event> {
        let good: [Lepton; 2] = exactly(leptons.filter(|lepton| GOOD_LEPTON.accept(lepton)))?;
        let cutflow = &mut output.cutflow;
        cutflow.pass(self.cuts.leptons, 1);

        let [first, second] = &good;
        let is_neutral = has_opposite_charge(first.charge, second.charge);
        cutflow.require(self.cuts.charge, is_neutral)?;
        cutflow.require(self.cuts.flavour, first.flavour == second.flavour)?;

        let momenta = good.map(|lepton| lepton.momentum());
        let [p1, p2] = momenta;
        let mass = single((p1 + p2).mass() / 1000.0);
        let distance = (f64::from(mass) - Z_MASS).abs();
        cutflow.require(self.cuts.mass, distance < MAX_DISTANCE_TO_Z)?;

        // The simulation describes events with many jets poorly, so that they are left out.
        cutflow.require(self.cuts.jets, jets == 0)?;
        Some(Event {
            leptons: good,
            momenta,
            mass,
        })
    }
}

impl Analysis for ZBoson {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn final_state(&self) -> FinalState {
        FinalState::TwoLepton
    }

    fn first_columns(&self) -> Vec<BranchSpec> {
        LEPTON_TRIGGERS.to_vec()
    }

    fn other_columns(&self) -> Vec<BranchSpec> {
        [
            &[MC_WEIGHT, LEPTON_COUNT, JET_COUNT],
            &SCALE_FACTORS[..],
            Lepton::BRANCHES,
            &[Lepton::IS_TIGHT],
        ]
        .concat()
    }

    fn output(&self) -> Output {
        self.blank.clone()
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
        let weights = event_weights(batch, &SCALE_FACTORS, sample)?;
        let lepton_counts = batch.fixed(LEPTON_COUNT.name)?;
        let leptons = Leptons::of(batch, &self.other_columns())?;
        let jet_counts = batch.fixed(JET_COUNT.name)?;

        for &entry in survivors {
            let all_leptons = leptons.event(entry, at(lepton_counts, entry))?;
            let jets = at(jet_counts, entry);
            if let Some(event) = self.select_event(all_leptons, jets, output) {
                let Event {
                    leptons,
                    momenta,
                    mass,
                } = event;
                self.plots
                    .fill(output, &leptons, &momenta, mass, at(&weights, entry));
            }
        }
        Ok(())
    }
}
