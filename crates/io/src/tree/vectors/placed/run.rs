//! Runs of vectors that are equally long, as the leptons of most events are, or no photons.

use super::{HEADER, Swapping, TOGETHER, VERSION, short_mismatch};
use crate::swap::{BLOCK, FromBigEndian};

/// So many values each of equally long vectors may hold.
const MOST: u32 = 4;

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
        let stride = HEADER as usize + COUNT * size_of::<T>();
        let (mut at, mut from) = (self.at, self.from);
        // How far the run goes is known before its vectors, which may come from far away, are there.
        let mut before = from;
        let is_equal = |group: &&[u32; TOGETHER]| {
            let is = is_run(group, before, COUNT as u32);
            before = before.wrapping_add((COUNT * TOGETHER) as u32);
            is
        };
        let equal = groups.iter().take_while(is_equal).count();
        let mut done = 0;
        while done < equal {
            let (start, first) = (at as usize, from as usize);
            // Single bytes are swapped as whole blocks, for which the last vector needs room too.
            let Some(bytes) = self.bytes.get(start..start + TOGETHER * stride + BLOCK) else {
                break;
            };
            let Some(out) = self
                .out
                .get_mut(first..first + TOGETHER * COUNT + T::IN_BLOCK)
            else {
                break;
            };
            let mut wrong = 0;
            for number in 0..TOGETHER {
                let header = bytes
                    .get(number * stride..)
                    .and_then(|vector| vector.first_chunk());
                wrong |= header.map_or(0, |header| short_mismatch(header, COUNT as u32, T::WIDTH));
            }
            if wrong & !VERSION != 0 {
                break;
            }
            for number in 0..TOGETHER {
                let values = bytes.get(number * stride + HEADER as usize..);
                let out = out.get_mut(number * COUNT..);
                if let (Some(values), Some(out)) = (values, out) {
                    swap_few::<T, COUNT>(values, out);
                }
            }
            at += (TOGETHER * stride) as u32;
            from += (TOGETHER * COUNT) as u32;
            done += 1;
        }
        (self.at, self.from) = (at, from);
        done * TOGETHER
    }
}

/// Writes `COUNT` values to the start of `out`, and perhaps what is of no use behind them.
#[inline(always)]
fn swap_few<T: FromBigEndian, const COUNT: usize>(values: &[u8], out: &mut [T]) {
    if T::WIDTH == 1 {
        // Of a few single bytes (bools, of which each is looked at) a block is quicker.
        if let (1.., Some(block)) = (COUNT, values.first_chunk()) {
            T::swap_block(block, out);
        }
    } else if let Some(out) = out.get_mut(..COUNT) {
        // In an array of their own the values are swapped together.
        let mut array = [T::default(); COUNT];
        T::swap(values, &mut array);
        out.copy_from_slice(&array);
    }
}

/// Whether vectors of `count` values each, the first of which begins at `from`, end at `ends`.
#[inline(always)]
fn is_run(ends: &[u32; TOGETHER], from: u32, count: u32) -> bool {
    let expected = (1..).map(|number| from.wrapping_add(count.wrapping_mul(number)));
    let pairs = ends.iter().zip(expected);
    pairs.fold(0, |differs, (end, expected)| differs | end ^ expected) == 0
}
