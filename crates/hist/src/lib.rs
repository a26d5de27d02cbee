//! rootlake-hist
