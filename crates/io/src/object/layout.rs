//! What a class looks like in a file: its `TStreamerInfo`, as plain data.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::builtin;
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

/// The layouts known while reading or writing: those of the file, then those built in.
#[derive(Clone, Debug, Default)]
pub struct Layouts {
    of_file: HashMap<Arc<str>, Vec<Arc<ClassLayout>>>,
}

impl Layouts {
    /// The layouts of the classes that ROOT 6.40 writes for trees and histograms.
    pub fn builtin() -> Self {
        Self::default()
    }

    /// Adds a layout; one of the same class and version is replaced: what a file says of its own
    /// content goes before what is built in.
    pub fn insert(&mut self, layout: ClassLayout) {
        let versions = self.of_file.entry(Arc::clone(&layout.name)).or_default();
        versions.retain(|known| known.version != layout.version);
        versions.push(Arc::new(layout));
    }

    /// The layout of `class` at `version`, or with `checksum` where the version is 0 because the
    /// class has no version of its own.
    pub fn get(
        &self,
        class: &str,
        version: u16,
        checksum: Option<u32>,
    ) -> Option<&Arc<ClassLayout>> {
        self.versions(class).find(|layout| match checksum {
            Some(checksum) => layout.checksum == checksum,
            None => layout.version == i32::from(version),
        })
    }

    /// The newest layout of `class`: the one to write with.
    pub fn newest(&self, class: &str) -> Option<&Arc<ClassLayout>> {
        self.versions(class).max_by_key(|layout| layout.version)
    }

    /// The layout with which a file's own objects of `class` were written, as far as no version
    /// tells: its newest in the file, or the newest built in where the file has none.
    pub fn written(&self, class: &str) -> Option<&Arc<ClassLayout>> {
        let of_file = self.of_file.get(class).into_iter().flatten();
        of_file
            .max_by_key(|layout| layout.version)
            .or_else(|| self.newest(class))
    }

    /// All layouts, in the order of class name and version.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<ClassLayout>> {
        let mut classes: BTreeSet<&str> = builtin::classes().collect();
        classes.extend(self.of_file.keys().map(|class| &**class));
        let mut all: Vec<_> = classes
            .into_iter()
            .flat_map(|class| self.versions(class))
            .collect();
        all.sort_by(|a, b| (&a.name, a.version).cmp(&(&b.name, b.version)));
        all.into_iter()
    }

    /// The versions of a class: the file's, and those built in that the file does not describe.
    fn versions(&self, class: &str) -> impl Iterator<Item = &Arc<ClassLayout>> {
        let of_file = self.of_file.get(class).map_or(&[][..], Vec::as_slice);
        let is_new = |layout: &&Arc<ClassLayout>| {
            let mut known = of_file.iter();
            known.all(|known| known.version != layout.version)
        };
        let others = builtin::versions(class).iter().filter(is_new);
        of_file.iter().chain(others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_says_of_a_class_goes_before_what_is_built_in() {
        let mut layouts = Layouts::builtin();
        let newest = layouts.newest("TBranch").unwrap().version;
        let count = layouts.iter().count();
        let described = |version| ClassLayout {
            name: "TBranch".into(),
            version,
            checksum: 7,
            elements: Vec::new(),
        };
        layouts.insert(described(1));
        assert_eq!(layouts.written("TBranch").unwrap().version, 1);
        let mut layouts = Layouts::builtin();
        layouts.insert(described(newest));
        assert_eq!(layouts.newest("TBranch").unwrap().checksum, 7);
        assert_eq!(layouts.iter().count(), count);
        layouts.insert(described(1));
        assert_eq!(layouts.newest("TBranch").unwrap().version, newest);
        assert_eq!(layouts.written("TLeaf"), layouts.newest("TLeaf"));
        assert_eq!(layouts.get("TBranch", 1, None).unwrap().checksum, 7);
        assert_eq!(layouts.iter().count(), count + 1);
        assert!(layouts.get("TBranch", 2, None).is_none());
    }
}
