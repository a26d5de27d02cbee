#![forbid(unsafe_code)]
//! Merging and multiplying ROOT files without decoding them: a basket is bytes.
//!
//! Three steps that know nothing of each other's work:
//!
//! 1. [`survey`] reads what each input holds: its trees, where their baskets stand, its other
//!    objects. Of thousands of inputs, a few are open at a time.
//! 2. [`Plan::new`] holds the inputs' descriptions against each other and says what goes where.
//!    It does no I/O, is plain data, can be printed, and nothing has been written yet when it
//!    refuses.
//! 3. [`execute`] copies what the plan says and writes the trees that describe the copies, under a
//!    temporary name until all is complete. It checks and counts what it writes and gives a
//!    [`Receipt`].
//!
//! The output does not depend on the number of threads: they copy side by side, but every basket
//! gets its place in the order of the plan.

// Lets unit tests share the support of the integration tests.
#[cfg(test)]
extern crate self as rootlake_merge;
#[cfg(test)]
#[path = "../tests/support/mod.rs"]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]
#[allow(clippy::cast_possible_truncation, reason = "a test may panic")]
mod support;

mod action;
mod checksum;
mod cluster;
mod error;
mod execute;
mod index;
mod memory;
mod object;
mod output;
mod piece;
mod plan;
mod receipt;
mod references;
mod request;
mod runs;
mod schema;
mod store;
mod survey;
mod task;
mod vary;
mod verify;
mod worker;

pub use action::{Action, Outcome};
pub use checksum::{Checksums, of_input};
pub use error::MergeError;
pub use execute::{Progress, execute};
pub use piece::{Cut, Piece};
pub use plan::{Differences, Division, IndexPlan, ObjectPlan, Plan, TreePlan};
pub use receipt::{InputReceipt, ObjectReceipt, Receipt, Skipped, TreeReceipt, Verified};
pub use request::{Order, Request, Vary, VaryBranch, Verify};
pub use schema::Schema;
pub use store::{Identity, LocalFile, LocalFiles, Store};
pub use survey::{IndexNames, Input, Kind, Survey, survey};
pub use vary::steps;
