//! What a class looks like in a file: its `TStreamerInfo`, as plain data.

use std::sync::Arc;

use crate::column::ScalarType;

/// One version of a class (`TStreamerInfo`).
#[derive(Clone, Debug, PartialEq)]
pub struct ClassLayout {
    /// The class's name.
    pub name: Arc<str>,
    /// `fClassVersion`.
    pub version: i32,
    /// `fCheckSum`.
    pub checksum: u32,
    /// Bases and members, in the order in which they are streamed.
    pub elements: Vec<Element>,
}

/// A base class or a member (`TStreamerElement`).
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// The element's own class, such as `TStreamerBasicType`.
    pub class: Arc<str>,
    /// The member's name, or the base's class.
    pub name: Arc<str>,
    /// The comment beside the member.
    pub title: Arc<str>,
    /// `fType`, as in `TVirtualStreamerInfo::EReadWrite`.
    pub code: i32,
    /// `fSize`: bytes in memory.
    pub size: i32,
    /// `fArrayLength`: the product of the dimensions of a fixed array.
    pub array_length: i32,
    /// `fArrayDim`.
    pub array_dim: i32,
    /// `fMaxIndex`; a base keeps its checksum in the second.
    pub max_index: [i32; 5],
    /// `fTypeName`.
    pub type_name: Arc<str>,
    /// What only some kinds of element have.
    pub extra: ElementExtra,
}

/// What only some kinds of [`Element`] have.
#[derive(Clone, Debug, PartialEq)]
pub enum ElementExtra {
    /// Nothing.
    None,
    /// `TStreamerBase`.
    Base {
        /// `fBaseVersion`.
        version: i32,
    },
    /// `TStreamerBasicPointer`, `TStreamerLoop`: an array with a counter.
    Count {
        /// `fCountName`: the member that counts.
        name: Arc<str>,
        /// `fCountClass`: its class.
        class: Arc<str>,
        /// `fCountVersion`.
        version: i32,
    },
    /// `TStreamerSTL`.
    Stl {
        /// `fSTLtype`.
        container: i32,
        /// `fCtype`.
        content: i32,
    },
}

/// The byte before the places of a branch's baskets where they have 64 bits.
const WIDE_PLACES: u8 = 2;

/// How the bytes of an element are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A base class, or an object that is a member.
    Object,
    /// A fixed array of such.
    Objects,
    /// A pointer.
    Pointer,
    /// A fixed array of pointers.
    Pointers,
    /// One number.
    Scalar(ScalarType),
    /// A fixed array of numbers.
    Array(ScalarType),
    /// An array of numbers with a counter.
    CountedArray(ScalarType),
    /// As many objects as a counter says, behind one header (`kStreamLoop`).
    Loop,
    /// A `TString`.
    Text,
    /// Something of known length only: a container, a class with a streamer of its own.
    Opaque,
    /// Not known here.
    Unknown,
}

impl Element {
    /// Whether it is a base class rather than a member.
    pub fn is_base(&self) -> bool {
        matches!(self.extra, ElementExtra::Base { .. })
    }

    fn is_counted(&self) -> bool {
        matches!(self.extra, ElementExtra::Count { .. })
    }

    /// The type of the numbers of a counted array, which by its layout are `scalar`s, behind the
    /// byte `there` that says whether there are any: in branches before version 10 this byte also
    /// says how wide places in the file are, whatever the layout says (`TBranch::Streamer`).
    pub(super) fn type_behind(&self, scalar: ScalarType, there: u8) -> ScalarType {
        match there {
            _ if !self.is_told_by_byte() => scalar,
            WIDE_PLACES => ScalarType::I64,
            _ => ScalarType::I32,
        }
    }

    /// The byte before a counted array of numbers of type `stored`; none where its layout, by which
    /// they are `scalar`s, has no room for them.
    pub(super) fn byte_before(&self, scalar: ScalarType, stored: ScalarType) -> Option<u8> {
        match stored {
            ScalarType::I64 if self.is_told_by_byte() => Some(WIDE_PLACES),
            ScalarType::I32 if self.is_told_by_byte() => Some(1),
            _ => (stored == scalar).then_some(1),
        }
    }

    /// Whether it is `fBasketSeek` of a branch before version 10.
    pub(super) fn is_told_by_byte(&self) -> bool {
        matches!(&self.extra, ElementExtra::Count { class, version, .. }
            if &**class == "TBranch" && *version < 10 && &*self.name == "fBasketSeek")
    }

    /// How its bytes are laid out, from `fType`.
    pub(super) fn shape(&self) -> Shape {
        let base = match self.code {
            1..=19 => return self.scalar(self.code).map_or(Shape::Unknown, Shape::Scalar),
            21..=39 => {
                return self
                    .scalar(self.code - 20)
                    .map_or(Shape::Unknown, Shape::Array);
            }
            41..=59 => {
                return self
                    .scalar(self.code - 40)
                    .map_or(Shape::Unknown, Shape::CountedArray);
            }
            code => code,
        };
        match base {
            // kBase, kObject, kAny, kObjectp, kTObject, kTNamed, kAnyp
            0 | 61 | 62 | 63 | 66 | 67 | 68 => Shape::Object,
            // kObjectP, kAnyP
            64 | 69 => Shape::Pointer,
            65 => Shape::Text,
            81 | 82 | 83 | 86 | 87 | 88 => Shape::Objects,
            84 | 89 => Shape::Pointers,
            // kSTL…, kStreamer, kStreamLoop
            501 if self.is_counted() && self.type_name.ends_with('*') => Shape::Loop,
            300..=399 | 500 | 501 => Shape::Opaque,
            _ => Shape::Unknown,
        }
    }

    fn scalar(&self, code: i32) -> Option<ScalarType> {
        Some(match code {
            1 => ScalarType::I8,
            2 => ScalarType::I16,
            // kInt, kCounter
            3 | 6 => ScalarType::I32,
            // kLong, kLong64: both are eight bytes in a file.
            4 | 16 => ScalarType::I64,
            5 => ScalarType::F32,
            8 => ScalarType::F64,
            // kDouble32 without a range is stored as a float.
            9 if !self.title.contains('[') => ScalarType::F32,
            11 => ScalarType::U8,
            12 => ScalarType::U16,
            // kUInt, kBits
            13 | 15 => ScalarType::U32,
            14 | 17 => ScalarType::U64,
            18 => ScalarType::Bool,
            _ => return None,
        })
    }
}
