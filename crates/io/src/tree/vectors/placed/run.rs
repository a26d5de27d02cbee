//! Runs of vectors that are equally long, as the leptons of most events are, or no photons.
//!
//! Of such the headers stand at known distances: some vectors together are held, header and values,
//! against bytes that say what they should state, and where.

use std::marker::PhantomData;

use super::{HEADER, Swapping, TOGETHER};
use crate::cursor::BYTE_COUNT_MASK;
use crate::swap::{BLOCK, FromBigEndian};

/// So many values each of equally long vectors may hold.
const MOST: u32 = 4;

/// The bytes of [`TOGETHER`] vectors of [`MOST`] values of 8 bytes.
const LONGEST: usize = TOGETHER * (HEADER + MOST * 8) as usize;

impl<T: FromBigEndian> Swapping<'_, T> {
    /// Writes the next vectors as long as they hold equally many values, and gives how many they
    /// are: as many times [`TOGETHER`] as is worth it of those that end at `ends`.
    #[inline(always)]
    pub(super) fn swap_run(&mut self, ends: &[u32]) -> usize {
        let (groups, _) = ends.as_chunks::<TOGETHER>();
        let Some(group @ [first, ..]) = groups.first() else {
            return 0;
        };
        let count = first.wrapping_sub(self.from);
        if count > MOST || !is_run(group, self.from, count) {
            return 0;
        }
        match count {
            0 => self.swap_groups::<0>(groups),
            1 => self.swap_groups::<1>(groups),
            2 => self.swap_groups::<2>(groups),
            3 => self.swap_groups::<3>(groups),
            _ => self.swap_groups::<4>(groups),
        }
    }

    /// The same, of vectors of `COUNT` values: what to do is known when this is compiled.
    #[inline(always)]
    #[allow(
        clippy::cast_possible_truncation,
        reason = "`COUNT` is no more than `MOST`"
    )]
    fn swap_groups<const COUNT: usize>(&mut self, groups: &[[u32; TOGETHER]]) -> usize {
        let length = TOGETHER * Run::<T, COUNT>::STRIDE;
        let (mut at, mut from) = (self.at, self.from);
        let mut done = 0;
        for group in groups {
            if !is_run(group, from, COUNT as u32) {
                break;
            }
            let (start, first) = (at as usize, from as usize);
            // Single bytes are swapped as whole blocks, for which the last vector needs room too.
            let Some(vectors) = self.bytes.get(start..start + length + BLOCK) else {
                break;
            };
            let Some(out) = self
                .out
                .get_mut(first..first + TOGETHER * COUNT + T::IN_BLOCK)
            else {
                break;
            };
            if !Run::<T, COUNT>::is_stated(vectors) {
                break;
            }
            Run::<T, COUNT>::swap(vectors, out);
            at = at.wrapping_add(length as u32);
            from = from.wrapping_add((TOGETHER * COUNT) as u32);
            done += TOGETHER;
        }
        (self.at, self.from) = (at, from);
        done
    }
}

/// [`TOGETHER`] vectors of `COUNT` values each.
struct Run<T, const COUNT: usize>(PhantomData<T>);

impl<T: FromBigEndian, const COUNT: usize> Run<T, COUNT> {
    /// The bytes of each.
    const STRIDE: usize = HEADER as usize + COUNT * size_of::<T>();

    /// What their bytes should be, and which bits of them must: not the versions, nor the values.
    const STATED: ([u8; LONGEST], [u8; LONGEST]) = stated(COUNT, size_of::<T>());

    /// Whether the first bytes of `vectors` are such.
    #[inline(always)]
    fn is_stated(vectors: &[u8]) -> bool {
        let (should, must) = &Self::STATED;
        let bytes = vectors.iter().zip(should).zip(must);
        let bytes = bytes.take(TOGETHER * Self::STRIDE);
        bytes.fold(0, |wrong, ((is, should), must)| {
            wrong | (is ^ should) & must
        }) == 0
    }

    /// Writes their values to the start of `out`, and perhaps what is of no use behind them.
    #[inline(always)]
    fn swap(vectors: &[u8], out: &mut [T]) {
        for number in 0..TOGETHER {
            let values = vectors.get(number * Self::STRIDE + HEADER as usize..);
            let out = out.get_mut(number * COUNT..);
            if let (1.., Some(values), Some(out)) = (COUNT, values, out) {
                Self::swap_one(values, out);
            }
        }
    }

    /// Writes the values of one of them.
    #[inline(always)]
    fn swap_one(values: &[u8], out: &mut [T]) {
        if T::WIDTH == 1 {
            // Of a few single bytes (bools, of which each is looked at) a block is quicker.
            if let Some(block) = values.first_chunk() {
                T::swap_block(block, out);
            }
        } else if let Some(out) = out.get_mut(..COUNT) {
            // In an array of their own the values are swapped together.
            let mut array = [T::default(); COUNT];
            T::swap(values, &mut array);
            out.copy_from_slice(&array);
        }
    }
}

/// What [`TOGETHER`] vectors of `count` values of `width` bytes should state, and the bits that do.
#[allow(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "made when this is compiled"
)]
const fn stated(count: usize, width: usize) -> ([u8; LONGEST], [u8; LONGEST]) {
    let (mut should, mut must) = ([0; LONGEST], [0; LONGEST]);
    let byte_count = (BYTE_COUNT_MASK | (count * width + 6) as u32).to_be_bytes();
    let length = (count as u32).to_be_bytes();
    let mut vector = 0;
    while vector < TOGETHER {
        let at = vector * (HEADER as usize + count * width);
        let mut byte = 0;
        while byte < 4 {
            (should[at + byte], must[at + byte]) = (byte_count[byte], 0xff);
            (should[at + 6 + byte], must[at + 6 + byte]) = (length[byte], 0xff);
            byte += 1;
        }
        vector += 1;
    }
    (should, must)
}

/// Whether vectors of `count` values each, the first of which begins at `from`, end at `ends`.
#[inline(always)]
fn is_run(ends: &[u32; TOGETHER], from: u32, count: u32) -> bool {
    let expected = (1..).map(|number| from.wrapping_add(count.wrapping_mul(number)));
    let pairs = ends.iter().zip(expected);
    pairs.fold(0, |differs, (end, expected)| differs | end ^ expected) == 0
}
