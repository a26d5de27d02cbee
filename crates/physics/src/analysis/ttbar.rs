//! tt̄ → ℓνb qqb.
//!
//! The selection of `TTbarAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`), after
//! ATLAS, JHEP 11 (2017) 191.

mod masses;
mod plots;

use rootlake_io::column::ScalarType::F32;

use self::masses::hadronic_masses;
use self::plots::{Event, Plots, Varied};
use super::branches::{B_TAG_SCALE_FACTORS, EVENT_NUMBER, LEPTON_TRIGGERS};
use super::declare::declare;
use super::smearing::Smearing;
use super::{Analysis, Declared, Output, Preselection, at, lepton_triggers, single};
use crate::object::{
    B_TAG_70, Jet, JetCuts, Jets, Lepton, LeptonCuts, Leptons, MissingMomenta, MissingMomentum,
    exactly, transverse_mass,
};
use crate::schema::BranchSpec;
use crate::weight::MC_WEIGHT;
use crate::{Batch, Cutflow, Error, FourVector, Sample, event_weights};

/// Uncertainty of the missing transverse momentum, MeV.
const MISSING_ET_SYST: BranchSpec = BranchSpec::leaf("met_et_syst", F32, 'F');

/// Of jets, before and after they are asked to be good.
const MIN_JETS: usize = 4;
const MIN_B_JETS: usize = 2;

/// MeV.
const MIN_MISSING_ET: f64 = 30_000.0;

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

impl TTbar {
    /// What is plotted of an event that passes all cuts; its good jets are gathered in `good`.
    fn select_event<'a>(
        &self,
        leptons: impl Iterator<Item = Lepton>,
        jets: impl Iterator<Item = Jet>,
        missing: MissingMomentum,
        good: &'a mut GoodJets,
        cutflow: &mut Cutflow,
    ) -> Option<Event<'a>> {
        let [lepton] = exactly(leptons)?;
        cutflow.pass(self.cuts.lepton);

        good.gather(jets);
        cutflow.require(self.cuts.good_jets, good.jets.len() >= MIN_JETS)?;
        let b_jets = good.jets.iter().filter(|jet| jet.is_b_tagged(B_TAG_70));
        cutflow.require(self.cuts.b_jets, b_jets.count() >= MIN_B_JETS)?;

        let momentum = lepton.momentum();
        let transverse_mass = single(transverse_mass(&momentum, &missing.momentum()));
        let is_heavy = transverse_mass > MIN_TRANSVERSE_MASS;
        cutflow.require(self.cuts.transverse_mass, is_heavy)?;
        Some(Event {
            lepton,
            momentum,
            missing_et: missing.et,
            transverse_mass,
            masses: hadronic_masses(good.momenta()),
            jets: &good.jets,
        })
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
fn vary(event: &Event<'_>, missing: MissingMomentum, sigma: f32, number: i32) -> Varied {
    let mut smearing = Smearing::of_event(number);
    let missing = MissingMomentum {
        et: smearing.vary(f64::from(missing.et), f64::from(sigma)),
        ..missing
    };
    let lepton = Lepton {
        pt: smearing.vary(f64::from(event.lepton.pt), f64::from(event.lepton.pt_syst)),
        ..event.lepton
    };
    let jet = event.jets.first().copied().unwrap_or_default();
    let [jet_pt, jet_sigma] = [jet.pt, jet.pt_syst].map(|pt| f64::from(pt) / 1000.0);

    let (lepton, missing) = (lepton.momentum(), missing.momentum());
    Varied {
        missing_et: missing.et() / 1000.0,
        transverse_mass: f64::from(single(transverse_mass(&lepton, &missing))) / 1000.0,
        lepton_pt: lepton.pt() / 1000.0,
        jet_pt: smearing.vary(jet_pt, jet_sigma),
    }
}

impl Analysis for TTbar {
    fn declared(&self) -> &Declared {
        &self.declared
    }

    fn first_columns(&self) -> Vec<BranchSpec> {
        [&[Jets::COUNT, MissingMomenta::ET], &LEPTON_TRIGGERS[..]].concat()
    }

    fn other_columns(&self) -> Vec<BranchSpec> {
        [
            &[MC_WEIGHT, EVENT_NUMBER, Leptons::COUNT],
            &[MissingMomenta::PHI, MISSING_ET_SYST][..],
            &B_TAG_SCALE_FACTORS,
            Lepton::BRANCHES,
            &[Lepton::IS_TIGHT, Lepton::PT_SYST],
            Jet::TAGGED_BRANCHES,
            &[Jet::PT_SYST],
        ]
        .concat()
    }

    fn preselect(&self, batch: &Batch, output: &mut Output) -> Result<Vec<usize>, Error> {
        let jet_counts = batch.fixed::<u32>(Jets::COUNT.name)?;
        let missing_et = batch.fixed::<f32>(MissingMomenta::ET.name)?;
        let triggered = lepton_triggers(batch)?;
        let passing = Preselection::of(batch, self.cuts.all, output)
            .cut(self.cuts.jets, |entry| {
                at(jet_counts, entry) as usize >= MIN_JETS
            })
            .cut(self.cuts.missing_energy, |entry| {
                f64::from(at(missing_et, entry)) > MIN_MISSING_ET
            })
            .cut(self.cuts.trigger, triggered);
        Ok(passing.entries)
    }

    fn select(
        &self,
        batch: &Batch,
        survivors: &[usize],
        sample: &Sample,
        output: &mut Output,
    ) -> Result<(), Error> {
        let columns = self.other_columns();
        let weights = event_weights(
            batch,
            survivors,
            &B_TAG_SCALE_FACTORS,
            sample,
            self.declared.corrections,
        )?;
        let numbers = batch.fixed(EVENT_NUMBER.name)?;
        let missing = MissingMomenta::of(batch)?;
        let missing_sigma = batch.fixed(MISSING_ET_SYST.name)?;
        let leptons = Leptons::of(batch, &columns, survivors)?;
        let good_leptons = GOOD_LEPTON.among(&leptons, survivors);
        let jets = Jets::of(batch, &columns, survivors)?;
        let mut good = GoodJets::default();
        let mut fills = output.histograms.gather();
        let cutflow = &mut output.cutflow;

        for (&entry, good_leptons) in survivors.iter().zip(good_leptons.events()) {
            let weight = weights.of(entry);
            cutflow.begin(weight);
            let leptons = leptons.at(good_leptons);
            let jets = jets.event(entry);
            let missing = missing.event(entry);
            let selected = self.select_event(leptons, jets, missing, &mut good, cutflow);
            let Some(event) = selected else { continue };
            self.plots.fill(&mut fills, &event, weight);
            let (sigma, number) = (at(missing_sigma, entry), at(numbers, entry));
            let varied = vary(&event, missing, sigma, number);
            self.plots.fill_varied(&mut fills, &varied, weight);
        }
        Ok(())
    }
}
