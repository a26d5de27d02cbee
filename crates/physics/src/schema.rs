//! The branches of the `mini` tree, and what a branch can hold.

use std::fmt;

use rootlake_io::column::{Column, Scalar, ScalarType};

/// What each entry of a branch holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BranchType {
    /// The type of one value.
    pub scalar: ScalarType,
    /// Whether an entry holds a `std::vector` of values rather than one value.
    pub is_vector: bool,
}

impl BranchType {
    /// The type of a column.
    pub fn of(column: &Column) -> Self {
        Self {
            scalar: column.values().scalar_type(),
            is_vector: column.offsets().is_some(),
        }
    }

    /// A column of this type for events without any objects: zeros, or empty vectors.
    pub fn zeros(self, entries: usize) -> Column {
        fn column<T: Scalar>(is_vector: bool, entries: usize) -> Column {
            match Column::jagged(vec![0; entries + 1], Vec::<T>::new()) {
                Ok(empty) if is_vector => empty,
                _ => Column::fixed(vec![T::default(); entries]),
            }
        }
        let column = match self.scalar {
            ScalarType::Bool => column::<bool>,
            ScalarType::I8 => column::<i8>,
            ScalarType::U8 => column::<u8>,
            ScalarType::I16 => column::<i16>,
            ScalarType::U16 => column::<u16>,
            ScalarType::I32 => column::<i32>,
            ScalarType::U32 => column::<u32>,
            ScalarType::I64 => column::<i64>,
            ScalarType::U64 => column::<u64>,
            ScalarType::F32 => column::<f32>,
            ScalarType::F64 => column::<f64>,
        };
        column(self.is_vector, entries)
    }
}

impl fmt::Display for BranchType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_vector {
            write!(f, "std::vector<{}>", self.scalar)
        } else {
            self.scalar.fmt(f)
        }
    }
}

/// A branch by name, and what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BranchSpec {
    /// The name.
    pub name: &'static str,
    /// What each entry holds.
    pub ty: BranchType,
    leaf: Option<char>,
}

impl BranchSpec {
    /// A branch of one value per entry, with the type letter of ROOT's leaf list.
    pub const fn leaf(name: &'static str, scalar: ScalarType, letter: char) -> Self {
        let ty = BranchType {
            scalar,
            is_vector: false,
        };
        Self {
            name,
            ty,
            leaf: Some(letter),
        }
    }

    /// A branch of one `std::vector` per entry.
    pub const fn vector(name: &'static str, scalar: ScalarType) -> Self {
        let ty = BranchType {
            scalar,
            is_vector: true,
        };
        Self {
            name,
            ty,
            leaf: None,
        }
    }

    /// The title: the name with the leaf's letter, or the name alone for a vector.
    pub fn title(&self) -> String {
        match self.leaf {
            Some(letter) => format!("{}/{letter}", self.name),
            None => self.name.to_owned(),
        }
    }
}

