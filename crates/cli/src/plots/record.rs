//! What a run did, kept beside its outputs so that a later call, which does only what is missing,
//! can tell of all of it.

use std::collections::BTreeMap;
use std::path::Path;

use rootlake_pipeline::{Outcome, PipelineError, SampleRun, write_whole};
use serde::{Deserialize, Serialize};

const FILE: &str = "run.json";

/// The figures of a run's samples.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Record {
    /// By the samples' names.
    pub samples: BTreeMap<String, Figures>,
    /// Seconds that all calls took to analyse, together.
    pub seconds: f64,
    /// The names of the corrections that were made; empty for the reference as it is.
    #[serde(default)]
    pub corrections: String,
}

/// The figures of a sample.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Figures {
    /// Events read.
    pub events: u64,
    /// Events selected.
    pub selected: u64,
    /// Bytes of baskets read, as stored.
    pub stored_bytes: u64,
}

impl Record {
    /// The record in a folder; an empty one where none can be read, which only loses figures.
    pub fn read(folder: &Path) -> Self {
        let text = std::fs::read(folder.join(FILE)).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// Takes in what was done now.
    pub fn take(&mut self, run: &SampleRun, seconds: f64) {
        for outcome in &run.outcomes {
            match &outcome.outcome {
                Outcome::Written(report) => {
                    let figures = Figures {
                        events: report.events,
                        selected: report.selected,
                        stored_bytes: report.stored_bytes,
                    };
                    self.samples.insert(outcome.sample.clone(), figures);
                }
                Outcome::Failed(_) => {
                    self.samples.remove(&outcome.sample);
                }
                Outcome::Added | Outcome::Kept => {}
            }
        }
        self.seconds += seconds;
        self.corrections.clone_from(&run.corrections);
    }

    /// Writes it into a folder.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let text = serde_json::to_vec_pretty(self)?;
        Ok(write_whole(&folder.join(FILE), &text)?)
    }

    /// The sum of one figure over all samples.
    pub fn sum(&self, figure: impl Fn(&Figures) -> u64) -> u64 {
        self.samples.values().map(figure).sum()
    }
}

/// Samples left out, with the reasons in words.
pub fn reasons(left_out: &[(String, PipelineError)]) -> Vec<(&str, String)> {
    let reasons = left_out.iter();
    reasons
        .map(|(sample, error)| (sample.as_str(), error.to_string()))
        .collect()
}
