//! What goes wrong while files are merged: an error that names it, nothing under the output's
//! name, and no temporary file.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test code: a panic is a failed test"
)]
#![allow(dead_code, reason = "not every test needs all of the support")]

mod support;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use support::{fixture, rootlake, succeed};

/// The names of what is in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// The program under a shell that sets limits first.
fn under(limits: &str, arguments: &[&str]) -> Output {
    let script = format!("{limits}; exec \"$0\" \"$@\"");
    Command::new("bash")
        .args(["-c", &script, env!("CARGO_BIN_EXE_rootlake")])
        .args(arguments)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_full_disk_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.root");
    let out = out.to_str().unwrap();
    let input = fixture("mc_363490.llll.4lep.root");
    // A file may have 64 kB: room for some of it, found out before or while it is written.
    for compress in ["keep", "zstd:1"] {
        let arguments = [
            "multiply",
            &input,
            "--copies",
            "9",
            "--compress",
            compress,
            "-o",
            out,
        ];
        let output = under("trap '' XFSZ; ulimit -f 64", &arguments);
        assert_eq!(output.status.code(), Some(4), "{}", said(&output));
        assert!(said(&output).contains("out.root"), "{}", said(&output));
        assert!(
            names(folder.path()).is_empty(),
            "{:?}",
            names(folder.path())
        );
    }
}

#[test]
fn killed_at_any_moment_it_leaves_whole_files_only() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let input = fixture("mc_363490.llll.4lep.root");
    let arguments = [
        "multiply", &input, "--copies", "500", "--split", "8MB", "--resume", "-o", out,
    ];
    let mut kills = 0;
    loop {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rootlake"))
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20 + 30 * kills));
        child.kill().unwrap();
        child.wait().unwrap();
        for name in names(folder.path()) {
            let path = folder.path().join(&name);
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("root") => drop(succeed(&["ls", path.to_str().unwrap()])),
                Some("json") => {}
                _ => panic!("{name} was left"),
            }
        }
        kills += 1;
        if kills == 4 {
            break;
        }
    }
    // What is there is not written again, and the rest is.
    let before: Vec<_> = names(folder.path())
        .into_iter()
        .filter(|name| name.ends_with(".root"))
        .map(|name| {
            let time = std::fs::metadata(folder.path().join(&name)).unwrap();
            (name, time.modified().unwrap())
        })
        .collect();
    succeed(&arguments);
    for (name, time) in before {
        let now = std::fs::metadata(folder.path().join(&name)).unwrap();
        assert_eq!(now.modified().unwrap(), time, "{name}");
    }
    let mut entries = 0;
    for name in names(folder.path())
        .iter()
        .filter(|name| name.ends_with(".root"))
    {
        let path = folder.path().join(name);
        entries += events(path.to_str().unwrap());
        assert!(
            std::fs::metadata(&path).unwrap().len() <= 8_000_000,
            "{name}"
        );
    }
    assert_eq!(entries, 500 * events(&input));
}

/// The entries of a file's tree.
fn events(path: &str) -> u64 {
    let listed = succeed(&["digest", "--json", path]);
    let digests: serde_json::Value = serde_json::from_str(&listed).unwrap();
    entries_in(&digests).unwrap_or_else(|| panic!("no entries in {listed}"))
}

fn entries_in(value: &serde_json::Value) -> Option<u64> {
    match value {
        serde_json::Value::Object(map) => match map.get("entries") {
            Some(entries) => entries.as_u64(),
            None => map.values().find_map(entries_in),
        },
        serde_json::Value::Array(list) => list.iter().find_map(entries_in),
        _ => None,
    }
}

#[test]
fn an_input_that_is_cut_short_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let whole = std::fs::read(fixture("mc_363490.llll.4lep.root")).unwrap();
    let input = folder.path().join("short.root");
    let out = folder.path().join("out.root");
    for length in [0, 50, 1000, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&input, &whole[..length]).unwrap();
        let output = rootlake(&["merge", out.to_str().unwrap(), input.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(3), "{length}: {}", said(&output));
        assert!(said(&output).contains("short.root"), "{}", said(&output));
        assert_eq!(names(folder.path()), ["short.root"]);
    }
}
