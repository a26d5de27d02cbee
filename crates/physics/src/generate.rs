//! Plausible `mini` events, where nobody has any.
//!
//! A [`Generator`] makes the events of one sample: a simulated process of the open data, or data
//! as a mixture of all of them in the proportions of their cross-sections. So a stack of
//! simulations, each scaled by `XSection · luminosity / SumWeights`, describes the data within
//! statistics, without further factors. The kinematics are those of decays in flight; what a
//! detector adds (resolution, isolation, impact parameters, fake objects) is drawn from simple
//! shapes fitted by eye to the real 4lep files of periods A and B. It is no substitute for a
//! simulation, only for an empty disk.
//!
//! ```
//! use rootlake_physics::{FinalState, generate::Generator, schema};
//!
//! let generator = Generator::new(FinalState::FourLepton, "ggH125_ZZ4lep", 1000, 7)?;
//! let columns = generator.cluster(0, 0, 100)?;
//! assert_eq!(columns.len(), schema::MINI.len());
//! assert_eq!(columns[15].entries(), 100); // lep_n
//! # Ok::<(), rootlake_physics::Error>(())
//! ```

mod acceptance;
mod detector;
mod header;
mod kinematics;
mod process;
mod random;
mod recipe;
mod record;
mod set;
mod source;
mod truth;

use rootlake_io::column::Column;

use self::detector::Detector;
use self::header::Header;
use self::random::Random;
use self::record::Record;
pub use self::set::{PlannedSample, default_events, plan_set};
use self::source::{Origin, Period, Source};
use self::truth::Truth;
use crate::{Error, FinalState, catalogue};

/// The integrated luminosity of the open data, 1/fb.
pub const LUMINOSITY: f64 = catalogue::LUMINOSITY / 1000.0;

/// Makes the events of one sample, cluster by cluster.
#[derive(Clone, Debug)]
pub struct Generator {
    source: Source,
    final_state: FinalState,
    events: u64,
    key: [u8; 32],
    /// What the weights are multiplied by.
    weight: f64,
    sum_of_weights: f64,
}

impl Generator {
    /// A generator of `events` events of a sample: one of [`sample_names`]. The seed chooses the
    /// events, independently for each sample; the number of events decides `SumWeights`.
    ///
    /// # Errors
    /// [`Error::UnknownSample`], which tells the names there are.
    pub fn new(
        final_state: FinalState,
        sample: &str,
        events: u64,
        seed: u64,
    ) -> Result<Self, Error> {
        let source = source::find(final_state, sample)?;
        let luminosity = events as f64 / source.expected * source.luminosity();
        Ok(Self {
            sum_of_weights: match &source.origin {
                Origin::Data(_) => 1.0,
                Origin::Simulation(recipe) => {
                    1000.0 * luminosity * recipe.cross_section * recipe.weight.mean()
                }
            },
            source,
            final_state,
            events,
            key: random::key(seed, final_state.name(), sample),
            weight: 1.0,
        })
    }

    /// The same events, weighted so that with the real sample's `SumWeights` they show what
    /// `luminosity` (1/fb) is expected to give where a plot says [`LUMINOSITY`]. Samples of which
    /// only the signs of the weights count are normalised by their number of events alone; data,
    /// and samples that the open data lack, stay as they are.
    #[must_use]
    pub fn at_luminosity(mut self, luminosity: f64) -> Self {
        if let Origin::Simulation(recipe) = &self.source.origin
            && let Some(sum_of_weights) = recipe.sum_of_weights
        {
            if !recipe.weight.is_sign_only {
                self.weight = luminosity / LUMINOSITY * sum_of_weights / self.sum_of_weights;
            }
            self.sum_of_weights = sum_of_weights;
        }
        self
    }

    /// The columns of `entries` events in the order of [`MINI`](crate::schema::MINI), the first
    /// of which is entry `first_entry` of the tree. Each cluster has its own stream of random
    /// numbers, so that the events depend on its index and not on who makes the others or when.
    ///
    /// # Errors
    /// [`Error::Column`] when a column would hold more than `u32::MAX` values.
    pub fn cluster(
        &self,
        index: u64,
        first_entry: u64,
        entries: usize,
    ) -> Result<Vec<Column>, Error> {
        let mut random = Random::stream(self.key, index);
        let header = Header::new(&self.source, self.sum_of_weights, self.weight, self.events);
        let mut truth = Truth::new(self.final_state, self.source.may_weight());
        let mut detector = Detector::new(self.source.is_data());
        let mut record = Record::default();
        for entry in (first_entry..).take(entries) {
            let process = self.source.draw_process(&mut random);
            process.generate(&mut random, &mut truth);
            let event = detector.reconstruct(self.final_state, &truth, &mut random);
            let row = header.row(entry, event, truth.weight, &mut random);
            record.push(&row, event);
        }
        record.into_columns(self.source.is_data())
    }

    /// The luminosity, 1/fb, at which the process is expected to give as many events.
    pub fn luminosity(&self) -> f64 {
        self.events as f64 / self.source.expected * self.source.luminosity()
    }

    /// The `SumWeights` of the tree: a simulation's histograms scaled by
    /// `XSection · luminosity / SumWeights` show what that luminosity is expected to give. 1 for
    /// data, as in the real files.
    ///
    /// It is the expected sum over all events of the process, of which the sample's are those
    /// that reach the final state. The real one is likewise larger than the sum in the file.
    pub fn sum_of_weights(&self) -> f64 {
        self.sum_of_weights
    }
}

/// The number of events of a sample that the luminosity of the open data (of its period, for data
/// of one) is expected to give. That many events of data make a whole data set.
///
/// # Errors
/// [`Error::UnknownSample`].
pub fn expected_events(final_state: FinalState, sample: &str) -> Result<f64, Error> {
    Ok(source::find(final_state, sample)?.expected)
}

/// The samples of a final state that can be generated: the simulations, then `data` and its
/// periods.
///
/// # Errors
/// [`Error::Catalogue`].
pub fn sample_names(final_state: FinalState) -> Result<Vec<String>, Error> {
    let simulations = recipe::recipes(final_state)?.into_iter();
    let periods = Period::ALL.map(|period| period.sample_name().to_owned());
    Ok(simulations
        .map(|recipe| recipe.name)
        .chain(periods)
        .collect())
}
