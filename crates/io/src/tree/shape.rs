//! Trees of one shape: the same branches, with other entries in other places.
//!
//! Of thousands of inputs of one kind, the first tree is read in full. Where the others are of its
//! shape, only what is different in them is read.

use std::collections::HashMap;

use bytes::Bytes;

use super::outline::{BasketPlaces, Outline};
use super::stated::{Integers, Stated};
use super::{Branch, Tree};
use crate::object::{Graph, Layouts, MemberValues, ObjectId, RecordShape};

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
    total_bytes: usize,
    compression: usize,
    is_parent: bool,
}

impl BranchMembers {
    /// What a branch says of its baskets.
    #[inline]
    fn stated<'v>(&self, values: &'v MemberValues<'v>) -> Option<Stated<'v>> {
        Some(Stated {
            entries: u64::try_from(values.int(self.entries)?).ok()?,
            write_basket: values.int(self.write_basket)?,
            first_entries: Integers::Stored(values.integers(self.first_entries)?),
            seeks: Integers::Stored(values.integers(self.seeks)?),
            lengths: Integers::Stored(values.integers(self.lengths)?),
            embedded: values.items(self.embedded)?,
            is_parent: self.is_parent,
        })
    }
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
            let is_whole = branch.damage.is_none() && branch.elsewhere.is_none();
            is_whole.then_some(BranchMembers {
                entries: of("fEntries")?,
                write_basket: of("fWriteBasket")?,
                first_entries: of("fBasketEntry")?,
                seeks: of("fBasketSeek")?,
                lengths: of("fBasketBytes")?,
                embedded: of("fBaskets")?,
                total_bytes: of("fTotBytes")?,
                compression: of("fCompress")?,
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
        let values = self.record.values(content, key_length.into(), layouts)?;
        let entries = u64::try_from(values.int(self.tree.entries)?).ok()?;
        let mut places = Vec::with_capacity(self.branches.len());
        let mut ends = Vec::with_capacity(self.branches.len());
        let mut total_bytes = Vec::with_capacity(self.branches.len());
        for branch in &self.branches {
            let stated = branch.stated(&values)?;
            let before = places.len();
            stated
                .each(&values.graph, |basket| places.push(basket.place()))
                .ok()?;
            if places.len() > before && stated.entries != entries {
                return None;
            }
            ends.push(u32::try_from(places.len()).ok()?);
            total_bytes.push(u64::try_from(values.int(branch.total_bytes)?).unwrap_or(0));
        }
        Some(Outline {
            baskets: BasketPlaces::new(ends, places),
            entries,
            auto_flush: values.int(self.tree.auto_flush)?,
            cluster_ends: values.integers(self.tree.cluster_ends)?.to_vec(),
            cluster_sizes: values.integers(self.tree.cluster_sizes)?.to_vec(),
            total_bytes,
        })
    }

    /// The number of entries of a tree of this shape, whose expanded record is `content` behind a
    /// key of `key_length` bytes, and some of its branches: those at `places` among the branches
    /// `pattern` of the tree that the shape is of. None where it is of another shape, or where a
    /// branch contradicts itself or is counted by another: then [`Tree::read`] says what it is.
    ///
    /// `compression` is that of the file, for branches without their own.
    pub fn branches(
        &self,
        pattern: &[Branch],
        places: &[usize],
        (content, key_length): (&Bytes, u16),
        layouts: &Layouts,
        compression: i32,
    ) -> Option<(u64, Vec<Branch>)> {
        let values = self.record.values(content, key_length.into(), layouts)?;
        let entries = u64::try_from(values.int(self.tree.entries)?).ok()?;
        let branches = places.iter().map(|&place| {
            let (members, pattern) = (self.branches.get(place)?, pattern.get(place)?);
            let stated = members.stated(&values)?;
            let mut baskets = Vec::new();
            stated
                .each(&values.graph, |basket| baskets.push(basket.basket()))
                .ok()?;
            // A branch without baskets has no format where it holds branches.
            let is_alike = pattern.counter.is_none()
                && !(members.is_parent && baskets.is_empty() != pattern.baskets.is_empty());
            let own_compression = i32::try_from(values.int(members.compression)?).unwrap_or(-1);
            is_alike.then_some(Branch {
                entries: stated.entries,
                compression: if own_compression < 0 {
                    compression
                } else {
                    own_compression
                },
                ..pattern.with_baskets(values.int(members.total_bytes)?, baskets)
            })
        });
        let branches = branches.collect::<Option<_>>()?;
        Some((entries, branches))
    }
}
