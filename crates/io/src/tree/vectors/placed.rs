//! Vectors that stand where the basket's entry offsets say: swapped without a walk.
//!
//! From the offsets follows where each vector ends in the column, for many of them at once. What
//! each says of its length is held against that, and its values are swapped as a block or two,
//! however many they are: the next vector overwrites what was too much. So no vector waits for the
//! one before it, and nothing is decided for each but whether the blocks are enough; of runs of
//! vectors that are equally long, not even that.

mod run;

use std::marker::PhantomData;
use std::ops::Range;

use super::{HEADER, mismatch};
use crate::swap::wide::Kernel;
use crate::swap::{BLOCK, FromBigEndian};
use crate::tree::basket::BasketContent;

/// Appends vectors that stand where the basket's entry offsets say; nothing, or what is of no
/// use, where they do not.
pub(super) struct Placed<'a, T> {
    pub(super) basket: &'a BasketContent<'a>,
    pub(super) range: Range<usize>,
    pub(super) values: &'a mut Vec<T>,
    /// The ends of vectors before; the last is the number of values of use there already.
    pub(super) offsets: &'a mut Vec<u32>,
}

impl<T: FromBigEndian> Kernel for Placed<'_, T> {
    type Output = Option<()>;

    #[inline(always)]
    fn run(self) -> Option<()> {
        let (values, offsets) = (self.values, self.offsets);
        let base = offsets.last().copied().unwrap_or_default();
        let places = Places::<T>::new(self.basket, &self.range, base)?;
        let before = offsets.len();
        places.push_ends(offsets)?;
        let ends = offsets.get(before..)?;
        // Vectors longer than a block are foreseen as badly as their lengths differ: where they
        // are common, two blocks of each cost less than to decide.
        if places.values <= ends.len() * (T::IN_BLOCK / 2) {
            places.swap::<1>(ends, values)?;
        } else {
            places.swap::<2>(ends, values)?;
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
    /// The number of values in all of them.
    values: usize,
    /// The number of values in the column before them.
    base: u32,
    of: PhantomData<T>,
}

/// So many vectors are looked at together for whether they are equally long.
const TOGETHER: usize = 8;
/// So many vectors are swapped before the next look: few behind a run, then twice as many each time.
const FEW: usize = TOGETHER;
const MANY: usize = 32 * FEW;

impl<'a, T: FromBigEndian> Places<'a, T> {
    /// Those of the vectors `range`, behind `base` values.
    fn new(basket: &BasketContent<'a>, range: &Range<usize>, base: u32) -> Option<Self> {
        let offsets = basket.offsets.as_ref()?;
        let starts = offsets.stored()?.get(range.clone())?;
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
        u32::try_from(bytes.len()).ok()?;
        let values = bytes
            .len()
            .checked_sub(starts.len().checked_mul(HEADER as usize)?)?;
        if !values.is_multiple_of(size_of::<T>()) {
            return None;
        }
        let values = values / size_of::<T>();
        // No end in the column leaves the numbers of 32 bits, as no place in the basket does.
        base.checked_add(u32::try_from(values).ok()?)?;
        Some(Self {
            bytes,
            starts,
            values,
            base,
            of: PhantomData,
        })
    }

    /// Appends to `ends` where the vectors end in the column.
    ///
    /// The bytes before each end are headers and values. Wrong offsets give wrong ends here, which
    /// no vector agrees with.
    #[inline(always)]
    fn push_ends(&self, ends: &mut Vec<u32>) -> Option<()> {
        let (first, next) = self.starts.split_first()?;
        let first = u32::from_be_bytes(*first);
        ends.extend(next.iter().zip(1u32..).map(|(start, number)| {
            let bytes = u32::from_be_bytes(*start).wrapping_sub(first);
            let values = bytes.wrapping_sub(number.wrapping_mul(HEADER));
            self.base.wrapping_add(values / T::WIDTH)
        }));
        let values = u32::try_from(self.values).ok()?;
        ends.push(self.base.checked_add(values)?);
        Some(())
    }

    /// Writes the vectors, which end at `ends` in the column, to `values`, if they do, and what is
    /// of no use behind them; most of them hold no more than `BLOCKS` blocks.
    #[inline(always)]
    fn swap<const BLOCKS: usize>(&self, ends: &[u32], values: &mut Vec<T>) -> Option<()> {
        // Room for whole blocks behind the last value, so that all are written alike.
        let room = self.base as usize + self.values + BLOCKS * T::IN_BLOCK;
        if values.len() < room {
            values.resize(room, T::default());
        }
        let mut swapping = Swapping {
            bytes: self.bytes,
            out: values,
            at: 0,
            from: self.base,
        };
        swapping.swap::<BLOCKS>(ends)
    }
}

/// How far the vectors of a basket have been swapped.
struct Swapping<'a, T> {
    bytes: &'a [u8],
    /// The column.
    out: &'a mut [T],
    /// Where the next vector begins.
    at: u32,
    /// Where the next vector begins in the column.
    from: u32,
}

