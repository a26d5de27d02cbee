//! What branches a tree has, and whether others have the same.

use std::collections::HashMap;
use std::sync::Arc;

use rootlake_io::object::{Body, Graph, Object, ObjectId, Value};
use rootlake_io::tree::{self, ColumnKind, Format, Tree};
use serde::Serialize;

/// What to do where the trees of two inputs have different branches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Schema {
    /// Refuse.
    #[default]
    Strict,
    /// Take all; entries without a branch get zeros, or empty texts and lists, and the receipt says
    /// so.
    Union,
    /// Take those that all have; the receipt names the others.
    Intersect,
}

/// A branch, as far as it must be the same in every input.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Branch {
    /// Its name after those of the branches it is in.
    pub path: String,
    /// Its own name.
    pub name: String,
    /// The name of its leaf, where it has one alone.
    pub leaf: Option<String>,
    /// Class, type and leaves, in words.
    pub description: String,
    /// How its entries become a column.
    pub kind: Option<ColumnKind>,
    /// Whether the bytes of an entry mean the same anywhere in a basket: plain leaves, and what
    /// can become a column.
    pub joinable: bool,
    /// How deep it stands in other branches: 0 at the top.
    pub depth: usize,
    /// The branch that it is in, by path.
    pub parent: Option<String>,
    /// The branch that counts its items, by path.
    pub counter: Option<String>,
    /// What stands for an entry that an input lacks; none where nothing can.
    pub blank: Option<Blank>,
}

/// What a branch gets for entries that it does not have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Blank {
    /// It has no entries of its own, but holds other branches.
    Holder,
    /// An entry of these bytes.
    Entry {
        bytes: Arc<[u8]>,
        /// Whether its baskets say where each entry begins (`TBranch::fEntryOffsetLen`).
        has_offsets: bool,
    },
}

/// The branches of `tree`.
pub(crate) fn branches(tree: &Tree) -> Vec<Branch> {
    let mut met: HashMap<&str, usize> = HashMap::new();
    let mut holders: Vec<String> = Vec::new();
    let below = tree.branches.iter().skip(1).map(|next| next.depth);
    let below = below.chain(std::iter::once(0));
    let branches = tree.branches.iter().zip(below).map(|(branch, below)| {
        // A branch that holds branches counts their entries: its numbers are no values.
        let format = branch.format.as_ref().filter(|_| below <= branch.depth);
        let kind = format.and_then(Format::kind);
        // Some trees have several branches of one path.
        let times = met.entry(&branch.path).or_default();
        *times += 1;
        let path = match *times {
            1 => branch.path.to_string(),
            times => format!("{}#{times}", branch.path),
        };
        holders.truncate(branch.depth);
        let parent = holders.last().cloned();
        holders.push(path.clone());
        Branch {
            path,
            name: branch.name.to_string(),
            leaf: only_leaf(&tree.graph, branch.id).ok().flatten(),
            description: format!(
                "{} {} ({})",
                branch.class,
                branch.type_name,
                leaves(&tree.graph, branch.id)
                    .and_then(|leaves| Ok(leaves + &references(tree, branch)?))
                    .unwrap_or_else(|error| error.to_string())
            ),
            kind,
            joinable: kind.is_some() || &*branch.class == "TBranch",
            depth: branch.depth,
            parent,
            counter: branch
                .counter
                .as_ref()
                .map(|counter| counter.path.to_string()),
            blank: blank(&tree.graph, branch, below > branch.depth),
        }
    });
    branches.collect()
}

fn blank(graph: &Graph, branch: &tree::Branch, holds_branches: bool) -> Option<Blank> {
    match &branch.format {
        Some(format) => {
            let offsets = graph.get(branch.id).ok()?.int("fEntryOffsetLen").ok()?;
            Some(Blank::Entry {
                bytes: format.blank()?.into(),
                has_offsets: offsets > 0,
            })
        }
        None if holds_branches && branch.unreadable.is_none() => Some(Blank::Holder),
        None => None,
    }
}

