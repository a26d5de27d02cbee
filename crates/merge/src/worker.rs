//! A thread's part of the work: one task after the other, from inputs to bytes ready to be placed.

use bytes::Bytes;
use rootlake_io::codec::{Compressor, Decompressor, Settings};
use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::tree::{ColumnKind, Location, Tree, basket_header};
use rootlake_io::write::{BasketEntries, BasketRecord, check_frames, embedded_record, recompress};

use crate::error::MergeError;
use crate::input::{BasketPlace, Input, InputTree};
use crate::request::{Request, Verify};
use crate::store::Store;
use crate::task::{Task, Unit, Work, basket, part};
use crate::vary;

/// The longest basket made of zeros, in entries.
const FILL_ENTRIES: u64 = 100_000;
/// Baskets further apart in their input than this are read one by one.
const GAP: u64 = 1 << 16;

/// A basket ready to be placed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ready {
    /// Its planned branch.
    pub branch: usize,
    pub first_entry: u64,
    pub entries: u32,
    /// Its bytes, and those of it expanded, with its key.
    pub nbytes: u32,
    pub expanded: u64,
}

/// What a task gives: baskets in a row.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub bytes: Vec<u8>,
    pub baskets: Vec<Ready>,
}

/// A copying thread's own things.
pub(crate) struct Worker<'a, S: Store> {
    pub store: &'a S,
    pub inputs: &'a [Input],
    pub work: &'a Work<'a>,
    pub request: &'a Request,
    pub datime: u32,
    /// The input opened last.
    open: Option<(usize, RootFile<S::File>)>,
    codec: Decompressor,
    compressor: Compressor,
    scratch: Vec<u8>,
    read: Vec<u8>,
}

impl<'a, S: Store> Worker<'a, S> {
    pub fn new(
        store: &'a S,
        inputs: &'a [Input],
        work: &'a Work<'a>,
        request: &'a Request,
        datime: u32,
        settings: Settings,
    ) -> Result<Self, MergeError> {
        let settings = request.compress.unwrap_or(settings);
        Ok(Self {
            store,
            inputs,
            work,
            request,
            datime,
            open: None,
            codec: Decompressor::new(),
            compressor: Compressor::new(settings)?,
            scratch: Vec::new(),
            read: Vec::new(),
        })
    }

    /// Does `task`; `batch` is emptied first.
    pub fn run(&mut self, task: &Task, batch: &mut Batch) -> Result<(), MergeError> {
        batch.bytes.clear();
        batch.baskets.clear();
        match task {
            Task::Copy { unit, range } => {
                let unit = self.unit(*unit)?;
                let list = self.work.lists.get(unit.input);
                let places = list.and_then(|list| list.get(range.clone()));
                self.copy(unit, places.unwrap_or_default(), batch)
            }
            Task::Join { units, stored } => self.join(units.clone(), *stored, batch),
            Task::Fill { unit } => self.fill(*unit, batch),
        }
    }

    fn unit(&self, unit: usize) -> Result<&'a Unit, MergeError> {
        self.work.units.get(unit).ok_or(MergeError::Thread)
    }

    fn input(&self, input: usize) -> Result<&'a Input, MergeError> {
        self.inputs.get(input).ok_or(MergeError::Thread)
    }

    /// Opens an input, unless it is the one open; it must still be what was examined.
    fn open(&mut self, number: usize) -> Result<(), MergeError> {
        if self.open.as_ref().is_some_and(|(open, _)| *open == number) {
            return Ok(());
        }
        self.close()?;
        let input = self.input(number)?;
        let source = self.store.open(&input.name)?;
        unchanged(self.store, &source, input)?;
        self.open = Some((number, RootFile::open(source, &input.name)?));
        Ok(())
    }

    /// Closes the open input; it must not have changed since.
    pub fn close(&mut self) -> Result<(), MergeError> {
        match self.open.take() {
            Some((number, file)) => unchanged(self.store, file.source(), self.input(number)?),
            None => Ok(()),
        }
    }

    fn file(&self) -> Result<&RootFile<S::File>, MergeError> {
        self.open
            .as_ref()
            .map(|(_, file)| file)
            .ok_or(MergeError::Thread)
    }

    fn copy(
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
    fn copy_run(
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
        let mut read = std::mem::take(&mut self.read);
        read.resize(length, 0);
        let file = self.file()?;
        file.source()
            .read_into(start, &mut read)
            .map_err(|error| error.at(start).in_file(file.name()))?;
        for (branch, place) in run {
            let from = usize::try_from(place.seek - start).unwrap_or(usize::MAX);
            let to = from.saturating_add(usize::try_from(place.nbytes).unwrap_or(usize::MAX));
            let record = read.get(from..to).unwrap_or_default();
            self.record(unit, tree, *branch, *place, record, batch)?;
        }
        self.read = read;
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

    fn damaged(&self, unit: &Unit, branch: usize, damage: String) -> MergeError {
        let planned = self.work.plan.branches.get(branch);
        let file = self
            .inputs
            .get(unit.input)
            .map(|input| input.name.to_string());
        MergeError::Damaged {
            file: file.unwrap_or_default(),
            place: format!(
                "tree {} branch {}",
                self.work.plan.path,
                planned.map_or("", |planned| &planned.branch.path)
            ),
            damage,
        }
    }

    /// Joins the baskets of successive units, branch by branch, to one basket each.
    fn join(
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

    fn place(&self, error: MergeError, unit: &Unit, branch: usize) -> MergeError {
        let planned = self.work.plan.branches.get(branch);
        match (error, self.inputs.get(unit.input)) {
            (MergeError::Io(error), Some(input)) => error
                .in_object(format!(
                    "tree {} branch {}",
                    self.work.plan.path,
                    planned.map_or("", |planned| &planned.branch.path)
                ))
                .in_file(&input.name)
                .into(),
            (error, _) => error,
        }
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
    fn fill(&mut self, unit: usize, batch: &mut Batch) -> Result<(), MergeError> {
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

/// Refuses an input that is not what it was when it was examined.
pub(crate) fn unchanged<S: Store>(
    store: &S,
    file: &S::File,
    input: &Input,
) -> Result<(), MergeError> {
    let now = store.identity(file)?;
    if now == input.identity {
        return Ok(());
    }
    let change = if now.size == input.identity.size {
        "it was written to".to_owned()
    } else {
        format!("{} bytes, then {}", input.identity.size, now.size)
    };
    Err(MergeError::Changed {
        file: input.name.to_string(),
        change,
    })
}
