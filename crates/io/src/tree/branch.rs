//! A branch: what its entries are, and in which baskets they stand.

use std::collections::HashMap;
use std::sync::Arc;

use super::column_kind::ColumnKind;
use super::counted;
use super::format::{Classes, Format};
use super::stated::{Stated, integers};
use crate::error::{Error, Result};
use crate::object::{Body, EmbeddedBasket, Graph, Layouts, Object, ObjectId};

/// How deep branches may stand in branches.
const MAX_DEPTH: usize = 64;

/// A branch of a tree.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its name.
    pub name: String,
    /// Its name after those of the branches it is in, with dots between.
    pub path: String,
    /// The names of the branches it is in and its own, with slashes between: as uproot has it.
    pub address: String,
    /// Its title: the leaf list, for branches of plain values.
    pub title: String,
    /// Its class: `TBranch`, `TBranchElement` …
    pub class: String,
    /// The C++ type of an entry, as far as it is known.
    pub type_name: String,
    /// How deep it stands among branches: 0 at the top.
    pub depth: usize,
    /// `fEntries`.
    pub entries: u64,
    /// Bytes of its baskets, expanded: `fTotBytes`, and those in the tree's own record.
    pub total_bytes: u64,
    /// Bytes of its baskets, stored.
    pub stored_bytes: u64,
    /// `fCompress`: compression settings of its baskets, as ROOT numbers them.
    pub compression: i32,
    /// How its entries are laid out; none where it only holds other branches.
    pub format: Option<Format>,
    /// The branch that counts the items of its entries, where another one does.
    pub counter: Option<Arc<Branch>>,
    /// Why its entries cannot become a column, though its baskets can be copied.
    pub unreadable: Option<String>,
    /// Its baskets, in the order of their entries.
    pub baskets: Vec<Basket>,
    /// How its baskets contradict each other.
    pub damage: Option<String>,
    /// Its object in the tree's graph.
    pub id: ObjectId,
}

/// Where a run of a branch's entries stands.
#[derive(Clone, Debug)]
pub struct Basket {
    /// The first entry.
    pub first_entry: u64,
    /// The number of entries.
    pub entries: u64,
    /// Where they stand.
    pub location: Location,
}

/// Where a basket stands.
#[derive(Clone, Debug)]
pub enum Location {
    /// In a record of its own.
    Stored {
        /// Where it stands in the file (`fBasketSeek`).
        seek: u64,
        /// Its length in bytes, key included (`fBasketBytes`).
        nbytes: u32,
    },
    /// In the tree's record.
    Embedded(EmbeddedBasket),
}

impl Basket {
    /// The entry behind the last.
    pub fn end_entry(&self) -> u64 {
        self.first_entry.saturating_add(self.entries)
    }

    /// Whether it stands in a record of its own.
    pub fn is_stored(&self) -> bool {
        matches!(self.location, Location::Stored { .. })
    }

    /// The bytes it takes in the file.
    pub fn stored_bytes(&self) -> u64 {
        match &self.location {
            Location::Stored { nbytes, .. } => u64::from(*nbytes),
            Location::Embedded(embedded) => embedded.raw.len() as u64,
        }
    }
}

impl Branch {
    /// How its entries are laid out.
    ///
    /// # Errors
    /// When they cannot become columns: the error says why.
    pub fn format(&self) -> Result<&Format> {
        match (&self.format, &self.damage, &self.unreadable) {
            (_, Some(damage), _) => Err(Error::malformed(damage.clone())),
            (Some(format), None, _) => Ok(format),
            (None, None, Some(reason)) => Err(Error::malformed(reason.clone())),
            (None, None, None) => Err(Error::unsupported(
                "reading of a branch that holds branches",
            )),
        }
        .map_err(|error| error.in_object(format!("branch {}", self.path)))
    }

    /// The flat kind of column that its entries make.
    ///
    /// # Errors
    /// When they make none, or another kind.
    pub fn column_kind(&self) -> Result<ColumnKind> {
        self.format()?.kind().ok_or_else(|| {
            Error::unsupported(format!(
                "type {}: neither a number nor a vector of numbers",
                self.type_name
            ))
            .in_object(format!("branch {}", self.path))
        })
    }

