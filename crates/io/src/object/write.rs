//! Writing the objects of a record.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::layout::{Element, Shape};
use super::value::{Body, Graph, List, ListKind, Members, ObjectId, Value};
use super::{
    CLASS_MASK, IS_REFERENCED, LISTS_WITHOUT_OBJECT, LISTS_WITHOUT_OPTIONS, MAP_OFFSET, NEW_CLASS,
    ROOT_TAG,
};
use crate::column::ScalarType;
use crate::cursor::BYTE_COUNT_MASK;
use crate::error::{Error, Result};

/// Writes the record that `graph` is, as it will stand behind a key of `key_length` bytes.
///
/// # Errors
/// When a value does not fit its layout, the record grows past what its references reach, or it is
/// [bound](Graph::bound) to where it was read.
pub fn write_graph(graph: &Graph, key_length: usize) -> Result<Vec<u8>> {
    write_graph_placed(graph, key_length).map(|(record, _)| record)
}

/// As [`write_graph`]; says too where in the record each member of the record's own object stands
/// (bytes), those of its bases included, in the order in which they begin.
///
/// # Errors
/// As [`write_graph`].
pub fn write_graph_placed(graph: &Graph, key_length: usize) -> Result<(Vec<u8>, Vec<MemberPlace>)> {
    if let Some(bound) = graph.bound() {
        return Err(Error::unsupported(bound));
    }
    let mut writer = Writer {
        out: Vec::new(),
        key_length,
        graph,
        classes: HashMap::new(),
        objects: HashMap::from([(Graph::ROOT, ROOT_TAG)]),
        places: Vec::new(),
        in_member: false,
    };
    writer.body(&graph.root()?.body)?;
    Ok((writer.out, writer.places))
}

/// A member's or base's name, and the bytes that it takes in its record.
pub type MemberPlace = (Arc<str>, Range<usize>);

struct Writer<'a> {
    out: Vec<u8>,
    key_length: usize,
    graph: &'a Graph,
    /// Tags of what was written.
    classes: HashMap<Arc<str>, u32>,
    objects: HashMap<ObjectId, u32>,
    /// Where the members of the record's own object stand.
    places: Vec<MemberPlace>,
    /// Whether what is written is part of a member of the record's object, and no base.
    in_member: bool,
}

