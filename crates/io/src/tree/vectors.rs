//! The vectors of numbers in a basket: found by the lengths they state, swapped many at a time.

use std::ops::Range;

use super::basket::BasketContent;
use crate::cursor::BYTE_COUNT_MASK;
use crate::error::{Error, Result};
use crate::swap::FromBigEndian;

/// The bytes before the values of a `std::vector`: byte count, version, length.
const HEADER: usize = 10;
/// So many bytes of values are gathered before they are swapped: they stay in the first cache.
const BLOCK: usize = 8 << 10;
/// Vectors up to so many bytes are gathered by one move of that many, whatever their length. Most
/// hold a few numbers: a loop over each would take longer than the numbers.
const MOVE: usize = 32;

/// Appends the vectors `range` of a basket to `values`, and their ends to `offsets`.
///
/// Each vector states its length, which must agree with its byte count, and so tells where the
/// next one stands. Entry offsets need not be there; where they are and agree, they are what the
/// next one is found by: the processor need not wait for one length to look for the next.
///
/// # Errors
/// When there are not so many vectors, or more bytes.
pub(super) fn append<T: FromBigEndian>(
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
    let end = u32::try_from(values.len()).map_err(|_| too_many())?;
    // No more than the bytes can hold, whatever number of entries a file states.
    offsets.reserve(range.len().min(basket.values.len() / HEADER));
    let mut growing = Appending {
        values,
        offsets,
        end,
        gathered: Gathered::new(),
    };
    let mut entry = range.start;
    if let Some(starts) = basket
        .offsets
        .as_ref()
        .and_then(|starts| starts.after(entry))
    {
        for start in starts.take(range.len()) {
            growing.push(walk.next::<T>(entry)?)?;
            entry += 1;
            if !walk.skip_to(start) {
                break;
            }
        }
    }
    for entry in entry..range.end {
        growing.push(walk.next::<T>(entry)?)?;
    }
    growing.gathered.swap(growing.values);
    if range.end == entries && !walk.rest.is_empty() {
        return Err(Error::malformed(format!(
            "{} bytes are left behind the basket's last entry",
            walk.rest.len()
        )));
    }
    Ok(())
}

/// Columns to which vectors are appended.
struct Appending<'c, T> {
    values: &'c mut Vec<T>,
    offsets: &'c mut Vec<u32>,
    end: u32,
    gathered: Gathered,
}

impl<T: FromBigEndian> Appending<'_, T> {
    #[inline(always)]
    fn push(&mut self, vector: Vector<'_>) -> Result<()> {
        self.end = self.end.checked_add(vector.count).ok_or_else(too_many)?;
        self.offsets.push(self.end);
        self.gathered.push(vector, self.values);
        Ok(())
    }
}

#[cold]
fn too_many() -> Error {
    Error::malformed("more than 2³² values in one column")
}

/// A walk from vector to vector.
struct Walk<'a> {
    bytes: &'a [u8],
    rest: &'a [u8],
}

/// A vector: the number of its values, their length in bytes, and the bytes from there on.
struct Vector<'a> {
    count: u32,
    length: usize,
    bytes: &'a [u8],
}

impl<'a> Walk<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, rest: bytes }
    }

    /// The next vector.
    #[inline]
    fn next<T>(&mut self, entry: usize) -> Result<Vector<'a>> {
        let found = self
            .rest
            .split_first_chunk::<HEADER>()
            .and_then(|(header, bytes)| {
                let [c0, c1, c2, c3, _, _, n0, n1, n2, n3] = *header;
                let count = u32::from_be_bytes([n0, n1, n2, n3]);
                let length = usize::try_from(count).ok()?.checked_mul(size_of::<T>())?;
                let rest = bytes.get(length..)?;
                // The byte count covers version, length and values.
                let expected = u32::try_from(length).ok()?.checked_add(6)? | BYTE_COUNT_MASK;
                let agrees = u32::from_be_bytes([c0, c1, c2, c3]) == expected;
                let vector = Vector {
                    count,
                    length,
                    bytes,
                };
                agrees.then_some((vector, rest))
            });
        let Some((vector, rest)) = found else {
            return Err(self.no_vector(entry));
        };
        self.rest = rest;
        Ok(vector)
    }

    /// Goes to byte `start` if that is where the walk is anyway.
    #[inline]
    fn skip_to(&mut self, start: usize) -> bool {
        let Some(rest) = self.bytes.get(start..) else {
            return false;
        };
        let is_there = rest.len() == self.rest.len();
        if is_there {
            self.rest = rest;
        }
        is_there
    }

    #[cold]
    fn no_vector(&self, entry: usize) -> Error {
        Error::malformed(format!("entry {entry} of the basket is no vector"))
            .at_position(self.bytes.len() - self.rest.len())
    }
}

/// Values of successive vectors, without what stands between them, still big-endian.
struct Gathered {
    bytes: [u8; BLOCK],
    length: usize,
}

impl Gathered {
    fn new() -> Self {
        Self {
            bytes: [0; BLOCK],
            length: 0,
        }
    }

    /// Takes in a vector; swaps what was gathered into `values` where there is no room.
    #[inline]
    fn push<T: FromBigEndian>(&mut self, vector: Vector<'_>, values: &mut Vec<T>) {
        if self.length > BLOCK - MOVE {
            self.swap(values);
        }
        let room = self.bytes.get_mut(self.length..).unwrap_or_default();
        match (
            vector.bytes.first_chunk::<MOVE>(),
            room.first_chunk_mut::<MOVE>(),
        ) {
            // What is moved too much, the next vector overwrites.
            (Some(from), Some(to)) if vector.length <= MOVE => {
                *to = *from;
                self.length += vector.length;
            }
            _ => {
                self.swap(values);
                let bytes = vector.bytes.get(..vector.length).unwrap_or_default();
                T::extend(bytes, values);
            }
        }
    }

    /// Appends what was gathered to `values`.
    fn swap<T: FromBigEndian>(&mut self, values: &mut Vec<T>) {
        T::extend(self.bytes.get(..self.length).unwrap_or_default(), values);
        self.length = 0;
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