    /// The same branch with other baskets, of which those in records of their own take
    /// `total_bytes` when expanded.
    pub(super) fn with_baskets(&self, total_bytes: i64, baskets: Vec<Basket>) -> Self {
        Self {
            name: self.name.clone(),
            path: self.path.clone(),
            address: self.address.clone(),
            title: self.title.clone(),
            class: self.class.clone(),
            type_name: self.type_name.clone(),
            depth: self.depth,
            entries: self.entries,
            total_bytes: u64::try_from(total_bytes)
                .unwrap_or(0)
                .saturating_add(embedded_bytes(&baskets)),
            stored_bytes: baskets.iter().map(Basket::stored_bytes).sum(),
            compression: self.compression,
            format: self.format.clone(),
            counter: self.counter.clone(),
            unreadable: self.unreadable.clone(),
            baskets,
            damage: self.damage.clone(),
            id: self.id,
        }
    }

    /// The baskets that hold any of the entries `range`.
    pub fn baskets_in(&self, range: std::ops::Range<u64>) -> &[Basket] {
        let from = self
            .baskets
            .partition_point(|basket| basket.end_entry() <= range.start);
        let to = self
            .baskets
            .partition_point(|basket| basket.first_entry < range.end);
        self.baskets.get(from..to).unwrap_or_default()
    }
}

/// The bytes of those baskets that stand in the tree's record.
fn embedded_bytes(baskets: &[Basket]) -> u64 {
    let embedded = baskets.iter().filter(|basket| !basket.is_stored());
    embedded.map(Basket::stored_bytes).sum()
}

/// A branch that holds others.
pub(super) struct Parent {
    path: String,
    address: String,
    depth: usize,
}

