//! Copying what the plan says.

use std::collections::HashMap;

use rootlake_io::codec::Compressor;
use rootlake_io::column::Values;
use rootlake_io::file::ReadAt;
use rootlake_io::object::{Graph, Object, ObjectId, Value};
use rootlake_io::tree::{Branch, Location, Tree};
use rootlake_io::write::{BasketRecord, FileWriter, Sink, embedded_record};
use serde::Serialize;

use crate::cluster::{self, ClusterRange};
use crate::error::MergeError;
use crate::input::Input;
use crate::plan::{Plan, TreePlan};

/// Told of the basket bytes written so far.
pub type Progress<'a> = &'a mut dyn FnMut(u64);

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// The names of the inputs.
    pub inputs: Vec<String>,
    /// How often each was copied.
    pub copies: u64,
    /// The trees written.
    pub trees: Vec<TreeReceipt>,
}

/// What was done for one tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TreeReceipt {
    /// Its name.
    pub name: String,
    /// Entries in all inputs together, once.
    pub entries_in: u64,
    /// Entries in the output.
    pub entries_out: u64,
    /// Baskets written.
    pub baskets: u64,
    /// Their bytes.
    pub basket_bytes: u64,
}

/// Copies what `plan` says from `inputs` into `file`, and writes the trees that describe it.
///
/// `file` is finished by the caller.
///
/// # Errors
/// When reading or writing fails, or other entries arrive than planned.
pub fn execute<S: ReadAt, O: Sink>(
    plan: &Plan,
    inputs: &[Input<S>],
    file: &mut FileWriter<O>,
    progress: Progress<'_>,
) -> Result<Receipt, MergeError> {
    let mut trees = Vec::new();
    for (index, tree_plan) in plan.trees.iter().enumerate() {
        let mut merged = MergedTree::new(tree_plan.branches);
        let parts: Vec<_> = inputs
            .iter()
            .filter_map(|input| {
                Some(Part {
                    input,
                    tree: input.trees.get(index)?,
                })
            })
            .collect();
        let mut embedded = HashMap::new();
        for _copy in 0..plan.copies {
            for (number, part) in parts.iter().enumerate() {
                merged.append(number, part, &mut embedded, file, progress)?;
            }
        }
        trees.push(merged.finish(tree_plan, &parts, file)?);
    }
    Ok(Receipt {
        inputs: plan.inputs.clone(),
        copies: plan.copies,
        trees,
    })
}

/// One tree of one input.
struct Part<'a, S> {
    input: &'a Input<S>,
    tree: &'a Tree,
}

/// A basket of a part: the number of its branch, its number there.
type BasketNumber = (usize, usize);

impl<S> Part<'_, S> {
    /// All baskets in the order in which they stand in the file, embedded ones first.
    fn baskets(&self) -> Vec<BasketNumber> {
        let mut baskets = Vec::new();
        for (branch_number, branch) in self.tree.branches.iter().enumerate() {
            for (number, basket) in branch.baskets.iter().enumerate() {
                let seek = match basket.location {
                    Location::Stored { seek, .. } => seek,
                    Location::Embedded(_) => 0,
                };
                baskets.push((seek, basket.first_entry, branch_number, number));
            }
        }
        baskets.sort_unstable();
        baskets
            .into_iter()
            .map(|(_, _, branch, number)| (branch, number))
            .collect()
    }
}

/// Records made of embedded baskets, by input and basket: made once, copied many times.
type EmbeddedRecords = HashMap<(usize, BasketNumber), BasketRecord>;

#[derive(Default)]
struct MergedBranch {
    seeks: Vec<i64>,
    nbytes: Vec<i32>,
    /// First entry of each, in the part's own count plus where the part begins.
    first_entries: Vec<i64>,
    entries: u64,
    total_bytes: u64,
    zip_bytes: u64,
}

struct MergedTree {
    branches: Vec<MergedBranch>,
    entries: u64,
    baskets: u64,
    written: u64,
    clusters: Vec<ClusterRange>,
}

