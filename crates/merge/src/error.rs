//! What can go wrong when files are merged.

use std::path::PathBuf;

/// Why a merge is refused or stopped. Nothing stands under the output's name then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// There is nothing to merge.
    #[error("no input holds anything to merge")]
    NothingToMerge,
    /// No copies are asked for.
    #[error("the number of copies must be at least 1")]
    NoCopies,
    /// Two inputs differ where they must not.
    #[error("{file}: {difference} (compared with {first})")]
    Schema {
        /// The input that differs.
        file: String,
        /// How.
        difference: String,
        /// The input that sets the schema.
        first: String,
    },
    /// An input holds something that cannot be merged, and would be lost.
    #[error("{file}: {what} cannot be merged")]
    Unsupported {
        /// The input.
        file: String,
        /// What it holds, and why not.
        what: String,
    },
    /// The values of a branch cannot differ from copy to copy.
    #[error("branch {branch} cannot be varied: {reason}")]
    Vary {
        /// The branch.
        branch: String,
        /// Why not.
        reason: String,
    },
    /// An input is damaged.
    #[error("{file}: {place}: {damage}")]
    Damaged {
        /// The input.
        file: String,
        /// The branch or object.
        place: String,
        /// How it contradicts itself.
        damage: String,
    },
    /// An input is not the file any more that was surveyed.
    #[error("{file} changed while it was merged: {change}")]
    Changed {
        /// The input.
        file: String,
        /// What is different.
        change: String,
    },
    /// A branch of the output has other values than the input.
    #[error("tree {tree} branch {branch}: entries {entries:?} differ from those of {file}")]
    Differs {
        /// The tree.
        tree: String,
        /// The branch.
        branch: String,
        /// The input.
        file: String,
        /// The entries, as the output numbers them.
        entries: std::ops::Range<u64>,
    },
    /// Fewer or more entries were copied than the plan says.
    #[error("branch {branch} of tree {tree}: {copied} entries were copied of {planned}")]
    Entries {
        /// The tree.
        tree: String,
        /// The branch.
        branch: String,
        /// Entries copied.
        copied: u64,
        /// Entries planned.
        planned: u64,
    },
    /// The memory allowed is not enough.
    #[error(
        "about {needed} bytes of memory are needed to describe all baskets, {memory} are allowed"
    )]
    Memory {
        /// What one thread would need at the least, in bytes.
        needed: u64,
        /// What is allowed.
        memory: u64,
    },
    /// The output cannot be written.
    #[error("cannot {action} {path}: {cause}")]
    Output {
        /// The output.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// The operating system's answer.
        #[source]
        cause: std::io::Error,
    },
    /// A thread ended before its work was done.
    #[error("a copying thread ended before its work was done")]
    Thread,
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] rootlake_io::Error),
}
