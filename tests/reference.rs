//! The analyses give the reference framework's histograms, on the files of `fixtures/` and of
//! `../shared`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "test code: a panic is a failed test"
)]
#![allow(dead_code, reason = "not every test needs all of the support")]

mod support;

use std::path::Path;

use rootlake_physics::{Sample, analysis};
use rootlake_pipeline::{AnalyzeOptions, analyze};
use rootlake_testkit::golden::Reference;
use rootlake_testkit::shared;
use support::{fixture, top};

/// Holds the analysis of `inputs` against the reference's histograms in `reference`.
fn compare(reference: &Path, inputs: &[String]) {
    let reference = Reference::read(reference).unwrap();
    let analyses = [analysis::find(&reference.analysis).unwrap()];
    let sample = Sample::named(&reference.option);
    let options = AnalyzeOptions::default();
    let analyzed = analyze(&analyses, inputs, &sample, &options, &|_, _| ()).unwrap();
    assert_eq!(analyzed.report.events, reference.events, "{inputs:?}");
    let [output] = analyzed.outputs.as_slice() else {
        panic!("one analysis, one output")
    };
    if let Err(difference) = reference.compare(&output.histograms) {
        panic!("{} of {inputs:?}: {difference}", reference.analysis);
    }
}

#[test]
fn fixtures_give_the_references_histograms() {
    for (reference, input) in [
        ("HZZ.ggH125_ZZ4lep", "mc_345060.ggH125_ZZ4lep.4lep.root"),
        ("HZZ.llll", "mc_363490.llll.4lep.root"),
        ("HZZ.data_A", "data_A.4lep.root"),
        ("Hyy.ggH125_gamgam", "mc_343981.ggH125_gamgam.GamGam.root"),
        ("Hyy.data_A", "data_A.GamGam.root"),
    ] {
        let reference = top().join(format!("fixtures/reference/{reference}.json"));
        compare(&reference, &[fixture(input)]);
    }
}

#[test]
fn real_files_give_the_references_histograms() {
    let Some(shared) = shared("real files", "") else {
        return;
    };
    let inputs = ["data_A", "data_B"].map(|name| {
        shared
            .join(format!("data/real/{name}.4lep.root"))
            .display()
            .to_string()
    });
    compare(&shared.join("golden/real/HZZ.data_AB.json"), &inputs);
}

#[test]
fn the_same_events_stored_in_any_way_give_the_same_histograms() {
    let Some(shared) = shared("ways to store", "") else {
        return;
    };
    let reference = shared.join("golden/codecs/HZZ.llll.json");
    let mut compared = 0;
    for entry in std::fs::read_dir(shared.join("data/synth/codecs")).unwrap() {
        let path = entry.unwrap().path();
        // This one holds other events: 200 of them.
        if path.ends_with("embedded_like_real.4lep.root") {
            continue;
        }
        compare(&reference, &[path.display().to_string()]);
        compared += 1;
    }
    assert!(compared >= 10, "{compared} files");
}
