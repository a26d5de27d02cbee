//! `ls`, `dump`, `digest` and `check` as one runs them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "test code: a panic is a failed test"
)]
#![allow(dead_code, reason = "not every test needs all of the support")]

mod support;

use std::path::Path;

use bytes::Bytes;
use rootlake_io::codec::{Compressor, Settings};
use rootlake_io::column::{Column, ScalarType};
use rootlake_io::file::RootFile;
use rootlake_io::tree::{Location, Tree};
use rootlake_io::write::{BranchKind, BranchSchema, FileWriter, Stamp, TreeWriter, encode_basket};
use serde_json::Value;
use support::{fixture, rootlake, succeed};

const SAMPLE: &str = "mc_363490.llll.4lep.root";

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&succeed(arguments)).unwrap()
}

#[test]
fn who_stops_reading_is_told_nothing() {
    for command in ["ls", "dump", "digest", "check", "read"] {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_rootlake"))
            .args([command, "--json", &fixture(SAMPLE)])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(program.stdout.take());
        let said = program.wait_with_output().unwrap().stderr;
        assert_eq!(String::from_utf8_lossy(&said), "", "{command}");
    }
}

#[test]
fn ls_names_keys_and_branches() {
    let listing = json(&["ls", "--json", &fixture(SAMPLE)]);
    let mini = &listing["keys"][0];
    assert_eq!(
        (&mini["path"], &mini["class"]),
        (&"mini".into(), &"TTree".into())
    );
    let branches = mini["tree"]["branches"].as_array().unwrap();
    assert_eq!(branches.len(), 81);
    let text = succeed(&["ls", &fixture(SAMPLE)]);
    for branch in branches {
        assert!(text.contains(branch["path"].as_str().unwrap()));
    }
}

#[test]
fn dump_gives_the_same_values_in_every_form() {
    let target = format!("{}:mini", fixture(SAMPLE));
    let wanted = ["--branches", "lep_n,lep_pt", "--entries", "3:6"];
    let lines = succeed(&[&["dump", "--json", &target][..], &wanted].concat());
    let entries: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(entries.len(), 3);
    for entry in &entries {
        let leptons = entry["lep_pt"].as_array().unwrap().len() as u64;
        assert_eq!(entry["lep_n"].as_u64(), Some(leptons));
    }
    let csv = succeed(&[&["dump", "--csv", &target][..], &wanted].concat());
    let mut rows = csv.lines();
    assert_eq!(rows.next(), Some("lep_n,lep_pt"));
    for (row, entry) in rows.zip(&entries) {
        let (count, list) = row.split_once(',').unwrap();
        assert_eq!(count, entry["lep_n"].to_string());
        let list: Value = serde_json::from_str(list.trim_matches('"')).unwrap();
        assert_eq!(list, entry["lep_pt"]);
    }
    let text = succeed(&[&["dump", &target][..], &wanted].concat());
    assert!(text.starts_with("entry 3\n  lep_n: "), "{text}");
}

#[test]
fn what_is_not_there_is_named() {
    for (target, wanted) in [
        (format!("{}:nothing", fixture(SAMPLE)), "nothing"),
        (format!("{}:mini", fixture(SAMPLE)), "no_such_branch"),
    ] {
        let run = rootlake(&["digest", &target, "--branches", "no_such_branch"]);
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(!run.status.success() && said.contains(wanted), "{said}");
    }
}

/// The digest of a range is that of a tree that holds these entries alone: here, twice a file.
#[test]
fn digests_of_ranges_are_those_of_the_parts() {
    let folder = tempfile::tempdir().unwrap();
    let doubled = folder.path().join("doubled.root");
    let doubled = doubled.to_str().unwrap();
    succeed(&["multiply", &fixture(SAMPLE), "--copies", "2", "-o", doubled]);
    let of = |target: &str, range: &str| json(&["digest", "--json", target, "--range", range]);
    let whole = of(&fixture(SAMPLE), ":");
    let entries = whole["trees"]["mini"]["branches"]["lep_pt"]["entries"]
        .as_u64()
        .unwrap();
    let branches = |digest: &Value| digest["trees"]["mini"]["branches"].clone();
    assert_eq!(
        branches(&of(doubled, &format!(":{entries}"))),
        branches(&whole)
    );
    assert_eq!(
        branches(&of(doubled, &format!("{entries}:"))),
        branches(&whole)
    );
    assert_ne!(branches(&of(doubled, ":")), branches(&whole));
    // A part that ends within baskets, found in both copies.
    let part = branches(&of(&fixture(SAMPLE), "7:20"));
    let (from, to) = (entries + 7, entries + 20);
    assert_eq!(branches(&of(doubled, &format!("{from}:{to}"))), part);
    // The number of threads does not show.
    let one = json(&["digest", "--json", "--threads", "1", &fixture(SAMPLE)]);
    assert_eq!(branches(&one), branches(&whole));
}

