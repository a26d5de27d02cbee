//! Putting parallel results back into order.

use std::collections::BTreeMap;

use crossbeam_channel::Receiver;

/// Hands what arrives as (number, result) to `take` in the order of the numbers, from 0 on.
///
/// Waiting results are few: workers take their units in order, so that none runs far ahead.
/// Stops at the first error, in the order of the numbers, and gives the number of results taken.
///
/// # Errors
/// That of a result, or of `take`.
pub(crate) fn in_order<T, E>(
    arriving: &Receiver<(usize, Result<T, E>)>,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<usize, E> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    for (number, result) in arriving {
        waiting.insert(number, result);
        while let Some(result) = waiting.remove(&next) {
            take(result?)?;
            next += 1;
        }
    }
    // Behind a gap stands what no number was given for: the failure of who gives out the units.
    match waiting.into_values().find_map(Result::err) {
        Some(error) => Err(error),
        None => Ok(next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_behind_a_gap_is_not_lost() {
        let (send, receive) = crossbeam_channel::unbounded();
        send.send((0, Ok(()))).unwrap();
        send.send((9, Err("source failed"))).unwrap();
        drop(send);
        assert_eq!(in_order(&receive, |()| Ok(())), Err("source failed"));
    }

    #[test]
    fn results_are_taken_in_order_up_to_the_first_error() {
        let (send, receive) = crossbeam_channel::unbounded();
        for (number, result) in [(2, Ok("c")), (0, Ok("a")), (3, Err("late")), (1, Ok("b"))] {
            send.send((number, result)).unwrap();
        }
        drop(send);
        let mut taken = Vec::new();
        let error = in_order(&receive, |letter| {
            taken.push(letter);
            Ok(())
        });
        assert_eq!((taken, error), (vec!["a", "b", "c"], Err("late")));
    }
}
