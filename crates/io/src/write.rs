//! Writing files: objects, trees of columns, baskets copied as they are.

mod basket;
mod branch;
mod described;
mod directory;
mod encode;
mod encoded;
mod entries;
mod file;
mod recode;
mod record;
mod schema;
mod sink;
mod tree;
mod widen;

pub use basket::{BasketRecord, embedded_record, encode_basket};
pub use directory::DirectoryId;
pub use encoded::EncodedObject;
pub use entries::BasketEntries;
pub use file::FileWriter;
pub use recode::{MOVED_BYTES, add_process_offset, check_frames, move_basket, recompress};
pub use record::{Packed, Stamp};
pub use schema::{BranchKind, BranchSchema};
pub use sink::Sink;
pub use tree::TreeWriter;
pub use widen::{is_narrow, widen_basket};
