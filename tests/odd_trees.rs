//! Trees whose record holds, beside their branches, what only some program understands.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code: a panic is a failed test"
)]
#![allow(dead_code, reason = "not every test needs all of the support")]

mod support;

use std::io::Cursor;
use std::path::Path;

use bytes::Bytes;
use rootlake_io::codec::Settings;
use rootlake_io::file::RootFile;
use rootlake_io::object::{Body, Graph, Layouts, Object, Value};
use rootlake_io::tree::Tree;
use rootlake_io::write::{FileWriter, Stamp};
use support::{fixture, rootlake, succeed};

/// Writes a sample whose tree has a note in its user information (`fUserInfo`) that contradicts
/// itself. The sample's baskets stand in the tree's record.
fn write_odd(path: &Path, sample: &str) {
    let bytes = Bytes::from(std::fs::read(fixture(sample)).unwrap());
    let whole = RootFile::open(bytes, sample).unwrap();
    let (key, layouts) = (whole.find("mini").unwrap(), whole.layouts().unwrap());
    let mut graph = Tree::read_whole(&whole, &key, &layouts).unwrap().graph;
    let odd = graph.add(Object {
        class: "TNamed".into(),
        body: Body::Opaque(Bytes::from_static(b"\x40\0\0\xff")),
    });
    let mut list = Object::empty("TList", &Layouts::builtin()).unwrap();
    if let Body::List(list) = &mut list.body {
        list.items.push(Some(odd));
    }
    let list = graph.add(list);
    let root = graph.get_mut(Graph::ROOT).unwrap();
    root.set("fUserInfo", Value::Pointer(Some(list))).unwrap();
    let (sink, settings) = (Cursor::new(Vec::new()), Settings::ZLIB_1);
    let mut file = FileWriter::create(sink, "x.root", Stamp::REPRODUCIBLE, settings).unwrap();
    file.object("mini", "mini", &graph).unwrap();
    std::fs::write(path, file.finish().unwrap().into_inner()).unwrap();
}

#[test]
fn an_analysis_passes_over_what_it_does_not_need() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (plain, odd) = (fixture("data_A.4lep.root"), path("odd.root"));
    write_odd(odd.as_ref(), "data_A.4lep.root");
    let analyze = |inputs: [&str; 2], output: &str| {
        let words = [
            "analyze",
            "hzz",
            "--sample",
            "data",
            "--reproducible",
            "-o",
            output,
        ];
        succeed(&[&words[..], &inputs].concat());
        std::fs::read(output).unwrap()
    };
    let other = fixture("mc_345060.ggH125_ZZ4lep.4lep.root");
    let expected = analyze([&plain, &other], &path("out.root"));
    let found = analyze([&odd, &other], &path("out.root"));
    assert!(found == expected, "the histograms differ");
}

/// What is not understood cannot be kept: it may refer to places that move.
#[test]
fn a_merge_says_what_it_leaves_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (odd, out) = (path("odd.root"), path("out.root"));
    write_odd(odd.as_ref(), "data_A.4lep.root");
    let done = rootlake(&["merge", &out, &odd, &fixture("data_A.4lep.root")]);
    assert!(done.status.success());
    let said = String::from_utf8_lossy(&done.stdout);
    let receipt = std::fs::read_to_string(path("out.json")).unwrap();
    for part in ["fUserInfo", "TNamed"] {
        assert!(said.contains(part), "{part}: {said}");
        assert!(receipt.contains(part), "{part}: {receipt}");
    }
    succeed(&["check", &out]);
}
