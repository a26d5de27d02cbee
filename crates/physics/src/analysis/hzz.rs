//! H → ZZ* → four leptons.
//!
//! The selection of `HZZAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`), after
//! ATLAS, JHEP 10 (2017) 132.

mod block;
mod pairing;
mod plots;
mod system;

use rootlake_hist::Fills;

use self::block::{Block, Event, FourLeptons, LeptonColumns};
use self::pairing::{closest_pairing, last_pairing};
use self::plots::{LeptonValues, Plots};
use self::system::{System, Systems};
use super::branches::SCALE_FACTORS;
use super::declare::declare;
use super::{Analysis, FirstCuts, Output};
use crate::object::{FlavourCuts, Jet, JetCuts, Jets, Lepton, LeptonCuts, Leptons, Limit};
use crate::schema::BranchSpec;
use crate::weight::MC_WEIGHT;
use crate::{Batch, Correction, Cutflow, Error, Sample, event_weights};

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

impl Cuts {
    fn first(&self) -> FirstCuts {
        FirstCuts::of(self.all)
            .lepton_trigger(self.trigger)
            .at_least(self.leptons, 4, Leptons::COUNT)
    }
}

impl Analysis for Hzz {
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
        let good_jets = GOOD_JET.among(&jets, survivors);
        let mut filling = Filling {
            leptons: &leptons,
            fills: output.histograms.gather(),
            systems: Systems::new(),
            values: LeptonValues::new(),
        };
        let mut block = Block::new();
        let columns = LeptonColumns::of(&leptons);

        good_leptons.exactly::<4>(|number, places| {
            let entry = survivors.get(number).copied().unwrap_or_default();
            let event = Event {
                weight: weights.of(entry),
                jets: good_jets.count(number),
                places,
                leptons: columns.get(places),
            };
            output.cutflow.begin(event.weight);
            let is_selected = self.cut(&event.leptons, &mut output.cutflow);
            if block.push(&event, is_selected) {
                self.fill(&mut block, &mut filling);
            }
        });
        self.fill(&mut block, &mut filling);
        Ok(())
    }
}

/// What is needed besides events to fill histograms.
struct Filling<'a> {
    leptons: &'a Leptons<'a>,
    fills: Fills<'a>,
    systems: Systems,
    values: LeptonValues,
}

impl Hzz {
    /// Whether an event passes all cuts on its good leptons, four in the file's order. None ends
    /// the work on the event: more time is lost by guessing wrong than by going on.
    #[inline(always)]
    fn cut(&self, leptons: &FourLeptons, cutflow: &mut Cutflow) -> bool {
        cutflow.pass(self.cuts.good_leptons);

        // In the file's order, which is not sorted again: the first good lepton is the "leading".
        let leading = leptons.pt.iter().zip(MIN_LEADING_PT);
        let mut passes = leading.fold(true, |all, (&pt, bound)| all & (pt > bound));
        cutflow.pass_if(self.cuts.leading_pt, passes);

        let charges = leptons.charge.iter().copied().map(i64::from);
        passes &= charges.sum::<i64>() == 0;
        cutflow.pass_if(self.cuts.charge, passes);

        // 11 for each electron, 13 for each muon: 4e, 2e2mu, 4mu.
        let flavours: u32 = leptons.flavour.iter().sum();
        passes &= (flavours == 44) | (flavours == 48) | (flavours == 52);
        // That they can be paired the reference takes for granted.
        let [second, third, fourth] = leptons.partners();
        passes &= !self.declared.corrects(Correction::LastPairing) | second | third | fourth;
        cutflow.pass_if(self.cuts.flavours, passes);
        passes
    }

    /// Fills the histograms with the events of a block, and empties it.
    ///
    /// Quick momenta serve where their last bits decide neither the pairing nor a bin; elsewhere the
    /// exact ones are made.
    fn fill(&self, block: &mut Block, filling: &mut Filling<'_>) {
        let Filling {
            leptons,
            fills,
            systems,
            values,
        } = filling;
        systems.set(block);
        let mut are_certain = systems.is_certain;
        if self.declared.corrects(Correction::LastPairing) {
            // Another choice of pairs than that which was made.
            are_certain.fill(false);
        }
        let distance = f64::from(Systems::UNCERTAINTY);
        self.plots
            .keep_clear(fills, systems, distance, &mut are_certain);
        let events = block.places.iter().zip(&are_certain).take(block.len());
        for (event, (places, is_certain)) in events.enumerate() {
            if !is_certain {
                let leptons = places.map(|place| leptons.get(place));
                systems.replace(event, &self.exact_system(&leptons));
            }
        }
        self.plots.fill_systems(fills, block, systems);
        self.plots.fill_leptons(fills, block, leptons, values);
        block.clear();
    }

    /// What is plotted of the leptons together, with exact momenta.
    fn exact_system(&self, leptons: &[Lepton; 4]) -> System {
        let momenta = leptons.map(|lepton| lepton.momentum());
        let [p1, p2, p3, p4] = momenta;
        let z_masses = match self.declared.corrects(Correction::LastPairing) {
            true => closest_pairing(leptons, &momenta).unwrap_or_default(),
            false => last_pairing(leptons, &momenta),
        };
        System::new(z_masses, &(p1 + p2 + p3 + p4))
    }
}
