//! The state of reading ahead, without threads: what waits, what is under way, what is ready.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

use super::Unit;
use crate::coalesce::{Request, coalesce};
use crate::error::LakeError;
use crate::source::{Source, check_all};

/// One request to be carried out.
pub(super) struct Job {
    pub(super) source: Arc<dyn Source>,
    pub(super) range: Range<u64>,
    unit: usize,
    request: usize,
}

/// One admitted unit.
pub(super) struct Slot {
    pub(super) index: usize,
    pub(super) unit: Unit,
    /// None of them where the source is local.
    pub(super) requests: Vec<Request>,
    pub(super) answers: Vec<Bytes>,
    pub(super) error: Option<LakeError>,
    begun: usize,
    answered: usize,
    bytes: u64,
}

impl Slot {
    /// Plans the requests of a unit; one that asks for what its file has not is an error already.
    fn plan(index: usize, unit: Unit) -> Self {
        let source = &unit.source;
        let error = check_all(source.name(), &unit.ranges, source.size()).err();
        let requests = if source.is_local() || error.is_some() {
            Vec::new()
        } else {
            coalesce(&unit.ranges, source.coalescing())
        };
        Self {
            index,
            answers: vec![Bytes::new(); requests.len()],
            bytes: requests
                .iter()
                .map(Request::length)
                .fold(0, u64::saturating_add),
            requests,
            unit,
            error,
            begun: 0,
            answered: 0,
        }
    }

    fn is_ready(&self) -> bool {
        self.error.is_some() || self.answered == self.requests.len()
    }
}

/// Admits units while their bytes fit, gives out their requests in order, collects the answers.
pub(super) struct Window {
    limit: u64,
    waiting: VecDeque<Unit>,
    /// The first waiting unit, once its requests are planned.
    planned: Option<Slot>,
    next_index: usize,
    admitted: VecDeque<Slot>,
    /// Index of a unit before which all requests are begun.
    frontier: usize,
    /// Bytes of the requests of all admitted units.
    held: u64,
    /// Bytes and number of the answers so far.
    pub(super) fetched: u64,
    pub(super) requests: u64,
}

impl Window {
    pub(super) fn new(units: Vec<Unit>, limit: u64) -> Self {
        Self {
            limit,
            waiting: units.into(),
            planned: None,
            next_index: 0,
            admitted: VecDeque::new(),
            frontier: 0,
            held: 0,
            fetched: 0,
            requests: 0,
        }
    }

    /// Whether nothing is left to take.
    pub(super) fn is_finished(&self) -> bool {
        self.admitted.is_empty() && self.planned.is_none() && self.waiting.is_empty()
    }

    /// Whether no job will ever be given out again.
    pub(super) fn is_exhausted(&mut self) -> bool {
        self.planned.is_none() && self.waiting.is_empty() && self.next_unbegun().is_none()
    }

    /// The next request to carry out, if the window has room for one.
    pub(super) fn next_job(&mut self) -> Option<Job> {
        self.admit();
        let position = self.next_unbegun()?;
        let slot = self.admitted.get_mut(position)?;
        let request = slot.begun;
        let range = slot.requests.get(request)?.range.clone();
        slot.begun += 1;
        Some(Job {
            source: slot.unit.source.clone(),
            range,
            unit: slot.index,
            request,
        })
    }

    /// Takes in the answer to a job. An error discards all that comes behind its unit.
    pub(super) fn put(&mut self, job: &Job, answer: Result<Bytes, LakeError>) {
        // Not there any more: cancelled, or behind an error.
        let Some(position) = self.position_of(job.unit) else {
            return;
        };
        let Some(slot) = self.admitted.get_mut(position) else {
            return;
        };
        match answer {
            Ok(bytes) => {
                self.requests += 1;
                self.fetched += u64::try_from(bytes.len()).unwrap_or(0);
                slot.answered += 1;
                if let Some(place) = slot.answers.get_mut(job.request) {
                    *place = bytes;
                }
            }
            Err(error) => {
                slot.error.get_or_insert(error);
                self.discard_behind(position);
            }
        }
    }

    /// Takes the next unit if it is ready.
    pub(super) fn take(&mut self) -> Option<Slot> {
        self.admit();
        if !self.admitted.front()?.is_ready() {
            return None;
        }
        let slot = self.admitted.pop_front()?;
        self.held = self.held.saturating_sub(slot.bytes);
        if slot.error.is_some() {
            self.clear();
        }
        Some(slot)
    }

    /// Forgets all that was not taken.
    pub(super) fn clear(&mut self) {
        self.admitted.clear();
        self.planned = None;
        self.waiting.clear();
        self.held = 0;
    }

    fn admit(&mut self) {
        while let Some(slot) = self.plan_next() {
            let fits = self.held.saturating_add(slot.bytes) <= self.limit;
            if !fits && self.held > 0 {
                self.planned = Some(slot);
                return;
            }
            self.held = self.held.saturating_add(slot.bytes);
            let failed = slot.error.is_some();
            self.admitted.push_back(slot);
            if failed {
                self.waiting.clear();
            }
        }
    }

    fn plan_next(&mut self) -> Option<Slot> {
        if let Some(slot) = self.planned.take() {
            return Some(slot);
        }
        let slot = Slot::plan(self.next_index, self.waiting.pop_front()?);
        self.next_index += 1;
        Some(slot)
    }

    /// The position of the first admitted unit that has a request not begun.
    fn next_unbegun(&mut self) -> Option<usize> {
        let mut position = self.position_of(self.frontier).unwrap_or(0);
        loop {
            let slot = self.admitted.get(position)?;
            if slot.error.is_none() && slot.begun < slot.requests.len() {
                return Some(position);
            }
            self.frontier = slot.index + 1;
            position += 1;
        }
    }

    /// Admitted units have consecutive indices.
    fn position_of(&self, index: usize) -> Option<usize> {
        index.checked_sub(self.admitted.front()?.index)
    }

    fn discard_behind(&mut self, position: usize) {
        self.admitted.truncate(position + 1);
        self.held = self
            .admitted
            .iter()
            .map(|slot| slot.bytes)
            .fold(0, u64::saturating_add);
        self.planned = None;
        self.waiting.clear();
    }
}
