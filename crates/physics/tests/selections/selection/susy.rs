//! Sleptons: two leptons and particles that escape.

use rootlake_physics::mt2::{Side, mt2};

use super::{Fills, weight};
use crate::event::{Event, Lepton};
use crate::vector::{Vector, delta_r, et, eta, mass, of_branches_gev, phi, pt, sum, theta, vector};

fn lepton_vector(l: &Lepton) -> Vector {
    of_branches_gev(l.pt, l.eta, l.phi, l.energy)
}

/// The good leptons, in the file's order. Jets that are electrons are out for those behind.
fn good_leptons(event: &Event) -> Vec<&Lepton> {
    let mut crossed_out = vec![false; event.jets.len()];
    let mut good = Vec::new();
    for lepton in &event.leptons {
        let v = lepton_vector(lepton);
        let (is_electron, is_muon) = (lepton.flavour == 11, lepton.flavour == 13);
        if pt(v) <= 10.0
            || (is_electron && eta(v).abs() >= 2.47)
            || (is_muon && eta(v).abs() >= 2.7)
        {
            continue;
        }
        let mut is_removed = false;
        for (jet, is_crossed_out) in event.jets.iter().zip(&mut crossed_out) {
            let abs_eta = f64::from(jet.eta.abs());
            let is_pile_up = jet.pt < 60_000.0 && abs_eta < 2.4 && f64::from(jet.jvt.abs()) <= 0.59;
            if *is_crossed_out || jet.pt < 20_000.0 || abs_eta >= 4.5 || is_pile_up {
                continue;
            }
            let r = delta_r(of_branches_gev(jet.pt, jet.eta, jet.phi, jet.energy), v);
            let is_b = f64::from(jet.mv2c10) > 0.175_847_5;
            if is_electron && r < 0.2 && !is_b {
                *is_crossed_out = true;
            } else if (is_electron || is_muon) && r < 0.4 {
                is_removed = true;
            }
        }
        let z0 = (f64::from(lepton.z0) * theta(v).sin()).abs();
        let etcone = f64::from(lepton.etcone / lepton.pt);
        let ptcone = f64::from(lepton.ptcone / lepton.pt);
        let ratio = lepton.d0.abs() / lepton.sigma;
        let is_refused = is_removed
            || z0 > 0.5
            || etcone > 0.15
            || ptcone > 0.15
            || (is_electron && ratio > 5.0)
            || (is_muon && ratio > 3.0);
        if !is_refused {
            good.push(lepton);
        }
    }
    good
}

/// Names of one channel's histograms: masses, missing energies, then those of both leptons.
fn names(channel: &str) -> [&'static str; 12] {
    macro_rules! named {
        ($suffix:literal) => {
            [
                concat!("hist_mLL_", $suffix),
                concat!("hist_etmiss_", $suffix),
                concat!("hist_mt2_", $suffix),
                concat!("hist_rebin_etmiss_", $suffix),
                concat!("hist_leadleptpt_", $suffix),
                concat!("hist_leadlepteta_", $suffix),
                concat!("hist_leadleptE_", $suffix),
                concat!("hist_leadleptphi_", $suffix),
                concat!("hist_subleadleptpt_", $suffix),
                concat!("hist_subleadlepteta_", $suffix),
                concat!("hist_subleadleptE_", $suffix),
                concat!("hist_subleadleptphi_", $suffix),
            ]
        };
    }
    match channel {
        "eeOS" => named!("eeOS"),
        "mumuOS" => named!("mumuOS"),
        "SFOS" => named!("SFOS"),
        "SR_loose" => named!("SR_loose"),
        _ => named!("SR_tight"),
    }
}

pub fn susy(event: &Event, sample: &str) -> (f32, Fills) {
    let (weight, mut fills) = (weight(event, 1.0, sample), Fills::new());
    let good = good_leptons(event);
    if event.leptons.len() < 2 || good.len() != 2 {
        return (weight, fills);
    }
    let (mut first, mut second) = (good[0], good[1]);
    if !(first.pt > second.pt) {
        (first, second) = (second, first);
    }
    if first.flavour != second.flavour || first.charge == second.charge {
        return (weight, fills);
    }
    let (l1, l2) = (lepton_vector(first), lepton_vector(second));
    let (max_eta, has_trigger, channel) = match first.flavour {
        11 => (2.47, event.trig_e, "eeOS"),
        13 => (2.4, event.trig_m, "mumuOS"),
        _ => return (weight, fills),
    };
    let m = mass(sum(l1, l2)) as f32;
    if pt(l1) < 25.0
        || pt(l2) < 20.0
        || eta(l1).abs() > max_eta
        || eta(l2).abs() > max_eta
        || !has_trigger
        || m < 40.0
    {
        return (weight, fills);
    }
    let light = |jet: &&crate::event::Jet| {
        f64::from(jet.pt) / 1000.0 > 60.0 && f64::from(jet.mv2c10) < 0.645_925
    };
    let b = |jet: &&crate::event::Jet| {
        f64::from(jet.pt) / 1000.0 > 20.0 && f64::from(jet.mv2c10) > 0.645_925
    };
    let has_jets = event.jets.iter().any(|jet| light(&jet) || b(&jet));
    let met = f64::from(event.met) / 1000.0;
    let across = vector(met, 0.0, event.met_phi.into(), 0.0);
    let missing = sum(across, [0.0, 0.0, 0.0, pt(across)]);
    let side = |v: Vector| Side {
        mass: mass(v),
        px: v[0],
        py: v[1],
        invisible_mass: 0.0,
    };
    let mt2 = mt2(side(l1), side(l2), (missing[0], missing[1])).unwrap_or(-1.0) as f32;
    let mut channels = vec![channel, "SFOS"];
    if !has_jets && m > 111.0 && mt2 > 100.0 {
        channels.push("SR_loose");
    }
    if !has_jets && m > 300.0 && mt2 > 130.0 {
        channels.push("SR_tight");
    }
    for channel in channels {
        let values = [
            f64::from(m),
            et(missing),
            f64::from(mt2),
            et(missing),
            pt(l1),
            eta(l1),
            l1[3],
            phi(l1),
            pt(l2),
            eta(l2),
            l2[3],
            phi(l2),
        ];
        fills.extend(names(channel).into_iter().zip(values));
    }
    (weight, fills)
}
