//! H → WW* → eν μν.
//!
//! The selection of `HWWAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`), after
//! ATLAS, Phys. Lett. B 789 (2019) 508.

mod plots;

use std::f64::consts::FRAC_PI_2;

use self::plots::{Event, Plots, System};
use super::branches::SCALE_FACTORS;
use super::declare::declare;
use super::{
    ByEvent, Candidate, Candidates, FirstCuts, Tally, Wanted, azimuth_between, has_opposite_charge,
    single,
};
use crate::object::{B_TAG_85, Jet, JetCuts, Lepton, LeptonCuts, exactly, transverse_mass};

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

impl Cuts {
    fn first(&self) -> FirstCuts {
        FirstCuts::of(self.all).lepton_trigger(self.trigger)
    }
}

impl ByEvent for Hww {
    fn wanted(&self) -> Wanted {
        Wanted::leptons(&SCALE_FACTORS)
            .good_leptons(GOOD_LEPTON)
            .missing_momentum()
            .jets(&[Jet::PT, Jet::ETA, Jet::JVT, Jet::MV2C10])
    }

    fn select(&self, candidates: &Candidates<'_>, tally: &mut Tally<'_>) {
        candidates.each(tally, |event, tally| self.select_event(event, tally));
    }
}

impl Hww {
    fn select_event(&self, candidate: Candidate<'_>, tally: &mut Tally<'_>) -> Option<()> {
        let event = self.select_leptons(candidate, tally)?;
        self.plots.fill_before_cuts(tally, &event.system);
        self.select_system(&event.system, tally)?;
        self.plots.fill(tally, &event);
        Some(())
    }

    /// An electron and a muon of opposite charges, with all that is made of them.
    fn select_leptons(&self, candidate: Candidate<'_>, tally: &mut Tally<'_>) -> Option<Event> {
        let good: [Lepton; 2] = exactly(candidate.good_leptons())?;
        tally.pass(self.cuts.leptons);

        let [first, second] = &good;
        tally.require(self.cuts.leading_pt, first.pt > MIN_LEADING_PT)?;
        let is_neutral = has_opposite_charge(first.charge, second.charge);
        tally.require(self.cuts.charge, is_neutral)?;
        tally.require(self.cuts.flavour, first.flavour != second.flavour)?;

        let [p1, p2] = good.map(|lepton| lepton.momentum());
        let missing = candidate.missing();
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
        for jet in candidate.jets().filter(|jet| GOOD_B_JET.accept(jet)) {
            system.b_jets += u32::from(jet.is_b_tagged(B_TAG_85));
            if f64::from(jet.pt) > MIN_JET_PT {
                system.jets += 1;
                leading_jet.get_or_insert(jet);
            }
        }
        Some(Event {
            leptons: good,
            system,
            leading_jet,
        })
    }

    /// The cuts on what is made of the leptons.
    fn select_system(&self, system: &System, tally: &mut Tally<'_>) -> Option<()> {
        let is_preselected =
            system.mass > MIN_MASS && system.jets <= MAX_JETS && system.missing_et > MIN_MISSING_ET;
        tally.require(self.cuts.preselection, is_preselected)?;
        let is_opposite = f64::from(system.pair_missing_delta_phi) > FRAC_PI_2;
        tally.require(self.cuts.opposite, is_opposite)?;
        tally.require(self.cuts.pair_pt, system.pair_pt > MIN_PAIR_PT)?;
        tally.require(self.cuts.mass, system.mass < MAX_MASS)?;
        let is_close = f64::from(system.delta_phi) < MAX_DELTA_PHI;
        tally.require(self.cuts.delta_phi, is_close)?;
        tally.require(self.cuts.no_b_jet, system.b_jets == 0)
    }
}
