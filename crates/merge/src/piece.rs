//! Pieces: what an output is a row of.

use std::collections::HashMap;
use std::ops::Range;

use serde::Serialize;

/// One input at one place of an output: all of it, or a run of its entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The number of the input.
    pub input: usize,
    /// The number of the copy, from 0.
    pub copy: u64,
    /// The run of its entries; none: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<Cut>,
}

/// A run of an input's entries.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Cut {
    /// The entries.
    pub entries: Range<u64>,
    /// How many entries the trees have that are cut. Others go as a whole with the run that
    /// begins at 0, and so do histograms and other objects.
    pub of: u64,
}

impl Piece {
    /// All of an input.
    pub fn whole(input: usize, copy: u64) -> Self {
        Self {
            input,
            copy,
            cut: None,
        }
    }

    /// Whether this is the input's first run: the one that other objects go with.
    pub fn is_first(&self) -> bool {
        self.cut.as_ref().is_none_or(|cut| cut.entries.start == 0)
    }

    /// The entries of a tree of so many that belong to this piece.
    pub fn entries(&self, of: u64) -> Range<u64> {
        match &self.cut {
            Some(cut) if cut.of == of => cut.entries.clone(),
            Some(_) if !self.is_first() => of..of,
            _ => 0..of,
        }
    }
}

/// The pieces that are not whole, by input, with how often each occurs.
pub(crate) fn cut_pieces(sequence: &[Piece]) -> HashMap<(usize, &Cut), u64> {
    let mut pieces = HashMap::new();
    for piece in sequence {
        if let Some(cut) = &piece.cut {
            *pieces.entry((piece.input, cut)).or_default() += 1;
        }
    }
    pieces
}
