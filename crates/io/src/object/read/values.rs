//! The values of those members of a record that may differ in records of one shape.

use std::borrow::Cow;
use std::ops::Range;

use super::members::integer;
use crate::column::ScalarType;
use crate::cursor::Cursor;
use crate::object::value::{Graph, ObjectId};

/// The values of the members that differ, by their numbers. They are decoded when they are asked
/// for: of most nobody asks.
#[derive(Debug)]
pub(crate) struct MemberValues<'a> {
    pub(super) content: &'a [u8],
    pub(super) found: Cow<'a, [Found]>,
    /// What part of all items each list holds.
    pub(super) lists: Vec<Range<usize>>,
    pub(super) items: Vec<Option<ObjectId>>,
    /// The objects in lists.
    pub graph: Graph,
}

/// Where a member stands in the record.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Number(usize, ScalarType),
    Array(Range<usize>, ScalarType),
    /// A list without items.
    NoItems,
    /// The list with this number.
    Items(usize),
}

impl<'a> MemberValues<'a> {
    /// The integer that a member is.
    #[inline(always)]
    pub fn int(&self, member: usize) -> Option<i64> {
        match self.found.get(member)? {
            Found::Number(at, scalar) => integer_at(self.content, *at, *scalar),
            _ => None,
        }
    }

    /// The integers of a member that is an array.
    #[inline(always)]
    pub fn integers(&self, member: usize) -> Option<StoredIntegers<'a>> {
        let Found::Array(range, scalar) = self.found.get(member)? else {
            return None;
        };
        let bytes = self.content.get(range.clone())?;
        match scalar {
            ScalarType::I32 => Some(StoredIntegers::Narrow(bytes.as_chunks().0)),
            ScalarType::I64 => Some(StoredIntegers::Wide(bytes.as_chunks().0)),
            _ => None,
        }
    }

    /// The items of a member that is a list.
    pub fn items(&self, member: usize) -> Option<&[Option<ObjectId>]> {
        match self.found.get(member)? {
            Found::NoItems => Some(&[]),
            Found::Items(list) => self.items.get(self.lists.get(*list)?.clone()),
            _ => None,
        }
    }
}

/// The integer at `at`; none where there is none, or a float.
#[inline(always)]
pub(super) fn integer_at(content: &[u8], at: usize, scalar: ScalarType) -> Option<i64> {
    let stored = content.get(at..)?;
    // Nearly all are of these.
    match scalar {
        ScalarType::I32 => stored
            .first_chunk()
            .map(|&one| i32::from_be_bytes(one).into()),
        ScalarType::I64 => stored.first_chunk().map(|&one| i64::from_be_bytes(one)),
        _ => integer(&mut Cursor::new(stored), scalar).ok(),
    }
}

/// Integers of 32 or 64 bits as a record holds them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StoredIntegers<'a> {
    /// Of 32 bits.
    Narrow(&'a [[u8; 4]]),
    /// Of 64 bits.
    Wide(&'a [[u8; 8]]),
}

impl StoredIntegers<'_> {
    /// The one with number `index`.
    #[inline]
    pub fn get(self, index: usize) -> Option<i64> {
        match self {
            Self::Narrow(stored) => stored.get(index).map(|one| i32::from_be_bytes(*one).into()),
            Self::Wide(stored) => stored.get(index).map(|one| i64::from_be_bytes(*one)),
        }
    }

    /// All of them.
    pub fn to_vec(self) -> Vec<i64> {
        (0..).map_while(|index| self.get(index)).collect()
    }
}