/// Which of `branches` an expression calls `name`, as `TTreeFormula` finds it: by its path, its own
/// name, that of its leaf, or both.
pub(crate) fn called<'a>(
    branches: impl Iterator<Item = &'a Branch> + Clone,
    name: &str,
) -> Option<usize> {
    let by_leaf = |branch: &Branch| {
        let leaf = branch.leaf.as_deref()?;
        let of_branch = name.strip_suffix(leaf)?.strip_suffix('.');
        Some(leaf == name || of_branch == Some(&*branch.name))
    };
    let of = |is: &dyn Fn(&Branch) -> bool| branches.clone().position(is);
    of(&|branch| branch.path == name)
        .or_else(|| of(&|branch| branch.name == name))
        .or_else(|| of(&|branch| by_leaf(branch) == Some(true)))
}

fn only_leaf(graph: &Graph, branch: ObjectId) -> rootlake_io::Result<Option<String>> {
    match graph.get(branch)?.list("fLeaves")?.items.as_slice() {
        [Some(leaf)] => graph.get(*leaf)?.text("fName").map(Some),
        _ => Ok(None),
    }
}

fn leaves(graph: &Graph, branch: ObjectId) -> rootlake_io::Result<String> {
    let mut words = String::new();
    for id in graph.get(branch)?.list("fLeaves")?.items.iter().flatten() {
        if !words.is_empty() {
            words.push_str(", ");
        }
        leaf(graph.get(*id)?, &mut words)?;
    }
    Ok(words)
}

/// Of a branch of references (`TBranchRef`), what its entries mean by numbers: branches, and the
/// processes whose references they are (`TRefTable`).
fn references(tree: &Tree, branch: &tree::Branch) -> rootlake_io::Result<String> {
    if &*branch.class != "TBranchRef" {
        return Ok(String::new());
    }
    let graph = &tree.graph;
    let Some(table) = graph.get(branch.id)?.pointer("fRefTable")? else {
        return Ok(String::new());
    };
    let table = graph.get(table)?;
    let mut words = "to".to_owned();
    if let Some(parents) = table.pointer("fParents")?
        && let Body::List(parents) = &graph.get(parents)?.body
    {
        let of = |branch: &tree::Branch| (branch.id, branch.path.clone());
        let paths: HashMap<ObjectId, Arc<str>> = tree.branches.iter().map(of).collect();
        for parent in &parents.items {
            let path = parent.and_then(|parent| paths.get(&parent));
            words.push(' ');
            words += path.map_or("nowhere", |path| path);
        }
    }
    if let Value::Opaque(processes) = table.member("fProcessGUIDs")? {
        // UUIDs, each behind its length; what is shorter says how many there are.
        let text = String::from_utf8_lossy(processes);
        let uuids = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
        words.push_str(" of processes");
        let uuids = uuids.filter(|word| word.len() > 8);
        words.extend(uuids.flat_map(|word| [" ", word]));
    }
    Ok(words)
}

fn leaf(leaf: &Object, words: &mut String) -> rootlake_io::Result<()> {
    use std::fmt::Write;
    let sign = if leaf.int("fIsUnsigned")? == 0 {
        ""
    } else {
        " unsigned"
    };
    // The length of a text's leaf is that of the longest text.
    let length = if &*leaf.class == "TLeafC" {
        0
    } else {
        leaf.int("fLen")?
    };
    let title = leaf.text("fTitle")?;
    // Writing to a text does not fail.
    let _ = write!(words, "{} {title}[{length}]{sign}", leaf.class);
    Ok(())
}

/// How `other` differs from `first`, in words; nothing where baskets of one can stand in the
/// other.
pub(crate) fn difference(tree: &str, first: &[Branch], other: &[Branch]) -> Option<String> {
    let lacks = |of: &[Branch], path: &str| of.iter().all(|branch| branch.path != path);
    if let Some(branch) = first.iter().find(|branch| lacks(other, &branch.path)) {
        return Some(format!("tree {tree} has no branch {}", branch.path));
    }
    if let Some(branch) = other.iter().find(|branch| lacks(first, &branch.path)) {
        return Some(format!("tree {tree} has a further branch {}", branch.path));
    }
    first.iter().zip(other).find_map(|(a, b)| {
        if a.path != b.path {
            Some(format!("branch {} stands where {} should", b.path, a.path))
        } else {
            (a.description != b.description).then(|| clash(a, b))
        }
    })
}

/// How one branch differs from another of the same path, in words.
pub(crate) fn clash(first: &Branch, other: &Branch) -> String {
    format!(
        "branch {} is {}, not {}",
        first.path, other.description, first.description
    )
}
