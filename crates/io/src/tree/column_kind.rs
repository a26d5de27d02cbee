//! From a branch's leaves and class to the kind of column that its entries make.

use std::fmt;

use crate::column::ScalarType;
use crate::error::{Error, Result};
use crate::object::{Body, Graph, Object};

/// How the bytes of an entry become values of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// One value per entry, nothing around it.
    Fixed(ScalarType),
    /// A `std::vector` of values: byte count (u32), version (u16), length (u32), values.
    Vector(ScalarType),
}

impl ColumnKind {
    /// The type of each value.
    pub fn scalar(self) -> ScalarType {
        match self {
            Self::Fixed(scalar) | Self::Vector(scalar) => scalar,
        }
    }
}

impl fmt::Display for ColumnKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(scalar) => write!(f, "{scalar}"),
            Self::Vector(scalar) => write!(f, "vector<{scalar}>"),
        }
    }
}

/// The C++ type of a branch's entries and the kind of column they make.
pub(super) fn of_branch(graph: &Graph, branch: &Object) -> Result<(String, ColumnKind)> {
    let leaves = &branch.list("fLeaves")?.items;
    let [Some(leaf)] = leaves.as_slice() else {
        return Err(Error::unsupported(format!(
            "branch with {} leaves",
            leaves.len()
        )));
    };
    let leaf = graph.get(*leaf)?;
    let kind = if let Ok(class) = branch.text("fClassName") {
        of_element(branch, &class)?
    } else {
        ColumnKind::Fixed(of_leaf(leaf)?)
    };
    if matches!(kind, ColumnKind::Fixed(_)) {
        if leaf.pointer("fLeafCount")?.is_some() {
            return Err(Error::unsupported("array of variable length"));
        }
        if leaf.int("fLen")? != 1 {
            return Err(Error::unsupported(format!(
                "array of {}",
                leaf.int("fLen")?
            )));
        }
    }
    Ok((kind.to_string(), kind))
}

/// A plain leaf, by its class (`TLeafF` …) and `fIsUnsigned`.
fn of_leaf(leaf: &Object) -> Result<ScalarType> {
    if !matches!(leaf.body, Body::Members(_)) {
        return Err(Error::unsupported(format!("leaf class {}", leaf.class)));
    }
    let unsigned = leaf.int("fIsUnsigned")? != 0;
    Ok(match (&*leaf.class, unsigned) {
        ("TLeafO", _) => ScalarType::Bool,
        ("TLeafB", false) => ScalarType::I8,
        ("TLeafB", true) => ScalarType::U8,
        ("TLeafS", false) => ScalarType::I16,
        ("TLeafS", true) => ScalarType::U16,
        ("TLeafI", false) => ScalarType::I32,
        ("TLeafI", true) => ScalarType::U32,
        ("TLeafL" | "TLeafG", false) => ScalarType::I64,
        ("TLeafL" | "TLeafG", true) => ScalarType::U64,
        ("TLeafF", _) => ScalarType::F32,
        ("TLeafD", _) => ScalarType::F64,
        (class, _) => return Err(Error::unsupported(format!("leaf class {class}"))),
    })
}

/// A `TBranchElement`: a number that is a member of a split object, or a vector of numbers.
fn of_element(branch: &Object, class: &str) -> Result<ColumnKind> {
    let streamer_type = branch.int("fStreamerType")?;
    let member = branch.int("fID")? >= 0;
    let plain = branch.int("fType")? == 0;
    if plain
        && member
        && let Some(scalar) = of_streamer_type(streamer_type)
    {
        return Ok(ColumnKind::Fixed(scalar));
    }
    let content = class
        .strip_prefix("std::")
        .unwrap_or(class)
        .strip_prefix("vector<")
        .and_then(|rest| rest.strip_suffix('>'));
    match content.and_then(|content| of_cpp_name(content.trim())) {
        Some(scalar) if plain && !member => Ok(ColumnKind::Vector(scalar)),
        _ => Err(Error::unsupported(format!(
            "type {class:?} (branch type {}, streamer type {streamer_type})",
            branch.int("fType")?
        ))),
    }
}

/// The basic types among `TVirtualStreamerInfo::EReadWrite`.
fn of_streamer_type(code: i64) -> Option<ScalarType> {
    Some(match code {
        1 => ScalarType::I8,
        2 => ScalarType::I16,
        3 | 6 => ScalarType::I32,
        4 | 16 => ScalarType::I64,
        5 => ScalarType::F32,
        8 => ScalarType::F64,
        11 => ScalarType::U8,
        12 => ScalarType::U16,
        13 | 15 => ScalarType::U32,
        14 | 17 => ScalarType::U64,
        18 => ScalarType::Bool,
        _ => return None,
    })
}

fn of_cpp_name(name: &str) -> Option<ScalarType> {
    Some(match name {
        "bool" | "Bool_t" => ScalarType::Bool,
        "char" | "Char_t" | "signed char" | "int8_t" => ScalarType::I8,
        "unsigned char" | "UChar_t" | "uint8_t" => ScalarType::U8,
        "short" | "Short_t" | "int16_t" => ScalarType::I16,
        "unsigned short" | "UShort_t" | "uint16_t" => ScalarType::U16,
        "int" | "Int_t" | "int32_t" => ScalarType::I32,
        "unsigned int" | "UInt_t" | "uint32_t" | "unsigned" => ScalarType::U32,
        "long" | "long long" | "Long64_t" | "Long_t" | "int64_t" => ScalarType::I64,
        "unsigned long" | "unsigned long long" | "ULong64_t" | "ULong_t" | "uint64_t" => {
            ScalarType::U64
        }
        "float" | "Float_t" => ScalarType::F32,
        "double" | "Double_t" => ScalarType::F64,
        _ => return None,
    })
}
