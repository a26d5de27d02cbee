//! Higgs bosons to four leptons and to two photons.

use super::{Fills, weight};
use crate::event::{Event, Lepton, Photon};
use crate::vector::{Vector, eta, mass, phi, pt, sum, vector};

fn is_good_lepton(l: &Lepton) -> bool {
    let energy = f64::from(l.energy) / 1000.0;
    let v = vector(
        f64::from(l.pt) / 1000.0,
        f64::from(l.eta),
        f64::from(l.phi),
        energy,
    );
    let theta = pt(v).atan2(v[2]);
    let soft = f64::from(l.pt) > 5000.0
        && f64::from(l.eta.abs()) < 2.5
        && f64::from(l.ptcone / l.pt) < 0.3
        && f64::from(l.etcone / l.pt) < 0.3;
    let near = (f64::from(l.z0) * theta.sin()).abs() < 0.5;
    let ratio = l.d0.abs() / l.sigma;
    let electron =
        l.flavour == 11 && f64::from(l.pt) > 7000.0 && f64::from(l.eta.abs()) < 2.47 && ratio < 5.0;
    let muon = l.flavour == 13 && ratio < 3.0;
    soft && near && (electron || muon)
}

/// The four-lepton selection: the event's weight, and its fills if it passes.
pub fn hzz(event: &Event, sample: &str) -> (f32, Fills) {
    let weight = weight(event, 1.0, sample);
    let mut fills = Fills::new();
    if !(event.trig_e || event.trig_m) {
        return (weight, fills);
    }
    let good: Vec<&Lepton> = event.leptons.iter().filter(|l| is_good_lepton(l)).collect();
    if good.len() != 4 {
        return (weight, fills);
    }
    if !(good[0].pt > 25000.0 && good[1].pt > 15000.0 && good[2].pt > 10000.0) {
        return (weight, fills);
    }
    if good.iter().map(|l| i64::from(l.charge)).sum::<i64>() != 0 {
        return (weight, fills);
    }
    let types: u32 = good.iter().map(|l| l.flavour).sum();
    if types != 44 && types != 52 && types != 48 {
        return (weight, fills);
    }
    let v: Vec<Vector> = good
        .iter()
        .map(|l| {
            vector(
                f64::from(l.pt),
                f64::from(l.eta),
                f64::from(l.phi),
                f64::from(l.energy),
            )
        })
        .collect();

    // Masses and distances of each pairing are zero unless the pairing is possible.
    let (mut z1, mut z2) = (0.0f32, 0.0f32);
    let mut mixed = (0.0f32, 0.0f32, 0.0f32, 0.0f32);
    for (i, j, k) in [(1, 2, 3), (2, 1, 3), (3, 1, 2)] {
        let (a, b) = (good[0], good[i]);
        if a.flavour != b.flavour || i64::from(a.charge) * i64::from(b.charge) >= 0 {
            continue;
        }
        let m1 = (mass(sum(v[0], v[i])) / 1000.0) as f32;
        let m2 = (mass(sum(v[j], v[k])) / 1000.0) as f32;
        let d1 = (f64::from(m1) - 91.18).abs() as f32;
        let d2 = (f64::from(m2) - 91.18).abs() as f32;
        mixed = (m1, m2, d1, d2);
        if types != 48 {
            if d1 < d2 {
                (z1, z2) = (m1, m2);
            }
            if d2 < d1 {
                (z1, z2) = (m2, m1);
            }
        }
    }
    if types == 48 {
        let (m1, m2, d1, d2) = mixed;
        if d1 < d2 {
            (z1, z2) = (m1, m2);
        }
        if d2 < d1 {
            (z1, z2) = (m2, m1);
        }
    }

    let system = sum(sum(sum(v[0], v[1]), v[2]), v[3]);
    let system_mass = f64::from((mass(system) / 1000.0) as f32);
    let rapidity = 0.5 * ((system[3] + system[2]) / (system[3] - system[2])).ln();
    let jets = event.jets.iter();
    let jets = jets
        .filter(|j| f64::from(j.pt) > 30000.0 && f64::from(j.eta.abs()) < 4.4)
        .count();
    fills.push(("hist_mLL1", f64::from(z1)));
    fills.push(("hist_mLL2", f64::from(z2)));
    fills.push((
        "hist_fourlepsys_pt",
        f64::from((pt(system) / 1000.0) as f32),
    ));
    fills.push(("hist_fourlepsys_y", f64::from(rapidity as f32)));
    fills.push(("mass_ext_four_lep", system_mass));
    fills.push(("mass_four_lep", system_mass));
    fills.push(("hist_n_jets", jets as f64));
    for (lepton, v) in good.iter().zip(v) {
        fills.push(("hist_fourleptpt", pt(v) / 1000.0));
        fills.push(("hist_fourlepteta", eta(v)));
        fills.push(("hist_fourleptE", v[3] / 1000.0));
        fills.push(("hist_fourleptphi", phi(v)));
        fills.push(("hist_fourleptch", f64::from(lepton.charge)));
        fills.push(("hist_fourleptID", f64::from(lepton.flavour)));
    }
    (weight, fills)
}

fn is_good_photon(p: &Photon) -> bool {
    let eta = f64::from(p.eta.abs());
    let (in_barrel, in_end_cap) = (eta < 1.37, eta > 1.52);
    p.tight && f64::from(p.pt) > 25000.0 && eta < 2.37 && (in_barrel || in_end_cap)
}

fn is_isolated(p: &Photon) -> bool {
    f64::from(p.ptcone / p.pt) < 0.065 && f64::from(p.etcone / p.pt) < 0.065
}

/// Other scale factors, and no rule for samples of a single top quark.
fn photon_weight(event: &Event, sample: &str) -> f32 {
    if sample.contains("data") {
        return 1.0;
    }
    event.sf_photon * event.sf_photon_trigger * event.sf_pileup * event.mc_weight
}

/// The diphoton selection: the event's weight, and its fills if it passes.
pub fn hyy(event: &Event, sample: &str) -> (f32, Fills) {
    let weight = photon_weight(event, sample);
    let mut fills = Fills::new();
    let good: Vec<&Photon> = event.photons.iter().filter(|p| is_good_photon(p)).collect();
    if !event.trig_p || good.len() != 2 || !is_isolated(good[0]) || !is_isolated(good[1]) {
        return (weight, fills);
    }
    let v: Vec<Vector> = good
        .iter()
        .map(|p| {
            vector(
                f64::from(p.pt),
                f64::from(p.eta),
                f64::from(p.phi),
                f64::from(p.energy),
            )
        })
        .collect();
    let mut dphi = (good[0].phi - good[1].phi).abs();
    if f64::from(dphi) >= std::f64::consts::PI || dphi.is_nan() {
        dphi = (2.0 * std::f64::consts::PI - f64::from(dphi)) as f32;
    }
    let angles = (eta(v[0]) - eta(v[1])).cosh() - f64::from(dphi.cos());
    let m = (2.0 * pt(v[0]) / 1000.0 * pt(v[1]) / 1000.0 * angles).sqrt() as f32;
    let share = |v: Vector| f64::from((pt(v) / 1000.0 / f64::from(m)) as f32);
    if share(v[0]) > 0.35 && share(v[1]) > 0.25 && m > 105.0 && m < 160.0 {
        fills.push(("hist_mYY_bin1", f64::from(m)));
        if good
            .iter()
            .all(|p| f64::from(p.eta.abs()) < 0.75 && p.conversion == 0)
        {
            fills.push(("hist_mYY_cat_bin1", f64::from(m)));
        }
    }
    (weight, fills)
}
