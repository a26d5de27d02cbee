//! Reading the objects of a record.

mod bound;
mod known;
mod mark;
mod marks;
mod met;
mod pattern;
mod sparing;
mod streamed;
mod taking;
mod values;

use std::sync::Arc;

use bytes::Bytes;

use super::layout::{ClassLayout, Element, ElementExtra, Shape};
use super::layouts::Layouts;
use super::value::{Body, Graph, Header, ListKind, Members, Object, ObjectId, Value, counter};
use super::{CLASS_MASK, MAP_OFFSET, NEW_CLASS, ROOT_TAG};
use crate::column::{ScalarType, Values};
use crate::cursor::{BYTE_COUNT_MASK, Cursor};
use crate::error::{Error, Result};
use known::KnownLayouts;

use mark::Mark;
use marks::Marks;
pub(crate) use marks::read_with_shape;
use met::Met;
pub(crate) use pattern::RecordShape;
use sparing::Sparing;
pub(crate) use sparing::{Spared, read_sparing};
use taking::Taker;
pub(crate) use taking::{Taken, read_taking};
pub(crate) use values::MemberValues;

/// How deep objects may stand in objects. Real trees need a dozen levels.
const MAX_DEPTH: usize = 128;

/// Reads a record of class `class`.
///
/// `content` is the expanded content of a key, `key_length` the length of that key in the file
/// (bytes): references within the record count from the start of the key.
///
/// # Errors
/// When the content is cut short, contradicts itself, or holds a class whose layout and length
/// are both unknown.
pub fn read_graph(
    class: &str,
    content: &Bytes,
    key_length: usize,
    layouts: &Layouts,
) -> Result<Graph> {
    read_graph_as(class, content, key_length, layouts, false)
}

/// As [`read_graph`]; with `any_version`, a version without a layout is read as the newest: for
/// the classes that describe classes, which nothing describes.
///
/// # Errors
/// As [`read_graph`].
pub fn read_graph_as(
    class: &str,
    content: &Bytes,
    key_length: usize,
    layouts: &Layouts,
    any_version: bool,
) -> Result<Graph> {
    let mut reader = Reader::new(content, key_length, layouts);
    reader.layouts.any_version = any_version;
    reader.record(class)?;
    Ok(reader.graph)
}

fn placeholder(class: &Arc<str>) -> Object {
    Object {
        class: Arc::clone(class),
        body: Body::Opaque(Bytes::new()),
    }
}

struct Reader<'a> {
    content: &'a Bytes,
    cursor: Cursor<'a>,
    key_length: usize,
    layouts: KnownLayouts<'a>,
    met: Met,
    graph: Graph,
    depth: usize,
    /// The object behind the pointer followed last.
    owner: ObjectId,
    /// What may differ in another record of the same shape, where that is asked for.
    marks: Option<Marks>,
    /// Who takes the items of a list away, if somebody does.
    taker: Option<Taker<'a>>,
    /// Who leaves out items of a list that are not understood, if somebody does.
    sparing: Option<Sparing>,
}

impl<'a> Reader<'a> {
    fn new(content: &'a Bytes, key_length: usize, layouts: &'a Layouts) -> Self {
        Self {
            content,
            cursor: Cursor::new(content),
            key_length,
            layouts: KnownLayouts::new(layouts),
            met: Met::default(),
            graph: Graph::default(),
            depth: 0,
            owner: Graph::ROOT,
            marks: None,
            taker: None,
            sparing: None,
        }
    }

    /// The object that the record is.
    fn record(&mut self, class: &str) -> Result<()> {
        let class: Arc<str> = class.into();
        let root = self.graph.add(placeholder(&class));
        self.met.object(ROOT_TAG, root);
        let body = self
            .body(&class)
            .map_err(|error| error.at_position(self.cursor.position()))?;
        *self.graph.get_mut(root)? = Object { class, body };
        Ok(())
    }

    fn bytes(&self, slice: &'a [u8]) -> Bytes {
        self.content.slice_ref(slice)
    }

    /// The tag by which what begins at `position` will be referred to.
    fn tag_of(&self, position: usize) -> Result<u32> {
        u32::try_from(position + self.key_length)
            .ok()
            .and_then(|offset| offset.checked_add(MAP_OFFSET))
            .ok_or_else(|| Error::malformed("a record is longer than its references reach"))
    }

