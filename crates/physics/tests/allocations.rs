//! Analyses allocate by the batch, never by the event.
#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "tests"
)]

#[path = "support/random.rs"]
mod random;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use rootlake_physics::{Batch, Sample, analysis};

/// The system's allocator, with a count of each thread's requests.
struct Counting;

thread_local! {
    static REQUESTS: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    REQUESTS.with(|requests| requests.set(requests.get() + 1));
}

// SAFETY: every call goes on to the system's allocator unchanged; counting neither allocates nor
// unwinds, since the cell is initialised at compile time and has no destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller's promises are passed on.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The requests made to select a batch's events, and the fills of the histogram with the most.
fn requests(analysis: &str, batch: &Batch) -> (usize, u64) {
    let analysis = analysis::find(analysis).unwrap();
    let sample = Sample::named("a simulation");
    let mut output = analysis.output();
    let before = REQUESTS.with(Cell::get);
    let survivors = analysis.preselect(batch, &mut output).unwrap();
    analysis
        .select(batch, &survivors, &sample, &mut output)
        .unwrap();
    let after = REQUESTS.with(Cell::get);
    let fills = output.histograms.iter().map(|h| h.entries()).max();
    (after - before, fills.unwrap())
}

#[test]
fn sixteen_times_the_events_need_no_more_allocations() {
    let (small, large) = (random::batch(2_000, 1), random::batch(32_000, 2));
    for name in analysis::NAMES {
        let (few, _) = requests(name, &small);
        let (many, fills) = requests(name, &large);
        assert!(fills > 0, "{name} selects nothing");
        // Lists of an event's jets grow a few times until the largest event has been seen.
        assert!(
            many <= few + 2,
            "{name}: {few} for few events, {many} for many"
        );
        eprintln!("{name}: {fills} fills from 32000 events with {many} allocations");
    }
}
