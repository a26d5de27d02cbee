//! The same input gives the same bytes: for any number of threads, and from any source.
#![allow(clippy::unwrap_used, reason = "test code: a panic is a failed test")]
#![allow(dead_code, reason = "not every test needs all of the support")]

mod support;

use std::path::Path;

use rootlake_testkit::TestServer;
use support::{fixture, succeed};

/// The file that the program writes with these arguments.
fn written(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    // One name for all: a ROOT file holds its own.
    let path = folder.join("out.root");
    let path = path.to_str().unwrap();
    succeed(&[arguments, &["--reproducible", "-o", path]].concat());
    std::fs::read(path).unwrap()
}

#[test]
fn threads_do_not_show_in_generated_files() {
    let folder = tempfile::tempdir().unwrap();
    let generate = |threads| {
        let arguments = "generate --final-state 4lep --sample llll --events 2500 --cluster 300 -j";
        let mut arguments: Vec<&str> = arguments.split(' ').collect();
        arguments.push(threads);
        written(folder.path(), &arguments)
    };
    let one = generate("1");
    assert_eq!(one, generate("2"));
    assert_eq!(one, generate("7"));
}

#[test]
fn threads_do_not_show_in_histograms() {
    let folder = tempfile::tempdir().unwrap();
    // Enough entries for several units: the partial sums must be added in one order.
    let sample = folder.path().join("llll.root");
    let sample = sample.to_str().unwrap();
    let events = "generate --final-state 4lep --sample llll --events 60000 --cluster 9000 -o";
    succeed(&events.split(' ').chain([sample]).collect::<Vec<_>>());
    let analyze = |threads| written(folder.path(), &["analyze", "hzz", sample, "-j", threads]);
    let one = analyze("1");
    assert_eq!(one, analyze("2"));
    assert_eq!(one, analyze("7"));
}

#[test]
fn the_source_does_not_show_in_histograms() {
    let folder = tempfile::tempdir().unwrap();
    for (analysis, name) in [
        ("hzz", "mc_363490.llll.4lep.root"),
        ("hzz", "data_A.4lep.root"),
        ("hyy", "data_A.GamGam.root"),
    ] {
        let content = std::fs::read(fixture(name)).unwrap();
        let server = TestServer::proper(content);
        let url = server.url(&format!("/{name}"));
        let local = written(folder.path(), &["analyze", analysis, &fixture(name)]);
        assert_eq!(
            local,
            written(folder.path(), &["analyze", analysis, &url]),
            "{name}"
        );
        let gets = server.gets();
        assert!(
            !gets.is_empty() && gets.iter().all(|get| get.range.is_some()),
            "{gets:?}"
        );
    }
}

#[test]
fn one_pass_for_all_analyses_gives_what_each_gives_alone() {
    let folder = tempfile::tempdir().unwrap();
    let input = fixture("mc_363490.llll.4lep.root");
    let all = folder.path().join("all");
    succeed(&[
        "analyze",
        "all",
        &input,
        "--reproducible",
        "-o",
        all.to_str().unwrap(),
    ]);
    for name in rootlake_physics::analysis::NAMES {
        let alone = folder.path().join(format!("{name}.root"));
        succeed(&[
            "analyze",
            name,
            &input,
            "--reproducible",
            "-o",
            alone.to_str().unwrap(),
        ]);
        let together = all.join(format!("{name}.root"));
        assert_eq!(
            std::fs::read(together).unwrap(),
            std::fs::read(alone).unwrap(),
            "{name}"
        );
    }
}
