//! Baskets made anew: joined from shorter ones, or filled where an input lacks a branch.

use bytes::Bytes;
use rootlake_io::file::ReadAt;
use rootlake_io::tree::{ColumnKind, Location, Tree};
use rootlake_io::write::{BasketEntries, BasketRecord, embedded_record};

use super::{Batch, Ready, Worker};
use crate::error::MergeError;
use crate::input::BasketPlace;
use crate::store::Store;
use crate::task::{Unit, part};
use crate::vary;

/// The longest basket made of zeros, in entries.
const FILL_ENTRIES: u64 = 100_000;

impl<S: Store> Worker<'_, S> {
    /// Joins the baskets of successive units, branch by branch, to one basket each.
    pub(super) fn join(
        &mut self,
        units: std::ops::Range<usize>,
        stored: bool,
        batch: &mut Batch,
    ) -> Result<(), MergeError> {
        let count = self.work.plan.branches.len();
        let mut joined: Vec<Joined> = (0..count).map(|_| Joined::default()).collect();
        for number in units {
            let unit = self.unit(number)?;
            let (tree, map) =
                part(self.work.plan, self.inputs, unit.input).ok_or(MergeError::Thread)?;
            self.open(unit.input)?;
            let file = self.file()?;
            let read = tree.read(file, self.input(unit.input)?)?;
            for (branch, own) in map.iter().enumerate() {
                if let (Some(own), Some(to)) = (own, joined.get_mut(branch)) {
                    self.join_branch(unit, (branch, *own), &read, stored, to, batch)
                        .map_err(|error| self.place(error, unit, branch))?;
                }
            }
        }
        for (branch, joined) in joined.into_iter().enumerate() {
            self.flush(branch, joined, batch)?;
        }
        Ok(())
    }

    fn join_branch(
        &mut self,
        unit: &Unit,
        (branch, own): (usize, usize),
        tree: &Tree,
        stored: bool,
        to: &mut Joined,
        batch: &mut Batch,
    ) -> Result<(), MergeError> {
        let planned = self
            .work
            .plan
            .branches
            .get(branch)
            .ok_or(MergeError::Thread)?;
        let addend = vary::addend(self.request, Some(planned), unit.copy);
        let baskets = tree.branches.get(own).map_or(&[][..], |own| &own.baskets);
        for basket in baskets {
            let first_entry = unit.first_entry + basket.first_entry;
            if !planned.branch.joinable {
                // Bytes that may refer to each other stay in a basket of their own.
                if let Location::Embedded(embedded) = &basket.location {
                    let record = embedded_record(
                        tree_name(&self.work.plan.path),
                        &planned.branch.name,
                        embedded,
                        self.datime,
                        &mut self.compressor,
                    )?;
                    push(batch, branch, first_entry, &record);
                } else if stored && let Location::Stored { seek, nbytes } = basket.location {
                    let place = BasketPlace {
                        seek,
                        nbytes,
                        entries: u32::try_from(basket.entries).unwrap_or(u32::MAX),
                        first_entry: basket.first_entry,
                    };
                    let (own, _) =
                        part(self.work.plan, self.inputs, unit.input).ok_or(MergeError::Thread)?;
                    self.copy_run(unit, own, &[(branch, place)], batch)?;
                }
                continue;
            }
            let before = to.entries.values.len();
            match &basket.location {
                Location::Embedded(embedded) => {
                    if u64::from(embedded.entries) != basket.entries {
                        return Err(self.damaged(
                            unit,
                            branch,
                            format!(
                                "a basket at entry {} holds {} entries, its branch says {}",
                                basket.first_entry, embedded.entries, basket.entries
                            ),
                        ));
                    }
                    to.begin(first_entry);
                    to.entries.push_embedded(embedded)?;
                }
                Location::Stored { seek, nbytes } if stored => {
                    let length = usize::try_from(*nbytes).unwrap_or(usize::MAX);
                    let record: Bytes = self.file()?.source().read_at(*seek, length)?;
                    to.begin(first_entry);
                    to.entries
                        .push_record(&record, &mut self.codec, &mut self.scratch)?;
                }
                Location::Stored { .. } => {}
            }
            if let (Some((scalar, addend)), Some(new)) =
                (addend, to.entries.values.get_mut(before..))
            {
                vary::add(new, scalar, addend);
            }
        }
        Ok(())
    }

    fn flush(
        &mut self,
        branch: usize,
        mut joined: Joined,
        batch: &mut Batch,
    ) -> Result<(), MergeError> {
        let planned = self
            .work
            .plan
            .branches
            .get(branch)
            .ok_or(MergeError::Thread)?;
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

    /// Makes baskets of zeros, or of empty vectors, for the branches that a unit lacks.
    pub(super) fn fill(&mut self, unit: usize, batch: &mut Batch) -> Result<(), MergeError> {
        let unit = self.unit(unit)?;
        let (tree, map) =
            part(self.work.plan, self.inputs, unit.input).ok_or(MergeError::Thread)?;
        for (branch, planned) in self.work.plan.branches.iter().enumerate() {
            let (Some(None), Some(kind)) = (map.get(branch), planned.branch.kind) else {
                continue;
            };
            let mut first = 0;
            while first < tree.entries {
                let count = FILL_ENTRIES.min(tree.entries - first);
                let mut entries = zeros(kind, u32::try_from(count).unwrap_or(0))?;
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
    batch.bytes.extend_from_slice(record.bytes());
    batch.baskets.push(Ready {
        branch,
        first_entry,
        entries: record.entries(),
        nbytes: record.nbytes(),
        expanded: record.expanded(),
    });
}

/// `count` entries of zero, or of empty vectors.
fn zeros(kind: ColumnKind, count: u32) -> Result<BasketEntries, MergeError> {
    let mut entries = BasketEntries::default();
    let length = usize::try_from(count).unwrap_or(usize::MAX);
    match kind {
        ColumnKind::Fixed(scalar) => {
            entries.push(count, &vec![0; length.saturating_mul(scalar.width())], None)?;
        }
        ColumnKind::Vector(_) => {
            // Byte count 6, the version of a vector, no values.
            let empty = [0x40, 0, 0, 6, 0, 9, 0, 0, 0, 0];
            let starts: Vec<u32> = (0..count).map(|entry| entry * 10).collect();
            entries.push(count, &empty.repeat(length), Some(&starts))?;
        }
    }
    Ok(entries)
}
