//! Cutting a plan into those of several outputs.
//!
//! An input is cut where the baskets of all its branches begin together, so that no basket need
//! be opened.

use std::collections::BTreeMap;

use super::Plan;
use crate::piece::{Cut, Piece};
use crate::request::Request;
use crate::survey::input::{Input, InputTree};

/// How an output is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Division {
    /// Into files of no more than so many bytes, as far as inputs can be cut.
    Bytes(u64),
    /// Into so many files of about the same size.
    Files(u64),
}

/// What a file holds besides baskets, at the least: streamer info, directory, header.
const FILE_BYTES: u64 = 16 << 10;
/// What each basket adds to its tree's record: its place, length and first entry.
const BASKET_BYTES: u64 = 20;

/// A run of an input's entries, and its bytes.
#[derive(Clone, Debug)]
struct Run {
    cut: Option<Cut>,
    bytes: u64,
}

impl Plan {
    /// The plans of several outputs that this one is divided into. The last may have fewer bytes,
    /// and there are fewer of them where inputs cannot be cut so often.
    pub fn parts(&self, inputs: &[Input], request: &Request, division: Division) -> Vec<Self> {
        let runs: Vec<Vec<Run>> = (0..inputs.len())
            .map(|input| self.runs(inputs, input))
            .collect();
        let of = |piece: &Piece| runs.get(piece.input).map_or(&[][..], Vec::as_slice);
        let all = self.sequence.iter().flat_map(of);
        let total = all.fold(0u64, |sum, run| sum.saturating_add(run.bytes));
        let overhead = self.overhead(inputs);
        let mut parts: Vec<Self> = Vec::new();
        let mut pieces: Vec<Piece> = Vec::new();
        let (mut size, mut before) = (0u64, 0u64);
        for piece in &self.sequence {
            for run in of(piece) {
                let is_full = match division {
                    Division::Bytes(limit) => {
                        size.saturating_add(run.bytes).saturating_add(overhead) > limit
                    }
                    // The run goes to the file in which most of it lies.
                    Division::Files(files) => {
                        let number = u128::from(parts.len() as u64) + 1;
                        let middle = u128::from(before) + u128::from(run.bytes / 2);
                        middle * u128::from(files) >= u128::from(total) * number
                            && number < u128::from(files)
                    }
                };
                if is_full && !pieces.is_empty() {
                    parts.push(self.part(inputs, request, std::mem::take(&mut pieces)));
                    size = 0;
                }
                append(&mut pieces, piece, run);
                size = size.saturating_add(run.bytes);
                before = before.saturating_add(run.bytes);
            }
        }
        parts.push(self.part(inputs, request, pieces));
        parts
    }

    fn part(&self, inputs: &[Input], request: &Request, sequence: Vec<Piece>) -> Self {
        let mut part = Self {
            sequence,
            ..self.clone()
        };
        part.count(inputs, request);
        part
    }

    /// The bytes that every output has besides its baskets.
    fn overhead(&self, inputs: &[Input]) -> u64 {
        let of = |input: &Input| {
            let trees = input.trees.iter();
            let trees = trees.filter(|tree| tree.baskets.all().iter().all(|b| b.is_stored()));
            let objects = input.objects.places.iter().map(|place| place.nbytes);
            let records = trees.map(|tree| tree.place.nbytes).chain(objects);
            records.map(u64::from).sum::<u64>()
        };
        FILE_BYTES + inputs.first().map_or(0, of)
    }