impl<T: FromBigEndian> Swapping<'_, T> {
    /// Writes the vectors that end at `ends`, if they do.
    #[inline(always)]
    fn swap<const BLOCKS: usize>(&mut self, mut ends: &[u32]) -> Option<()> {
        let mut some = MANY;
        while !ends.is_empty() {
            let run = self.swap_run(ends);
            // Behind a run there may be one other vector, or many.
            some = if run > 0 { FEW } else { MANY.min(2 * some) };
            let behind = ends.get(run..)?;
            let (others, behind) = behind.split_at_checked(some.min(behind.len()))?;
            self.swap_any::<BLOCKS>(others)?;
            ends = behind;
        }
        Some(())
    }

    /// Writes the vectors that end at `ends`, however long they are.
    #[inline(always)]
    fn swap_any<const BLOCKS: usize>(&mut self, mut ends: &[u32]) -> Option<()> {
        loop {
            ends = self.swap_short::<BLOCKS>(ends)?;
            let Some((&end, behind)) = ends.split_first() else {
                return Some(());
            };
            self.swap_one(end)?;
            ends = behind;
        }
    }

    /// Writes the vectors that end at `ends` as long as they hold no more than `BLOCKS` blocks, and
    /// as many bytes stand behind them; gives the ends of the others.
    ///
    /// Nothing here is a call and little is kept: all of it must fit the processor's registers.
    #[inline(always)]
    fn swap_short<'e, const BLOCKS: usize>(&mut self, ends: &'e [u32]) -> Option<&'e [u32]> {
        let (bytes, out) = (self.bytes, &mut *self.out);
        let (mut at, mut from, mut wrong) = (self.at, self.from, 0);
        let mut left = ends.iter();
        while let Some(&to) = left.as_slice().first() {
            let count = to.wrapping_sub(from);
            let (start, first) = (at as usize, from as usize);
            if count as usize > BLOCKS * T::IN_BLOCK {
                break;
            }
            let Some(vector) = bytes.get(start..start + HEADER as usize + BLOCKS * BLOCK) else {
                break;
            };
            let Some(out) = out.get_mut(first..first + BLOCKS * T::IN_BLOCK) else {
                break;
            };
            let Some((header, values)) = vector.split_first_chunk() else {
                break;
            };
            wrong |= short_mismatch(header, count, T::WIDTH);
            let (blocks, _) = values.as_chunks();
            for (block, out) in blocks.iter().zip(out.chunks_exact_mut(T::IN_BLOCK)) {
                T::swap_block(block, out);
            }
            at = at.wrapping_add(HEADER + count * T::WIDTH);
            from = to;
            left.next();
        }
        (self.at, self.from) = (at, from);
        (wrong & !VERSION == 0).then_some(left.as_slice())
    }

    /// Writes the vector that ends at `end`, however long it is, if it is one.
    #[inline(always)]
    fn swap_one(&mut self, end: u32) -> Option<()> {
        let count = end.checked_sub(self.from)?;
        let length = count.checked_mul(T::WIDTH)?;
        let vector = self.bytes.get(self.at as usize..)?;
        let (header, values) = vector.split_first_chunk()?;
        if mismatch(header, count as usize, size_of::<T>()) != 0 {
            return None;
        }
        let out = self.out.get_mut(self.from as usize..end as usize)?;
        T::swap(values.get(..length as usize)?, out);
        self.at = self.at.checked_add(HEADER.checked_add(length)?)?;
        self.from = end;
        Some(())
    }
}

/// The bits of [`short_mismatch`] that are a vector's version and mean nothing.
const VERSION: u64 = 0xffff << 16;

/// As [`mismatch`], of a vector of less than 256 bytes: so there is less to work out.
#[inline(always)]
fn short_mismatch(header: &[u8; HEADER as usize], count: u32, width: u32) -> u64 {
    let [c0, c1, c2, c3, v0, v1, n0, n1, n2, n3] = *header;
    // The last byte of the length; the last of the byte count, two bytes of which come before.
    let each = 1 << 56 | u64::from(width) << 8;
    let expected = u64::from(count) * each + (6 << 8);
    (u64::from_le_bytes([c2, c3, v0, v1, n0, n1, n2, n3]) ^ expected)
        | u64::from(u16::from_le_bytes([c0, c1]) ^ 0x40)
}
