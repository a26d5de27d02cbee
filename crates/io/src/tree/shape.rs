//! Trees of one shape: the same branches, with other entries in other places.
//!
//! Of thousands of inputs of one kind, the first tree is read in full. Where the others are of its
//! shape, only what is different in them is read.

use std::collections::HashMap;

use bytes::Bytes;

use super::Tree;
use super::branch::Basket;
use super::stated::Stated;
use crate::column::Values;
use crate::object::{Body, Graph, Layouts, List, Object, ObjectId, RecordShape, Value};

/// Whether a member of a tree or branch says how many entries there are, or where they stand, or
/// how the writer was set. The limits of leaves are not among them: they are part of the shape.
pub(super) fn varies(class: &str, member: &str) -> bool {
    match class {
        "TTree" => matches!(
            member,
            "fEntries"
                | "fTotBytes"
                | "fZipBytes"
                | "fSavedBytes"
                | "fFlushedBytes"
                | "fNClusterRange"
                | "fAutoSave"
                | "fAutoFlush"
                | "fClusterRangeEnd"
                | "fClusterSize"
        ),
        "TBranch" => matches!(
            member,
            "fCompress"
                | "fBasketSize"
                | "fEntryOffsetLen"
                | "fWriteBasket"
                | "fEntryNumber"
                | "fMaxBaskets"
                | "fEntries"
                | "fFirstEntry"
                | "fTotBytes"
                | "fZipBytes"
                | "fBaskets"
                | "fBasketBytes"
                | "fBasketEntry"
                | "fBasketSeek"
        ),
        _ => false,
    }
}

/// What trees of one kind have in common.
#[derive(Clone, Debug)]
pub struct TreeShape {
    record: RecordShape,
    tree: TreeMembers,
    branches: Vec<BranchMembers>,
}

/// What is different in trees of one shape.
#[derive(Clone, Debug)]
pub struct Outline {
    /// `fEntries`.
    pub entries: u64,
    /// `fAutoFlush`: entries per cluster; negative: bytes.
    pub auto_flush: i64,
    /// `fClusterRangeEnd`: the last entry of each range of clusters.
    pub cluster_ends: Values,
    /// `fClusterSize`: the entries per cluster in each.
    pub cluster_sizes: Values,
    /// The baskets of each branch.
    pub baskets: Vec<Vec<Basket>>,
}

/// The numbers of a tree's members among those that differ.
#[derive(Clone, Copy, Debug)]
struct TreeMembers {
    entries: usize,
    auto_flush: usize,
    cluster_ends: usize,
    cluster_sizes: usize,
}

/// The numbers of a branch's members among those that differ.
#[derive(Clone, Copy, Debug)]
struct BranchMembers {
    entries: usize,
    write_basket: usize,
    first_entries: usize,
    seeks: usize,
    lengths: usize,
    embedded: usize,
    is_parent: bool,
}

impl TreeShape {
    /// The shape of `tree`, whose record's is `record`; none where it lacks a member, as old
    /// versions do, or a branch contradicts itself.
    pub(super) fn new(record: RecordShape, tree: &Tree) -> Option<Self> {
        let numbers: HashMap<(ObjectId, &str), usize> = record
            .members
            .iter()
            .enumerate()
            .map(|(number, (owner, name))| ((*owner, &**name), number))
            .collect();
        let of_tree = |name| numbers.get(&(Graph::ROOT, name)).copied();
        let depths = tree.branches.iter().map(|branch| branch.depth);
        let below = depths.clone().skip(1).chain([0]);
        let branches = tree.branches.iter().zip(below).map(|(branch, below)| {
            let of = |name| numbers.get(&(branch.id, name)).copied();
            let is_whole = branch.damage.is_none();
            is_whole.then_some(BranchMembers {
                entries: of("fEntries")?,
                write_basket: of("fWriteBasket")?,
                first_entries: of("fBasketEntry")?,
                seeks: of("fBasketSeek")?,
                lengths: of("fBasketBytes")?,
                embedded: of("fBaskets")?,
                is_parent: below > branch.depth,
            })
        });
        Some(Self {
            tree: TreeMembers {
                entries: of_tree("fEntries")?,
                auto_flush: of_tree("fAutoFlush")?,
                cluster_ends: of_tree("fClusterRangeEnd")?,
                cluster_sizes: of_tree("fClusterSize")?,
            },
            branches: branches.collect::<Option<_>>()?,
            record,
        })
    }

    /// What is different in the tree whose expanded record is `content`, behind a key of
    /// `key_length` bytes; none where it is of another shape, or its branches do not hold each of
    /// its entries: then [`Tree::read`] says what it is.
    pub fn outline(&self, content: &Bytes, key_length: u16, layouts: &Layouts) -> Option<Outline> {
        let (values, graph) = self.record.values(content, key_length.into(), layouts)?;
        let values = Found { values: &values };
        let entries = u64::try_from(values.int(self.tree.entries)?).ok()?;
        let branches = self.branches.iter().map(|branch| {
            let stated = Stated {
                entries: u64::try_from(values.int(branch.entries)?).ok()?,
                write_basket: values.int(branch.write_basket)?,
                first_entries: values.array(branch.first_entries)?,
                seeks: values.array(branch.seeks)?,
                lengths: values.array(branch.lengths)?,
                embedded: &values.list(branch.embedded)?.items,
                is_parent: branch.is_parent,
            };
            let baskets = stated.baskets(&graph).ok()?;
            (baskets.is_empty() || stated.entries == entries).then_some(baskets)
        });
        Some(Outline {
            baskets: branches.collect::<Option<_>>()?,
            entries,
            auto_flush: values.int(self.tree.auto_flush)?,
            cluster_ends: values.array(self.tree.cluster_ends)?.clone(),
            cluster_sizes: values.array(self.tree.cluster_sizes)?.clone(),
        })
    }
}

/// The values of the members that differ.
struct Found<'a> {
    values: &'a [Value],
}

impl<'a> Found<'a> {
    fn int(&self, member: usize) -> Option<i64> {
        match self.values.get(member)? {
            Value::Int(value) => Some(*value),
            _ => None,
        }
    }

    fn array(&self, member: usize) -> Option<&'a Values> {
        match self.values.get(member)? {
            Value::Array(values) => Some(values),
            _ => None,
        }
    }

    fn list(&self, member: usize) -> Option<&'a List> {
        match self.values.get(member)? {
            Value::Object(object) => match &**object {
                Object {
                    body: Body::List(list),
                    ..
                } => Some(list),
                _ => None,
            },
            _ => None,
        }
    }
}
