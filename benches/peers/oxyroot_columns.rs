//! Reads the columns that the four-lepton selection needs, with oxyroot; selects nothing.
//!
//!     oxyroot_columns FILE      (built by benches/peers/compare.py)
//!
//! Prints the number of values. Fails where oxyroot cannot open the file: with ZSTD, and as ROOT
//! 6.36 and later write it.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a bench; where oxyroot fails there is nothing to time"
)]

use std::hint::black_box;

use oxyroot::{ReaderTree, RootFile, UnmarshalerInto};

/// Branches of one number for each event, by type.
const BOOLS: [&str; 2] = ["trigE", "trigM"];
const COUNTS: [&str; 2] = ["lep_n", "jet_n"];
const WEIGHTS: [&str; 5] = [
    "mcWeight",
    "scaleFactor_PILEUP",
    "scaleFactor_ELE",
    "scaleFactor_MUON",
    "scaleFactor_LepTRIGGER",
];
/// Branches of vectors, by type of their items.
const CHARGES: [&str; 1] = ["lep_charge"];
const FLAVOURS: [&str; 1] = ["lep_type"];
const FLOATS: [&str; 11] = [
    "lep_pt",
    "lep_eta",
    "lep_phi",
    "lep_E",
    "lep_z0",
    "lep_ptcone30",
    "lep_etcone20",
    "lep_trackd0pvunbiased",
    "lep_tracksigd0pvunbiased",
    "jet_pt",
    "jet_eta",
];

/// Reads branches of one number for each event; gives how many there are.
fn numbers<T: UnmarshalerInto<Item = T>>(tree: &ReaderTree, branches: &[&str]) -> usize {
    let read = |branch: &&str| {
        let branch = tree.branch(branch).expect("a branch of the schema");
        branch.as_iter::<T>().unwrap().map(black_box).count()
    };
    branches.iter().map(read).sum()
}

/// Reads branches of vectors; gives how many items there are.
fn vectors<T: UnmarshalerInto<Item = T>>(tree: &ReaderTree, branches: &[&str]) -> usize {
    let read = |branch: &&str| {
        let branch = tree.branch(branch).expect("a branch of the schema");
        let vectors = branch.as_iter::<Vec<T>>().unwrap();
        vectors.map(|vector| black_box(vector).len()).sum::<usize>()
    };
    branches.iter().map(read).sum()
}

fn main() {
    let path = std::env::args_os().nth(1).expect("a file");
    let tree = RootFile::open(&path).unwrap().get_tree("mini").unwrap();
    let values = numbers::<bool>(&tree, &BOOLS)
        + numbers::<u32>(&tree, &COUNTS)
        + numbers::<f32>(&tree, &WEIGHTS)
        + vectors::<i32>(&tree, &CHARGES)
        + vectors::<u32>(&tree, &FLAVOURS)
        + vectors::<f32>(&tree, &FLOATS);
    println!("{values}");
}
