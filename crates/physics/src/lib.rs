//! rootlake-physics
