//! Reading a record to write it again without those items of one list that are not understood.

use bytes::Bytes;

use super::Reader;
use crate::cursor::BYTE_COUNT_MASK;
use crate::error::{Error, Result};
use crate::object::layout::{ClassLayout, Element};
use crate::object::layouts::Layouts;
use crate::object::value::{Graph, ObjectId};
use crate::object::{CLASS_MASK, NEW_CLASS};

/// Of which list items may be left out.
#[derive(Clone, Copy)]
pub(crate) struct Spared {
    /// The class, or base, of the record's own object.
    pub class: &'static str,
    /// Its member: a list.
    pub member: &'static str,
}

/// Who leaves items out.
pub(super) struct Sparing {
    of: Spared,
    /// Whether the list that comes next is the one.
    is_next: bool,
    /// What was left out, and why.
    pub(super) left_out: Vec<String>,
}

impl Sparing {
    pub(super) fn new(of: Spared) -> Self {
        Self {
            of,
            is_next: false,
            left_out: Vec::new(),
        }
    }
}

/// Reads a record as [`super::read_graph`] does, without those items of the list that `of` names
/// which are not understood, or [bound](Graph::bound) to their place; gives the reasons too.
///
/// # Errors
/// As [`super::read_graph`].
pub(crate) fn read_sparing(
    class: &str,
    content: &Bytes,
    key_length: usize,
    layouts: &Layouts,
    of: Spared,
) -> Result<(Graph, Vec<String>)> {
    let mut reader = Reader::new(content, key_length, layouts);
    reader.sparing = Some(Sparing::new(of));
    reader.record(class)?;
    let left_out = reader.sparing.map(|sparing| sparing.left_out);
    Ok((reader.graph, left_out.unwrap_or_default()))
}

impl Reader<'_> {
    /// Takes note of whether the member that is read next is the list whose items may be left out.
    pub(super) fn look_out_to_spare(&mut self, layout: &ClassLayout, element: &Element) {
        if let Some(sparing) = &mut self.sparing {
            sparing.is_next = *element.name == *sparing.of.member
                && *layout.name == *sparing.of.class
                && self.owner == Graph::ROOT;
        }
    }

    /// Whether items of the list that begins here may be left out.
    pub(super) fn is_spared(&mut self) -> bool {
        let sparing = self.sparing.as_mut();
        sparing.is_some_and(|sparing| std::mem::take(&mut sparing.is_next))
    }

    /// An item of the list: none where it was left out.
    pub(super) fn spared_item(&mut self) -> Result<Option<Option<ObjectId>>> {
        let start = self.cursor.position();
        let count = self.cursor.u32()?;
        let is_counted = count & BYTE_COUNT_MASK != 0 && count != NEW_CLASS;
        self.cursor.seek(start)?;
        let (bound, number) = (self.graph.bound.take(), self.graph.objects.len());
        let read = self.pointer();
        let read = match (read, self.graph.bound.take()) {
            (Ok(_), Some(why)) => Err(Error::unsupported(&*why)),
            (read, _) => read,
        };
        self.graph.bound = bound;
        let error = match read {
            Ok(item) => return Ok(Some(item)),
            Err(error) if !is_counted && count & CLASS_MASK != 0 => return Err(error),
            Err(error) => {
                let error = error.at_position(self.cursor.position());
                let object = self.graph.objects.get(number);
                error.in_object(object.map_or("an object", |object| &object.class))
            }
        };
        self.cursor.seek(start)?;
        let first = self.cursor.u32()?;
        // Else it is a reference to what was left out before.
        if is_counted {
            let end = self.end_of(first)?;
            self.cursor.seek(end)?;
            self.meet_classes(start..end)?;
        }
        // What refers to a part of it is not understood either.
        let tag = self.tag_of(start)?;
        self.met.forget_objects(tag);
        if let Some(sparing) = &mut self.sparing {
            let member = sparing.of.member;
            sparing.left_out.push(format!("{member}: {error}"));
        }
        Ok(None)
    }
}
