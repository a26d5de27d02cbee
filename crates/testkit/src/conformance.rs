//! What every source must do, whatever is behind it.

use std::ops::Range;
use std::sync::Arc;
use std::thread;

use rootlake_lake::{LakeError, ReadAhead, ReadAheadOptions, Source, Unit};

/// The least size of the file that the suite needs, in bytes.
pub const LEAST_SIZE: usize = 10_000;

/// Holds `source` to its contract, given what the file truly contains.
///
/// # Panics
/// Where the source breaks it, or `content` is shorter than [`LEAST_SIZE`].
pub fn check(source: &Arc<dyn Source>, content: &[u8]) {
    assert!(content.len() >= LEAST_SIZE, "the suite needs a larger file");
    knows_its_size_and_name(source, content);
    reads_what_is_there(source, content);
    refuses_what_is_not_there(source);
    reads_many_in_the_order_asked(source, content);
    fails_many_as_a_whole(source);
    serves_many_threads(source, content);
    reads_ahead_in_order(source, content);
    is_unchanged(source);
}

fn knows_its_size_and_name(source: &Arc<dyn Source>, content: &[u8]) {
    assert_eq!(source.size(), content.len() as u64);
    assert!(!source.name().is_empty());
}

fn reads_what_is_there(source: &Arc<dyn Source>, content: &[u8]) {
    let size = source.size();
    let inner = [
        0..1,
        0..300,
        size - 1..size,
        size - 300..size,
        0..size,
        17..18,
        4095..8193,
    ];
    let empty = [0..0, 5..5, size..size];
    for range in inner.into_iter().chain(empty) {
        let bytes = source.read(range.clone()).expect("a range within the file");
        assert_eq!(bytes, part(content, &range), "{range:?}");
    }
}

fn refuses_what_is_not_there(source: &Arc<dyn Source>) {
    let size = source.size();
    #[allow(clippy::reversed_empty_ranges, reason = "refusing it is the point")]
    let outside = [
        0..size + 1,
        size..size + 1,
        size + 5..size + 9,
        0..u64::MAX,
        9..3,
    ];
    for range in outside {
        match source.read(range.clone()) {
            Err(LakeError::OutOfRange {
                name,
                range: told,
                size: of,
            }) => {
                assert_eq!((name.as_str(), told, of), (source.name(), range, size));
            }
            other => panic!("{range:?}: {other:?}"),
        }
    }
}

/// Overlapping, repeated, unsorted and empty ranges.
fn wild_ranges(size: u64) -> Vec<Range<u64>> {
    let end = size - 10..size;
    vec![
        end,
        0..10,
        5..15,
        0..10,
        3000..3000,
        9000..9500,
        8999..9001,
        12..400,
        size..size,
    ]
}

fn reads_many_in_the_order_asked(source: &Arc<dyn Source>, content: &[u8]) {
    let ranges = wild_ranges(source.size());
    let parts = source.read_many(&ranges).expect("ranges within the file");
    assert_eq!(parts.len(), ranges.len());
    for (bytes, range) in parts.iter().zip(&ranges) {
        assert_eq!(bytes, part(content, range), "{range:?}");
    }
    assert!(
        source
            .read_many(&[])
            .expect("nothing is easy to read")
            .is_empty()
    );
}

fn fails_many_as_a_whole(source: &Arc<dyn Source>) {
    let size = source.size();
    let failed = source.read_many(&[0..10, size - 1..size + 1, 20..30]);
    assert!(
        matches!(failed, Err(LakeError::OutOfRange { .. })),
        "{failed:?}"
    );
}

fn serves_many_threads(source: &Arc<dyn Source>, content: &[u8]) {
    thread::scope(|scope| {
        for first in 0..8_u64 {
            scope.spawn(move || {
                for start in (first * 100..source.size() - 1000).step_by(2048) {
                    let range = start..start + 1000;
                    let bytes = source.read(range.clone()).expect("a range within the file");
                    assert_eq!(bytes, part(content, &range), "{range:?}");
                }
            });
        }
    });
}

fn reads_ahead_in_order(source: &Arc<dyn Source>, content: &[u8]) {
    let starts: Vec<u64> = (0..source.size() - 1000).step_by(911).collect();
    let plan: Vec<Vec<Range<u64>>> = starts
        .iter()
        .map(|&s| vec![s + 700..s + 900, s..s + 40, s + 41..s + 42])
        .collect();
    let units = plan
        .iter()
        .map(|ranges| Unit::new(source.clone(), ranges.clone()))
        .collect();
    let options = ReadAheadOptions {
        window: 4000,
        parallel: 3,
    };
    let ahead = ReadAhead::start(units, options).expect("threads");
    for (index, ranges) in plan.iter().enumerate() {
        let unit = ahead
            .next_unit()
            .expect("a unit for each of the plan")
            .expect("its bytes");
        assert_eq!(unit.index, index);
        for (bytes, range) in unit.parts.iter().zip(ranges) {
            assert_eq!(bytes, part(content, range), "unit {index}, {range:?}");
        }
        assert_eq!(unit.parts.len(), ranges.len());
    }
    assert!(ahead.next_unit().is_none());
    let report = ahead.report();
    assert_eq!(report.units, plan.len());
    assert_eq!(report.bytes_wanted, 241 * plan.len() as u64);
    assert_eq!(report.requests == 0, source.is_local());
}

fn is_unchanged(source: &Arc<dyn Source>) {
    source.verify_unchanged().expect("nobody touched the file");
}

fn part<'a>(content: &'a [u8], range: &Range<u64>) -> &'a [u8] {
    &content[range.start as usize..range.end as usize]
}
