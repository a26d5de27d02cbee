//! A merged tree, as it comes to be: first its baskets, then the record that describes them.

use std::collections::{HashMap, HashSet};

use rootlake_io::column::Values;
use rootlake_io::file::RootFile;
use rootlake_io::object::{Graph, Object, ObjectId, Value};
use rootlake_io::tree::{Tree, TreeIndex};

use crate::cluster::ClusterRange;
use crate::error::MergeError;
use crate::plan::processes::ProcessPlan;
use crate::plan::tree::TreePlan;
use crate::references;
use crate::store::Store;
use crate::survey::input::Input;

/// The baskets of one branch of the merged tree.
#[derive(Debug, Default)]
pub(crate) struct MergedBranch {
    seeks: Vec<i64>,
    nbytes: Vec<i32>,
    first_entries: Vec<i64>,
    pub entries: u64,
    pub total_bytes: u64,
    zip_bytes: u64,
}

impl MergedBranch {
    /// None yet, with room for so many, and for the end that is written behind them.
    pub fn with_capacity(baskets: usize) -> Self {
        let room = baskets.saturating_add(1);
        Self {
            seeks: Vec::with_capacity(room),
            nbytes: Vec::with_capacity(room),
            first_entries: Vec::with_capacity(room),
            ..Self::default()
        }
    }

    /// Adds a basket of `nbytes` bytes at `seek`, `expanded` bytes with its key when expanded.
    pub fn add(&mut self, seek: u64, nbytes: u32, expanded: u64, first_entry: u64, entries: u32) {
        self.seeks.push(signed(seek));
        self.nbytes.push(i32::try_from(nbytes).unwrap_or(i32::MAX));
        self.first_entries.push(signed(first_entry));
        self.count(nbytes, expanded, entries);
    }

    /// Counts a basket whose place is known.
    pub fn count(&mut self, nbytes: u32, expanded: u64, entries: u32) {
        self.entries += u64::from(entries);
        self.total_bytes += expanded;
        self.zip_bytes += u64::from(nbytes);
    }

    /// Puts the baskets into the order of their entries, which need not be that in the file.
    fn sort(&mut self) {
        if self.first_entries.is_sorted() {
            return;
        }
        let mut order: Vec<usize> = (0..self.seeks.len()).collect();
        order.sort_by_key(|&index| self.first_entries.get(index).copied());
        fn pick<T: Copy>(from: &[T], order: &[usize]) -> Vec<T> {
            let picked = order.iter().filter_map(|&index| from.get(index).copied());
            picked.collect()
        }
        self.seeks = pick(&self.seeks, &order);
        self.nbytes = pick(&self.nbytes, &order);
        self.first_entries = pick(&self.first_entries, &order);
    }

    /// Points to the same baskets once more for each further copy of `entries` entries.
    fn repeat(&mut self, copies: u64, entries: u64) {
        let once = self.seeks.len();
        for copy in 1..copies {
            self.seeks.extend_from_within(..once);
            self.nbytes.extend_from_within(..once);
            let shift = signed(copy.saturating_mul(entries));
            let shifted: Vec<i64> = self
                .first_entries
                .iter()
                .take(once)
                .map(|first| first + shift)
                .collect();
            self.first_entries.extend(shifted);
        }
        self.entries = self.entries.saturating_mul(copies);
        self.total_bytes = self.total_bytes.saturating_mul(copies);
        self.zip_bytes = self.zip_bytes.saturating_mul(copies);
    }
}

/// What describes the merged tree.
pub(crate) struct Description<'a> {
    pub plan: &'a TreePlan,
    pub inputs: &'a [Input],
    pub processes: Option<&'a ProcessPlan>,
    pub branches: Vec<MergedBranch>,
    pub clusters: Vec<ClusterRange>,
    /// Its index, if it has one.
    pub index: Option<TreeIndex>,
    /// How often the tree points to the same baskets.
    pub shared_copies: u64,
    /// The compression settings of all baskets, where they were chosen.
    pub compression: Option<i32>,
}

