//! Objects in memory, pointers between them as numbers.

use std::sync::Arc;

use bytes::Bytes;

use super::layout::ClassLayout;
use crate::column::Values;
use crate::cursor::Cursor;
use crate::error::{Error, Result};

/// The number of an object in its [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId(pub(super) usize);

/// All objects of one record. Pointers between them are numbers, so that what two members share
/// (a leaf and the leaf that counts it) stays shared when it is written.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    pub(super) objects: Vec<Object>,
    /// What of it cannot be written elsewhere, if anything.
    pub(super) bound: Option<Arc<str>>,
}

impl Graph {
    /// Adds an object; gives its number.
    pub fn add(&mut self, object: Object) -> ObjectId {
        self.objects.push(object);
        ObjectId(self.objects.len() - 1)
    }

    /// The object to which a pointer points.
    ///
    /// # Errors
    /// When no object has that number.
    pub fn get(&self, id: ObjectId) -> Result<&Object> {
        self.objects.get(id.0).ok_or_else(|| no_object(id))
    }

    /// The same, to be changed.
    ///
    /// # Errors
    /// When no object has that number.
    pub fn get_mut(&mut self, id: ObjectId) -> Result<&mut Object> {
        self.objects.get_mut(id.0).ok_or_else(|| no_object(id))
    }

    /// All objects, in the order of their numbers.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.objects.iter()
    }

    /// What of it is not known but by its bytes, which refer to places in the record that was read, or
    /// not even by these: such a record cannot be written.
    pub fn bound(&self) -> Option<&str> {
        self.bound.as_deref()
    }

    /// The object that the record is: the first.
    ///
    /// # Errors
    /// When the graph is empty.
    pub fn root(&self) -> Result<&Object> {
        self.get(Self::ROOT)
    }

    /// The number of the object that the record is.
    pub const ROOT: ObjectId = ObjectId(0);
}

impl Graph {
    /// The layouts of all classes in it, bases included, but for those without a checksum: what a
    /// class's own streamer writes is described in no file.
    pub fn layouts(&self) -> Vec<Arc<ClassLayout>> {
        let mut found: Vec<Arc<ClassLayout>> = Vec::new();
        let mut open: Vec<&Object> = self.objects.iter().collect();
        while let Some(object) = open.pop() {
            let Body::Members(members) = &object.body else {
                continue;
            };
            let known = |layout| Arc::ptr_eq(layout, &members.layout);
            if members.layout.checksum != 0 && !found.iter().any(known) {
                found.push(Arc::clone(&members.layout));
            }
            for value in &members.values {
                match value {
                    Value::Object(part) => open.push(part),
                    Value::Objects(parts) | Value::Loop(_, parts) => open.extend(parts),
                    _ => {}
                }
            }
        }
        found.sort_by(|a, b| (&a.name, a.version).cmp(&(&b.name, b.version)));
        found
    }
}

fn no_object(id: ObjectId) -> Error {
    Error::malformed(format!("object {} was never met", id.0))
}

/// One object.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its class.
    pub class: Arc<str>,
    /// What it holds.
    pub body: Body,
}

/// What an object holds.
#[derive(Clone, Debug)]
pub enum Body {
    /// Members, as a layout says.
    Members(Members),
    /// A bare `TObject`: `fUniqueID`, `fBits` and the process number where it is referenced.
    Root {
        /// `fUniqueID`.
        unique_id: u32,
        /// `fBits`.
        bits: u32,
        /// The number of its `TProcessID`.
        process: u16,
    },
    /// A `TObjArray`, `TList`, `TMap` or other `TCollection`.
    List(List),
    /// A `TArrayI` and its like.
    Array(Values),
    /// A `TBasket` within its tree's record.
    Basket(Arc<EmbeddedBasket>),
    /// The bytes of a class without a layout, behind its byte count.
    Opaque(Bytes),
}

/// The byte count, version and checksum before an object's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Whether a byte count was there.
    pub counted: bool,
    /// The class's version; 0 where a checksum stands for it.
    pub version: u16,
    /// The checksum of a class without a version.
    pub checksum: Option<u32>,
}

/// Members of one class (bases included, as objects under their class's name).
#[derive(Clone, Debug)]
pub struct Members {
    /// What stood before the members.
    pub header: Header,
    /// The class's layout.
    pub layout: Arc<ClassLayout>,
    /// One value for each element of the layout, fewer where `tail` begins.
    pub values: Vec<Value>,
    /// Bytes from the first element that could not be told apart on.
    pub tail: Bytes,
}

/// The value of a member.
#[derive(Clone, Debug)]
pub enum Value {
    /// An integer or bool; a `u64` wraps.
    Int(i64),
    /// A float or double.
    Float(f64),
    /// A `TString`'s bytes.
    Text(Bytes),
    /// Numbers: a fixed array, or one with a counter.
    Array(Values),
    /// A base, or an object that is a member.
    Object(Box<Object>),
    /// A fixed array of such.
    Objects(Vec<Object>),
    /// As many objects as a counter says, behind one header of this version (`kStreamLoop`).
    Loop(u16, Vec<Object>),
    /// A pointer, or null.
    Pointer(Option<ObjectId>),
    /// A fixed array of pointers.
    Pointers(Vec<Option<ObjectId>>),
    /// Bytes of known length only, their header included.
    Opaque(Bytes),
}

