//! One event as plain vectors, and events at random.

use std::f32::consts::PI;

use proptest::collection::vec;
use proptest::prelude::*;
use rootlake_io::column::{Jagged, Scalar};
use rootlake_physics::schema::{BranchSpec, MINI, mini};
use rootlake_physics::{Analysis, Batch, Column, Output, Sample};

/// One event, property by property.
#[derive(Clone, Debug, Default)]
pub struct Event {
    pub mc_weight: f32,
    /// ELE, MUON, LepTRIGGER, PILEUP, PHOTON, PhotonTRIGGER.
    pub factors: [f32; 6],
    pub trig_e: bool,
    pub trig_m: bool,
    pub trig_p: bool,
    pub leptons: Vec<Lepton>,
    pub jets: Vec<(f32, f32)>,
    pub photons: Vec<Photon>,
}

#[derive(Clone, Debug)]
pub struct Lepton {
    pub pt: f32,
    pub eta: f32,
    pub phi: f32,
    pub energy: f32,
    pub z0: f32,
    pub charge: i32,
    pub flavour: u32,
    pub ptcone: f32,
    pub etcone: f32,
    pub d0: f32,
    pub sigma: f32,
}

#[derive(Clone, Debug)]
pub struct Photon {
    pub pt: f32,
    pub eta: f32,
    pub phi: f32,
    pub energy: f32,
    pub tight: bool,
    pub ptcone: f32,
    pub etcone: f32,
    pub conversion: i32,
}

/// The branches of the scale factors, in the order of [`Event::factors`].
const FACTORS: [&str; 6] = [
    "scaleFactor_ELE",
    "scaleFactor_MUON",
    "scaleFactor_LepTRIGGER",
    "scaleFactor_PILEUP",
    "scaleFactor_PHOTON",
    "scaleFactor_PhotonTRIGGER",
];

/// What the analysis makes of the events, as one batch.
pub fn analyse(analysis: &dyn Analysis, events: &[Event], sample: &str) -> Output {
    let mut output = analysis.output();
    let mut batch = Batch::new(0, events.len());
    for branch in analysis.first_columns() {
        batch.insert(branch, column(&branch, events)).unwrap();
    }
    let survivors = analysis.preselect(&batch, &mut output).unwrap();
    for branch in analysis.other_columns() {
        batch.insert(branch, column(&branch, events)).unwrap();
    }
    let sample = Sample::named(sample);
    analysis
        .select(&batch, &survivors, &sample, &mut output)
        .unwrap();
    output
}

