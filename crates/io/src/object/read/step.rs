//! What may differ between a record and its pattern.

use crate::column::ScalarType;

/// Something that may differ: what stands between `start` and `end` of the pattern.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub start: usize,
    pub end: usize,
    pub what: What,
}

/// What it is.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// A byte count, and where what it counts ends in the pattern.
    Count(usize),
    /// A reference to what stands at `target` of the pattern, behind so many steps.
    Reference {
        target: usize,
        steps: usize,
        mask: u32,
    },
    Number(ScalarType),
    /// An array, counted by the value of this number.
    Array(ScalarType, usize),
    List {
        is_empty: bool,
    },
}
