//! The branches of one value per event that several analyses read.

use rootlake_io::column::ScalarType::{Bool, F32, I32};

use crate::schema::BranchSpec;

/// Whether the event fired a single-electron or a single-muon trigger.
pub(super) const LEPTON_TRIGGERS: [BranchSpec; 2] = [
    BranchSpec::leaf("trigE", Bool, 'O'),
    BranchSpec::leaf("trigM", Bool, 'O'),
];

/// The number by which smearing is seeded, so that an event has its own in any file.
pub(super) const EVENT_NUMBER: BranchSpec = BranchSpec::leaf("eventNumber", I32, 'I');

/// The mass of both τ with their neutrinos as estimated by the missing-mass calculator (Nucl.
/// Instrum. Meth. A 654 (2011) 481), GeV.
pub(super) const DITAU_MASS: BranchSpec = BranchSpec::leaf("ditau_m", F32, 'F');

const ELECTRON: BranchSpec = BranchSpec::leaf("scaleFactor_ELE", F32, 'F');
const MUON: BranchSpec = BranchSpec::leaf("scaleFactor_MUON", F32, 'F');
const TRIGGER: BranchSpec = BranchSpec::leaf("scaleFactor_LepTRIGGER", F32, 'F');
const PILE_UP: BranchSpec = BranchSpec::leaf("scaleFactor_PILEUP", F32, 'F');
const B_TAG: BranchSpec = BranchSpec::leaf("scaleFactor_BTAG", F32, 'F');
const TAU: BranchSpec = BranchSpec::leaf("scaleFactor_TAU", F32, 'F');

/// Of events with leptons, in the order in which the reference multiplies them.
pub(super) const SCALE_FACTORS: [BranchSpec; 4] = [ELECTRON, MUON, TRIGGER, PILE_UP];
/// The same where jets are b-tagged.
pub(super) const B_TAG_SCALE_FACTORS: [BranchSpec; 5] = [ELECTRON, MUON, TRIGGER, PILE_UP, B_TAG];
/// The same where tau leptons are identified.
pub(super) const TAU_SCALE_FACTORS: [BranchSpec; 5] = [ELECTRON, MUON, TRIGGER, PILE_UP, TAU];
