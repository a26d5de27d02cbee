//! The values of those members of a record that may differ in records of one shape.

use std::ops::Range;

use crate::column::ScalarType;
use crate::object::value::{Graph, ObjectId, Value};

/// The values of the members that differ, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct MemberValues {
    found: Vec<Found>,
    integers: Vec<i64>,
    items: Vec<Option<ObjectId>>,
    /// The objects in lists.
    pub graph: Graph,
}

/// One of them: a number, or what part of all integers or items it is.
#[derive(Clone, Debug)]
enum Found {
    Int(i64),
    Float,
    Integers(Range<usize>),
    Items(Range<usize>),
}

impl MemberValues {
    /// None yet, with room for so many members.
    pub(super) fn with_capacity(members: usize) -> Self {
        Self {
            found: Vec::with_capacity(members),
            ..Self::default()
        }
    }

    /// The integer that a member is.
    pub fn int(&self, member: usize) -> Option<i64> {
        match self.found.get(member)? {
            Found::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The integers of a member that is an array.
    pub fn integers(&self, member: usize) -> Option<&[i64]> {
        match self.found.get(member)? {
            Found::Integers(range) => self.integers.get(range.clone()),
            _ => None,
        }
    }

    /// The items of a member that is a list.
    pub fn items(&self, member: usize) -> Option<&[Option<ObjectId>]> {
        match self.found.get(member)? {
            Found::Items(range) => self.items.get(range.clone()),
            _ => None,
        }
    }

    /// Takes a number.
    pub(super) fn push_number(&mut self, value: &Value) {
        self.found.push(match value {
            Value::Int(value) => Found::Int(*value),
            _ => Found::Float,
        });
    }

    /// Takes a list's items.
    pub(super) fn push_items(&mut self, items: Vec<Option<ObjectId>>) {
        let start = self.items.len();
        self.items.extend(items);
        self.found.push(Found::Items(start..self.items.len()));
    }

    /// Takes an array of integers of 32 or 64 bits, and no others.
    pub(super) fn push_integers(&mut self, bytes: &[u8], scalar: ScalarType) -> Option<()> {
        let start = self.integers.len();
        match scalar {
            ScalarType::I32 => {
                let (values, _) = bytes.as_chunks();
                let values = values.iter().map(|bytes| i32::from_be_bytes(*bytes));
                self.integers.extend(values.map(i64::from));
            }
            ScalarType::I64 => {
                let (values, _) = bytes.as_chunks();
                let values = values.iter().map(|bytes| i64::from_be_bytes(*bytes));
                self.integers.extend(values);
            }
            _ => return None,
        }
        self.found.push(Found::Integers(start..self.integers.len()));
        Some(())
    }
}
