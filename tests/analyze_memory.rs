//! How much memory analysing and reading take, seen from outside.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test code: a panic is a failed test"
)]
#![allow(dead_code, reason = "not every test needs all of the support")]

mod support;

use support::memory::peak;
use support::succeed;

/// What `--max-memory` is set to, in bytes, of which one unit of the smallest size takes less.
const ALLOWED: u64 = 10 << 20;

/// A file of so many times 20,000 events in clusters of 2,000, in `folder`.
fn multiplied(folder: &tempfile::TempDir, copies: &str) -> String {
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (seed, file) = (path("seed"), path(copies));
    let kind = ["--final-state", "4lep", "--sample", "llll"];
    let size = ["--events", "20000", "--cluster", "2000"];
    let generate = ["generate", "-o", &seed];
    succeed(&[&generate[..], &kind, &size].concat());
    succeed(&["multiply", &seed, "-o", &file, "--copies", copies]);
    file
}

#[test]
fn the_length_of_a_file_does_not_show_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder
        .path()
        .join("out.root")
        .to_string_lossy()
        .into_owned();
    let [short, long] = ["4", "20"].map(|copies| multiplied(&folder, copies));
    let length = std::fs::metadata(&long).unwrap().len();
    assert!(length > 10 * ALLOWED, "{length}");

    let allowed = ALLOWED.to_string();
    let analyze = |input: &str| {
        let job = ["analyze", "hzz", input, "--sample", "llll", "-o", &out];
        peak(&[&job[..], &["-j", "2", "--max-memory", &allowed]].concat())
    };
    let (few, many) = (analyze(&short), analyze(&long));
    // Where baskets stand is known all the time: of 160 clusters more, 81 baskets each. Pages that are
    // mapped along with what is read and stay would take 15 MB.
    assert!(
        many < few + (7 << 20),
        "{many} bytes for {length}, {few} for a fifth"
    );
    // As the help of the command says.
    assert!(many < 2 * ALLOWED + (40 << 20), "{many} bytes");
}

#[test]
fn what_was_read_does_not_stay_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let long = multiplied(&folder, "20");
    let length = std::fs::metadata(&long).unwrap().len();
    let most = peak(&["read", &long, "--threads", "2"]);
    assert!(most < length / 2, "{most} bytes for {length}");
}
