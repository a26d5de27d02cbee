//! rootlake-lake
