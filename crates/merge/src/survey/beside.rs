//! What a tree keeps beside its branches, to tell whether that of another is the same.

use std::collections::HashMap;

use rootlake_io::object::{Body, Graph, write_graph};
use rootlake_io::tree::Tree;
use xxhash_rust::xxh3::xxh3_64;

/// The lists that a tree keeps beside its branches.
const LISTS: [&str; 3] = ["fAliases", "fFriends", "fUserInfo"];

/// What a tree keeps beside its branches, of which a merged one has that of the first input.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Beside {
    /// The bits of `fWeight`.
    weight: Option<u64>,
    /// For each of [`LISTS`] the digest of its record, if there is anything in it.
    lists: [Option<u64>; LISTS.len()],
}

impl Beside {
    /// What a tree that was read in full keeps.
    ///
    /// # Errors
    /// When a pointer of its record leads nowhere.
    pub fn of(tree: &Tree) -> rootlake_io::Result<Self> {
        let mut lists = [None; LISTS.len()];
        for (list, name) in lists.iter_mut().zip(LISTS) {
            *list = digest(&tree.graph, name)?;
        }
        let weight = tree.graph.root()?.float("fWeight").ok();
        Ok(Self {
            weight: weight.map(f64::to_bits),
            lists,
        })
    }

    /// The members whose content `other` has not.
    pub fn not_in(&self, other: &Self) -> impl Iterator<Item = &'static str> {
        let weight = (self.weight != other.weight).then_some("fWeight");
        let lists = LISTS
            .into_iter()
            .zip(self.lists.into_iter().zip(other.lists));
        let lists = lists.filter(|(_, (own, other))| own.is_some() && own != other);
        weight.into_iter().chain(lists.map(|(name, _)| name))
    }
}

/// The digest of the list that `name` points to; none where that has no items.
fn digest(graph: &Graph, name: &str) -> rootlake_io::Result<Option<u64>> {
    let root = graph.root()?;
    // Trees of old versions have no such member.
    let Some(id) = root.find(name).and_then(|_| root.pointer(name).ok()?) else {
        return Ok(None);
    };
    if let Body::List(list) = &graph.get(id)?.body
        && list.items.iter().all(Option::is_none)
    {
        return Ok(None);
    }
    let mut alone = Graph::default();
    alone.graft(graph, id, &mut HashMap::new())?;
    // What cannot be written is refused where it would be: in the first input's tree.
    let record = write_graph(&alone, 0).unwrap_or_default();
    Ok(Some(xxh3_64(&record)))
}
