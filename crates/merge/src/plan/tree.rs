//! What a tree of the output is made of.

use std::sync::Arc;

use serde::Serialize;

use crate::piece::Piece;
use crate::request::Request;
use crate::schema::Branch;
use crate::survey::index::IndexNames;
use crate::survey::input::{Input, InputTree};

/// A tree of the output.
#[derive(Clone, Debug, Serialize)]
pub struct TreePlan {
    /// Its path.
    pub path: Arc<str>,
    /// The entries it will have.
    pub entries: u64,
    /// The baskets that will be copied.
    pub baskets: u64,
    /// The bytes of these baskets.
    pub basket_bytes: u64,
    /// The baskets in the inputs' own tree records, which will be joined to longer ones.
    pub embedded_baskets: u64,
    /// For each input, the entries it gives to each copy; none where it has no such tree.
    pub entries_per_input: Vec<Option<u64>>,
    /// Where it is not what the inputs' trees are.
    #[serde(flatten)]
    pub differences: Differences,
    /// Its branches, those within branches too.
    #[serde(skip)]
    pub(crate) branches: Vec<PlannedBranch>,
    /// For each input, the number of the tree in it, and of each of the branches.
    #[serde(skip)]
    pub(crate) parts: Vec<Option<(usize, BranchMap)>>,
}

/// Where a merged tree is not what each of the inputs' trees is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Differences {
    /// Branches that some inputs lack, whose entries get zeros or empty lists there.
    pub filled: Vec<String>,
    /// Branches that some inputs lack, which are left out.
    pub dropped: Vec<String>,
    /// What becomes of the indices of the inputs' trees, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<IndexPlan>,
    /// What the inputs' trees hold beside their branches (`fUserInfo`, `fAliases`, `fFriends`,
    /// `fWeight`) and is left out: what is not understood, and what differs from the first's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

/// For each planned branch, its number in an input's tree, where that has it.
pub(crate) type BranchMap = Arc<[Option<usize>]>;
/// A branch of a tree of the output.
#[derive(Clone, Debug)]
pub(crate) struct PlannedBranch {
    pub branch: Branch,
    /// The input whose description of it is taken, and its number there.
    pub from: (usize, usize),
}

/// What becomes of the indices of a tree's inputs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IndexPlan {
    /// They are put behind each other, and sorted; those that inputs lack are built.
    Merged(IndexNames),
    /// The merged tree has none, since an input has not this one, and it cannot be built there.
    LeftOut(IndexNames),
}

impl TreePlan {
    /// The tree in the input numbered `input`, and where the planned branches stand there.
    pub(crate) fn part<'a>(
        &'a self,
        inputs: &'a [Input],
        input: usize,
    ) -> Option<(&'a InputTree, &'a BranchMap)> {
        let (tree, map) = self.parts.get(input)?.as_ref()?;
        Some((inputs.get(input)?.trees.get(*tree)?, map))
    }

    /// Counts entries and baskets of `pieces`, each so many times.
    pub(super) fn count(&mut self, inputs: &[Input], pieces: &[(Piece, u64)], request: &Request) {
        let mut counts = [0u64; 4];
        for (piece, times) in pieces.iter().filter(|(_, times)| *times > 0) {
            let Some((held, map)) = self.part(inputs, piece.input) else {
                continue;
            };
            let written = if request.shared { 1 } else { *times };
            let range = piece.entries(held.entries);
            let weight = held.weight(map, &range);
            let own = [
                range.end - range.start,
                weight.stored,
                weight.stored_bytes,
                weight.embedded,
            ];
            let factors = [*times, written, written, written];
            for ((count, own), times) in counts.iter_mut().zip(own).zip(factors) {
                *count = count.saturating_add(own.saturating_mul(times));
            }
        }
        [
            self.entries,
            self.baskets,
            self.basket_bytes,
            self.embedded_baskets,
        ] = counts;
    }
}
