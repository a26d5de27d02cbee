//! Leaves that keep the limits of their values: lengths of arrays, lengths of texts; and branches that
//! keep the most items of an entry.
//!
//! Readers allocate by them (`TLeaf::IncludeRange`), and take an entry with more items for one of none
//! (`TBranchElement::fMaximum`): what is merged has the widest of all.

use rootlake_io::object::{Graph, ObjectId, Value};
use rootlake_io::tree::Tree;

use crate::error::MergeError;

/// The limits of one leaf, or of a branch itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LeafLimits {
    /// The number of its branch in its tree.
    pub branch: usize,
    /// Its number in that branch; none where they are the branch's.
    pub leaf: Option<usize>,
    minimum: i64,
    maximum: i64,
    length: i64,
}

/// The limits of all leaves of `tree` that have any.
pub(crate) fn of_tree(tree: &Tree) -> Result<Vec<LeafLimits>, MergeError> {
    let mut limits = Vec::new();
    for (branch, of) in tree.branches.iter().enumerate() {
        let object = tree.graph.get(of.id)?;
        let most_items = object.int("fMaximum").unwrap_or(0);
        if most_items > 0 {
            limits.push(LeafLimits {
                branch,
                leaf: None,
                minimum: 0,
                maximum: most_items,
                length: 0,
            });
        }
        let leaves = &object.list("fLeaves")?.items;
        for (leaf, id) in leaves.iter().enumerate() {
            let Some(id) = id else { continue };
            let object = tree.graph.get(*id)?;
            let int = |name| object.int(name).unwrap_or(0);
            if int("fIsRange") != 0 || &*object.class == "TLeafC" {
                limits.push(LeafLimits {
                    branch,
                    leaf: Some(leaf),
                    minimum: int("fMinimum"),
                    maximum: int("fMaximum"),
                    length: int("fLen"),
                });
            }
        }
    }
    Ok(limits)
}

impl LeafLimits {
    /// Widens those of the branch object `branch`, or of its same leaf.
    pub fn widen(&self, graph: &mut Graph, branch: ObjectId) -> Result<(), MergeError> {
        let leaves = &graph.get(branch)?.list("fLeaves")?.items;
        let held = self
            .leaf
            .map_or(Some(branch), |leaf| leaves.get(leaf).copied().flatten());
        let Some(held) = held else { return Ok(()) };
        let held = graph.get_mut(held)?;
        let is_text = &*held.class == "TLeafC";
        let mut set = |name: &str, value: i64, choose: fn(i64, i64) -> i64| match held.int(name) {
            Ok(known) => held.set(name, Value::Int(choose(known, value))),
            Err(_) => Ok(()),
        };
        set("fMinimum", self.minimum, i64::min)?;
        set("fMaximum", self.maximum, i64::max)?;
        if is_text {
            set("fLen", self.length, i64::max)?;
        }
        Ok(())
    }
}
