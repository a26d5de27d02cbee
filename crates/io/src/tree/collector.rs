//! The branches of a tree, from the objects of its record.

use std::collections::HashMap;
use std::sync::Arc;

use super::asked::BranchMembers;
use super::branch::{Basket, Branch, embedded_bytes};
use super::counted;
use super::format::{Classes, Format};
use super::stated::{Integers, Stated};
use crate::error::{Error, Result};
use crate::object::{Body, Graph, Layouts, Object, ObjectId};

/// How deep branches may stand in branches.
const MAX_DEPTH: usize = 64;
/// How many branches there may be.
const MAX_BRANCHES: usize = 10_000_000;

/// A branch that holds others.
pub(super) struct Parent {
    path: Arc<str>,
    address: Arc<str>,
    depth: usize,
}

/// What counts the items of a branch's entries.
enum Counting {
    /// A leaf of a branch.
    Leaf(ObjectId),
    /// A branch.
    Branch(ObjectId),
}

/// Collects the branches of a tree, each before the branches in it. Once collected, their objects
/// are not needed any more.
pub(super) struct Collector<'a> {
    classes: Classes<'a>,
    members: BranchMembers,
    /// Compression settings of branches without their own.
    compression: i32,
    found: Vec<Branch>,
    /// The leaves, each with the number of its branch.
    leaves: Vec<(ObjectId, usize)>,
    /// The numbers of branches that are counted, and by what.
    counted: Vec<(usize, Counting)>,
    /// Objects of which nothing is needed any more.
    done: Vec<ObjectId>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(layouts: &'a Layouts, compression: i32) -> Self {
        Self {
            classes: Classes::new(layouts),
            members: BranchMembers::default(),
            compression,
            found: Vec::new(),
            leaves: Vec::new(),
            counted: Vec::new(),
            done: Vec::new(),
        }
    }

    /// Adds the branch `id`, which may stand in `parent`, and all branches in it.
    pub(super) fn add(
        &mut self,
        graph: &Graph,
        id: ObjectId,
        parent: Option<&Parent>,
    ) -> Result<()> {
        let depth = parent.map_or(0, |parent| parent.depth + 1);
        if depth > MAX_DEPTH || self.found.len() > MAX_BRANCHES {
            return Err(Error::malformed("its branches hold each other"));
        }
        let object = graph.get(id)?;
        if !matches!(object.body, Body::Members(_)) {
            return Err(Error::unsupported(format!("branch class {}", object.class)));
        }
        let children = &object.list(&self.members.branches)?.items;
        let is_parent = children.iter().flatten().next().is_some();
        let branch = self.branch(graph, object, id, parent, is_parent)?;
        self.note_leaves(graph, object, &branch)?;
        let own = is_parent.then(|| Parent {
            path: Arc::clone(&branch.path),
            address: Arc::clone(&branch.address),
            depth,
        });
        self.found.push(branch);
        for child in children.iter().flatten() {
            self.add(graph, *child, own.as_ref())?;
        }
        Ok(())
    }

    /// Drops from `graph` what the branches are made of that were added since.
    pub(super) fn forget(&mut self, graph: &mut Graph) -> Result<()> {
        self.done.drain(..).try_for_each(|id| graph.forget(id))
    }

    /// Takes note of a branch's leaves, of what counts it, and of the objects that are its own.
    fn note_leaves(&mut self, graph: &Graph, object: &Object, branch: &Branch) -> Result<()> {
        let number = self.found.len();
        let leaves = &object.list(&self.members.leaves)?.items;
        self.leaves
            .extend(leaves.iter().flatten().map(|leaf| (*leaf, number)));
        let counting = match (&branch.format, leaves.as_slice()) {
            (Some(Format::Rest(..)), [Some(leaf)]) => {
                graph.get(*leaf)?.pointer("fLeafCount")?.map(Counting::Leaf)
            }
            (Some(Format::Collected(_)), _) => {
                object.pointer("fBranchCount2")?.map(Counting::Branch)
            }
            _ => None,
        };
        self.counted
            .extend(counting.map(|counting| (number, counting)));
        let baskets = object
            .list(&self.members.embedded)
            .map(|list| &list.items[..]);
        let parts = leaves.iter().chain(baskets.unwrap_or_default());
        self.done.extend(parts.flatten());
        self.done.push(branch.id);
        Ok(())
    }

    fn branch(
        &self,
        graph: &Graph,
        object: &Object,
        id: ObjectId,
        parent: Option<&Parent>,
        is_parent: bool,
    ) -> Result<Branch> {
        let members = &self.members;
        let name: Arc<str> = object.text(&members.name)?.into();
        let own_compression = i32::try_from(object.int(&members.compression)?).unwrap_or(-1);
        let entries = counted(object, &members.entries)?;
        let other_file = object.text(&members.file_name).unwrap_or_default();
        let elsewhere = Some(other_file).filter(|name| !name.is_empty());
        let (baskets, damage) = match baskets(graph, object, members, entries, is_parent) {
            _ if elsewhere.is_some() => (Vec::new(), None),
            Ok(baskets) => (baskets, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let class_name = || object.text("fClassName").unwrap_or_default();
        let described = Format::of_branch(graph, object, &self.classes);
        let (type_name, format, unreadable) = match described {
            // A split object's own branch has no bytes of its own.
            Ok(_) if is_parent && baskets.is_empty() => (class_name(), None, None),
            Ok((type_name, format)) => (type_name, Some(format), None),
            Err(_) if is_parent => (class_name(), None, None),
            Err(error) => (class_name(), None, Some(error.to_string())),
        };
        Ok(Branch {
            title: object.text(&members.title)?,
            class: Arc::clone(&object.class),
            path: path(parent.map_or("", |parent| &parent.path), &name),
            address: match parent {
                Some(parent) => format!("{}/{name}", parent.address).into(),
                None => Arc::clone(&name),
            },
            type_name,
            depth: parent.map_or(0, |parent| parent.depth + 1),
            entries,
            total_bytes: counted(object, &members.total_bytes)
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
            elsewhere,
            damage,
            id,
            name,
        })
    }

    /// The number of branches that stand in no other.
    pub(super) fn outermost(&self) -> usize {
        let outermost = self.found.iter().filter(|branch| branch.depth == 0);
        outermost.count()
    }

    /// Whether the branch that was added last, and stands in no other, is `id`.
    pub(super) fn holds(&self, id: ObjectId) -> bool {
        let outermost = self.found.iter().rfind(|branch| branch.depth == 0);
        outermost.is_some_and(|branch| branch.id == id)
    }

    /// The branches, those of counted arrays with the branch that counts.
    pub(super) fn finish(mut self) -> Vec<Branch> {
        if self.counted.is_empty() {
            return self.found;
        }
        let by_leaf: HashMap<ObjectId, usize> = self.leaves.iter().copied().collect();
        let by_id: HashMap<ObjectId, usize> = self
            .found
            .iter()
            .enumerate()
            .map(|(number, branch)| (branch.id, number))
            .collect();
        let mut shared: HashMap<usize, Arc<Branch>> = HashMap::new();
        for (number, counting) in &self.counted {
            let counter = match counting {
                Counting::Leaf(leaf) => by_leaf.get(leaf),
                Counting::Branch(branch) => by_id.get(branch),
            };
            let Some((&counter, found)) =
                counter.and_then(|counter| Some((counter, self.found.get(*counter)?)))
            else {
                continue;
            };
            let counter = shared
                .entry(counter)
                .or_insert_with(|| Arc::new(found.clone()));
            let counter = Arc::clone(counter);
            if let Some(branch) = self.found.get_mut(*number) {
                branch.counter = Some(counter);
            }
        }
        self.found
    }
}

/// A branch's name after those of the branches it is in.
fn path(prefix: &str, name: &Arc<str>) -> Arc<str> {
    let stem = name.trim_end_matches('.');
    let within = stem
        .strip_prefix(prefix)
        .is_some_and(|rest| rest.starts_with('.'));
    if !prefix.is_empty() && !within {
        format!("{prefix}.{stem}").into()
    } else if stem.len() == name.len() {
        Arc::clone(name)
    } else {
        stem.into()
    }
}

/// The baskets of a branch, from what it says of them.
fn baskets(
    graph: &Graph,
    branch: &Object,
    members: &BranchMembers,
    entries: u64,
    is_parent: bool,
) -> Result<Vec<Basket>> {
    let stated = Stated {
        entries,
        write_basket: branch.int(&members.write_basket)?,
        first_entries: Integers::of(branch.array(&members.first_entries)?)?,
        seeks: Integers::of(branch.array(&members.seeks)?)?,
        lengths: Integers::of(branch.array(&members.lengths)?)?,
        embedded: &branch.list(&members.embedded)?.items,
        is_parent,
    };
    let mut baskets = Vec::new();
    stated.each(graph, |basket| {
        // Most branches of wide trees have one: no room for more is made then.
        baskets.reserve_exact(usize::from(baskets.is_empty()));
        baskets.push(basket.basket());
    })?;
    Ok(baskets)
}
