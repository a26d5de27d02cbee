//! What threads do in the order of tasks: baskets get their places, and the failure of the earliest
//! task is told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::error::MergeError;
use crate::execute::merged::MergedBranch;
use crate::task::Task;
use crate::worker::Batch;

/// How much memory what was made by tasks whose turn has not come may take, for each thread (bytes).
const HELD: usize = 1 << 20;

/// The turns of the threads that work on one tree.
pub(super) struct Turns<'a> {
    tasks: &'a [Task],
    /// Where its first basket stands.
    start: u64,
    turn: Mutex<Turn>,
    turned: Condvar,
}

/// What is decided in the order of tasks.
struct Turn {
    /// The first task whose baskets have no places yet.
    next: usize,
    /// The tasks behind it whose baskets have.
    passed: BTreeSet<usize>,
    end: u64,
    baskets: u64,
    branches: Vec<MergedBranch>,
    /// Whether all places are known before: then baskets are only counted, in any order.
    is_foreseen: bool,
    /// What was made by tasks whose turn has not come. What a task takes depends on its baskets, where
    /// they are compressed anew: a thread goes on with the next.
    held: BTreeMap<usize, Done>,
    held_bytes: usize,
    /// How much memory that may take (bytes).
    room: usize,
    failure: Option<MergeError>,
}

/// What a task gave.
pub(super) struct Done {
    pub batch: Batch,
    pub copies: Vec<CopyPlace>,
}

/// The same where it has its places: one for each copy, and how far all places given reach.
pub(super) struct Placed {
    pub number: usize,
    pub batch: Batch,
    pub places: Vec<u64>,
    pub end: u64,
}

/// What became of all tasks.
pub(super) struct Total {
    /// The bytes of all baskets.
    pub bytes: u64,
    pub baskets: u64,
    pub branches: Vec<MergedBranch>,
}

/// A place for the baskets of a task.
pub(super) struct CopyPlace {
    /// How many entries later they stand than the task says.
    pub entries: u64,
    /// Where they stand, in bytes behind the first of all; none: behind those before them.
    pub offset: Option<u64>,
}

impl<'a> Turns<'a> {
    /// Those of `tasks`, whose baskets begin at `start`, on so many `threads`; of `branches` that have
    /// no baskets yet.
    pub fn new(
        tasks: &'a [Task],
        branches: Vec<MergedBranch>,
        start: u64,
        is_foreseen: bool,
        threads: usize,
    ) -> Self {
        let turn = Turn {
            next: 0,
            passed: BTreeSet::new(),
            end: start,
            baskets: 0,
            branches,
            is_foreseen,
            held: BTreeMap::new(),
            held_bytes: 0,
            room: threads.saturating_mul(HELD),
            failure: None,
        };
        Self {
            tasks,
            start,
            turn: Mutex::new(turn),
            turned: Condvar::new(),
        }
    }

    /// Takes what the task `number` gave: where places are foreseen at once, else as soon as its turn
    /// has come or there is room to hold it. Gives those that have their places by it, in their order;
    /// none where another task has failed.
    pub fn place(&self, number: usize, done: Done) -> Result<Option<Vec<Placed>>, MergeError> {
        let mut turn = self.lock();
        while !turn.may_take(number, &done.batch) && turn.failure.is_none() {
            turn = self.wait(turn);
        }
        if turn.failure.is_some() {
            return Ok(None);
        }
        let mut placed = Vec::with_capacity(1);
        if turn.is_foreseen {
            placed.push(self.give(&mut turn, number, done)?);
        } else {
            turn.hold(number, done);
            while let Some((number, done)) = turn.release() {
                placed.push(self.give(&mut turn, number, done)?);
            }
        }
        if !placed.is_empty() {
            self.turned.notify_all();
        }
        Ok(Some(placed))
    }

    /// Gives what a task gave its places.
    fn give(&self, turn: &mut Turn, number: usize, done: Done) -> Result<Placed, MergeError> {
        let Done { mut batch, copies } = done;
        let (baskets, bytes) = batch.parts();
        let length = bytes.len() as u64;
        let foreseen = match turn.is_foreseen {
            true => Some(self.foreseen(number, length).ok_or(MergeError::Thread)?),
            false => None,
        };
        let mut places = Vec::with_capacity(copies.len());
        for copy in copies {
            let known = copy.offset.map(|offset| self.start + offset);
            let place = known.or(foreseen).unwrap_or(turn.end);
            places.push(place);
            let mut seek = place;
            for basket in baskets {
                let branch = turn.branches.get_mut(basket.branch);
                let branch = branch.ok_or(MergeError::Thread)?;
                let (nbytes, expanded) = (basket.nbytes, basket.expanded);
                if foreseen.is_some() {
                    branch.count(nbytes, expanded, basket.entries);
                } else {
                    let first = basket.first_entry + copy.entries;
                    branch.add(seek, nbytes, expanded, first, basket.entries);
                }
                seek += u64::from(nbytes);
            }
            turn.end += length;
            turn.baskets += baskets.len() as u64;
        }
        turn.pass(number);
        let end = turn.end;
        Ok(Placed {
            number,
            batch,
            places,
            end,
        })
    }

