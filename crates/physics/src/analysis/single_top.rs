//! One top quark: t → ℓνb with a light quark forward.
//!
//! The selection of `SingleTopAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`),
//! after ATLAS, JHEP 04 (2017) 086 and 124.

mod plots;

use self::plots::{Event, Plots};
use super::branches::B_TAG_SCALE_FACTORS;
use super::declare::declare;
use super::{ByEvent, Candidate, Candidates, FirstCuts, LeptonicW, Tally, Wanted, single};
use crate::object::{B_TAG_70, Jet, JetCuts, LeptonCuts, Limit, exactly};

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

impl Cuts {
    fn first(&self) -> FirstCuts {
        FirstCuts::of(self.all)
            .missing_et(self.missing_energy, MIN_MISSING_ET)
            .lepton_trigger(self.trigger)
    }
}

impl ByEvent for SingleTop {
    fn wanted(&self) -> Wanted {
        let limit = Limit::of_refusals(self.declared.corrections);
        Wanted::leptons(&B_TAG_SCALE_FACTORS)
            .good_leptons(GOOD_LEPTON.with_track_limit(limit))
            .missing_momentum()
            .jets(Jet::TAGGED_BRANCHES)
    }

    fn select(&self, candidates: &Candidates<'_>, tally: &mut Tally<'_>) {
        candidates.each(tally, |event, tally| self.select_event(event, tally));
    }
}

impl SingleTop {
    fn select_event(&self, candidate: Candidate<'_>, tally: &mut Tally<'_>) -> Option<()> {
        let [lepton] = exactly(candidate.good_leptons())?;
        tally.pass(self.cuts.lepton);

        let w = LeptonicW::of(lepton, candidate.missing());
        let is_heavy = w.transverse_mass > MIN_TRANSVERSE_MASS;
        tally.require(self.cuts.transverse_mass, is_heavy)?;

        let good_jets = candidate.jets().filter(|jet| GOOD_JET.accept(jet));
        let good: [Jet; 2] = exactly(good_jets)?;
        tally.pass(self.cuts.jets);
        let [first, second] = good;
        let (tagged, untagged) = match good.map(|jet| jet.is_b_tagged(B_TAG_70)) {
            [true, false] => (first, second),
            [false, true] => (second, first),
            _ => return None,
        };
        tally.pass(self.cuts.b_jet);

        let is_forward = f64::from(untagged.eta.abs()) > MIN_ABS_ETA_OF_UNTAGGED;
        tally.require(self.cuts.forward, is_forward)?;
        let delta_eta = (untagged.eta - tagged.eta).abs();
        let is_apart = f64::from(delta_eta) > MIN_DELTA_ETA;
        tally.require(self.cuts.delta_eta, is_apart)?;

        let [untagged_pt, tagged_pt, missing_et] =
            [untagged.pt, tagged.pt, w.missing.et].map(|pt| f64::from(pt) / 1000.0);
        let scalar_sum =
            single(w.lepton.pt_of_components() / 1000.0 + untagged_pt + tagged_pt + missing_et);
        tally.require(self.cuts.scalar_sum, scalar_sum > MIN_SCALAR_SUM)?;

        let lepton_b_mass = single((tagged.momentum() + w.lepton.momentum()).mass() / 1000.0);
        let is_light = lepton_b_mass < MAX_LEPTON_B_MASS;
        tally.require(self.cuts.lepton_b_mass, is_light)?;

        let event = Event {
            w,
            untagged,
            tagged,
            delta_eta,
            scalar_sum,
            lepton_b_mass,
        };
        self.plots.fill(tally, &event);
        Some(())
    }
}
