//! What can go wrong between columns and histograms.

use crate::schema::BranchType;

/// A batch, an analysis or a sample is not what it has to be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// A branch is missing from the batch.
    #[error("branch `{branch}` was not read")]
    Missing {
        /// The branch.
        branch: String,
    },
    /// A branch holds something else than is wanted of it.
    #[error("branch `{branch}` holds {found} where {wanted} is wanted")]
    Type {
        /// The branch.
        branch: String,
        /// What is wanted.
        wanted: BranchType,
        /// What the column holds.
        found: BranchType,
    },
    /// A column's length is not the batch's.
    #[error("branch `{branch}` holds {found} entries of the {wanted} from entry {first_entry} on")]
    Length {
        /// The branch.
        branch: String,
        /// The entries of the batch.
        wanted: usize,
        /// The entries of the column.
        found: usize,
        /// The batch's first entry in the tree.
        first_entry: u64,
    },
    /// A vector is shorter than the number of objects its event is said to have.
    #[error("branch `{branch}` holds {found} values in entry {entry}, which has {wanted} objects")]
    ShortVector {
        /// The branch.
        branch: String,
        /// The entry in the tree.
        entry: u64,
        /// The number of objects.
        wanted: u32,
        /// The length of the vector.
        found: usize,
    },
    /// Histograms that cannot be booked or do not belong together.
    #[error(transparent)]
    Histogram(#[from] rootlake_hist::Error),
    /// Values that do not make a column.
    #[error(transparent)]
    Column(#[from] rootlake_io::column::ColumnError),
    /// Cutflows of different analyses were added.
    #[error("cannot add cutflows of different cuts")]
    Cutflow,
    /// The table of plots cannot be understood, or contradicts that of samples.
    #[error("plots.toml: {cause}")]
    Recipe {
        /// Why.
        cause: String,
    },
    /// No analysis of that name.
    #[error("no analysis is called `{name}`; there are {known}")]
    UnknownAnalysis {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// No final state of that name.
    #[error("no final state is called `{name}`; there are {known}")]
    UnknownFinalState {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The table of samples contradicts itself.
    #[error("the table of samples: {cause}")]
    Catalogue {
        /// What does not fit.
        cause: String,
    },
    /// An analysis has no sample of that name.
    #[error("analysis {analysis} has no sample `{name}`")]
    NotInCatalogue {
        /// The name asked for.
        name: String,
        /// The analysis.
        analysis: String,
    },
    /// No sample of that name can be generated.
    #[error("no sample `{name}` of {final_state} can be generated; there are {known}")]
    UnknownSample {
        /// The name asked for.
        name: String,
        /// The final state asked for.
        final_state: crate::FinalState,
        /// The names there are.
        known: String,
    },
}
