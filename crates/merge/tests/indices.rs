//! Trees with an index (`TTreeIndex`): merged, its keys lead to the entries that theirs became.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

mod support;

use std::path::{Path, PathBuf};

use bytes::Bytes;
use rootlake_io::file::RootFile;
use rootlake_io::tree::{IndexKey, Tree, TreeIndex};
use rootlake_merge::{
    Division, IndexPlan, LocalFiles, MergeError, Plan, Request, Schema, Vary, survey,
};
use support::{execute_plan, merge, numbers, usual};

/// The key of an entry whose branch `x` is this number.
fn key(x: i32, entry: usize) -> IndexKey {
    IndexKey {
        major: i64::from(x % 3),
        minor: i64::from(x),
        entry: entry as i64,
    }
}

fn whole_tree(path: &Path) -> Tree {
    let file = RootFile::open(Bytes::from(std::fs::read(path).unwrap()), "t.root").unwrap();
    let layouts = file.layouts().unwrap();
    Tree::read_whole(&file, &file.find("t").unwrap(), &layouts).unwrap()
}

/// A file of a tree that holds `values` in its branch `x`, with an index of `keys`.
fn with_keys(path: &Path, values: &[i32], minor: &'static str, keys: Vec<IndexKey>) {
    let index = TreeIndex::new("0", minor).with_keys(keys);
    support::write_changed(path, values, 10, |graph| index.put(graph).unwrap());
}

fn indexed(path: &Path, values: &[i32]) {
    let mut keys: Vec<_> = (0..).zip(values).map(|(entry, &x)| key(x, entry)).collect();
    keys.sort_unstable();
    with_keys(path, values, "x", keys);
}

/// Every entry of a merged file, as its index should lead to it.
fn keys_of(path: &Path) -> Vec<IndexKey> {
    let values = numbers(path);
    let mut keys: Vec<_> = (0..).zip(values).map(|(entry, x)| key(x, entry)).collect();
    keys.sort_unstable();
    keys
}

fn index_of(path: &Path) -> TreeIndex {
    TreeIndex::of(&whole_tree(path).graph).unwrap().unwrap()
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Two files with an index each.
    fn two(&self) -> [PathBuf; 2] {
        let paths = ["a", "b"].map(|name| self.path(name));
        indexed(&paths[0], &(0..25).rev().collect::<Vec<_>>());
        indexed(&paths[1], &(7..40).collect::<Vec<_>>());
        paths
    }
}

#[test]
fn keys_lead_to_the_entries_that_theirs_became() {
    let folder = Folder::new();
    let ([a, b], out) = (folder.two(), folder.path("out"));
    let receipt = merge(&[&a, &b, &a], &usual(2), &out).unwrap();
    assert!(matches!(
        receipt.trees[0].differences.index,
        Some(IndexPlan::Merged(_))
    ));
    let index = index_of(&out);
    assert_eq!(index.keys.len(), 25 + 33 + 25);
    assert_eq!(index.keys, keys_of(&out));
    assert_eq!((&index.major[..], &index.minor[..]), (&b"0"[..], &b"x"[..]));
}

/// ROOT counts on each index to have as many keys as its tree has entries.
#[test]
fn an_index_of_some_entries_shifts_nobody_elses() {
    let folder = Folder::new();
    let [a, b] = folder.two();
    let (some, out) = (folder.path("some"), folder.path("out"));
    with_keys(&some, &[5, 6, 7], "x", vec![key(7, 2)]);
    merge(&[&some, &a, &b], &usual(1), &out).unwrap();
    let mut expected = keys_of(&out);
    expected.retain(|key| key.entry > 1);
    assert_eq!(index_of(&out).keys, expected);
}

#[test]
fn copies_have_keys_of_their_own_or_equal_ones() {
    let folder = Folder::new();
    let ([a, b], out) = (folder.two(), folder.path("out"));
    for (shared, steps) in [(false, &[][..]), (true, &[]), (false, &[300])] {
        let vary = steps.iter().map(|&step| Vary {
            branch: "x".to_owned(),
            step,
        });
        let request = Request {
            copies: 3,
            shared,
            vary: vary.collect(),
            ..usual(2)
        };
        merge(&[&a, &b], &request, &out).unwrap();
        let index = index_of(&out);
        if steps.is_empty() {
            assert_eq!(
                index.keys,
                keys_of(&out),
                "the earliest entry of equal keys comes first"
            );
        } else {
            // The steps are those of x alone, which is the minor number.
            let of_x: Vec<_> = index
                .keys
                .iter()
                .map(|key| (key.minor, key.entry))
                .collect();
            let mut values: Vec<_> = (0i64..).zip(numbers(&out)).collect();
            values.sort_by_key(|&(_, x)| (i64::from(x) % 300 % 3, x));
            let expected: Vec<_> = values
                .iter()
                .map(|&(entry, x)| (i64::from(x), entry))
                .collect();
            assert_eq!(of_x, expected);
        }
    }
}

