//! Vectors that stand where the basket's entry offsets say: swapped without a walk.
//!
//! From the offsets follows where each vector ends in the column, for many vectors at once. What
//! each of them says of its length is held against that, and its values are swapped as a block,
//! however many they are: the next vector overwrites what was too much. So no vector waits for the
//! one before it, and nothing is decided for each but whether a block is enough.

use std::marker::PhantomData;
use std::ops::Range;

use super::{HEADER, mismatch};
use crate::swap::wide::Kernel;
use crate::swap::{BLOCK, FromBigEndian};
use crate::tree::basket::BasketContent;

/// So many vectors are looked at together: their values are still in the nearest cache when they
/// are swapped.
const TOGETHER: usize = 256;

/// Appends vectors that stand where the basket's entry offsets say; nothing, or what is of no
/// use, where they do not.
pub(super) struct Placed<'a, T> {
    pub(super) basket: &'a BasketContent<'a>,
    pub(super) range: Range<usize>,
    pub(super) values: &'a mut Vec<T>,
    /// The ends of vectors before; the last is the number of values there already.
    pub(super) offsets: &'a mut Vec<u32>,
}

impl<T: FromBigEndian> Kernel for Placed<'_, T> {
    type Output = Option<()>;

    #[inline(always)]
    fn run(self) -> Option<()> {
        let (values, offsets) = (self.values, self.offsets);
        let places = Places::<T>::new(self.basket, &self.range, values.len())?;
        let slack = T::IN_BLOCK;
        values.reserve(places.values + slack);
        offsets.reserve(self.range.len());
        let mut bytes = places.bytes;
        let mut before = *offsets.last()?;
        let mut ends = [0; TOGETHER];
        for first in (0..self.range.len()).step_by(TOGETHER) {
            let ends = places.ends(first, &mut ends)?;
            let end = *ends.last()?;
            if end < before || (end - places.base) as usize > places.values {
                return None;
            }
            // Room for a whole block behind the last value, so that all are written alike.
            values.resize(end as usize + slack, T::default());
            bytes = swap(bytes, before, ends, values.get_mut(before as usize..)?)?;
            values.truncate(end as usize);
            offsets.extend_from_slice(ends);
            before = end;
        }
        Some(())
    }
}

/// Where the entry offsets of a basket say that some of its vectors stand.
struct Places<'a, T> {
    /// The vectors, header and values each.
    bytes: &'a [u8],
    /// Where each begins, big-endian, counted from somewhere before the basket.
    starts: &'a [[u8; 4]],
    /// What the first of them is.
    first: u32,
    /// The number of values in all of them.
    values: usize,
    /// The number of values in the column before them.
    base: u32,
    of: PhantomData<T>,
}

impl<'a, T> Places<'a, T> {
    /// Those of the vectors `range`, behind `base` values.
    fn new(basket: &BasketContent<'a>, range: &Range<usize>, base: usize) -> Option<Self> {
        let offsets = basket.offsets.as_ref()?;
        let starts = offsets.stored()?.get(range.clone())?;
        let first = u32::from_be_bytes(*starts.first()?);
        let from = offsets.get(range.start)?;
        let to = if u64::try_from(range.end) == Ok(basket.entries) {
            basket.values.len()
        } else {
            offsets.get(range.end)?
        };
        if range.start == 0 && from != 0 {
            return None;
        }
        let bytes = basket.values.get(from..to)?;
        let values = bytes.len().checked_sub(starts.len().checked_mul(HEADER)?)?;
        if !values.is_multiple_of(size_of::<T>()) {
            return None;
        }
        let values = values / size_of::<T>();
        // No end in the column leaves the numbers of 32 bits.
        u32::try_from(base.checked_add(values)?).ok()?;
        Some(Self {
            bytes,
            starts,
            first,
            values,
            base: u32::try_from(base).ok()?,
            of: PhantomData,
        })
    }

    /// Writes to `ends` where the vectors from `first` on end in the column, as many as there is
    /// room for, and gives those.
    ///
    /// The bytes before each end are headers and values. Wrong offsets give wrong ends here, which
    /// no vector agrees with.
    #[inline(always)]
    fn ends<'e>(&self, first: usize, ends: &'e mut [u32; TOGETHER]) -> Option<&'e [u32]> {
        let header = u32::try_from(HEADER).ok()?;
        let width = u32::try_from(size_of::<T>()).ok()?;
        let before = u32::try_from(first).ok()?.wrapping_mul(header);
        let next = self.starts.get(first + 1..)?;
        for ((end, start), number) in ends.iter_mut().zip(next).zip(1..) {
            let bytes = u32::from_be_bytes(*start).wrapping_sub(self.first);
            let headers = before.wrapping_add(header.wrapping_mul(number));
            *end = self.base.wrapping_add(bytes.wrapping_sub(headers) / width);
        }
        let count = self.starts.len().checked_sub(first)?.min(TOGETHER);
        if first + count == self.starts.len() {
            let last = ends.get_mut(count.checked_sub(1)?)?;
            *last = self.base.checked_add(u32::try_from(self.values).ok()?)?;
        }
        ends.get(..count)
    }
}

/// Writes the vectors that stand in `bytes` and end at `ends` in the column to `out`, if they do;
/// `from` is where the first begins in the column. Gives the bytes behind them.
#[inline(always)]
fn swap<'a, T: FromBigEndian>(
    mut bytes: &'a [u8],
    mut from: u32,
    ends: &[u32],
    mut out: &mut [T],
) -> Option<&'a [u8]> {
    let mut wrong = 0;
    for &to in ends {
        let count = to.wrapping_sub(from) as usize;
        from = to;
        // Most vectors hold a few numbers: a loop over each would take longer than the numbers.
        if count <= T::IN_BLOCK
            && let Some((header, block)) = split_block(bytes)
            && T::swap_block(block, out)
        {
            wrong |= mismatch(header, count, size_of::<T>());
        } else {
            swap_long(bytes, count, out)?;
        }
        bytes = bytes.get(HEADER + count * size_of::<T>()..)?;
        out = out.get_mut(count..)?;
    }
    (wrong == 0).then_some(bytes)
}

/// A vector's header and the block behind it, where there is so much.
#[inline(always)]
fn split_block(bytes: &[u8]) -> Option<(&[u8; HEADER], &[u8; BLOCK])> {
    let vector = bytes.first_chunk::<{ HEADER + BLOCK }>()?;
    Some((vector.first_chunk()?, vector.last_chunk()?))
}

/// Writes the vector of `count` values at the start of `bytes` to `out`, if it is one.
#[inline(always)]
fn swap_long<T: FromBigEndian>(bytes: &[u8], count: usize, out: &mut [T]) -> Option<()> {
    let length = count.checked_mul(size_of::<T>())?;
    let (header, values) = bytes.split_first_chunk()?;
    if mismatch(header, count, size_of::<T>()) != 0 {
        return None;
    }
    T::swap(values.get(..length)?, out.get_mut(..count)?);
    Some(())
}
