//! Which inputs hold what, by its path.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::error::MergeError;
use crate::survey::input::Input;

/// The inputs that have something, and its number there.
pub(super) type Holders = Vec<(usize, usize)>;

/// For each path in order of first appearance, the inputs that have it and its number there.
pub(super) fn by_path<'a, T: 'a>(
    inputs: &'a [Input],
    items: fn(&Input) -> &[T],
    path: fn(&T) -> &Arc<str>,
) -> Vec<(Arc<str>, Holders)> {
    let mut places: HashMap<&Arc<str>, usize> = HashMap::new();
    let mut found: Vec<(Arc<str>, Holders)> = Vec::new();
    for (number, input) in inputs.iter().enumerate() {
        for (index, item) in items(input).iter().enumerate() {
            let path = path(item);
            let place = *places.entry(path).or_insert_with(|| {
                found.push((Arc::clone(path), Vec::new()));
                found.len() - 1
            });
            if let Some((_, holders)) = found.get_mut(place) {
                holders.push((number, index));
            }
        }
    }
    found
}

/// The refusal of an input that differs from the first that holds something.
pub(super) fn refuse<T>(
    inputs: &[Input],
    first: usize,
    other: usize,
    difference: String,
) -> Result<T, MergeError> {
    let name = |index: usize| {
        inputs
            .get(index)
            .map(|input| input.name.to_string())
            .unwrap_or_default()
    };
    Err(MergeError::Schema {
        file: name(other),
        difference,
        first: name(first),
    })
}

/// The paths and titles of all directories, each before those in it.
pub(super) fn directories(inputs: &[Input]) -> Vec<(Arc<str>, Arc<str>)> {
    let found = by_path(inputs, |input| &input.directories, |(path, _)| path);
    let titled = found.into_iter().map(|(path, from)| {
        let title = from
            .first()
            .and_then(|&(input, index)| inputs.get(input)?.directories.get(index))
            .map(|(_, title)| Arc::clone(title));
        (path, title.unwrap_or_default())
    });
    let mut directories: Vec<_> = titled.collect();
    // Those of a later input may lie in one of an earlier.
    directories.sort_by_key(|(path, _)| path.matches('/').count());
    directories
}

/// The paths of all that the inputs hold, in the order in which they first appear.
pub(super) fn order(inputs: &[Input]) -> Vec<Arc<str>> {
    let mut met = HashSet::new();
    let mut order = Vec::new();
    let mut last: Option<&Arc<[Arc<str>]>> = None;
    for input in inputs {
        // Inputs of one kind share the list.
        if !last.is_some_and(|last| Arc::ptr_eq(last, &input.order)) {
            order.extend(input.order.iter().filter(|path| met.insert(*path)).cloned());
        }
        last = Some(&input.order);
    }
    order
}