    /// Where the copying task `number` was foreseen to stand, if what it makes ends where the next
    /// one begins.
    fn foreseen(&self, number: usize, length: u64) -> Option<u64> {
        let place = |number: usize| match self.tasks.get(number)? {
            Task::Copy { place, .. } => Some(*place),
            Task::Join { .. } | Task::Fill { .. } => None,
        };
        let own = place(number)?;
        let next = place(number + 1);
        next.is_none_or(|next| own + length == next).then_some(own)
    }

    /// Takes note of a failure: that of the earliest task is told, whichever thread met one first.
    /// None has failed `at` a task where all were done.
    pub fn fail(&self, at: Option<usize>, error: MergeError) {
        let mut turn = self.lock();
        while at.is_some_and(|at| turn.next < at) && turn.failure.is_none() {
            turn = self.wait(turn);
        }
        turn.failure.get_or_insert(error);
        self.turned.notify_all();
    }

    /// What became of all tasks, when no thread works any more.
    ///
    /// # Errors
    /// When one has failed.
    pub fn total(self) -> Result<Total, MergeError> {
        let turn = self.turn.into_inner();
        let turn = turn.unwrap_or_else(PoisonError::into_inner);
        match turn.failure {
            Some(failure) => Err(failure),
            None if turn.next != self.tasks.len() => Err(MergeError::Thread),
            None => Ok(Total {
                bytes: turn.end - self.start,
                baskets: turn.baskets,
                branches: turn.branches,
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'t>(&self, turn: MutexGuard<'t, Turn>) -> MutexGuard<'t, Turn> {
        let turn = self.turned.wait(turn);
        turn.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Whether what the task `number` gave can be taken. Of what is copied as it is none is held: it is
    /// read and written by one thread, in one cache, and its tasks take equally long.
    fn may_take(&self, number: usize, batch: &Batch) -> bool {
        let has_room = |made: usize| self.held_bytes.saturating_add(made) <= self.room;
        self.is_foreseen || self.next == number || batch.made().is_some_and(has_room)
    }

    /// Holds what the task `number` gave.
    fn hold(&mut self, number: usize, done: Done) {
        self.held_bytes += done.batch.made().unwrap_or(0);
        self.held.insert(number, done);
    }

    /// What the next task gave, if it is held.
    fn release(&mut self) -> Option<(usize, Done)> {
        let done = self.held.remove(&self.next)?;
        self.held_bytes -= done.batch.made().unwrap_or(0);
        Some((self.next, done))
    }

    /// Takes note that the baskets of a task have their places.
    fn pass(&mut self, number: usize) {
        self.passed.insert(number);
        while self.passed.remove(&self.next) {
            self.next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tasks without baskets, foreseen at these places.
    fn foreseen(places: &[u64]) -> Vec<Task> {
        let tasks = places.iter().map(|&place| Task::Copy {
            stretches: Vec::new(),
            place,
        });
        tasks.collect()
    }

    /// A task's number, the places of its copies, and how far all places given reach.
    type Given = (usize, Vec<u64>, u64);

    /// What gets its places by what the task `number` gave.
    fn place(turns: &Turns<'_>, number: usize) -> Result<Option<Vec<Given>>, MergeError> {
        let once = CopyPlace {
            entries: 0,
            offset: None,
        };
        let done = Done {
            batch: Batch::default(),
            copies: vec![once],
        };
        let placed = turns.place(number, done)?;
        Ok(placed.map(|placed| {
            let placed = placed.into_iter();
            placed
                .map(|one| (one.number, one.places, one.end))
                .collect()
        }))
    }

    #[test]
    fn foreseen_tasks_are_placed_in_any_order_where_they_were_foreseen() {
        let tasks = foreseen(&[100, 100, 100]);
        let turns = Turns::new(&tasks, Vec::new(), 100, true, 1);
        for number in [2, 0] {
            let placed = place(&turns, number).unwrap();
            assert_eq!(placed, Some(vec![(number, vec![100], 100)]));
        }
        assert_eq!(turns.lock().next, 1);
        place(&turns, 1).unwrap();
        assert_eq!(turns.total().unwrap().bytes, 0);

        let tasks = foreseen(&[100, 150, 150]);
        let turns = Turns::new(&tasks, Vec::new(), 100, true, 1);
        assert!(place(&turns, 1).is_ok() && place(&turns, 0).is_err());
        assert!(turns.total().is_err());
    }

    #[test]
    fn what_is_held_gets_its_places_in_the_order_of_tasks() {
        let tasks = foreseen(&[0, 0, 0]);
        let turns = Turns::new(&tasks, Vec::new(), 100, false, 1);
        assert_eq!(place(&turns, 2).unwrap(), Some(vec![]));
        assert_eq!(place(&turns, 1).unwrap(), Some(vec![]));
        let placed = place(&turns, 0).unwrap().unwrap();
        let numbers: Vec<_> = placed.iter().map(|(number, ..)| *number).collect();
        assert_eq!(numbers, [0, 1, 2]);
        assert!(turns.total().is_ok());
    }

    #[test]
    fn the_failure_of_the_earliest_task_is_told() {
        let tasks = foreseen(&[100, 100, 100]);
        let turns = Turns::new(&tasks, Vec::new(), 100, true, 1);
        std::thread::scope(|scope| {
            scope.spawn(|| turns.fail(Some(2), MergeError::NoCopies));
            place(&turns, 1).unwrap();
            turns.fail(Some(0), MergeError::NothingToMerge);
        });
        assert!(place(&turns, 2).unwrap().is_none());
        assert!(matches!(turns.total(), Err(MergeError::NothingToMerge)));
    }
}
