//! How much memory merging takes, seen from outside.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test code: a panic is a failed test"
)]
#![allow(dead_code, reason = "not every test needs all of the support")]

mod support;

use std::path::Path;

use support::memory::peak;
use support::{rootlake, succeed};

/// A file of many short baskets, 81 for each 10 events.
fn many_baskets(folder: &Path, events: &str) -> String {
    let path = folder.join("in.root").to_string_lossy().into_owned();
    let how = [
        "--final-state",
        "4lep",
        "--sample",
        "data_A",
        "--cluster",
        "10",
    ];
    let mut arguments = vec!["generate", "-o", &path, "--events", events];
    arguments.extend(how);
    succeed(&arguments);
    path
}

#[test]
fn merging_keeps_to_the_memory_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let input = many_baskets(folder.path(), "2000");
    let out = folder.path().join("out.root");
    let out = out.to_str().unwrap();
    let multiply = |copies, memory| {
        let how = [
            "--threads",
            "2",
            "--no-receipt",
            "--force",
            "--max-memory",
            memory,
        ];
        let mut arguments = vec!["multiply", &input, "-o", out, "--copies", copies];
        arguments.extend(how);
        arguments
    };
    // 200 clusters of 81 baskets, twenty times over: by the formula, 20 MiB and 26 MB.
    let baskets = 200 * 81;
    let formula = (20 << 20) + 40 * baskets + 80 * baskets * 20;
    let allowed = formula.to_string();
    let few = peak(&multiply("1", "100MB"));
    let many = peak(&multiply("20", &allowed));
    // The program itself is larger where it is not optimised; what it does is not.
    let program = few.saturating_sub(12 << 20);
    assert!(
        many < formula + program,
        "{many} of {formula}, {few} for one copy"
    );
    assert!(many > few, "{many} for twenty copies, {few} for one");

    let refused = rootlake(&multiply("20", "30MB"));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success(), "{said}");
    assert!(said.contains("bytes of memory are needed"), "{said}");
}

#[test]
fn the_size_of_inputs_does_not_show_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (short, long, out) = (path("short"), path("long"), path("out"));
    let merge = |input| {
        [
            "merge",
            "--no-receipt",
            "--force",
            "--threads",
            "2",
            &out,
            input,
        ]
    };
    for (file, events) in [(&short, "4000"), (&long, "40000")] {
        let kind = [
            "--final-state",
            "4lep",
            "--sample",
            "data_A",
            "--cluster",
            events,
        ];
        let mut arguments = vec!["generate", "-o", file, "--events", events];
        arguments.extend(kind);
        succeed(&arguments);
    }
    let (short, long) = (peak(&merge(&short)), peak(&merge(&long)));
    assert!(
        long < short + (8 << 20),
        "{long} for 13 MB, {short} for a tenth"
    );
}
