//! The samples of the 13 TeV open data: where they lie, what they hold, how they are normalised,
//! which analyses use them, and in which part of a stack.
//!
//! The facts are those of `samples.toml` beside this crate, which names their sources.
//!
//! ```
//! use rootlake_physics::catalogue::{Catalogue, LUMINOSITY};
//!
//! let set = Catalogue::embedded()?.analysis("hzz")?;
//! let sample = set.find("llll")?;
//! assert_eq!(sample.files, ["4lep/MC/mc_363490.llll.4lep.root"]);
//! assert!((sample.scale(LUMINOSITY) - 0.001_679).abs() < 1e-6);
//! let part = set.stack.iter().find(|part| part.holds(sample));
//! assert_eq!(part.map(|part| part.name.as_str()), Some("ZZ"));
//! # Ok::<(), rootlake_physics::Error>(())
//! ```

mod table;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::{Error, FinalState};

/// The integrated luminosity of the open data, 1/pb: `Plotting/Plotting.cxx` of the framework,
/// line 79.
pub const LUMINOSITY: f64 = 10_064.0;

/// The periods in which the data were recorded, as they stand in file names.
pub const PERIODS: [&str; 4] = ["A", "B", "C", "D"];

/// The sample that holds the data of all periods, as the framework's plotting reads it.
pub const DATA: &str = "data";

static EMBEDDED: LazyLock<Result<Catalogue, Error>> =
    LazyLock::new(|| table::parse(include_str!(concat!(env!("OUT_DIR"), "/samples.json"))));

/// All samples, analysis by analysis.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    sets: Vec<SampleSet>,
}

/// The samples of one analysis.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SampleSet {
    /// The analysis, as [`Analysis::name`](crate::Analysis::name) gives it.
    pub analysis: String,
    /// The collection of its data and most simulations.
    pub final_state: FinalState,
    /// Data first: one sample of that name, or `dataA` to `dataD`; then the simulations.
    pub samples: Vec<CatalogueSample>,
    /// The parts of the stack of its plots, bottom to top.
    pub stack: Vec<StackPart>,
}

/// A sample as one analysis uses it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CatalogueSample {
    /// The framework's name, which is that of the output as well, and decides on the weights
    /// ([`Sample::named`](crate::Sample::named)).
    pub name: String,
    /// The collection its events come from.
    pub final_state: FinalState,
    /// Its files in the folders of the release: `4lep/MC/mc_363490.llll.4lep.root`.
    pub files: Vec<String>,
    /// What there is to know of a simulation; none for data.
    pub simulation: Option<Simulation>,
}

/// What is known of a simulated sample.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Simulation {
    /// What it simulates.
    pub process: Process,
    /// The number of the data set (DSID), the branch `channelNumber`.
    pub data_set: u32,
    /// In pb, with k-factor and filter efficiency.
    pub cross_section: f64,
    /// Of all events produced, of which the file holds those that were kept; for single top the
    /// sum of the signs.
    pub sum_of_weights: f64,
    /// By which the sum of weights is to be multiplied.
    pub efficiency: f64,
}

/// What a simulation simulates, as finely as any stack tells processes apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each is named by what it is")]
pub enum Process {
    ZZ,
    WZ,
    WW,
    /// A W boson and jets.
    W,
    /// A Z boson that decays to electrons or muons, and jets.
    Z,
    /// A Z boson that decays to tau leptons, and jets.
    Ztautau,
    #[serde(rename = "ttbar")]
    TopPair,
    #[serde(rename = "single top t")]
    SingleTopT,
    #[serde(rename = "single top s")]
    SingleTopS,
    #[serde(rename = "single top Wt")]
    SingleTopWt,
    Higgs,
    #[serde(rename = "sleptons")]
    Sleptons,
    #[serde(rename = "Z'")]
    ZPrime,
}

/// A part of a stack: one colour of a plot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StackPart {
    /// What the framework's plotting calls the part's histogram.
    pub name: String,
    /// The processes whose samples add up to it.
    pub processes: Vec<Process>,
}

impl Catalogue {
    /// The catalogue that comes with the program.
    ///
    /// # Errors
    /// [`Error::Catalogue`] when its table contradicts itself.
    pub fn embedded() -> Result<&'static Self, Error> {
        EMBEDDED.as_ref().map_err(Clone::clone)
    }

    /// The samples of every analysis, in the order of [`NAMES`](crate::analysis::NAMES).
    pub fn sets(&self) -> &[SampleSet] {
        &self.sets
    }

    /// The samples of an analysis, by its name in any case.
    ///
    /// # Errors
    /// [`Error::UnknownAnalysis`], which tells the names there are.
    pub fn analysis(&self, name: &str) -> Result<&SampleSet, Error> {
        let found = self
            .sets
            .iter()
            .find(|set| set.analysis.eq_ignore_ascii_case(name));
        found.ok_or_else(|| Error::UnknownAnalysis {
            name: name.to_owned(),
            known: crate::analysis::NAMES.join(", "),
        })
    }
}

impl SampleSet {
    /// The sample of that name.
    ///
    /// # Errors
    /// [`Error::NotInCatalogue`].
    pub fn find(&self, name: &str) -> Result<&CatalogueSample, Error> {
        let found = self.samples.iter().find(|sample| sample.name == name);
        found.ok_or_else(|| Error::NotInCatalogue {
            name: name.to_owned(),
            analysis: self.analysis.clone(),
        })
    }

    /// The samples of data: one, or one for each period.
    pub fn data(&self) -> impl Iterator<Item = &CatalogueSample> {
        self.samples.iter().filter(|sample| sample.is_data())
    }

    /// The simulated samples.
    pub fn simulations(&self) -> impl Iterator<Item = &CatalogueSample> {
        self.samples.iter().filter(|sample| !sample.is_data())
    }

    /// Whether data are a sample for each period, whose histograms add up to those of [`DATA`].
    pub fn has_data_by_period(&self) -> bool {
        self.data().count() > 1
    }
}

impl CatalogueSample {
    /// Whether these are recorded events.
    pub fn is_data(&self) -> bool {
        self.simulation.is_none()
    }

    /// The name of the file of its histograms.
    pub fn output_name(&self) -> String {
        format!("{}.root", self.name)
    }

    /// The factor that scales its histograms to a luminosity in 1/pb; 1 for data.
    pub fn scale(&self, luminosity: f64) -> f64 {
        self.simulation
            .map_or(1.0, |simulation| simulation.scale(luminosity))
    }
}

impl Simulation {
    /// The factor that scales its histograms to a luminosity in 1/pb. As in `Plotting/Plotting.cxx`
    /// (lines 239 and 306) the sum of weights is rounded to single precision before.
    pub fn scale(&self, luminosity: f64) -> f64 {
        #[allow(
            clippy::cast_possible_truncation,
            reason = "the framework's rounding is what is meant"
        )]
        let sum_of_weights = (self.sum_of_weights * self.efficiency) as f32;
        luminosity * self.cross_section / f64::from(sum_of_weights)
    }
}

impl StackPart {
    /// Whether a sample belongs to this part.
    pub fn holds(&self, sample: &CatalogueSample) -> bool {
        sample
            .simulation
            .is_some_and(|simulation| self.processes.contains(&simulation.process))
    }
}

#[cfg(test)]
mod tests;
