//! A file with what is wanted of it.

use rootlake_io::tree::{Branch, ColumnKind, Tree};
use rootlake_physics::Analysis;
use rootlake_physics::schema::{BranchSpec, BranchType};

use crate::error::PipelineError;
use crate::input::InputFile;
use crate::plan::{PlannedUnit, plan_units};

/// A file with what is wanted of it.
pub(super) struct Task {
    pub(super) input: InputFile,
    pub(super) tree: Tree,
    /// The columns that any analysis wants, each once.
    pub(super) columns: Vec<WantedColumn>,
    pub(super) units: Vec<PlannedUnit>,
    /// Bytes that an entry's columns take, expanded and decoded, on the average and rounded up.
    entry_bytes: u64,
}

/// A column that analyses want.
pub(super) struct WantedColumn {
    /// What it is to hold.
    pub(super) spec: BranchSpec,
    /// Its place among the tree's branches.
    branch: usize,
    /// Whether the first cuts of an analysis need it, and so every entry of it.
    pub(super) is_first: bool,
    /// The analyses that want it, by their places.
    pub(super) analyses: Vec<usize>,
}

impl Task {
    /// Opens a file, finds what the analyses want, and cuts its entries into units whose columns
    /// take about `unit_bytes` at most.
    pub(super) fn open(
        location: &str,
        analyses: &[Box<dyn Analysis>],
        tree: &str,
        unit_bytes: u64,
    ) -> Result<Self, PipelineError> {
        let input = InputFile::open(location)?;
        let layouts = input.file.layouts()?;
        let key = input.file.find(tree)?;
        let tree = Tree::read(&input.file, &key, &layouts)?;
        let columns = wanted_columns(&tree, analyses, &input)?;
        let branches: Vec<&Branch> = columns
            .iter()
            .filter_map(|column| tree.branches.get(column.branch))
            .collect();
        let bytes: u64 = branches.iter().map(|branch| branch.total_bytes).sum();
        // Once as it stands in the basket, of which one is expanded at a time, and once decoded.
        let entry_bytes = bytes.div_ceil(tree.entries.max(1)).max(1);
        let units = plan_units(&branches, tree.entries, unit_bytes / entry_bytes);
        Ok(Self {
            input,
            tree,
            columns,
            units,
            entry_bytes,
        })
    }

    /// The branch of a wanted column.
    pub(super) fn branch(&self, column: &WantedColumn) -> Result<&Branch, PipelineError> {
        let found = self.tree.branches.get(column.branch);
        found.ok_or(PipelineError::Worker)
    }

    /// Bytes that the columns of the largest unit take, about.
    pub(super) fn largest_unit(&self) -> u64 {
        let entries = self
            .units
            .iter()
            .map(|unit| unit.entries.end - unit.entries.start);
        entries.max().unwrap_or(0).saturating_mul(self.entry_bytes)
    }
}

fn wanted_columns(
    tree: &Tree,
    analyses: &[Box<dyn Analysis>],
    input: &InputFile,
) -> Result<Vec<WantedColumn>, PipelineError> {
    let mut wanted: Vec<WantedColumn> = Vec::new();
    for (place, analysis) in analyses.iter().enumerate() {
        let first = analysis
            .first_columns()
            .into_iter()
            .map(|spec| (spec, true));
        let others = analysis
            .other_columns()
            .into_iter()
            .map(|spec| (spec, false));
        for (spec, is_first) in first.chain(others) {
            let branch = branch(tree, &spec, analysis.as_ref(), input)?;
            match wanted.iter_mut().find(|known| known.branch == branch) {
                Some(known) => {
                    known.is_first |= is_first;
                    known.analyses.push(place);
                }
                None => wanted.push(WantedColumn {
                    spec,
                    branch,
                    is_first,
                    analyses: vec![place],
                }),
            }
        }
    }
    Ok(wanted)
}

/// The place of the branch that an analysis needs, if the file has it as it is needed.
fn branch(
    tree: &Tree,
    spec: &BranchSpec,
    analysis: &dyn Analysis,
    input: &InputFile,
) -> Result<usize, PipelineError> {
    let refuse = |found: String| PipelineError::Branch {
        file: input.file.name().to_string(),
        analysis: analysis.name().to_owned(),
        branch: spec.name.to_owned(),
        wanted: spec.ty,
        found,
    };
    let branch = tree
        .branch(spec.name)
        .map_err(|_| refuse("the file has none".to_owned()))?;
    let kind = branch
        .column_kind()
        .map_err(|error| refuse(error.to_string()))?;
    if branch_type(kind) != spec.ty {
        return Err(refuse(format!("the file has {kind}")));
    }
    if branch.entries != tree.entries {
        return Err(refuse(format!(
            "the file has {} entries of it for {} in the tree",
            branch.entries, tree.entries
        )));
    }
    let place = tree.branches.iter().position(|known| known.id == branch.id);
    place.ok_or(PipelineError::Worker)
}

fn branch_type(kind: ColumnKind) -> BranchType {
    BranchType {
        scalar: kind.scalar(),
        is_vector: matches!(kind, ColumnKind::Vector(_)),
    }
}
