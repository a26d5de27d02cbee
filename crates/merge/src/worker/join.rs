//! Baskets made anew: joined from shorter ones, or filled where an input lacks a branch.

use std::ops::Range;

use bytes::Bytes;
use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::object::EmbeddedBasket;
use rootlake_io::tree::BasketPlace;
use rootlake_io::write::{BasketEntries, BasketRecord, add_process_offset, embedded_record};

use super::{Batch, Ready, Worker};
use crate::error::MergeError;
use crate::plan::tree::PlannedBranch;
use crate::schema::Blank;
use crate::store::Store;
use crate::task::{Run, Unit};
use crate::vary;

/// The longest basket made of blank entries, in entries and in bytes.
const FILL_ENTRIES: u64 = 100_000;
const FILL_BYTES: u64 = 1 << 20;

impl<'a, S: Store> Worker<'a, S> {
    /// Joins the entries of successive runs, branch by branch, to one basket each.
    pub(super) fn join(
        &mut self,
        runs: &[Run],
        stored: bool,
        batch: &mut Batch,
    ) -> Result<(), MergeError> {
        let count = self.work.plan.branches.len();
        let mut joined: Vec<Joined> = (0..count).map(|_| Joined::default()).collect();
        for run in runs {
            let unit = self.unit(run.unit)?;
            let (tree, map) = self.part(unit)?;
            self.open(unit.input)?;
            for (branch, own) in map.iter().enumerate() {
                let Some(own) = *own else {
                    // Blank entries come between: what is joined ends before them.
                    if let Some(joined) = joined.get_mut(branch) {
                        self.flush(branch, std::mem::take(joined), batch)?;
                    }
                    continue;
                };
                for &place in tree.baskets.branch(own) {
                    let Some(range) = overlap(place, &run.entries) else {
                        continue;
                    };
                    let basket = Joinable {
                        unit,
                        branch,
                        place,
                        range,
                    };
                    if let Some(to) = joined.get_mut(branch)
                        && (stored || !place.is_stored())
                    {
                        self.join_basket(&basket, to, batch)
                            .map_err(|error| self.place(error, unit, branch))?;
                    }
                }
            }
        }
        for (branch, joined) in joined.into_iter().enumerate() {
            self.flush(branch, joined, batch)?;
        }
        Ok(())
    }

    fn join_basket(
        &mut self,
        basket: &Joinable<'_>,
        to: &mut Joined,
        batch: &mut Batch,
    ) -> Result<(), MergeError> {
        let planned = self.planned(basket.branch)?;
        if !planned.branch.joinable {
            // Bytes that may refer to each other stay in a basket of their own, which goes with
            // its first entry.
            return if basket.range.start == 0 {
                self.keep_basket(basket, batch)
            } else {
                Ok(())
            };
        }
        let unit = basket.unit;
        let before = to.entries.values.len();
        to.begin(unit.entry(basket.place.first_entry + u64::from(basket.range.start)));
        if basket.place.is_stored() {
            let length = usize::try_from(basket.place.nbytes).unwrap_or(usize::MAX);
            let record: Bytes = self.file()?.read_at(basket.place.seek(), length)?;
            let (range, codec) = (basket.range.clone(), &mut self.codec);
            to.entries
                .push_record(&record, range, codec, &mut self.scratch)?;
        } else {
            let embedded = self.embedded(basket)?;
            to.entries.push_embedded(&embedded, basket.range.clone())?;
        }
        let addend = vary::addend(self.request, Some(planned), unit.copy);
        if let (Some((scalar, addend)), Some(new)) = (addend, to.entries.values.get_mut(before..)) {
            vary::add(new, scalar, addend);
        }
        Ok(())
    }

    /// Writes a basket by itself.
    fn keep_basket(&mut self, basket: &Joinable<'_>, batch: &mut Batch) -> Result<(), MergeError> {
        if basket.place.is_stored() {
            return self.copy_basket(basket.unit, (basket.branch, basket.place), batch);
        }
        let embedded = self.embedded(basket)?;
        let record = embedded_record(
            tree_name(&self.work.plan.path),
            &self.planned(basket.branch)?.branch.name,
            &embedded,
            self.datime,
            &mut self.compressor,
        )?;
        let first_entry = basket.unit.entry(basket.place.first_entry);
        let start = batch.made.len();
        push(batch, basket.branch, first_entry, &record);
        let made = batch.made.get_mut(start..).unwrap_or_default();
        add_process_offset(made, basket.unit.processes)?;
        Ok(())
    }

