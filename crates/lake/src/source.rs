//! The trait before every place that bytes are read from.

use std::ops::Range;

use bytes::Bytes;

use crate::coalesce::{Coalescing, coalesce, scatter};
use crate::error::LakeError;

/// A file that can be read at random, wherever it lives. It does not change: a source that notices
/// that the file behind it did answers [`LakeError::Changed`].
///
/// All calls are synchronous, may block, and may come from many threads at once.
pub trait Source: Send + Sync {
    /// The location, as errors and reports show it (without secrets).
    fn name(&self) -> &str;

    /// The size of the file in bytes, above zero.
    fn size(&self) -> u64;

    /// The bytes of `range` (end exclusive), exactly. An empty range within the file costs nothing
    /// and gives no bytes.
    ///
    /// # Errors
    /// [`LakeError::OutOfRange`] where the file has no such bytes; whatever the medium fails with.
    fn read(&self, range: Range<u64>) -> Result<Bytes, LakeError>;

    /// The bytes of each range, in the order asked. Ranges may overlap, repeat, and stand in any
    /// order; the answers may share one buffer, which lives until the last of them is dropped.
    ///
    /// # Errors
    /// As [`Source::read`]; one failing range fails the whole call.
    fn read_many(&self, ranges: &[Range<u64>]) -> Result<Vec<Bytes>, LakeError> {
        check_all(self.name(), ranges, self.size())?;
        let requests = coalesce(ranges, self.coalescing());
        let answers = requests
            .iter()
            .map(|request| self.read(request.range.clone()))
            .collect::<Result<Vec<_>, _>>()?;
        scatter(&requests, &answers, ranges).ok_or_else(|| LakeError::Contract {
            name: self.name().to_owned(),
        })
    }

    /// Whether reading is a matter of memory and disk alone, so that nothing is gained by asking
    /// ahead from other threads.
    fn is_local(&self) -> bool;

    /// How this medium likes its requests joined.
    fn coalescing(&self) -> Coalescing;

    /// Says that the bytes of `ranges` will not be read again soon, so that the memory which holds
    /// them may go; reading them stays possible. Ranges that rise are done with at once.
    fn release(&self, ranges: &[Range<u64>]) {
        let _ = ranges;
    }

    /// Asks the medium once more whether the file is still the one that was opened. Worth a call
    /// at the end of a long read, before its result is trusted.
    ///
    /// # Errors
    /// [`LakeError::Changed`], or whatever the medium fails with.
    fn verify_unchanged(&self) -> Result<(), LakeError>;

    /// What went over the wire so far; all zero for a local source.
    fn traffic(&self) -> Traffic {
        Traffic::default()
    }
}

/// What a remote source has exchanged since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests sent, the ones for the size, redirected ones and repetitions included.
    pub requests: u64,
    /// Requests that were repeated after a failure.
    pub retries: u64,
    /// Bytes of answer bodies received, of failed answers too.
    pub bytes: u64,
}

/// Checks that `range` lies within a file of `size` bytes.
pub(crate) fn check(name: &str, range: &Range<u64>, size: u64) -> Result<(), LakeError> {
    if range.start <= range.end && range.end <= size {
        return Ok(());
    }
    Err(LakeError::OutOfRange {
        name: name.to_owned(),
        range: range.clone(),
        size,
    })
}

/// [`check`] for each range.
pub(crate) fn check_all(name: &str, ranges: &[Range<u64>], size: u64) -> Result<(), LakeError> {
    ranges.iter().try_for_each(|range| check(name, range, size))
}
