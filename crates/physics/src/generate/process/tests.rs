use super::super::random::key;
use super::*;
use crate::FinalState;

fn events(process: Process, final_state: FinalState, mut look: impl FnMut(&Truth)) {
    let mut random = Random::stream(key(5, "", ""), 0);
    let mut truth = Truth::new(final_state, true);
    for _ in 0..2000 {
        process.generate(&mut random, &mut truth);
        look(&truth);
    }
}

fn w() -> Decay {
    Decay::WToLepton(Family::Any)
}

fn mass(truth: &Truth) -> f64 {
    let leptons = truth.leptons.iter().map(|lepton| lepton.momentum);
    let photons = truth.photons.iter().map(|photon| photon.momentum);
    leptons
        .chain(photons)
        .reduce(|sum, p| sum + p)
        .unwrap()
        .mass()
}

#[test]
fn every_process_gives_what_its_collection_holds() {
    let processes = [
        Process::ZZ,
        Process::HiggsToWW,
        Process::Bosons(w(), Decay::ZToNeutrinos),
        Process::BosonAndJets(Decay::ZToLeptons(Family::Tau), Slice::ALL),
        Process::TopPairToLeptonAndJets,
        Process::TopAndQuark,
        Process::TopAndBottom,
        Process::TopAndW,
        Process::ZPrime,
        Process::Sleptons,
    ];
    for process in processes {
        for final_state in FinalState::ALL {
            if final_state == FinalState::Diphoton {
                continue;
            }
            events(process, final_state, |truth| {
                assert!(truth.leptons.len() >= final_state.leptons(), "{process:?}");
                let has_tau = final_state != FinalState::LeptonTau || !truth.taus.is_empty();
                assert!(has_tau, "{process:?}");
                let has_large = !truth.is_boosted() || !truth.large_r_jets.is_empty();
                assert!(has_large, "{process:?}");
            });
        }
    }
    for process in [
        Process::HiggsToPhotons,
        Process::PhotonPair,
        Process::PhotonAndJet,
    ] {
        events(process, FinalState::Diphoton, |truth| {
            assert_eq!(truth.photons.len(), 2, "{process:?}");
        });
    }
}

#[test]
fn resonances_stand_where_they_belong() {
    let check = |process, final_state, low: f64, high: f64| {
        events(process, final_state, |truth| {
            let mass = mass(truth);
            assert!(mass > low && mass < high, "{process:?} {mass}");
        });
    };
    let four = FinalState::FourLepton;
    check(Process::HiggsToZZ, four, 124.99, 125.01);
    check(Process::ZToFourLeptons, four, 75.9, 108.1);
    check(Process::ZZStar, four, 99.9, 186.1);
    check(Process::ZZ, four, 132.0, f64::INFINITY);
    let two = FinalState::Diphoton;
    check(Process::HiggsToPhotons, two, 124.99, 125.01);
    check(Process::PhotonPair, two, 61.9, f64::INFINITY);
    let z = Process::BosonAndJets(Decay::ZToLeptons(Family::Muon), Slice::ALL);
    check(z, FinalState::TwoLepton, 49.9, 400.1);
}

#[test]
fn top_quarks_decay_to_jets_of_their_mass() {
    let mut found = 0;
    events(Process::ZPrime, FinalState::LargeRJetLepton, |truth| {
        for jet in truth.large_r_jets.iter().filter(|jet| jet.prongs == 3) {
            assert!((jet.mass - 172.5).abs() < 1e-3, "{}", jet.mass);
            found += 1;
        }
        assert!(truth.jets.iter().filter(|jet| jet.flavour == 5).count() >= 2);
    });
    assert!(found > 1500, "{found}");
}

/// Rare events are made more often, and count for as much less.
#[test]
fn weights_make_up_for_rare_events() {
    let process = Process::BosonAndJets(Decay::WToLepton(Family::Muon), Slice::ALL);
    let count = |draws_rare_events| {
        let mut random = Random::stream(key(6, "", ""), 0);
        let mut truth = Truth::new(FinalState::OneLepton, draws_rare_events);
        let (mut events, mut weights) = (0, 0.0);
        for _ in 0..100_000 {
            process.generate(&mut random, &mut truth);
            if truth.jets.len() >= 4 {
                events += 1;
                weights += truth.weight;
            }
        }
        (f64::from(events), weights)
    };
    let (plain, unweighted) = count(false);
    let (rare, weighted) = count(true);
    assert_eq!(plain, unweighted);
    assert!(rare > 3.0 * plain, "{rare} {plain}");
    assert!((weighted / plain - 1.0).abs() < 0.15, "{weighted} {plain}");
}