impl MergedTree {
    fn new(branches: usize) -> Self {
        Self {
            branches: (0..branches).map(|_| MergedBranch::default()).collect(),
            entries: 0,
            baskets: 0,
            written: 0,
            clusters: Vec::new(),
        }
    }

    /// Copies all baskets of one part.
    fn append<S: ReadAt, O: Sink>(
        &mut self,
        number: usize,
        part: &Part<'_, S>,
        embedded: &mut EmbeddedRecords,
        file: &mut FileWriter<O>,
        progress: Progress<'_>,
    ) -> Result<(), MergeError> {
        for (branch_number, basket_number) in part.baskets() {
            let branch = part.tree.branches.get(branch_number);
            let basket = branch.and_then(|branch| branch.baskets.get(basket_number));
            let (Some(branch), Some(basket)) = (branch, basket) else {
                continue;
            };
            let place = (number, (branch_number, basket_number));
            let mut record = match (&basket.location, embedded.get(&place)) {
                (_, Some(record)) => record.clone(),
                (Location::Stored { seek, nbytes }, None) => read(part, branch, *seek, *nbytes)?,
                (Location::Embedded(basket), None) => {
                    let mut compressor = Compressor::new(file.settings())?;
                    let datime = file.stamp().datime;
                    let tree = &part.tree.name;
                    let record =
                        embedded_record(tree, &branch.name, basket, datime, &mut compressor)?;
                    embedded.insert(place, record.clone());
                    record
                }
            };
            if u64::from(record.entries()) != basket.entries {
                return Err(MergeError::Damaged {
                    file: part.input.file.name().to_string(),
                    branch: branch.path.clone(),
                    damage: format!(
                        "a basket at entry {} holds {} entries, its branch says {}",
                        basket.first_entry,
                        record.entries(),
                        basket.entries
                    ),
                });
            }
            let seek = file.basket(&mut record)?;
            self.written += u64::from(record.nbytes());
            self.baskets += 1;
            let first_entry = self.entries.saturating_add(basket.first_entry);
            if let Some(merged) = self.branches.get_mut(branch_number) {
                merged.add(seek, first_entry, &record);
            }
            progress(self.written);
        }
        let object = part.tree.graph.root()?;
        let ranges = cluster::ranges(object, signed(part.tree.entries));
        cluster::append(&mut self.clusters, &ranges, signed(self.entries));
        self.entries = self.entries.saturating_add(part.tree.entries);
        Ok(())
    }

