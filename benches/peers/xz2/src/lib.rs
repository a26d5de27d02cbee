//! `xz2` by its successor: the two have the same interface.

pub use liblzma::*;
