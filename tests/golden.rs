//! Every analysis against the reference framework's histograms of the same files.
//!
//! The references and the files lie in a folder `shared` beside the checkout, or in
//! `ROOTLAKE_SHARED`. Without it nothing is compared, which the test says on stderr;
//! `ROOTLAKE_REQUIRE_SHARED=1` makes that a failure.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::fs;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use rootlake_io::file::RootFile;
use rootlake_io::tree::{ColumnReader, Tree};
use rootlake_physics::schema::BranchSpec;
use rootlake_physics::{Analysis, Batch, Output, Sample, analysis};
use rootlake_testkit::golden::Reference;
use rootlake_testkit::shared;

/// Small and odd, so that the tests cross the borders of batches and baskets.
const BATCH: u64 = 1777;

#[test]
fn every_analysis_of_the_synthetic_files_equals_the_reference() {
    let Some(shared) = shared("references", "") else {
        return;
    };
    for name in analysis::NAMES {
        let mut references = files_of(&shared.join("golden").join(name));
        references.sort();
        assert!(!references.is_empty(), "no reference of {name}");
        for path in references {
            let reference = Reference::read(&path).unwrap();
            let final_state = analysis::find(name).unwrap().final_state();
            let folder = shared.join("data/synth").join(final_state.name());
            compare(&reference, &folder);
        }
    }
}

#[test]
fn every_way_to_store_the_events_gives_the_same_histograms() {
    let Some(shared) = shared("references", "") else {
        return;
    };
    let reference = Reference::read(&shared.join("golden/codecs/HZZ.llll.json")).unwrap();
    let folder = shared.join("data/synth/codecs");
    let inputs = files_of(&folder);
    assert!(!inputs.is_empty());
    for input in inputs {
        // It imitates how the real files are stored and holds other events.
        if input.ends_with("embedded_like_real.4lep.root") {
            continue;
        }
        let output = analyse("HZZ", &reference.option, std::slice::from_ref(&input));
        if let Err(error) = reference.compare(&output.histograms) {
            panic!("{}: {error}", input.display());
        }
    }
}

#[test]
fn real_files_give_the_histograms_of_the_reference() {
    let Some(shared) = shared("references", "") else {
        return;
    };
    for path in files_of(&shared.join("golden/real")) {
        compare(&Reference::read(&path).unwrap(), &shared.join("data/real"));
    }
}

fn compare(reference: &Reference, folder: &Path) {
    let inputs: Vec<PathBuf> = reference.inputs.iter().map(|i| folder.join(i)).collect();
    let output = analyse(&reference.analysis, &reference.option, &inputs);
    let label = format!("{} of {}", reference.analysis, reference.option);
    let events = output.cutflow.iter().next().map(|cut| cut.passed);
    assert_eq!(events, Some(reference.events), "{label}");
    if let Err(error) = reference.compare(&output.histograms) {
        panic!("{label}: {error}");
    }
}

fn analyse(analysis: &str, sample: &str, inputs: &[PathBuf]) -> Output {
    let analysis = analysis::find(analysis).unwrap();
    let sample = Sample::named(sample);
    let mut output = analysis.output();
    for input in inputs {
        analyse_file(analysis.as_ref(), &sample, input, &mut output);
    }
    output
}

fn analyse_file(analysis: &dyn Analysis, sample: &Sample, input: &Path, output: &mut Output) {
    let bytes = Bytes::from(fs::read(input).unwrap());
    let file = RootFile::open(bytes.clone(), &input.to_string_lossy()).unwrap();
    let layouts = file.layouts().unwrap();
    let tree = Tree::read(&file, &file.find("mini").unwrap(), &layouts).unwrap();
    let mut reader = ColumnReader::default();
    let mut read = |branch: &BranchSpec, first: u64, end: u64| {
        let stored = tree.branch(branch.name).unwrap();
        reader.column(stored, first..end, |seek, length| {
            let start = usize::try_from(seek).unwrap();
            Ok(bytes.slice(start..start + length as usize))
        })
    };
    for first in (0..tree.entries).step_by(usize::try_from(BATCH).unwrap()) {
        let end = tree.entries.min(first + BATCH);
        let mut batch = Batch::new(first, usize::try_from(end - first).unwrap());
        for branch in analysis.first_columns() {
            batch
                .insert(branch, read(&branch, first, end).unwrap())
                .unwrap();
        }
        let survivors = analysis.preselect(&batch, output).unwrap();
        if survivors.is_empty() {
            continue;
        }
        for branch in analysis.other_columns() {
            batch
                .insert(branch, read(&branch, first, end).unwrap())
                .unwrap();
        }
        analysis.select(&batch, &survivors, sample, output).unwrap();
    }
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    entries.map(|entry| entry.unwrap().path()).collect()
}
