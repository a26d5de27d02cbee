//! W and Z bosons, alone and in pairs, to leptons and taus; a Higgs boson to two W.

use super::{
    Fills, GoodLepton, LEADING, SUBLEADING, fill_jet, fill_lepton, is_good_jet, is_good_lepton,
    is_opposite, lepton_vector, missing_vector, weight,
};
use crate::event::{Event, Lepton};
use crate::vector::{Vector, eta, folded, mass, of_branches, phi, pt, sum, transverse_mass};

fn good_leptons<'a>(event: &'a Event, cuts: &GoodLepton) -> Vec<&'a Lepton> {
    let leptons = event.leptons.iter();
    leptons.filter(|l| is_good_lepton(l, cuts)).collect()
}

fn has_trigger(event: &Event) -> bool {
    event.trig_e || event.trig_m
}

pub fn w_boson(event: &Event, sample: &str) -> (f32, Fills) {
    let (weight, mut fills) = (weight(event, 1.0, sample), Fills::new());
    let cuts = GoodLepton {
        min_pt: 35_000.0,
        isolation: 0.1,
        crack: true,
        refusals: true,
    };
    let good = good_leptons(event, &cuts);
    if !(event.met > 30_000.0) || !has_trigger(event) || good.len() != 1 {
        return (weight, fills);
    }
    let mtw = transverse_mass(lepton_vector(good[0]), missing_vector(event)) as f32;
    if !(mtw > 60_000.0) {
        return (weight, fills);
    }
    fills.push(("hist_etmiss", f64::from(event.met) / 1000.0));
    let mtw = f64::from(mtw) / 1000.0;
    fills.push(("hist_mtw", mtw));
    for (flavour, name) in [(11, "hist_mtw_enu"), (13, "hist_mtw_munu")] {
        let of_flavour = if good[0].flavour == flavour { mtw } else { 0.0 };
        fills.push((name, of_flavour));
        fills.push(("hist_mtw", of_flavour));
    }
    fill_lepton(&mut fills, LEADING, good[0]);
    fills.push(("hist_n_jets", event.jets.len() as f64));
    if let Some(jet) = event.jets.first() {
        fill_jet(&mut fills, ["hist_leadjet_pt", "hist_leadjet_eta"], jet);
    }
    (weight, fills)
}

pub fn z_boson(event: &Event, sample: &str) -> (f32, Fills) {
    let (weight, mut fills) = (weight(event, 1.0, sample), Fills::new());
    let cuts = GoodLepton {
        min_pt: 25_000.0,
        isolation: 0.15,
        crack: true,
        refusals: false,
    };
    let good = good_leptons(event, &cuts);
    if !has_trigger(event) || good.len() != 2 || !event.jets.is_empty() {
        return (weight, fills);
    }
    let m = (mass(sum(lepton_vector(good[0]), lepton_vector(good[1]))) / 1000.0) as f32;
    let m = f64::from(m);
    let is_pair = is_opposite(good[0].charge, good[1].charge) && good[0].flavour == good[1].flavour;
    if is_pair && (m - 91.18).abs() < 25.0 {
        let of_flavour = if good[0].flavour == 11 {
            "hist_ee_mLL"
        } else {
            "hist_mumu_mLL"
        };
        fills.push((of_flavour, m));
        fills.push(("hist_mLL", m));
        fill_lepton(&mut fills, LEADING, good[0]);
        fill_lepton(&mut fills, SUBLEADING, good[1]);
    }
    (weight, fills)
}

