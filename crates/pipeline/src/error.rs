//! What can go wrong in a whole job.

use rootlake_physics::schema::BranchType;

/// Why a job failed; its output does not stand under its name then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// There is no input.
    #[error("no input is named")]
    NoInput,
    /// An input cannot be read, or is damaged.
    #[error(transparent)]
    Io(#[from] rootlake_io::Error),
    /// A source of bytes failed.
    #[error(transparent)]
    Lake(Box<rootlake_lake::LakeError>),
    /// An analysis cannot run.
    #[error(transparent)]
    Physics(Box<rootlake_physics::Error>),
    /// An analysis met something unexpected in a file.
    #[error("{file}: analysis {analysis}: {cause}")]
    Selection {
        /// The file.
        file: String,
        /// The analysis.
        analysis: String,
        /// What it met.
        cause: Box<rootlake_physics::Error>,
    },
    /// A file lacks a branch, or has it with another type.
    #[error("{file}: analysis {analysis} needs branch {branch} as {wanted}; {found}")]
    Branch {
        /// The file.
        file: String,
        /// The analysis.
        analysis: String,
        /// The branch.
        branch: String,
        /// The type it needs.
        wanted: BranchType,
        /// What the file has.
        found: String,
    },
    /// A merge is refused or failed.
    #[error(transparent)]
    Merge(Box<rootlake_merge::MergeError>),
    /// No sample has a histogram.
    #[error("no sample has a histogram {name}")]
    NoHistogram {
        /// Its name.
        name: String,
    },
    /// Histograms that do not belong together.
    #[error(transparent)]
    Histogram(#[from] rootlake_hist::Error),
    /// An output cannot be written.
    #[error("cannot write {path}: {cause}")]
    Output {
        /// The output.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// No threads can be started.
    #[error("cannot start threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// A worker ended without a result.
    #[error("a worker ended without a result")]
    Worker,
}

// Boxed by hand: the errors of other crates are large, and results are passed around a lot.
impl From<rootlake_lake::LakeError> for PipelineError {
    fn from(cause: rootlake_lake::LakeError) -> Self {
        Self::Lake(Box::new(cause))
    }
}

impl From<rootlake_physics::Error> for PipelineError {
    fn from(cause: rootlake_physics::Error) -> Self {
        Self::Physics(Box::new(cause))
    }
}

impl From<rootlake_merge::MergeError> for PipelineError {
    fn from(cause: rootlake_merge::MergeError) -> Self {
        Self::Merge(Box::new(cause))
    }
}