#[test]
fn numbers_of_which_it_is_not_known_how_they_grow_are_refused() {
    let folder = Folder::new();
    let (path, out) = (folder.path("a"), folder.path("out"));
    with_keys(&path, &[1, 2], "2*x", vec![]);
    let request = Request {
        copies: 2,
        vary: vec![Vary {
            branch: "x".to_owned(),
            step: 1,
        }],
        ..usual(1)
    };
    let error = merge(&[&path], &request, &out).unwrap_err().to_string();
    assert!(
        error.contains("fTreeIndex") && error.contains("2*x"),
        "{error}"
    );
    assert!(!out.exists());
}

#[test]
fn parts_have_the_keys_of_their_entries() {
    let folder = Folder::new();
    let names = folder.two().map(|path| path.to_str().unwrap().to_owned());
    let found = survey(&LocalFiles, &names, 1);
    let request = Request {
        copies: 2,
        ..usual(1)
    };
    let plan = Plan::new(&found.inputs, &request).unwrap();
    let parts = plan.parts(&found.inputs, &request, Division::Files(5));
    assert_eq!(parts.len(), 5);
    for part in parts {
        let out = folder.path("part");
        execute_plan(&part, &found, &request, &out).unwrap();
        assert_eq!(index_of(&out).keys, keys_of(&out));
    }
}

/// What building an index of `0` and `x` gives for a file.
fn built(path: &Path) -> Vec<IndexKey> {
    let values = (0..).zip(numbers(path));
    let mut keys: Vec<_> = values
        .map(|(entry, x)| IndexKey {
            major: 0,
            minor: x.into(),
            entry,
        })
        .collect();
    keys.sort_unstable();
    keys
}

#[test]
fn an_index_that_an_input_lacks_is_built_there() {
    let folder = Folder::new();
    let [with, without, other, out] =
        ["with", "without", "other", "out"].map(|name| folder.path(name));
    support::write(&without, &[9, 1, 8, 2, -3], false, 2, "zlib:1");
    with_keys(&other, &[1, 2], "2*x", vec![]);
    support::write(&with, &[7, 3, 1], false, 10, "zlib:1");
    let keys = built(&with);
    with_keys(&with, &[7, 3, 1], "x", keys);
    for inputs in [
        [&with, &without, &with],
        [&without, &without, &with],
        [&with, &other, &without],
    ] {
        let request = Request {
            copies: 2,
            ..usual(2)
        };
        let receipt = merge(&inputs.map(PathBuf::as_path), &request, &out).unwrap();
        assert!(matches!(
            receipt.trees[0].differences.index,
            Some(IndexPlan::Merged(_))
        ));
        let index = index_of(&out);
        assert_eq!(index.keys, built(&out));
        assert_eq!((&index.major[..], &index.minor[..]), (&b"0"[..], &b"x"[..]));
    }
}

#[test]
fn an_index_that_cannot_be_built_is_refused_or_left_out() {
    let folder = Folder::new();
    let ([a, _], out) = (folder.two(), folder.path("out"));
    for minor in ["2*x", "y", "x[0]", ""] {
        let formula = folder.path("formula");
        with_keys(&formula, &[1, 2], minor, vec![]);
        let inputs = [formula.as_path(), &a];
        let error = merge(&inputs, &usual(1), &out).unwrap_err();
        assert!(matches!(error, MergeError::Schema { .. }), "{error}");
        let said = error.to_string();
        let of_minor = format!("and {minor} is no branch");
        assert!(
            said.contains("fTreeIndex") && said.contains(&of_minor),
            "{said}"
        );
        let request = Request {
            schema: Schema::Union,
            ..usual(1)
        };
        let receipt = merge(&inputs, &request, &out).unwrap();
        assert!(matches!(
            receipt.trees[0].differences.index,
            Some(IndexPlan::LeftOut(_))
        ));
        assert_eq!(TreeIndex::of(&whole_tree(&out).graph).unwrap(), None);
        std::fs::remove_file(&out).unwrap();
    }
}

#[test]
fn a_tree_without_entries_needs_no_index() {
    let folder = Folder::new();
    let ([a, _], out) = (folder.two(), folder.path("out"));
    let empty = folder.path("empty");
    support::write(&empty, &[], false, 10, "zlib:1");
    for inputs in [[&empty, &a], [&a, &empty]] {
        merge(&inputs.map(PathBuf::as_path), &usual(1), &out).unwrap();
        assert_eq!(index_of(&out).keys, keys_of(&out));
    }
}

#[test]
fn a_key_that_leads_to_no_entry_is_damage() {
    let folder = Folder::new();
    let (path, out) = (folder.path("a"), folder.path("out"));
    for entry in [-1, 2] {
        let key = IndexKey { entry, ..key(1, 0) };
        with_keys(&path, &[1, 2], "x", vec![key]);
        let error = merge(&[&path], &usual(1), &out).unwrap_err();
        assert!(matches!(error, MergeError::Damaged { .. }), "{error}");
    }
}
