//! Writing files: objects, trees of columns, baskets copied as they are.

mod basket;
mod directory;
mod file;
mod recode;
mod sink;
mod tree;
mod widen;

pub use basket::{BasketRecord, embedded_record, encode_basket};
pub use directory::DirectoryId;
pub use file::{FileWriter, Stamp};
pub use recode::{BasketEntries, check_frames, move_basket, recompress};
pub use sink::Sink;
pub use tree::{BranchSchema, TreeWriter};
pub use widen::{is_narrow, widen_basket};