    /// The shortest runs that the input numbered `input` can be cut into.
    fn runs(&self, inputs: &[Input], input: usize) -> Vec<Run> {
        let trees = self.trees.iter();
        let held: Vec<_> = trees.filter_map(|tree| tree.part(inputs, input)).collect();
        let weigh = |tree: &InputTree, map: &[Option<usize>]| -> u64 {
            let baskets = tree.taken(map);
            let bytes = baskets.map(|basket| u64::from(basket.nbytes) + BASKET_BYTES);
            bytes.sum()
        };
        let heaviest = held.iter().max_by_key(|(tree, map)| weigh(tree, map));
        let Some(of) = heaviest.map(|(tree, _)| tree.entries) else {
            return vec![Run {
                cut: None,
                bytes: 0,
            }];
        };
        let mut starts: BTreeMap<u64, (usize, u64)> = BTreeMap::new();
        let mut branches = 0;
        let mut whole = 0;
        for (tree, map) in held {
            if tree.entries != of {
                whole += weigh(tree, map);
                continue;
            }
            for own in map.iter().flatten() {
                let baskets = tree.baskets.branch(*own);
                branches += usize::from(!baskets.is_empty());
                let mut last = None;
                for basket in baskets {
                    let start = starts.entry(basket.first_entry).or_default();
                    start.0 += usize::from(last != Some(basket.first_entry));
                    start.1 += u64::from(basket.nbytes) + BASKET_BYTES;
                    last = Some(basket.first_entry);
                }
            }
        }
        let mut runs = cut(&starts, branches, of);
        if let Some(first) = runs.first_mut() {
            first.bytes += whole;
        }
        runs
    }
}

/// The runs between entries at which the baskets of all `branches` begin; `starts` has, for each
/// entry at which baskets begin, in how many branches and their bytes.
fn cut(starts: &BTreeMap<u64, (usize, u64)>, branches: usize, of: u64) -> Vec<Run> {
    let mut runs: Vec<(u64, u64)> = vec![(0, 0)];
    for (&entry, &(begun, bytes)) in starts {
        if begun == branches && entry > 0 && entry < of {
            runs.push((entry, 0));
        }
        if let Some(run) = runs.last_mut() {
            run.1 += bytes;
        }
    }
    if let [(_, bytes)] = runs[..] {
        return vec![Run { cut: None, bytes }];
    }
    let ends: Vec<u64> = runs.iter().skip(1).map(|run| run.0).chain([of]).collect();
    let with_end = runs.into_iter().zip(ends);
    with_end
        .map(|((start, bytes), end)| Run {
            cut: Some(Cut {
                entries: start..end,
                of,
            }),
            bytes,
        })
        .collect()
}

/// Appends a run of `piece`'s input: as one with the run before, where it follows that.
fn append(pieces: &mut Vec<Piece>, piece: &Piece, run: &Run) {
    let Some(cut) = &run.cut else {
        pieces.push(piece.clone());
        return;
    };
    if let Some(last) = pieces.last_mut()
        && (last.input, last.copy) == (piece.input, piece.copy)
        && let Some(before) = &mut last.cut
        && before.entries.end == cut.entries.start
    {
        before.entries.end = cut.entries.end;
        if before.entries == (0..before.of) {
            last.cut = None;
        }
        return;
    }
    pieces.push(Piece {
        cut: Some(cut.clone()),
        ..piece.clone()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_are_cut_where_all_branches_begin_a_basket() {
        let starts = BTreeMap::from([(0, (2, 30)), (5, (1, 10)), (8, (2, 20)), (9, (1, 7))]);
        let runs = cut(&starts, 2, 12);
        let found: Vec<_> = runs
            .iter()
            .map(|run| (run.cut.as_ref().unwrap().entries.clone(), run.bytes))
            .collect();
        assert_eq!(found, [(0..8, 40), (8..12, 27)]);
        assert!(cut(&starts, 3, 12)[0].cut.is_none());
    }

    #[test]
    fn runs_that_follow_each_other_become_one_piece() {
        let cut = |entries| Run {
            cut: Some(Cut { entries, of: 9 }),
            bytes: 1,
        };
        let mut pieces = Vec::new();
        append(&mut pieces, &Piece::whole(0, 0), &cut(3..6));
        append(&mut pieces, &Piece::whole(0, 0), &cut(6..9));
        append(&mut pieces, &Piece::whole(0, 1), &cut(0..3));
        append(&mut pieces, &Piece::whole(0, 1), &cut(3..9));
        assert_eq!(pieces.len(), 2);
        assert_eq!(pieces[0].entries(9), 3..9);
        assert_eq!(pieces[0].entries(4), 4..4);
        assert_eq!(pieces[1], Piece::whole(0, 1));
    }
}
