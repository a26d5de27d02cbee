//! Records of one shape: the same but for some numbers, arrays and lists.
//!
//! The trees of a production's files differ in how many entries they have and where their baskets
//! stand, and in nothing else. A record read once in full serves as the pattern of the others:
//! what may not differ is compared byte by byte, byte counts and references are held against where
//! things stand in the other record, and only what may differ is read.

use std::sync::Arc;

use bytes::Bytes;

use super::Reader;
use super::mark::{Mark, MemberKind};
use super::pattern::RecordShape;
use super::sparing::{Spared, Sparing};
use crate::error::Result;
use crate::object::layout::{ClassLayout, Element, ElementExtra, Shape};
use crate::object::layouts::Layouts;
use crate::object::value::{Body, Graph, Value};

/// Whether the member `member` of class `class` may differ in records of one shape.
pub(super) type Varies = fn(class: &str, member: &str) -> bool;

/// What a record was found to hold that may differ.
#[derive(Debug)]
pub(super) struct Marks {
    varies: Varies,
    found: Vec<Mark>,
}

impl Reader<'_> {
    /// Takes note of something, where that is asked for.
    pub(super) fn mark(&mut self, mark: impl FnOnce() -> Mark) {
        if let Some(marks) = &mut self.marks {
            marks.found.push(mark());
        }
    }

    /// Takes note of the member that was read from `start` on, if it may differ. `value` is what was
    /// read.
    pub(super) fn mark_member(
        &mut self,
        layout: &ClassLayout,
        element: &Element,
        start: usize,
        value: Option<&Value>,
    ) {
        let Some(marks) = &mut self.marks else { return };
        if !(marks.varies)(&layout.name, &element.name) {
            return;
        }
        let kind = match (element.shape(), &element.extra) {
            (Shape::Scalar(scalar), _) => MemberKind::Number(scalar),
            (Shape::CountedArray(scalar), ElementExtra::Count { name, .. })
                if !element.is_told_by_byte() =>
            {
                MemberKind::Array(scalar, Arc::clone(name))
            }
            (Shape::Object, _) if &*element.type_name == "TObjArray" => {
                let is_empty = matches!(value, Some(Value::Object(object))
                    if matches!(&object.body, Body::List(list) if list.items.is_empty()));
                MemberKind::List { is_empty }
            }
            _ => return,
        };
        // What stands in a list is part of it.
        while marks.found.pop_if(|mark| mark.at() >= start).is_some() {}
        marks.found.push(Mark::Member {
            start,
            end: self.cursor.position(),
            owner: self.owner,
            name: Arc::clone(&element.name),
            kind,
        });
    }
}

/// Reads a record as [`super::read_sparing`] does, and gives its shape too, where it has one that
/// others can be held against.
///
/// # Errors
/// As [`super::read_graph`].
pub(crate) fn read_with_shape(
    class: &str,
    content: &Bytes,
    key_length: usize,
    layouts: &Layouts,
    of: Spared,
    varies: Varies,
) -> Result<(Graph, Vec<String>, Option<RecordShape>)> {
    let mut reader = Reader::new(content, key_length, layouts);
    reader.marks = Some(Marks {
        varies,
        found: Vec::new(),
    });
    reader.sparing = Some(Sparing::new(of));
    reader.record(class)?;
    let left_out = reader.sparing.map(|sparing| sparing.left_out);
    let left_out = left_out.unwrap_or_default();
    if !left_out.is_empty() {
        return Ok((reader.graph, left_out, None));
    }
    let marks = reader.marks.map(|marks| marks.found).unwrap_or_default();
    let shape = RecordShape::new(content.clone(), key_length, &marks);
    Ok((reader.graph, left_out, shape))
}
