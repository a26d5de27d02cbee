//! A tree held against the shape of another says what reading it in full says, or nothing.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use std::io::Cursor;
use std::path::Path;

use bytes::Bytes;
use rootlake_io::codec::{Compressor, Settings};
use rootlake_io::column::{Column, ScalarType};
use rootlake_io::file::{Key, RootFile};
use rootlake_io::object::Layouts;
use rootlake_io::tree::{Branch, ColumnKind, Outline, Tree, TreeShape};
use rootlake_io::write::{BranchSchema, FileWriter, Stamp, TreeWriter, encode_basket};

/// A file with a tree of one branch, of so many entries, ten to a basket.
fn file(entries: i32) -> Bytes {
    let kind = ColumnKind::Fixed(ScalarType::I32);
    let sink = Cursor::new(Vec::new());
    let mut file = FileWriter::create(sink, "f", Stamp::REPRODUCIBLE, Settings::ZLIB_1).unwrap();
    let schema = BranchSchema::new("x", kind);
    let mut tree = TreeWriter::new("t", "a tree", vec![schema.clone()], 10);
    let mut compressor = Compressor::new(Settings::ZLIB_1).unwrap();
    let column = Column::fixed((0..entries).collect::<Vec<i32>>());
    let length = column.entries();
    for start in (0..length).step_by(10) {
        let range = start..length.min(start + 10);
        let record = encode_basket("t", &schema, &column, range, 0, &mut compressor);
        tree.basket(&mut file, 0, record.unwrap()).unwrap();
    }
    tree.finish(&mut file).unwrap();
    file.finish().unwrap().into_inner().into()
}

/// The first tree of a file: its key, its expanded record.
fn record(file: &RootFile<Bytes>) -> (Key, Bytes) {
    let keys = file.walk().unwrap().into_iter();
    let key = keys.map(|(_, key)| key).find(Tree::is_tree).unwrap();
    let content = file.content(&key).unwrap();
    (key, content)
}

fn read(
    file: &RootFile<Bytes>,
    key: &Key,
    content: &Bytes,
    layouts: &Layouts,
) -> rootlake_io::Result<(String, Outline, Option<TreeShape>)> {
    let (mut tree, shape) = Tree::read_with_shape(file, key, content, layouts)?;
    let branches = tree.branches.iter().map(|branch| {
        let damage = &branch.damage;
        format!("{} {} {damage:?}", branch.path, branch.type_name)
    });
    let branches = branches.collect();
    Ok((branches, tree.take_outline()?, shape))
}

fn assert_same(found: &Outline, wanted: &Outline) {
    assert_eq!(found, wanted);
}

/// Every third branch, found by the shape, is as it is read in full.
fn assert_same_branches(
    shape: &TreeShape,
    pattern: &Tree,
    file: &RootFile<Bytes>,
    layouts: &Layouts,
) {
    let (key, content) = record(file);
    let wanted = Tree::read(file, &key, layouts).unwrap();
    let places: Vec<usize> = (0..wanted.branches.len()).step_by(3).collect();
    let record = (&content, key.key_length);
    let compression = file.header().compression;
    let found = shape.branches(&pattern.branches, &places, record, layouts, compression);
    let (entries, found) = found.unwrap();
    assert_eq!((entries, found.len()), (wanted.entries, places.len()));
    for (place, mut found) in places.into_iter().zip(found) {
        // Each counts the objects of its own tree's record.
        found.id = wanted.branches[place].id;
        let shown = |branch: &Branch| format!("{branch:?}");
        assert_eq!(shown(&found), shown(&wanted.branches[place]));
    }
}

#[test]
fn a_tree_with_other_baskets_has_the_same_shape() {
    let (short, long) = (file(25), file(333));
    let (short, long) = (
        RootFile::open(short, "a").unwrap(),
        RootFile::open(long, "b").unwrap(),
    );
    let layouts = short.layouts().unwrap();
    let (key, content) = record(&short);
    let (_, _, shape) = read(&short, &key, &content, &layouts).unwrap();
    let (key, content) = record(&long);
    let (_, wanted, _) = read(&long, &key, &content, &layouts).unwrap();
    let found = shape
        .unwrap()
        .outline(&content, key.key_length, &layouts)
        .unwrap();
    assert_eq!((found.entries, found.baskets.branch(0).len()), (333, 34));
    assert_same(&found, &wanted);
}

#[test]
fn trees_of_real_writers_have_shapes() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let open = |name: &str| {
        let bytes = std::fs::read(fixtures.join(name)).unwrap();
        RootFile::open(Bytes::from(bytes), name).unwrap()
    };
    // With one basket in each branch, with three; and all of them in the tree's record.
    let first = open("mc_345060.ggH125_ZZ4lep.4lep.root");
    let layouts = first.layouts().unwrap();
    let (key, content) = record(&first);
    let (pattern, shape) = Tree::read_with_shape(&first, &key, &content, &layouts).unwrap();
    let shape = shape.unwrap();
    for name in ["mc_363490.llll.4lep.root", "data_A.4lep.root"] {
        let other = open(name);
        let (key, content) = record(&other);
        let (_, wanted, _) = read(&other, &key, &content, &layouts).unwrap();
        let found = shape.outline(&content, key.key_length, &layouts);
        assert_same(&found.unwrap(), &wanted);
        assert_same_branches(&shape, &pattern, &other, &layouts);
    }
    // Another selection has other branches.
    let (key, content) = record(&open("data_A.GamGam.root"));
    let found = shape.outline(&content, key.key_length, &layouts);
    assert!(found.is_none_or(|found| found.baskets.branches() == 81));
}

#[test]
fn what_is_damaged_is_of_no_shape() {
    let first = RootFile::open(file(25), "a").unwrap();
    let layouts = first.layouts().unwrap();
    let (key, content) = record(&first);
    let (branches, _, shape) = read(&first, &key, &content, &layouts).unwrap();
    let shape = shape.unwrap();
    // One in which everything stands where it stands in the first, and one with longer arrays.
    for entries in [47, 133] {
        let other = RootFile::open(file(entries), "b").unwrap();
        let (key, content) = record(&other);
        let mut refused = 0;
        for at in 0..content.len() {
            for bit in [0, 3, 7] {
                let mut damaged = content.to_vec();
                damaged[at] ^= 1 << bit;
                let damaged = Bytes::from(damaged);
                let Some(found) = shape.outline(&damaged, key.key_length, &layouts) else {
                    refused += 1;
                    continue;
                };
                let (names, wanted, _) = read(&other, &key, &damaged, &layouts).unwrap();
                assert_eq!(names, branches);
                assert_same(&found, &wanted);
            }
        }
        for length in 0..content.len() {
            let cut = content.slice(..length);
            assert!(shape.outline(&cut, key.key_length, &layouts).is_none());
        }
        assert!(refused > content.len());
    }
}
