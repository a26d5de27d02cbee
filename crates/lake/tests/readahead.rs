//! Reading ahead: order, bounds, errors, the end.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "test code: a panic is a failed test"
)]
#![allow(
    clippy::single_range_in_vec_init,
    reason = "a unit of one range is meant"
)]

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use rootlake_lake::{
    Coalescing, LakeError, LocalSource, ReadAhead, ReadAheadOptions, Source, Unit,
};
use rootlake_testkit::{MemorySource, noise};

const SIZE: usize = 100_000;
const UNIT: u64 = 1000;

fn options(window: u64, parallel: usize) -> ReadAheadOptions {
    ReadAheadOptions { window, parallel }
}

/// One unit for each 1000 bytes, of two ranges that become one request.
fn plan(source: &Arc<MemorySource>) -> Vec<Unit> {
    let source: Arc<dyn Source> = source.clone();
    (0..SIZE as u64 / UNIT)
        .map(|i| i * UNIT)
        .map(|at| Unit::new(source.clone(), vec![at + 500..at + UNIT, at..at + 500]))
        .collect()
}

fn source() -> MemorySource {
    MemorySource::new(noise(SIZE)).with_coalescing(Coalescing {
        max_gap: 0,
        max_request: UNIT,
    })
}

fn late(milliseconds: u64) -> MemorySource {
    source().with_delay(move |_| Duration::from_millis(milliseconds))
}

fn until(what: &str, condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "never happened: {what}"
        );
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn units_leave_in_order_though_their_answers_come_in_another() {
    // Earlier bytes come later.
    let slow_first = |range: &Range<u64>| Duration::from_micros(20 * (100 - range.start / UNIT));
    let source = Arc::new(source().with_delay(slow_first));
    let ahead = ReadAhead::start(plan(&source), options(20 * UNIT, 5)).unwrap();
    let content = noise(SIZE);
    let mut taken = 0;
    for (index, unit) in (&ahead).enumerate() {
        let unit = unit.unwrap();
        assert_eq!(unit.index, index);
        let at = index * 1000;
        assert_eq!(unit.parts[0], content[at + 500..at + 1000]);
        assert_eq!(unit.parts[1], content[at..at + 500]);
        taken += 1;
    }
    assert_eq!(taken, SIZE as u64 / UNIT);
    let report = ahead.report();
    assert_eq!(
        (report.bytes_wanted, report.bytes_fetched),
        (SIZE as u64, SIZE as u64)
    );
    assert_eq!((report.requests, source.reads()), (taken, taken));
}

#[test]
fn the_window_bounds_what_is_asked_for_and_not_yet_taken() {
    let source = Arc::new(late(0));
    let ahead = ReadAhead::start(plan(&source), options(7 * UNIT + 999, 4)).unwrap();
    for taken in 0..20 {
        until("the window fills", || {
            source.bytes_read() == (taken + 7) * UNIT
        });
        thread::sleep(Duration::from_millis(3));
        assert_eq!(source.bytes_read(), (taken + 7) * UNIT);
        ahead.next_unit().unwrap().unwrap();
    }
}

#[test]
fn one_unit_is_allowed_however_large() {
    let source = Arc::new(late(0));
    let ahead = ReadAhead::start(plan(&source), options(1, 4)).unwrap();
    until("the first unit is fetched", || source.reads() == 1);
    thread::sleep(Duration::from_millis(5));
    assert_eq!(source.reads(), 1);
    assert_eq!(ahead.count(), SIZE / 1000);
}

#[test]
fn requests_in_parallel_are_bounded() {
    let source = Arc::new(late(2));
    let ahead = ReadAhead::start(plan(&source), options(SIZE as u64, 4)).unwrap();
    assert_eq!(ahead.count(), SIZE / 1000);
    assert_eq!(source.peak(), 4);
}

