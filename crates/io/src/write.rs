//! Writing files: objects, trees of columns, baskets copied as they are.

mod basket;
mod branch;
mod described;
mod directory;
mod encode;
mod encoded;
mod entries;
mod file;
mod frames;
mod moved;
mod recode;
mod record;
mod schema;
mod sink;
#[cfg(test)]
mod testing;
mod tree;
mod widen;

pub use basket::{BasketRecord, embedded_record, encode_basket};
pub use directory::DirectoryId;
pub use encoded::EncodedObject;
pub use entries::BasketEntries;
pub use file::FileWriter;
pub use frames::check_frames;
pub use moved::{MOVED_BYTES, add_process_offset, is_narrow, move_basket};
pub use recode::recompress;
pub use record::{Packed, Stamp};
pub use schema::{BranchKind, BranchSchema};
pub use sink::Sink;
pub use tree::TreeWriter;
pub use widen::widen_basket;
