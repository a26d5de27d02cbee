//! How many events of a process a collection holds.
//!
//! Rough figures, chosen so that the numbers of events come near those of the real 4lep and GamGam
//! files. Of the collections with few leptons nearly all is W and Z bosons; there these are thinned
//! out, so that a small set of samples holds enough of what is rarer.

use super::process::{Decay, Family, Process};
use super::recipe::Recipe;
use crate::FinalState;
use crate::catalogue::LUMINOSITY;

/// The chances that jets are taken for no, one, two or three leptons.
const FAKES: [f64; 4] = [1.0, 1.5e-3, 1.4e-5, 1e-7];
/// The same where bottom quarks decay to leptons.
const FAKES_OF_BOTTOMS: [f64; 4] = [1.0, 8e-3, 3e-4, 1e-5];

impl Recipe {
    /// The events of the collection that the luminosity of the open data is expected to give.
    pub(super) fn expected_events(&self, final_state: FinalState) -> f64 {
        let accepted = self.accepted(final_state).map(|(share, _)| share);
        self.cross_section * LUMINOSITY * accepted.sum::<f64>()
    }

    /// How many events data hold for one that is simulated. Pairs of bosons from two gluons are
    /// not simulated; the framework's plots scale by as much where that shows.
    pub(super) fn excess(&self, final_state: FinalState) -> f64 {
        let are_scaled = matches!(final_state, FinalState::TwoLepton | FinalState::FourLepton);
        let are_bosons = |(_, process): &(f64, Process)| {
            matches!(
                process,
                Process::ZZ | Process::ZZStar | Process::ZToFourLeptons | Process::Bosons(..)
            )
        };
        match are_scaled && self.mixture.iter().any(are_bosons) {
            true => 1.3,
            false => 1.0,
        }
    }

    /// The processes with the share of the produced events that each gives to the collection.
    pub(super) fn accepted(
        &self,
        final_state: FinalState,
    ) -> impl Iterator<Item = (f64, Process)> + '_ {
        self.mixture
            .iter()
            .map(move |&(share, process)| (share * process.acceptance(final_state), process))
    }
}

impl Process {
    /// The share of the events that belongs to the collection.
    fn acceptance(self, final_state: FinalState) -> f64 {
        let with_photons = matches!(
            self,
            Self::HiggsToPhotons | Self::PhotonPair | Self::PhotonAndJet
        );
        let leptons = || self.leptons_accepted(final_state.leptons());
        match final_state {
            FinalState::Diphoton if with_photons => 0.62,
            FinalState::Diphoton => 0.0,
            _ if with_photons => 0.0,
            FinalState::OneLepton | FinalState::TwoLepton => leptons() * self.thinned(1.0 / 30.0),
            FinalState::LargeRJetLepton => leptons() * self.boosted() * self.thinned(0.2),
            FinalState::LeptonTau => leptons() * self.with_tau(),
            FinalState::ThreeLepton | FinalState::FourLepton => leptons(),
        }
    }

    /// The chance that at least as many leptons are seen, taken for ones where there are less.
    fn leptons_accepted(self, wanted: usize) -> f64 {
        let (leptons, efficiency) = self.leptons();
        let fakes = match self {
            Self::TopPairToLeptonAndJets | Self::TopPairToLeptons | Self::ZPrime => {
                FAKES_OF_BOTTOMS
            }
            Self::TopAndQuark | Self::TopAndBottom | Self::TopAndW => FAKES_OF_BOTTOMS,
            _ => FAKES,
        };
        let mut chance = 0.0;
        let mut binomial = (1.0 - efficiency).powi(leptons);
        for seen in 0..=leptons {
            let missing = wanted.saturating_sub(usize::try_from(seen).unwrap_or(0));
            if seen > 0 {
                chance += binomial * fakes.get(missing).copied().unwrap_or_default();
            }
            let next = f64::from(leptons - seen) / f64::from(seen + 1);
            binomial *= next * efficiency / (1.0 - efficiency);
        }
        chance
    }

    /// The leptons of a process, and the chance that one of them is seen.
    fn leptons(self) -> (i32, f64) {
        match self {
            Self::ZZ | Self::ZZStar | Self::ZToFourLeptons => (4, 0.42),
            Self::HiggsToZZ => (4, 0.74),
            Self::HiggsToWW => (2, 0.55),
            Self::Bosons(one, other) => (one.leptons() + other.leptons(), 0.45),
            Self::BosonAndJets(decay, _) if decay.is_to_taus() => (decay.leptons(), 0.18),
            Self::BosonAndJets(decay, _) => (decay.leptons(), 0.6),
            Self::TopPairToLeptons => (2, 0.5),
            Self::Sleptons => (2, 0.8),
            _ => (1, 0.5),
        }
    }

    /// The chance of a tau lepton, or of a jet that is taken for one.
    fn with_tau(self) -> f64 {
        match self {
            Self::BosonAndJets(Decay::ZToLeptons(Family::Tau), _) => 0.25,
            Self::BosonAndJets(Decay::ZToLeptons(_), _) => 0.03,
            Self::BosonAndJets(..) => 0.012,
            _ => 0.04,
        }
    }

    /// The chance of a large-R jet.
    fn boosted(self) -> f64 {
        match self {
            Self::BosonAndJets(_, slice) => slice.boosted_share(),
            Self::TopPairToLeptonAndJets | Self::TopPairToLeptons => 0.05,
            Self::ZPrime => 0.6,
            Self::TopAndQuark | Self::TopAndBottom => 0.01,
            _ => 0.02,
        }
    }

    fn thinned(self, share: f64) -> f64 {
        match self {
            Self::BosonAndJets(..) => share,
            _ => 1.0,
        }
    }
}

impl Decay {
    fn leptons(self) -> i32 {
        match self {
            Self::WToLepton(_) => 1,
            Self::ZToLeptons(_) => 2,
            Self::WToQuarks | Self::ZToNeutrinos | Self::ZToQuarks => 0,
        }
    }

    fn is_to_taus(self) -> bool {
        matches!(
            self,
            Self::WToLepton(Family::Tau) | Self::ZToLeptons(Family::Tau)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::process::Slice;
    use super::super::recipe::recipes;
    use super::*;

    #[test]
    fn no_more_events_are_expected_than_are_produced() {
        for final_state in FinalState::ALL {
            for recipe in recipes(final_state).unwrap() {
                let expected = recipe.expected_events(final_state);
                let produced = recipe.cross_section * LUMINOSITY;
                assert!(expected > 0.0 && expected < produced, "{}", recipe.name);
            }
        }
    }

    #[test]
    fn slices_share_the_boosted_events_of_the_whole() {
        let slice = |low, high| Slice {
            pt: (low, high),
            heavy: None,
        };
        assert!(slice(0.0, 70.0).boosted_share() < 1e-4);
        assert!(slice(500.0, 1000.0).boosted_share() > 0.99);
        let whole = Slice::ALL.boosted_share();
        assert!((0.004..0.006).contains(&whole), "{whole}");
    }
}
