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

mod catalogue;
mod detector;
mod header;
mod kinematics;
mod process;
mod random;
mod record;
mod source;

use rootlake_io::column::Column;

use self::catalogue::SampleFacts;
use self::detector::Detector;
use self::header::Header;
use self::process::Truth;
use self::random::Random;
use self::record::Record;
use self::source::{Period, Source};
use crate::{Error, FinalState};

/// The integrated luminosity of the open data, 1/fb: `Plotting/Plotting.cxx` of the outreach
/// framework.
pub const LUMINOSITY: f64 = 10.064;

/// Makes the events of one sample, cluster by cluster.
#[derive(Clone, Debug)]
pub struct Generator {
    source: Source,
    final_state: FinalState,
    events: u64,
    key: [u8; 32],
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
        Ok(Self {
            source: source::find(final_state, sample)?,
            final_state,
            events,
            key: random::key(seed, final_state.name(), sample),
        })
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
        let header = Header::new(&self.source, self.sum_of_weights(), self.events);
        let mut truth = Truth::default();
        let mut detector = Detector::new(self.source.is_data());
        let mut record = Record::default();
        for entry in (first_entry..).take(entries) {
            let process = self.source.draw_process(&mut random);
            process.generate(&mut random, &mut truth);
            let event = detector.reconstruct(self.final_state, &truth, &mut random);
            let row = header.row(entry, event, &mut random);
            record.push(&row, event);
        }
        record.into_columns(self.source.is_data())
    }

    /// The luminosity, 1/fb, at which the process is expected to give as many events.
    pub fn luminosity(&self) -> f64 {
        let expected = self.source.expected_events(self.final_state);
        self.events as f64 / expected * self.source.luminosity()
    }

    /// The `SumWeights` of the tree: a simulation's histograms scaled by
    /// `XSection · luminosity / SumWeights` show what that luminosity is expected to give. 1 for
    /// data, as in the real files.
    ///
    /// It is the expected sum over all events of the process, of which the sample's are those
    /// that reach the final state. The real one is likewise larger than the sum in the file.
    pub fn sum_of_weights(&self) -> f64 {
        match &self.source {
            Source::Data(_) => 1.0,
            Source::Simulation(facts) => {
                let produced = 1000.0 * self.luminosity() * facts.cross_section;
                produced * facts.weight.mean()
            }
        }
    }
}

/// The number of events of a sample that the luminosity of the open data (of its period, for data
/// of one) is expected to give. That many events of data make a whole data set.
///
/// # Errors
/// [`Error::UnknownSample`].
pub fn expected_events(final_state: FinalState, sample: &str) -> Result<f64, Error> {
    let source = source::find(final_state, sample)?;
    Ok(source.expected_events(final_state))
}

/// The samples of a final state that can be generated: the simulations, then `data` and its
/// periods.
pub fn sample_names(final_state: FinalState) -> Vec<&'static str> {
    let simulations = SampleFacts::of(final_state).map(|facts| facts.name);
    simulations
        .chain(Period::ALL.map(Period::sample_name))
        .collect()
}
