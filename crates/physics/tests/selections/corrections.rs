//! Each correction changes the analyses it names, and no other.

use std::f32::consts::PI;

use rootlake_physics::{Correction, Corrections, analysis};

use crate::event::{Event, Jet, Lepton, analyse};
use crate::{bits, random_events};

/// The bits of all histograms.
fn filled(name: &str, corrections: Corrections, events: &[Event]) -> Vec<impl PartialEq> {
    let analysis = analysis::find_corrected(name, corrections).unwrap();
    // Only in samples of a single top quark the signs of weights count.
    let output = analyse(analysis.as_ref(), events, "single_top_tchan");
    output.histograms.iter().map(bits).collect()
}

#[test]
fn each_correction_shows_in_its_analyses_alone() {
    let events = random_events(6_000);
    // One event whose weight has no sign hides others in the same bin.
    let events: Vec<Event> = events
        .into_iter()
        .filter(|event| event.mc_weight.is_normal())
        .collect();
    for name in analysis::NAMES {
        for &correction in Correction::ALL {
            let shown = events.iter().map(|event| showing(correction, event));
            let shown: Vec<Event> = shown.collect();
            let corrected = filled(name, Corrections::only(correction), &shown);
            let is_changed = corrected != filled(name, Corrections::NONE, &shown);
            let is_named = correction.difference().analyses.contains(&name);
            assert_eq!(is_changed, is_named, "{correction:?} in {name}");
        }
    }
}

/// The event, with what some corrections are about and what is rare at random.
fn showing(correction: Correction, event: &Event) -> Event {
    let mut event = event.clone();
    match correction {
        Correction::ZeroWeight => event.mc_weight = 0.0,
        Correction::TrackWithoutNumber => {
            for lepton in &mut event.leptons {
                lepton.d0 = f32::NAN;
            }
        }
        Correction::EqualPairs => {
            event.leptons = vec![lepton(13, 1, 0.0), lepton(13, -1, PI), lepton(13, 1, 0.0)];
            (event.met, event.met_phi) = (60_000.0, 2.0);
        }
        Correction::OverlapByOrder => {
            // The jet is the second electron and takes the first, unless it is crossed out before.
            event.leptons = vec![lepton(11, 1, 0.3), lepton(11, 1, 0.0), lepton(11, -1, PI)];
            event.jets = vec![jet(0.05)];
        }
        Correction::EveryJet => {
            // The jet is the first electron.
            event.leptons = [(1, 0.0), (-1, 2.0)]
                .map(|(charge, phi)| Lepton {
                    pt: 200_000.0,
                    energy: 200_000.0,
                    ..lepton(11, charge, phi)
                })
                .into();
            event.jets = vec![jet(0.0)];
            (event.met, event.met_phi) = (400_000.0, 1.0 - PI);
        }
        Correction::OtherParticles => event.leptons.push(lepton(15, 1, 1.0)),
        _ => {}
    }
    event
}

/// A good lepton across the beam.
fn lepton(flavour: u32, charge: i32, phi: f32) -> Lepton {
    Lepton {
        pt: 45_000.0,
        phi,
        energy: 45_000.0,
        charge,
        flavour,
        tight: true,
        sigma: 1.0,
        ..Lepton::default()
    }
}

/// A light jet across the beam.
fn jet(phi: f32) -> Jet {
    Jet {
        pt: 70_000.0,
        phi,
        energy: 70_000.0,
        ..Jet::default()
    }
}
