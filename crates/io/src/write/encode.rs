//! The bytes of a basket's entries, from a column.

use std::ops::Range;

use super::entries::{BasketEntries, count, too_long};
use super::schema::{BranchKind, BranchSchema, values_in};
use crate::column::{Column, Level, ScalarType, Values};
use crate::cursor::BYTE_COUNT_MASK;
use crate::error::{Error, Result};

/// The version before the values of a `std::vector`: that of `TStreamerInfo`.
const VECTOR_VERSION: u16 = 9;
/// The length byte of a text whose length follows in 32 bits (`TBuffer::WriteFastArrayString`).
const LONG_TEXT: u8 = 255;

/// The bytes of the entries `range` of `column`, as a branch of that kind has them.
///
/// # Errors
/// When the column has no such entries or not that kind, or they grow past 1 GiB.
pub(super) fn entries(
    branch: &BranchSchema,
    column: &Column,
    range: Range<usize>,
) -> Result<BasketEntries> {
    if range.end > column.entries() {
        return Err(Error::malformed(format!(
            "a column of {} entries has no entries {range:?}",
            column.entries()
        )));
    }
    let mut bytes = Vec::new();
    let entries = count(range.len())?;
    let values = column.values();
    let scalar = values.scalar_type();
    let offsets = match (&branch.kind, column.levels()) {
        (BranchKind::Value(wanted), []) if *wanted == scalar => {
            values.to_big_endian(range, &mut bytes);
            None
        }
        (BranchKind::Array(wanted, dimensions), levels)
            if *wanted == scalar && are_arrays(levels, dimensions) =>
        {
            let each = values_in(dimensions)?;
            values.to_big_endian(range.start * each..range.end * each, &mut bytes);
            None
        }
        (BranchKind::Counted { scalar: wanted, .. }, [Level::List(offsets)])
            if *wanted == scalar && !column.is_text() =>
        {
            Some(lists(offsets, range, &mut bytes, |list, out| {
                values.to_big_endian(list, out);
                Ok(())
            })?)
        }
        (BranchKind::Vector(wanted), [Level::List(offsets)])
            if *wanted == scalar && !column.is_text() =>
        {
            Some(lists(offsets, range, &mut bytes, |list, out| {
                vector(values, list, out)
            })?)
        }
        (BranchKind::Text, [Level::List(offsets)]) if scalar == ScalarType::U8 => {
            Some(lists(offsets, range, &mut bytes, |list, out| {
                text(values, list, out)
            })?)
        }
        (kind, _) => {
            return Err(Error::malformed(format!(
                "a column of {scalar} of this shape is no {kind:?}"
            ))
            .in_object(format!("branch {}", branch.name)));
        }
    };
    Ok(BasketEntries {
        entries,
        values: bytes,
        offsets,
    })
}

/// The most items of a list among the entries `range`; 0 where they are no lists.
pub(super) fn longest(column: &Column, range: Range<usize>) -> u32 {
    let offsets = column.offsets().unwrap_or_default();
    let ends = offsets.get(range.start..=range.end).unwrap_or_default();
    let lengths = ends.iter().zip(ends.iter().skip(1));
    lengths.map(|(from, to)| to - from).max().unwrap_or(0)
}

fn are_arrays(levels: &[Level], dimensions: &[usize]) -> bool {
    let lengths = levels.iter().map(|level| match level {
        Level::Array(length) => Some(*length),
        Level::List(_) => None,
    });
    lengths.eq(dimensions.iter().map(|&length| Some(length)))
}

/// Appends lists one by one; gives where each begins.
fn lists(
    offsets: &[u32],
    range: Range<usize>,
    out: &mut Vec<u8>,
    mut list: impl FnMut(Range<usize>, &mut Vec<u8>) -> Result<()>,
) -> Result<Vec<u32>> {
    let mut starts = Vec::with_capacity(range.len());
    let ends = offsets.get(range.start..=range.end).unwrap_or_default();
    for (&from, &to) in ends.iter().zip(ends.iter().skip(1)) {
        starts.push(count(out.len())?);
        list(from as usize..to as usize, out)?;
    }
    Ok(starts)
}

fn vector(values: &Values, list: Range<usize>, out: &mut Vec<u8>) -> Result<()> {
    let length = count(list.len())?;
    let bytes = length.checked_mul(count(values.scalar_type().width())?);
    let counted = bytes
        .and_then(|bytes| bytes.checked_add(6))
        .ok_or_else(too_long)?;
    out.extend_from_slice(&(counted | BYTE_COUNT_MASK).to_be_bytes());
    out.extend_from_slice(&VECTOR_VERSION.to_be_bytes());
    out.extend_from_slice(&length.to_be_bytes());
    values.to_big_endian(list, out);
    Ok(())
}

/// A text behind its length, also where it is empty: without that byte no reader could tell where
/// it stands.
fn text(values: &Values, list: Range<usize>, out: &mut Vec<u8>) -> Result<()> {
    match u8::try_from(list.len()) {
        Ok(length) if length < LONG_TEXT => out.push(length),
        _ => {
            out.push(LONG_TEXT);
            out.extend_from_slice(&count(list.len())?.to_be_bytes());
        }
    }
    values.to_big_endian(list, out);
    Ok(())
}