    /// A basket in the tree's record, which is expanded once.
    fn embedded(&mut self, basket: &Joinable<'_>) -> Result<EmbeddedBasket, MergeError> {
        let content = match &self.record {
            Some(content) => content,
            None => {
                let (tree, _) = self.part(basket.unit)?;
                let name = &self.input(basket.unit.input)?.name;
                let content = tree.content(&RootFile::open(self.file()?, name)?)?;
                self.record.insert(content)
            }
        };
        let position = usize::try_from(basket.place.seek()).unwrap_or(usize::MAX);
        let found = EmbeddedBasket::read(content, position)?;
        if found.entries == basket.place.entries {
            return Ok(found);
        }
        let damage = format!(
            "a basket at entry {} holds {} entries, its branch says {}",
            basket.place.first_entry, found.entries, basket.place.entries
        );
        Err(self.damaged(basket.unit, basket.branch, damage))
    }

    fn planned(&self, branch: usize) -> Result<&'a PlannedBranch, MergeError> {
        let planned = self.work.plan.branches.get(branch);
        planned.ok_or(MergeError::Thread)
    }

    fn flush(
        &mut self,
        branch: usize,
        mut joined: Joined,
        batch: &mut Batch,
    ) -> Result<(), MergeError> {
        let planned = self.planned(branch)?;
        if joined.entries.entries == 0 {
            return Ok(());
        }
        let record = joined.entries.encode(
            tree_name(&self.work.plan.path),
            &planned.branch.name,
            self.datime,
            &mut self.compressor,
        )?;
        push(batch, branch, joined.first_entry, &record);
        Ok(())
    }

    /// Makes baskets of blank entries for the branches that a unit lacks.
    pub(super) fn fill(&mut self, unit: usize, batch: &mut Batch) -> Result<(), MergeError> {
        let unit = self.unit(unit)?;
        let (_, map) = self.part(unit)?;
        for (branch, planned) in self.work.plan.branches.iter().enumerate() {
            let (Some(None), Some(Blank::Entry { bytes, has_offsets })) =
                (map.get(branch), &planned.branch.blank)
            else {
                continue;
            };
            let most = FILL_BYTES / u64::try_from(bytes.len()).unwrap_or(u64::MAX).max(1);
            let most = most.clamp(1, FILL_ENTRIES);
            let mut first = 0;
            while first < unit.length() {
                let count = most.min(unit.length() - first);
                let mut entries = repeated(bytes, *has_offsets, u32::try_from(count).unwrap_or(0))?;
                let record = entries.encode(
                    tree_name(&self.work.plan.path),
                    &planned.branch.name,
                    self.datime,
                    &mut self.compressor,
                )?;
                push(batch, branch, unit.first_entry + first, &record);
                first += count;
            }
        }
        Ok(())
    }
}

/// Entries of a basket, to be joined with others.
struct Joinable<'a> {
    unit: &'a Unit,
    /// The number of the planned branch.
    branch: usize,
    place: BasketPlace,
    /// The entries, as the basket numbers them.
    range: Range<u32>,
}

/// The entries of a basket that are among `entries`, as the basket numbers them.
fn overlap(place: BasketPlace, entries: &Range<u64>) -> Option<Range<u32>> {
    let end = place.first_entry.saturating_add(place.entries.into());
    let from = entries.start.max(place.first_entry);
    let to = entries.end.min(end);
    let own = |entry: u64| u32::try_from(entry - place.first_entry).ok();
    (from < to).then(|| Some(own(from)?..own(to)?)).flatten()
}

/// Entries of one branch, put together from some units.
#[derive(Default)]
struct Joined {
    entries: BasketEntries,
    first_entry: u64,
}

impl Joined {
    fn begin(&mut self, first_entry: u64) {
        if self.entries.entries == 0 {
            self.first_entry = first_entry;
        }
    }
}

/// A tree's own name: what its baskets bear as title.
fn tree_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

fn push(batch: &mut Batch, branch: usize, first_entry: u64, record: &BasketRecord) {
    batch.made.extend_from_slice(record.bytes());
    batch.baskets.push(Ready {
        branch,
        first_entry,
        entries: record.entries(),
        nbytes: record.nbytes(),
        expanded: record.expanded(),
    });
}

/// `count` entries of these bytes each.
fn repeated(bytes: &[u8], has_offsets: bool, count: u32) -> Result<BasketEntries, MergeError> {
    let mut entries = BasketEntries::default();
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let starts: Option<Vec<u32>> = has_offsets.then(|| {
        (0..count)
            .map(|entry| entry.saturating_mul(length))
            .collect()
    });
    let values = bytes.repeat(usize::try_from(count).unwrap_or(0));
    entries.push(count, &values, starts.as_deref())?;
    Ok(entries)
}
