//! tt̄ → ℓνb qqb.
//!
//! The selection of `TTbarAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`), after
//! ATLAS, JHEP 11 (2017) 191.

mod masses;
mod plots;

use self::masses::hadronic_masses;
use self::plots::{Event, Plots, Varied};
use super::branches::{B_TAG_SCALE_FACTORS, EVENT_NUMBER};
use super::declare::declare;
use super::smearing::Smearing;
use super::{ByEvent, Candidate, Candidates, FirstCuts, LeptonicW, Tally, Wanted};
use crate::FourVector;
use crate::object::{
    B_TAG_70, Jet, JetCuts, Jets, Lepton, LeptonCuts, MissingMomenta, MissingMomentum, exactly,
};

/// Of jets, before and after they are asked to be good.
const MIN_JETS: u32 = 4;
const MIN_B_JETS: usize = 2;

/// MeV.
const MIN_MISSING_ET: f32 = 30_000.0;

const GOOD_LEPTON: LeptonCuts = LeptonCuts::tight(30_000.0, 0.15);
const GOOD_JET: JetCuts = JetCuts::central(30_000.0);

/// MeV.
const MIN_TRANSVERSE_MASS: f32 = 30_000.0;

declare! {
    /// One good lepton, missing momentum, and four jets, two with b-tags: tt̄ → ℓνb qqb.
    TTbar: "TTbar" in OneLepton {
        all: "all events",
        jets: "at least four jets",
        missing_energy: "missing ET > 30 GeV",
        trigger: "electron or muon trigger",
        lepton: "exactly one good lepton",
        good_jets: "at least four good jets",
        b_jets: "at least two b-jets",
        transverse_mass: "transverse mass > 30 GeV",
    }
}

impl Cuts {
    fn first(&self) -> FirstCuts {
        FirstCuts::of(self.all)
            .at_least(self.jets, MIN_JETS, Jets::COUNT)
            .missing_et(self.missing_energy, MIN_MISSING_ET)
            .lepton_trigger(self.trigger)
    }
}

impl ByEvent for TTbar {
    fn wanted(&self) -> Wanted {
        Wanted::leptons(&B_TAG_SCALE_FACTORS)
            .good_leptons(GOOD_LEPTON)
            .missing_momentum()
            .jets(Jet::TAGGED_BRANCHES)
            .with(&[EVENT_NUMBER, MissingMomenta::ET_SYST])
            .with(&[Lepton::PT_SYST, Jet::PT_SYST])
    }

    fn select(&self, candidates: &Candidates<'_>, tally: &mut Tally<'_>) {
        let mut good = GoodJets::default();
        candidates.each(tally, |event, tally| {
            self.select_event(event, &mut good, tally)
        });
    }
}

impl TTbar {
    fn select_event(
        &self,
        candidate: Candidate<'_>,
        good: &mut GoodJets,
        tally: &mut Tally<'_>,
    ) -> Option<()> {
        let [lepton] = exactly(candidate.good_leptons())?;
        tally.pass(self.cuts.lepton);

        good.gather(candidate.jets());
        tally.require(self.cuts.good_jets, good.jets.len() >= MIN_JETS as usize)?;
        let b_jets = good.jets.iter().filter(|jet| jet.is_b_tagged(B_TAG_70));
        tally.require(self.cuts.b_jets, b_jets.count() >= MIN_B_JETS)?;

        let w = LeptonicW::of(lepton, candidate.missing());
        let is_heavy = w.transverse_mass > MIN_TRANSVERSE_MASS;
        tally.require(self.cuts.transverse_mass, is_heavy)?;

        let event = Event {
            w,
            masses: hadronic_masses(good.momenta()),
            jets: &good.jets,
        };
        self.plots.fill(tally, &event);
        let varied = vary(&event, candidate.number());
        self.plots.fill_varied(tally, &varied);
        Some(())
    }
}

/// The good jets of one event after the other: the same memory serves all events of a batch.
#[derive(Default)]
struct GoodJets {
    jets: Vec<Jet>,
    momenta: Vec<FourVector>,
}

impl GoodJets {
    fn gather(&mut self, jets: impl Iterator<Item = Jet>) {
        self.jets.clear();
        self.jets.extend(jets.filter(|jet| GOOD_JET.accept(jet)));
    }

    fn momenta(&mut self) -> &[FourVector] {
        self.momenta.clear();
        self.momenta.extend(self.jets.iter().map(Jet::momentum));
        &self.momenta
    }
}

/// Varies the missing momentum, the lepton and the first jet, in the reference's order.
fn vary(event: &Event<'_>, number: i32) -> Varied {
    let mut smearing = Smearing::of_event(number);
    let (lepton, missing) = (event.w.lepton, event.w.missing);
    let missing = MissingMomentum {
        et: smearing.vary(f64::from(missing.et), f64::from(missing.et_syst)),
        ..missing
    };
    let lepton = Lepton {
        pt: smearing.vary(f64::from(lepton.pt), f64::from(lepton.pt_syst)),
        ..lepton
    };
    let jet = event.jets.first().copied().unwrap_or_default();
    let [jet_pt, jet_sigma] = [jet.pt, jet.pt_syst].map(|pt| f64::from(pt) / 1000.0);

    let w = LeptonicW::of(lepton, missing);
    Varied {
        missing_et: missing.momentum().et() / 1000.0,
        transverse_mass: f64::from(w.transverse_mass) / 1000.0,
        lepton_pt: lepton.pt_of_components() / 1000.0,
        jet_pt: smearing.vary(jet_pt, jet_sigma),
    }
}
