//! Objects encoded once for many files, with other numbers in them.

use std::ops::Range;
use std::sync::Arc;

use super::record::Texts;
use crate::error::{Error, Result};
use crate::file::Key;
use crate::object::{ClassLayout, Graph, MemberPlace, write_graph_placed};

/// An object as it stands in its record, behind a key of its name and title.
///
/// What is the same in the records of many objects is encoded once; their own numbers are written
/// over those of the first where [`EncodedObject::place`] says, into a copy of its content.
#[derive(Clone, Debug)]
pub struct EncodedObject {
    class: Arc<str>,
    name: String,
    title: String,
    /// The length of its key, in bytes, from whose start the references within it count.
    key_length: u16,
    /// Those of all classes in it.
    layouts: Arc<[Arc<ClassLayout>]>,
    content: Vec<u8>,
    places: Vec<MemberPlace>,
}

impl EncodedObject {
    /// Encodes the object that `graph` is, for files that are not past 2 GB where it will stand.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn new(name: &str, title: &str, graph: &Graph) -> Result<Self> {
        Self::behind(name, title, graph, false)
    }

    /// The same, for a key with offsets of 64 bits where `is_big`.
    pub(super) fn behind(name: &str, title: &str, graph: &Graph, is_big: bool) -> Result<Self> {
        let class = Arc::clone(&graph.root()?.class);
        let key_length = Key::length(&class, name, title, is_big)?;
        let (content, places) = write_graph_placed(graph, key_length.into())
            .map_err(|error| error.in_object(format!("{class} {name}")))?;
        Ok(Self {
            class,
            name: name.to_owned(),
            title: title.to_owned(),
            key_length,
            layouts: graph.layouts().into(),
            content,
            places,
        })
    }

    /// What stands in its record.
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// Where a member of its class or of one of its bases stands in the content, in bytes.
    ///
    /// # Errors
    /// When it has no such member.
    pub fn place(&self, member: &str) -> Result<Range<usize>> {
        let mut places = self.places.iter();
        let found = places.find(|(name, _)| &**name == member);
        found.map(|(_, place)| place.clone()).ok_or_else(|| {
            Error::malformed(format!("no member {member} is written"))
                .in_object(format!("{} {}", self.class, self.name))
        })
    }

    pub(super) fn layouts(&self) -> &Arc<[Arc<ClassLayout>]> {
        &self.layouts
    }

    /// Whether its layouts are these very ones.
    pub(super) fn has_layouts(&self, others: &[Arc<ClassLayout>]) -> bool {
        let mut pairs = self.layouts.iter().zip(others);
        self.layouts.len() == others.len() && pairs.all(|(one, other)| Arc::ptr_eq(one, other))
    }

    pub(super) fn texts(&self) -> Texts<'_> {
        (&self.class, &self.name, &self.title)
    }

    pub(super) fn key_length(&self) -> u16 {
        self.key_length
    }
}