impl Description<'_> {
    /// The tree: that of the first input, with all baskets in its branches.
    ///
    /// # Errors
    /// When an input cannot be read again, or a branch did not get the entries planned.
    pub fn graph(mut self, store: &impl Store) -> Result<Graph, MergeError> {
        let (mut graph, ids) = self.skeleton(store)?;
        let once = self.plan.entries / self.shared_copies.max(1);
        // If not, its branches have no entries whether they are filled elsewhere or not.
        let first_is_filled = as_number(tree_mut(&mut graph)?, "fEntries") != 0.0;
        let planned = self.plan.branches.iter().zip(&ids);
        for (number, ((planned, &id), merged)) in planned.zip(&mut self.branches).enumerate() {
            // A branch without baskets only holds other branches, or was not filled.
            let holds_entries = || {
                !merged.seeks.is_empty()
                    || planned.branch.kind.is_some() && is_filled(self.plan, self.inputs, number)
            };
            if merged.entries != once && holds_entries() {
                return Err(MergeError::Entries {
                    tree: self.plan.path.to_string(),
                    branch: planned.branch.path.clone(),
                    copied: merged.entries,
                    planned: once,
                });
            }
            merged.sort();
            merged.repeat(self.shared_copies, once);
            let object = graph.get_mut(id)?;
            let is_unfilled = merged.seeks.is_empty()
                && (planned.branch.kind.is_some()
                    || first_is_filled && as_number(object, "fEntries") == 0.0);
            let entries = if is_unfilled { 0 } else { self.plan.entries };
            describe_branch(object, merged, entries, self.compression)?;
        }
        for (number, input) in self.inputs.iter().enumerate() {
            let Some((tree, map)) = self.plan.parts.get(number).and_then(Option::as_ref) else {
                continue;
            };
            let limits = input.trees.get(*tree).map_or(&[][..], |tree| &tree.limits);
            for limit in limits {
                let place = map.iter().position(|own| *own == Some(limit.branch));
                if let Some(&id) = place.and_then(|place| ids.get(place)) {
                    limit.widen(&mut graph, id)?;
                }
            }
        }
        self.describe_tree(&mut graph)?;
        match &self.index {
            Some(index) => index.put(&mut graph)?,
            None => TreeIndex::remove(&mut graph)?,
        }
        Ok(graph)
    }

    /// The tree of the first input with the branches that are planned, and their numbers.
    fn skeleton(&self, store: &impl Store) -> Result<(Graph, Vec<ObjectId>), MergeError> {
        let mut sources: Vec<usize> = self.plan.branches.iter().map(|b| b.from.0).collect();
        // A tree without branches is described by the first input that has it.
        let first = self.plan.parts.iter().position(Option::is_some);
        sources.insert(0, first.ok_or(MergeError::NothingToMerge)?);
        let first = sources.first().copied().unwrap_or(0);
        sources.sort_unstable();
        sources.dedup();
        let base = self.read(store, first)?;
        let mut graph = base.graph.clone();
        let mut ids = vec![Graph::ROOT; self.plan.branches.len()];
        let mut kept = HashSet::new();
        for (place, planned) in self.plan.branches.iter().enumerate() {
            if planned.from.0 == first
                && let (Some(branch), Some(id)) =
                    (base.branches.get(planned.from.1), ids.get_mut(place))
            {
                *id = branch.id;
                kept.insert(branch.id);
            }
        }
        drop_branches(&mut graph, &base, &kept)?;
        for source in sources.into_iter().filter(|&source| source != first) {
            let other = self.read(store, source)?;
            let mut known = HashMap::new();
            for (place, planned) in self.plan.branches.iter().enumerate() {
                let Some(branch) = other.branches.get(planned.from.1) else {
                    continue;
                };
                if planned.from.0 != source {
                    continue;
                }
                let id = graph.graft(&other.graph, branch.id, &mut known)?;
                if let Some(place) = ids.get_mut(place) {
                    *place = id;
                }
                let leaves = graph.get(id)?.list("fLeaves")?.items.clone();
                let tree = tree_mut(&mut graph)?;
                if branch.depth == 0 {
                    tree.list_mut("fBranches")?.items.push(Some(id));
                }
                tree.list_mut("fLeaves")?.items.extend(leaves);
            }
        }
        Ok((graph, ids))
    }

    fn read(&self, store: &impl Store, input: usize) -> Result<Tree, MergeError> {
        let gone = || MergeError::NothingToMerge;
        let of = self.inputs.get(input).ok_or_else(gone)?;
        let (tree, _) = self
            .plan
            .parts
            .get(input)
            .and_then(Option::as_ref)
            .ok_or_else(gone)?;
        let file = RootFile::open(store.open(&of.name)?, &of.name)?;
        let tree = of.trees.get(*tree).ok_or_else(gone)?.read(&file, of)?;
        of.unchanged(store, file.source())?;
        let offset = self.processes.map_or(0, |plan| plan.offset(input));
        if offset > 0 && references::has_references(&tree.graph) {
            return Err(references::refused(of, &format!("tree {}", self.plan.path)));
        }
        Ok(tree)
    }

    fn describe_tree(&mut self, graph: &mut Graph) -> Result<(), MergeError> {
        let sum = |part: fn(&MergedBranch) -> u64| self.branches.iter().map(part).sum::<u64>();
        let total = sum(|branch| branch.total_bytes);
        let zip = sum(|branch| branch.zip_bytes);
        // The last range needs no end: fAutoFlush holds for what follows the others.
        let mut clusters = std::mem::take(&mut self.clusters);
        let once = clusters.clone();
        let entries = signed(self.plan.entries / self.shared_copies.max(1));
        for copy in 1..self.shared_copies {
            let shift = entries.saturating_mul(signed(copy));
            let shifted = once.iter().map(|range| ClusterRange {
                last: range.last + shift,
                ..*range
            });
            clusters.extend(shifted);
        }
        let tail = clusters.pop().map_or(0, |range| range.size);
        let tree = tree_mut(graph)?;
        for (name, value) in [
            ("fEntries", self.plan.entries),
            ("fTotBytes", total),
            ("fZipBytes", zip),
            ("fSavedBytes", 0),
            ("fFlushedBytes", zip),
            ("fNClusterRange", clusters.len() as u64),
        ] {
            set_number(tree, name, signed(value))?;
        }
        set_number(tree, "fAutoFlush", tail)?;
        let ends = clusters.iter().map(|range| range.last).collect();
        let sizes = clusters.iter().map(|range| range.size).collect();
        for (name, values) in [("fClusterRangeEnd", ends), ("fClusterSize", sizes)] {
            if tree.member(name).is_ok() {
                tree.set(name, Value::Array(Values::I64(values)))?;
            }
        }
        Ok(())
    }
}

