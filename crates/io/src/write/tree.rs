//! A tree being written: columns in, baskets out, then the record that describes them.

use super::basket::BasketRecord;
use super::branch::{ENTRY_OFFSETS, Written, branch, leaf, set_longest, signed, text};
use super::file::FileWriter;
use super::schema::{BranchKind, BranchSchema};
use super::sink::Sink;
use crate::column::ScalarType;
use crate::error::{Error, Result};
use crate::object::{Graph, Layouts, Object, ObjectId, Value};

/// A tree being written into a [`FileWriter`].
#[derive(Debug)]
pub struct TreeWriter {
    name: String,
    title: String,
    branches: Vec<BranchSchema>,
    written: Vec<Written>,
    /// Entries per cluster.
    cluster: u64,
}

impl TreeWriter {
    /// Begins a tree whose clusters have `cluster` entries each, the last perhaps fewer.
    pub fn new(name: &str, title: &str, branches: Vec<BranchSchema>, cluster: u64) -> Self {
        let written = vec![Written::default(); branches.len()];
        Self {
            name: name.to_owned(),
            title: title.to_owned(),
            branches,
            written,
            cluster,
        }
    }

    /// The branches.
    pub fn branches(&self) -> &[BranchSchema] {
        &self.branches
    }

    /// Writes the next basket of the branch numbered `branch`.
    ///
    /// # Errors
    /// When there is no such branch, or the file cannot be written.
    pub fn basket(
        &mut self,
        file: &mut FileWriter<impl Sink>,
        branch: usize,
        mut record: BasketRecord,
    ) -> Result<()> {
        let written = self
            .written
            .get_mut(branch)
            .ok_or_else(|| Error::malformed(format!("there is no branch {branch}")))?;
        let seek = file.basket(&mut record)?;
        written.seeks.push(signed(seek)?);
        written
            .nbytes
            .push(i32::try_from(record.nbytes()).unwrap_or(i32::MAX));
        written.first_entries.push(signed(written.entries)?);
        written.entries += u64::from(record.entries());
        written.total_bytes += record.expanded();
        written.zip_bytes += u64::from(record.nbytes());
        written.longest = written.longest.max(record.longest());
        Ok(())
    }

    /// Writes the tree's own record.
    ///
    /// # Errors
    /// When the branches have different numbers of entries, one is counted by none before it, or
    /// the file cannot be written.
    pub fn finish(self, file: &mut FileWriter<impl Sink>) -> Result<()> {
        let entries = self.written.first().map_or(0, |written| written.entries);
        if let Some(odd) = self
            .written
            .iter()
            .position(|written| written.entries != entries)
        {
            let name = self.branches.get(odd).map_or("", |branch| &branch.name);
            return Err(Error::malformed(format!(
                "branch {name} of tree {} does not have {entries} entries as the first",
                self.name
            )));
        }
        let compression = file.settings().number();
        let graph = self.graph(entries, compression)?;
        file.object(&self.name, &self.title, &graph)
    }

    fn graph(&self, entries: u64, compression: i32) -> Result<Graph> {
        let layouts = Layouts::builtin();
        let mut graph = Graph::default();
        let root = graph.add(Object::empty("TTree", &layouts)?);
        let mut branches = Vec::new();
        let mut leaves = Vec::new();
        for (schema, written) in self.branches.iter().zip(&self.written) {
            let mut leaf = leaf(schema, written, &layouts)?;
            if let BranchKind::Counted { counter, .. } = &schema.kind {
                let counter = self.counter(counter, &leaves, &schema.name)?;
                set_longest(graph.get_mut(counter)?, written.longest)?;
                leaf.set("fLeafCount", Value::Pointer(Some(counter)))?;
            }
            let leaf = graph.add(leaf);
            let branch = branch(schema, written, leaf, compression, &layouts)?;
            branches.push(Some(graph.add(branch)));
            leaves.push(Some(leaf));
        }
        let sum = |part: fn(&Written) -> u64| self.written.iter().map(part).sum::<u64>();
        let zip_bytes = sum(|written| written.zip_bytes);
        let tree = graph.get_mut(root)?;
        tree.set_default_looks()?;
        for (name, value) in [
            ("fName", text(&self.name)),
            ("fTitle", text(&self.title)),
            ("fEntries", Value::Int(signed(entries)?)),
            (
                "fTotBytes",
                Value::Int(signed(sum(|written| written.total_bytes))?),
            ),
            ("fZipBytes", Value::Int(signed(zip_bytes)?)),
            ("fFlushedBytes", Value::Int(signed(zip_bytes)?)),
            ("fWeight", Value::Float(1.0)),
            ("fScanField", Value::Int(25)),
            ("fDefaultEntryOffsetLen", Value::Int(ENTRY_OFFSETS)),
            ("fMaxEntries", Value::Int(1_000_000_000_000)),
            ("fMaxEntryLoop", Value::Int(1_000_000_000_000)),
            ("fAutoSave", Value::Int(-300_000_000)),
            ("fAutoFlush", Value::Int(signed(self.cluster)?)),
            ("fEstimate", Value::Int(1_000_000)),
        ] {
            tree.set(name, value)?;
        }
        tree.list_mut("fBranches")?.items = branches;
        tree.list_mut("fLeaves")?.items = leaves;
        Ok(graph)
    }

    /// The leaf of the branch named `counter` among the branches whose `leaves` are made.
    fn counter(
        &self,
        counter: &str,
        leaves: &[Option<ObjectId>],
        counted: &str,
    ) -> Result<ObjectId> {
        let is_counter = |branch: &BranchSchema| {
            let integer = !matches!(
                branch.kind,
                BranchKind::Value(ScalarType::Bool | ScalarType::F32 | ScalarType::F64)
            );
            branch.name == counter && matches!(branch.kind, BranchKind::Value(_)) && integer
        };
        let mut before = self.branches.iter().zip(leaves);
        before
            .find_map(|(branch, leaf)| leaf.filter(|_| is_counter(branch)))
            .ok_or_else(|| {
                Error::malformed(format!(
                    "no integer branch {counter} stands before branch {counted}, which it counts"
                ))
            })
    }
}
