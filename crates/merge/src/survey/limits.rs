//! Leaves that keep the limits of their values: lengths of arrays, lengths of texts.
//!
//! Readers allocate by them (`TLeaf::IncludeRange`), so a merged leaf has the widest of all.

use rootlake_io::object::{Graph, ObjectId, Value};
use rootlake_io::tree::Tree;

use crate::error::MergeError;

/// The limits of one leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LeafLimits {
    /// The number of its branch in its tree.
    pub branch: usize,
    /// Its number in that branch.
    pub leaf: usize,
    minimum: i64,
    maximum: i64,
    length: i64,
}

/// The limits of all leaves of `tree` that have any.
pub(crate) fn of_tree(tree: &Tree) -> Result<Vec<LeafLimits>, MergeError> {
    let mut limits = Vec::new();
    for (branch, of) in tree.branches.iter().enumerate() {
        let leaves = &tree.graph.get(of.id)?.list("fLeaves")?.items;
        for (leaf, id) in leaves.iter().enumerate() {
            let Some(id) = id else { continue };
            let object = tree.graph.get(*id)?;
            let int = |name| object.int(name).unwrap_or(0);
            if int("fIsRange") != 0 || &*object.class == "TLeafC" {
                limits.push(LeafLimits {
                    branch,
                    leaf,
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
    /// Widens those of the same leaf of the branch object `branch`.
    pub fn widen(&self, graph: &mut Graph, branch: ObjectId) -> Result<(), MergeError> {
        let leaves = &graph.get(branch)?.list("fLeaves")?.items;
        let Some(Some(leaf)) = leaves.get(self.leaf).copied() else {
            return Ok(());
        };
        let leaf = graph.get_mut(leaf)?;
        let is_text = &*leaf.class == "TLeafC";
        let mut set = |name: &str, value: i64, choose: fn(i64, i64) -> i64| match leaf.int(name) {
            Ok(known) => leaf.set(name, Value::Int(choose(known, value))),
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
