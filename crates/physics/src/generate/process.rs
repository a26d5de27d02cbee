//! What happens in an event, before a detector sees it.

mod boson;
mod four_lepton;
mod heavy;
mod jets;
mod photon;
mod radiation;
mod top;

pub(super) use self::boson::{Decay, Family};
pub(super) use self::jets::{Heavy, Slice, light_flavour};
use super::random::Random;
use super::truth::Truth;

/// What produced an event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Process {
    /// Two Z on their mass shell.
    ZZ,
    /// A Z and a lepton pair of lower mass, below the threshold of two Z.
    ZZStar,
    /// One Z that radiates a second lepton pair.
    ZToFourLeptons,
    /// H → ZZ* → 4ℓ.
    HiggsToZZ,
    /// H → WW* → ℓνℓν.
    HiggsToWW,
    /// Two bosons and what they decay to.
    Bosons(Decay, Decay),
    /// A boson that decays so, and jets.
    BosonAndJets(Decay, Slice),
    /// A top pair of which one decays to jets.
    TopPairToLeptonAndJets,
    /// A top pair with two leptons.
    TopPairToLeptons,
    /// A top quark and a light quark, by exchange of a W.
    TopAndQuark,
    /// A top quark and a bottom quark, from a W.
    TopAndBottom,
    /// A top quark and a W.
    TopAndW,
    /// A heavy Z of 1 TeV to a top pair.
    ZPrime,
    /// Two sleptons of 600 GeV, each to a lepton and a neutralino of 300 GeV.
    Sleptons,
    /// H → γγ.
    HiggsToPhotons,
    /// Two photons.
    PhotonPair,
    /// A photon and a jet taken for one.
    PhotonAndJet,
}

impl Process {
    /// Draws events until one belongs to the collection.
    pub(super) fn generate(self, random: &mut Random, truth: &mut Truth) {
        loop {
            truth.clear();
            self.draw(random, truth);
            if truth.accept() {
                break;
            }
        }
        truth.fill_up(random);
    }

    fn draw(self, random: &mut Random, truth: &mut Truth) {
        match self {
            Self::ZZ => four_lepton::on_shell_pair(random, truth),
            Self::ZZStar => four_lepton::off_shell_pair(random, truth),
            Self::ZToFourLeptons => four_lepton::radiating_z(random, truth),
            Self::HiggsToZZ => four_lepton::higgs_to_zz(random, truth),
            Self::HiggsToWW => boson::higgs_to_ww(random, truth),
            Self::Bosons(one, other) => boson::pair(random, truth, one, other),
            Self::BosonAndJets(decay, slice) => jets::boson_and_jets(random, truth, decay, slice),
            Self::TopPairToLeptonAndJets => top::pair(random, truth, Decay::WToQuarks),
            Self::TopPairToLeptons => top::pair(random, truth, Decay::WToLepton(Family::Any)),
            Self::TopAndQuark => top::with_quark(random, truth),
            Self::TopAndBottom => top::with_bottom(random, truth),
            Self::TopAndW => top::with_w(random, truth),
            Self::ZPrime => heavy::z_prime(random, truth),
            Self::Sleptons => heavy::sleptons(random, truth),
            Self::HiggsToPhotons => photon::higgs(random, truth),
            Self::PhotonPair => photon::pair(random, truth),
            Self::PhotonAndJet => photon::with_jet(random, truth),
        }
        jets::recoil(random, truth);
    }
}

#[cfg(test)]
mod tests;
