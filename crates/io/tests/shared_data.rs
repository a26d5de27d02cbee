//! Files of many writers, where they lie beside the project: every branch is read, or says why
//! not, and the digests of one tree stored in many ways are the same.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::print_stderr,
    reason = "a test may panic and speak"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use rootlake_io::check::check;
use rootlake_io::digest::Digest;
use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::object::{ClassLayout, Layouts};
use rootlake_io::tree::{ColumnReader, Tree};

/// A folder of the shared data.
fn shared(folder: &str) -> Option<PathBuf> {
    rootlake_testkit::shared("shared data", &format!("data/{folder}"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "root"))
        .collect();
    files.sort();
    files
}

fn open(path: &Path) -> RootFile<Bytes> {
    let bytes = Bytes::from(std::fs::read(path).unwrap());
    RootFile::open(bytes, &path.display().to_string()).unwrap()
}

/// The digest of each branch, or why it has none.
fn digests(file: &RootFile<Bytes>, tree: &Tree) -> BTreeMap<String, Result<u64, String>> {
    let mut reader = ColumnReader::default();
    let mut digests = BTreeMap::new();
    for branch in &tree.branches {
        let mut read = || -> rootlake_io::Result<u64> {
            let format = branch.format()?;
            let columns = reader.columns(branch, 0..branch.entries, |seek, nbytes| {
                file.source().read_at(seek, nbytes as usize)
            })?;
            let columns: Vec<_> = columns.into_iter().map(|(_, column)| column).collect();
            let mut digest = Digest::new();
            digest.push_branch(format, &columns);
            assert_eq!(digest.entries(), branch.entries, "{}", branch.path);
            Ok(digest.xxh3())
        };
        digests.insert(
            branch.path.to_string(),
            read().map_err(|error| error.to_string()),
        );
    }
    digests
}

#[test]
fn one_tree_stored_in_many_ways_has_one_digest() {
    let Some(folder) = shared("synth/codecs") else {
        return;
    };
    let mut first: Option<BTreeMap<String, Result<u64, String>>> = None;
    let mut compared = 0;
    for path in files(&folder) {
        let file = open(&path);
        let tree =
            Tree::read(&file, &file.find("mini").unwrap(), &file.layouts().unwrap()).unwrap();
        // One of them holds the first entries alone.
        if tree.entries != 2000 {
            continue;
        }
        let digests = digests(&file, &tree);
        assert!(digests.values().all(Result::is_ok), "{}", path.display());
        match &first {
            None => first = Some(digests),
            Some(first) => assert_eq!(&digests, first, "{}", path.display()),
        }
        compared += 1;
    }
    assert!(compared > 8, "only {compared} files of 2000 entries");
}

#[test]
fn branches_of_the_world_are_read_or_say_why_not() {
    let Some(folder) = shared("formats") else {
        return;
    };
    let (mut read, mut refused) = (0, Vec::new());
    for path in files(&folder) {
        let file = open(&path);
        let layouts = file.layouts().unwrap();
        for (_, key) in file.walk().unwrap() {
            if Tree::is_tree(&key) {
                let tree = Tree::read(&file, &key, &layouts).unwrap();
                for (branch, outcome) in digests(&file, &tree) {
                    match outcome {
                        Ok(_) => read += 1,
                        Err(reason) => refused.push((branch, reason)),
                    }
                }
            }
        }
    }
    for (branch, reason) in &refused {
        assert!(reason.len() > branch.len(), "{branch} gives no reason");
    }
    // What ROOT's own streamers write by hand, and pointers, stay out of reach.
    assert!(read > 12_000, "{read} branches read");
}

#[test]
fn an_unknown_version_of_a_class_is_an_error_of_its_branch_alone() {
    let Some(folder) = shared("formats") else {
        return;
    };
    let file = open(&folder.join("uproot-issue-880.root"));
    let key = file.find("Z").unwrap();
    let layouts = file.layouts().unwrap();
    let described = digests(&file, &Tree::read(&file, &key, &layouts).unwrap());
    // The file comes to describe another version than that of its objects.
    let mut others = Layouts::builtin();
    for layout in layouts.iter() {
        let mut layout = ClassLayout::clone(layout);
        if &*layout.name == "zCluster" {
            layout.version += 1;
        }
        others.insert(layout);
    }
    let mut read = digests(&file, &Tree::read(&file, &key, &others).unwrap());
    let outcome = read.insert(
        "Event.Cluster[6]".into(),
        described["Event.Cluster[6]"].clone(),
    );
    assert_eq!(read, described);
    let reason = outcome.unwrap().unwrap_err();
    assert!(
        reason.contains("version") && reason.contains("zCluster"),
        "{reason}"
    );
}

#[test]
fn sound_files_are_found_sound_and_a_changed_byte_is_not() {
    let Some(folder) = shared("synth/codecs") else {
        return;
    };
    for name in ["lz4", "zlib1", "zstd", "lzma"] {
        let path = folder.join(format!("{name}.4lep.root"));
        let file = open(&path);
        let report = check(&file);
        assert_eq!(report.fault_count, 0, "{name}: {:?}", report.faults);
        assert_eq!(report.branches, 81);

        let tree =
            Tree::read(&file, &file.find("mini").unwrap(), &file.layouts().unwrap()).unwrap();
        let basket = &tree.branch("lep_pt").unwrap().baskets[0];
        let rootlake_io::tree::Location::Stored { seek, nbytes } = basket.location else {
            panic!("{name} has embedded baskets");
        };
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[seek as usize + nbytes as usize - 20] ^= 1;
        let damaged = RootFile::open(Bytes::from(bytes), "damaged.root").unwrap();
        let report = check(&damaged);
        assert_eq!(report.fault_count, 1, "{name}: {:?}", report.faults);
        let fault = &report.faults[0];
        assert_eq!(fault.error.offset(), Some(seek), "{name}");
        assert!(fault.error.to_string().contains("lep_pt"), "{name}");
    }
}