fn column(branch: &BranchSpec, events: &[Event]) -> Column {
    fn fixed<T: Scalar>(events: &[Event], of: impl Fn(&Event) -> T) -> Column {
        Column::fixed(events.iter().map(of).collect())
    }
    fn jagged<T: Scalar>(events: &[Event], of: impl Fn(&Event) -> Vec<T>) -> Column {
        let (mut offsets, mut values) = (vec![0], Vec::new());
        for event in events {
            values.extend(of(event));
            offsets.push(values.len() as u32);
        }
        Column::jagged(offsets, values).unwrap()
    }
    fn leptons<T: Scalar>(events: &[Event], of: impl Fn(&Lepton) -> T) -> Column {
        jagged(events, |event| event.leptons.iter().map(&of).collect())
    }
    fn photons<T: Scalar>(events: &[Event], of: impl Fn(&Photon) -> T) -> Column {
        jagged(events, |event| event.photons.iter().map(&of).collect())
    }
    match branch.name {
        "mcWeight" => fixed(events, |e| e.mc_weight),
        "trigE" => fixed(events, |e| e.trig_e),
        "trigM" => fixed(events, |e| e.trig_m),
        "trigP" => fixed(events, |e| e.trig_p),
        "lep_n" => fixed(events, |e| e.leptons.len() as u32),
        "jet_n" => fixed(events, |e| e.jets.len() as u32),
        "photon_n" => fixed(events, |e| e.photons.len() as u32),
        "jet_pt" => jagged(events, |e| e.jets.iter().map(|jet| jet.0).collect()),
        "jet_eta" => jagged(events, |e| e.jets.iter().map(|jet| jet.1).collect()),
        "lep_pt" => leptons(events, |l| l.pt),
        "lep_eta" => leptons(events, |l| l.eta),
        "lep_phi" => leptons(events, |l| l.phi),
        "lep_E" => leptons(events, |l| l.energy),
        "lep_z0" => leptons(events, |l| l.z0),
        "lep_charge" => leptons(events, |l| l.charge),
        "lep_type" => leptons(events, |l| l.flavour),
        "lep_ptcone30" => leptons(events, |l| l.ptcone),
        "lep_etcone20" => leptons(events, |l| l.etcone),
        "lep_trackd0pvunbiased" => leptons(events, |l| l.d0),
        "lep_tracksigd0pvunbiased" => leptons(events, |l| l.sigma),
        "photon_pt" => photons(events, |p| p.pt),
        "photon_eta" => photons(events, |p| p.eta),
        "photon_phi" => photons(events, |p| p.phi),
        "photon_E" => photons(events, |p| p.energy),
        "photon_isTightID" => photons(events, |p| p.tight),
        "photon_ptcone30" => photons(events, |p| p.ptcone),
        "photon_etcone20" => photons(events, |p| p.etcone),
        "photon_convType" => photons(events, |p| p.conversion),
        name => {
            let at = FACTORS.iter().position(|factor| *factor == name).unwrap();
            fixed(events, |e| e.factors[at])
        }
    }
}

/// The events of generated columns.
pub fn of_columns(columns: &[Column]) -> Vec<Event> {
    let at = |name: &str| &columns[MINI.iter().position(|b| Some(*b) == mini(name)).unwrap()];
    fn vectors<T: Scalar>(column: &Column) -> Jagged<'_, T> {
        column.as_jagged().unwrap()
    }
    fn fixed<T: Scalar>(column: &Column, entry: usize) -> T {
        column.as_fixed::<T>().unwrap()[entry]
    }
    let entries = columns[0].entries();
    let float = |name: &str, entry: usize, i: usize| vectors::<f32>(at(name)).get(entry)[i];
    (0..entries)
        .map(|n| Event {
            mc_weight: fixed(at("mcWeight"), n),
            factors: FACTORS.map(|name| fixed(at(name), n)),
            trig_e: fixed(at("trigE"), n),
            trig_m: fixed(at("trigM"), n),
            trig_p: fixed(at("trigP"), n),
            leptons: (0..fixed::<u32>(at("lep_n"), n) as usize)
                .map(|i| Lepton {
                    pt: float("lep_pt", n, i),
                    eta: float("lep_eta", n, i),
                    phi: float("lep_phi", n, i),
                    energy: float("lep_E", n, i),
                    z0: float("lep_z0", n, i),
                    charge: vectors(at("lep_charge")).get(n)[i],
                    flavour: vectors(at("lep_type")).get(n)[i],
                    ptcone: float("lep_ptcone30", n, i),
                    etcone: float("lep_etcone20", n, i),
                    d0: float("lep_trackd0pvunbiased", n, i),
                    sigma: float("lep_tracksigd0pvunbiased", n, i),
                })
                .collect(),
            jets: (0..fixed::<u32>(at("jet_n"), n) as usize)
                .map(|i| (float("jet_pt", n, i), float("jet_eta", n, i)))
                .collect(),
            photons: (0..fixed::<u32>(at("photon_n"), n) as usize)
                .map(|i| Photon {
                    pt: float("photon_pt", n, i),
                    eta: float("photon_eta", n, i),
                    phi: float("photon_phi", n, i),
                    energy: float("photon_E", n, i),
                    tight: vectors(at("photon_isTightID")).get(n)[i],
                    ptcone: float("photon_ptcone30", n, i),
                    etcone: float("photon_etcone20", n, i),
                    conversion: vectors(at("photon_convType")).get(n)[i],
                })
                .collect(),
        })
        .collect()
}

