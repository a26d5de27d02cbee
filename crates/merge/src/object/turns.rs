//! Work done side by side whose results are taken one after the other.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use crate::error::MergeError;

/// Whose turn it is, and what results are taken into.
struct Turn<'a, T> {
    next: usize,
    target: &'a mut T,
    failure: Option<MergeError>,
}

/// Does the jobs 0 to `count` on so many threads, each with what `begin` gives it, and lets `take`
/// have their results in their order: the outcome does not depend on the threads.
///
/// # Errors
/// The first in the order of jobs; none is taken after it.
pub(crate) fn in_turn<T: Send, W, R>(
    threads: usize,
    count: usize,
    target: &mut T,
    begin: impl Fn() -> Result<W, MergeError> + Sync,
    work: impl Fn(&mut W, usize) -> Result<R, MergeError> + Sync,
    take: impl Fn(&mut T, R) -> Result<(), MergeError> + Sync,
) -> Result<(), MergeError> {
    let taken = AtomicUsize::new(0);
    let turned = Condvar::new();
    let turn = Mutex::new(Turn {
        next: 0,
        target,
        failure: None,
    });
    let lock = || turn.lock().unwrap_or_else(PoisonError::into_inner);
    let thread = || {
        let mut own = begin();
        loop {
            let number = taken.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                break;
            }
            let result = match &mut own {
                Ok(own) => work(own, number),
                Err(error) => Err(std::mem::replace(error, MergeError::Thread)),
            };
            let mut turn = lock();
            while turn.next != number && turn.failure.is_none() {
                turn = turned.wait(turn).unwrap_or_else(PoisonError::into_inner);
            }
            if turn.failure.is_some() {
                break;
            }
            let done = result.and_then(|result| take(turn.target, result));
            turn.failure = done.err();
            turn.next += 1;
            turned.notify_all();
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.clamp(1, count.max(1)) {
            scope.spawn(thread);
        }
        thread();
    });
    let turn = turn.into_inner().unwrap_or_else(PoisonError::into_inner);
    match turn.failure {
        Some(failure) => Err(failure),
        None if turn.next == count => Ok(()),
        None => Err(MergeError::Thread),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn results_are_taken_in_order_up_to_the_first_failure(
            threads in 1usize..5,
            fails in prop::collection::vec(prop::bool::weighted(0.05), 0..40),
        ) {
            let mut taken = Vec::new();
            let done = in_turn(
                threads,
                fails.len(),
                &mut taken,
                || Ok(()),
                |(), number| {
                    if fails[number] {
                        return Err(MergeError::NoCopies);
                    }
                    Ok(number)
                },
                |taken, number| {
                    taken.push(number);
                    Ok(())
                },
            );
            let first = fails.iter().position(|fails| *fails);
            prop_assert_eq!(done.is_err(), first.is_some());
            let expected: Vec<usize> = (0..first.unwrap_or(fails.len())).collect();
            prop_assert_eq!(taken, expected);
        }
    }
}
