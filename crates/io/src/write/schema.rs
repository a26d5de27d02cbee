//! What a branch to be written is.

use std::fmt::Write;

use crate::column::ScalarType;
use crate::error::{Error, Result};
use crate::tree::ColumnKind;

/// What the entries of a branch to be written are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BranchKind {
    /// One value per entry: `x/F`.
    Value(ScalarType),
    /// An array of these dimensions, the outermost first, each more than 0: `x[3][2]/F`.
    Array(ScalarType, Vec<usize>),
    /// As many values as an integer branch before it says: `x[n]/F`.
    Counted {
        /// The type of each value.
        scalar: ScalarType,
        /// The name of the branch that counts.
        counter: String,
    },
    /// A `std::vector` of values.
    Vector(ScalarType),
    /// A text, in UTF-8: `x/C`.
    Text,
}

impl From<ColumnKind> for BranchKind {
    fn from(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Fixed(scalar) => Self::Value(scalar),
            ColumnKind::Vector(scalar) => Self::Vector(scalar),
        }
    }
}

/// A branch to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchSchema {
    /// Its name.
    pub name: String,
    /// Its title: the leaf list (`name/F`) for plain values, the name again for vectors.
    pub title: String,
    /// What its entries are.
    pub kind: BranchKind,
}

impl BranchSchema {
    /// A branch with the title that ROOT gives it.
    pub fn new(name: &str, kind: impl Into<BranchKind>) -> Self {
        let kind = kind.into();
        let mut schema = Self {
            name: name.to_owned(),
            title: String::new(),
            kind,
        };
        schema.title = schema.leaf_title();
        let code = match &schema.kind {
            BranchKind::Vector(_) => return schema,
            BranchKind::Text => 'C',
            BranchKind::Value(scalar)
            | BranchKind::Array(scalar, _)
            | BranchKind::Counted { scalar, .. } => type_code(*scalar),
        };
        schema.title.extend(['/', code]);
        schema
    }

    /// The title of its leaf: the name, and its dimensions.
    pub(super) fn leaf_title(&self) -> String {
        let mut title = self.name.clone();
        match &self.kind {
            BranchKind::Array(_, dimensions) => {
                for length in dimensions {
                    // Writing to a string cannot fail.
                    let _ = write!(title, "[{length}]");
                }
            }
            BranchKind::Counted { counter, .. } => {
                let _ = write!(title, "[{counter}]");
            }
            BranchKind::Value(_) | BranchKind::Vector(_) | BranchKind::Text => {}
        }
        title
    }

    /// Whether entries have lengths of their own.
    pub(super) fn is_variable(&self) -> bool {
        !matches!(self.kind, BranchKind::Value(_) | BranchKind::Array(..))
    }
}

/// The number of values in an array of these dimensions.
///
/// # Errors
/// When it is 0 or beyond what can be counted.
pub(super) fn values_in(dimensions: &[usize]) -> Result<usize> {
    dimensions
        .iter()
        .try_fold(1usize, |product, &length| product.checked_mul(length))
        .filter(|&values| values > 0)
        .ok_or_else(|| Error::malformed(format!("an array of the dimensions {dimensions:?}")))
}

/// The letter for a type in a leaf list (`TTree::Branch`).
fn type_code(scalar: ScalarType) -> char {
    match scalar {
        ScalarType::Bool => 'O',
        ScalarType::I8 => 'B',
        ScalarType::U8 => 'b',
        ScalarType::I16 => 'S',
        ScalarType::U16 => 's',
        ScalarType::I32 => 'I',
        ScalarType::U32 => 'i',
        ScalarType::I64 => 'L',
        ScalarType::U64 => 'l',
        ScalarType::F32 => 'F',
        ScalarType::F64 => 'D',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_leaf_lists() {
        let array = BranchKind::Array(ScalarType::U16, vec![3, 2]);
        let counted = BranchKind::Counted {
            scalar: ScalarType::F64,
            counter: "n".into(),
        };
        for (kind, title) in [
            (BranchKind::Value(ScalarType::I64), "x/L"),
            (array, "x[3][2]/s"),
            (counted, "x[n]/D"),
            (BranchKind::Vector(ScalarType::F32), "x"),
            (BranchKind::Text, "x/C"),
        ] {
            assert_eq!(BranchSchema::new("x", kind).title, title);
        }
    }
}