/// Sets a member that some versions lack, or keep as a double.
/// A number, which old trees keep as a double; 0 where there is none.
fn as_number(object: &Object, name: &str) -> f64 {
    match object.member(name) {
        #[allow(clippy::cast_precision_loss, reason = "it is compared with 0")]
        Ok(Value::Int(value)) => *value as f64,
        Ok(Value::Float(value)) => *value,
        _ => 0.0,
    }
}

fn set_number(object: &mut Object, name: &str, value: i64) -> Result<(), MergeError> {
    match object.member(name) {
        #[allow(clippy::cast_precision_loss, reason = "what a double can hold")]
        Ok(Value::Float(_)) => object.set(name, Value::Float(value as f64))?,
        Ok(_) => object.set(name, Value::Int(value))?,
        Err(_) => {}
    }
    Ok(())
}

/// Takes all branches of `tree` but those of `kept`, and their leaves, out of its lists. What a table
/// of references leads to is kept with it: it is the same in all inputs.
fn drop_branches(
    graph: &mut Graph,
    tree: &Tree,
    kept: &HashSet<ObjectId>,
) -> Result<(), MergeError> {
    let mut leaves = Vec::new();
    let mut branches = Vec::new();
    for branch in tree
        .branches
        .iter()
        .filter(|branch| !kept.contains(&branch.id))
    {
        branches.push(Some(branch.id));
        leaves.extend(graph.get(branch.id)?.list("fLeaves")?.items.iter().copied());
    }
    if branches.is_empty() {
        return Ok(());
    }
    let references = tree.references().map(|branch| branch.id);
    let tree = tree_mut(graph)?;
    if references.is_some_and(|id| !kept.contains(&id)) {
        tree.set("fBranchRef", Value::Pointer(None))?;
    }
    let list = tree.list_mut("fBranches")?;
    list.items.retain(|id| !branches.contains(id));
    let list = tree.list_mut("fLeaves")?;
    list.items.retain(|id| !leaves.contains(id));
    Ok(())
}

