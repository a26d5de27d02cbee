//! rootlake-pipeline