pub fn wz(event: &Event, sample: &str) -> (f32, Fills) {
    let (weight, mut fills) = (weight(event, 1.0, sample), Fills::new());
    let cuts = GoodLepton {
        min_pt: 20_000.0,
        isolation: 0.15,
        crack: true,
        refusals: false,
    };
    let good = good_leptons(event, &cuts);
    if !has_trigger(event) || good.len() != 3 {
        return (weight, fills);
    }
    let v: Vec<Vector> = good.iter().map(|l| lepton_vector(l)).collect();
    // −1 where two leptons are no pair.
    let delta = |a: usize, b: usize| {
        let is_pair =
            is_opposite(good[a].charge, good[b].charge) && good[a].flavour == good[b].flavour;
        let m = (mass(sum(v[a], v[b])) / 1000.0) as f32;
        if is_pair {
            (f64::from(m) - 91.18).abs() as f32
        } else {
            -1.0
        }
    };
    let (d12, d13, d23) = (delta(0, 1), delta(0, 2), delta(1, 2));
    // The distance, the pair, and the lepton of the W.
    let mut choice = None;
    let candidates = [(d12, (0, 1), 2), (d13, (0, 2), 1), (d23, (1, 2), 0)];
    for (at, one) in candidates.iter().enumerate() {
        let others = [candidates[(at + 1) % 3].0, candidates[(at + 2) % 3].0];
        let is_alone = others.iter().all(|d| *d < 0.0);
        let beats = |a: f32, b: f32| a > 0.0 && one.0 < a && b < 0.0;
        let wins = beats(others[0], others[1]) || beats(others[1], others[0]);
        if one.0 > 0.0 && (is_alone || wins) {
            choice = Some(*one);
        }
    }
    let Some((distance, (a, b), other)) = choice else {
        return (weight, fills);
    };
    let mtw = transverse_mass(v[other], missing_vector(event)) as f32;
    let is_hard = good.iter().any(|l| f64::from(l.pt) / 1000.0 > 25.0);
    if distance < 10.0 && mtw > 30_000.0 && event.met > 30_000.0 && is_hard {
        let pair = sum(v[a], v[b]);
        fills.push(("hist_mLL", f64::from((mass(pair) / 1000.0) as f32)));
        fills.push(("hist_ptLL", f64::from((pt(pair) / 1000.0) as f32)));
        fills.push(("hist_etmiss", f64::from(event.met) / 1000.0));
        fills.push(("hist_mtw", f64::from(mtw) / 1000.0));
        for lepton in good {
            let names = [
                "hist_threeleptpt",
                "hist_threelepteta",
                "hist_threeleptE",
                "hist_threeleptphi",
                "hist_threeleptch",
                "hist_threeleptID",
            ];
            fill_lepton(&mut fills, names, lepton);
        }
    }
    (weight, fills)
}

