//! A whole analysis: samples generated for it, run, and only what is missing run again.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code: a panic is a failed test"
)]
#![allow(dead_code, reason = "not every test needs all of the support")]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use rootlake_hist::root::from_object;
use rootlake_io::file::RootFile;
use serde_json::Value;
use support::{rootlake, succeed};

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

fn generate(analysis: &str, folder: &str, threads: &str) {
    let events = ["--events", "300", "--reproducible", "-o", folder];
    let arguments = ["generate", "--analysis", analysis, "-j", threads];
    succeed(&[&arguments[..], &events].concat());
}

/// A sample's file that is out of the way.
struct Hidden {
    place: PathBuf,
    aside: PathBuf,
}

impl Hidden {
    fn hide(samples: &str, file: &str) -> Self {
        let place = Path::new(samples).join(file);
        let aside = place.with_extension("aside");
        std::fs::rename(&place, &aside).unwrap();
        Self { place, aside }
    }

    fn bring_back(self) {
        std::fs::rename(self.aside, self.place).unwrap();
    }
}

/// What became of each sample.
fn outcomes(report: &[u8]) -> BTreeMap<String, String> {
    let report: Value = serde_json::from_slice(report).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let samples = report[0]["samples"].as_array().unwrap().iter();
    samples
        .map(|sample| (text(&sample["sample"]), text(&sample["outcome"])))
        .collect()
}

#[test]
fn a_set_holds_the_files_of_the_catalogue_whatever_the_threads() {
    let folder = tempfile::tempdir().unwrap();
    let [one, three] = ["one", "three"].map(|name| path(folder.path(), name));
    generate("HZZ", &one, "1");
    generate("hzz", &three, "3");
    let catalogue = succeed(&["samples", "--analysis", "HZZ", "--json"]);
    let catalogue: Value = serde_json::from_str(&catalogue).unwrap();
    let samples = catalogue[0]["samples"].as_array().unwrap();
    let files = samples.iter().flat_map(|s| s["files"].as_array().unwrap());
    let mut count = 0;
    for file in files {
        let bytes = |folder: &str| std::fs::read(Path::new(folder).join(file.as_str().unwrap()));
        assert_eq!(bytes(&one).unwrap(), bytes(&three).unwrap(), "{file}");
        count += 1;
    }
    assert_eq!(count, 33);
}

#[test]
fn what_is_missing_is_named_and_made_up_for_by_a_second_run() {
    let folder = tempfile::tempdir().unwrap();
    let [samples, output] = ["samples", "output"].map(|name| path(folder.path(), name));
    generate("ZZDiBoson", &samples, "0");
    let hidden = Hidden::hide(&samples, "4lep/MC/mc_363491.lllv.4lep.root");
    let arguments = ["analyze", "zzdiboson", "--analysis-samples", &samples, "-o"];
    let run = || rootlake(&[&arguments[..], &[&output, "--json"]].concat());

    let done = run();
    assert_eq!(done.status.code(), Some(6));
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(
        said.contains("lllv: ") && said.contains("mc_363491"),
        "{said}"
    );
    let first = outcomes(&done.stdout);
    assert_eq!(first.len(), 26);
    for (sample, outcome) in &first {
        let wanted = if sample == "lllv" {
            "failed"
        } else {
            "written"
        };
        assert_eq!(outcome, wanted, "{sample}");
        let is_there = Path::new(&output).join(format!("{sample}.root")).exists();
        assert_eq!(is_there, sample != "lllv");
    }

    hidden.bring_back();
    let done = run();
    assert_eq!(done.status.code(), Some(0));
    for (sample, outcome) in outcomes(&done.stdout) {
        let wanted = if sample == "lllv" { "written" } else { "kept" };
        assert_eq!(outcome, wanted, "{sample}");
    }
}

#[test]
fn a_run_draws_what_there_is_and_then_does_only_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let [samples, output] = ["samples", "output"].map(|name| path(folder.path(), name));
    generate("ZZDiBoson", &samples, "0");
    let hidden = Hidden::hide(&samples, "4lep/MC/mc_363491.lllv.4lep.root");
    let run = || rootlake(&["run", "zzdiboson", "--samples", &samples, "-o", &output]);
    let made = |name: &str| {
        let metadata = std::fs::metadata(Path::new(&output).join(name));
        metadata.and_then(|metadata| metadata.modified()).ok()
    };
    let [lllv, llll] = ["histograms/lllv.root", "histograms/llll.root"];

    let done = run();
    assert_eq!(done.status.code(), Some(6));
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(said.contains("lllv: ") && said.contains("mc_363491"));
    let first = [llll, "plots.root", "index.html", "hist_mLL1.png"].map(&made);
    assert!(first.iter().all(Option::is_some) && made(lllv).is_none());

    hidden.bring_back();
    assert_eq!(run().status.code(), Some(0));
    assert!(made(lllv).is_some() && made(llll) == first[0]);
    let plots = made("plots.root");
    assert!(plots > first[1]);

    let done = run();
    assert_eq!(done.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&done.stdout).contains("already"));
    assert_eq!(made("plots.root"), plots);
}

#[test]
fn periods_of_data_add_up() {
    let folder = tempfile::tempdir().unwrap();
    let [samples, output] = ["samples", "output"].map(|name| path(folder.path(), name));
    generate("HWW", &samples, "0");
    let arguments = ["analyze", "HWW", "--analysis-samples", &samples];
    succeed(&[&arguments[..], &["--data-only", "-o", &output]].concat());
    let contents = |sample: &str| -> Vec<f32> {
        let path = Path::new(&output).join(format!("{sample}.root"));
        let bytes = Bytes::from(std::fs::read(&path).unwrap());
        let file = RootFile::open(bytes, &path.to_string_lossy()).unwrap();
        let key = file.find("histI_mLL").unwrap();
        let graph = file.object(&key, &file.layouts().unwrap()).unwrap();
        from_object(graph.root().unwrap())
            .unwrap()
            .contents()
            .to_vec()
    };
    let sum = contents("data");
    assert!(sum.iter().sum::<f32>() > 0.0);
    let mut added = vec![0.0; sum.len()];
    for period in ["dataA", "dataB", "dataC", "dataD"] {
        for (bin, content) in added.iter_mut().zip(contents(period)) {
            *bin += content;
        }
    }
    assert_eq!(added, sum);
    assert!(!Path::new(&output).join("ttbar_lep.root").exists());
}

#[test]
fn an_output_made_with_other_corrections_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let [samples, output] = ["samples", "output"].map(|name| path(folder.path(), name));
    generate("HWW", &samples, "0");
    let arguments = ["analyze", "HWW", "--analysis-samples", &samples, "--json"];
    let arguments = [&arguments[..], &["--data-only", "-o", &output]].concat();
    let became = |more: &[&str]| {
        let said = succeed(&[&arguments[..], more].concat());
        let outcomes = outcomes(said.as_bytes());
        (outcomes["dataA"].clone(), outcomes["data"].clone())
    };
    let made = ("written".to_owned(), "added".to_owned());
    let kept = ("kept".to_owned(), "kept".to_owned());
    assert_eq!(became(&[]), made);
    assert_eq!(became(&["--corrected"]), made);
    assert_eq!(became(&["--corrected"]), kept);
    assert_eq!(became(&[]), made);
    assert_eq!(became(&[]), kept);
}