/// Mostly within the range; at times on an edge, beside it, or no number.
fn around(low: f32, high: f32, edges: &'static [f32]) -> impl Strategy<Value = f32> {
    let edge = (0..edges.len(), 0..3).prop_map(move |(at, side)| match side {
        0 => edges[at].next_down(),
        1 => edges[at],
        _ => edges[at].next_up(),
    });
    prop_oneof![60 => low..high, 6 => edge, 1 => Just(f32::NAN)]
}

fn lepton() -> impl Strategy<Value = Lepton> {
    (
        around(2.2e4, 9e4, &[5e3, 7e3, 1e4, 1.5e4, 2.5e4]),
        around(-2.45, 2.45, &[2.47, 2.5, -2.47, -2.5]),
        around(-3.2, 3.2, &[0.0]),
        around(0.99, 1.01, &[1.0]),
        prop_oneof![9 => -0.5..0.5f32, 1 => around(-2.0, 2.0, &[0.5, -0.5])],
        prop_oneof![30 => Just(1), 30 => Just(-1), 1 => Just(0), 1 => any::<i32>()],
        prop_oneof![30 => Just(11u32), 30 => Just(13), 1 => Just(15)],
        around(0.0, 0.29, &[0.3]),
        around(-0.1, 0.29, &[0.3]),
        (
            around(-2.9, 2.9, &[3.0, 5.0]),
            prop_oneof![3 => Just(1.0), 1 => around(0.9, 1.5, &[1.0])],
        ),
    )
        .prop_map(
            |(pt, eta, phi, stretch, z0, charge, flavour, ptcone, etcone, (d0, sigma))| Lepton {
                pt,
                eta,
                phi,
                energy: pt * eta.cosh() * stretch,
                z0,
                charge,
                flavour,
                ptcone: ptcone * pt,
                etcone: etcone * pt,
                d0,
                sigma,
            },
        )
}

/// Four leptons whose charges and flavours go together.
fn candidate() -> impl Strategy<Value = Vec<Lepton>> {
    let charges = Just([1, 1, -1, -1]).prop_shuffle();
    let flavours = prop_oneof![
        Just([11; 4]),
        Just([13; 4]),
        Just([11, 11, 13, 13]).prop_shuffle()
    ];
    (vec(lepton(), 4), charges, flavours).prop_map(|(mut leptons, charges, flavours)| {
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
        around(-3.2, 3.2, &[0.0, PI, -PI]),
        prop_oneof![20 => Just(true), 1 => Just(false)],
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

/// An event of any kind.
pub fn any_event() -> impl Strategy<Value = Event> {
    let jet = (around(2e4, 8e4, &[3e4]), around(-4.6, 4.6, &[4.4, -4.4]));
    (
        around(-3.0, 3.0, &[0.0, 1.0]),
        [
            0.5..1.5f32,
            0.5..1.5,
            0.5..1.5,
            0.5..1.5,
            0.5..1.5,
            0.5..1.5,
        ],
        (
            any::<bool>(),
            any::<bool>(),
            prop_oneof![9 => Just(true), 1 => Just(false)],
        ),
        prop_oneof![9 => candidate(), 1 => vec(lepton(), 0..7)],
        vec(jet, 0..4),
        prop_oneof![4 => vec(photon(), 2), 1 => vec(photon(), 0..5)],
    )
        .prop_map(|(mc_weight, factors, trig, leptons, jets, photons)| Event {
            mc_weight,
            factors,
            trig_e: trig.0,
            trig_m: trig.1,
            trig_p: trig.2,
            leptons,
            jets,
            photons,
        })
}