/// Which kind of list it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// `TObjArray`: has a lower bound.
    Array,
    /// `TList`: has a draw option beside each item.
    Linked,
    /// `TMap`: its items are keys, each followed by what it leads to.
    Map,
    /// `TOrdCollection` or `THashTable`: streamed as `TCollection` is, which has neither.
    Collection,
}

/// A `TObjArray`, `TList`, `TMap` or other `TCollection`.
#[derive(Clone, Debug)]
pub struct List {
    /// Which kind it is.
    pub kind: ListKind,
    /// Its version.
    pub version: u16,
    /// Its own `TObject`: `fUniqueID`, `fBits`.
    pub object: (u32, u32),
    /// Its name.
    pub name: Bytes,
    /// `TObjArray::fLowerBound`; 0 for others.
    pub lower_bound: i32,
    /// What it holds.
    pub items: Vec<Option<ObjectId>>,
    /// The draw option beside each item of a `TList`; empty for others.
    pub options: Vec<Bytes>,
}

/// A basket that stands within its tree's record instead of in a record of its own
/// (`TBasket::Streamer` with a flag other than 0).
#[derive(Clone, Debug)]
pub struct EmbeddedBasket {
    /// All its bytes, as they are written again.
    pub raw: Bytes,
    /// Where they stand in the expanded content of the record.
    pub position: usize,
    /// `fHeaderOnly`: its values are not here but in a record of their own.
    pub header_only: bool,
    /// `fNevBuf`: the number of entries.
    pub entries: u32,
    /// The entries' values, without the room for the key.
    pub data: Bytes,
    /// Where each entry begins, in bytes from the start of `data`; none for entries of one size.
    pub offsets: Option<Vec<u32>>,
    /// The length of the basket's key, in bytes.
    pub key_length: u16,
    /// `fDisplacement`: where each entry began, counted from the start of the key, when it was
    /// written: that is what references within it count on. None where they still stand there.
    pub displacements: Option<Vec<u32>>,
}

impl EmbeddedBasket {
    /// Reads the one basket that stands at `position` of a tree record's expanded content, without
    /// the rest of the tree.
    ///
    /// # Errors
    /// When no basket is there.
    pub fn read(content: &Bytes, position: usize) -> Result<Self> {
        let mut cursor = Cursor::new(content);
        cursor.seek(position)?;
        let basket = crate::tree::embedded::read(&mut cursor, content)?;
        let end = cursor.position();
        Ok(Self {
            raw: content.slice(position.min(end)..end),
            position,
            ..basket
        })
    }
}

/// A layout, and which of its elements to take: a base on the way to a member, or the member.
pub(super) type Step = (Arc<ClassLayout>, usize);

impl Object {
    /// The member `name` of its class or one of its bases, and the `way` to it from its end, if
    /// that is asked for.
    pub(super) fn search(&self, name: &str, mut way: Option<&mut Vec<Step>>) -> Option<&Value> {
        let Body::Members(members) = &self.body else {
            return None;
        };
        let mut elements = members.layout.elements.iter();
        let own = elements.position(|element| &*element.name == name);
        let own = own.and_then(|index| Some((index, members.values.get(index)?)));
        let (index, value) = own.or_else(|| {
            members
                .bases()
                .find_map(|(index, base)| Some((index, base.search(name, way.as_deref_mut())?)))
        })?;
        if let Some(way) = way {
            way.push((Arc::clone(&members.layout), index));
        }
        Some(value)
    }
}

impl Members {
    /// The base classes' parts, and which of the values they are.
    pub(super) fn bases(&self) -> impl Iterator<Item = (usize, &Object)> {
        bases(&self.layout, &self.values)
    }
}

/// The integer member `name` among the first `values` of an object of this layout, or of one of
/// its bases: a counter.
pub(super) fn counter(layout: &ClassLayout, values: &[Value], name: &str) -> Option<i64> {
    let mut elements = layout.elements.iter();
    let index = elements.position(|element| &*element.name == name);
    match index.and_then(|index| values.get(index)) {
        Some(Value::Int(value)) => Some(*value),
        _ => bases(layout, values).find_map(|(_, base)| match &base.body {
            Body::Members(members) => counter(&members.layout, &members.values, name),
            _ => None,
        }),
    }
}

/// The base classes' parts among the values of an object of this layout, and which they are.
fn bases<'a>(
    layout: &'a ClassLayout,
    values: &'a [Value],
) -> impl Iterator<Item = (usize, &'a Object)> {
    let all = layout.elements.iter().zip(values).enumerate();
    all.filter_map(|(index, (element, value))| match value {
        Value::Object(object) if element.is_base() => Some((index, &**object)),
        _ => None,
    })
}
