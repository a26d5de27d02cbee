//! Copying baskets that have records of their own.

use rootlake_io::file::ReadAt;
use rootlake_io::tree::basket_header;
use rootlake_io::write::{check_frames, recompress};

use super::{Batch, Ready, Worker};
use crate::error::MergeError;
use crate::input::{BasketPlace, InputTree};
use crate::request::Verify;
use crate::store::Store;
use crate::task::{Unit, basket, part};
use crate::vary;

/// Baskets further apart in their input than this are read one by one.
const GAP: u64 = 1 << 16;

impl<S: Store> Worker<'_, S> {
    /// Copies the baskets at `places` of the unit's list.
    pub(super) fn copy(
        &mut self,
        unit: &Unit,
        places: &[(usize, usize)],
        batch: &mut Batch,
    ) -> Result<(), MergeError> {
        let (tree, map) =
            part(self.work.plan, self.inputs, unit.input).ok_or(MergeError::Thread)?;
        self.open(unit.input)?;
        let found: Vec<(usize, BasketPlace)> = places
            .iter()
            .filter_map(|&place| Some((place.0, basket(tree, map, place)?)))
            .collect();
        let mut rest = &found[..];
        while let Some((first, _)) = rest.split_first() {
            // Baskets close to each other are read at one go.
            let mut end = first.1.seek + u64::from(first.1.nbytes);
            let near = |(_, next): &(usize, BasketPlace)| {
                let is_near = next.seek >= end && next.seek - end <= GAP;
                end = next.seek.saturating_add(next.nbytes.into());
                is_near
            };
            let count = 1 + rest
                .get(1..)
                .unwrap_or_default()
                .iter()
                .map(near)
                .take_while(|near| *near)
                .count();
            let (run, behind) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            self.copy_run(unit, tree, run, batch)?;
            rest = behind;
        }
        Ok(())
    }

    /// Copies baskets that stand close to each other.
    pub(super) fn copy_run(
        &mut self,
        unit: &Unit,
        tree: &InputTree,
        run: &[(usize, BasketPlace)],
        batch: &mut Batch,
    ) -> Result<(), MergeError> {
        let start = run.first().map_or(0, |(_, first)| first.seek);
        let end = run.last().map_or(start, |(_, last)| {
            last.seek.saturating_add(last.nbytes.into())
        });
        let length = usize::try_from(end - start).unwrap_or(usize::MAX);
        let bytes = self.file()?.source().length();
        if end > bytes {
            let branch = run.last().map_or(0, |(branch, _)| *branch);
            let damage = format!("a basket reaches to byte {end} of a file of {bytes}");
            return Err(self.damaged(unit, branch, damage));
        }
        // The buffer never shrinks: what was made room for once is not cleared again.
        let mut buffer = std::mem::take(&mut self.read);
        if buffer.len() < length {
            buffer.resize(length, 0);
        }
        let read = buffer.get_mut(..length).unwrap_or_default();
        let file = self.file()?;
        file.source()
            .read_into(start, read)
            .map_err(|error| error.at(start).in_file(file.name()))?;
        for (branch, place) in run {
            let from = usize::try_from(place.seek - start).unwrap_or(usize::MAX);
            let to = from.saturating_add(usize::try_from(place.nbytes).unwrap_or(usize::MAX));
            let record = read.get(from..to).unwrap_or_default();
            self.record(unit, tree, *branch, *place, record, batch)?;
        }
        self.read = buffer;
        Ok(())
    }

    /// Copies one record: as it is, or compressed anew, or with other values.
    fn record(
        &mut self,
        unit: &Unit,
        tree: &InputTree,
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
        let start = batch.bytes.len();
        let again = self.request.compress.is_some() || addend.is_some();
        let header = if again || self.request.verify == Verify::Full {
            let compressor = again.then_some(&mut self.compressor);
            recompress(
                record,
                &mut self.codec,
                compressor,
                &edit,
                &mut self.scratch,
                &mut batch.bytes,
            )
        } else {
            batch.bytes.extend_from_slice(record);
            if self.request.verify == Verify::None {
                basket_header(record)
            } else {
                check_frames(record)
            }
        };
        let header = header.map_err(|error| {
            let name = planned.map_or("", |planned| &planned.branch.path);
            let input = self.inputs.get(unit.input).map(|input| &input.name);
            let error = error
                .in_object(format!("tree {} branch {name}", tree.path))
                .at(place.seek);
            match input {
                Some(input) => error.in_file(input),
                None => error,
            }
        })?;
        if header.entries != place.entries {
            let found = header.entries;
            return Err(self.damaged(
                unit,
                branch,
                format!(
                    "a basket at entry {} holds {found} entries, its branch says {}",
                    place.first_entry, place.entries
                ),
            ));
        }
        let nbytes = batch.bytes.len() - start;
        batch.baskets.push(Ready {
            branch,
            first_entry: unit.first_entry + place.first_entry,
            entries: header.entries,
            nbytes: u32::try_from(nbytes).unwrap_or(u32::MAX),
            expanded: u64::from(header.key.object_length) + u64::from(header.key.key_length),
        });
        Ok(())
    }
}
