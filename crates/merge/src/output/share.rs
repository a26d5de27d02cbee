//! Blocks that a file has in two places: where the file system can, what is repeated takes no more
//! room and is not copied.
//!
//! A basket's key says where it stands, so the blocks that hold a key are written; those between
//! keys are shared. XFS and btrfs can; the kernel says so (`FICLONE`).

use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;

use rustix::fs::{copy_file_range, fstatfs, ioctl_ficlone};

/// The most bytes that a block may have: else what is repeated would be cut too coarsely.
const LONGEST_BLOCK: u64 = 1 << 16;
/// How many blocks baskets must have in the mean: of shorter ones most blocks hold keys.
const BLOCKS: u64 = 8;
/// How many blocks what is repeated must have, so that the gaps behind it do not count.
const LEAST: u64 = 64;
/// The least bytes of a gap: it begins with its length.
const LEAST_GAP: u64 = 4;

/// How long the blocks are that places of `file` can share, in bytes; none where they cannot.
pub(crate) fn block(file: &File) -> Option<u64> {
    // A file that is still empty shares all of nothing with itself.
    ioctl_ficlone(file, file).ok()?;
    let block = u64::try_from(fstatfs(file).ok()?.f_bsize).ok()?;
    (block.is_power_of_two() && (LEAST_GAP..=LONGEST_BLOCK).contains(&block)).then_some(block)
}

/// How many bytes are left free behind so many baskets of `length` bytes together, which are to be
/// repeated, so that the next ones can share their blocks.
pub(crate) fn gap(length: u64, baskets: u64, block: u64) -> u64 {
    if length < LEAST * block || length / baskets.max(1) < BLOCKS * block {
        return 0;
    }
    match length.next_multiple_of(block) - length {
        gap @ 1..LEAST_GAP => gap + block,
        gap => gap,
    }
}

/// What of `bytes` at `place` must be written when all else shares the blocks of equal bytes: the
/// blocks that hold one of the `heads`, and what does not fill a block. In order, apart from each
/// other.
fn written(
    bytes: u64,
    place: u64,
    heads: impl Iterator<Item = Range<u64>>,
    block: u64,
) -> Vec<Range<u64>> {
    let end = place + bytes;
    let first = place.next_multiple_of(block).min(end);
    let last = (end - end % block).max(first);
    let blocks = heads.map(|head| {
        let from = (place + head.start) / block * block;
        from.max(place)..(place + head.end).next_multiple_of(block).min(end)
    });
    let mut all: Vec<Range<u64>> = Vec::new();
    let parts = std::iter::once(place..first)
        .chain(blocks)
        .chain(std::iter::once(last..end));
    let mut parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    parts.sort_by_key(|part| part.start);
    for part in parts {
        match all.last_mut() {
            Some(before) if part.start <= before.end => before.end = before.end.max(part.end),
            _ => all.push(part),
        }
    }
    all
}

/// Lets `file` have `bytes` at `to`, which differ in their `heads` alone from what stands at `from`.
/// Gives whether it could; else nothing that stands there is to be relied on.
///
/// # Errors
/// When the file system refuses to write.
pub(crate) fn repeat(
    file: &File,
    (from, to): (u64, u64),
    bytes: &[u8],
    heads: impl Iterator<Item = Range<u64>>,
    block: u64,
) -> std::io::Result<bool> {
    let end = to + bytes.len() as u64;
    let (start, stop) = (to.next_multiple_of(block), end - end % block);
    if from % block != to % block || start >= stop {
        return Ok(false);
    }
    let (mut read, mut written_to) = (from + (start - to), start);
    while written_to < stop {
        let left = usize::try_from(stop - written_to).unwrap_or(usize::MAX);
        match copy_file_range(file, Some(&mut read), file, Some(&mut written_to), left) {
            Ok(1..) => {}
            // What is refused here is told when it is written.
            Ok(0) | Err(_) => return Ok(false),
        }
    }
    for part in written(bytes.len() as u64, to, heads, block) {
        let place = |offset: u64| usize::try_from(offset - to).unwrap_or(usize::MAX);
        let own = bytes.get(place(part.start)..place(part.end));
        file.write_all_at(own.unwrap_or_default(), part.start)?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_not_written_is_whole_blocks_without_heads(
            place in 0u64..40_000,
            lengths in prop::collection::vec(30u64..20_000, 1..20),
        ) {
            let block = 4096;
            let starts = lengths.iter().scan(0, |end, length| {
                *end += length;
                Some(*end - length)
            });
            let heads: Vec<_> = starts.map(|start| start..start + 26).collect();
            let bytes: u64 = lengths.iter().sum();
            let parts = written(bytes, place, heads.iter().cloned(), block);
            prop_assert!(parts.windows(2).all(|pair| pair[0].end < pair[1].start));
            for head in heads {
                let head = place + head.start..place + head.end;
                let holds = |part: &Range<u64>| part.start <= head.start && head.end <= part.end;
                prop_assert!(parts.iter().any(holds));
            }
            let mut end = place;
            for part in parts.iter().chain(std::iter::once(&(place + bytes..place + bytes))) {
                let shared = end..part.start;
                prop_assert!(shared.is_empty() || shared.start % block == 0 && shared.end % block == 0);
                end = part.end;
            }
        }

        #[test]
        fn behind_a_gap_blocks_begin_at_the_same_byte(length in 1u64..1 << 24, baskets in 1u64..200) {
            let gap = gap(length, baskets, 4096);
            prop_assert!(gap == 0 || gap >= LEAST_GAP && (length + gap).is_multiple_of(4096));
            prop_assert!(gap <= length / 60);
        }
    }
}
