//! What several inputs of an analysis mean together.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code: a panic is a failed test"
)]
#![allow(dead_code, reason = "not every test needs all of the support")]

mod support;

use serde_json::Value;
use support::{fixture, rootlake, succeed};

const SIMULATION: &str = "mc_363490.llll.4lep.root";

/// Generates a file of so many events under that name; gives its path.
fn generated(folder: &tempfile::TempDir, name: &str, sample: &str, events: &str) -> String {
    let path = folder.path().join(name).to_str().unwrap().to_owned();
    let kind = [
        "--final-state",
        "4lep",
        "--sample",
        sample,
        "--events",
        events,
    ];
    succeed(&[&["generate"], &kind[..], &["-o", &path]].concat());
    path
}

/// The cutflow of a run of HZZ, and what it said.
fn hzz(folder: &tempfile::TempDir, arguments: &[&str]) -> (Value, String) {
    let output = folder.path().join("out.root");
    let job = ["analyze", "hzz", "--json", "-o", output.to_str().unwrap()];
    let run = rootlake(&[&job, arguments].concat());
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(run.status.success(), "{said}");
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    (report["analyses"][0]["cutflow"].clone(), said)
}

#[test]
fn a_tree_without_entries_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let empty = generated(&folder, SIMULATION, "llll", "0");
    let (alone, said) = hzz(&folder, &[&empty]);
    assert_eq!(said, "");
    let cuts = alone.as_array().unwrap();
    assert_eq!(cuts.len(), 7);
    assert!(cuts.iter().all(|cut| cut[1] == 0));

    let filled = fixture(SIMULATION);
    let (whole, _) = hzz(&folder, &[&filled]);
    assert_ne!(whole, alone);
    for inputs in [[&*filled, &empty], [&empty, &filled]] {
        assert_eq!(hzz(&folder, &inputs).0, whole);
    }
}

#[test]
fn inputs_whose_names_disagree_on_how_events_count_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let (data, simulation) = (fixture("data_A.4lep.root"), fixture(SIMULATION));
    let (_, said) = hzz(&folder, &[&data, &simulation]);
    assert!(
        said.contains("llll.4lep.root is simulation by its name"),
        "{said}"
    );
    assert!(said.contains("count as data of data_A"), "{said}");
    for inputs in [
        &[&*data, &simulation, "--sample", "data"][..],
        &[&data, &data],
        &[&simulation, &fixture("mc_345060.ggH125_ZZ4lep.4lep.root")],
    ] {
        assert_eq!(hzz(&folder, inputs).1, "", "{inputs:?}");
    }
}
