//! What the indices of an input's trees are of (`TTreeIndex`).

use std::sync::Arc;

use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::tree::{Tree, TreeIndex};
use serde::Serialize;

use crate::error::MergeError;

/// What a tree's index is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct IndexNames {
    /// `fMajorName`: the expression whose values come first.
    pub major: String,
    /// `fMinorName`: the expression whose values come second.
    pub minor: String,
}

/// What the index of `tree` is of, if it has one.
///
/// # Errors
/// When it is of a class that is not known, or leads to entries that are none.
pub(crate) fn names(
    file: &RootFile<impl ReadAt>,
    path: &str,
    tree: &Tree,
) -> Result<Option<Arc<IndexNames>>, MergeError> {
    let index = TreeIndex::of(&tree.graph);
    let index = index.map_err(|error| MergeError::Unsupported {
        file: file.name().to_string(),
        what: format!("tree {path}: its index (fTreeIndex: {error})"),
    })?;
    let Some(index) = index else { return Ok(None) };
    let is_entry = |entry| u64::try_from(entry).is_ok_and(|entry| entry < tree.entries);
    if let Some(key) = index.keys.iter().find(|key| !is_entry(key.entry)) {
        return Err(MergeError::Damaged {
            file: file.name().to_string(),
            place: format!("tree {path}: its index (fTreeIndex)"),
            damage: format!("it leads to entry {} of {}", key.entry, tree.entries),
        });
    }
    let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    Ok(Some(Arc::new(IndexNames {
        major: text(&index.major),
        minor: text(&index.minor),
    })))
}