/// Collects the branches of a tree, each before the branches in it.
pub(super) struct Collector<'a> {
    graph: &'a Graph,
    classes: Classes<'a>,
    /// Compression settings of branches without their own.
    compression: i32,
    found: Vec<Branch>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(graph: &'a Graph, layouts: &'a Layouts, compression: i32) -> Self {
        Self {
            graph,
            classes: Classes::new(layouts),
            compression,
            found: Vec::new(),
        }
    }

    /// Adds the branch `id`, which may stand in `parent`, and all branches in it.
    pub(super) fn add(&mut self, id: ObjectId, parent: Option<&Parent>) -> Result<()> {
        let depth = parent.map_or(0, |parent| parent.depth + 1);
        if depth > MAX_DEPTH || self.found.len() > 10_000_000 {
            return Err(Error::malformed("its branches hold each other"));
        }
        let object = self.graph.get(id)?;
        if !matches!(object.body, Body::Members(_)) {
            return Err(Error::unsupported(format!("branch class {}", object.class)));
        }
        let children = &object.list("fBranches")?.items;
        let is_parent = children.iter().flatten().next().is_some();
        let branch = self.branch(object, id, parent, is_parent)?;
        let own = Parent {
            path: branch.path.clone(),
            address: branch.address.clone(),
            depth,
        };
        self.found.push(branch);
        for child in children.iter().flatten() {
            self.add(*child, Some(&own))?;
        }
        Ok(())
    }

    fn branch(
        &self,
        object: &Object,
        id: ObjectId,
        parent: Option<&Parent>,
        is_parent: bool,
    ) -> Result<Branch> {
        let name = object.text("fName")?;
        let own_compression = i32::try_from(object.int("fCompress")?).unwrap_or(-1);
        let entries = counted(object, "fEntries")?;
        let (baskets, damage) = match baskets(self.graph, object, entries, is_parent) {
            Ok(baskets) => (baskets, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let class_name = || object.text("fClassName").unwrap_or_default();
        let described = Format::of_branch(self.graph, object, &self.classes);
        let (type_name, format, unreadable) = match described {
            // A split object's own branch has no bytes of its own.
            Ok(_) if is_parent && baskets.is_empty() => (class_name(), None, None),
            Ok((type_name, format)) => (type_name, Some(format), None),
            Err(_) if is_parent => (class_name(), None, None),
            Err(error) => (class_name(), None, Some(error.to_string())),
        };
        Ok(Branch {
            title: object.text("fTitle")?,
            class: object.class.to_string(),
            path: path(parent.map_or("", |parent| &parent.path), &name),
            address: match parent {
                Some(parent) => format!("{}/{name}", parent.address),
                None => name.clone(),
            },
            type_name,
            depth: parent.map_or(0, |parent| parent.depth + 1),
            entries,
            total_bytes: counted(object, "fTotBytes")
                .unwrap_or(0)
                .saturating_add(embedded_bytes(&baskets)),
            stored_bytes: baskets.iter().map(Basket::stored_bytes).sum(),
            compression: if own_compression < 0 {
                self.compression
            } else {
                own_compression
            },
            format,
            counter: None,
            unreadable,
            baskets,
            damage,
            id,
            name,
        })
    }

    /// The branches, those of counted arrays with the branch that counts.
    pub(super) fn finish(mut self) -> Result<Vec<Branch>> {
        let mut by_leaf = HashMap::new();
        for (index, branch) in self.found.iter().enumerate() {
            for leaf in self
                .graph
                .get(branch.id)?
                .list("fLeaves")?
                .items
                .iter()
                .flatten()
            {
                by_leaf.insert(*leaf, index);
            }
        }
        let mut shared: HashMap<usize, Arc<Branch>> = HashMap::new();
        for index in 0..self.found.len() {
            let Some(branch) = self.found.get(index) else {
                break;
            };
            let counting = match branch.format {
                Some(Format::Rest(..)) => self.counting_leaf(branch.id)?,
                Some(Format::Collected(_)) => self.item_counting_leaf(branch.id)?,
                _ => None,
            };
            let Some(counter) = counting.and_then(|leaf| by_leaf.get(&leaf)) else {
                continue;
            };
            let counter = match shared.get(counter) {
                Some(counter) => Arc::clone(counter),
                None => {
                    let Some(found) = self.found.get(*counter) else {
                        continue;
                    };
                    let counted = Arc::new(found.clone());
                    shared.insert(*counter, Arc::clone(&counted));
                    counted
                }
            };
            if let Some(branch) = self.found.get_mut(index) {
                branch.counter = Some(counter);
            }
        }
        Ok(self.found)
    }

    /// The leaf of the branch that counts the values in each item of a branch's collection.
    fn item_counting_leaf(&self, branch: ObjectId) -> Result<Option<ObjectId>> {
        let Some(counter) = self.graph.get(branch)?.pointer("fBranchCount2")? else {
            return Ok(None);
        };
        let leaves = &self.graph.get(counter)?.list("fLeaves")?.items;
        Ok(leaves.first().copied().flatten())
    }

    /// The leaf that counts the items of a branch's leaf.
    fn counting_leaf(&self, branch: ObjectId) -> Result<Option<ObjectId>> {
        let leaves = &self.graph.get(branch)?.list("fLeaves")?.items;
        match leaves.as_slice() {
            [Some(leaf)] => self.graph.get(*leaf)?.pointer("fLeafCount"),
            _ => Ok(None),
        }
    }
}

/// A branch's name after those of the branches it is in.
fn path(prefix: &str, name: &str) -> String {
    let stem = name.trim_end_matches('.');
    let within = stem
        .strip_prefix(prefix)
        .is_some_and(|rest| rest.starts_with('.'));
    if prefix.is_empty() || within {
        stem.to_owned()
    } else {
        format!("{prefix}.{stem}")
    }
}

/// The baskets of a branch, from what it says of them.
fn baskets(graph: &Graph, branch: &Object, entries: u64, is_parent: bool) -> Result<Vec<Basket>> {
    let file = branch.text("fFileName").unwrap_or_default();
    if !file.is_empty() {
        return Err(Error::unsupported(format!(
            "branch in another file, {file:?}"
        )));
    }
    let stated = Stated {
        entries,
        write_basket: branch.int("fWriteBasket")?,
        first_entries: &integers(branch.array("fBasketEntry")?)?,
        seeks: &integers(branch.array("fBasketSeek")?)?,
        lengths: &integers(branch.array("fBasketBytes")?)?,
        embedded: &branch.list("fBaskets")?.items,
        is_parent,
    };
    let mut baskets = Vec::new();
    stated.each(|basket| {
        baskets.push(basket.basket(graph)?);
        Ok(())
    })?;
    Ok(baskets)
}
