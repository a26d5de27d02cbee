//! What `check` finds: every changed byte of a compressed block's header, by its place; and that
//! no input makes it allocate or walk without measure.
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
use std::sync::LazyLock;

use bytes::Bytes;
use proptest::prelude::*;
use rootlake_io::check::check;
use rootlake_io::codec::Settings;
use rootlake_io::file::RootFile;
use rootlake_io::tree::{Location, Tree};
use rootlake_io::write::{DirectoryId, FileWriter, Stamp, TreeWriter};

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

/// Small files of several kinds: all that are beside the tests, and those of many ROOT versions
/// and classes that may lie beside the project.
fn fixtures() -> &'static [Vec<u8>] {
    static FIXTURES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
        let shared = rootlake_testkit::shared("shared data", "data/formats");
        let folders = [own].into_iter().chain(shared);
        let mut paths: Vec<_> = folders
            .flat_map(|folder| std::fs::read_dir(folder).unwrap())
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "root"))
            .collect();
        paths.sort();
        let files = paths.into_iter().map(|path| std::fs::read(path).unwrap());
        files.filter(|file| file.len() < 200_000).collect()
    });
    &FIXTURES
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
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn changed_bytes_do_not_make_it_allocate(
        sound in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
        length in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let mut content = sound.get(fixtures()).clone();
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

/// A file as `build` writes it.
fn written(build: impl FnOnce(&mut FileWriter<std::io::Cursor<Vec<u8>>>)) -> Vec<u8> {
    let settings = Settings::ZLIB_1;
    let mut file = FileWriter::create(
        std::io::Cursor::default(),
        "x.root",
        Stamp::REPRODUCIBLE,
        settings,
    )
    .unwrap();
    build(&mut file);
    file.finish().unwrap().into_inner()
}

/// Puts `to` wherever the offset `from` stands: in 32 bits, as keys of small files have them.
fn redirect(content: &mut [u8], from: u64, to: u64) {
    let [from, to] = [from, to].map(|offset| (offset as u32).to_be_bytes());
    for place in 0..content.len() - from.len() {
        if content[place..].starts_with(&from) {
            content[place..place + to.len()].copy_from_slice(&to);
        }
    }
}

#[test]
fn directories_that_share_their_keys_do_not_double_at_each_level() {
    const LEVELS: usize = 20;
    let mut content = written(|file| {
        let mut parent = DirectoryId::TOP;
        for _ in 0..LEVELS {
            file.directory(parent, "b", "").unwrap();
            parent = file.directory(parent, "a", "").unwrap();
        }
    });
    let file = RootFile::open(Bytes::from(content.clone()), "whole").unwrap();
    assert_eq!(file.walk().unwrap().len(), 2 * LEVELS);
    for (path, key) in file.walk().unwrap() {
        if let Some(parent) = path.strip_suffix('b') {
            let twin = file.find(&format!("{parent}a")).unwrap();
            redirect(&mut content, key.seek_key, twin.seek_key);
        }
    }
    let file = RootFile::open(Bytes::from(content.clone()), "shared").unwrap();
    let used = peak(|| {
        let error = file.walk().unwrap_err().to_string();
        assert!(error.contains("hold each other"), "{error}");
    });
    assert!(used < bound(&content), "{used} bytes");
}

#[test]
fn a_record_of_several_keys_is_walked_once() {
    let mut content = written(|file| {
        for name in ["t", "u"] {
            TreeWriter::new(name, "", Vec::new(), 1)
                .finish(file)
                .unwrap();
        }
    });
    let file = RootFile::open(Bytes::from(content.clone()), "whole").unwrap();
    let seeks = ["t", "u"].map(|name| file.find(name).unwrap().seek_key);
    assert_eq!(check(&file).trees, 2);
    redirect(&mut content, seeks[1], seeks[0]);
    let file = RootFile::open(Bytes::from(content), "shared").unwrap();
    let report = check(&file);
    assert_eq!(report.trees, 1);
    let said: Vec<_> = report
        .faults
        .iter()
        .map(|fault| fault.error.to_string())
        .collect();
    assert!(
        said.iter().any(|said| said.contains("another key")),
        "{said:?}"
    );
}

#[test]
fn what_was_freed_need_not_be_a_record() {
    let mut hole = 0;
    let mut content = written(|file| {
        hole = file.reserve(40).unwrap();
        TreeWriter::new("t", "", Vec::new(), 1)
            .finish(file)
            .unwrap();
    });
    // What was left there by a record that began before it.
    let hole = u32::try_from(hole).unwrap();
    content[hole as usize..][..40].fill(0x77);
    assert_ne!(faults(&content), []);
    // A list of free segments that names it: its key, then version, first and last byte.
    let file = RootFile::open(Bytes::from(content.clone()), "whole").unwrap();
    let list = file.header().seek_free as usize;
    let content_at =
        list + usize::from(u16::from_be_bytes([content[list + 14], content[list + 15]]));
    content[content_at..][..2].copy_from_slice(&1u16.to_be_bytes());
    content[content_at + 2..][..4].copy_from_slice(&hole.to_be_bytes());
    content[content_at + 6..][..4].copy_from_slice(&(hole + 39).to_be_bytes());
    assert_eq!(faults(&content), []);
}

/// Geant4's writer leaves its keys out of the length that a list of keys states, and where it stands.
#[test]
fn a_list_of_keys_may_leave_them_out_of_its_length() {
    let mut content = written(|file| {
        let within = file.directory(DirectoryId::TOP, "within", "").unwrap();
        file.directory(within, "deeper", "").unwrap();
    });
    let file = RootFile::open(Bytes::from(content.clone()), "whole").unwrap();
    let within = file.directory(&file.find("within").unwrap()).unwrap();
    let lists = [file.top(), &within].map(|list| (list.seek_keys as usize, list.nbytes_keys));
    for (list, _) in lists {
        let key_length = u16::from_be_bytes([content[list + 14], content[list + 15]]);
        let length = u32::from(key_length) + 4;
        content[list..][..4].copy_from_slice(&length.to_be_bytes());
    }
    // While it says where it stands, it is taken at its word.
    assert_ne!(faults(&content), []);
    for (list, _) in lists {
        content[list + 18..][..4].fill(0);
    }
    assert_eq!(faults(&content), []);
    let report = check(&RootFile::open(Bytes::from(content), "geant4").unwrap());
    let mut noted: Vec<_> = report
        .notes
        .iter()
        .map(|note| note.offset as usize)
        .collect();
    noted.sort_unstable();
    assert_eq!(noted, lists.map(|(list, _)| list));
    for (note, (_, length)) in report.notes.iter().zip(lists) {
        assert!(note.text.contains(&length.to_string()), "{}", note.text);
    }
}
