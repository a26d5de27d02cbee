//! Reading a record whose long list goes by item by item: what has been made of an item need not
//! stay until all are read. What comes behind the list may be left out where it is not understood.

use bytes::Bytes;

use super::Reader;
use crate::error::{Error, Result};
use crate::object::layout::{ClassLayout, Element};
use crate::object::layouts::Layouts;
use crate::object::value::{Body, Graph, ObjectId};

/// Which list goes by, and what of its items is not asked for.
pub(crate) struct Taken {
    /// The class, or base, of the record's own object.
    pub class: &'static str,
    /// Its member: a list.
    pub member: &'static str,
    /// Classes of which no base and no member is looked at.
    pub unread: &'static [&'static str],
}

/// Who looks at the items of a list as each has been read.
pub(super) struct Taker<'a> {
    of: &'a Taken,
    take: &'a mut dyn FnMut(&mut Graph, ObjectId) -> Result<()>,
    /// Whether the list that comes next is the one.
    is_next: bool,
    /// Whether it has gone by.
    is_over: bool,
    /// Why objects behind it were left out.
    left_out: Vec<String>,
}

/// How many reasons to leave objects out are kept.
const REASONS: usize = 16;

/// Reads a record as [`super::read_graph`] does; each item of the list that `of` names is
/// given to `take` as soon as it has been read, which may change or [forget](Graph::forget) it.
///
/// Objects behind that list whose byte counts say where they end are left out where they cannot be
/// read; gives the reasons too.
///
/// # Errors
/// As [`super::read_graph`], and when `take` fails.
pub(crate) fn read_taking(
    class: &str,
    content: &Bytes,
    key_length: usize,
    layouts: &Layouts,
    of: &Taken,
    take: &mut dyn FnMut(&mut Graph, ObjectId) -> Result<()>,
) -> Result<(Graph, Vec<String>)> {
    let mut reader = Reader::new(content, key_length, layouts);
    reader.taker = Some(Taker {
        of,
        take,
        is_next: false,
        is_over: false,
        left_out: Vec::new(),
    });
    reader.record(class)?;
    let left_out = reader.taker.map_or(Vec::new(), |taker| taker.left_out);
    Ok((reader.graph, left_out))
}

impl Reader<'_> {
    /// Takes note of whether the member that is read next is the list that is taken.
    pub(super) fn look_out(&mut self, layout: &ClassLayout, element: &Element) {
        if let Some(taker) = &mut self.taker {
            taker.is_next = *element.name == *taker.of.member
                && *layout.name == *taker.of.class
                && self.owner == Graph::ROOT;
        }
        self.look_out_to_spare(layout, element);
    }

    /// Passes over a base or member of `class`, if that is not looked at and its end is known;
    /// gives whether it did.
    pub(super) fn pass_over(&mut self, class: &str) -> Result<bool> {
        match &self.taker {
            Some(taker) if taker.of.unread.contains(&class) => {}
            _ => return Ok(false),
        }
        if class == "TObject" {
            return self.root_object().map(|_| true);
        }
        let start = self.cursor.position();
        let (_, end) = self.header()?;
        self.cursor.seek(end.unwrap_or(start))?;
        Ok(end.is_some())
    }

    /// Whether the list that begins here is taken.
    pub(super) fn is_taken(&mut self) -> bool {
        let taker = self.taker.as_mut();
        taker.is_some_and(|taker| std::mem::take(&mut taker.is_next))
    }

    /// Takes note that the list that is taken has gone by.
    pub(super) fn list_is_over(&mut self) {
        if let Some(taker) = &mut self.taker {
            taker.is_over = true;
        }
    }

    /// Leaves out an object of `class` that ends at `end` and cannot be read, if it stands behind
    /// the list.
    pub(super) fn leave_out(&mut self, class: &str, error: Error, end: usize) -> Result<Body> {
        match &mut self.taker {
            Some(taker) if taker.is_over => {
                if taker.left_out.len() < REASONS {
                    let error = error.at_position(self.cursor.position()).in_object(class);
                    taker.left_out.push(error.to_string());
                }
                self.cursor.seek(end)?;
                Ok(Body::Opaque(Bytes::new()))
            }
            _ => Err(error),
        }
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
