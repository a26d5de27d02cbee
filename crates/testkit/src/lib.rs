//! What the tests of several crates share. No crate depends on this outside its tests.
#![forbid(unsafe_code)]

pub mod golden;
