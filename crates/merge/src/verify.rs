//! Holding a written output against its inputs, value by value.
//!
//! A digest of the values (`rootlake_io::digest`) does not depend on codec and baskets: each
//! branch of the output must have, over the entries of each piece, the digest that the input has.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// The digest of a run of an input's entries in each branch of the output; none where there is
/// nothing to compare.
type Digests = Vec<Option<u64>>;

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
        let wanted: Vec<Digests> = self.spread(&runs, |unit| self.of_input(unit))?;
        let pairs: Vec<(&Unit, &Digests)> = self
            .units
            .iter()
            .filter_map(|unit| {
                let run = distinct.get(&(unit.list, unit.entries.clone()))?;
                Some((unit, wanted.get(*run)?))
            })
            .collect();
        self.spread(&pairs, |(unit, wanted)| self.compare(unit, wanted))?;
        let is_compared = |branch: usize| {
            wanted
                .iter()
                .any(|all| all.get(branch).is_some_and(Option::is_some))
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

    /// The digests of a unit's entries in its input.
    fn of_input(&self, unit: &Unit) -> Result<Digests, MergeError> {
        let missing = || MergeError::Thread;
        let input = self.inputs.get(unit.input).ok_or_else(missing)?;
        let (held, map) = self
            .plan
            .part(self.inputs, unit.input)
            .ok_or_else(missing)?;
        let file = RootFile::open(input.open(self.store)?, &input.name)?;
        let tree = held.read(&file, input)?;
        let digests = map.iter().map(|own| {
            let branch = own.and_then(|own| tree.branches.get(own));
            // What cannot be decoded was expanded, which is all that can be said of it.
            let branch = branch.filter(|branch| branch.format().is_ok());
            branch
                .map(|branch| digest(&file, branch, unit.entries.clone()))
                .transpose()
        });
        digests.collect()
    }

    /// Compares a unit's entries in the output.
    fn compare(&self, unit: &Unit, wanted: &Digests) -> Result<(), MergeError> {
        let entries = unit.first_entry..unit.first_entry + unit.length();
        for (number, wanted) in wanted.iter().enumerate() {
            let planned = self.plan.branches.get(number);
            let is_varied = vary::addend(self.request, planned, unit.copy).is_some();
            let (Some(wanted), false, Some(planned)) = (wanted, is_varied, planned) else {
                continue;
            };
            let path = &planned.branch.path;
            let place = self.places.get(path);
            let branch = place.and_then(|&place| self.written.branches.get(place));
            let branch = branch.ok_or(MergeError::Thread)?;
            if digest(self.file, branch, entries.clone())? != *wanted {
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
        Ok(())
    }
}

/// The digest of the entries `range` of a branch.
fn digest(
    file: &RootFile<impl ReadAt>,
    branch: &Branch,
    range: Range<u64>,
) -> Result<u64, MergeError> {
    let format = branch.format()?;
    let mut reader = ColumnReader::default();
    let mut digest = Digest::new();
    for run in runs(branch, range) {
        let columns = reader.columns(branch, run, record(file));
        let columns = columns.map_err(|error| error.in_file(file.name()))?;
        let columns: Vec<_> = columns.into_iter().map(|(_, column)| column).collect();
        digest.push_branch(format, &columns);
    }
    Ok(digest.xxh3())
}
