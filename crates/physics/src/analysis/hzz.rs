//! H → ZZ* → four leptons.
//!
//! The selection of `HZZAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`), after
//! ATLAS, JHEP 10 (2017) 132.

mod block;
mod pairing;
mod plots;

use rootlake_hist::Fills;

use self::block::{Block, Selected};
use self::pairing::{closest_pairing, last_pairing};
use self::plots::{Plots, System};
use super::branches::{LEPTON_TRIGGERS, SCALE_FACTORS};
use super::declare::declare;
use super::{Analysis, Declared, Output, Preselection, at, could_be_from_z, lepton_triggers};
use crate::object::{FlavourCuts, Jet, JetCuts, Jets, Lepton, LeptonCuts, Leptons, Limit};
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
        [&LEPTON_TRIGGERS[..], &[Leptons::COUNT]].concat()
    }

    fn other_columns(&self) -> Vec<BranchSpec> {
        [
            &[MC_WEIGHT],
            &SCALE_FACTORS[..],
            Lepton::BRANCHES,
            &[Jets::COUNT],
            &JET_COLUMNS,
        ]
        .concat()
    }

    fn preselect(&self, batch: &Batch, output: &mut Output) -> Result<Vec<usize>, Error> {
        let triggered = lepton_triggers(batch)?;
        let lepton_counts = batch.fixed::<u32>(Leptons::COUNT.name)?;
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
        let weights = event_weights(
            batch,
            survivors,
            &SCALE_FACTORS,
            sample,
            self.declared.corrections,
        )?;
        let leptons = Leptons::of(batch, Lepton::BRANCHES, survivors)?;
        let good_leptons = GOOD_LEPTON.among(&leptons, survivors);
        let jets = Jets::of(batch, &JET_COLUMNS, survivors)?;
        let mut fills = output.histograms.gather();
        let mut block = Block::default();

        for (&entry, good_leptons) in survivors.iter().zip(good_leptons.events()) {
            let weight = weights.of(entry);
            output.cutflow.begin(weight);
            if let Some(good) = self.select_leptons(&leptons, good_leptons, &mut output.cutflow)
                && block.push(Selected { entry, weight }, leptons.at(good))
            {
                self.fill(&mut block, &jets, &mut fills);
            }
        }
        self.fill(&mut block, &jets, &mut fills);
        Ok(())
    }
}

impl Hzz {
    /// The places of the four good leptons of an event that passes all cuts, in the file's order.
    fn select_leptons<'a>(
        &self,
        leptons: &Leptons<'_>,
        good: &'a [u32],
        cutflow: &mut Cutflow,
    ) -> Option<&'a [u32; 4]> {
        let good: &[u32; 4] = good.try_into().ok()?;
        cutflow.pass(self.cuts.good_leptons);

        // In the file's order, which is not sorted again: the first good lepton is the "leading".
        let mut leading = good.iter().zip(MIN_LEADING_PT);
        let is_hard = leading.all(|(&lepton, bound)| leptons.pt(lepton) > bound);
        cutflow.require(self.cuts.leading_pt, is_hard)?;

        let charges = good.map(|lepton| i64::from(leptons.charge(lepton)));
        let is_neutral = charges.iter().sum::<i64>() == 0;
        cutflow.require(self.cuts.charge, is_neutral)?;

        // 11 for each electron, 13 for each muon: 4e, 2e2mu, 4mu.
        let flavours: u32 = good.iter().map(|&lepton| leptons.flavour(lepton)).sum();
        let is_wanted = [44, 48, 52].contains(&flavours) && self.can_pair(leptons, good);
        cutflow.require(self.cuts.flavours, is_wanted)?;
        Some(good)
    }

    /// Whether the leptons can be paired, which the reference takes for granted.
    fn can_pair(&self, leptons: &Leptons<'_>, good: &[u32; 4]) -> bool {
        let [first, others @ ..] = good.map(|lepton| leptons.get(lepton));
        !self.declared.corrects(Correction::LastPairing)
            || others.iter().any(|other| could_be_from_z(&first, other))
    }

    /// Fills the histograms with the events of a block, and empties it.
    fn fill(&self, block: &mut Block, jets: &Jets<'_>, fills: &mut Fills<'_>) {
        for (event, leptons, momenta) in block.events() {
            let system = self.system(leptons, &momenta, fills);
            let good_jets = jets.event(event.entry).filter(|jet| GOOD_JET.accept(jet));
            let good_jets = good_jets.map(|_| 1).sum();
            self.plots.fill(fills, &system, good_jets, event.weight);
        }
        self.plots.fill_leptons(fills, block.leptons());
        block.clear();
    }

    /// What is plotted of the leptons together. Quick momenta serve where their last bits decide
    /// neither the pairing nor a bin; elsewhere the exact ones are made.
    fn system(&self, leptons: &[Lepton; 4], quick: &[FourVector; 4], fills: &Fills<'_>) -> System {
        /// GeV, and in rapidity. Rounding changes a squared mass by less than 5·10⁻¹⁵ of the squared
        /// momenta and energies, and so a mass by less than 7·10⁻⁸ of them, however small it is.
        const UNCERTAINTY: f32 = 1e-3;
        /// MeV: beyond, the uncertainty would be larger.
        const MAX_SIZE: f64 = 1e7;

        let size = |p: &FourVector| p.px.abs() + p.py.abs() + p.pz.abs() + p.energy.abs();
        let made_of = |momenta: &[FourVector; 4]| {
            let [p1, p2, p3, p4] = *momenta;
            let sum = p1 + p2 + p3 + p4;
            let pairing = match self.declared.corrects(Correction::LastPairing) {
                true => closest_pairing(leptons, momenta).unwrap_or_default(),
                false => last_pairing(leptons, momenta),
            };
            let size: f64 = momenta.iter().map(size).sum();
            let is_certain = pairing.margin > 2.0 * UNCERTAINTY && size < MAX_SIZE;
            (System::new(pairing.masses, &sum), is_certain)
        };
        let (system, is_certain) = made_of(quick);
        let distance = f64::from(UNCERTAINTY);
        if is_certain && self.plots.are_clear_of_edges(fills, &system, distance) {
            return system;
        }
        made_of(&leptons.map(|lepton| lepton.momentum())).0
    }
}