/// The part of the graph's root that is a `TTree`: itself, or its base where it is a `TNtuple`.
fn tree_mut(graph: &mut Graph) -> Result<&mut Object, MergeError> {
    let root = graph.get_mut(Graph::ROOT)?;
    if &*root.class == "TTree" {
        Ok(root)
    } else {
        Ok(root.object_mut("TTree")?)
    }
}

/// Whether any input holds entries of the branch with that number in the plan.
fn is_filled(plan: &TreePlan, inputs: &[Input], branch: usize) -> bool {
    let parts = inputs.iter().zip(&plan.parts);
    let mut parts = parts.filter_map(|(input, part)| part.as_ref().map(|part| (input, part)));
    parts.any(|(input, (tree, map))| {
        let own = map.get(branch).copied().flatten();
        let tree = input.trees.get(*tree);
        let baskets = own.and_then(|own| Some(tree?.baskets.branch(own)));
        baskets.is_some_and(|baskets| !baskets.is_empty())
    })
}

fn describe_branch(
    object: &mut Object,
    merged: &mut MergedBranch,
    entries: u64,
    compression: Option<i32>,
) -> Result<(), MergeError> {
    let count = merged.seeks.len();
    let room = (count + 1).max(10);
    let mut first_entries = std::mem::take(&mut merged.first_entries);
    first_entries.push(signed(if count == 0 { 0 } else { entries }));
    first_entries.resize(room, 0);
    let mut seeks = std::mem::take(&mut merged.seeks);
    seeks.resize(room, 0);
    let mut nbytes = std::mem::take(&mut merged.nbytes);
    nbytes.resize(room, 0);
    for (name, value) in [
        ("fWriteBasket", count as u64),
        ("fMaxBaskets", room as u64),
        ("fEntries", entries),
        ("fEntryNumber", entries),
        ("fTotBytes", merged.total_bytes),
        ("fZipBytes", merged.zip_bytes),
    ] {
        set_number(object, name, signed(value))?;
    }
    if let Some(compression) = compression {
        set_number(object, "fCompress", compression.into())?;
    }
    // Branches of ROOT before 5.
    let is_old = matches!(object.array("fBasketEntry")?, Values::I32(_));
    object.set("fBasketBytes", Value::Array(Values::I32(nbytes)))?;
    for (name, values) in [("fBasketEntry", first_entries), ("fBasketSeek", seeks)] {
        let values = match object.array(name)? {
            Values::I32(_) => Values::I32(narrow(name, &values)?),
            _ => Values::I64(values),
        };
        object.set(name, Value::Array(values))?;
    }
    // Of an old branch ROOT looks at the place of each basket, whether there is one or not.
    let places = if is_old { room } else { 0 };
    object.list_mut("fBaskets")?.items = vec![None; places];
    Ok(())
}

fn narrow(name: &str, values: &[i64]) -> Result<Vec<i32>, MergeError> {
    let narrowed = values.iter().map(|&value| i32::try_from(value));
    let narrowed: Result<Vec<i32>, _> = narrowed.collect();
    narrowed.map_err(|_| MergeError::Unsupported {
        file: "the output".to_owned(),
        what: format!("an old branch, whose {name} has 32 bits,"),
    })
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use rootlake_io::object::{ClassLayout, Layouts};

    use super::*;

    /// A branch that ROOT reads as it did before version 5: it looks up each basket in a list as long
    /// as they are many.
    #[test]
    fn the_list_of_an_old_branch_has_a_place_for_each_basket() {
        let mut layouts = Layouts::builtin();
        let mut old = ClassLayout::clone(layouts.get("TBranch", 5, None).unwrap());
        old.version = i32::MAX >> 16;
        layouts.insert(old);
        let of_today = Object::empty("TBranch", &Layouts::builtin()).unwrap();
        let before_5 = Object::empty("TBranch", &layouts).unwrap();
        for (mut branch, places) in [(of_today, 0), (before_5, 21)] {
            let mut merged = MergedBranch::with_capacity(20);
            (0..20).for_each(|place| merged.add(place, 10, 10, place, 1));
            describe_branch(&mut branch, &mut merged, 20, None).unwrap();
            assert_eq!(branch.list("fBaskets").unwrap().items.len(), places);
            assert_eq!(branch.array("fBasketSeek").unwrap().len(), 21);
        }
    }
}