impl Writer<'_> {
    fn tag_here(&self) -> Result<u32> {
        u32::try_from(self.out.len() + self.key_length)
            .ok()
            .and_then(|offset| offset.checked_add(MAP_OFFSET))
            .filter(|tag| tag & CLASS_MASK == 0)
            .ok_or_else(|| Error::malformed("a record grows past what its references reach"))
    }

    fn u16(&mut self, value: u16) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.out.extend_from_slice(&value.to_be_bytes());
    }

    fn text(&mut self, text: &[u8]) -> Result<()> {
        match u8::try_from(text.len()) {
            Ok(short) if short < 255 => self.out.push(short),
            _ => {
                self.out.push(255);
                let length = fit(text.len(), "a text")?;
                self.u32(length);
            }
        }
        self.out.extend_from_slice(text);
        Ok(())
    }

    /// Leaves room for a byte count; gives its place to [`Self::end_count`].
    fn begin_count(&mut self) -> usize {
        self.u32(0);
        self.out.len()
    }

    fn end_count(&mut self, start: usize) -> Result<()> {
        let count = u32::try_from(self.out.len() - start)
            .ok()
            .filter(|count| count & !(BYTE_COUNT_MASK - 1) == 0)
            .ok_or_else(|| Error::malformed("an object of 1 GiB or more cannot be written"))?;
        if let Some(place) = self.out.get_mut(start - 4..start) {
            place.copy_from_slice(&(count | BYTE_COUNT_MASK).to_be_bytes());
        }
        Ok(())
    }

    fn pointer(&mut self, id: Option<ObjectId>) -> Result<()> {
        let Some(id) = id else {
            self.u32(0);
            return Ok(());
        };
        if let Some(&tag) = self.objects.get(&id) {
            self.u32(tag);
            return Ok(());
        }
        let tag = self.tag_here()?;
        self.objects.insert(id, tag);
        let object = self.graph.get(id)?;
        let start = self.begin_count();
        match self.classes.get(&object.class) {
            Some(&tag) => self.u32(tag | CLASS_MASK),
            None => {
                let tag = self.tag_here()?;
                self.classes.insert(Arc::clone(&object.class), tag);
                self.u32(NEW_CLASS);
                self.out.extend_from_slice(object.class.as_bytes());
                self.out.push(0);
            }
        }
        self.body(&object.body)?;
        self.end_count(start)
    }

    fn body(&mut self, body: &Body) -> Result<()> {
        match body {
            Body::Members(members) => self.members(members),
            Body::Root {
                unique_id,
                bits,
                process,
            } => {
                self.u16(1);
                self.u32(*unique_id);
                self.u32(*bits);
                if bits & IS_REFERENCED != 0 {
                    self.u16(*process);
                }
                Ok(())
            }
            Body::List(list) => self.list(list),
            Body::Array(values) => {
                let length = fit(values.len(), "an array")?;
                self.u32(length);
                values.to_big_endian(0..values.len(), &mut self.out);
                Ok(())
            }
            Body::Basket(basket) => {
                self.out.extend_from_slice(&basket.raw);
                Ok(())
            }
            Body::Opaque(raw) => {
                self.out.extend_from_slice(raw);
                Ok(())
            }
        }
    }

    fn members(&mut self, members: &Members) -> Result<()> {
        let start = members.header.counted.then(|| self.begin_count());
        self.u16(members.header.version);
        if let Some(checksum) = members.header.checksum {
            self.u32(checksum);
        }
        for (element, value) in members.layout.elements.iter().zip(&members.values) {
            let written = if self.in_member {
                self.value(element, value)
            } else {
                self.placed_value(element, value)
            };
            written.map_err(|error| {
                error.in_object(format!("{}::{}", members.layout.name, element.name))
            })?;
        }
        self.out.extend_from_slice(&members.tail);
        start.map_or(Ok(()), |start| self.end_count(start))
    }

    /// A value of the record's own object or one of its bases: its place is noted.
    fn placed_value(&mut self, element: &Element, value: &Value) -> Result<()> {
        let (start, number) = (self.out.len(), self.places.len());
        self.places.push((Arc::clone(&element.name), start..start));
        self.in_member = !element.is_base();
        let written = self.value(element, value);
        self.in_member = false;
        if let Some((_, place)) = self.places.get_mut(number) {
            place.end = self.out.len();
        }
        written
    }

    fn value(&mut self, element: &Element, value: &Value) -> Result<()> {
        match (element.shape(), value) {
            (Shape::Scalar(scalar), Value::Int(value)) => self.integer(scalar, *value),
            (Shape::Scalar(scalar), Value::Float(value)) => self.float(scalar, *value),
            (Shape::Array(scalar), Value::Array(values)) if values.scalar_type() == scalar => {
                if usize::try_from(element.array_length) != Ok(values.len()) {
                    return Err(Error::malformed("a fixed array has another length"));
                }
                values.to_big_endian(0..values.len(), &mut self.out);
                Ok(())
            }
            (Shape::CountedArray(scalar), Value::Array(values)) => {
                let there = element.byte_before(scalar, values.scalar_type());
                let there = there.ok_or_else(of_another_type)?;
                self.out.push(if values.is_empty() { 0 } else { there });
                values.to_big_endian(0..values.len(), &mut self.out);
                Ok(())
            }
            (Shape::Text, Value::Text(text)) => self.text(text),
            (Shape::Object, Value::Object(object)) => self.body(&object.body),
            // A TArray whose numbers were set.
            (Shape::Object, Value::Array(values)) => self.body(&Body::Array(values.clone())),
            (Shape::Objects, Value::Objects(objects)) => objects
                .iter()
                .try_for_each(|object| self.body(&object.body)),
            (Shape::Loop, Value::Loop(version, objects)) => {
                let start = self.begin_count();
                self.u16(*version);
                objects
                    .iter()
                    .try_for_each(|object| self.body(&object.body))?;
                self.end_count(start)
            }
            (Shape::Pointer, Value::Pointer(id)) => self.pointer(*id),
            (Shape::Pointers, Value::Pointers(ids)) => {
                ids.iter().try_for_each(|id| self.pointer(*id))
            }
            (Shape::Opaque, Value::Opaque(raw)) => {
                self.out.extend_from_slice(raw);
                Ok(())
            }
            _ => Err(of_another_type()),
        }
    }

    fn integer(&mut self, scalar: ScalarType, value: i64) -> Result<()> {
        let out = &mut self.out;
        macro_rules! put {
            ($type:ty) => {
                match <$type>::try_from(value) {
                    Ok(value) => out.extend_from_slice(&value.to_be_bytes()),
                    Err(_) => return Err(does_not_fit(value, scalar)),
                }
            };
        }
        match scalar {
            ScalarType::Bool | ScalarType::U8 => put!(u8),
            ScalarType::I8 => put!(i8),
            ScalarType::I16 => put!(i16),
            ScalarType::U16 => put!(u16),
            ScalarType::I32 => put!(i32),
            ScalarType::U32 => put!(u32),
            ScalarType::I64 | ScalarType::U64 => out.extend_from_slice(&value.to_be_bytes()),
            ScalarType::F32 | ScalarType::F64 => return Err(does_not_fit(value, scalar)),
        }
        Ok(())
    }

    fn float(&mut self, scalar: ScalarType, value: f64) -> Result<()> {
        match scalar {
            #[allow(clippy::cast_possible_truncation, reason = "the member is a float")]
            ScalarType::F32 => self.out.extend_from_slice(&(value as f32).to_be_bytes()),
            ScalarType::F64 => self.out.extend_from_slice(&value.to_be_bytes()),
            _ => return Err(Error::malformed(format!("{value} is not a {scalar}"))),
        }
        Ok(())
    }

    fn list(&mut self, list: &List) -> Result<()> {
        let start = self.begin_count();
        self.u16(list.version);
        if list.version > LISTS_WITHOUT_OBJECT {
            self.body(&Body::Root {
                unique_id: list.object.0,
                bits: list.object.1,
                process: 0,
            })?;
        }
        self.text(&list.name)?;
        let pointers = if list.kind == ListKind::Map { 2 } else { 1 };
        let count = fit(list.items.len() / pointers, "a list")?;
        self.u32(count);
        if list.kind == ListKind::Array {
            self.out.extend_from_slice(&list.lower_bound.to_be_bytes());
        }
        for (index, item) in list.items.iter().enumerate() {
            self.pointer(*item)?;
            if list.kind == ListKind::Linked && list.version > LISTS_WITHOUT_OPTIONS {
                self.text(list.options.get(index).map_or(&[][..], |option| option))?;
            }
        }
        self.end_count(start)
    }
}

fn fit(length: usize, what: &str) -> Result<u32> {
    u32::try_from(length)
        .ok()
        .filter(|&length| i32::try_from(length).is_ok())
        .ok_or_else(|| Error::malformed(format!("{what} of {length} is too long")))
}

fn of_another_type() -> Error {
    Error::malformed("its value is of another type than its layout says")
}

fn does_not_fit(value: i64, scalar: ScalarType) -> Error {
    Error::malformed(format!("{value} does not fit a {scalar}"))
}
