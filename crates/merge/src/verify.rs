//! Holding a written output against its inputs, value by value.
//!
//! A digest of the values (`rootlake_io::digest`) does not depend on codec and baskets: each
//! branch of the output must have, over the entries of each piece, the digest that the input has.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rootlake_io::ErrorKind;
use rootlake_io::digest::Digest;
use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::tree::{Branch, ColumnReader, Tree};

use crate::error::MergeError;
use crate::output::Output;
use crate::plan::{Plan, TreePlan};
use crate::receipt::{TreeReceipt, Verified};
use crate::request::Request;
use crate::runs::{record, runs};
use crate::schema;
use crate::store::Store;
use crate::survey::input::Input;
use crate::task::{Unit, Work};
use crate::vary;

/// Compares the values of all branches that can be decoded, and takes note of it in `receipts`.
///
/// # Errors
/// When a branch differs ([`MergeError::Differs`]), or reading fails.
pub(crate) fn full<S: Store>(
    plan: &Plan,
    inputs: &[Input],
    store: &S,
    request: &Request,
    output: &Output,
    receipts: &mut [TreeReceipt],
) -> Result<(), MergeError> {
    let file = RootFile::open(output, "the output")?;
    let layouts = file.layouts()?;
    for (of, receipt) in plan.trees.iter().zip(receipts) {
        let written = Tree::read(&file, &file.find(&of.path)?, &layouts)?;
        let comparison = Comparison {
            plan: of,
            inputs,
            store,
            request,
            file: &file,
            places: schema::branches(&written)
                .into_iter()
                .enumerate()
                .map(|(number, branch)| (branch.path, number))
                .collect(),
            written: &written,
            units: Work::new(of, (&plan.sequence, None), inputs, request, 0, None).units,
        };
        receipt.verified = Some(comparison.run()?);
    }
    Ok(())
}

/// One tree of the output, and what it was made of.
struct Comparison<'a, S: Store> {
    plan: &'a TreePlan,
    inputs: &'a [Input],
    store: &'a S,
    request: &'a Request,
    file: &'a RootFile<&'a Output>,
    written: &'a Tree,
    /// The numbers of its branches, by path.
    places: HashMap<String, usize>,
    units: Vec<Unit>,
}

/// What a run of an input's entries holds in one branch of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Values {
    /// Nothing: the input lacks the branch.
    None,
    /// What cannot be decoded: it was expanded, which is all that can be said of it.
    Undecoded,
    /// Values of this digest.
    Digest(u64),
}

