//! A multiplied file holds its input's entries, so many times over.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code: a panic is a failed test"
)]
#![allow(dead_code, reason = "not every test needs all of the support")]

mod support;

use bytes::Bytes;
use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::tree::{ColumnReader, Tree};
use support::{fixture, rootlake, succeed};

/// The entries of every branch, as big-endian values and lengths, one list for each branch.
fn entries(path: &str) -> Vec<(String, Vec<Vec<u8>>)> {
    let bytes = Bytes::from(std::fs::read(path).unwrap());
    let file = RootFile::open(bytes.clone(), path).unwrap();
    let tree = Tree::read(&file, &file.find("mini").unwrap(), &file.layouts().unwrap()).unwrap();
    let mut reader = ColumnReader::default();
    let mut branches = Vec::new();
    for branch in &tree.branches {
        let record = |seek, nbytes| bytes.read_at(seek, usize::try_from(nbytes).unwrap());
        let column = reader.column(branch, 0..tree.entries, record).unwrap();
        let entry = |number: usize| {
            let range = match column.offsets() {
                Some(offsets) => offsets[number] as usize..offsets[number + 1] as usize,
                None => number..number + 1,
            };
            let mut bytes = Vec::new();
            column.values().to_big_endian(range, &mut bytes);
            bytes
        };
        branches.push((
            branch.path.to_string(),
            (0..column.entries()).map(entry).collect(),
        ));
    }
    branches
}

#[test]
fn entries_are_repeated_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("out.root");
    let output = output.to_str().unwrap();
    // Compressed in several clusters, and embedded in the tree's record.
    for inputs in [
        vec![fixture("mc_363490.llll.4lep.root")],
        vec![fixture("data_A.4lep.root")],
        vec![
            fixture("data_A.4lep.root"),
            fixture("mc_363490.llll.4lep.root"),
        ],
    ] {
        let mut arguments = vec!["multiply"];
        arguments.extend(inputs.iter().map(String::as_str));
        arguments.extend(["--copies", "3", "--force", "-o", output]);
        succeed(&arguments);
        let copied = entries(output);
        let parts: Vec<_> = inputs.iter().map(|input| entries(input)).collect();
        assert_eq!(copied.len(), 81);
        for (number, (name, copied)) in copied.iter().enumerate() {
            let once: Vec<_> = parts
                .iter()
                .flat_map(|part| part[number].1.clone())
                .collect();
            let thrice = [once.clone(), once.clone(), once].concat();
            assert_eq!(copied, &thrice, "{name}");
        }
    }
}

#[test]
fn other_branches_are_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.root");
    // A histogram file is no tree file.
    succeed(&[
        "analyze",
        "hzz",
        &fixture("data_A.4lep.root"),
        "-o",
        other.to_str().unwrap(),
    ]);
    let output = folder.path().join("out.root");
    let inputs = [&fixture("data_A.4lep.root"), other.to_str().unwrap()];
    let arguments = ["multiply", inputs[0], inputs[1], "--copies", "2", "-o"];
    let done = rootlake(&[&arguments[..], &[output.to_str().unwrap()]].concat());
    assert_eq!(done.status.code(), Some(5));
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(said.contains("other.root"), "{said}");
    assert!(!output.exists());
}
