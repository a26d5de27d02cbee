#![forbid(unsafe_code)]
//! Bytes ↔ ROOT objects.

pub mod column;
