//! Whose references are whose: a `TRef` says by number which process of its file (`TProcessID`) made
//! it, and by another which of that process's objects it means.
//!
//! Where inputs hold other processes, the output holds all of them. References in the baskets of an
//! input count from where its processes begin, which the keys of the baskets say (`TKey::fPidOffset`,
//! as in `TTreeCloner::CopyProcessIds`). The key of any other object has no room for that.

use std::sync::Arc;

use crate::error::MergeError;
use crate::survey::input::Input;
use crate::survey::process::CLASS;

/// What becomes of the processes of inputs that hold others than each other.
#[derive(Clone, Debug)]
pub(crate) struct ProcessPlan {
    /// For each input, the number from which on its references count.
    offsets: Vec<u16>,
    /// For each process of the output, the input that holds it, and its number there.
    pub held: Vec<(usize, usize)>,
}

/// What becomes of the processes of `inputs`; none where those that have any have the same.
///
/// # Errors
/// When there are too many.
pub(crate) fn plan(inputs: &[Input]) -> Result<Option<ProcessPlan>, MergeError> {
    let identities = |input: &Input| -> Vec<Arc<str>> {
        let processes = input.processes.iter();
        processes
            .map(|process| Arc::clone(&process.identity))
            .collect()
    };
    let lists: Vec<_> = inputs.iter().map(identities).collect();
    let (starts, held) = put_together(&lists);
    let is_plain = |list: &Vec<_>| list.is_empty() || list.len() == held.len();
    if starts.iter().all(|start| *start == 0) && lists.iter().all(is_plain) {
        return Ok(None);
    }
    let offsets = starts.iter().zip(inputs).map(|(&start, input)| {
        u16::try_from(start).map_err(|_| MergeError::Unsupported {
            file: input.name.to_string(),
            what: format!("{CLASS}: {start} others before it; it"),
        })
    });
    let offsets = offsets.collect::<Result<_, _>>()?;
    Ok(Some(ProcessPlan { offsets, held }))
}

/// Puts lists behind each other, but for those that stand there already: where each begins, and of
/// which list each item is, and its number there.
fn put_together<T: PartialEq + Clone>(lists: &[Vec<T>]) -> (Vec<usize>, Vec<(usize, usize)>) {
    let (mut all, mut held): (Vec<T>, _) = (Vec::new(), Vec::new());
    let starts = lists.iter().enumerate().map(|(number, list)| {
        let known = match list.len() {
            0 => Some(0),
            length => all.windows(length).position(|known| *known == list[..]),
        };
        known.unwrap_or_else(|| {
            let start = all.len();
            held.extend((0..list.len()).map(|own| (number, own)));
            all.extend(list.iter().cloned());
            start
        })
    });
    (starts.collect(), held)
}

impl ProcessPlan {
    /// The number from which on the references of an input count.
    pub fn offset(&self, input: usize) -> u16 {
        self.offsets.get(input).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_that_are_there_already_are_not_put_behind() {
        let lists = ["ab", "", "c", "b", "bc", "ab", "ca"].map(|list| list.chars().collect());
        let (starts, held) = put_together(&lists);
        // Together they are a b c c a.
        assert_eq!(starts, [0, 0, 2, 1, 1, 0, 3]);
        assert_eq!(held, [(0, 0), (0, 1), (2, 0), (6, 0), (6, 1)]);
    }
}
