#![forbid(unsafe_code)]
//! The stream from bytes to histograms, and the other whole jobs of the program.
//!
//! ```text
//! plan       which entries form a unit, which byte ranges its columns lie in     (pure)
//! lake       the units' bytes, ahead of their use, in order
//! workers    rayon: expand, decode, select; one partial result per unit
//! collector  adds the partial results in the order of the units
//! ```
//!
//! The units depend on the files alone, and results are added in their order: the number of
//! threads shows in the time, never in the numbers.

mod analyze;
mod collect;
mod error;
mod generate;
mod histogram_file;
mod input;
mod multiply;
mod normalisation;
mod plan;
mod report;
mod samples;
mod stack;
mod sync;
mod writing;

pub use analyze::{AnalyzeOptions, Analyzed, analyze};
pub use error::PipelineError;
pub use generate::{GenerateOptions, SetOptions, generate, generate_set};
pub use histogram_file::HistogramFiles;
pub use input::{InputFile, SourceBytes};
pub use multiply::{Lake, LakeFile, MultiplyOptions, multiply};
pub use normalisation::Normalisation;
pub use plan::{PlannedUnit, plan_units};
pub use report::Report;
pub use samples::{
    Outcome, SampleOptions, SampleOutcome, SamplePart, SampleProgress, SampleRun, analyze_samples,
};
pub use stack::{
    Cubic, DrawnStack, FittedPeak, SampleHistograms, Stack, StackedPart, write_stacks,
};
pub use writing::{WriteOptions, pool, write_whole};

/// Told, now and then, of work done: events, clusters or bytes, as the job says.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);