    /// An object behind a pointer (`TBufferFile::ReadObjectAny`).
    fn pointer(&mut self) -> Result<Option<ObjectId>> {
        let start = self.cursor.position();
        let first = self.cursor.u32()?;
        let (tag_at, tag, end) = if first & BYTE_COUNT_MASK != 0 && first != NEW_CLASS {
            let end = self.end_of(first)?;
            (start + 4, self.cursor.u32()?, Some(end))
        } else {
            (start, first, None)
        };
        if tag != NEW_CLASS {
            self.mark(|| Mark::Reference { at: tag_at, tag });
        }
        if tag & CLASS_MASK == 0 {
            if tag == 0 {
                return Ok(None);
            }
            return self.met.find_object(tag).map(Some).ok_or_else(|| {
                Error::malformed(format!("reference {tag} is to nothing met before"))
                    .at_position(tag_at)
            });
        }
        let class = if tag == NEW_CLASS {
            let name: Arc<str> = String::from_utf8_lossy(self.cursor.c_string()?).into();
            let key = self.tag_of(tag_at)?;
            self.met.class(key, Arc::clone(&name));
            name
        } else {
            let class = self.met.find_class(tag & !CLASS_MASK);
            class.map(Arc::clone).ok_or_else(|| {
                Error::malformed(format!(
                    "class reference {tag:#x} is to no class met before"
                ))
                .at_position(tag_at)
            })?
        };
        let id = self.graph.add(placeholder(&class));
        let key = self.tag_of(start)?;
        self.met.object(key, id);
        let before = std::mem::replace(&mut self.owner, id);
        let read = self.body_until(&class, end).and_then(|body| {
            if let Some(end) = end {
                if self.cursor.position() < end {
                    self.bind(&format!("{class} with more than it is known to hold"));
                }
                self.expect_end(&class, end)?;
            }
            Ok(body)
        });
        self.owner = before;
        let body = match (read, end) {
            (Err(error), Some(end)) => self.leave_out(&class, error, end)?,
            (read, _) => read?,
        };
        *self.graph.get_mut(id)? = Object { class, body };
        Ok(Some(id))
    }

    /// The end that a byte count promises; it must lie within the record.
    fn end_of(&mut self, count: u32) -> Result<usize> {
        let length = usize::try_from(count & !BYTE_COUNT_MASK).unwrap_or(usize::MAX);
        if length > self.cursor.left() {
            return Err(Error::malformed(format!(
                "a byte count of {length} reaches past the end of the record, {} bytes on",
                self.cursor.left()
            ))
            .at_position(self.cursor.position() - 4));
        }
        let start = self.cursor.position();
        self.mark(|| Mark::Count {
            at: start - 4,
            end: start + length,
        });
        Ok(start + length)
    }

    fn expect_end(&mut self, class: &str, end: usize) -> Result<()> {
        let position = self.cursor.position();
        if position > end {
            return Err(Error::malformed(format!(
                "{class} is {} bytes longer than its byte count says",
                position - end
            ))
            .at_position(end));
        }
        // Shorter is what a class gains that forgets a member; ROOT skips to the end as well.
        self.cursor.seek(end)
    }

    fn body(&mut self, class: &Arc<str>) -> Result<Body> {
        self.body_until(class, None)
    }

    /// What an object of `class` holds; `end` is where its enclosing byte count says it ends.
    fn body_until(&mut self, class: &Arc<str>, end: Option<usize>) -> Result<Body> {
        if self.depth >= MAX_DEPTH {
            return Err(Error::malformed(format!(
                "objects stand more than {MAX_DEPTH} deep"
            )));
        }
        self.depth += 1;
        let body = match &**class {
            "TObject" => self.root_object(),
            "TObjArray" => self.list(ListKind::Array),
            "TList" | "THashList" => self.list(ListKind::Linked),
            "TMap" => self.list(ListKind::Map),
            "TOrdCollection" | "THashTable" => self.list(ListKind::Collection),
            "TBasket" => self.basket(end),
            "TString" => self.text(),
            "TRef" => self.reference(),
            "TArrayC" => self.array(ScalarType::I8),
            "TArrayS" => self.array(ScalarType::I16),
            "TArrayI" => self.array(ScalarType::I32),
            "TArrayL" | "TArrayL64" => self.array(ScalarType::I64),
            "TArrayF" => self.array(ScalarType::F32),
            "TArrayD" => self.array(ScalarType::F64),
            _ => self.members(class, end),
        };
        self.depth -= 1;
        body
    }

    /// The byte count and version before an object, and where the count says it ends.
    fn header(&mut self) -> Result<(Header, Option<usize>)> {
        let start = self.cursor.position();
        let first = self.cursor.u16()?;
        if first & 0x4000 == 0 {
            return Ok((
                Header {
                    counted: false,
                    version: first,
                    checksum: None,
                },
                None,
            ));
        }
        self.cursor.seek(start)?;
        let count = self.cursor.u32()?;
        let end = self.end_of(count)?;
        let version = self.cursor.u16()?;
        let room = end.saturating_sub(self.cursor.position());
        // A class without a version is told by its checksum (TBufferFile::ReadVersion).
        let checksum = if version == 0 && room >= 4 {
            Some(self.cursor.u32()?)
        } else {
            None
        };
        Ok((
            Header {
                counted: true,
                version,
                checksum,
            },
            Some(end),
        ))
    }

    fn members(&mut self, class: &Arc<str>, enclosing: Option<usize>) -> Result<Body> {
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
            self.mark_member(&layout, element, start);
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

    fn objects(&mut self, element: &Element, count: usize) -> Result<Vec<Object>> {
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
    fn integer(&mut self, scalar: ScalarType) -> Result<i64> {
        let cursor = &mut self.cursor;
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

    fn numbers(&mut self, scalar: ScalarType, count: usize) -> Result<Values> {
        let length = count.saturating_mul(scalar.width());
        let bytes = self.cursor.take(length, "an array")?;
        let mut values = Values::with_capacity(scalar, count);
        values.extend_big_endian(bytes);
        Ok(values)
    }
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