impl<S: Store> Comparison<'_, S> {
    fn run(&self) -> Result<Verified, MergeError> {
        // An input is decoded once, however often it is in the output.
        let mut distinct: HashMap<(usize, Range<u64>), usize> = HashMap::new();
        let mut runs: Vec<&Unit> = Vec::new();
        for unit in &self.units {
            let key = (unit.list, unit.entries.clone());
            distinct.entry(key).or_insert_with(|| {
                runs.push(unit);
                runs.len() - 1
            });
        }
        let wanted: Vec<Vec<Values>> = self.spread(&runs, |unit| self.of_input(unit))?;
        let pairs: Vec<(&Unit, &Vec<Values>)> = self
            .units
            .iter()
            .filter_map(|unit| {
                let run = distinct.get(&(unit.list, unit.entries.clone()))?;
                Some((unit, wanted.get(*run)?))
            })
            .collect();
        let unread = self.spread(&pairs, |(unit, wanted)| self.compare(unit, wanted))?;
        let unread: HashSet<usize> = unread.into_iter().flatten().collect();
        let is_compared = |branch: usize| {
            let mut of_inputs = wanted.iter().filter_map(|all| all.get(branch));
            let is_digest = |values: &Values| matches!(values, Values::Digest(_));
            of_inputs.clone().any(is_digest)
                && of_inputs.all(|values| *values != Values::Undecoded)
                && !unread.contains(&branch)
        };
        let branches = self.plan.branches.iter().enumerate();
        let (mut equal, mut undecoded) = (0, Vec::new());
        for (number, planned) in branches {
            if is_compared(number) {
                equal += 1;
            } else {
                undecoded.push(planned.branch.path.clone());
            }
        }
        Ok(Verified { equal, undecoded })
    }

    /// Does `work` for each of `items`, on all threads; gives the results in their order.
    fn spread<T: Sync, R: Send>(
        &self,
        items: &[T],
        work: impl Fn(&T) -> Result<R, MergeError> + Sync,
    ) -> Result<Vec<R>, MergeError> {
        let taken = AtomicUsize::new(0);
        let done = Mutex::new(Vec::with_capacity(items.len()));
        let share = || {
            while let Some((number, item)) = {
                let number = taken.fetch_add(1, Ordering::Relaxed);
                items.get(number).map(|item| (number, item))
            } {
                let result = work(item);
                if let Ok(mut done) = done.lock() {
                    done.push((number, result));
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..self.request.threads.clamp(1, items.len().max(1)) {
                scope.spawn(share);
            }
            share();
        });
        let mut done = done.into_inner().map_err(|_| MergeError::Thread)?;
        done.sort_by_key(|(number, _)| *number);
        done.into_iter().map(|(_, result)| result).collect()
    }

    /// What a unit's entries hold in its input.
    fn of_input(&self, unit: &Unit) -> Result<Vec<Values>, MergeError> {
        let missing = || MergeError::Thread;
        let input = self.inputs.get(unit.input).ok_or_else(missing)?;
        let (held, map) = self
            .plan
            .part(self.inputs, unit.input)
            .ok_or_else(missing)?;
        let file = RootFile::open(input.open(self.store)?, &input.name)?;
        let mut tree = held.read(&file, input)?;
        let values = map.iter().enumerate().map(|(number, own)| {
            let Some(branch) = own.and_then(|own| tree.branches.get_mut(own)) else {
                return Ok(Values::None);
            };
            if branch.format().is_err() {
                return Ok(Values::Undecoded);
            }
            if let Some(written) = self.written(number) {
                branch.take_classes_met(written);
            }
            values(&file, branch, unit.entries.clone())
        });
        values.collect()
    }

    /// The branch of the output that is the plan's of this number.
    fn written(&self, number: usize) -> Option<&Branch> {
        let path = &self.plan.branches.get(number)?.branch.path;
        self.written.branches.get(*self.places.get(path)?)
    }

    /// Compares a unit's entries in the output; gives the numbers of the branches that cannot be
    /// decoded there.
    fn compare(&self, unit: &Unit, wanted: &[Values]) -> Result<Vec<usize>, MergeError> {
        let mut unread = Vec::new();
        let entries = unit.first_entry..unit.first_entry + unit.length();
        for (number, wanted) in wanted.iter().enumerate() {
            let planned = self.plan.branches.get(number);
            let is_varied = vary::addend(self.request, planned, unit.copy).is_some();
            let (Values::Digest(_), false, Some(planned)) = (wanted, is_varied, planned) else {
                continue;
            };
            let path = &planned.branch.path;
            let branch = self.written(number).ok_or(MergeError::Thread)?;
            let found = values(self.file, branch, entries.clone())?;
            if found == Values::Undecoded {
                unread.push(number);
            } else if found != *wanted {
                let input = self.inputs.get(unit.input);
                return Err(MergeError::Differs {
                    tree: self.plan.path.to_string(),
                    branch: path.clone(),
                    file: input
                        .map(|input| input.name.to_string())
                        .unwrap_or_default(),
                    entries,
                });
            }
        }
        Ok(unread)
    }
}

/// What the entries `range` of a branch hold.
fn values(
    file: &RootFile<impl ReadAt>,
    branch: &Branch,
    range: Range<u64>,
) -> Result<Values, MergeError> {
    let format = branch.format()?;
    let mut reader = ColumnReader::default();
    let mut digest = Digest::new();
    for run in runs(branch, range) {
        let columns = reader.columns(branch, run, record(file));
        let columns = match columns {
            Err(error) if matches!(error.kind(), ErrorKind::Unsupported(_)) => {
                return Ok(Values::Undecoded);
            }
            columns => columns.map_err(|error| error.in_file(file.name()))?,
        };
        let columns: Vec<_> = columns.into_iter().map(|(_, column)| column).collect();
        digest.push_branch(format, &columns);
    }
    Ok(Values::Digest(digest.xxh3()))
}