pub fn zz(event: &Event, sample: &str) -> (f32, Fills) {
    let (weight, mut fills) = (weight(event, 1.0, sample), Fills::new());
    let cuts = GoodLepton {
        min_pt: 20_000.0,
        isolation: 0.15,
        crack: false,
        refusals: false,
    };
    let good = good_leptons(event, &cuts);
    let is_hard = good.iter().any(|l| f64::from(l.pt) / 1000.0 > 25.0);
    if event.leptons.len() < 4 || !has_trigger(event) || good.len() != 4 || !is_hard {
        return (weight, fills);
    }
    if good.iter().map(|l| i64::from(l.charge)).sum::<i64>() != 0 {
        return (weight, fills);
    }
    let types: u32 = good.iter().map(|l| l.flavour).sum();
    let v: Vec<Vector> = good.iter().map(|l| lepton_vector(l)).collect();
    // Masses and sums of distances, zeros where a pairing is not possible.
    let mut pairings = [(0.0f32, 0.0f32, 0.0f32); 3];
    for (place, (i, j, k)) in [(1, 2, 3), (2, 1, 3), (3, 1, 2)].into_iter().enumerate() {
        if good[0].flavour == good[i].flavour && is_opposite(good[0].charge, good[i].charge) {
            let m1 = (mass(sum(v[0], v[i])) / 1000.0) as f32;
            let m2 = (mass(sum(v[j], v[k])) / 1000.0) as f32;
            let [d1, d2] = [m1, m2].map(|m| (f64::from(m) - 91.18).abs() as f32);
            pairings[place] = (m1, m2, d1 + d2);
        }
    }
    let (mut z1, mut z2, mut distance) = (0.0, 0.0, 0.0);
    if types == 44 || types == 52 {
        for (place, one) in pairings.iter().enumerate() {
            let (next, last) = (pairings[(place + 1) % 3], pairings[(place + 2) % 3]);
            if one.2 < next.2 && one.2 < last.2 {
                (z1, z2, distance) = *one;
            }
        }
    } else if types == 48 {
        for (place, one) in pairings.iter().enumerate() {
            if good[0].flavour == good[place + 1].flavour
                && is_opposite(good[0].charge, good[place + 1].charge)
            {
                (z1, z2, distance) = *one;
            }
        }
    } else {
        return (weight, fills);
    }
    if distance < 50.0 {
        let system = sum(sum(sum(v[0], v[1]), v[2]), v[3]);
        let rapidity = 0.5 * ((system[3] + system[2]) / (system[3] - system[2])).ln();
        fills.push(("hist_mLL1", f64::from(z1)));
        fills.push(("hist_mLL2", f64::from(z2)));
        fills.push((
            "hist_fourlepsys_pt",
            f64::from((pt(system) / 1000.0) as f32),
        ));
        fills.push(("hist_fourlepsys_y", f64::from(rapidity as f32)));
        fills.push((
            "hist_fourlepsys_m",
            f64::from((mass(system) / 1000.0) as f32),
        ));
        for lepton in good {
            let names = [
                "hist_fourleptpt",
                "hist_fourlepteta",
                "hist_fourleptE",
                "hist_fourleptphi",
                "hist_fourleptch",
                "hist_fourleptID",
            ];
            fill_lepton(&mut fills, names, lepton);
        }
    }
    (weight, fills)
}

pub fn hww(event: &Event, sample: &str) -> (f32, Fills) {
    let (weight, mut fills) = (weight(event, 1.0, sample), Fills::new());
    let cuts = GoodLepton {
        min_pt: 15_000.0,
        isolation: 0.1,
        crack: true,
        refusals: false,
    };
    let good = good_leptons(event, &cuts);
    if !has_trigger(event) || good.len() != 2 || !(good[0].pt > 22_000.0) {
        return (weight, fills);
    }
    if !is_opposite(good[0].charge, good[1].charge) || good[0].flavour == good[1].flavour {
        return (weight, fills);
    }
    let pair = sum(lepton_vector(good[0]), lepton_vector(good[1]));
    let missing = missing_vector(event);
    let m = (mass(pair) / 1000.0) as f32;
    let pair_pt = (pt(pair) / 1000.0) as f32;
    let dphi = folded((good[0].phi - good[1].phi).abs());
    let met = (f64::from(event.met) / 1000.0) as f32;
    let dphi_met = folded((phi(pair) - phi(missing)).abs() as f32);
    let mt = (transverse_mass(pair, missing) / 1000.0) as f32;
    let soft: Vec<_> = event
        .jets
        .iter()
        .filter(|j| is_good_jet(j, 20_000.0))
        .collect();
    let b_jets = soft
        .iter()
        .filter(|j| f64::from(j.mv2c10) > 0.175_847_5)
        .count();
    let jets = soft.iter().filter(|j| j.pt > 30_000.0).count();
    let values = [
        f64::from(m),
        f64::from(pair_pt),
        f64::from(dphi),
        f64::from(dphi_met),
        f64::from(met),
        f64::from(mt),
        jets as f64,
        b_jets as f64,
    ];
    let before = [
        "histI_mLL",
        "histI_ptLL",
        "histI_dPhi_LL",
        "histI_dPhiLLmet",
        "histI_etmiss",
        "histI_mt",
        "histI_n_jets",
        "histI_n_bjets",
    ];
    fills.extend(before.into_iter().zip(values));
    let is_selected = m > 10.0
        && jets <= 1
        && met > 20.0
        && f64::from(dphi_met) > std::f64::consts::PI / 2.0
        && pair_pt > 30.0
        && m < 55.0
        && f64::from(dphi) < 1.8
        && b_jets == 0;
    if is_selected {
        let after = [
            "hist_mLL",
            "hist_ptLL",
            "hist_dPhi_LL",
            "hist_dPhiLLmet",
            "hist_etmiss",
            "hist_mt",
            "hist_n_jets",
            "hist_n_bjets",
        ];
        fills.extend(after.into_iter().zip(values));
        fill_lepton(&mut fills, LEADING, good[0]);
        fill_lepton(&mut fills, SUBLEADING, good[1]);
    }
    (weight, fills)
}

