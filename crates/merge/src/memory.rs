//! Keeping within a bound of memory.
//!
//! What a merge needs is what describes the baskets, which grows with their number, and the
//! buffers of each thread, which do not grow with anything but the length of single baskets:
//!
//! > 12 MiB + 40 bytes × baskets of the inputs + 80 bytes × baskets of the output
//! > + 4 MiB × threads + 120 bytes × entries of the output's trees that have an index
//!
//! An input that is named several times counts once. What does not fit is refused before anything
//! is written; where there is room for fewer threads than asked for, fewer work.

use crate::error::MergeError;
use crate::plan::{IndexPlan, Plan};
use crate::request::Request;
use crate::survey::input::Input;

/// What the program takes before it does anything, in bytes.
const PROGRAM: u64 = 12 << 20;
/// What a basket of an input takes.
const INPUT_BASKET: u64 = 40;
/// What a basket of the output takes: its place, length and first entry, while the record that
/// states them is made and compressed.
const OUTPUT_BASKET: u64 = 80;
/// What an entry takes whose tree has an index, while that is merged and written.
const INDEXED_ENTRY: u64 = 120;
/// The least that a thread works with.
const THREAD: u64 = 4 << 20;
/// How many times a cluster that is being joined is in memory: as it was read, expanded, joined,
/// compressed.
const CLUSTER_TIMES: u64 = 6;
/// The most bytes of embedded baskets, expanded, that are joined to one cluster.
const CLUSTER: u64 = 8 << 20;

/// The bytes of baskets that are joined to one cluster, unless the request says how many.
pub(crate) fn cluster_bytes(request: &Request) -> u64 {
    let Some(memory) = request.memory else {
        return CLUSTER;
    };
    let threads = u64::try_from(request.threads.max(1)).unwrap_or(u64::MAX);
    CLUSTER
        .min(memory / 2 / threads / CLUSTER_TIMES)
        .max(1 << 16)
}

/// The request with no more threads than its memory is enough for.
///
/// # Errors
/// When it is not enough for one ([`MergeError::Memory`]).
pub(crate) fn fit(request: &Request, plan: &Plan, inputs: &[Input]) -> Result<Request, MergeError> {
    let mut request = request.clone();
    let Some(memory) = request.memory else {
        return Ok(request);
    };
    let held = inputs
        .iter()
        .filter(|input| input.is_first_of_its_name(inputs));
    let trees = held.flat_map(|input| input.trees.iter());
    let read: usize = trees.map(|tree| tree.baskets.all().len()).sum();
    let written: u64 = plan.trees.iter().map(|tree| tree.baskets).sum();
    let indexed = plan.trees.iter();
    let indexed =
        indexed.filter(|tree| matches!(tree.differences.index, Some(IndexPlan::Merged(_))));
    let indexed: u64 = indexed.map(|tree| tree.entries).sum();
    let shared = if request.shared { plan.copies } else { 1 };
    let fixed = PROGRAM
        .saturating_add((read as u64).saturating_mul(INPUT_BASKET))
        .saturating_add(written.saturating_mul(shared).saturating_mul(OUTPUT_BASKET))
        .saturating_add(indexed.saturating_mul(INDEXED_ENTRY));
    let needed = fixed.saturating_add(THREAD);
    if needed > memory {
        return Err(MergeError::Memory { needed, memory });
    }
    let threads = usize::try_from((memory - fixed) / THREAD).unwrap_or(usize::MAX);
    request.threads = request.threads.min(threads).max(1);
    request.memory = Some(memory - fixed);
    Ok(request)
}
