//! What the objects of one path add up to so far.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use rootlake_io::file::Key;
use rootlake_io::object::{ClassLayout, Graph, Layouts, read_graph};

use super::add;
use super::frame::{Frame, Frames};
use super::in_place::InPlace;
use crate::error::MergeError;
use crate::references;
use crate::survey::input::Input;
use crate::survey::objects::InputObject;
use crate::survey::objects::{InputLayouts, Place};

/// A sum of objects.
pub(super) enum Total {
    /// One that grows within its record, whose classes these layouts describe.
    Record(Box<InPlace>, Arc<InputLayouts>),
    /// One of objects in memory.
    Objects(Graph),
}

/// An object of an input, as it is stored.
pub(super) struct Record<'a> {
    pub key: &'a Key<&'a [u8]>,
    /// Expanded.
    pub content: &'a [u8],
    pub object: &'a InputObject,
    pub place: Place,
    pub input: &'a Input,
    /// Whether its references would count from another number.
    pub is_shifted: bool,
}

impl Total {
    /// The sum that is `record` alone.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(
        record: &Record<'_>,
        frames: &mut Frames,
        known: &mut SameLayouts,
    ) -> Result<Self, MergeError> {
        if let Some(frame) = frames.find(record, known) {
            return Ok(Self::within(record, frame));
        }
        let graph = record.graph()?;
        Ok(match Frame::of(&graph, record.key, record.content) {
            Some(frame) => {
                let frame = Arc::new(frame);
                frames.keep(record, Arc::clone(&frame));
                Self::within(record, frame)
            }
            None => Self::Objects(graph),
        })
    }

    /// The sum that is `record` alone, which has this frame.
    fn within(record: &Record<'_>, frame: Arc<Frame>) -> Self {
        let sum = InPlace::new(frame, record.key.to_owned(), record.content);
        Self::Record(Box::new(sum), Arc::clone(&record.input.layouts))
    }

    /// Adds `record` so many times.
    ///
    /// # Errors
    /// When it cannot be read or added.
    pub fn add(
        &mut self,
        record: &Record<'_>,
        times: u64,
        known: &mut SameLayouts,
    ) -> Result<(), MergeError> {
        let mut left = times;
        if let Self::Record(sum, layouts) = self
            && known.same(layouts, &record.input.layouts)
        {
            while left > 0 && sum.add(record.key, record.content) {
                left -= 1;
            }
        }
        if left == 0 {
            return Ok(());
        }
        let more = record.graph()?;
        let sum = self.graph_mut(record)?;
        for _ in 0..left {
            add::graphs(sum, &more).map_err(|why| record.clash(&why))?;
        }
        Ok(())
    }

    /// The sum as objects, which it is from now on.
    fn graph_mut(&mut self, record: &Record<'_>) -> Result<&mut Graph, MergeError> {
        if let Self::Record(sum, layouts) = self {
            let graph = read(sum.key(), sum.record(), layouts);
            *self = Self::Objects(graph.map_err(|error| record.placed(error))?);
        }
        match self {
            Self::Objects(graph) => Ok(graph),
            Self::Record(..) => Err(MergeError::NothingToMerge),
        }
    }

    /// The sum as objects.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn into_graph(self) -> Result<Graph, MergeError> {
        match self {
            Self::Objects(graph) => Ok(graph),
            Self::Record(sum, layouts) => Ok(read(sum.key(), sum.record(), &layouts)?),
        }
    }
}

impl Record<'_> {
    fn graph(&self) -> Result<Graph, MergeError> {
        let graph = read(&self.key.to_owned(), self.content, &self.input.layouts);
        let graph = graph.map_err(|error| self.placed(error))?;
        if self.is_shifted && references::has_references(&graph) {
            let (class, path) = (&self.object.class, &self.object.path);
            return Err(references::refused(self.input, &format!("{class} {path}")));
        }
        Ok(graph)
    }

    fn placed(&self, error: rootlake_io::Error) -> MergeError {
        let object = self.object;
        error
            .in_object(format!("{} {}", object.class, object.path))
            .at(self.place.seek)
            .in_file(&self.input.name)
            .into()
    }

    fn clash(&self, why: &str) -> MergeError {
        MergeError::Unsupported {
            file: self.input.name.to_string(),
            what: format!("{} {}: {why}; it", self.object.class, self.object.path),
        }
    }
}

fn read(key: &Key, content: &[u8], layouts: &InputLayouts) -> rootlake_io::Result<Graph> {
    let content = Bytes::copy_from_slice(content);
    read_graph(&key.class, &content, key.key_length.into(), &layouts.all)
}

/// Which layouts were found to mean the same by the same bytes.
#[derive(Default)]
pub(super) struct SameLayouts(HashMap<[usize; 2], bool>);

impl SameLayouts {
    /// Whether bytes mean the same by both: they describe no version of a class in two ways.
    pub fn same(&mut self, a: &Arc<InputLayouts>, b: &Arc<InputLayouts>) -> bool {
        // Inputs keep theirs as long as this lives: an address stands for its layouts.
        let pair = [a, b].map(|layouts| Arc::as_ptr(layouts).addr());
        let same = || {
            let mut described = a.described.iter().chain(&b.described);
            described.all(|layout| same_version(layout, &a.all, &b.all))
        };
        Arc::ptr_eq(a, b) || *self.0.entry(pair).or_insert_with(same)
    }
}

fn same_version(layout: &ClassLayout, a: &Layouts, b: &Layouts) -> bool {
    let version = u16::try_from(layout.version);
    version.is_ok_and(|version| {
        let own = a.get(&layout.name, version, None);
        let other = b.get(&layout.name, version, None);
        own.zip(other).is_none_or(|(own, other)| own == other)
    })
}
