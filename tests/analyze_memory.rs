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

use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::Command;

use support::memory::{peak, peak_of};
use support::succeed;

/// What `--max-memory` is set to, in bytes, of which one unit of the smallest size takes less.
const ALLOWED: u64 = 10 << 20;

/// A file of so many times 20,000 events in clusters of 2,000, in `folder`.
fn multiplied(folder: &tempfile::TempDir, copies: &str) -> String {
    multiplied_in_clusters(folder, copies, ["20000", "2000"])
}

/// A file of so many times `events` events in clusters of `cluster`, in `folder`.
fn multiplied_in_clusters(
    folder: &tempfile::TempDir,
    copies: &str,
    [events, cluster]: [&str; 2],
) -> String {
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (seed, file) = (path("seed"), path(copies));
    let kind = ["--final-state", "4lep", "--sample", "llll"];
    let size = ["--events", events, "--cluster", cluster];
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

/// The samples of a whole analysis that are worked on at the same time share what is allowed.
#[test]
fn samples_that_are_analysed_at_once_share_the_memory() {
    let folder = tempfile::tempdir().unwrap();
    let long = multiplied_in_clusters(&folder, "5", ["60000", "60000"]);
    let samples = folder.path().join("samples");
    std::fs::create_dir(&samples).unwrap();
    for period in ["A", "B", "C", "D"] {
        let name = format!("data_{period}.4lep.root");
        std::fs::hard_link(&long, samples.join(name)).unwrap();
    }
    let [samples, out] =
        [samples, folder.path().join("out")].map(|folder| folder.to_string_lossy().into_owned());
    let job = ["analyze", "hzz", "--analysis-samples", &samples, "-o", &out];
    let allowed = ALLOWED.to_string();
    let bounds = ["--data-only", "-j", "16", "--max-memory", &allowed];
    let most = peak(&[&job[..], &bounds].concat());
    assert!(most < 2 * ALLOWED + (40 << 20), "{most} bytes");
}

/// More files than a process may open are analysed, and what describes them alone stays in memory.
#[test]
fn many_files_are_neither_open_nor_in_memory_at_once() {
    const FILES: usize = 400;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let [many, seed, list, out] = ["many", "seed.root", "list", "out.root"].map(path);
    std::fs::create_dir(&many).unwrap();
    let kind = [
        "--final-state",
        "4lep",
        "--sample",
        "data_A",
        "--events",
        "1000",
    ];
    succeed(&[&["generate", "-o", seed.to_str().unwrap()][..], &kind].concat());
    let mut names = String::new();
    for number in 0..FILES {
        let file = many.join(format!("{number}.root"));
        std::fs::hard_link(&seed, &file).unwrap();
        writeln!(names, "{}", file.display()).unwrap();
    }
    std::fs::write(&list, names).unwrap();
    let pattern = many.join("*.root");
    let length = std::fs::metadata(&seed).unwrap().len() * FILES as u64;
    assert!(length > 128 << 20, "{length}");

    let mut events = BTreeSet::new();
    for inputs in [
        many.to_string_lossy().into_owned(),
        pattern.to_string_lossy().into_owned(),
        format!("@{}", list.display()),
    ] {
        let mut program = Command::new("sh");
        program
            .args(["-c", "ulimit -n 100 && exec \"$0\" \"$@\""])
            .arg(env!("CARGO_BIN_EXE_rootlake"))
            .args([
                "analyze", "hzz", &inputs, "--sample", "data", "--json", "-j", "2", "-o",
            ])
            .arg(&out);
        let (most, report) = peak_of(&mut program);
        assert!(most < length / 2, "{most} bytes for {length}");
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        events.insert(report["events"].as_u64());
    }
    assert_eq!(events, BTreeSet::from([Some(1000 * FILES as u64)]));
}

#[test]
fn what_was_read_does_not_stay_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let long = multiplied(&folder, "20");
    let length = std::fs::metadata(&long).unwrap().len();
    let most = peak(&["read", &long, "--threads", "2"]);
    assert!(most < length / 2, "{most} bytes for {length}");
}
