//! H → ZZ* → four leptons.
//!
//! The selection of `HZZAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`), after
//! ATLAS, JHEP 10 (2017) 132.

mod pairing;
mod plots;

use rootlake_io::column::ScalarType::{Bool, F32, U32};

use self::pairing::closest_pairing;
use self::plots::{Event, Plots};
use super::{Analysis, Output, at, surviving};
use crate::object::{FlavourCuts, Jet, JetCuts, Jets, Lepton, LeptonCuts, Leptons, exactly};
use crate::schema::BranchSpec;
use crate::weight::MC_WEIGHT;
use crate::{Batch, CutHandle, Error, FinalState, Sample, event_weights};

const TRIGGERS: [BranchSpec; 2] = [
    BranchSpec::leaf("trigE", Bool, 'O'),
    BranchSpec::leaf("trigM", Bool, 'O'),
];
const LEPTON_COUNT: BranchSpec = BranchSpec::leaf("lep_n", U32, 'i');
const JET_COUNT: BranchSpec = BranchSpec::leaf("jet_n", U32, 'i');

/// In the order in which the reference multiplies them.
const SCALE_FACTORS: [BranchSpec; 4] = [
    BranchSpec::leaf("scaleFactor_ELE", F32, 'F'),
    BranchSpec::leaf("scaleFactor_MUON", F32, 'F'),
    BranchSpec::leaf("scaleFactor_LepTRIGGER", F32, 'F'),
    BranchSpec::leaf("scaleFactor_PILEUP", F32, 'F'),
];

const GOOD_LEPTON: LeptonCuts = LeptonCuts {
    electron: FlavourCuts {
        min_pt: 7_000.0,
        max_abs_eta: 2.47,
        max_d0_ratio: 5.0,
    },
    muon: FlavourCuts {
        min_pt: 5_000.0,
        max_abs_eta: 2.5,
        max_d0_ratio: 3.0,
    },
    max_relative_ptcone30: 0.3,
    max_relative_etcone20: 0.3,
    max_abs_z0_sin_theta: 0.5,
};

/// Of the first three leptons in the file's order, MeV.
const MIN_LEADING_PT: [f32; 3] = [25_000.0, 15_000.0, 10_000.0];

const GOOD_JET: JetCuts = JetCuts {
    min_pt: 30_000.0,
    max_abs_eta: 4.4,
};

/// Four good leptons of two flavours and no total charge: H → ZZ* → 4ℓ.
#[derive(Debug)]
pub struct Hzz {
    blank: Output,
    cuts: Cuts,
    plots: Plots,
}

#[derive(Debug)]
struct Cuts {
    all: CutHandle,
    trigger: CutHandle,
    leptons: CutHandle,
    good_leptons: CutHandle,
    leading_pt: CutHandle,
    charge: CutHandle,
    flavours: CutHandle,
}

impl Hzz {
    /// The name of the analysis.
    pub const NAME: &'static str = "HZZ";

    /// The analysis, ready to select.
    ///
    /// # Errors
    /// None in practice: the histograms can all be booked.
    pub fn new() -> Result<Self, Error> {
        let mut blank = Output::default();
        let plots = Plots::book(&mut blank)?;
        let cutflow = &mut blank.cutflow;
        let cuts = Cuts {
            all: cutflow.declare("all events"),
            trigger: cutflow.declare("electron or muon trigger"),
            leptons: cutflow.declare("at least four leptons"),
            good_leptons: cutflow.declare("exactly four good leptons"),
            leading_pt: cutflow.declare("lepton pT > 25, 15, 10 GeV"),
            charge: cutflow.declare("no total charge"),
            flavours: cutflow.declare("4e, 4mu or 2e2mu"),
        };
        Ok(Self { blank, cuts, plots })
    }
}

impl Analysis for Hzz {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn final_state(&self) -> FinalState {
        FinalState::FourLepton
    }

    fn first_columns(&self) -> Vec<BranchSpec> {
        [&TRIGGERS[..], &[LEPTON_COUNT]].concat()
    }

    fn other_columns(&self) -> Vec<BranchSpec> {
        [
            &[MC_WEIGHT],
            &SCALE_FACTORS[..],
            Lepton::BRANCHES,
            &[JET_COUNT],
            Jet::BRANCHES,
        ]
        .concat()
    }

    fn output(&self) -> Output {
        self.blank.clone()
    }

    fn preselect(&self, batch: &Batch, output: &mut Output) -> Result<Vec<usize>, Error> {
        let [electron, muon] = TRIGGERS.map(|branch| batch.fixed::<bool>(branch.name));
        let triggered = electron?
            .iter()
            .zip(muon?)
            .map(|(&electron, &muon)| electron || muon);
        let mut survivors = surviving(batch.entries(), triggered);
        output.cutflow.pass(self.cuts.all, batch.entries());
        output.cutflow.pass(self.cuts.trigger, survivors.len());

        let lepton_counts = batch.fixed::<u32>(LEPTON_COUNT.name)?;
        survivors.retain(|&entry| at(lepton_counts, entry) >= 4);
        output.cutflow.pass(self.cuts.leptons, survivors.len());
        Ok(survivors)
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
        let leptons = Leptons::of(batch)?;
        let jet_counts = batch.fixed(JET_COUNT.name)?;
        let jets = Jets::of(batch)?;

        for &entry in survivors {
            let all_leptons = leptons.event(entry, at(lepton_counts, entry))?;
            let Some(leptons) = self.select_leptons(all_leptons, output) else {
                continue;
            };
            let momenta = leptons.map(|lepton| lepton.momentum());
            let [p1, p2, p3, p4] = momenta;
            let all_jets = jets.event(entry, at(jet_counts, entry))?;
            let event = Event {
                z_masses: closest_pairing(&leptons, &momenta),
                system: p1 + p2 + p3 + p4,
                leptons,
                momenta,
                jets: all_jets.filter(|jet| GOOD_JET.accept(jet)).map(|_| 1).sum(),
            };
            self.plots.fill(output, &event, at(&weights, entry));
        }
        Ok(())
    }
}

impl Hzz {
    /// The four good leptons of an event that passes all cuts, in the file's order.
    fn select_leptons(
        &self,
        leptons: impl Iterator<Item = Lepton>,
        output: &mut Output,
    ) -> Option<[Lepton; 4]> {
        let good: [Lepton; 4] = exactly(leptons.filter(|lepton| GOOD_LEPTON.accept(lepton)))?;
        output.cutflow.pass(self.cuts.good_leptons, 1);

        // In the file's order, which is not sorted again: the first good lepton is the "leading".
        let hard = good
            .iter()
            .zip(MIN_LEADING_PT)
            .all(|(lepton, bound)| lepton.pt > bound);
        if !hard {
            return None;
        }
        output.cutflow.pass(self.cuts.leading_pt, 1);

        let total_charge: i64 = good.iter().map(|lepton| i64::from(lepton.charge)).sum();
        if total_charge != 0 {
            return None;
        }
        output.cutflow.pass(self.cuts.charge, 1);

        // 11 for each electron, 13 for each muon: 4e, 2e2mu, 4mu.
        let flavours: u32 = good.iter().map(|lepton| lepton.flavour).sum();
        if ![44, 48, 52].contains(&flavours) {
            return None;
        }
        output.cutflow.pass(self.cuts.flavours, 1);
        Some(good)
    }
}
