//! What is asked of a merge.

use rootlake_io::codec::Settings;
use serde::Serialize;

use crate::schema::Schema;

/// What is asked of a merge or a multiplication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// How often the run of inputs is repeated; at least 1.
    pub copies: u64,
    /// What to do where trees differ.
    pub schema: Schema,
    /// How baskets are compressed; none: as they are.
    pub compress: Option<Settings>,
    /// How all else is compressed that baskets do not say it for: records of trees and objects,
    /// baskets made anew. None: as `compress`, or else as the first input.
    pub compress_records: Option<Settings>,
    /// Entries are put into clusters of about so many bytes of baskets: those of short inputs are
    /// joined, those of long ones cut. What stands in tree records is joined anyway.
    pub recluster: Option<u64>,
    /// The order of the baskets in the output.
    pub order: Order,
    /// How baskets are checked.
    pub verify: Verify,
    /// Whether all copies point to the baskets of the first.
    pub shared: bool,
    /// Branches that get other values in every copy.
    pub vary: Vec<Vary>,
    /// How many threads copy, each with one input open; at least 1.
    pub threads: usize,
    /// The most memory to take, in bytes, single baskets that are longer aside.
    pub memory: Option<u64>,
    /// Neither time nor identity goes into the output.
    pub reproducible: bool,
    /// Whether the output is flushed to the disk before it gets its name.
    pub sync: bool,
    /// Whether the output's Adler-32 is taken while it is written.
    pub checksum: bool,
    /// Whether there is an output where the inputs hold nothing to merge.
    pub may_be_empty: bool,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            copies: 1,
            schema: Schema::Strict,
            compress: None,
            compress_records: None,
            recluster: None,
            order: Order::File,
            verify: Verify::Frames,
            shared: false,
            vary: Vec::new(),
            threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            memory: None,
            reproducible: false,
            sync: false,
            checksum: true,
            may_be_empty: false,
        }
    }
}

/// The order of the baskets in the output. That of their entries is not touched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// As they stand in the inputs.
    #[default]
    File,
    /// By first entry, within each input.
    Entry,
    /// By branch: all baskets of one in a row.
    Branch,
}

/// How the baskets that are copied are checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verify {
    /// Only that there is a basket of the right number of entries.
    None,
    /// That its compressed blocks fill it and promise what its key promises.
    #[default]
    Frames,
    /// That it expands; this decompresses all.
    Full,
}

/// A branch whose integer values grow by `step` from copy to copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Vary {
    /// The branch's path, in any tree that has one.
    pub branch: String,
    /// What the second copy adds, the third twice, and so on.
    pub step: u64,
}

/// A branch whose values are to differ from copy to copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaryBranch {
    /// The branch's path, in any tree that has one.
    pub branch: String,
    /// By how much; none: by as little as keeps the numbers of all copies apart.
    pub step: Option<u64>,
}
