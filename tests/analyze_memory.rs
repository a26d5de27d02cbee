//! How much memory analysing takes, seen from outside.
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

#[test]
fn the_length_of_a_file_does_not_show_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (seed, out) = (path("seed"), path("out.root"));
    let (short, long) = (path("short"), path("long"));
    let kind = ["--final-state", "4lep", "--sample", "llll"];
    let size = ["--events", "20000", "--cluster", "2000"];
    let generate = ["generate", "-o", &seed];
    succeed(&[&generate[..], &kind, &size].concat());
    for (file, copies) in [(&short, "4"), (&long, "20")] {
        succeed(&["multiply", &seed, "-o", file, "--copies", copies]);
    }
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
