//! The vectors of numbers in a basket: found by the lengths they state, swapped many at a time.

use std::ops::Range;

use super::basket::BasketContent;
use crate::cursor::BYTE_COUNT_MASK;
use crate::error::{Error, Result};
use crate::swap::wide::{self, Kernel};
use crate::swap::{BLOCK, FromBigEndian};

/// For so many vectors memory is cleared at a time: it is in the cache still when it is written.
const RUN: usize = 512;

/// The bytes before the values of a `std::vector`: byte count, version, length.
const HEADER: usize = 10;

/// Appends the vectors `range` of a basket to `values`, and their ends to `offsets`, the last of
/// which is the number of values there already.
///
/// Each vector states its length, which must agree with its byte count, and so tells where the
/// next one stands. Entry offsets need not be there; where they are and agree, all lengths follow
/// from them at once, and the processor need not wait for one vector to look for the next.
///
/// # Errors
/// When there are not so many vectors, or more bytes.
pub(super) fn append<T: FromBigEndian>(
    basket: &BasketContent<'_>,
    range: Range<usize>,
    values: &mut Vec<T>,
    offsets: &mut Vec<u32>,
) -> Result<()> {
    let there = (values.len(), offsets.len());
    let placed = Placed {
        basket,
        range: range.clone(),
        values,
        offsets,
    };
    if wide::run(placed).is_some() {
        return Ok(());
    }
    values.truncate(there.0);
    offsets.truncate(there.1);
    append_walking(basket, range, values, offsets)
}

/// Appends vectors that stand where the basket's entry offsets say; nothing, or what is of no
/// use, where they do not.
struct Placed<'a, T> {
    basket: &'a BasketContent<'a>,
    range: Range<usize>,
    values: &'a mut Vec<T>,
    offsets: &'a mut Vec<u32>,
}

impl<T: FromBigEndian> Kernel for Placed<'_, T> {
    type Output = Option<()>;

    #[inline(always)]
    fn run(self) -> Option<()> {
        let base = u32::try_from(self.values.len()).ok()?;
        let own = self.offsets.len().checked_sub(1)?;
        let first = push_ends(self.basket, &self.range, base, size_of::<T>(), self.offsets)?;
        let bytes = self.basket.values;
        let last = self.offsets.last()?.checked_sub(base)? as usize;
        if last > bytes.len() / size_of::<T>() {
            return None;
        }
        let last = base as usize + last;
        self.values
            .reserve((last + BLOCK).saturating_sub(self.values.len()));
        let own = self.offsets.get(own..)?;
        // Where the first header would stand, did all values of the column stand behind it.
        let mut headers = (first as usize).wrapping_sub(base as usize * size_of::<T>());
        for (starts, ends) in own.chunks(RUN).zip(own.get(1..)?.chunks(RUN)) {
            // Room for a whole block behind the last value, so that all are written alike.
            let end = last.min(*ends.last()? as usize) + BLOCK;
            if end > self.values.len() {
                self.values.resize(end, T::default());
            }
            let out = self.values.as_mut_slice();
            for (&from, &to) in starts.iter().zip(ends) {
                let count = to.wrapping_sub(from);
                let at = headers.wrapping_add(from as usize * size_of::<T>());
                headers = headers.wrapping_add(HEADER);
                let rest = bytes.get(at..)?;
                let room = out.get_mut(from as usize..)?;
                // Most vectors hold a few numbers: a loop over each would take longer than the
                // numbers. What is written too much, the next vector overwrites.
                if let Some((header, block)) = split_block(rest)
                    && count as usize <= BLOCK / size_of::<T>()
                {
                    let is_vector = is_header(header, count, count as usize * size_of::<T>());
                    if !(is_vector && T::swap_block(block, room)) {
                        return None;
                    }
                } else {
                    swap_long(rest, count as usize, room)?;
                }
            }
        }
        self.values.truncate(last);
        let end = headers.wrapping_add(last * size_of::<T>());
        let is_whole = u64::try_from(self.range.end) == Ok(self.basket.entries);
        (!is_whole || end == bytes.len()).then_some(())
    }
}

