//! Z → ττ with one τ decaying to a lepton, one to hadrons.
//!
//! The selection of `ZTauTauAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`),
//! after ATLAS, Eur. Phys. J. C 78 (2018) 163 and Phys. Rev. D 99 (2019) 072001.

mod plots;

use rootlake_io::column::ScalarType::F32;

use self::plots::{Event, Plots};
use super::branches::{EVENT_NUMBER, LEPTON_TRIGGERS, TAU_SCALE_FACTORS};
use super::declare::declare;
use super::smearing::Smearing;
use super::{
    Analysis, Declared, Output, Preselection, at, azimuth_between, has_opposite_charge,
    lepton_triggers, single,
};
use crate::object::{
    Jet, JetCuts, Jets, Lepton, LeptonCuts, Leptons, MissingMomenta, MissingMomentum, Tau, TauCuts,
    Taus, exactly, transverse_mass,
};
use crate::schema::BranchSpec;
use crate::weight::MC_WEIGHT;
use crate::{Batch, Correction, Cutflow, Error, Sample, event_weights};
/// The mass of both τ with their neutrinos as estimated by the missing-mass calculator (Nucl.
/// Instrum. Meth. A 654 (2011) 481), GeV.
const DITAU_MASS: BranchSpec = BranchSpec::leaf("ditau_m", F32, 'F');

const GOOD_LEPTON: LeptonCuts = LeptonCuts::tight(30_000.0, 0.1);
const GOOD_TAU: TauCuts = TauCuts {
    min_pt: 25_000.0,
    max_abs_eta: 2.5,
};
const GOOD_JET: JetCuts = JetCuts::central(25_000.0);

/// The mass of what is seen lies strictly between these, GeV.
const VISIBLE_MASS: (f32, f32) = (35.0, 75.0);

/// Against W bosons with jets, MeV.
const MAX_TRANSVERSE_MASS: f32 = 30_000.0;

/// The neutrinos go along with the leptons, so that the missing momentum lies between them.
const MAX_SUM_OF_ANGLES: f64 = 3.5;

/// A varied τ is plotted above this transverse momentum, GeV.
const MIN_SMEARED_PT: f32 = 25.0;

declare! {
    /// One good lepton and one good hadronic τ of opposite charges: Z → ττ.
    ZTauTau: "ZTauTau" in LeptonTau {
        all: "all events",
        trigger: "electron or muon trigger",
        objects: "exactly one good lepton and one good tau",
        charge: "opposite charges",
        mass: "visible mass between 35 and 75 GeV",
        transverse_mass: "transverse mass < 30 GeV",
        angles: "missing momentum between lepton and tau",
    }
}

impl ZTauTau {
    fn select_event(
        &self,
        leptons: impl Iterator<Item = Lepton>,
        taus: impl Iterator<Item = Tau>,
        missing: MissingMomentum,
        cutflow: &mut Cutflow,
    ) -> Option<Event> {
        let [lepton] = exactly(leptons)?;
        let [tau] = exactly(taus.filter(|tau| GOOD_TAU.accept(tau)))?;
        cutflow.pass(self.cuts.objects);
        let is_neutral = has_opposite_charge(lepton.charge, tau.charge);
        cutflow.require(self.cuts.charge, is_neutral)?;

        let (momentum, tau_momentum) = (lepton.momentum(), tau.momentum());
        let visible_mass = single((momentum + tau_momentum).mass() / 1000.0);
        let (low, high) = VISIBLE_MASS;
        let is_in_window = visible_mass > low && visible_mass < high;
        cutflow.require(self.cuts.mass, is_in_window)?;

        let missing_momentum = missing.momentum();
        let transverse_mass = single(transverse_mass(&momentum, &missing_momentum));
        let is_light = transverse_mass < MAX_TRANSVERSE_MASS;
        cutflow.require(self.cuts.transverse_mass, is_light)?;

        // The τ's azimuth is the branch's, the others are those of momenta.
        let to_missing = |phi: f64| azimuth_between(single((phi - missing_momentum.phi()).abs()));
        let sum_of_angles = to_missing(f64::from(tau.phi)) + to_missing(momentum.phi());
        let is_between = f64::from(sum_of_angles) < MAX_SUM_OF_ANGLES;
        cutflow.require(self.cuts.angles, is_between)?;
        Some(Event {
            lepton,
            momentum,
            tau,
            tau_momentum,
            visible_mass,
            missing_et: missing.et,
            transverse_mass,
            sum_of_angles,
            ..Event::default()
        })
    }

