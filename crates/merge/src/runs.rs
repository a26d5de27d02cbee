//! The entries of a branch, a few at a time.

use std::ops::Range;

use bytes::Bytes;
use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::tree::Branch;

/// The most entries that are decoded at once.
const LONGEST: u64 = 1 << 16;

/// The entries `range` of `branch` as runs: whole baskets where these are short, so that none is
/// expanded twice.
pub(crate) fn runs(branch: &Branch, range: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let mut from = range.start;
    std::iter::from_fn(move || {
        if from >= range.end {
            return None;
        }
        let basket = branch.baskets_in(from..from + 1).first();
        let end = basket.map_or(range.end, |basket| basket.end_entry());
        let to = range.end.min(end.max(from + 1)).min(from + LONGEST);
        let run = from..to;
        from = to;
        Some(run)
    })
}

/// What gives the bytes of a record of `file`, from where it stands and its length.
pub(crate) fn record<R: ReadAt>(
    file: &RootFile<R>,
) -> impl Fn(u64, u32) -> rootlake_io::Result<Bytes> + '_ {
    |seek, nbytes| {
        let length = usize::try_from(nbytes).unwrap_or(usize::MAX);
        file.source().read_at(seek, length)
    }
}
