//! Objects of any class, streamed as their class's layout says.
//!
//! A ROOT file describes the classes it holds (`TStreamerInfo`). Here such a description is a
//! [`ClassLayout`], and one reader and one writer serve every class and version by following it:
//! a tree, its branches, a histogram. What stands in a record comes in as a [`Graph`] and can be
//! changed and written again, members that nobody here knows included.
//!
//! On the wire, a class is a byte count and a version, then its members in order:
//!
//! ```text
//! 0x40000000 | length of what follows   u32
//! version                               u16   (0: a u32 checksum follows)
//! members …
//! ```
//!
//! Behind a pointer stands a byte count and a tag: a new class's name, a class met before, or an
//! object met before (`TBufferFile::ReadObjectAny`).

mod attributes;
mod builtin;
mod empty;
mod graft;
mod layout;
mod layouts;
mod member;
mod read;
mod sought;
mod streamer_info;
mod value;
mod write;

pub use layout::{ClassLayout, Element, ElementExtra};
pub use layouts::Layouts;
pub(crate) use read::{
    MemberValues, RecordShape, Spared, StoredIntegers, Taken, read_sparing, read_taking,
    read_with_shape,
};
pub use read::{read_graph, read_graph_as};
pub use sought::MemberName;
pub(crate) use sought::Sought;
pub use streamer_info::{decode_streamer_info, encode_streamer_info};
pub use value::{
    Body, EmbeddedBasket, Graph, Header, List, ListKind, Members, Object, ObjectId, Value,
};
pub use write::{MemberPlace, write_graph, write_graph_placed};

/// Added to a position in a record to give the tag by which it is referred to (`kMapOffset`).
pub(crate) const MAP_OFFSET: u32 = 2;
/// The tag by which what stands in a record refers to the record's own object (the default of
/// `TBufferFile::MapObject`).
const ROOT_TAG: u32 = 1;
/// The tag before a class name (`kNewClassTag`).
pub(crate) const NEW_CLASS: u32 = 0xffff_ffff;
/// The bit of a tag that refers to a class met before (`kClassMask`).
pub(crate) const CLASS_MASK: u32 = 0x8000_0000;
/// `TObject::kHasUUID`: a text, not a number, says what is referred to.
const HAS_UUID: u32 = 1 << 5;
/// The last version of a `TList` or `TObjArray` that is not preceded by a `TObject`.
const LISTS_WITHOUT_OBJECT: u16 = 2;
/// The last version of a `TList` that has no option beside each item.
const LISTS_WITHOUT_OPTIONS: u16 = 3;
/// `TObject::kIsReferenced`: the number of a `TProcessID` follows the bits.
const IS_REFERENCED: u32 = 1 << 4;
