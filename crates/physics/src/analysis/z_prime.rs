//! Z' → tt̄ with top quarks so fast that one is a single jet.
//!
//! The selection of `ZPrimeBoostedAnalysis.C` of the ATLAS outreach framework (tag
//! `10fb-legacy`), after ATLAS, Eur. Phys. J. C 78 (2018) 565 and JHEP 11 (2017) 191.

mod plots;
mod top;

use self::plots::{Event, Plots};
use self::top::only_top;
use super::branches::{B_TAG_SCALE_FACTORS, EVENT_NUMBER};
use super::declare::declare;
use super::smearing::Smearing;
use super::{ByEvent, Candidate, Candidates, FirstCuts, LeptonicW, Tally, Wanted, single};
use crate::Correction;
use crate::object::{
    B_TAG_70, Jet, JetCuts, LargeRJet, LargeRJetCuts, LargeRJets, LeptonCuts, exactly,
};

/// MeV.
const MIN_MISSING_ET: f32 = 20_000.0;

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
    w: LeptonicW,
    /// The number of good jets near the lepton.
    near_jets: u32,
    /// The first of them.
    jet: Jet,
    /// The number of good b-jets, anywhere.
    b_jets: u32,
    /// The first of them.
    b_jet: Jet,
}

impl Cuts {
    fn first(&self) -> FirstCuts {
        FirstCuts::of(self.all)
            .at_least(self.large_r_jets, 1, LargeRJets::COUNT)
            .missing_et(self.missing_energy, MIN_MISSING_ET)
            .lepton_trigger(self.trigger)
    }
}

impl ByEvent for ZPrimeBoosted {
    fn wanted(&self) -> Wanted {
        Wanted::leptons(&B_TAG_SCALE_FACTORS)
            .good_leptons(GOOD_LEPTON)
            .missing_momentum()
            .jets(Jet::TAGGED_BRANCHES)
            .large_r_jets()
            .with(&[EVENT_NUMBER])
    }

    fn select(&self, candidates: &Candidates<'_>, tally: &mut Tally<'_>) {
        candidates.each(tally, |event, tally| self.select_event(event, tally));
    }
}

impl ZPrimeBoosted {
    fn select_event(&self, candidate: Candidate<'_>, tally: &mut Tally<'_>) -> Option<()> {
        let leptonic = self.select_leptonic(candidate, tally)?;

        let plotted = match self.declared.corrects(Correction::EveryLargeRJet) {
            true => 1,
            false => usize::MAX,
        };
        let count = candidate.large_r_jet_count();
        let in_range = candidate.large_r_jets().filter(|jet| PLOTTED.accept(jet));
        for jet in in_range.take(plotted) {
            self.plots.fill_large_r_jet(tally, &jet, count);
        }

        let top = only_top(candidate.large_r_jets(), &leptonic, good_jets(candidate))?;
        tally.pass(self.cuts.top);
        let event = leptonic.with_top(top, candidate.number());
        self.plots.fill(tally, &event);
        Some(())
    }

    /// The lepton's side of an event, all cuts on it passed.
    fn select_leptonic(&self, candidate: Candidate<'_>, tally: &mut Tally<'_>) -> Option<Leptonic> {
        let [lepton] = exactly(candidate.good_leptons())?;
        tally.pass(self.cuts.lepton);

        let w = LeptonicW::of(lepton, candidate.missing());
        let is_heavy = f64::from(w.missing.et + w.transverse_mass) > MIN_MISSING_PLUS_MASS;
        tally.require(self.cuts.transverse_mass, is_heavy)?;

        let mut leptonic = Leptonic {
            w,
            ..Leptonic::default()
        };
        good_jets(candidate).for_each(|jet| leptonic.count(jet));
        tally.require(self.cuts.b_jets, leptonic.b_jets > 0)?;
        tally.require(self.cuts.near_jets, leptonic.near_jets > 0)?;
        Some(leptonic)
    }
}

/// The good jets of an event.
fn good_jets(candidate: Candidate<'_>) -> impl Iterator<Item = Jet> + Clone {
    candidate.jets().filter(|jet| GOOD_JET.accept(jet))
}

impl Leptonic {
    /// Takes a good jet into the counts.
    fn count(&mut self, jet: Jet) {
        let is_near = jet.direction().is_near(
            MAX_DISTANCE_TO_LEPTON.into(),
            &self.w.lepton.direction(),
            || (self.w.lepton.momentum(), jet.momentum()),
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
            let leptonic = self.jet.momentum() + self.w.lepton.momentum();
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
