//! The vectors of numbers in a basket: found by the lengths they state, swapped many at a time.

mod placed;

use std::ops::Range;

use placed::Placed;

use super::basket::BasketContent;
use crate::cursor::BYTE_COUNT_MASK;
use crate::error::{Error, Result};
use crate::swap::{FromBigEndian, wide};

/// The bytes before the values of a `std::vector`: byte count, version, length.
const HEADER: u32 = 10;

/// Appends the vectors `range` of a basket to `values`, and their ends to `offsets`, the last of
/// which is the number of values there already. What stands behind these in `values`, before or
/// afterwards, is of no use: to overwrite costs less than to clear.
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
    let before = offsets.len();
    let placed = Placed {
        basket,
        range: range.clone(),
        values,
        offsets,
    };
    if wide::run(placed).is_some() {
        return Ok(());
    }
    offsets.truncate(before);
    append_walking(basket, range, values, offsets)
}

/// What a vector's header says other than that `count` values of `width` bytes stand behind it: 0
/// where it says just that.
#[inline(always)]
fn mismatch(header: &[u8; HEADER as usize], count: usize, width: usize) -> u64 {
    let [c0, c1, c2, c3, _, _, n0, n1, n2, n3] = *header;
    // The byte count covers version, length and values.
    let count = count as u64;
    let expected = (count * width as u64 + 6) | u64::from(BYTE_COUNT_MASK);
    (u64::from(u32::from_be_bytes([c0, c1, c2, c3])) ^ expected)
        | (u64::from(u32::from_be_bytes([n0, n1, n2, n3])) ^ count)
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
    let mut end = offsets.last().copied().unwrap_or_default();
    values.truncate(end as usize);
    // No more than the bytes can hold, whatever number of entries a file states.
    offsets.reserve(range.len().min(basket.values.len() / HEADER as usize));
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
            .split_first_chunk::<{ HEADER as usize }>()
            .and_then(|(header, bytes)| {
                let [.., n0, n1, n2, n3] = *header;
                let count = u32::from_be_bytes([n0, n1, n2, n3]);
                let items = usize::try_from(count).ok()?;
                let (values, rest) = bytes.split_at_checked(items.checked_mul(size_of::<T>())?)?;
                (mismatch(header, items, size_of::<T>()) == 0).then_some((count, values, rest))
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

    /// Numbers of which any is made of a `u16`, in two bytes or more.
    trait Number: FromBigEndian + PartialEq + std::fmt::Debug {
        fn of(number: u16) -> Self;
        fn bytes(self) -> Vec<u8>;
    }

    macro_rules! number {
        ($($type:ty: $from:expr, $to:expr;)+) => {
            $(impl Number for $type {
                fn of(number: u16) -> Self {
                    $from(number)
                }

                fn bytes(self) -> Vec<u8> {
                    $to(self).to_be_bytes().to_vec()
                }
            })+
        };
    }

    number! {
        bool: |number: u16| !number.is_multiple_of(3), u8::from;
        u16: u16::from, u16::from;
        f32: f32::from, f32::from;
        f64: f64::from, f64::from;
    }

    fn written<T: Number>(vectors: &[Vec<T>]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for vector in vectors {
            let count = u32::try_from(vector.len()).unwrap();
            let width = u32::try_from(size_of::<T>()).unwrap();
            bytes.extend((BYTE_COUNT_MASK | (6 + width * count)).to_be_bytes());
            bytes.extend(9u16.to_be_bytes());
            bytes.extend(count.to_be_bytes());
            bytes.extend(vector.iter().flat_map(|value| value.bytes()));
        }
        bytes
    }

    /// Stored offsets count from the start of the key.
    const KEY_LENGTH: u32 = 77;

    /// Where written vectors begin.
    fn starts<T>(vectors: &[Vec<T>]) -> Vec<u32> {
        let lengths = vectors
            .iter()
            .map(|vector| 10 + vector.len() * size_of::<T>());
        lengths
            .scan(KEY_LENGTH as usize, |end, length| {
                *end += length;
                u32::try_from(*end - length).ok()
            })
            .collect()
    }

    fn append<T: FromBigEndian>(
        bytes: &[u8],
        entries: usize,
        starts: Option<&[u8]>,
        range: Range<usize>,
        (values, offsets): (&mut Vec<T>, &mut Vec<u32>),
    ) -> Result<()> {
        let basket = BasketContent {
            entries: entries as u64,
            values: bytes,
            offsets: starts.map(|bytes| EntryOffsets::Stored {
                bytes,
                key_length: KEY_LENGTH,
            }),
            key_length: 0,
        };
        super::append(&basket, range, values, offsets)?;
        values.truncate(offsets.last().map_or(0, |&end| end as usize));
        Ok(())
    }

    /// Writes vectors and reads the entries `range` of them, by their offsets and without; from
    /// the entry `false_from` on the offsets are wrong.
    fn come_back<T: Number>(
        vectors: &[Vec<u16>],
        range: &Range<usize>,
        false_from: Option<usize>,
    ) -> std::result::Result<(), TestCaseError> {
        let vectors: Vec<Vec<T>> = vectors
            .iter()
            .map(|vector| vector.iter().copied().map(T::of).collect())
            .collect();
        let bytes = written(&vectors);
        let mut starts = starts(&vectors);
        // Offsets that do not agree are of no use and do no harm.
        for start in starts.iter_mut().skip(false_from.unwrap_or(usize::MAX)) {
            *start += 1;
        }
        let starts: Vec<u8> = starts.into_iter().flat_map(u32::to_be_bytes).collect();
        for starts in [None, Some(&starts[..])] {
            // One value of use, and some that are to be overwritten.
            let (mut values, mut offsets) = (vec![T::of(7); 50], vec![0, 1]);
            let out = (&mut values, &mut offsets);
            append(&bytes, vectors.len(), starts, range.clone(), out).unwrap();
            prop_assert_eq!(offsets.len(), 2 + range.len());
            for (ends, vector) in offsets[1..].windows(2).zip(&vectors[range.clone()]) {
                prop_assert_eq!(&values[ends[0] as usize..ends[1] as usize], &vector[..]);
            }
            prop_assert_eq!(offsets.last().map(|&end| end as usize), Some(values.len()));
        }
        Ok(())
    }

    /// Writes vectors, turns a bit and reads them, by their offsets and without: both give the same
    /// vectors or the same error.
    fn damaged_alike<T: Number>(
        vectors: &[Vec<u16>],
        place: prop::sample::Index,
        bit: u32,
    ) -> std::result::Result<(), TestCaseError> {
        let vectors: Vec<Vec<T>> = vectors
            .iter()
            .map(|vector| vector.iter().copied().map(T::of).collect())
            .collect();
        let mut bytes = written(&vectors);
        let starts: Vec<u8> = starts(&vectors)
            .into_iter()
            .flat_map(u32::to_be_bytes)
            .collect();
        let place = place.index(bytes.len());
        bytes[place] ^= 1u8 << bit;
        let read = |starts| {
            let (mut values, mut offsets) = (Vec::<T>::new(), vec![0]);
            let out = (&mut values, &mut offsets);
            let result = append(&bytes, vectors.len(), starts, 0..vectors.len(), out);
            let values = values.into_iter().map(Number::bytes).collect::<Vec<_>>();
            result
                .map(|()| (values, offsets))
                .map_err(|error| error.to_string())
        };
        prop_assert_eq!(read(Some(&starts)), read(None));
        Ok(())
    }

    /// Runs of vectors, as many as `count`; all vectors may be short or not, and those of a run are
    /// equally long.
    fn vectors(count: Range<usize>) -> impl Strategy<Value = Vec<Vec<u16>>> {
        (1usize..40, 1usize..40).prop_flat_map(move |(longest, run)| {
            let vector = prop::collection::vec(any::<u16>(), 0..=longest);
            let runs = prop::collection::vec((vector, 1..=run), count.clone());
            runs.prop_map(|runs| {
                let runs = runs.into_iter();
                runs.flat_map(|(vector, run)| std::iter::repeat_n(vector, run))
                    .collect()
            })
        })
    }

    proptest! {
        #[test]
        fn vectors_of_any_length_come_back_in_order(
            vectors in vectors(0..100),
            skipped in 0usize..600,
            unwanted in 0usize..3,
            false_from in prop::option::of(0usize..1200),
        ) {
            let range = skipped.min(vectors.len())..vectors.len();
            let range = range.start..range.end.saturating_sub(unwanted).max(range.start);
            come_back::<bool>(&vectors, &range, false_from)?;
            come_back::<u16>(&vectors, &range, false_from)?;
            come_back::<f32>(&vectors, &range, false_from)?;
            come_back::<f64>(&vectors, &range, false_from)?;
        }

        #[test]
        fn what_is_no_vector_is_found_with_offsets_as_without(
            vectors in vectors(1..10),
            place in any::<prop::sample::Index>(),
            bit in 0u32..8,
        ) {
            damaged_alike::<bool>(&vectors, place, bit)?;
            damaged_alike::<u16>(&vectors, place, bit)?;
            damaged_alike::<f32>(&vectors, place, bit)?;
            damaged_alike::<f64>(&vectors, place, bit)?;
        }
    }

    #[test]
    fn a_false_length_is_named_with_its_place() {
        let mut bytes = written(&[vec![1u16, 2], vec![3]]);
        bytes[14 + 9] = 2;
        let out = (&mut Vec::<u16>::new(), &mut vec![0]);
        let error = append(&bytes, 2, None, 0..2, out).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("entry 1") && text.contains("14"), "{text}");
    }
}
