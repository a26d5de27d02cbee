//! rootlake-plot
