//! Reading a record whose long list goes by item by item: what has been made of an item need not
//! stay until all are read.

use bytes::Bytes;

use super::Reader;
use crate::error::Result;
use crate::object::layout::{ClassLayout, Element, Layouts};
use crate::object::value::{Body, Graph, ObjectId};

/// Who looks at the items of a list as each has been read.
pub(super) struct Taker<'a> {
    class: &'static str,
    member: &'static str,
    take: &'a mut dyn FnMut(&mut Graph, ObjectId) -> Result<()>,
    /// Whether the list that comes next is the one.
    is_next: bool,
}

/// Reads a record as [`super::read_graph`] does; each item of the list that is the member `member`
/// of the record's own object, whose class or base is `class`, is given to `take` as soon as it
/// has been read, which may change or [forget](Graph::forget) it.
///
/// # Errors
/// As [`super::read_graph`], and when `take` fails.
pub(crate) fn read_taking(
    class: &str,
    content: &Bytes,
    key_length: usize,
    layouts: &Layouts,
    (of, member): (&'static str, &'static str),
    take: &mut dyn FnMut(&mut Graph, ObjectId) -> Result<()>,
) -> Result<Graph> {
    let mut reader = Reader::new(content, key_length, layouts);
    reader.taker = Some(Taker {
        class: of,
        member,
        take,
        is_next: false,
    });
    reader.record(class)?;
    Ok(reader.graph)
}

impl Reader<'_> {
    /// Takes note of whether the member that is read next is the list that is taken.
    pub(super) fn look_out(&mut self, layout: &ClassLayout, element: &Element) {
        if let Some(taker) = &mut self.taker {
            taker.is_next = *element.name == *taker.member
                && *layout.name == *taker.class
                && self.owner == Graph::ROOT;
        }
    }

    /// Whether the list that begins here is taken.
    pub(super) fn is_taken(&mut self) -> bool {
        let taker = self.taker.as_mut();
        taker.is_some_and(|taker| std::mem::take(&mut taker.is_next))
    }

    /// Gives an item away.
    pub(super) fn give(&mut self, item: ObjectId) -> Result<()> {
        match &mut self.taker {
            Some(taker) => (taker.take)(&mut self.graph, item),
            None => Ok(()),
        }
    }
}

impl Graph {
    /// Drops what an object holds; references to it stay what they are.
    ///
    /// # Errors
    /// When there is no such object.
    pub(crate) fn forget(&mut self, id: ObjectId) -> Result<()> {
        self.get_mut(id)?.body = Body::Opaque(Bytes::new());
        Ok(())
    }
}