/// Appends where the vectors `range` end in a column of `base` values so far, if the basket's
/// entry offsets are right; gives where the first of them begins in the basket.
///
/// The bytes before each end are headers and values. Wrong offsets give wrong ends here, which no
/// vector agrees with.
#[inline(always)]
fn push_ends(
    basket: &BasketContent<'_>,
    range: &Range<usize>,
    base: u32,
    width: usize,
    offsets: &mut Vec<u32>,
) -> Option<u32> {
    let starts = basket.offsets.as_ref()?;
    let (first, ends) = starts.starts(range.clone())?;
    let behind = if u64::try_from(range.end) == Ok(basket.entries) {
        basket.values.len()
    } else {
        starts.get(range.end)?
    };
    if range.start == 0 && first != 0 {
        return None;
    }
    let header = u32::try_from(HEADER).ok()?;
    let width = u32::try_from(width).ok()?;
    let end = |(end, headers): (u32, u32)| {
        let values = end.wrapping_sub(first).wrapping_sub(headers) / width;
        base.wrapping_add(values)
    };
    let entries = u32::try_from(range.len()).ok()?;
    let headers = (1..entries).map(|entry| entry.wrapping_mul(header));
    // Not `extend`, which would not be compiled for wide registers.
    let there = offsets.len();
    offsets.resize(there + range.len().saturating_sub(1), 0);
    let room = offsets.get_mut(there..)?;
    for (offset, (start, headers)) in room.iter_mut().zip(ends.zip(headers)) {
        *offset = end((start, headers));
    }
    offsets.push(end((
        u32::try_from(behind).ok()?,
        entries.wrapping_mul(header),
    )));
    Some(first)
}

/// A vector's header and the block behind it, where there is so much.
#[inline(always)]
fn split_block(bytes: &[u8]) -> Option<(&[u8; HEADER], &[u8; BLOCK])> {
    let (vector, _) = bytes.split_first_chunk::<{ HEADER + BLOCK }>()?;
    Some((vector.first_chunk()?, vector.last_chunk()?))
}

/// Writes the vector of `count` values at the start of `bytes` to `out`, if it is one.
#[inline(never)]
fn swap_long<T: FromBigEndian>(bytes: &[u8], count: usize, out: &mut [T]) -> Option<()> {
    let length = count.checked_mul(size_of::<T>())?;
    let (header, values) = bytes.split_first_chunk()?;
    if !is_header(header, u32::try_from(count).ok()?, length) {
        return None;
    }
    T::swap(values.get(..length)?, out.get_mut(..count)?);
    Some(())
}

/// Whether that is what stands before `count` values that take `length` bytes.
#[inline(always)]
fn is_header(header: &[u8; HEADER], count: u32, length: usize) -> bool {
    let [c0, c1, c2, c3, _, _, n0, n1, n2, n3] = *header;
    // The byte count covers version, length and values.
    let expected = (length as u64 + 6) | u64::from(BYTE_COUNT_MASK);
    (u64::from(u32::from_be_bytes([c0, c1, c2, c3])) == expected)
        & (u32::from_be_bytes([n0, n1, n2, n3]) == count)
}

/// Appends vectors by the lengths that they state alone.
fn append_walking<T: FromBigEndian>(
    basket: &BasketContent<'_>,
    range: Range<usize>,
    values: &mut Vec<T>,
    offsets: &mut Vec<u32>,
) -> Result<()> {
    let entries = usize::try_from(basket.entries).unwrap_or(usize::MAX);
    let mut walk = Walk::new(basket.values);
    for entry in 0..range.start {
        walk.next::<T>(entry)?;
    }
    let too_many = || Error::malformed("more than 2³² values in one column");
    let mut end = u32::try_from(values.len()).map_err(|_| too_many())?;
    // No more than the bytes can hold, whatever number of entries a file states.
    offsets.reserve(range.len().min(basket.values.len() / HEADER));
    for entry in range.clone() {
        let (count, bytes) = walk.next::<T>(entry)?;
        end = end.checked_add(count).ok_or_else(too_many)?;
        offsets.push(end);
        T::extend(bytes, values);
    }
    if range.end == entries && !walk.rest.is_empty() {
        return Err(Error::malformed(format!(
            "{} bytes are left behind the basket's last entry",
            walk.rest.len()
        )));
    }
    Ok(())
}

