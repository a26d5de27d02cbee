//! Z → ττ with one τ decaying to a lepton, one to hadrons.
//!
//! The selection of `ZTauTauAnalysis.C` of the ATLAS outreach framework (tag `10fb-legacy`),
//! after ATLAS, Eur. Phys. J. C 78 (2018) 163 and Phys. Rev. D 99 (2019) 072001.

mod plots;

use self::plots::{Event, Plots};
use super::branches::{DITAU_MASS, EVENT_NUMBER, TAU_SCALE_FACTORS};
use super::declare::declare;
use super::near::transverse_mass_single;
use super::smearing::Smearing;
use super::{
    ByEvent, Candidate, Candidates, FirstCuts, Tally, Wanted, azimuth_between, has_opposite_charge,
    single,
};
use crate::Correction;
use crate::object::{Jet, JetCuts, LeptonCuts, Tau, TauCuts, exactly};

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

impl Cuts {
    fn first(&self) -> FirstCuts {
        FirstCuts::of(self.all).lepton_trigger(self.trigger)
    }
}

impl ByEvent for ZTauTau {
    fn wanted(&self) -> Wanted {
        Wanted::leptons(&TAU_SCALE_FACTORS)
            .good_leptons(GOOD_LEPTON)
            .taus()
            .missing_momentum()
            .jets(&[Jet::PT, Jet::ETA, Jet::JVT])
            .with(&[EVENT_NUMBER, DITAU_MASS])
    }

    fn select(&self, candidates: &Candidates<'_>, tally: &mut Tally<'_>) {
        candidates.each(tally, |event, tally| self.select_event(event, tally));
    }
}

impl ZTauTau {
    fn select_event(&self, candidate: Candidate<'_>, tally: &mut Tally<'_>) -> Option<()> {
        let [lepton] = exactly(candidate.good_leptons())?;
        let [tau] = exactly(candidate.taus().filter(|tau| GOOD_TAU.accept(tau)))?;
        tally.pass(self.cuts.objects);
        let is_neutral = has_opposite_charge(lepton.charge, tau.charge);
        tally.require(self.cuts.charge, is_neutral)?;

        let (momentum, tau_momentum) = (lepton.momentum(), tau.momentum());
        let visible_mass = single((momentum + tau_momentum).mass() / 1000.0);
        let (low, high) = VISIBLE_MASS;
        let is_in_window = visible_mass > low && visible_mass < high;
        tally.require(self.cuts.mass, is_in_window)?;

        let missing = candidate.missing();
        let missing_momentum = missing.momentum();
        let transverse_mass = transverse_mass_single(&lepton, &missing);
        let is_light = transverse_mass < MAX_TRANSVERSE_MASS;
        tally.require(self.cuts.transverse_mass, is_light)?;

        // The τ's azimuth is the branch's, the others are those of momenta.
        let to_missing = |phi: f64| azimuth_between(single((phi - missing_momentum.phi()).abs()));
        let sum_of_angles = to_missing(f64::from(tau.phi)) + to_missing(momentum.phi());
        let is_between = f64::from(sum_of_angles) < MAX_SUM_OF_ANGLES;
        tally.require(self.cuts.angles, is_between)?;

        let event = Event {
            lepton,
            tau,
            tau_momentum,
            smeared_tau_pt: smeared_pt(&tau, candidate.number()),
            visible_mass,
            mass: candidate.ditau_mass(),
            missing_et: missing.et,
            transverse_mass,
            sum_of_angles,
            jets: candidate.jet_count(),
            jet: self.plotted_jet(candidate.jets()),
        };
        self.plots.fill(tally, &event);
        Some(())
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
