//! The keys of a tree that has no index, as `TTree::BuildIndex` finds them: of each entry the values
//! of two expressions.
//!
//! An expression is a number, or a branch that holds one for each entry; what else `TTreeFormula`
//! evaluates is refused.

use rootlake_io::column::Values;
use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::tree::{Branch, ColumnKind, ColumnReader, IndexKey, Tree};

use crate::error::MergeError;
use crate::plan::tree::{BranchMap, TreePlan};
use crate::runs::{record, runs};
use crate::schema;
use crate::survey::index::IndexNames;
use crate::survey::input::InputTree;

/// Both expressions of an index, for the entries of an input's tree.
pub(super) struct Expressions {
    major: Expression,
    minor: Expression,
    entries: u64,
}

#[derive(Clone, Copy)]
enum Expression {
    /// The same for each entry.
    Constant(i64),
    /// The values of the tree's branch of this number.
    Branch(usize),
}

impl Expressions {
    /// What `names` says for `tree`, whose branches `map` gives for those of `plan`.
    ///
    /// # Errors
    /// In words, when one is neither a number nor a branch of numbers.
    pub fn new(
        names: &IndexNames,
        plan: &TreePlan,
        tree: &InputTree,
        map: &BranchMap,
    ) -> Result<Self, String> {
        let expression = |name: &str| {
            Expression::new(name.trim(), plan, tree, map)
                .ok_or_else(|| format!("{name} is no branch of one number for each entry"))
        };
        Ok(Self {
            major: expression(&names.major)?,
            minor: expression(&names.minor)?,
            entries: tree.entries,
        })
    }

    /// The keys of all entries of `tree`, in their order.
    ///
    /// # Errors
    /// When a basket cannot be read.
    pub fn keys(
        &self,
        file: &RootFile<impl ReadAt>,
        tree: &Tree,
    ) -> Result<Vec<IndexKey>, MergeError> {
        let majors = self.values(self.major, file, tree)?;
        let minors = self.values(self.minor, file, tree)?;
        let pairs = majors.into_iter().zip(minors);
        let keys = (0..).zip(pairs).map(|(entry, (major, minor))| IndexKey {
            major,
            minor,
            entry,
        });
        Ok(keys.collect())
    }

    fn values(
        &self,
        of: Expression,
        file: &RootFile<impl ReadAt>,
        tree: &Tree,
    ) -> Result<Vec<i64>, MergeError> {
        let number = match of {
            Expression::Branch(number) => number,
            Expression::Constant(value) => {
                let count = usize::try_from(self.entries).unwrap_or(usize::MAX);
                return Ok(vec![value; count]);
            }
        };
        let branch: &Branch = tree.branches.get(number).ok_or(MergeError::Thread)?;
        let mut reader = ColumnReader::default();
        let mut values = Vec::new();
        for run in runs(branch, 0..self.entries) {
            let column = reader.column(branch, run, record(file));
            let column = column.map_err(|error| error.in_file(file.name()))?;
            let entries = 0..column.entries();
            values.extend(entries.map(|entry| whole(column.values(), entry)));
            reader.recycle(column);
        }
        Ok(values)
    }
}

impl Expression {
    fn new(name: &str, plan: &TreePlan, tree: &InputTree, map: &BranchMap) -> Option<Self> {
        if let Ok(value) = name.parse() {
            return Some(Self::Constant(value));
        }
        let branches = plan.branches.iter().map(|planned| &planned.branch);
        let place = schema::called(branches, name)?;
        let kind = plan.branches.get(place)?.branch.kind;
        if !matches!(kind, Some(ColumnKind::Fixed(_))) {
            return None;
        }
        match *map.get(place)? {
            Some(number) if tree.baskets.branch(number).is_empty() => None,
            Some(number) => Some(Self::Branch(number)),
            // A union fills in zeros.
            None => Some(Self::Constant(0)),
        }
    }
}

/// One of `values` as `TTreeIndex` keeps it; the least number where it does not fit.
fn whole(values: &Values, entry: usize) -> i64 {
    let fits = match values {
        Values::Bool(values) => values.get(entry).map(|&value| value.into()),
        Values::F32(values) => values.get(entry).map(|&value| truncated(value.into())),
        Values::F64(values) => values.get(entry).map(|&value| truncated(value)),
        integers => integers.integer(entry),
    };
    fits.unwrap_or(i64::MIN)
}

/// A number without its fraction; the least where it does not fit, as x86 converts it.
fn truncated(value: f64) -> i64 {
    const END: f64 = 9_223_372_036_854_775_808.0;
    if !(-END..END).contains(&value) {
        return i64::MIN;
    }
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the fraction is to go, and the rest fits"
    )]
    let whole = value as i64;
    whole
}
