//! Sleptons: pairs of leptons with heavy particles that escape.
//!
//! The selection of `SUSYAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`), after
//! ATLAS, Eur. Phys. J. C 78 (2018) 995.

mod leptons;
mod plots;

use std::cmp::Ordering;

use self::leptons::{Overlap, good_leptons, leading_first};
use self::plots::{Channel, Event, Plots};
use super::branches::{LEPTON_TRIGGERS, SCALE_FACTORS};
use super::declare::declare;
use super::{
    ByEvent, Candidate, Candidates, FirstCuts, Tally, Wanted, has_opposite_charge, single,
};
use crate::mt2::{Decays, Side, mt2_singles};
use crate::object::{B_TAG_77, ELECTRON, Jet, Leptons, Limit, MUON, MissingMomentum};
use crate::{Correction, FourVector, Sample};

/// Of the leading and the other lepton, GeV.
const MIN_PT: [f64; 2] = [25.0, 20.0];
/// |η| does not exceed these.
const MAX_ELECTRON_ABS_ETA: f64 = 2.47;
const MAX_MUON_ABS_ETA: f64 = 2.4;
/// Of the leptons, GeV.
const MIN_MASS: f64 = 40.0;

/// Above these transverse momenta (GeV) jets and b-jets are counted, whatever their |η|.
const MIN_LIGHT_JET_PT: f64 = 60.0;
const MIN_B_JET_PT: f64 = 20.0;

/// The sample in which an event with more than [`MAX_MISSING_ET`] GeV missing has a weight that
/// cannot be right; it counts as one without.
const DOUBTFUL_SAMPLE: &str = "Wmunu_PTV0_70_CVetoBVeto";
const MAX_MISSING_ET: f64 = 1500.0;

/// The stransverse mass where there is none, GeV.
const NO_MASS: f32 = -1.0;

/// What the signal regions ask for besides no jets: mass and stransverse mass above these, GeV.
const LOOSE: (f32, f32) = (111.0, 100.0);
const TIGHT: (f32, f32) = (300.0, 130.0);

declare! {
    /// Two good leptons of one flavour and opposite charges, heavy and with missing momentum.
    Susy: "SUSY" in TwoLepton {
        all: "all events",
        leptons: "at least two leptons",
        good_leptons: "exactly two good leptons",
        flavour: "one flavour",
        charge: "opposite charges",
        pt: "lepton pT at least 25, 20 GeV",
        eta: "leptons in the detector's centre",
        trigger: "trigger of the flavour",
        mass: "mass at least 40 GeV",
        no_jets: "neither light jets nor b-jets",
        loose: "mass > 111 GeV, mT2 > 100 GeV",
        tight: "mass > 300 GeV, mT2 > 130 GeV",
    }
}

/// Two leptons of an event that passes all cuts before the signal regions'.
struct Dilepton {
    /// [`ELECTRON`] or the muon's.
    flavour: u32,
    /// The leading one first, GeV.
    momenta: [FourVector; 2],
    /// GeV.
    mass: f32,
}

/// Such an event.
struct Selected {
    weight: f32,
    dilepton: Dilepton,
    /// What is missing as a massless particle, GeV.
    missing: FourVector,
    /// Whether a jet counts against the signal.
    has_jets: bool,
}

impl Selected {
    /// As decays of which massless particles escape.
    fn decays(&self) -> Decays {
        let side = |momentum: FourVector| Side {
            mass: momentum.mass(),
            px: momentum.px,
            py: momentum.py,
            invisible_mass: 0.0,
        };
        Decays {
            sides: self.dilepton.momenta.map(side),
            missing: (self.missing.px, self.missing.py),
        }
    }
}

impl Cuts {
    fn first(&self) -> FirstCuts {
        FirstCuts::of(self.all).at_least(self.leptons, 2, Leptons::COUNT)
    }
}

impl ByEvent for Susy {
    fn wanted(&self) -> Wanted {
        Wanted::leptons(&SCALE_FACTORS)
            .missing_momentum()
            .jets(Jet::TAGGED_BRANCHES)
            .with(&LEPTON_TRIGGERS)
    }

    fn select(&self, candidates: &Candidates<'_>, tally: &mut Tally<'_>) {
        let mut overlap = Overlap::default();
        let mut block = Block::default();
        candidates.each(tally, |candidate, tally| {
            let event = self.select_event(candidate, &mut overlap, tally)?;
            if block.push(event) {
                self.fill(&mut block, tally);
            }
            Some(())
        });
        self.fill(&mut block, tally);
    }
}

/// So many selected events are gathered: what is known of them stays in the cache.
const EVENTS: usize = 64;

/// Selected events, gathered until it pays to search for their stransverse masses together.
#[derive(Default)]
struct Block {
    events: Vec<Selected>,
    decays: Vec<Decays>,
    /// GeV.
    masses: Vec<Option<f32>>,
}

impl Block {
    /// Takes in an event; tells whether it is time to fill.
    fn push(&mut self, event: Selected) -> bool {
        self.decays.push(event.decays());
        self.events.push(event);
        self.events.len() >= EVENTS
    }
}

impl Susy {
    fn select_event(
        &self,
        candidate: Candidate<'_>,
        overlap: &mut Overlap,
        tally: &mut Tally<'_>,
    ) -> Option<Selected> {
        overlap.gather(candidate.jets());
        let dilepton = self.select_leptons(candidate, overlap, tally)?;
        let has_jets = match self.declared.corrects(Correction::EveryJet) {
            true => overlap.jets().any(|jet| counts(&jet)),
            false => candidate.jets().any(|jet| counts(&jet)),
        };
        Some(Selected {
            weight: candidate.weight(),
            dilepton,
            missing: missing_momentum(candidate.missing(), candidate.sample()),
            has_jets,
        })
    }

