#![deny(unsafe_code)]
//! Bytes ↔ ROOT objects: files, keys, streamer info, trees, baskets, columns.
//!
//! This crate parses slices and does no I/O of its own; where bytes come from is behind
//! [`file::ReadAt`].
//!
//! | module     | what                                                                  |
//! |------------|-----------------------------------------------------------------------|
//! | [`mod@file`]   | header, directories, keys: finding records and expanding them         |
//! | [`mod@object`] | any object, streamed as its class's layout says                        |
//! | [`mod@tree`]   | branches and baskets; from baskets to columns                         |
//! | [`mod@write`] | files of objects, trees of columns, baskets copied as they are         |
//! | [`mod@column`] | decoded values: fixed, or offsets and values as Arrow lays lists out  |
//! | [`mod@codec`]  | zlib, LZ4, LZMA, ZSTD and the blocks ROOT wraps them in               |
//! | [`mod@check`]  | a walk through all of a file, to find what is damaged                  |
//! | [`mod@digest`] | what proves that a copy kept the values                               |
//! | [`mod@cursor`] | bounds-checked big-endian reads                                       |

pub mod check;
pub mod codec;
pub mod column;
pub mod cursor;
pub mod digest;
mod error;
pub mod file;
pub mod object;
mod swap;
pub mod tree;
pub mod write;

pub use error::{Error, ErrorKind, Result};
