//! Writing files: objects, trees of columns, baskets copied as they are.

mod basket;
mod file;
mod tree;

pub use basket::{BasketRecord, embedded_record, encode_basket};
pub use file::{FileWriter, Sink, Stamp};
pub use tree::{BranchSchema, TreeWriter};