pub fn z_tau_tau(event: &Event, sample: &str) -> (f32, Fills) {
    let (weight, mut fills) = (weight(event, event.sf_tau, sample), Fills::new());
    let cuts = GoodLepton {
        min_pt: 30_000.0,
        isolation: 0.1,
        crack: true,
        refusals: false,
    };
    let good = good_leptons(event, &cuts);
    let taus = event.taus.iter();
    let taus: Vec<_> = taus
        .filter(|t| t.tight && t.pt > 25_000.0 && t.eta.abs() < 2.5)
        .collect();
    if !has_trigger(event) || good.len() != 1 || taus.len() != 1 {
        return (weight, fills);
    }
    let (lepton, tau) = (good[0], taus[0]);
    let (l, t) = (
        lepton_vector(lepton),
        of_branches(tau.pt, tau.eta, tau.phi, tau.energy),
    );
    let missing = missing_vector(event);
    let mt = transverse_mass(l, missing) as f32;
    let visible = (mass(sum(l, t)) / 1000.0) as f32;
    let tau_angle = folded((f64::from(tau.phi) - phi(missing)).abs() as f32);
    let lepton_angle = folded((phi(l) - phi(missing)).abs() as f32);
    let angles = tau_angle + lepton_angle;
    let is_selected = is_opposite(lepton.charge, tau.charge)
        && visible > 35.0
        && visible < 75.0
        && mt < 30_000.0
        && f64::from(angles) < 3.5;
    if !is_selected {
        return (weight, fills);
    }
    let mt_gev = f64::from((f64::from(mt) / 1000.0) as f32);
    fills.push(("hist_mLL", f64::from(visible)));
    fills.push(("hist_MMC", f64::from(event.ditau_m)));
    fills.push(("hist_etmiss", f64::from(event.met) / 1000.0));
    let is_electron = lepton.flavour == 11;
    fills.push(("hist_mt_etau", if is_electron { mt_gev } else { 0.0 }));
    fills.push(("hist_mt_mutau", if is_electron { 0.0 } else { mt_gev }));
    fills.push(("hist_sum_dPhi", f64::from(angles)));
    fills.push(("hist_n_jets", event.jets.len() as f64));
    fill_lepton(&mut fills, LEADING, lepton);
    fills.push(("hist_taupt", pt(t) / 1000.0));
    fills.push(("hist_taueta", eta(t)));
    fills.push(("hist_tauE", t[3] / 1000.0));
    fills.push(("hist_tauphi", phi(t)));
    fills.push(("hist_tau_nTracks", f64::from(tau.tracks)));
    fills.push(("hist_tau_BDTid", f64::from(tau.bdt)));
    let nominal = (f64::from(tau.pt) / 1000.0) as f32;
    if nominal > 25.0 {
        fills.push(("hist_syst_taupt", f64::from(nominal)));
    }
    let mut leading = 0;
    for (at, jet) in event.jets.iter().enumerate() {
        if is_good_jet(jet, 25_000.0) {
            leading = at;
        }
    }
    if let Some(jet) = event.jets.get(leading) {
        fill_jet(&mut fills, ["hist_leadjet_pt", "hist_leadjet_eta"], jet);
    }
    (weight, fills)
}
