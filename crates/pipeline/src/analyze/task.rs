//! A file with what is wanted of it.

use rootlake_io::tree::{Branch, ColumnKind};
use rootlake_physics::Analysis;
use rootlake_physics::schema::{BranchSpec, BranchType};

use super::kinds::Kinds;
use crate::error::PipelineError;
use crate::input::InputFile;
use crate::plan::{PlannedUnit, plan_units};

/// A file with what is wanted of it.
pub(super) struct Task {
    pub(super) input: InputFile,
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
    /// Where it stands in the file.
    pub(super) branch: Branch,
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
        kinds: &Kinds,
        analyses: &[Box<dyn Analysis>],
        tree: &str,
        unit_bytes: u64,
    ) -> Result<Self, PipelineError> {
        let input = InputFile::open(location)?;
        let wanted = wanted_branches(analyses);
        let find = |branches: &[Branch]| {
            let places = wanted.iter().map(|wanted| wanted.find(branches, &input));
            places.collect::<Result<Vec<_>, _>>()
        };
        let (entries, branches) = kinds.read(&input, tree, find)?;
        let columns = wanted
            .into_iter()
            .zip(branches)
            .map(|(wanted, branch)| wanted.column(branch, entries, &input))
            .collect::<Result<Vec<_>, _>>()?;
        let branches: Vec<&Branch> = columns.iter().map(|column| &column.branch).collect();
        let bytes: u64 = branches.iter().map(|branch| branch.total_bytes).sum();
        // Once as it stands in the basket, of which one is expanded at a time, and once decoded.
        let entry_bytes = bytes.div_ceil(entries.max(1)).max(1);
        let units = plan_units(&branches, entries, unit_bytes / entry_bytes);
        Ok(Self {
            input,
            columns,
            units,
            entry_bytes,
        })
    }

    /// Lets what was looked at go that a local file holds in memory.
    pub(super) fn release(&self) {
        let source = self.input.source();
        source.release(std::slice::from_ref(&(0..source.size())));
    }

    /// Bytes that the columns of the largest unit take, about.
    pub(super) fn largest_unit(&self) -> u64 {
        let events = self.units.iter().map(PlannedUnit::events);
        events.max().unwrap_or(0).saturating_mul(self.entry_bytes)
    }
}

/// A branch that analyses want.
struct WantedBranch<'a> {
    spec: BranchSpec,
    is_first: bool,
    /// The first analysis that wants it, and all by their places.
    analysis: &'a dyn Analysis,
    analyses: Vec<usize>,
}

/// The branches that any analysis wants, each once.
fn wanted_branches(analyses: &[Box<dyn Analysis>]) -> Vec<WantedBranch<'_>> {
    let mut wanted: Vec<WantedBranch<'_>> = Vec::new();
    for (place, analysis) in analyses.iter().enumerate() {
        let (first, others) = (analysis.first_columns(), analysis.other_columns());
        let first = first.into_iter().map(|spec| (spec, true));
        let others = others.into_iter().map(|spec| (spec, false));
        for (spec, is_first) in first.chain(others) {
            match wanted
                .iter_mut()
                .find(|known| known.spec.name == spec.name && known.spec.ty == spec.ty)
            {
                Some(known) => {
                    known.is_first |= is_first;
                    known.analyses.push(place);
                }
                None => wanted.push(WantedBranch {
                    spec,
                    is_first,
                    analysis: analysis.as_ref(),
                    analyses: vec![place],
                }),
            }
        }
    }
    wanted
}

impl<'a> WantedBranch<'a> {
    /// The place of the branch among those of a tree, if it is as it is needed.
    fn find(&self, branches: &[Branch], input: &InputFile) -> Result<usize, PipelineError> {
        let place = Branch::place(branches, self.spec.name);
        let found = place.and_then(|place| Some((place, branches.get(place)?)));
        let Some((place, branch)) = found else {
            return Err(self.refuse("the file has none".to_owned(), input));
        };
        let kind = branch
            .column_kind()
            .map_err(|error| self.refuse(error.to_string(), input))?;
        if branch_type(kind) != self.spec.ty {
            return Err(self.refuse(format!("the file has {kind}"), input));
        }
        Ok(place)
    }

    /// The column that the branch is, if it holds all of the tree's entries.
    fn column(
        self,
        branch: Branch,
        entries: u64,
        input: &InputFile,
    ) -> Result<WantedColumn, PipelineError> {
        if branch.entries != entries {
            let own = branch.entries;
            let found = format!("the file has {own} entries of it for {entries} in the tree");
            return Err(self.refuse(found, input));
        }
        Ok(WantedColumn {
            spec: self.spec,
            branch,
            is_first: self.is_first,
            analyses: self.analyses,
        })
    }

    fn refuse(&self, found: String, input: &InputFile) -> PipelineError {
        PipelineError::Branch {
            file: input.file.name().to_string(),
            analysis: self.analysis.name().to_owned(),
            branch: self.spec.name.to_owned(),
            wanted: self.spec.ty,
            found,
        }
    }
}

fn branch_type(kind: ColumnKind) -> BranchType {
    BranchType {
        scalar: kind.scalar(),
        is_vector: matches!(kind, ColumnKind::Vector(_)),
    }
}
