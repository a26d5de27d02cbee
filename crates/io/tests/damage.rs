//! What `check` finds: every changed byte of a compressed block's header, by its place; and that
//! no input makes it allocate without measure.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    unsafe_code,
    reason = "a test may panic; counting allocations takes an allocator"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::Path;

use bytes::Bytes;
use proptest::prelude::*;
use rootlake_io::check::check;
use rootlake_io::file::RootFile;
use rootlake_io::tree::{Location, Tree};

/// Counts what each thread holds, and the most it held.
struct Counting;

thread_local! {
    static HELD: Cell<i64> = const { Cell::new(0) };
    static PEAK: Cell<i64> = const { Cell::new(0) };
}

fn count(change: i64) {
    let _ = HELD.try_with(|held| {
        held.set(held.get() + change);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(held.get())));
    });
}

// SAFETY: every call is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as i64);
        // SAFETY: the caller keeps what `GlobalAlloc::alloc` demands.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as i64));
        // SAFETY: the caller keeps what `GlobalAlloc::dealloc` demands.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most bytes that `work` holds at once.
fn peak(work: impl FnOnce()) -> u64 {
    let before = HELD.get();
    PEAK.set(before);
    work();
    u64::try_from(PEAK.get() - before).unwrap()
}

fn fixture() -> Vec<u8> {
    let path = "../../fixtures/mc_363490.llll.4lep.root";
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn faults(content: &[u8]) -> Vec<(Option<u64>, String)> {
    match RootFile::open(Bytes::copy_from_slice(content), "damaged") {
        Ok(file) => check(&file)
            .faults
            .iter()
            .map(|fault| (fault.error.offset(), fault.error.to_string()))
            .collect(),
        Err(error) => vec![(error.offset(), error.to_string())],
    }
}

#[test]
fn every_changed_byte_of_a_block_header_is_found() {
    let mut content = fixture();
    assert_eq!(faults(&content), []);
    let file = RootFile::open(Bytes::from(content.clone()), "whole").unwrap();
    let tree = Tree::read(&file, &file.find("mini").unwrap(), &file.layouts().unwrap()).unwrap();
    for name in ["lep_pt", "lep_n", "eventNumber"] {
        let Location::Stored { seek, .. } = tree.branch(name).unwrap().baskets[0].location else {
            panic!("{name} is embedded");
        };
        let key = seek as usize;
        let key_length = u16::from_be_bytes([content[key + 14], content[key + 15]]);
        // Tag, method, stored and expanded length.
        for place in (key + usize::from(key_length)..).take(9) {
            for bit in 0..8 {
                content[place] ^= 1 << bit;
                // The method's low bits are the level of the compressor, which nothing depends on.
                let found = faults(&content);
                let of_basket = |(offset, said): &(Option<u64>, String)| {
                    *offset == Some(seek) && said.contains(name)
                };
                let harmless = place == key + usize::from(key_length) + 2;
                assert!(
                    harmless || found.iter().any(of_basket),
                    "{name}: byte {place} bit {bit}: {found:?}"
                );
                content[place] ^= 1 << bit;
            }
        }
    }
}

/// 64 MiB and four times the file as it stands, not even as its records would expand.
fn bound(file: &[u8]) -> u64 {
    (64 << 20) + 4 * file.len() as u64
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn changed_bytes_do_not_make_it_allocate(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        length in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let mut content = fixture();
        let end = content.len();
        for (place, value) in changes {
            let place = place.index(end);
            content[place] = value;
        }
        if cut {
            content.truncate(length.index(end));
        }
        let limit = bound(&content);
        let used = peak(|| { faults(&content); });
        prop_assert!(used <= limit, "{used} bytes for a file of {}", content.len());
    }
}

#[test]
fn false_lengths_do_not_make_it_allocate() {
    let whole = fixture();
    let file = RootFile::open(Bytes::from(whole.clone()), "whole").unwrap();
    let key = file.find("mini").unwrap();
    let (tree, info) = (key.seek_key as usize, file.header().seek_info as usize);
    let mut worst = 0;
    // Every word of the header, the tree's key and the streamer info's key, and the first
    // block's lengths behind them.
    let places = (4..64).chain(tree..tree + 90).chain(info..info + 90);
    for place in places.step_by(2) {
        for word in [[0x7f, 255, 255, 255], [255; 4], [0, 255, 255, 255]] {
            let mut content = whole.clone();
            content[place..place + 4].copy_from_slice(&word);
            worst = worst.max(peak(|| {
                faults(&content);
            }));
        }
    }
    assert!(worst <= bound(&whole), "{worst} bytes");
    // What the whole file takes, for comparison, is far below.
    assert!(peak(|| drop(faults(&whole))) < 16 << 20);
}
