//! The threads of reading ahead: fetchers that carry out requests, takers that wait for units.

use std::io;
use std::ops::Range;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::window::{Job, Slot, Window};
use super::{FetchedUnit, ReadAheadReport, Unit};
use crate::coalesce::scatter;
use crate::error::LakeError;

/// What fetchers and takers share.
pub(super) struct Shared {
    state: Mutex<State>,
    /// An answer came, or the end.
    answered: Condvar,
    /// Room came, or the end.
    room: Condvar,
}

struct State {
    window: Window,
    units: usize,
    wanted: u64,
    waited: Duration,
}

impl Shared {
    pub(super) fn new(units: Vec<Unit>, limit: u64) -> Self {
        let window = Window::new(units, limit);
        let state = State {
            window,
            units: 0,
            wanted: 0,
            waited: Duration::ZERO,
        };
        Self {
            state: Mutex::new(state),
            answered: Condvar::new(),
            room: Condvar::new(),
        }
    }

    /// Waits for the next unit and takes it.
    pub(super) fn take(&self) -> Option<Result<FetchedUnit, LakeError>> {
        let slot = self.take_slot()?;
        // Outside the lock: slicing many ranges takes a moment.
        let unit = deliver(slot);
        if unit.is_err() {
            self.cancel();
        }
        Some(unit)
    }

    fn take_slot(&self) -> Option<Slot> {
        let mut state = self.lock();
        loop {
            if let Some(slot) = state.window.take() {
                state.units += 1;
                let lengths = slot.unit.ranges.iter().map(length);
                state.wanted = lengths.fold(state.wanted, u64::saturating_add);
                drop(state);
                self.room.notify_all();
                // Another taker may find the next unit ready as well, or the end.
                self.answered.notify_all();
                return Some(slot);
            }
            if state.window.is_finished() {
                return None;
            }
            let begun = Instant::now();
            state = self
                .answered
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
            state.waited += begun.elapsed();
        }
    }

    /// Waits for the next job; none when there will be no other.
    fn next_job(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.window.next_job() {
                return Some(job);
            }
            if state.window.is_exhausted() {
                return None;
            }
            state = self
                .room
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn put(&self, job: &Job, answer: Result<bytes::Bytes, LakeError>) {
        self.lock().window.put(job, answer);
        self.answered.notify_all();
        // An error ends the plan, and so the fetchers that wait for room.
        self.room.notify_all();
    }

    pub(super) fn cancel(&self) {
        self.lock().window.clear();
        self.room.notify_all();
        self.answered.notify_all();
    }

    pub(super) fn report(&self) -> ReadAheadReport {
        let state = self.lock();
        ReadAheadReport {
            units: state.units,
            bytes_wanted: state.wanted,
            bytes_fetched: state.window.fetched,
            requests: state.window.requests,
            waited: state.waited,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts one fetcher. It ends by itself with the plan, an error or the cancellation.
pub(super) fn start(shared: &Arc<Shared>) -> Result<(), LakeError> {
    let shared = shared.clone();
    let fetch = move || {
        while let Some(job) = shared.next_job() {
            let mut promise = Promise {
                shared: &shared,
                job: &job,
                answer: None,
            };
            promise.answer = Some(job.source.read(job.range.clone()));
        }
    };
    let started: io::Result<_> = thread::Builder::new()
        .name("rootlake-fetch".into())
        .spawn(fetch);
    started.map(drop).map_err(|cause| LakeError::Start {
        what: "a thread to read ahead",
        cause,
    })
}

/// Hands over an answer when dropped: also where the source panicked, or takers would wait forever.
struct Promise<'a> {
    shared: &'a Shared,
    job: &'a Job,
    answer: Option<Result<bytes::Bytes, LakeError>>,
}

impl Drop for Promise<'_> {
    fn drop(&mut self) {
        let stopped = || {
            Err(LakeError::Stopped {
                name: self.job.source.name().to_owned(),
            })
        };
        let answer = self.answer.take().unwrap_or_else(stopped);
        self.shared.put(self.job, answer);
    }
}

fn deliver(slot: Slot) -> Result<FetchedUnit, LakeError> {
    if let Some(error) = slot.error {
        return Err(error);
    }
    let source = &slot.unit.source;
    let parts = if source.is_local() {
        source.read_many(&slot.unit.ranges)?
    } else {
        scatter(&slot.requests, &slot.answers, &slot.unit.ranges).ok_or_else(|| {
            LakeError::Contract {
                name: source.name().to_owned(),
            }
        })?
    };
    Ok(FetchedUnit {
        index: slot.index,
        parts,
    })
}

fn length(range: &Range<u64>) -> u64 {
    range.end.saturating_sub(range.start)
}
