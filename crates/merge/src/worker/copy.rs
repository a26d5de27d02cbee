//! Copying baskets that have records of their own.

use rootlake_io::file::ReadAt;
use rootlake_io::tree::{BasketHeader, BasketPlace, basket_header};
use rootlake_io::write::{add_process_offset, check_frames, is_narrow, recompress, widen_basket};

use super::{Batch, Ready, Worker};
use crate::error::MergeError;
use crate::request::Verify;
use crate::store::Store;
use crate::task::{Stretch, Unit};
use crate::vary;

/// Baskets further apart in their input than this are read one by one.
const GAP: u64 = 1 << 16;

/// A basket to be copied: its planned branch, and where it stands.
pub(super) type Found = (usize, BasketPlace);

impl<S: Store> Worker<'_, S> {
    /// Copies the baskets of `stretches`.
    pub(super) fn copy(
        &mut self,
        stretches: &[Stretch],
        batch: &mut Batch,
    ) -> Result<(), MergeError> {
        let mut as_is = self.request.compress.is_none()
            && self.request.verify != Verify::Full
            && self.request.vary.is_empty();
        for stretch in stretches {
            let (tree, _) = self.part(self.unit(stretch.unit)?)?;
            as_is &= !(self.work.widen && tree.narrow);
        }
        let mut found = std::mem::take(&mut self.found);
        for stretch in stretches {
            let unit = self.unit(stretch.unit)?;
            self.open(unit.input)?;
            self.find(unit, stretch, &mut found)?;
            if as_is {
                self.copy_as_is(unit, &found, batch)?;
            } else {
                self.copy_one_by_one(unit, &found, batch)?;
            }
        }
        self.found = found;
        Ok(())
    }

    /// Makes `found` the baskets of a stretch of `unit`.
    fn find(
        &self,
        unit: &Unit,
        stretch: &Stretch,
        found: &mut Vec<Found>,
    ) -> Result<(), MergeError> {
        let (tree, _) = self.part(unit)?;
        let list = self.work.lists.get(unit.list);
        let listed = list.and_then(|list| list.get(stretch.range.clone()));
        let listed = listed.unwrap_or_default().iter();
        found.clear();
        found.extend(listed.filter_map(|&listed| Some((listed.branch(), listed.basket(tree)?))));
        Ok(())
    }

    /// Copies baskets whose bytes stay as they are: they are read to where they are written from.
    fn copy_as_is(
        &mut self,
        unit: &Unit,
        found: &[Found],
        batch: &mut Batch,
    ) -> Result<(), MergeError> {
        let nbytes = |found: &[Found]| -> u64 {
            let lengths = found.iter().map(|(_, place)| u64::from(place.nbytes));
            lengths.sum()
        };
        let mut buffer = std::mem::take(&mut batch.read);
        // A damaged file may speak of anything: no more is made room for than there is.
        let length = nbytes(found);
        if length > self.file()?.length() {
            return Err(self.reaches_past(unit, found));
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let start = batch.start.saturating_add(batch.length);
        let end = start.saturating_add(length);
        if buffer.len() < end {
            buffer.resize(end, 0);
        }
        let mut free = buffer.get_mut(start..).unwrap_or_default();
        batch.baskets.reserve(found.len());
        for run in runs(found, 0) {
            let length = usize::try_from(nbytes(run)).unwrap_or(usize::MAX);
            let (mut bytes, behind) = free.split_at_mut_checked(length).unwrap_or_default();
            free = behind;
            self.read_run(unit, run, bytes)?;
            for (branch, place) in run {
                let length = usize::try_from(place.nbytes).unwrap_or(usize::MAX);
                let (record, rest) = bytes.split_at_mut_checked(length).unwrap_or_default();
                bytes = rest;
                if self.work.widen && is_narrow(record) {
                    let damage = "only some of its baskets have keys with offsets of 64 bits";
                    return Err(self.damaged(unit, *branch, damage.to_owned()));
                }
                let header = match self.request.verify {
                    Verify::None => basket_header(record),
                    Verify::Frames | Verify::Full => check_frames(record),
                };
                let header =
                    header.map_err(|error| self.in_basket(unit, *branch, *place, error))?;
                add_process_offset(record, unit.processes)
                    .map_err(|error| self.in_basket(unit, *branch, *place, error))?;
                self.ready(unit, *branch, *place, &header, place.nbytes, batch)?;
            }
        }
        batch.length += length;
        batch.read = buffer;
        Ok(())
    }

    /// Copies baskets that may become other bytes.
    fn copy_one_by_one(
        &mut self,
        unit: &Unit,
        found: &[Found],
        batch: &mut Batch,
    ) -> Result<(), MergeError> {
        let mut buffer = std::mem::take(&mut self.read);
        for run in runs(found, GAP) {
            let start = run.first().map_or(0, |(_, first)| first.seek());
            let length = usize::try_from(end(run).saturating_sub(start)).unwrap_or(usize::MAX);
            if end(run) > self.file()?.length() {
                return Err(self.reaches_past(unit, run));
            }
            if buffer.len() < length {
                buffer.resize(length, 0);
            }
            let read = buffer.get_mut(..length).unwrap_or_default();
            self.read_run(unit, run, read)?;
            for (branch, place) in run {
                let from = usize::try_from(place.seek() - start).unwrap_or(usize::MAX);
                let to = from.saturating_add(usize::try_from(place.nbytes).unwrap_or(usize::MAX));
                let record = read.get(from..to).unwrap_or_default();
                self.record(unit, *branch, *place, record, batch)?;
            }
        }
        self.read = buffer;
        Ok(())
    }

    /// Copies one basket as it is, or as the request says.
    pub(super) fn copy_basket(
        &mut self,
        unit: &Unit,
        found: Found,
        batch: &mut Batch,
    ) -> Result<(), MergeError> {
        self.copy_one_by_one(unit, &[found], batch)
    }

    /// Fills `bytes` from where the run of baskets begins.
    fn read_run(&self, unit: &Unit, run: &[Found], bytes: &mut [u8]) -> Result<(), MergeError> {
        let file = self.file()?;
        if end(run) > file.length() {
            return Err(self.reaches_past(unit, run));
        }
        let start = run.first().map_or(0, |(_, first)| first.seek());
        let read = file.read_into(start, bytes);
        let name = &self.input(unit.input)?.name;
        Ok(read.map_err(|error| error.at(start).in_file(name))?)
    }

    fn reaches_past(&self, unit: &Unit, run: &[Found]) -> MergeError {
        let branch = run.last().map_or(0, |(branch, _)| *branch);
        let length = self.file().map_or(0, |file| file.length());
        let damage = format!(
            "a basket reaches to byte {} of a file of {length}",
            end(run)
        );
        self.damaged(unit, branch, damage)
    }

    /// Copies one record: as it is, or compressed anew, with other values, with a longer key.
    fn record(
        &mut self,
        unit: &Unit,
        branch: usize,
        place: BasketPlace,
        record: &[u8],
        batch: &mut Batch,
    ) -> Result<(), MergeError> {
        let planned = self.work.plan.branches.get(branch);
        let addend = vary::addend(self.request, planned, unit.copy);
        let edit = |values: &mut [u8]| {
            if let Some((scalar, addend)) = addend {
                vary::add(values, scalar, addend);
            }
        };
        let start = batch.made.len();
        let again = self.request.compress.is_some() || addend.is_some();
        let is_full = self.request.verify == Verify::Full;
        let header = if again || is_full {
            let compressor = again.then_some(&mut self.compressor);
            recompress(
                record,
                &mut self.codec,
                compressor,
                &edit,
                &mut self.scratch,
                &mut batch.made,
            )
        } else {
            batch.made.extend_from_slice(record);
            match self.request.verify {
                Verify::None => basket_header(record),
                Verify::Frames | Verify::Full => check_frames(record),
            }
        };
        let mut header = header.map_err(|error| self.in_basket(unit, branch, place, error))?;
        if self.work.widen && is_narrow(record) {
            // Entries whose bytes refer to each other count from the start of the key.
            if planned.is_none_or(|planned| !planned.branch.joinable) {
                return Err(MergeError::Unsupported {
                    file: self.input(unit.input)?.name.to_string(),
                    what: format!(
                        "branch {} past 2 GB (its baskets' keys have offsets of 32 bits)",
                        planned.map_or("", |planned| &planned.branch.path)
                    ),
                });
            }
            let narrow = batch.made.split_off(start);
            let widened = widen_basket(
                &narrow,
                &mut self.codec,
                &mut self.compressor,
                &mut self.scratch,
                &mut batch.made,
            );
            header = widened.map_err(|error| self.in_basket(unit, branch, place, error))?;
        }
        let made = batch.made.get_mut(start..).unwrap_or_default();
        let nbytes = u32::try_from(made.len()).unwrap_or(u32::MAX);
        add_process_offset(made, unit.processes)
            .map_err(|error| self.in_basket(unit, branch, place, error))?;
        self.ready(unit, branch, place, &header, nbytes, batch)
    }

    /// Takes note of a basket in the batch, if it holds what its branch says.
    fn ready(
        &self,
        unit: &Unit,
        branch: usize,
        place: BasketPlace,
        header: &BasketHeader,
        nbytes: u32,
        batch: &mut Batch,
    ) -> Result<(), MergeError> {
        if header.entries != place.entries {
            return Err(self.holds_others(unit, branch, place, header.entries));
        }
        batch.baskets.push(Ready {
            branch,
            first_entry: unit.entry(place.first_entry),
            entries: header.entries,
            nbytes,
            expanded: u64::from(header.key.object_length) + u64::from(header.key.key_length),
        });
        Ok(())
    }

    #[cold]
    fn holds_others(
        &self,
        unit: &Unit,
        branch: usize,
        place: BasketPlace,
        found: u32,
    ) -> MergeError {
        let damage = format!(
            "a basket at entry {} holds {found} entries, its branch says {}",
            place.first_entry, place.entries
        );
        self.damaged(unit, branch, damage)
    }

    #[cold]
    fn in_basket(
        &self,
        unit: &Unit,
        branch: usize,
        place: BasketPlace,
        error: rootlake_io::Error,
    ) -> MergeError {
        self.place(error.at(place.seek()).into(), unit, branch)
    }
}

/// Splits baskets into runs that stand in their input with no more than `gap` bytes between them.
fn runs(found: &[Found], gap: u64) -> impl Iterator<Item = &[Found]> {
    found.chunk_by(move |(_, before), (_, next)| {
        let end = before.seek().saturating_add(before.nbytes.into());
        next.seek() >= end && next.seek() - end <= gap
    })
}

/// Where the last basket of a run ends.
fn end(run: &[Found]) -> u64 {
    run.last().map_or(0, |(_, last)| {
        last.seek().saturating_add(last.nbytes.into())
    })
}
