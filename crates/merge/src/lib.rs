//! rootlake-merge
