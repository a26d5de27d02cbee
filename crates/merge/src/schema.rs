//! Whether two trees have the same branches.

use rootlake_io::object::Object;
use rootlake_io::tree::{Branch, Tree};

/// How `other` differs from `first`, in words; nothing where baskets of one can stand in the
/// other.
pub(crate) fn difference(first: &Tree, other: &Tree) -> Option<String> {
    for branch in &first.branches {
        if !other
            .branches
            .iter()
            .any(|candidate| candidate.path == branch.path)
        {
            return Some(format!("tree {} has no branch {}", other.name, branch.path));
        }
    }
    for branch in &other.branches {
        if !first
            .branches
            .iter()
            .any(|candidate| candidate.path == branch.path)
        {
            return Some(format!(
                "tree {} has a further branch {}",
                other.name, branch.path
            ));
        }
    }
    first
        .branches
        .iter()
        .zip(&other.branches)
        .find_map(|(a, b)| {
            if a.path != b.path {
                return Some(format!("branch {} stands where {} should", b.path, a.path));
            }
            let (a_type, b_type) = (describe(first, a), describe(other, b));
            (a_type != b_type).then(|| format!("branch {} is {b_type}, not {a_type}", a.path))
        })
}

/// Class, type and leaves of a branch, in words.
fn describe(tree: &Tree, branch: &Branch) -> String {
    let leaves = || -> rootlake_io::Result<Vec<String>> {
        let object = tree.graph.get(branch.id)?;
        let leaves = object.list("fLeaves")?.items.iter().flatten();
        leaves
            .map(|id| tree.graph.get(*id).and_then(leaf))
            .collect()
    };
    let leaves = leaves().map_or_else(|error| error.to_string(), |leaves| leaves.join(", "));
    format!("{} {} ({leaves})", branch.class, branch.type_name)
}

fn leaf(leaf: &Object) -> rootlake_io::Result<String> {
    let unsigned = if leaf.int("fIsUnsigned")? == 0 {
        ""
    } else {
        " unsigned"
    };
    Ok(format!(
        "{} {}[{}]{unsigned}",
        leaf.class,
        leaf.text("fTitle")?,
        leaf.int("fLen")?
    ))
}
