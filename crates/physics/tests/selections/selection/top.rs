//! Top quarks: pairs, single ones, and pairs so fast that one is a single jet.

use super::{
    Fills, GoodLepton, LEADING, fill_jet, fill_lepton, is_good_jet, is_good_lepton, jet_vector,
    lepton_vector, missing_vector, weight,
};
use crate::event::{Event, Jet, Lepton};
use crate::vector::{
    Vector, delta_r, eta, folded, mass, of_branches, phi, pt, sum, transverse_mass,
};

const B_TAG: f64 = 0.824_427_3;

/// The only good lepton.
fn only_lepton<'a>(event: &'a Event, cuts: &GoodLepton) -> Option<&'a Lepton> {
    let leptons = event.leptons.iter();
    let good: Vec<_> = leptons.filter(|l| is_good_lepton(l, cuts)).collect();
    let has_trigger = event.trig_e || event.trig_m;
    (good.len() == 1 && has_trigger).then(|| good[0])
}

fn good_jets(event: &Event) -> Vec<&Jet> {
    let jets = event.jets.iter();
    jets.filter(|jet| is_good_jet(jet, 30_000.0)).collect()
}

fn is_tagged(jet: &Jet) -> bool {
    f64::from(jet.mv2c10) > B_TAG
}

const SOFTER: GoodLepton = GoodLepton {
    min_pt: 30_000.0,
    isolation: 0.15,
    crack: true,
    refusals: false,
};

pub fn ttbar(event: &Event, sample: &str) -> (f32, Fills) {
    let (weight, mut fills) = (weight(event, event.sf_btag, sample), Fills::new());
    let Some(lepton) = only_lepton(event, &SOFTER) else {
        return (weight, fills);
    };
    let jets = good_jets(event);
    let b_jets: Vec<&&Jet> = jets.iter().filter(|jet| is_tagged(jet)).collect();
    let mtw = transverse_mass(lepton_vector(lepton), missing_vector(event)) as f32;
    let is_selected = event.jets.len() > 3
        && event.met > 30_000.0
        && jets.len() >= 4
        && b_jets.len() >= 2
        && mtw > 30_000.0;
    if !is_selected {
        return (weight, fills);
    }
    let met = f64::from(event.met) / 1000.0;
    fills.push(("hist_etmiss", met));
    fills.push(("hist_mtw", f64::from(mtw) / 1000.0));
    // Without uncertainties, what is varied keeps its value.
    let varied = crate::vector::et(missing_vector(event)) / 1000.0;
    if varied > 30.0 && f64::from(mtw) / 1000.0 > 30.0 {
        fills.push(("hist_syst_etmiss", varied));
        fills.push(("hist_syst_mtw", f64::from(mtw) / 1000.0));
    }
    let lepton_pt = pt(lepton_vector(lepton)) / 1000.0;
    if lepton_pt > 30.0 {
        fills.push(("hist_syst_leadleptpt", lepton_pt));
    }
    fill_lepton(&mut fills, LEADING, lepton);
    fills.push(("hist_n_jets", jets.len() as f64));
    fill_jet(&mut fills, ["hist_leadjet_pt", "hist_leadjet_eta"], jets[0]);
    let nominal = (f64::from(jets[0].pt) / 1000.0) as f32;
    fills.push(("hist_syst_leadjet_pt", f64::from(nominal)));
    fills.push(("hist_n_bjets", b_jets.len() as f64));
    fill_jet(
        &mut fills,
        ["hist_leadbjet_pt", "hist_leadbjet_eta"],
        b_jets[0],
    );

    let v: Vec<Vector> = jets.iter().map(|jet| jet_vector(jet)).collect();
    let pt_gev = |v: Vector| (pt(v) / 1000.0) as f32;
    let (mut largest, mut top, mut pair) = (0.0f32, 0.0f32, (0, 0));
    for i in 0..v.len() {
        for j in i + 1..v.len() {
            for k in j + 1..v.len() {
                let all = sum(sum(v[i], v[j]), v[k]);
                if pt_gev(all) > largest {
                    largest = pt_gev(all);
                    top = (mass(all) / 1000.0) as f32;
                    let [ij, ik, jk] =
                        [(i, j), (i, k), (j, k)].map(|(a, b)| pt_gev(sum(v[a], v[b])));
                    pair = (i, j);
                    if ik > ij && ik > jk {
                        pair = (i, k);
                    }
                    if jk > ij && jk > ik {
                        pair = (j, k);
                    }
                }
            }
        }
    }
    let w = (mass(sum(v[pair.0], v[pair.1])) / 1000.0) as f32;
    if top > 100.0 && top < 250.0 {
        fills.push(("hist_Topmass", f64::from(top)));
    }
    if w > 50.0 && w < 120.0 {
        fills.push(("hist_Wmass", f64::from(w)));
    }
    (weight, fills)
}

