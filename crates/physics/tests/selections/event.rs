//! One event as plain vectors, to and from columns.

use rootlake_io::column::{Jagged, Scalar};
use rootlake_physics::schema::{BranchSpec, MINI};
use rootlake_physics::{Analysis, Batch, Column, Output, Sample};

/// Declares objects by their properties and branches.
macro_rules! objects {
    ($($object:ident { $($property:ident: $type:ty = $branch:literal,)+ })+) => { $(
        #[derive(Clone, Debug, Default)]
        pub struct $object { $(pub $property: $type,)+ }

        impl $object {
            fn column(branch: &str, events: &[Event], of: fn(&Event) -> &[Self]) -> Option<Column> {
                match branch {
                    $( $branch => Some(jagged(events, |event| {
                        of(event).iter().map(|object| object.$property).collect()
                    })), )+
                    _ => None,
                }
            }

            fn of_columns(columns: &[Column], entry: usize, count: &str) -> Vec<Self> {
                let count = fixed::<u32>(columns, count, entry) as usize;
                (0..count)
                    .map(|i| Self { $($property: vector::<$type>(columns, $branch, entry)[i],)+ })
                    .collect()
            }
        }
    )+ };
}

objects! {
    Lepton {
        pt: f32 = "lep_pt",
        eta: f32 = "lep_eta",
        phi: f32 = "lep_phi",
        energy: f32 = "lep_E",
        z0: f32 = "lep_z0",
        charge: i32 = "lep_charge",
        flavour: u32 = "lep_type",
        tight: bool = "lep_isTightID",
        ptcone: f32 = "lep_ptcone30",
        etcone: f32 = "lep_etcone20",
        d0: f32 = "lep_trackd0pvunbiased",
        sigma: f32 = "lep_tracksigd0pvunbiased",
        syst: f32 = "lep_pt_syst",
    }
    Jet {
        pt: f32 = "jet_pt",
        eta: f32 = "jet_eta",
        phi: f32 = "jet_phi",
        energy: f32 = "jet_E",
        jvt: f32 = "jet_jvt",
        mv2c10: f32 = "jet_MV2c10",
        syst: f32 = "jet_pt_syst",
    }
    Photon {
        pt: f32 = "photon_pt",
        eta: f32 = "photon_eta",
        phi: f32 = "photon_phi",
        energy: f32 = "photon_E",
        tight: bool = "photon_isTightID",
        ptcone: f32 = "photon_ptcone30",
        etcone: f32 = "photon_etcone20",
        conversion: i32 = "photon_convType",
    }
    Tau {
        pt: f32 = "tau_pt",
        eta: f32 = "tau_eta",
        phi: f32 = "tau_phi",
        energy: f32 = "tau_E",
        charge: i32 = "tau_charge",
        tight: bool = "tau_isTightID",
        tracks: i32 = "tau_nTracks",
        bdt: f32 = "tau_BDTid",
        syst: f32 = "tau_pt_syst",
    }
    LargeRJet {
        pt: f32 = "largeRjet_pt",
        eta: f32 = "largeRjet_eta",
        phi: f32 = "largeRjet_phi",
        energy: f32 = "largeRjet_E",
        mass: f32 = "largeRjet_m",
        tau32: f32 = "largeRjet_tau32",
        syst: f32 = "largeRjet_pt_syst",
    }
}

