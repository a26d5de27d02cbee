//! Events at random, on the edges of cuts and beside them among others.

use std::f32::consts::PI;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::event::{Event, Jet, LargeRJet, Lepton, Photon, Tau};

/// Mostly within the range; at times on an edge, beside it, or no number.
fn around(low: f32, high: f32, edges: &'static [f32]) -> impl Strategy<Value = f32> {
    let edge = (0..edges.len(), 0..3).prop_map(move |(at, side)| match side {
        0 => edges[at].next_down(),
        1 => edges[at],
        _ => edges[at].next_up(),
    });
    prop_oneof![120 => low..high, 8 => edge, 1 => Just(f32::NAN)]
}

/// As [`around`] half of the time, else far from any edge: many selections ask for much.
fn easily(
    easy: std::ops::Range<f32>,
    low: f32,
    high: f32,
    edges: &'static [f32],
) -> impl Strategy<Value = f32> {
    prop_oneof![3 => easy, 2 => around(low, high, edges)]
}

fn mostly(share: u32) -> impl Strategy<Value = bool> {
    prop_oneof![share => Just(true), 1 => Just(false)]
}

fn azimuth() -> impl Strategy<Value = f32> {
    around(-3.2, 3.2, &[0.0, PI, -PI])
}

fn lepton() -> impl Strategy<Value = Lepton> {
    (
        (
            easily(
                3.6e4..9e4,
                4e3,
                5e4,
                &[5e3, 7e3, 1e4, 1.5e4, 2e4, 2.2e4, 2.5e4, 3e4, 3.5e4],
            ),
            easily(-1.3..1.3, -2.6, 2.6, &[1.37, 1.52, 2.47, 2.5, -2.47, -2.5]),
            azimuth(),
            around(0.99, 1.01, &[1.0]),
        ),
        prop_oneof![9 => -0.5..0.5f32, 1 => around(-2.0, 2.0, &[0.5, -0.5])],
        prop_oneof![60 => Just(1), 60 => Just(-1), 1 => Just(0), 1 => -3..3],
        prop_oneof![60 => Just(11u32), 60 => Just(13), 1 => Just(15)],
        easily(0.0..0.09, 0.0, 0.35, &[0.1, 0.15, 0.3]),
        easily(-0.1..0.09, -0.1, 0.35, &[0.1, 0.15, 0.3]),
        (
            easily(-2.0..2.0, -6.0, 6.0, &[3.0, 5.0]),
            prop_oneof![6 => Just(1.0), 1 => around(0.9, 1.5, &[0.0, 1.0])],
        ),
        mostly(30),
    )
        .prop_map(
            |((pt, eta, phi, stretch), z0, charge, flavour, ptcone, etcone, (d0, sigma), tight)| {
                Lepton {
                    pt,
                    eta,
                    phi,
                    energy: pt * eta.cosh() * stretch,
                    z0,
                    charge,
                    flavour,
                    tight,
                    ptcone: ptcone * pt,
                    etcone: etcone * pt,
                    d0,
                    sigma,
                    syst: 0.0,
                }
            },
        )
}

/// Leptons whose charges and flavours go together: one to four.
fn candidate() -> impl Strategy<Value = Vec<Lepton>> {
    let charges = prop_oneof![
        8 => Just(vec![1, 1, -1, -1]).prop_shuffle(),
        8 => Just(vec![1, -1]).prop_shuffle(),
        8 => Just(vec![1, -1, -1]).prop_shuffle(),
        8 => Just(vec![1]),
        1 => Just(vec![1, 0]),
    ];
    let flavours = prop_oneof![
        Just([11; 4]),
        Just([13; 4]),
        Just([11, 11, 13, 13]).prop_shuffle()
    ];
    let candidate = (vec(lepton(), 4), charges, flavours, mostly(30));
    candidate.prop_map(|(mut leptons, charges, flavours, is_distinct)| {
        if !is_distinct {
            // Pairs of the same mass, which leave a selection no choice.
            leptons = vec![leptons[0].clone(); 4];
        }
        leptons.truncate(charges.len());
        for (lepton, (charge, flavour)) in leptons.iter_mut().zip(charges.into_iter().zip(flavours))
        {
            (lepton.charge, lepton.flavour) = (charge, flavour);
        }
        leptons
    })
}

