//! Reading the objects of a record.

mod aligned;
mod bound;
mod known;
mod mark;
mod marks;
mod members;
mod met;
mod pattern;
mod sparing;
mod step;
mod streamed;
mod taking;
mod values;

use std::sync::Arc;

use bytes::Bytes;

use super::layouts::Layouts;
use super::value::{Body, Graph, Header, ListKind, Object, ObjectId};
use super::{CLASS_MASK, MAP_OFFSET, NEW_CLASS, ROOT_TAG};
use crate::column::ScalarType;
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
pub(crate) use values::{MemberValues, StoredIntegers};

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
}
