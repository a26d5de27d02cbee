//! Reading ahead: the units of a plan, fetched before they are asked for, handed over in order.
//!
//! ```text
//!  plan      waiting units ──admit──► window (bounded bytes) ──► next_unit()
//!                                     │ unit 4: ready             taken in order
//!                                     │ unit 5: 2 of 3 answers    by any thread
//!  fetchers  (bounded number) ◄───────┤ unit 6: not begun
//! ```
//!
//! Bounded by bytes, not by messages: units differ in size a hundredfold. That, and the order, is
//! why a window under one lock stands here and not a channel.

mod fetcher;
mod window;

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::error::LakeError;
use crate::source::Source;
use fetcher::Shared;

/// What is read, decoded and dropped together: the ranges of the wanted columns of one cluster.
#[derive(Clone)]
pub struct Unit {
    /// The file.
    pub source: Arc<dyn Source>,
    /// The wanted bytes in any order, each end exclusive.
    pub ranges: Vec<Range<u64>>,
}

impl Unit {
    /// A unit of one file.
    pub fn new(source: Arc<dyn Source>, ranges: Vec<Range<u64>>) -> Self {
        Self { source, ranges }
    }
}

/// The bytes of one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedUnit {
    /// Its position in the plan, from 0.
    pub index: usize,
    /// The bytes of each of its ranges, in the order of the plan.
    pub parts: Vec<Bytes>,
}

/// How far and how wide to read ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadAheadOptions {
    /// Bytes asked for and not yet taken, at most; one unit is always allowed, however large.
    /// What was taken no longer counts. Default 64 MiB.
    pub window: u64,
    /// Requests under way at once, at least one. Default 6.
    pub parallel: usize,
}

impl Default for ReadAheadOptions {
    fn default() -> Self {
        Self {
            window: 64 << 20,
            parallel: 6,
        }
    }
}

/// What reading ahead did so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadAheadReport {
    /// Units taken.
    pub units: usize,
    /// Bytes of the ranges of these units.
    pub bytes_wanted: u64,
    /// Bytes that arrived from remote sources, gaps included.
    pub bytes_fetched: u64,
    /// Requests to remote sources that were answered.
    pub requests: u64,
    /// Time that takers waited for bytes, summed over their threads.
    pub waited: Duration,
}

/// Fetches the units of a plan ahead of their takers.
///
/// Any number of threads may call [`ReadAhead::next_unit`]; each unit goes to one of them, and
/// they leave in the order of the plan. Units of local sources are sliced when they are taken;
/// threads are started only where the plan has remote ones. The first error (in the order of the
/// plan) is handed over in place of its unit, and is the last.
///
/// Dropping this early stops it: no request is begun any more. Those under way (at most
/// [`ReadAheadOptions::parallel`]) end by themselves, unawaited.
pub struct ReadAhead {
    shared: Arc<Shared>,
}

impl ReadAhead {
    /// Begins to fetch.
    ///
    /// # Errors
    /// [`LakeError::Start`] where no thread can be had.
    pub fn start(units: Vec<Unit>, options: ReadAheadOptions) -> Result<Self, LakeError> {
        let remote = units.iter().any(|unit| !unit.source.is_local());
        // Built first, so that its drop ends the threads already started where one can't be.
        let ahead = Self {
            shared: Arc::new(Shared::new(units, options.window)),
        };
        if remote {
            for _ in 0..options.parallel.max(1) {
                fetcher::start(&ahead.shared)?;
            }
        }
        Ok(ahead)
    }

    /// Takes the next unit; waits for its bytes where they are not there yet. None at the end of
    /// the plan and after an error.
    ///
    /// # Errors
    /// Whatever the unit's source failed with.
    pub fn next_unit(&self) -> Option<Result<FetchedUnit, LakeError>> {
        self.shared.take()
    }

    /// What was done so far.
    pub fn report(&self) -> ReadAheadReport {
        self.shared.report()
    }
}

impl Drop for ReadAhead {
    fn drop(&mut self) {
        self.shared.cancel();
    }
}

/// Takes units as [`ReadAhead::next_unit`]; one such iterator for each thread.
impl Iterator for &ReadAhead {
    type Item = Result<FetchedUnit, LakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_unit()
    }
}
