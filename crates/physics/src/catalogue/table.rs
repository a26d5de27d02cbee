//! `samples.toml` as it stands, in JSON by now, and the catalogue made of it.

use serde::Deserialize;

use super::{Catalogue, CatalogueSample, DATA, PERIODS, Process, SampleSet, Simulation, StackPart};
use crate::{Error, FinalState};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    family: Vec<Family>,
    analysis: Vec<AnalysisRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    name: String,
    samples: Vec<SampleRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleRow {
    name: String,
    process: Process,
    data_set: u32,
    cross_section: f64,
    sum_of_weights: f64,
    #[serde(default = "one")]
    efficiency: f64,
    /// What its files are called, where not by its name.
    file: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AnalysisRow {
    name: String,
    collection: FinalState,
    data: DataLayout,
    families: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    changes: Vec<Change>,
    borrowed: Option<Borrowed>,
    stack: Vec<StackPart>,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
enum DataLayout {
    #[serde(rename = "by period")]
    ByPeriod,
    #[serde(rename = "chained")]
    Chained,
}

/// The figures in which one analysis's table differs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    sample: String,
    cross_section: Option<f64>,
    sum_of_weights: Option<f64>,
}

/// Samples taken from another collection than the analysis's own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Borrowed {
    collection: FinalState,
    samples: Vec<String>,
}

fn one() -> f64 {
    1.0
}

/// Reads the table.
pub(super) fn parse(text: &str) -> Result<Catalogue, Error> {
    let table: Table =
        serde_json::from_str(text).map_err(|cause| contradiction(cause.to_string()))?;
    let sets = table
        .analysis
        .iter()
        .map(|row| sample_set(row, &table.family))
        .collect::<Result<_, _>>()?;
    Ok(Catalogue { sets })
}

fn contradiction(cause: String) -> Error {
    Error::Catalogue { cause }
}

fn sample_set(row: &AnalysisRow, families: &[Family]) -> Result<SampleSet, Error> {
    let mut samples = data(row);
    for name in &row.families {
        let family = families
            .iter()
            .find(|family| family.name == *name)
            .ok_or_else(|| contradiction(format!("{} knows no family {name}", row.name)))?;
        let kept = family
            .samples
            .iter()
            .filter(|sample| !row.without.contains(&sample.name));
        samples.extend(kept.map(|sample| simulation(sample, row)));
    }
    let mentioned = row
        .changes
        .iter()
        .map(|change| &change.sample)
        .chain(row.borrowed.iter().flat_map(|from| &from.samples));
    for name in mentioned {
        if !samples.iter().any(|sample| sample.name == *name) {
            return Err(contradiction(format!("{} has no sample {name}", row.name)));
        }
    }
    Ok(SampleSet {
        analysis: row.name.clone(),
        final_state: row.collection,
        samples,
        stack: row.stack.clone(),
    })
}

fn data(row: &AnalysisRow) -> Vec<CatalogueSample> {
    let collection = row.collection;
    let file = |period: &str| format!("{collection}/Data/data_{period}.{collection}.root");
    let sample = |name: String, files| CatalogueSample {
        name,
        final_state: collection,
        files,
        simulation: None,
    };
    match row.data {
        DataLayout::Chained => vec![sample(DATA.to_owned(), PERIODS.map(file).to_vec())],
        DataLayout::ByPeriod => PERIODS
            .iter()
            .map(|period| sample(format!("{DATA}{period}"), vec![file(period)]))
            .collect(),
    }
}

fn simulation(sample: &SampleRow, analysis: &AnalysisRow) -> CatalogueSample {
    let lender = analysis
        .borrowed
        .as_ref()
        .filter(|from| from.samples.contains(&sample.name));
    let collection = lender.map_or(analysis.collection, |from| from.collection);
    let changes = analysis
        .changes
        .iter()
        .filter(|change| change.sample == sample.name);
    let mut simulation = Simulation {
        process: sample.process,
        data_set: sample.data_set,
        cross_section: sample.cross_section,
        sum_of_weights: sample.sum_of_weights,
        efficiency: sample.efficiency,
    };
    for change in changes {
        simulation.cross_section = change.cross_section.unwrap_or(simulation.cross_section);
        simulation.sum_of_weights = change.sum_of_weights.unwrap_or(simulation.sum_of_weights);
    }
    let (set, file) = (
        sample.data_set,
        sample.file.as_ref().unwrap_or(&sample.name),
    );
    CatalogueSample {
        name: sample.name.clone(),
        final_state: collection,
        files: vec![format!("{collection}/MC/mc_{set}.{file}.{collection}.root")],
        simulation: Some(simulation),
    }
}
