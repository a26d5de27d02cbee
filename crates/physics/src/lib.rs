//! The physics: event batches in columns, selections, and a generator of events to select from.
//!
//! An [`Analysis`] declares the branches it reads and selects from a [`Batch`] of columns into an
//! [`Output`] of histograms and counts. Its first cuts need few columns; the others are wanted
//! only for batches in which an event survives them:
//!
//! ```
//! # use rootlake_physics::{Batch, Column, Error, Sample, analysis, schema::BranchSpec};
//! # fn decode(branch: &BranchSpec, entries: usize) -> Column { branch.ty.zeros(entries) }
//! let analysis = analysis::find("hzz")?;
//! let sample = Sample::named("data_A");
//! let mut output = analysis.output();
//!
//! let mut batch = Batch::new(0, 100);
//! for branch in analysis.first_columns() {
//!     batch.insert(branch, decode(&branch, 100))?;
//! }
//! let survivors = analysis.preselect(&batch, &mut output)?;
//! if !survivors.is_empty() {
//!     for branch in analysis.other_columns() {
//!         batch.insert(branch, decode(&branch, 100))?;
//!     }
//!     analysis.select(&batch, &survivors, &sample, &mut output)?;
//! }
//! assert_eq!(output.cutflow.iter().next().map(|cut| cut.passed), Some(100));
//! # Ok::<(), Error>(())
//! ```
//!
//! Energies, momenta and masses are MeV in branches and GeV in histograms; angles are radians.
#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(clippy::cast_possible_truncation, reason = "tests round on purpose")
)]

pub mod analysis;
mod batch;
mod bound;
pub mod catalogue;
mod collection;
pub mod corrections;
mod cutflow;
mod error;
mod final_state;
mod four_vector;
pub mod generate;
mod mask;
mod momenta;
pub mod mt2;
pub mod object;
pub mod recipe;
mod sample;
pub mod schema;
mod weight;

pub use analysis::{Analysis, Output};
pub use batch::{Batch, Vectors};
pub use collection::Good;
pub use corrections::{Correction, Corrections, Difference};
pub use cutflow::{Cut, CutHandle, Cutflow, Weighted};
pub use error::Error;
pub use final_state::FinalState;
pub use four_vector::FourVector;
pub use momenta::QuickMomenta;
#[doc(no_inline)]
pub use rootlake_io::column::Column;
pub use sample::{Sample, sample_name_from_path};
pub use weight::{Weights, event_weights};

/// A table as the build script leaves it.
#[cfg(test)]
fn json_of(table: &str) -> String {
    let facts: serde_json::Value = toml::from_str(table).unwrap();
    facts.to_string()
}
