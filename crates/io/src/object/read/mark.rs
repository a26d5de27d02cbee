//! What may be another thing in another record of the same shape.

use std::sync::Arc;

use crate::column::ScalarType;
use crate::object::value::ObjectId;

/// Something met in a record that may be another in one of the same shape.
#[derive(Clone, Debug)]
pub(super) enum Mark {
    /// A byte count at `at`; what it counts ends at `end`.
    Count { at: usize, end: usize },
    /// A reference to something before it.
    Reference { at: usize, tag: u32 },
    /// A member that may differ.
    Member {
        start: usize,
        end: usize,
        owner: ObjectId,
        name: Arc<str>,
        kind: MemberKind,
    },
}

/// How a member that may differ is read.
#[derive(Clone, Debug)]
pub(super) enum MemberKind {
    Number(ScalarType),
    /// An array, and the member that counts it.
    Array(ScalarType, Arc<str>),
    /// A `TObjArray`, which may hold nothing.
    List {
        is_empty: bool,
    },
}

impl Mark {
    /// Where it begins.
    pub(super) fn at(&self) -> usize {
        match self {
            Self::Count { at, .. } | Self::Reference { at, .. } => *at,
            Self::Member { start, .. } => *start,
        }
    }
}