/// The branches of the `mini` tree of the ATLAS 13 TeV open data, in the files' order.
///
/// The letter of the two `met` leaves is lower-case in the files, whatever ROOT takes it for.
pub const MINI: [BranchSpec; 81] = [
    BranchSpec::leaf("runNumber", ScalarType::I32, 'I'),
    BranchSpec::leaf("eventNumber", ScalarType::I32, 'I'),
    BranchSpec::leaf("channelNumber", ScalarType::I32, 'I'),
    BranchSpec::leaf("mcWeight", ScalarType::F32, 'F'),
    BranchSpec::leaf("scaleFactor_PILEUP", ScalarType::F32, 'F'),
    BranchSpec::leaf("scaleFactor_ELE", ScalarType::F32, 'F'),
    BranchSpec::leaf("scaleFactor_MUON", ScalarType::F32, 'F'),
    BranchSpec::leaf("scaleFactor_PHOTON", ScalarType::F32, 'F'),
    BranchSpec::leaf("scaleFactor_TAU", ScalarType::F32, 'F'),
    BranchSpec::leaf("scaleFactor_BTAG", ScalarType::F32, 'F'),
    BranchSpec::leaf("scaleFactor_LepTRIGGER", ScalarType::F32, 'F'),
    BranchSpec::leaf("scaleFactor_PhotonTRIGGER", ScalarType::F32, 'F'),
    BranchSpec::leaf("trigE", ScalarType::Bool, 'O'),
    BranchSpec::leaf("trigM", ScalarType::Bool, 'O'),
    BranchSpec::leaf("trigP", ScalarType::Bool, 'O'),
    BranchSpec::leaf("lep_n", ScalarType::U32, 'i'),
    BranchSpec::vector("lep_truthMatched", ScalarType::Bool),
    BranchSpec::vector("lep_trigMatched", ScalarType::Bool),
    BranchSpec::vector("lep_pt", ScalarType::F32),
    BranchSpec::vector("lep_eta", ScalarType::F32),
    BranchSpec::vector("lep_phi", ScalarType::F32),
    BranchSpec::vector("lep_E", ScalarType::F32),
    BranchSpec::vector("lep_z0", ScalarType::F32),
    BranchSpec::vector("lep_charge", ScalarType::I32),
    BranchSpec::vector("lep_type", ScalarType::U32),
    BranchSpec::vector("lep_isTightID", ScalarType::Bool),
    BranchSpec::vector("lep_ptcone30", ScalarType::F32),
    BranchSpec::vector("lep_etcone20", ScalarType::F32),
    BranchSpec::vector("lep_trackd0pvunbiased", ScalarType::F32),
    BranchSpec::vector("lep_tracksigd0pvunbiased", ScalarType::F32),
    BranchSpec::leaf("met_et", ScalarType::F32, 'f'),
    BranchSpec::leaf("met_phi", ScalarType::F32, 'f'),
    BranchSpec::leaf("jet_n", ScalarType::U32, 'i'),
    BranchSpec::vector("jet_pt", ScalarType::F32),
    BranchSpec::vector("jet_eta", ScalarType::F32),
    BranchSpec::vector("jet_phi", ScalarType::F32),
    BranchSpec::vector("jet_E", ScalarType::F32),
    BranchSpec::vector("jet_jvt", ScalarType::F32),
    BranchSpec::vector("jet_trueflav", ScalarType::I32),
    BranchSpec::vector("jet_truthMatched", ScalarType::Bool),
    BranchSpec::vector("jet_MV2c10", ScalarType::F32),
    BranchSpec::leaf("photon_n", ScalarType::U32, 'i'),
    BranchSpec::vector("photon_truthMatched", ScalarType::Bool),
    BranchSpec::vector("photon_trigMatched", ScalarType::Bool),
    BranchSpec::vector("photon_pt", ScalarType::F32),
    BranchSpec::vector("photon_eta", ScalarType::F32),
    BranchSpec::vector("photon_phi", ScalarType::F32),
    BranchSpec::vector("photon_E", ScalarType::F32),
    BranchSpec::vector("photon_isTightID", ScalarType::Bool),
    BranchSpec::vector("photon_ptcone30", ScalarType::F32),
    BranchSpec::vector("photon_etcone20", ScalarType::F32),
    BranchSpec::vector("photon_convType", ScalarType::I32),
    BranchSpec::leaf("tau_n", ScalarType::U32, 'i'),
    BranchSpec::vector("tau_pt", ScalarType::F32),
    BranchSpec::vector("tau_eta", ScalarType::F32),
    BranchSpec::vector("tau_phi", ScalarType::F32),
    BranchSpec::vector("tau_E", ScalarType::F32),
    BranchSpec::vector("tau_isTightID", ScalarType::Bool),
    BranchSpec::vector("tau_truthMatched", ScalarType::Bool),
    BranchSpec::vector("tau_trigMatched", ScalarType::Bool),
    BranchSpec::vector("tau_nTracks", ScalarType::I32),
    BranchSpec::vector("tau_BDTid", ScalarType::F32),
    BranchSpec::leaf("ditau_m", ScalarType::F32, 'F'),
    BranchSpec::vector("lep_pt_syst", ScalarType::F32),
    BranchSpec::leaf("met_et_syst", ScalarType::F32, 'F'),
    BranchSpec::vector("jet_pt_syst", ScalarType::F32),
    BranchSpec::vector("photon_pt_syst", ScalarType::F32),
    BranchSpec::vector("tau_pt_syst", ScalarType::F32),
    BranchSpec::leaf("XSection", ScalarType::F32, 'F'),
    BranchSpec::leaf("SumWeights", ScalarType::F32, 'F'),
    BranchSpec::leaf("largeRjet_n", ScalarType::U32, 'i'),
    BranchSpec::vector("largeRjet_pt", ScalarType::F32),
    BranchSpec::vector("largeRjet_eta", ScalarType::F32),
    BranchSpec::vector("largeRjet_phi", ScalarType::F32),
    BranchSpec::vector("largeRjet_E", ScalarType::F32),
    BranchSpec::vector("largeRjet_m", ScalarType::F32),
    BranchSpec::vector("largeRjet_truthMatched", ScalarType::F32),
    BranchSpec::vector("largeRjet_D2", ScalarType::F32),
    BranchSpec::vector("largeRjet_tau32", ScalarType::F32),
    BranchSpec::vector("largeRjet_pt_syst", ScalarType::F32),
    BranchSpec::vector("tau_charge", ScalarType::I32),
];

/// The branch of [`MINI`] of that name.
pub fn mini(name: &str) -> Option<BranchSpec> {
    MINI.into_iter().find(|branch| branch.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_written_as_in_cpp() {
        let named = |name| mini(name).map(|branch| branch.ty.to_string());
        assert_eq!(named("lep_type").as_deref(), Some("std::vector<uint32_t>"));
        assert_eq!(named("trigE").as_deref(), Some("bool"));
        assert_eq!(named("lep_d0"), None);
    }

    #[test]
    fn titles_carry_the_leaf_letter() {
        let title = |name| mini(name).map(|branch| branch.title());
        assert_eq!(title("met_et").as_deref(), Some("met_et/f"));
        assert_eq!(title("lep_n").as_deref(), Some("lep_n/i"));
        assert_eq!(title("lep_pt").as_deref(), Some("lep_pt"));
    }

    #[test]
    fn names_are_unique() {
        let mut names = MINI.map(|branch| branch.name);
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn columns_without_objects_have_the_type_of_their_branch() {
        for branch in MINI {
            let column = branch.ty.zeros(3);
            assert_eq!((BranchType::of(&column), column.entries()), (branch.ty, 3));
            assert_eq!(
                column.values().len(),
                if branch.ty.is_vector { 0 } else { 3 }
            );
        }
    }
}