fn photon() -> impl Strategy<Value = Photon> {
    (
        around(2.4e4, 9e4, &[2.5e4]),
        around(-2.4, 2.4, &[0.75, 1.37, 1.52, 2.37, -1.37, -1.52]),
        azimuth(),
        mostly(20),
        around(0.0, 0.07, &[0.065]),
        around(-0.1, 0.07, &[0.065]),
        prop_oneof![2 => Just(0), 1 => 1..6],
    )
        .prop_map(|(pt, eta, phi, tight, ptcone, etcone, conversion)| Photon {
            pt,
            eta,
            phi,
            energy: pt * eta.cosh(),
            tight,
            ptcone: ptcone * pt,
            etcone: etcone * pt,
            conversion,
        })
}

fn jet() -> impl Strategy<Value = Jet> {
    (
        around(1.9e4, 1.5e5, &[2e4, 2.5e4, 3e4, 6e4]),
        around(
            -4.6,
            4.6,
            &[1.5, 2.4, 2.5, 4.4, 4.5, -2.4, -2.5, -4.4, -4.5],
        )
        .prop_map(|eta| eta / 1.3),
        azimuth(),
        around(1.0, 1.1, &[1.0]),
        easily(0.7..1.0, -0.1, 1.0, &[0.59, -0.59]),
        prop_oneof![
            2 => 0.9..1.0f32,
            3 => around(-1.0, 1.0, &[0.824_427_3, 0.645_925, 0.175_847_5]),
        ],
    )
        .prop_map(|(pt, eta, phi, stretch, jvt, mv2c10)| Jet {
            pt,
            eta,
            phi,
            energy: pt * eta.cosh() * stretch,
            jvt,
            mv2c10,
            syst: 0.0,
        })
}

fn tau() -> impl Strategy<Value = Tau> {
    (
        easily(2.6e4..5e4, 2e4, 9e4, &[2.5e4]),
        around(-2.6, 2.6, &[2.5, -2.5]),
        azimuth(),
        prop_oneof![Just(1), Just(-1)],
        mostly(8),
        0..5,
        around(0.6, 1.0, &[0.6]),
    )
        .prop_map(|(pt, eta, phi, charge, tight, tracks, bdt)| Tau {
            pt,
            eta,
            phi,
            energy: pt * eta.cosh(),
            charge,
            tight,
            tracks,
            bdt,
            syst: 0.0,
        })
}

fn large_r_jet() -> impl Strategy<Value = LargeRJet> {
    (
        easily(3.1e5..6e5, 2.4e5, 1.6e6, &[2.5e5, 3e5, 1.5e6]),
        around(-2.1, 2.1, &[2.0, -2.0]),
        azimuth(),
        easily(1.1e5..2e5, 4e4, 2.5e5, &[5e4, 1e5]),
        easily(0.2..0.7, 0.0, 1.0, &[0.75]),
    )
        .prop_map(|(pt, eta, phi, mass, tau32)| LargeRJet {
            pt,
            eta,
            phi,
            energy: (pt * eta.cosh()).hypot(mass),
            mass,
            tau32,
            syst: 0.0,
        })
}

/// An event of any kind. Nothing in it has an uncertainty.
pub fn any_event() -> impl Strategy<Value = Event> {
    (
        (around(-3.0, 3.0, &[0.0, 1.0]), any::<i32>()),
        vec(0.5..1.5f32, 8),
        (mostly(3), mostly(3), mostly(9)),
        (
            easily(3.2e4..2e5, 0.0, 1.2e5, &[2e4, 3e4]),
            azimuth(),
            around(50.0, 200.0, &[50.0]),
        ),
        prop_oneof![9 => candidate(), 1 => vec(lepton(), 0..7)],
        prop_oneof![2 => vec(jet(), 0..3), 1 => vec(jet(), 3..7)],
        prop_oneof![4 => vec(photon(), 2), 1 => vec(photon(), 0..5)],
        prop_oneof![3 => vec(tau(), 1), 1 => vec(tau(), 0..3)],
        vec(large_r_jet(), 0..3),
    )
        .prop_map(
            |(
                (mc_weight, number),
                factors,
                trig,
                met,
                leptons,
                jets,
                photons,
                taus,
                large_r_jets,
            )| {
                Event {
                    number,
                    mc_weight,
                    sf_ele: factors[0],
                    sf_muon: factors[1],
                    sf_lep_trigger: factors[2],
                    sf_pileup: factors[3],
                    sf_photon: factors[4],
                    sf_photon_trigger: factors[5],
                    sf_btag: factors[6],
                    sf_tau: factors[7],
                    trig_e: trig.0,
                    trig_m: trig.1,
                    trig_p: trig.2,
                    met: met.0,
                    met_phi: met.1,
                    met_syst: 0.0,
                    ditau_m: met.2,
                    leptons,
                    jets,
                    photons,
                    taus,
                    large_r_jets,
                }
            },
        )
}