    /// Writes the tree's record: that of the first input, with the copies in its branches.
    fn finish<S: ReadAt, O: Sink>(
        mut self,
        plan: &TreePlan,
        parts: &[Part<'_, S>],
        file: &mut FileWriter<O>,
    ) -> Result<TreeReceipt, MergeError> {
        let Some(first) = parts.first() else {
            return Err(MergeError::NothingToMerge);
        };
        let mut graph = first.tree.graph.clone();
        let compression = file.settings().number();
        for (branch, merged) in first.tree.branches.iter().zip(&mut self.branches) {
            let holds_entries = !branch.baskets.is_empty();
            if holds_entries && merged.entries != plan.entries {
                return Err(MergeError::Entries {
                    tree: plan.name.clone(),
                    branch: branch.path.clone(),
                    copied: merged.entries,
                    planned: plan.entries,
                });
            }
            describe_branch(graph.get_mut(branch.id)?, merged, plan.entries, compression)?;
        }
        self.describe_tree(&mut graph, plan.entries)?;
        file.object(&plan.name, &first.tree.title, &graph)?;
        Ok(TreeReceipt {
            name: plan.name.clone(),
            entries_in: plan.entries_per_input.iter().sum(),
            entries_out: self.entries,
            baskets: self.baskets,
            basket_bytes: self.written,
        })
    }

    fn describe_tree(&mut self, graph: &mut Graph, entries: u64) -> Result<(), MergeError> {
        let total: u64 = self.branches.iter().map(|branch| branch.total_bytes).sum();
        // The last range needs no end: fAutoFlush holds for what follows the others.
        let tail = self.clusters.pop().map_or(0, |range| range.size);
        let tree = tree_mut(graph)?;
        let ranges = signed(self.clusters.len() as u64);
        for (name, value) in [
            ("fEntries", signed(entries)),
            ("fTotBytes", signed(total)),
            ("fZipBytes", signed(self.written)),
            ("fSavedBytes", 0),
            ("fFlushedBytes", signed(self.written)),
            ("fAutoFlush", tail),
            ("fNClusterRange", ranges),
        ] {
            // Old trees lack some of these members, or keep them as doubles.
            match tree.member(name) {
                #[allow(clippy::cast_precision_loss, reason = "what a double can hold")]
                Ok(Value::Float(_)) => tree.set(name, Value::Float(value as f64))?,
                Ok(_) => tree.set(name, Value::Int(value))?,
                Err(_) => {}
            }
        }
        let ends = self.clusters.iter().map(|range| range.last).collect();
        let sizes = self.clusters.iter().map(|range| range.size).collect();
        for (name, values) in [("fClusterRangeEnd", ends), ("fClusterSize", sizes)] {
            if tree.member(name).is_ok() {
                tree.set(name, Value::Array(Values::I64(values)))?;
            }
        }
        Ok(())
    }
}

impl MergedBranch {
    fn add(&mut self, seek: u64, first_entry: u64, record: &BasketRecord) {
        self.seeks.push(signed(seek));
        self.nbytes
            .push(i32::try_from(record.nbytes()).unwrap_or(i32::MAX));
        self.first_entries.push(signed(first_entry));
        self.entries += u64::from(record.entries());
        self.total_bytes += record.expanded();
        self.zip_bytes += u64::from(record.nbytes());
    }

    /// Puts the baskets into the order of their entries, which need not be that in the file.
    fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.seeks.len()).collect();
        order.sort_by_key(|&index| self.first_entries.get(index).copied());
        fn pick<T: Copy>(from: &[T], order: &[usize]) -> Vec<T> {
            order
                .iter()
                .filter_map(|&index| from.get(index).copied())
                .collect()
        }
        self.seeks = pick(&self.seeks, &order);
        self.nbytes = pick(&self.nbytes, &order);
        self.first_entries = pick(&self.first_entries, &order);
    }
}

fn read<S: ReadAt>(
    part: &Part<'_, S>,
    branch: &Branch,
    seek: u64,
    nbytes: u32,
) -> Result<BasketRecord, MergeError> {
    let file = &part.input.file;
    let length = usize::try_from(nbytes).unwrap_or(usize::MAX);
    let record = file
        .source()
        .read_at(seek, length)
        .and_then(|record| BasketRecord::copy(&record));
    record.map_err(|error| {
        error
            .in_object(format!("branch {}", branch.path))
            .at(seek)
            .in_file(file.name())
            .into()
    })
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

fn describe_branch(
    object: &mut Object,
    merged: &mut MergedBranch,
    entries: u64,
    compression: i32,
) -> Result<(), MergeError> {
    merged.sort();
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
        ("fWriteBasket", signed(count as u64)),
        ("fMaxBaskets", signed(room as u64)),
        ("fEntries", signed(entries)),
        ("fEntryNumber", signed(entries)),
        ("fTotBytes", signed(merged.total_bytes)),
        ("fZipBytes", signed(merged.zip_bytes)),
        ("fCompress", compression.into()),
    ] {
        match object.member(name) {
            #[allow(clippy::cast_precision_loss, reason = "what a double can hold")]
            Ok(Value::Float(_)) => object.set(name, Value::Float(value as f64))?,
            _ => object.set(name, Value::Int(value))?,
        }
    }
    object.set("fBasketBytes", Value::Array(Values::I32(nbytes)))?;
    object.set("fBasketEntry", Value::Array(Values::I64(first_entries)))?;
    object.set("fBasketSeek", Value::Array(Values::I64(seeks)))?;
    object.list_mut("fBaskets")?.items = Vec::<Option<ObjectId>>::new();
    Ok(())
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
