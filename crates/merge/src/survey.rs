//! Examining all inputs, on several threads.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::MergeError;
use crate::input::{Examiner, Input};
use crate::store::Store;

/// What the inputs hold.
#[derive(Debug)]
pub struct Survey {
    /// Those that could be examined, in the order in which they were named.
    pub inputs: Vec<Input>,
    /// The names of those that could not, and why.
    pub refused: Vec<(String, MergeError)>,
}

/// Examines the inputs `names`, on `threads` threads.
pub fn survey(store: &impl Store, names: &[String], threads: usize) -> Survey {
    let examiner = Examiner::default();
    let taken = AtomicUsize::new(0);
    let found = Mutex::new(Vec::with_capacity(names.len()));
    let work = || {
        loop {
            let number = taken.fetch_add(1, Ordering::Relaxed);
            let Some(name) = names.get(number) else {
                break;
            };
            let examined = examiner.examine(store, name);
            let mut found = found
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            found.push((number, examined));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.clamp(1, names.len().max(1)) {
            scope.spawn(work);
        }
        work();
    });
    let mut found = found
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    found.sort_by_key(|(number, _)| *number);
    let mut survey = Survey {
        inputs: Vec::with_capacity(found.len()),
        refused: Vec::new(),
    };
    for ((_, examined), name) in found.into_iter().zip(names) {
        match examined {
            Ok(input) => survey.inputs.push(input),
            Err(error) => survey.refused.push((name.clone(), error)),
        }
    }
    survey
}
