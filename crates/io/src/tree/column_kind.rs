//! The two kinds of column that a selection reads and a tree here is written of.

use std::fmt;

use crate::column::ScalarType;

/// A flat kind of column; what else there is, [`Format`](super::Format) tells.
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
