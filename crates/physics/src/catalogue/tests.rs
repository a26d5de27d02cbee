use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::*;
use crate::Sample;
use crate::analysis::{self, NAMES};

fn catalogue() -> &'static Catalogue {
    Catalogue::embedded().unwrap()
}

#[test]
fn every_analysis_has_its_samples_in_the_order_of_the_names() {
    let names: Vec<_> = catalogue().sets().iter().map(|set| &set.analysis).collect();
    assert_eq!(names, NAMES);
    for set in catalogue().sets() {
        let analysis = analysis::find(&set.analysis).unwrap();
        assert_eq!(analysis.final_state(), set.final_state);
        assert_eq!(set.has_data_by_period(), set.data().count() == 4);
        let found = catalogue().analysis(&set.analysis.to_lowercase());
        assert_eq!(found.unwrap(), set);
    }
}

#[test]
fn samples_are_named_once_and_their_names_say_whether_they_are_data() {
    for set in catalogue().sets() {
        let names: HashSet<_> = set.samples.iter().map(|sample| &sample.name).collect();
        assert_eq!(names.len(), set.samples.len(), "{}", set.analysis);
        for sample in &set.samples {
            assert_eq!(Sample::named(&sample.name).is_data(), sample.is_data());
            assert_eq!(set.find(&sample.name).unwrap(), sample);
        }
    }
}

#[test]
fn a_stack_holds_every_sample_but_signals_once() {
    for set in catalogue().sets() {
        for sample in &set.samples {
            let parts = set.stack.iter().filter(|part| part.holds(sample)).count();
            let is_signal = sample.simulation.is_some_and(|simulation| {
                matches!(simulation.process, Process::Sleptons | Process::ZPrime)
            });
            let wanted = usize::from(!sample.is_data() && !is_signal);
            assert_eq!(parts, wanted, "{} {}", set.analysis, sample.name);
        }
    }
}

#[test]
fn a_data_set_is_one_sample_wherever_it_is_used() {
    let mut names = BTreeMap::new();
    for sample in catalogue().sets().iter().flat_map(|set| &set.samples) {
        if let Some(simulation) = sample.simulation {
            let name = names.entry(simulation.data_set).or_insert(&sample.name);
            assert_eq!(*name, &sample.name);
            assert!(simulation.cross_section > 0.0 && simulation.sum_of_weights > 0.0);
        }
    }
    assert!(names.len() > 100);
}

#[test]
fn sums_of_weights_are_rounded_before_they_divide() {
    let simulation = Simulation {
        process: Process::Z,
        data_set: 1,
        cross_section: 3.0,
        sum_of_weights: f64::from(1 << 24) + 1.0,
        efficiency: 2.0,
    };
    assert_eq!(simulation.scale(2.0), 6.0 / f64::from(1 << 25));
    let data = catalogue().analysis("Hyy").unwrap().find("data").unwrap();
    assert_eq!(data.scale(LUMINOSITY), 1.0);
}

#[test]
fn tables_that_contradict_themselves_are_refused() {
    let family = "[[family]]\nname = 'f'\nsamples = []\n";
    let analysis = |rest: &str| {
        format!(
            "{family}[[analysis]]\nname = 'a'\ncollection = '4lep'\ndata = 'chained'\nstack = []\n{rest}"
        )
    };
    let parse = |rest| table::parse(&crate::json_of(&analysis(rest)));
    assert!(parse("families = ['f']").is_ok());
    for (rest, cause) in [
        ("families = ['g']", "no family g"),
        ("families = []\nchanges = [{ sample = 's' }]", "no sample s"),
        (
            "families = []\nborrowed = { collection = '2lep', samples = ['t'] }",
            "no sample t",
        ),
        ("families = []\nstac = 1", "unknown field `stac`"),
    ] {
        let error = parse(rest).unwrap_err().to_string();
        assert!(error.contains(cause), "{error}");
    }
}

/// The table against the facts collected from the framework by other means.
#[test]
fn the_table_is_the_framework_s() {
    let test = "the table of samples against the framework's";
    let Some(folder) = rootlake_testkit::shared(test, "spec") else {
        return;
    };
    let text = std::fs::read_to_string(folder.join("samples.json")).unwrap();
    let facts: Value = serde_json::from_str(&text).unwrap();
    for set in catalogue().sets() {
        let chains = facts["chains"][&set.analysis].as_object().unwrap();
        assert_eq!(set.samples.len(), chains.len(), "{}", set.analysis);
        let table = &facts["normalisation"]["tables"][normalisation_table(&set.analysis)];
        for sample in &set.samples {
            let files: Vec<_> = sample.files.iter().map(String::as_str).collect();
            assert_eq!(Value::from(files), chains[&sample.name], "{}", sample.name);
            if let Some(simulation) = sample.simulation {
                let row = [
                    simulation.cross_section,
                    simulation.sum_of_weights,
                    simulation.efficiency,
                ];
                let wanted = &table[&sample.name];
                assert_eq!(Value::from(row.to_vec()), *wanted, "{}", sample.name);
            }
        }
    }
}

/// Which of the framework's `Plotting/inputfiles` an analysis reads: `Plotting.cxx`, line 211.
fn normalisation_table(analysis: &str) -> &str {
    match analysis {
        "ZBoson" | "TTbar" | "WZDiBoson" | "ZZDiBoson" => "base",
        "SingleTop" => "WBoson",
        "ZPrimeBoosted" => "ZPrime",
        other => other,
    }
}
