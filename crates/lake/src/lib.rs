//! Where bytes live: one trait, [`Source`], before every place a ROOT file can be read from.
//!
//! ```text
//! "path", file://   ─► Location ─► LocalSource   memory map, slices without a copy
//! http://, dav://   ─► Location ─► HttpSource    closed byte ranges over kept-alive connections
//! ```
//!
//! # From a plan to bytes
//!
//! The planner knows which byte ranges the wanted columns of a cluster lie in: a [`Unit`]. A source
//! that is far away prefers few large requests to many small ones, so [`coalesce()`] joins the
//! ranges of a unit, and [`ReadAhead`] keeps a bounded window of requests under way before the
//! CPU asks for them, and hands the units over in the order of the plan.
//!
//! ```no_run
//! # fn main() -> Result<(), rootlake_lake::LakeError> {
//! use rootlake_lake::{ReadAhead, ReadAheadOptions, Unit};
//!
//! let source = rootlake_lake::open("http://localhost:8080/data_A.4lep.root")?;
//! let header = source.read(0..source.size().min(300))?;
//! assert!(header.starts_with(b"root"));
//!
//! let units = vec![
//!     Unit::new(source.clone(), vec![300..900, 1200..4000]),
//!     Unit::new(source.clone(), vec![9000..12_000]),
//! ];
//! for unit in &ReadAhead::start(units, ReadAheadOptions::default())? {
//!     let unit = unit?;
//!     println!("unit {}: {} ranges", unit.index, unit.parts.len());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Threads
//!
//! The callers are synchronous (rayon). Async stays inside [`HttpSource`]: one worker thread owned
//! by the [`Lake`] drives the sockets, and callers wait for its answers without blocking it.
//!
//! # Unsafe
//!
//! One line: the memory map, in `local/map.rs`, with the contract that nobody shortens a file
//! while it is read.

#![deny(unsafe_code)]

pub mod coalesce;
pub mod error;
pub mod http;
pub mod lake;
pub mod local;
pub mod location;
pub mod readahead;
pub mod source;

pub use coalesce::{Coalescing, Request, coalesce, scatter};
pub use error::{HttpFault, LakeError};
pub use http::{HttpOptions, HttpSource, HttpUrl};
pub use lake::{Lake, open};
pub use local::{LocalSource, OutputFile};
pub use location::Location;
pub use readahead::{FetchedUnit, ReadAhead, ReadAheadOptions, ReadAheadReport, Unit};
pub use source::{Source, Traffic};