    /// The first good jet if the reference is corrected; it takes the last good one, or the first
    /// of all if none is good.
    fn plotted_jet(&self, jets: impl Iterator<Item = Jet>) -> Option<Jet> {
        let mut jets = jets.peekable();
        let first = jets.peek().copied();
        let mut good = jets.filter(|jet| GOOD_JET.accept(jet));
        match self.declared.corrects(Correction::LastJet) {
            true => good.next(),
            false => good.last().or(first),
        }
    }
}

impl Analysis for ZTauTau {
    fn declared(&self) -> &Declared {
        &self.declared
    }

    fn first_columns(&self) -> Vec<BranchSpec> {
        LEPTON_TRIGGERS.to_vec()
    }

    fn other_columns(&self) -> Vec<BranchSpec> {
        [
            &[MC_WEIGHT, EVENT_NUMBER, DITAU_MASS],
            &MissingMomenta::BRANCHES[..],
            &[Leptons::COUNT, Taus::COUNT, Jets::COUNT],
            &TAU_SCALE_FACTORS,
            Lepton::BRANCHES,
            &[Lepton::IS_TIGHT],
            Tau::BRANCHES,
            &[Jet::PT, Jet::ETA, Jet::JVT],
        ]
        .concat()
    }

    fn preselect(&self, batch: &Batch, output: &mut Output) -> Result<Vec<usize>, Error> {
        let triggered = lepton_triggers(batch)?;
        let passing =
            Preselection::of(batch, self.cuts.all, output).cut(self.cuts.trigger, triggered);
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
            &TAU_SCALE_FACTORS,
            sample,
            self.declared.corrections,
        )?;
        let missing = MissingMomenta::of(batch)?;
        let numbers = batch.fixed(EVENT_NUMBER.name)?;
        let masses = batch.fixed(DITAU_MASS.name)?;
        let leptons = Leptons::of(batch, &columns, survivors)?;
        let good_leptons = GOOD_LEPTON.among(&leptons, survivors);
        let taus = Taus::of(batch, &columns, survivors)?;
        let jets = Jets::of(batch, &columns, survivors)?;
        let mut fills = output.histograms.gather();
        let cutflow = &mut output.cutflow;

        for (&entry, good_leptons) in survivors.iter().zip(good_leptons.events()) {
            let weight = weights.of(entry);
            cutflow.begin(weight);
            let leptons = leptons.at(good_leptons);
            let taus = taus.event(entry);
            let selected = self.select_event(leptons, taus, missing.event(entry), cutflow);
            let Some(event) = selected else { continue };
            let jet_count = jets.count(entry);
            let event = Event {
                mass: at(masses, entry),
                smeared_tau_pt: smeared_pt(&event.tau, at(numbers, entry)),
                jets: jet_count,
                jet: self.plotted_jet(jets.event(entry)),
                ..event
            };
            self.plots.fill(&mut fills, &event, weight);
        }
        Ok(())
    }
}

/// The transverse momentum varied within its uncertainty, GeV, if the τ would still be taken.
fn smeared_pt(tau: &Tau, event_number: i32) -> Option<f32> {
    let [pt, sigma] = [tau.pt, tau.pt_syst].map(|pt| f64::from(pt) / 1000.0);
    let varied = Smearing::of_event(event_number).vary(pt, sigma);
    (varied > MIN_SMEARED_PT).then_some(varied)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Corrections;

    #[test]
    fn the_last_good_jet_is_plotted_or_else_the_first_and_corrected_the_first_good_one() {
        let jet = |pt, eta| Jet {
            pt,
            eta,
            jvt: 1.0,
            ..Jet::default()
        };
        let plotted = |jets: &[Jet]| {
            [Corrections::NONE, Corrections::ALL].map(|corrections| {
                let analysis = ZTauTau::new(corrections).unwrap();
                let jet = analysis.plotted_jet(jets.iter().copied());
                jet.map(|jet| jet.pt)
            })
        };
        assert_eq!(plotted(&[]), [None, None]);
        let none_good = [jet(2e4, 0.0), jet(3e4, 3.0)];
        assert_eq!(plotted(&none_good), [Some(2e4), None]);
        let jets = [jet(5e4, 0.0), jet(4e4, 1.0), jet(2e4, 0.0)];
        assert_eq!(plotted(&jets), [Some(4e4), Some(5e4)]);
    }
}
