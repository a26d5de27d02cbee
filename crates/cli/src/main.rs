//! The program `rootlake`.
fn main() {}
