//! Members of a class, one after the other as its layout says.

use std::sync::Arc;

use bytes::Bytes;

use super::Reader;
use crate::column::{ScalarType, Values};
use crate::cursor::{BYTE_COUNT_MASK, Cursor};
use crate::error::{Error, Result};
use crate::object::layout::{ClassLayout, Element, ElementExtra, Shape};
use crate::object::value::{Body, Members, Object, Value, counter};

impl Reader<'_> {
    pub(super) fn members(&mut self, class: &Arc<str>, enclosing: Option<usize>) -> Result<Body> {
        let start = self.cursor.position();
        let (mut header, end) = self.header()?;
        let mut layout = self.layouts.get(class, header.version, header.checksum);
        if layout.is_none() && header.checksum.is_some() {
            // A class of ROOT's own at version 0 (TH1L) has no checksum: that was its first member.
            layout = self.layouts.get(class, 0, None);
            if layout.is_some() {
                header.checksum = None;
                self.cursor.seek(self.cursor.position() - 4)?;
            }
        }
        let Some(layout) = layout.or_else(|| self.layouts.newest(class)) else {
            // Behind a pointer, all that its byte count spans is the object's.
            let Some(end) = enclosing.or(end) else {
                return Err(Error::unsupported(format!(
                    "class {class} version {}, which the file does not describe",
                    header.version
                ))
                .at_position(start));
            };
            self.cursor.seek(start)?;
            let raw = self.cursor.take(end.saturating_sub(start), "an object")?;
            return Ok(Body::Opaque(self.unread_object(class, raw)));
        };
        let room = layout.elements.len().min(self.cursor.left());
        let mut values = Vec::with_capacity(room);
        let mut tail = Bytes::new();
        for element in &layout.elements {
            let start = self.cursor.position();
            self.look_out(&layout, element);
            let is_known = self.push_value(&layout, element, &mut values)?;
            self.mark_member(&layout, element, start, values.last());
            if !is_known {
                let Some(end) = end else {
                    return Err(Error::unsupported(format!(
                        "member {class}::{} of type {} (code {})",
                        element.name, element.type_name, element.code
                    ))
                    .at_position(self.cursor.position()));
                };
                let length = end.saturating_sub(self.cursor.position());
                let left = self.cursor.take(length, "members")?;
                tail = self.unread_object(class, left);
                break;
            }
        }
        if let Some(end) = end {
            let start = self.cursor.position();
            self.expect_end(class, end)?;
            // What stands there is kept, if it can be: ROOT passes over it.
            let rest = self.content.get(start..end).unwrap_or_default();
            if !rest.is_empty() && !self.refers(rest, true) {
                tail = self.bytes(rest);
            }
        }
        Ok(Body::Members(Members {
            header,
            layout,
            values,
            tail,
        }))
    }

    /// Appends the value of one element; gives whether its layout is known.
    ///
    /// Each value is made where it stays: there are dozens of them for a branch.
    fn push_value(
        &mut self,
        layout: &ClassLayout,
        element: &Element,
        values: &mut Vec<Value>,
    ) -> Result<bool> {
        let fixed = || usize::try_from(element.array_length).unwrap_or(0);
        match element.shape() {
            Shape::Scalar(scalar @ (ScalarType::F32 | ScalarType::F64)) => {
                values.push(self.scalar(scalar)?);
            }
            Shape::Scalar(scalar) => values.push(Value::Int(self.integer(scalar)?)),
            Shape::Array(scalar) => values.push(Value::Array(self.numbers(scalar, fixed())?)),
            Shape::CountedArray(scalar) => {
                let count = counted(layout, element, values)?;
                // One byte says whether the array is there at all.
                let there = self.cursor.u8()?;
                let count = if there == 0 { 0 } else { count };
                let numbers = self.numbers(element.type_behind(scalar, there), count)?;
                values.push(Value::Array(numbers));
            }
            Shape::Text if element.array_length == 0 => {
                let text = self.cursor.string()?;
                values.push(Value::Text(self.bytes(text)));
            }
            Shape::Object => {
                let class = self.class_of(element);
                if self.pass_over(&class)? {
                    values.push(Value::Opaque(Bytes::new()));
                } else {
                    let body = self.body(&class)?;
                    values.push(Value::Object(Box::new(Object { class, body })));
                }
            }
            Shape::Objects => values.push(Value::Objects(self.objects(element, fixed())?)),
            Shape::Loop => {
                let count = counted(layout, element, values)?;
                let (header, _) = self.header()?;
                let objects = self.objects(element, count)?;
                values.push(Value::Loop(header.version, objects));
            }
            Shape::Pointer => values.push(Value::Pointer(self.pointer()?)),
            Shape::Pointers => {
                let pointers = (0..fixed()).map(|_| self.pointer());
                values.push(Value::Pointers(pointers.collect::<Result<_>>()?));
            }
            Shape::Opaque => {
                let start = self.cursor.position();
                let Ok(first) = self.cursor.u32() else {
                    return Ok(false);
                };
                if first & BYTE_COUNT_MASK == 0 {
                    self.cursor.seek(start)?;
                    return Ok(false);
                }
                let end = self.end_of(first)?;
                self.cursor.seek(start)?;
                let raw = self.cursor.take(end - start, "a member")?;
                let raw = self.unread_member(&element.type_name, raw);
                values.push(Value::Opaque(raw));
            }
            Shape::Text | Shape::Unknown => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn objects(&mut self, element: &Element, count: usize) -> Result<Vec<Object>> {
        let class = self.class_of(element);
        let mut objects = Vec::new();
        for _ in 0..count {
            let body = self.body(&class)?;
            objects.push(Object {
                class: Arc::clone(&class),
                body,
            });
        }
        Ok(objects)
    }

    /// The class of a base or an object member.
    fn class_of(&self, element: &Element) -> Arc<str> {
        if element.is_base() {
            return Arc::clone(&element.name);
        }
        let name = &*element.type_name;
        let is_bare = name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.ends_with(|last: char| last.is_ascii_alphanumeric())
            && !name.starts_with("const ");
        if is_bare {
            return Arc::clone(&element.type_name);
        }
        let name = name.trim_end_matches('*');
        let name = name.strip_prefix("const ").unwrap_or(name).trim();
        if name.len() == element.type_name.len() {
            Arc::clone(&element.type_name)
        } else {
            name.into()
        }
    }

    fn scalar(&mut self, scalar: ScalarType) -> Result<Value> {
        let cursor = &mut self.cursor;
        Ok(match scalar {
            ScalarType::F32 => Value::Float(cursor.f32()?.into()),
            ScalarType::F64 => Value::Float(cursor.f64()?),
            _ => Value::Int(self.integer(scalar)?),
        })
    }

    /// An integer or bool.
    pub(super) fn integer(&mut self, scalar: ScalarType) -> Result<i64> {
        integer(&mut self.cursor, scalar)
    }

    pub(super) fn numbers(&mut self, scalar: ScalarType, count: usize) -> Result<Values> {
        let length = count.saturating_mul(scalar.width());
        let bytes = self.cursor.take(length, "an array")?;
        let mut values = Values::with_capacity(scalar, count);
        values.extend_big_endian(bytes);
        Ok(values)
    }
}

/// An integer or bool.
#[inline]
pub(super) fn integer(cursor: &mut Cursor<'_>, scalar: ScalarType) -> Result<i64> {
    Ok(match scalar {
        ScalarType::Bool | ScalarType::U8 => cursor.u8()?.into(),
        ScalarType::I8 => cursor.i8()?.into(),
        ScalarType::I16 => cursor.i16()?.into(),
        ScalarType::U16 => cursor.u16()?.into(),
        ScalarType::I32 => cursor.i32()?.into(),
        ScalarType::U32 => cursor.u32()?.into(),
        ScalarType::I64 => cursor.i64()?,
        ScalarType::U64 => cursor.u64()?.cast_signed(),
        ScalarType::F32 | ScalarType::F64 => {
            return Err(Error::malformed("a float where an integer should be"));
        }
    })
}

/// How many there are of an element that a member before it counts.
fn counted(layout: &ClassLayout, element: &Element, before: &[Value]) -> Result<usize> {
    let count = match &element.extra {
        ElementExtra::Count { name, .. } => counter(layout, before, name),
        _ => None,
    };
    let count = count.ok_or_else(|| {
        Error::malformed(format!("{}::{} has no counter", layout.name, element.name))
    })?;
    Ok(usize::try_from(count).unwrap_or(0))
}