    /// Counts and fills the events of a block, and empties it.
    fn fill(&self, block: &mut Block, tally: &mut Tally<'_>) {
        let Block {
            events,
            decays,
            masses,
        } = block;
        masses.clear();
        mt2_singles(decays, masses);
        for (selected, mt2) in events.iter().zip(masses) {
            tally.begin(selected.weight);
            self.fill_event(selected, mt2.unwrap_or(NO_MASS), tally);
        }
        events.clear();
        decays.clear();
    }

    fn fill_event(&self, selected: &Selected, mt2: f32, tally: &mut Tally<'_>) {
        let dilepton = &selected.dilepton;
        let event = Event {
            mass: dilepton.mass,
            missing_et: selected.missing.et(),
            mt2,
            momenta: dilepton.momenta,
        };
        let [loose, tight] = self.signal_regions(&event, selected.has_jets, tally);
        let flavour = Channel::of_flavour(dilepton.flavour);
        let regions = [
            (flavour, true),
            (Channel::SameFlavour, true),
            (Channel::Loose, loose),
            (Channel::Tight, tight),
        ];
        let values = event.values();
        for (channel, _) in regions.into_iter().filter(|(_, lies_in)| *lies_in) {
            self.plots.fill(tally, channel, &values);
        }
    }

    fn select_leptons(
        &self,
        candidate: Candidate<'_>,
        overlap: &mut Overlap,
        tally: &mut Tally<'_>,
    ) -> Option<Dilepton> {
        let good = good_leptons(candidate.leptons(), overlap, self.declared.corrections)?;
        tally.pass(self.cuts.good_leptons);
        let [first, second] = &good;
        tally.require(self.cuts.flavour, first.flavour == second.flavour)?;
        // In the reference they need not be opposite: any two that differ pass.
        let is_neutral = match self.declared.corrects(Correction::UnequalCharges) {
            true => has_opposite_charge(first.charge, second.charge),
            false => first.charge != second.charge,
        };
        tally.require(self.cuts.charge, is_neutral)?;

        let momenta = leading_first(good).map(|lepton| lepton.momentum_gev());
        let limit = Limit::of_refusals(self.declared.corrections);
        let mut hard = momenta.iter().zip(MIN_PT);
        let is_hard = hard.all(|(p, min)| is_at_least(p.pt(), min, limit));
        tally.require(self.cuts.pt, is_hard)?;

        let [electron_fired, muon_fired] = candidate.fired();
        let (max_abs_eta, triggered) = match first.flavour {
            ELECTRON => (MAX_ELECTRON_ABS_ETA, electron_fired),
            MUON => (MAX_MUON_ABS_ETA, muon_fired),
            // The reference has no channel for them.
            _ => return None,
        };
        // Turned round, since |eta| is to be at most so large.
        let is_central = momenta
            .iter()
            .all(|p| is_at_least(-p.eta().abs(), -max_abs_eta, limit));
        tally.require(self.cuts.eta, is_central)?;
        tally.require(self.cuts.trigger, triggered)?;

        let [p1, p2] = momenta;
        let mass = single((p1 + p2).mass());
        let is_heavy = is_at_least(f64::from(mass), MIN_MASS, limit);
        tally.require(self.cuts.mass, is_heavy)?;
        Some(Dilepton {
            flavour: first.flavour,
            momenta,
            mass,
        })
    }

    /// The signal regions the event lies in, counted: whether the loose and the tight one.
    fn signal_regions(&self, event: &Event, has_jets: bool, tally: &mut Tally<'_>) -> [bool; 2] {
        let lies_in = |(mass, mt2)| !has_jets && event.mass > mass && event.mt2 > mt2;
        let regions = [lies_in(LOOSE), lies_in(TIGHT)];
        let [loose, tight] = regions;
        for (cut, passes) in [
            (self.cuts.no_jets, !has_jets),
            (self.cuts.loose, loose),
            (self.cuts.tight, tight),
        ] {
            tally.require(cut, passes);
        }
        regions
    }
}

/// Whether a value does not lie below a bound. NaN does not either where the reference refuses what
/// does.
fn is_at_least(value: f64, bound: f64, limit: Limit) -> bool {
    match limit {
        Limit::Exclusive => value >= bound,
        Limit::Inclusive => value.partial_cmp(&bound) != Some(Ordering::Less),
    }
}

/// Whether a jet counts against the signal: a hard light one or a b-jet.
fn counts(jet: &Jet) -> bool {
    let (pt, tag) = (f64::from(jet.pt) / 1000.0, f64::from(jet.mv2c10));
    (pt > MIN_LIGHT_JET_PT && tag < B_TAG_77) || (pt > MIN_B_JET_PT && tag > B_TAG_77)
}

/// The missing momentum as a massless particle's, GeV.
fn missing_momentum(missing: MissingMomentum, sample: &Sample) -> FourVector {
    let et = f64::from(missing.et) / 1000.0;
    let is_doubtful = sample.name().contains(DOUBTFUL_SAMPLE) && et > MAX_MISSING_ET;
    let et = if is_doubtful { 0.0 } else { et };
    FourVector::massless(et, f64::from(missing.phi))
}
