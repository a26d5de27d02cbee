//! Examining all inputs, on several threads.

pub(crate) mod beside;
mod examine;
pub(crate) mod index;
pub(crate) mod input;
pub(crate) mod kind;
pub(crate) mod limits;
mod listing;
pub(crate) mod objects;
pub(crate) mod process;
pub(crate) mod standing;

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rootlake_io::file::RecordBuffers;

use crate::error::MergeError;
use crate::store::Store;

use examine::Examiner;
pub use index::IndexNames;
pub use input::{Input, Kind};

/// What the inputs hold.
#[derive(Debug)]
pub struct Survey {
    /// Those that could be examined, in the order in which they were named.
    pub inputs: Vec<Input>,
    /// The names of those that could not, and why.
    pub refused: Vec<(String, MergeError)>,
}

impl Survey {
    /// Leaves out of all inputs what `wanted` does not want, by path and kind.
    pub fn retain(&mut self, wanted: impl Fn(&str, Kind) -> bool) {
        for input in &mut self.inputs {
            input.retain(&wanted);
        }
    }
}

/// Examines the inputs `names`, on `threads` threads; one that is named several times, once.
pub fn survey(store: &impl Store, names: &[String], threads: usize) -> Survey {
    let mut numbers: HashMap<&String, usize> = HashMap::new();
    // Each name with how often it is still to be met.
    let mut distinct: Vec<(&String, usize)> = Vec::new();
    let mut number = |name| {
        let number = *numbers.entry(name).or_insert(distinct.len());
        match distinct.get_mut(number) {
            Some((_, times)) => *times += 1,
            None => distinct.push((name, 1)),
        }
        number
    };
    let named: Vec<usize> = names.iter().map(&mut number).collect();
    let mut found = examine(store, &distinct, threads);
    let mut survey = Survey {
        inputs: Vec::with_capacity(names.len()),
        refused: Vec::new(),
    };
    for number in named {
        let (Some(found), Some((name, times))) = (found.get_mut(number), distinct.get_mut(number))
        else {
            continue;
        };
        *times -= 1;
        let found = match found {
            Found::Input(input) if *times > 0 => Found::Input(input.clone()),
            last => std::mem::replace(last, Found::Told),
        };
        match found {
            Found::Input(input) => survey.inputs.push(input),
            Found::Refused(error) => survey.refused.push((name.clone(), error)),
            Found::Told => {}
        }
    }
    survey
}

/// What came of examining an input.
enum Found {
    Input(Input),
    Refused(MergeError),
    /// Told already, where it is not named again or was refused.
    Told,
}

/// Examines each of `names`; in their order.
fn examine(store: &impl Store, names: &[(&String, usize)], threads: usize) -> Vec<Found> {
    let examiner = Examiner::default();
    let taken = AtomicUsize::new(0);
    let found: Vec<Option<Found>> = names.iter().map(|_| None).collect();
    let found = Mutex::new(found);
    let work = || {
        let mut buffers = RecordBuffers::default();
        loop {
            let number = taken.fetch_add(1, Ordering::Relaxed);
            let Some((name, _)) = names.get(number) else {
                break;
            };
            let examined = examiner.examine(store, name, &mut buffers);
            let mut found = found
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            if let Some(place) = found.get_mut(number) {
                *place = Some(examined.map_or_else(Found::Refused, Found::Input));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.clamp(1, names.len().max(1)) {
            scope.spawn(work);
        }
        work();
    });
    let found = found
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    found.into_iter().flatten().collect()
}