/// A tree of so many branches of ten numbers each.
fn wide(path: &Path, branches: usize) {
    let sink = std::fs::File::create(path).unwrap();
    let settings = Settings::ZLIB_1;
    let mut file = FileWriter::create(sink, "wide.root", Stamp::REPRODUCIBLE, settings).unwrap();
    let kind = BranchKind::Value(ScalarType::F32);
    let schema: Vec<_> = (0..branches)
        .map(|number| BranchSchema::new(&format!("b{number:05}"), kind.clone()))
        .collect();
    let mut tree = TreeWriter::new("wide", "", schema.clone(), 10);
    let mut compressor = Compressor::new(settings).unwrap();
    for (number, branch) in schema.iter().enumerate() {
        let column = Column::fixed(vec![number as f32; 10]);
        let basket = encode_basket("wide", branch, &column, 0..10, 0, &mut compressor);
        tree.basket(&mut file, number, basket.unwrap()).unwrap();
    }
    tree.finish(&mut file).unwrap();
    file.finish().unwrap();
}

#[test]
fn ten_thousand_branches_are_digested_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wide.root");
    wide(&path, 10_000);
    let path = path.to_str().unwrap();
    let digest = json(&["digest", "--json", path]);
    let branches = digest["trees"]["wide"]["branches"].as_object().unwrap();
    assert_eq!(branches.len(), 10_000);
    let different: std::collections::HashSet<_> = branches
        .values()
        .map(|branch| branch["xxh3"].to_string())
        .collect();
    assert_eq!(different.len(), 10_000);
    let report = &json(&["check", "--json", path])[0];
    assert_eq!(report["branches"], 10_000);
    assert_eq!(report["sound"], true);
}

#[test]
fn an_unknown_codec_is_named_and_the_rest_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("unknown.root");
    let mut content = std::fs::read(fixture(SAMPLE)).unwrap();
    let file = RootFile::open(Bytes::from(content.clone()), SAMPLE).unwrap();
    let layouts = file.layouts().unwrap();
    let tree = Tree::read(&file, &file.find("mini").unwrap(), &layouts).unwrap();
    let Location::Stored { seek, .. } = tree.branch("lep_pt").unwrap().baskets[0].location else {
        unreachable!("the fixture has no embedded baskets");
    };
    let basket = seek as usize;
    let block = basket + usize::from(content[basket + 15]);
    content[block..block + 2].copy_from_slice(b"QQ");
    std::fs::write(&path, content).unwrap();
    let branches = |path: &str| {
        json(&["digest", "--json", path])["trees"]["mini"]["branches"]
            .as_object()
            .unwrap()
            .clone()
    };
    let (whole, mut unknown) = (branches(&fixture(SAMPLE)), branches(path.to_str().unwrap()));
    let error = unknown
        .insert("lep_pt".into(), whole["lep_pt"].clone())
        .unwrap();
    let said = error["error"].as_str().unwrap();
    assert!(said.contains("QQ") && said.contains("lep_pt"), "{said}");
    assert_eq!(unknown, whole);
}

#[test]
fn check_finds_the_same_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.root");
    let mut content = std::fs::read(fixture(SAMPLE)).unwrap();
    // Some bytes in the middle, where baskets stand.
    let middle = content.len() / 3;
    (0..5).for_each(|index| content[middle + 997 * index] ^= 0xff);
    std::fs::write(&path, content).unwrap();
    let check = |threads| {
        let path = path.to_str().unwrap();
        let run = rootlake(&["check", "--json", "--threads", threads, path]);
        assert_eq!(run.status.code(), Some(3));
        String::from_utf8(run.stdout).unwrap()
    };
    let one = check("1");
    assert_eq!(one, check("3"));
    let report: Value = serde_json::from_str(&one).unwrap();
    let faults = report[0]["faults"].as_array().unwrap();
    assert!(!faults.is_empty());
    assert!(faults.iter().all(|fault| fault["offset"].is_u64()), "{one}");
}

/// A tree multiplied without copying points to each of its baskets several times: no damage, unless
/// another branch does.
#[test]
fn check_knows_baskets_that_stand_for_several() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("virtual.root");
    let path = path.to_str().unwrap();
    let (sample, copies) = (fixture(SAMPLE), ["--copies", "3", "--virtual", "-o", path]);
    succeed(&[&["multiply", &sample][..], &copies].concat());
    let run = rootlake(&["check", "--json", path]);
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", report[0]["faults"][0]);
    let said = report[0]["notes"][0]["what"].as_str().unwrap();
    assert!(said.contains("of their branch once more"), "{said}");
    // Each is looked at once, but counted as often as it stands there.
    let count = |report: &Value| report[0]["baskets"].as_u64().unwrap();
    let once = serde_json::from_slice(&rootlake(&["check", "--json", &sample]).stdout).unwrap();
    assert_eq!(count(&report), 3 * count(&once));
}
