#![forbid(unsafe_code)]
//! Merging and multiplying ROOT files without decoding them: a basket is bytes.
//!
//! Two steps that know nothing of each other's work:
//!
//! 1. [`Plan::new`] holds the inputs' descriptions against each other and says what goes where.
//!    It is plain data, can be printed, and nothing has been written yet when it refuses.
//! 2. [`execute`] copies what the plan says and writes the tree that describes the copies; it
//!    counts what it wrote and gives a [`Receipt`].

mod cluster;
mod engine;
mod error;
mod input;
mod plan;
mod schema;

pub use engine::{Progress, Receipt, TreeReceipt, execute};
pub use error::MergeError;
pub use input::Input;
pub use plan::{Plan, TreePlan};
