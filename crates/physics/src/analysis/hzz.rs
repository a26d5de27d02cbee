//! H → ZZ* → four leptons.
//!
//! The selection of `HZZAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`), after
//! ATLAS, JHEP 10 (2017) 132.

mod pairing;
mod plots;

use self::pairing::{closest_pairing, last_pairing};
use self::plots::{Event, Plots};
use super::branches::{JET_COUNT, LEPTON_COUNT, LEPTON_TRIGGERS, SCALE_FACTORS};
use super::declare::declare;
use super::{Analysis, Declared, Output, Preselection, at, lepton_triggers};
use crate::object::{FlavourCuts, Jet, JetCuts, Jets, Lepton, LeptonCuts, Leptons, Limit, exactly};
use crate::schema::BranchSpec;
use crate::weight::MC_WEIGHT;
use crate::{Batch, Correction, Cutflow, Error, FourVector, Sample, event_weights};

const GOOD_LEPTON: LeptonCuts = LeptonCuts {
    electron: FlavourCuts {
        min_pt: 7_000.0,
        max_abs_eta: 2.47,
        excluded_abs_eta: None,
        max_d0_ratio: 5.0,
    },
    muon: FlavourCuts {
        min_pt: 5_000.0,
        max_abs_eta: 2.5,
        excluded_abs_eta: None,
        max_d0_ratio: 3.0,
    },
    tight: false,
    max_relative_ptcone30: 0.3,
    max_relative_etcone20: 0.3,
    max_abs_z0_sin_theta: 0.5,
    track_limit: Limit::Exclusive,
};

/// Of the first three leptons in the file's order, MeV.
const MIN_LEADING_PT: [f32; 3] = [25_000.0, 15_000.0, 10_000.0];

/// The only properties of jets that are read.
const JET_COLUMNS: [BranchSpec; 2] = [Jet::PT, Jet::ETA];

const GOOD_JET: JetCuts = JetCuts {
    min_pt: 30_000.0,
    max_abs_eta: 4.4,
    refuse_pile_up: false,
};

declare! {
    /// Four good leptons of two flavours and no total charge: H → ZZ* → 4ℓ.
    Hzz: "HZZ" in FourLepton {
        all: "all events",
        trigger: "electron or muon trigger",
        leptons: "at least four leptons",
        good_leptons: "exactly four good leptons",
        leading_pt: "lepton pT > 25, 15, 10 GeV",
        charge: "no total charge",
        flavours: "4e, 4mu or 2e2mu",
    }
}

impl Analysis for Hzz {
    fn declared(&self) -> &Declared {
        &self.declared
    }

    fn first_columns(&self) -> Vec<BranchSpec> {
        [&LEPTON_TRIGGERS[..], &[LEPTON_COUNT]].concat()
    }

    fn other_columns(&self) -> Vec<BranchSpec> {
        [
            &[MC_WEIGHT],
            &SCALE_FACTORS[..],
            Lepton::BRANCHES,
            &[JET_COUNT],
            &JET_COLUMNS,
        ]
        .concat()
    }

    fn preselect(&self, batch: &Batch, output: &mut Output) -> Result<Vec<usize>, Error> {
        let triggered = lepton_triggers(batch)?;
        let lepton_counts = batch.fixed::<u32>(LEPTON_COUNT.name)?;
        let passing = Preselection::of(batch, self.cuts.all, output)
            .cut(self.cuts.trigger, triggered)
            .cut(self.cuts.leptons, |entry| at(lepton_counts, entry) >= 4);
        Ok(passing.entries)
    }

    fn select(
        &self,
        batch: &Batch,
        survivors: &[usize],
        sample: &Sample,
        output: &mut Output,
    ) -> Result<(), Error> {
        let weights = event_weights(batch, &SCALE_FACTORS, sample, self.declared.corrections)?;
        let lepton_counts = batch.fixed(LEPTON_COUNT.name)?;
        let leptons = Leptons::of(batch, Lepton::BRANCHES)?;
        let jet_counts = batch.fixed(JET_COUNT.name)?;
        let jets = Jets::of(batch, &JET_COLUMNS)?;
        let mut fills = output.histograms.gather();

        for &entry in survivors {
            let weight = at(&weights, entry);
            output.cutflow.begin(weight);
            let all_leptons = leptons.event(entry, at(lepton_counts, entry))?;
            let Some(leptons) = self.select_leptons(all_leptons, &mut output.cutflow) else {
                continue;
            };
            let momenta = leptons.map(|lepton| lepton.momentum());
            let Some(z_masses) = self.z_masses(&leptons, &momenta) else {
                continue;
            };
            output.cutflow.pass(self.cuts.flavours);
            let [p1, p2, p3, p4] = momenta;
            let all_jets = jets.event(entry, at(jet_counts, entry))?;
            let event = Event {
                z_masses,
                system: p1 + p2 + p3 + p4,
                leptons,
                momenta,
                jets: all_jets.filter(|jet| GOOD_JET.accept(jet)).map(|_| 1).sum(),
            };
            self.plots.fill(&mut fills, &event, weight);
        }
        Ok(())
    }
}

impl Hzz {
    /// The four good leptons of an event that passes all cuts but the last, in the file's order.
    fn select_leptons(
        &self,
        leptons: impl Iterator<Item = Lepton>,
        cutflow: &mut Cutflow,
    ) -> Option<[Lepton; 4]> {
        let good: [Lepton; 4] = exactly(leptons.filter(|lepton| GOOD_LEPTON.accept(lepton)))?;
        cutflow.pass(self.cuts.good_leptons);

        // In the file's order, which is not sorted again: the first good lepton is the "leading".
        let mut leading = good.iter().zip(MIN_LEADING_PT);
        let is_hard = leading.all(|(lepton, bound)| lepton.pt > bound);
        cutflow.require(self.cuts.leading_pt, is_hard)?;

        let total_charge: i64 = good.iter().map(|lepton| i64::from(lepton.charge)).sum();
        cutflow.require(self.cuts.charge, total_charge == 0)?;
        Some(good)
    }

    /// The masses of the pairs of leptons, GeV, if their flavours can make pairs.
    fn z_masses(&self, leptons: &[Lepton; 4], momenta: &[FourVector; 4]) -> Option<(f32, f32)> {
        // 11 for each electron, 13 for each muon: 4e, 2e2mu, 4mu.
        let flavours: u32 = leptons.iter().map(|lepton| lepton.flavour).sum();
        if ![44, 48, 52].contains(&flavours) {
            return None;
        }
        match self.declared.corrects(Correction::LastPairing) {
            true => closest_pairing(leptons, momenta),
            false => Some(last_pairing(leptons, momenta)),
        }
    }
}