/// Declares the properties that an event has once.
macro_rules! event {
    ($($property:ident: $type:ty = $branch:literal,)+) => {
        /// One event, property by property.
        #[derive(Clone, Debug, Default)]
        pub struct Event {
            $(pub $property: $type,)+
            pub leptons: Vec<Lepton>,
            pub jets: Vec<Jet>,
            pub photons: Vec<Photon>,
            pub taus: Vec<Tau>,
            pub large_r_jets: Vec<LargeRJet>,
        }

        fn column_of_events(branch: &str, events: &[Event]) -> Option<Column> {
            let column = match branch {
                $( $branch => Column::fixed(events.iter().map(|e| e.$property).collect()), )+
                "lep_n" => counts(events, |event| event.leptons.len()),
                "jet_n" => counts(events, |event| event.jets.len()),
                "photon_n" => counts(events, |event| event.photons.len()),
                "tau_n" => counts(events, |event| event.taus.len()),
                "largeRjet_n" => counts(events, |event| event.large_r_jets.len()),
                _ => return None,
            };
            Some(column)
        }

        fn event_of_columns(columns: &[Column], entry: usize) -> Event {
            Event {
                $($property: fixed::<$type>(columns, $branch, entry),)+
                leptons: Lepton::of_columns(columns, entry, "lep_n"),
                jets: Jet::of_columns(columns, entry, "jet_n"),
                photons: Photon::of_columns(columns, entry, "photon_n"),
                taus: Tau::of_columns(columns, entry, "tau_n"),
                large_r_jets: LargeRJet::of_columns(columns, entry, "largeRjet_n"),
            }
        }
    };
}

event! {
    number: i32 = "eventNumber",
    mc_weight: f32 = "mcWeight",
    sf_ele: f32 = "scaleFactor_ELE",
    sf_muon: f32 = "scaleFactor_MUON",
    sf_lep_trigger: f32 = "scaleFactor_LepTRIGGER",
    sf_pileup: f32 = "scaleFactor_PILEUP",
    sf_photon: f32 = "scaleFactor_PHOTON",
    sf_photon_trigger: f32 = "scaleFactor_PhotonTRIGGER",
    sf_btag: f32 = "scaleFactor_BTAG",
    sf_tau: f32 = "scaleFactor_TAU",
    trig_e: bool = "trigE",
    trig_m: bool = "trigM",
    trig_p: bool = "trigP",
    met: f32 = "met_et",
    met_phi: f32 = "met_phi",
    met_syst: f32 = "met_et_syst",
    ditau_m: f32 = "ditau_m",
}

impl Event {
    /// Whether a quantity has an uncertainty, by which the analyses smear it at random.
    pub fn has_uncertainty(&self) -> bool {
        self.met_syst != 0.0
            || self.leptons.iter().any(|lepton| lepton.syst != 0.0)
            || self.jets.iter().any(|jet| jet.syst != 0.0)
            || self.taus.iter().any(|tau| tau.syst != 0.0)
            || self.large_r_jets.iter().any(|jet| jet.syst != 0.0)
    }
}

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
    let name = branch.name;
    column_of_events(name, events)
        .or_else(|| Lepton::column(name, events, |event| &event.leptons))
        .or_else(|| Jet::column(name, events, |event| &event.jets))
        .or_else(|| Photon::column(name, events, |event| &event.photons))
        .or_else(|| Tau::column(name, events, |event| &event.taus))
        .or_else(|| LargeRJet::column(name, events, |event| &event.large_r_jets))
        .unwrap()
}

fn counts(events: &[Event], of: fn(&Event) -> usize) -> Column {
    Column::fixed(events.iter().map(|event| of(event) as u32).collect())
}

fn jagged<T: Scalar>(events: &[Event], of: impl Fn(&Event) -> Vec<T>) -> Column {
    let (mut offsets, mut values) = (vec![0], Vec::new());
    for event in events {
        values.extend(of(event));
        offsets.push(values.len() as u32);
    }
    Column::jagged(offsets, values).unwrap()
}

/// The events of generated columns.
pub fn of_columns(columns: &[Column]) -> Vec<Event> {
    let entries = columns[0].entries();
    (0..entries)
        .map(|entry| event_of_columns(columns, entry))
        .collect()
}

fn named<'a>(columns: &'a [Column], name: &str) -> &'a Column {
    &columns[MINI.iter().position(|b| b.name == name).unwrap()]
}

fn fixed<T: Scalar>(columns: &[Column], name: &str, entry: usize) -> T {
    named(columns, name).as_fixed::<T>().unwrap()[entry]
}

fn vector<'a, T: Scalar>(columns: &'a [Column], name: &str, entry: usize) -> &'a [T] {
    let vectors: Jagged<'a, T> = named(columns, name).as_jagged().unwrap();
    vectors.get(entry)
}