/// A walk from vector to vector.
struct Walk<'a> {
    bytes: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Walk<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, rest: bytes }
    }

    /// The next vector: the number of its values, and their bytes.
    #[inline]
    fn next<T>(&mut self, entry: usize) -> Result<(u32, &'a [u8])> {
        let found = self
            .rest
            .split_first_chunk::<HEADER>()
            .and_then(|(header, bytes)| {
                let [.., n0, n1, n2, n3] = *header;
                let count = u32::from_be_bytes([n0, n1, n2, n3]);
                let length = usize::try_from(count).ok()?.checked_mul(size_of::<T>())?;
                let (values, rest) = bytes.split_at_checked(length)?;
                is_header(header, count, length).then_some((count, values, rest))
            });
        let Some((count, values, rest)) = found else {
            return Err(self.no_vector(entry));
        };
        self.rest = rest;
        Ok((count, values))
    }

    #[cold]
    fn no_vector(&self, entry: usize) -> Error {
        Error::malformed(format!("entry {entry} of the basket is no vector"))
            .at_position(self.bytes.len() - self.rest.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tree::EntryOffsets;

    fn written(vectors: &[Vec<u16>]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for vector in vectors {
            let count = u32::try_from(vector.len()).unwrap();
            bytes.extend((BYTE_COUNT_MASK | (6 + 2 * count)).to_be_bytes());
            bytes.extend(9u16.to_be_bytes());
            bytes.extend(count.to_be_bytes());
            bytes.extend(vector.iter().flat_map(|value| value.to_be_bytes()));
        }
        bytes
    }

    /// Stored offsets count from the start of the key.
    const KEY_LENGTH: u32 = 77;

    fn append(
        bytes: &[u8],
        entries: usize,
        starts: Option<&[u8]>,
        range: Range<usize>,
        (values, offsets): (&mut Vec<u16>, &mut Vec<u32>),
    ) -> Result<()> {
        let basket = BasketContent {
            entries: entries as u64,
            values: bytes,
            offsets: starts.map(|bytes| EntryOffsets::Stored {
                bytes,
                key_length: KEY_LENGTH,
            }),
        };
        super::append(&basket, range, values, offsets)
    }

    proptest! {
        #[test]
        fn vectors_of_any_length_come_back_in_order(
            vectors in prop::collection::vec(prop::collection::vec(any::<u16>(), 0..40), 0..400),
            skipped in 0usize..400,
            unwanted in 0usize..3,
            false_from in prop::option::of(0usize..800),
        ) {
            let bytes = written(&vectors);
            let mut starts: Vec<u32> = (0..vectors.len())
                .map(|entry| KEY_LENGTH + u32::try_from(written(&vectors[..entry]).len()).unwrap())
                .collect();
            // Offsets that do not agree are of no use and do no harm.
            for start in starts.iter_mut().skip(false_from.unwrap_or(usize::MAX)) {
                *start += 1;
            }
            let range = skipped.min(vectors.len())..vectors.len();
            let range = range.start..range.end.saturating_sub(unwanted).max(range.start);
            let starts: Vec<u8> = starts.into_iter().flat_map(u32::to_be_bytes).collect();
            for starts in [None, Some(&starts[..])] {
                let (mut values, mut offsets) = (vec![7u16], vec![0, 1]);
                let out = (&mut values, &mut offsets);
                append(&bytes, vectors.len(), starts, range.clone(), out).unwrap();
                prop_assert_eq!(offsets.len(), 2 + range.len());
                for (ends, vector) in offsets[1..].windows(2).zip(&vectors[range.clone()]) {
                    prop_assert_eq!(&values[ends[0] as usize..ends[1] as usize], &vector[..]);
                }
            }
        }
    }

    #[test]
    fn a_false_length_is_named_with_its_place() {
        let mut bytes = written(&[vec![1, 2], vec![3]]);
        bytes[14 + 9] = 2;
        let out = (&mut vec![], &mut vec![0]);
        let error = append(&bytes, 2, None, 0..2, out).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("entry 1") && text.contains("14"), "{text}");
    }
}
