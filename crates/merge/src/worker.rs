//! A thread's part of the work: one task after the other, from inputs to bytes ready to be placed.

mod copy;
mod join;

use bytes::Bytes;
use rootlake_io::codec::{Compressor, Decompressor, Settings};

use crate::error::MergeError;
use crate::request::Request;
use crate::store::Store;
use crate::survey::input::{Input, InputTree};
use crate::task::{Task, Unit, Work};

use copy::Found;

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

impl Ready {
    /// The bytes it takes.
    pub fn length(&self) -> usize {
        usize::try_from(self.nbytes).unwrap_or(usize::MAX)
    }
}

/// What a task gives: baskets in a row.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub baskets: Vec<Ready>,
    /// Their bytes, where they were made one by one.
    made: Vec<u8>,
    /// Where they were read as they are. This never shrinks: what was made room for once is not
    /// cleared again.
    read: Vec<u8>,
    /// Where they begin there.
    start: usize,
    /// How many bytes were read.
    length: usize,
}

/// Bytes are copied fastest between places that are equally far behind the start of a page.
const PAGE: u64 = 4096;

impl Batch {
    /// The baskets and their bytes.
    pub fn parts(&mut self) -> (&[Ready], &mut [u8]) {
        let bytes = match self.length {
            0 => &mut self.made[..],
            length => {
                let read = self.read.get_mut(self.start..).unwrap_or_default();
                read.get_mut(..length).unwrap_or_default()
            }
        };
        (&self.baskets, bytes)
    }

    /// The memory that the bytes take, where they were made one by one; none where they were read as
    /// they are.
    pub fn made(&self) -> Option<usize> {
        (self.length == 0).then_some(self.made.capacity())
    }

    fn clear(&mut self) {
        self.baskets.clear();
        self.made.clear();
        self.length = 0;
    }

    /// Lets what is read begin as far behind the start of a page of memory as `place`, where it will
    /// be written, is behind that of one of the file.
    fn begin(&mut self, place: u64) {
        let memory = self.read.as_ptr().addr() as u64;
        let behind = (place % PAGE + PAGE - memory % PAGE) % PAGE;
        self.start = usize::try_from(behind).unwrap_or_default();
    }
}

/// A copying thread's own things.
pub(crate) struct Worker<'a, S: Store> {
    pub store: &'a S,
    pub inputs: &'a [Input],
    pub work: &'a Work<'a>,
    pub request: &'a Request,
    pub datime: u32,
    /// The input opened last.
    open: Option<(usize, S::File)>,
    /// The expanded content of its tree's record, where that was needed.
    record: Option<Bytes>,
    codec: Decompressor,
    compressor: Compressor,
    scratch: Vec<u8>,
    read: Vec<u8>,
    found: Vec<Found>,
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
            record: None,
            codec: Decompressor::new(),
            compressor: Compressor::new(settings)?,
            scratch: Vec::new(),
            read: Vec::new(),
            found: Vec::new(),
        })
    }

    /// Does `task`; `batch` is emptied first.
    pub fn run(&mut self, task: &Task, batch: &mut Batch) -> Result<(), MergeError> {
        batch.clear();
        match task {
            Task::Copy { stretches, place } => {
                batch.begin(*place);
                self.copy(stretches, batch)
            }
            Task::Join { runs, stored } => self.join(runs, *stored, batch),
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
        let file = self.input(number)?.open(self.store)?;
        self.open = Some((number, file));
        Ok(())
    }

    /// Closes the open input; it must not have changed since.
    pub fn close(&mut self) -> Result<(), MergeError> {
        self.record = None;
        match self.open.take() {
            Some((number, file)) => self.input(number)?.unchanged(self.store, &file),
            None => Ok(()),
        }
    }

    /// The unit's tree in its input, and where the planned branches stand there.
    fn part(&self, unit: &Unit) -> Result<(&'a InputTree, &'a [Option<usize>]), MergeError> {
        let part = self.work.part(unit, self.inputs);
        part.ok_or(MergeError::Thread)
    }

    /// The open input.
    fn file(&self) -> Result<&S::File, MergeError> {
        self.open
            .as_ref()
            .map(|(_, file)| file)
            .ok_or(MergeError::Thread)
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_stand_in_memory_as_they_will_in_the_file() {
        let mut batch = Batch {
            read: vec![0; 3 * 4096],
            ..Batch::default()
        };
        for place in [0, 1, 4095, 4096, 123_456_789] {
            batch.begin(place);
            batch.length = 100;
            let (_, bytes) = batch.parts();
            assert_eq!(bytes.len(), 100);
            assert_eq!(bytes.as_ptr().addr() as u64 % PAGE, place % PAGE);
        }
    }
}
