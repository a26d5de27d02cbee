//! Stacks in a ROOT file.