pub fn single_top(event: &Event, sample: &str) -> (f32, Fills) {
    let (weight, mut fills) = (weight(event, event.sf_btag, sample), Fills::new());
    let cuts = GoodLepton {
        min_pt: 35_000.0,
        isolation: 0.1,
        crack: true,
        refusals: true,
    };
    let Some(lepton) = only_lepton(event, &cuts) else {
        return (weight, fills);
    };
    let v = lepton_vector(lepton);
    let mtw = transverse_mass(v, missing_vector(event)) as f32;
    let jets = good_jets(event);
    let (tagged, untagged): (Vec<&Jet>, Vec<&Jet>) = jets.iter().partition(|jet| is_tagged(jet));
    if !(event.met > 30_000.0 && mtw > 60_000.0 && tagged.len() == 1 && untagged.len() == 1) {
        return (weight, fills);
    }
    let (tagged, untagged) = (tagged[0], untagged[0]);
    let delta_eta = (untagged.eta - tagged.eta).abs();
    let gev = |x: f32| f64::from(x) / 1000.0;
    let ht = (pt(v) / 1000.0 + gev(untagged.pt) + gev(tagged.pt) + gev(event.met)) as f32;
    let mlb = (mass(sum(jet_vector(tagged), v)) / 1000.0) as f32;
    if untagged.eta.abs() > 1.5 && delta_eta > 1.5 && ht > 195.0 && mlb < 150.0 {
        fills.push(("hist_etmiss", gev(event.met)));
        fills.push(("hist_mtw", gev(mtw)));
        fills.push(("hist_deltaeta", f64::from(delta_eta)));
        fills.push(("hist_HT", f64::from(ht)));
        fills.push(("hist_Mlb", f64::from(mlb)));
        fill_lepton(&mut fills, LEADING, lepton);
        fills.push(("hist_n_jets", 2.0));
        fill_jet(
            &mut fills,
            ["hist_leadjet_pt", "hist_leadjet_eta"],
            untagged,
        );
        fills.push(("hist_n_bjets", 1.0));
        fill_jet(
            &mut fills,
            ["hist_leadbjet_pt", "hist_leadbjet_eta"],
            tagged,
        );
    }
    (weight, fills)
}

pub fn z_prime(event: &Event, sample: &str) -> (f32, Fills) {
    let (weight, mut fills) = (weight(event, event.sf_btag, sample), Fills::new());
    let Some(lepton) = only_lepton(event, &SOFTER) else {
        return (weight, fills);
    };
    let v = lepton_vector(lepton);
    let mtw = transverse_mass(v, missing_vector(event)) as f32;
    let jets = good_jets(event);
    let near: Vec<&&Jet> = jets
        .iter()
        .filter(|jet| (delta_r(v, jet_vector(jet)) as f32) < 2.0)
        .collect();
    let b_jets: Vec<&&Jet> = jets.iter().filter(|jet| is_tagged(jet)).collect();
    let is_leptonic = !event.large_r_jets.is_empty()
        && event.met > 20_000.0
        && event.met + mtw > 60_000.0
        && !b_jets.is_empty()
        && !near.is_empty();
    if !is_leptonic {
        return (weight, fills);
    }
    let small = jet_vector(near[0]);
    let gev = |x: f32| f64::from(x) / 1000.0;
    let mut tops = Vec::new();
    for jet in &event.large_r_jets {
        let large = of_branches(jet.pt, jet.eta, jet.phi, jet.energy);
        let in_range = gev(jet.mass) > 100.0
            && gev(jet.pt) > 300.0
            && gev(jet.pt) < 1500.0
            && jet.eta.abs() < 2.0
            && jet.tau32 < 0.75;
        let angle = folded((phi(v) - phi(large)).abs() as f32);
        let distance = delta_r(small, large) as f32;
        let has_b = b_jets.iter().any(|b| {
            let b = jet_vector(b);
            f64::from(delta_r(b, large) as f32) < 1.0 || f64::from(delta_r(b, small) as f32) < 0.01
        });
        if in_range && distance > 1.5 && angle > 1.0 && has_b {
            tops.push((jet, large));
        }
        if gev(jet.mass) > 50.0 && gev(jet.pt) > 250.0 && jet.eta.abs() < 2.0 {
            fills.push(("hist_n_leadLRjets", event.large_r_jets.len() as f64));
            fills.push(("hist_leadLRjet_pt", gev(jet.pt)));
            fills.push(("hist_leadLRjet_eta", f64::from(jet.eta)));
            fills.push(("hist_leadLRjet_phi", f64::from(jet.phi)));
            fills.push(("hist_leadLRjet_m", gev(jet.mass)));
            fills.push(("hist_leadLRjet_tau32", f64::from(jet.tau32)));
        }
    }
    let [(top, large)] = tops[..] else {
        return (weight, fills);
    };
    if is_tagged(near[0]) {
        let pair = sum(large, sum(small, v));
        fills.push(("hist_ttbarMLR", mass(pair) / 1000.0));
    }
    fills.push(("hist_etmiss", gev(event.met)));
    fills.push(("hist_mtw", gev(mtw)));
    fill_lepton(&mut fills, LEADING, lepton);
    fills.push(("hist_n_jets", near.len() as f64));
    fills.push(("hist_leadjet_pt", pt(small) / 1000.0));
    fills.push(("hist_leadjet_eta", eta(small)));
    fills.push(("hist_n_bjets", b_jets.len() as f64));
    fill_jet(
        &mut fills,
        ["hist_leadbjet_pt", "hist_leadbjet_eta"],
        b_jets[0],
    );
    fills.push(("hist_n_TopLRjets", 1.0));
    fills.push(("hist_leadTopLRjet_pt", gev(top.pt)));
    fills.push(("hist_leadTopLRjet_eta", f64::from(top.eta)));
    fills.push(("hist_leadTopLRjet_phi", f64::from(top.phi)));
    fills.push(("hist_leadTopLRjet_m", gev(top.mass)));
    fills.push(("hist_leadTopLRjet_tau32", f64::from(top.tau32)));
    let nominal = gev(top.pt) as f32;
    if nominal > 300.0 {
        fills.push(("hist_leadTopLRjet_syst_pt", f64::from(nominal)));
    }
    (weight, fills)
}
