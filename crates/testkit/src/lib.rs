//! For tests only: sources that are slow or faulty on purpose, the suite of assertions that every
//! source must pass, and the rule by which histograms equal the reference's.
//!
//! Helpers here panic where a test must fail, which library code elsewhere may not.

#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "test code: a panic is a failed test"
)]

pub mod conformance;
pub mod golden;
pub mod memory;
pub mod server;
mod shared;

pub use memory::MemorySource;
pub use server::{HttpRequest, Reply, TestServer};
pub use shared::shared;

/// `size` bytes without a visible pattern, the same on every call: a multiplicative congruential
/// generator's high bytes.
pub fn noise(size: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 56) as u8
    })
    .take(size)
    .collect()
}