#[test]
fn many_takers_share_the_units() {
    let source = Arc::new(late(1));
    let ahead = ReadAhead::start(plan(&source), options(10 * UNIT, 4)).unwrap();
    let sum = AtomicUsize::new(0);
    let content = noise(SIZE);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut last = None;
                for unit in &ahead {
                    let unit = unit.unwrap();
                    assert!(last < Some(unit.index));
                    last = Some(unit.index);
                    assert_eq!(unit.parts[1], content[unit.index * 1000..][..500]);
                    sum.fetch_add(unit.index, Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(sum.into_inner(), (0..SIZE / 1000).sum::<usize>());
}

#[test]
fn the_first_error_comes_in_its_place_and_is_the_last() {
    // Unit 33 fails at once, 30 after a while: 30 must be the one reported.
    for (fails, delays) in [(30_500, 3), (33_200, 0)] {
        let delay = move |range: &Range<u64>| {
            Duration::from_millis(if range.start == 30_000 { delays } else { 0 })
        };
        let source = Arc::new(source().with_delay(delay).failing_at(fails));
        let ahead = ReadAhead::start(plan(&source), options(10 * UNIT, 4)).unwrap();
        let units: Vec<_> = ahead.collect();
        assert_eq!(units.len() as u64, fails / UNIT + 1);
        let (last, good) = units.split_last().unwrap();
        assert!(good.iter().all(Result::is_ok));
        assert!(matches!(last, Err(LakeError::Changed { .. })));
        assert!(ahead.next_unit().is_none());
        assert!(source.reads() < 50);
    }
}

#[test]
fn a_plan_beyond_the_end_of_the_file_is_an_error_in_its_place() {
    let source = Arc::new(source());
    let mut units = plan(&source);
    units[40].ranges.push(SIZE as u64 - 1..SIZE as u64 + 1);
    let ahead = ReadAhead::start(units, ReadAheadOptions::default()).unwrap();
    let units: Vec<_> = ahead.collect();
    assert_eq!(units.len(), 41);
    assert!(matches!(
        units.last(),
        Some(Err(LakeError::OutOfRange { .. }))
    ));
}

#[test]
fn dropping_it_early_stops_the_requests() {
    let source = Arc::new(late(5));
    let ahead = ReadAhead::start(plan(&source), options(SIZE as u64, 4)).unwrap();
    ahead.next_unit().unwrap().unwrap();
    drop(ahead);
    let at_drop = source.reads();
    thread::sleep(Duration::from_millis(60));
    assert!(
        source.reads() <= at_drop + 4,
        "{} after {at_drop}",
        source.reads()
    );
    // The threads let go of the plan, and so of the source.
    until("the threads end", || Arc::strong_count(&source) == 1);
}

#[test]
fn a_source_that_panics_ends_the_plan_with_an_error() {
    let source = Arc::new(source().with_delay(|range| {
        assert!(range.start != 5000, "on order");
        Duration::ZERO
    }));
    let ahead = ReadAhead::start(plan(&source), options(3 * UNIT, 2)).unwrap();
    let units: Vec<_> = ahead.collect();
    assert_eq!(units.len(), 6);
    assert!(matches!(units.last(), Some(Err(LakeError::Stopped { .. }))));
}

#[test]
fn local_and_remote_units_mix_in_order() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, &noise(SIZE)).unwrap();
    let local: Arc<dyn Source> = Arc::new(LocalSource::open(file.path()).unwrap());
    let remote = Arc::new(late(1));
    let mut units = plan(&remote);
    for unit in units.iter_mut().step_by(3) {
        unit.source = local.clone();
    }
    let ahead = ReadAhead::start(units, options(5 * UNIT, 3)).unwrap();
    let content = noise(SIZE);
    for (index, unit) in (&ahead).enumerate() {
        let unit = unit.unwrap();
        assert_eq!(unit.index, index);
        assert_eq!(unit.parts[1], content[index * 1000..index * 1000 + 500]);
    }
    assert_eq!(ahead.report().units, 100);
    assert_eq!(remote.reads(), 66);
}

#[test]
fn an_empty_plan_and_empty_units_end() {
    assert!(
        ReadAhead::start(Vec::new(), ReadAheadOptions::default())
            .unwrap()
            .next_unit()
            .is_none()
    );
    let source: Arc<dyn Source> = Arc::new(source());
    let units = vec![
        Unit::new(source.clone(), vec![]),
        Unit::new(source, vec![5..5]),
    ];
    let ahead = ReadAhead::start(units, ReadAheadOptions::default()).unwrap();
    let lengths: Vec<_> = ahead.map(|unit| unit.unwrap().parts.len()).collect();
    assert_eq!(lengths, [0, 1]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_plan_arrives_whole_and_in_order(
        plan in proptest::collection::vec(
            proptest::collection::vec((0u64..99_000, 0u64..1000), 0..6), 0..30),
        window in 1u64..5000,
        parallel in 0usize..5,
        max_gap in 0u64..3000,
    ) {
        let content = noise(SIZE);
        let coalescing = Coalescing { max_gap, max_request: 2000 };
        let source = MemorySource::new(content.clone()).with_coalescing(coalescing);
        let source: Arc<dyn Source> = Arc::new(source);
        let ranges: Vec<Vec<Range<u64>>> = plan
            .iter()
            .map(|unit| unit.iter().map(|&(start, length)| start..start + length).collect())
            .collect();
        let units = ranges.iter().map(|r| Unit::new(source.clone(), r.clone())).collect();
        let ahead = ReadAhead::start(units, options(window, parallel)).unwrap();
        let fetched: Vec<_> = ahead.map(|unit| unit.unwrap().parts).collect();
        let expected: Vec<Vec<&[u8]>> = ranges
            .iter()
            .map(|unit| unit.iter().map(|r| &content[r.start as usize..r.end as usize]).collect())
            .collect();
        prop_assert_eq!(fetched, expected);
    }
}
