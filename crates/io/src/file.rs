//! The file: header, directories and the records behind keys.
//!
//! ```text
//! 0      header                        [`Header`]
//! 100    key TFile, name, title, top directory
//!        key, record                   a tree, a basket, a histogram …
//!        …
//!        key, list of the directory's keys
//!        key, streamer info
//!        key, list of free segments
//! fEND
//! ```

mod directory;
mod header;
mod key;
mod open;
mod record;

pub use directory::Directory;
pub(crate) use header::LENGTH as HEADER_LENGTH;
pub use header::{Header, START_BIG_FILE};
pub(crate) use key::encode_text;
pub use key::{Key, datime};
pub(crate) use open::is_directory;
pub use open::{ReadAt, RootFile};
pub use record::{Expanded, RecordBuffers, RecordReader};
