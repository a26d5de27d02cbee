//! Events as columns.

use rootlake_io::column::{Column, Scalar};

use crate::Error;
use crate::schema::MINI;

/// Declares a row (an event, or an object of one) and the columns that hold many of them.
macro_rules! rows {
    (
        $(#[$row_doc:meta])*
        $row:ident in $rows:ident { $( $field:ident: $type:ty = $branch:literal, )+ }
    ) => {
        $(#[$row_doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub(super) struct $row { $( pub(super) $field: $type, )+ }

        #[derive(Debug, Default)]
        struct $rows { $( $field: Vec<$type>, )+ }

        impl $rows {
            fn push(&mut self, row: &$row) {
                $( self.$field.push(row.$field); )+
            }

            /// The columns by branch: vectors split at `offsets`, or one value per entry.
            fn into_columns(self, offsets: Option<&[u32]>) -> Result<Vec<Named>, Error> {
                Ok(vec![ $( ($branch, column(self.$field, offsets)?), )+ ])
            }
        }
    };
}

type Named = (&'static str, Column);

fn column<T: Scalar>(values: Vec<T>, offsets: Option<&[u32]>) -> Result<Column, Error> {
    Ok(match offsets {
        Some(offsets) => Column::jagged(offsets.to_vec(), values)?,
        None => Column::fixed(values),
    })
}

rows! {
    /// What an event has one of.
    EventRow in EventRows {
        run: i32 = "runNumber",
        event: i32 = "eventNumber",
        channel: i32 = "channelNumber",
        mc_weight: f32 = "mcWeight",
        pile_up: f32 = "scaleFactor_PILEUP",
        electrons: f32 = "scaleFactor_ELE",
        muons: f32 = "scaleFactor_MUON",
        photons: f32 = "scaleFactor_PHOTON",
        taus: f32 = "scaleFactor_TAU",
        b_tags: f32 = "scaleFactor_BTAG",
        lepton_trigger: f32 = "scaleFactor_LepTRIGGER",
        photon_trigger: f32 = "scaleFactor_PhotonTRIGGER",
        trig_e: bool = "trigE",
        trig_m: bool = "trigM",
        trig_p: bool = "trigP",
        lepton_count: u32 = "lep_n",
        met: f32 = "met_et",
        met_phi: f32 = "met_phi",
        jet_count: u32 = "jet_n",
        photon_count: u32 = "photon_n",
        tau_count: u32 = "tau_n",
        large_r_jet_count: u32 = "largeRjet_n",
        ditau_mass: f32 = "ditau_m",
        met_uncertainty: f32 = "met_et_syst",
        cross_section: f32 = "XSection",
        sum_of_weights: f32 = "SumWeights",
    }
}

rows! {
    /// A lepton.
    LeptonRow in LeptonRows {
        truth_matched: bool = "lep_truthMatched",
        trigger_matched: bool = "lep_trigMatched",
        pt: f32 = "lep_pt",
        eta: f32 = "lep_eta",
        phi: f32 = "lep_phi",
        energy: f32 = "lep_E",
        z0: f32 = "lep_z0",
        charge: i32 = "lep_charge",
        flavour: u32 = "lep_type",
        tight: bool = "lep_isTightID",
        ptcone30: f32 = "lep_ptcone30",
        etcone20: f32 = "lep_etcone20",
        d0: f32 = "lep_trackd0pvunbiased",
        d0_significance: f32 = "lep_tracksigd0pvunbiased",
        pt_uncertainty: f32 = "lep_pt_syst",
    }
}

rows! {
    /// A jet.
    JetRow in JetRows {
        pt: f32 = "jet_pt",
        eta: f32 = "jet_eta",
        phi: f32 = "jet_phi",
        energy: f32 = "jet_E",
        jvt: f32 = "jet_jvt",
        true_flavour: i32 = "jet_trueflav",
        truth_matched: bool = "jet_truthMatched",
        b_tag: f32 = "jet_MV2c10",
        pt_uncertainty: f32 = "jet_pt_syst",
    }
}

rows! {
    /// A photon.
    PhotonRow in PhotonRows {
        truth_matched: bool = "photon_truthMatched",
        trigger_matched: bool = "photon_trigMatched",
        pt: f32 = "photon_pt",
        eta: f32 = "photon_eta",
        phi: f32 = "photon_phi",
        energy: f32 = "photon_E",
        tight: bool = "photon_isTightID",
        ptcone30: f32 = "photon_ptcone30",
        etcone20: f32 = "photon_etcone20",
        conversion: i32 = "photon_convType",
        pt_uncertainty: f32 = "photon_pt_syst",
    }
}

rows! {
    /// A tau lepton that decayed to hadrons.
    TauRow in TauRows {
        pt: f32 = "tau_pt",
        eta: f32 = "tau_eta",
        phi: f32 = "tau_phi",
        energy: f32 = "tau_E",
        tight: bool = "tau_isTightID",
        truth_matched: bool = "tau_truthMatched",
        trigger_matched: bool = "tau_trigMatched",
        tracks: i32 = "tau_nTracks",
        identification: f32 = "tau_BDTid",
        charge: i32 = "tau_charge",
        pt_uncertainty: f32 = "tau_pt_syst",
    }
}

rows! {
    /// A jet of radius 1.0.
    LargeRJetRow in LargeRJetRows {
        pt: f32 = "largeRjet_pt",
        eta: f32 = "largeRjet_eta",
        phi: f32 = "largeRjet_phi",
        energy: f32 = "largeRjet_E",
        mass: f32 = "largeRjet_m",
        truth_matched: f32 = "largeRjet_truthMatched",
        d2: f32 = "largeRjet_D2",
        tau32: f32 = "largeRjet_tau32",
        pt_uncertainty: f32 = "largeRjet_pt_syst",
    }
}

/// The objects of one event.
#[derive(Debug, Default)]
pub(super) struct Event {
    pub(super) leptons: Vec<LeptonRow>,
    pub(super) photons: Vec<PhotonRow>,
    pub(super) jets: Vec<JetRow>,
    pub(super) taus: Vec<TauRow>,
    pub(super) large_r_jets: Vec<LargeRJetRow>,
    /// The mass of lepton, tau and what is missing, GeV; 0 without a tau.
    pub(super) ditau_mass: f32,
    /// Missing transverse momentum, MeV and rad.
    pub(super) met: f32,
    pub(super) met_phi: f32,
    pub(super) triggers: Triggers,
}

/// Which triggers fired.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Triggers {
    pub(super) electron: bool,
    pub(super) muon: bool,
    pub(super) photon: bool,
}

/// What only a simulation knows; the vectors are empty in data.
const TRUTH: [&str; 6] = [
    "lep_truthMatched",
    "jet_trueflav",
    "jet_truthMatched",
    "photon_truthMatched",
    "tau_truthMatched",
    "largeRjet_truthMatched",
];

/// Objects of one kind, event by event.
#[derive(Debug)]
struct Objects<T> {
    rows: T,
    offsets: Vec<u32>,
    count: usize,
}

impl<T: Default> Default for Objects<T> {
    fn default() -> Self {
        Self {
            rows: T::default(),
            offsets: vec![0],
            count: 0,
        }
    }
}

impl<T> Objects<T> {
    fn push<R>(&mut self, rows: &[R], push: impl Fn(&mut T, &R)) {
        rows.iter().for_each(|row| push(&mut self.rows, row));
        self.count += rows.len();
        // A length past u32 does not match the values' any more; the column refuses it then.
        let end = u32::try_from(self.count).unwrap_or(u32::MAX);
        self.offsets.push(end);
    }
}

/// Events as they come, column by column.
#[derive(Debug, Default)]
pub(super) struct Record {
    entries: usize,
    events: EventRows,
    leptons: Objects<LeptonRows>,
    jets: Objects<JetRows>,
    photons: Objects<PhotonRows>,
    taus: Objects<TauRows>,
    large_r_jets: Objects<LargeRJetRows>,
}

impl Record {
    /// Appends an event.
    pub(super) fn push(&mut self, row: &EventRow, event: &Event) {
        self.entries += 1;
        self.events.push(row);
        self.leptons.push(&event.leptons, LeptonRows::push);
        self.jets.push(&event.jets, JetRows::push);
        self.photons.push(&event.photons, PhotonRows::push);
        self.taus.push(&event.taus, TauRows::push);
        self.large_r_jets
            .push(&event.large_r_jets, LargeRJetRows::push);
    }

    /// The columns of [`MINI`] in its order; empty where nothing is ever generated.
    pub(super) fn into_columns(self, is_data: bool) -> Result<Vec<Column>, Error> {
        let mut filled = self.events.into_columns(None)?;
        filled.extend(
            self.leptons
                .rows
                .into_columns(Some(&self.leptons.offsets))?,
        );
        filled.extend(self.jets.rows.into_columns(Some(&self.jets.offsets))?);
        filled.extend(
            self.photons
                .rows
                .into_columns(Some(&self.photons.offsets))?,
        );
        filled.extend(self.taus.rows.into_columns(Some(&self.taus.offsets))?);
        let large_r_jets = self.large_r_jets;
        filled.extend(
            large_r_jets
                .rows
                .into_columns(Some(&large_r_jets.offsets))?,
        );
        filled.retain(|(branch, _)| !(is_data && TRUTH.contains(branch)));

        let columns = MINI.iter().map(|branch| {
            match filled.iter().position(|(name, _)| *name == branch.name) {
                Some(at) => filled.swap_remove(at).1,
                None => branch.ty.zeros(self.entries),
            }
        });
        Ok(columns.collect())
    }
}
