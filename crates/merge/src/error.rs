//! What can go wrong when files are merged.

/// Why a merge is refused or stopped. Nothing stands under the output's name then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// There is nothing to merge.
    #[error("no input holds a tree")]
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
    /// An input holds something that cannot be merged yet, and would be lost.
    #[error("{file}: {what} cannot be merged yet")]
    Unsupported {
        /// The input.
        file: String,
        /// What it holds.
        what: String,
    },
    /// An input is damaged.
    #[error("{file}: branch {branch}: {damage}")]
    Damaged {
        /// The input.
        file: String,
        /// The branch.
        branch: String,
        /// How its baskets contradict each other.
        damage: String,
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
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] rootlake_io::Error),
}
