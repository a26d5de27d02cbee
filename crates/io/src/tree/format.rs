//! How the bytes of a branch's entries are laid out: what a decoder follows.
//!
//! A format is a tree. Its ends are numbers and texts; each becomes a column of its own, under
//! the lists and arrays on the way to it. An object or a map thus makes several columns, as ROOT
//! would split it.

mod any;
mod blank;
mod classes;
mod counter;
mod cpp_type;
mod display;
mod element;
mod ends;
mod leaf;
mod number_code;

use std::sync::Arc;

use super::column_kind::ColumnKind;
use super::number::Number;
use crate::error::{Error, Result};
use crate::object::{Graph, ListKind, Object};

pub use any::Any;
pub(super) use classes::Classes;
pub use counter::{CountRule, Counter};
pub use ends::{Leaf, LevelShape};

/// How deep formats may stand in formats.
const MAX_DEPTH: usize = 32;
/// How many columns the entries of one branch may make.
const MAX_LEAVES: usize = 4096;

/// How the bytes of an entry, or of a part of one, are laid out.
#[derive(Clone, Debug, PartialEq)]
pub enum Format {
    /// One number.
    Number(Number),
    /// `TObject::fBits`: a `u32`; where its bit 4 is set, a `u16` follows that is no value.
    Bits,
    /// A text: one length byte, or 255 and a 32-bit length; then the bytes.
    Text,
    /// All of an entry (`TLeafC`): a [`Format::Text`], or no byte at all where it is empty.
    EntryText,
    /// A text behind a 32-bit length (`char*`).
    LongText,
    /// So many items, always; more than none.
    Array(usize, Box<Format>),
    /// A count (`u32`) and so many items.
    List(Box<Format>),
    /// As many items as the bytes of the entry hold: only around all of an entry.
    Rest(Lead, Box<Format>),
    /// Members, one after the other.
    Record(Vec<Member>),
    /// A byte count and a version, then a standard container or string.
    Container(Box<Format>),
    /// A byte count and a version, then the members of a class.
    Object(Arc<Class>),
    /// The name of a class (`TLeafObject`), then the object; other classes are refused.
    Virtual(Arc<str>, Box<Format>),
    /// A `TClonesArray`: a list of objects of one class, member by member or one by one.
    Clones(Box<Format>),
    /// A `TObjArray` or `TList`: a list of pointers.
    Objects(ListKind, Box<Format>),
    /// An object of a class that entries alone name.
    Any(Arc<Any>),
    /// A `TObject`: version, `fUniqueID`, `fBits`.
    RootObject,
    /// A `TRef`: a `TObject` whose `fUniqueID` is that of the object it refers to.
    Reference,
    /// A `TRefArray`: name, number and the `fUniqueID` of each object it refers to.
    References,
    /// In a [`Format::Record`]: as many items as an earlier member says.
    Counted(Counter, Box<Format>),
    /// A pointer to an object (`TBufferFile::WriteObjectAny`): a list of none or one. First the
    /// class to which it may point.
    Pointer(Arc<str>, Box<Format>),
    /// All of an entry, of a member of a split collection: for each item any number of numbers, as
    /// [`Branch::counter`](super::Branch::counter) says.
    Collected(Number),
    /// Items of which this reader can only read lists of none.
    Unknown(Arc<Unknown>),
}

/// A type that cannot be decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// Its C++ name.
    pub name: Arc<str>,
    /// Why it cannot.
    pub reason: String,
}

impl Unknown {
    /// That there is one.
    pub(super) fn error(&self) -> Error {
        Error::unsupported(format!("type {:?}: {}", self.name, self.reason))
    }
}

/// What stands before the items of [`Format::Rest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// Nothing.
    None,
    /// A byte that says whether there are any.
    Flag,
    /// One byte count and version for all items, which are containers or objects.
    Header,
}

/// A member of a [`Format::Record`].
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its name.
    pub name: Arc<str>,
    /// Its bytes.
    pub format: Format,
    /// Whether one header stands before those of all pairs of a map, where the pairs stand member
    /// by member; where each pair stands by itself, none does.
    pub(super) shared_header: bool,
    /// The number of columns it makes.
    pub(super) leaves: usize,
}

/// A class that is streamed member by member.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Its name.
    pub name: Arc<str>,
    /// The version whose members these are.
    pub version: i32,
    /// The checksum that stands for the version where the class has none.
    pub checksum: u32,
    /// Its bases and members: a [`Format::Record`].
    pub members: Format,
}

impl Member {
    fn new(name: Arc<str>, format: Format) -> Self {
        Self {
            name,
            shared_header: false,
            leaves: format.count_leaves(),
            format,
        }
    }

    /// The number of columns it makes.
    pub fn columns(&self) -> usize {
        self.leaves
    }
}

impl Format {
    /// The format of the entries of `branch`, the C++ type of an entry, and the leaf that counts
    /// its items where another branch does.
    pub(super) fn of_branch(
        graph: &Graph,
        branch: &Object,
        classes: &Classes<'_>,
    ) -> Result<(String, Self)> {
        let (type_name, format) =
            if &*branch.class != "TBranchObject" && branch.find("fClassName").is_some() {
                element::of_branch(graph, branch, classes)?
            } else if &*branch.class == "TBranchObject" {
                let class = branch.text("fClassName")?;
                let object = Box::new(cpp_type::parse(&class, classes, 0)?);
                let format = Self::Virtual(class.as_str().into(), object);
                (class, format)
            } else if &*branch.class == "TBranch" {
                let format = leaf::of_branch(graph, branch)?;
                (format.to_string(), format)
            } else {
                return Err(Error::unsupported(format!("branch class {}", branch.class)));
            };
        match format.count_leaves() {
            0 => Err(Error::unsupported(format!(
                "type {type_name}, which has no members"
            ))),
            1..=MAX_LEAVES => Ok((type_name, format)),
            leaves => Err(Error::unsupported(format!(
                "type {type_name} of {leaves} members"
            ))),
        }
    }

    /// The flat kind of column it makes, if it is one.
    pub fn kind(&self) -> Option<ColumnKind> {
        match self {
            Self::Number(Number::Plain(scalar)) => Some(ColumnKind::Fixed(*scalar)),
            Self::Container(list) => match &**list {
                Self::List(item) => match **item {
                    Self::Number(Number::Plain(scalar)) => Some(ColumnKind::Vector(scalar)),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether objects of classes are in it.
    pub fn has_objects(&self) -> bool {
        match self {
            Self::Object(_)
            | Self::Virtual(..)
            | Self::Clones(_)
            | Self::Objects(..)
            | Self::Any(_)
            | Self::RootObject
            | Self::Reference
            | Self::References => true,
            Self::Record(members) => members.iter().any(|member| member.format.has_objects()),
            other => other.item().is_some_and(Self::has_objects),
        }
    }

    /// What one of its items is, or what stands within it.
    fn item(&self) -> Option<&Self> {
        match self {
            Self::Array(_, item)
            | Self::List(item)
            | Self::Rest(_, item)
            | Self::Counted(_, item)
            | Self::Pointer(_, item)
            | Self::Virtual(_, item)
            | Self::Clones(item)
            | Self::Objects(_, item)
            | Self::Container(item) => Some(item),
            _ => None,
        }
    }

    pub(super) fn count_leaves(&self) -> usize {
        match self {
            Self::RootObject => 2,
            Self::References => 3,
            Self::Object(class) => class.members.count_leaves(),
            Self::Record(members) => members.iter().map(|member| member.leaves).sum(),
            other => other.item().map_or(1, Self::count_leaves),
        }
    }

    /// The bytes it takes at the least; more than none.
    pub(super) fn least_width(&self) -> usize {
        let width = match self {
            Self::Number(number) => number.width(),
            Self::Bits | Self::LongText | Self::List(_) | Self::Pointer(..) => 4,
            Self::Text
            | Self::EntryText
            | Self::Rest(..)
            | Self::Collected(_)
            | Self::Any(_)
            | Self::Unknown(_) => 1,
            Self::Array(length, item) => length.saturating_mul(item.least_width()),
            Self::Record(members) => members
                .iter()
                .map(|member| member.format.least_width())
                .fold(0, usize::saturating_add),
            Self::Counted(counter, _) => counter.least_width(),
            Self::Container(_) | Self::Object(_) => 2,
            Self::Virtual(..) => 4,
            Self::Clones(_) | Self::Objects(..) => 6,
            Self::RootObject => 10,
            Self::Reference => 12,
            Self::References => 27,
        };
        width.max(1)
    }

    /// The number and how many of them it always is, where it is nothing else.
    pub(super) fn numbers(&self) -> Option<(Number, usize)> {
        match self {
            Self::Number(number) => Some((*number, 1)),
            Self::Array(length, item) => item
                .numbers()
                .and_then(|(number, count)| Some((number, count.checked_mul(*length)?))),
            _ => None,
        }
    }

    /// A record of named members.
    pub(super) fn record(members: Vec<(Arc<str>, Self)>) -> Self {
        Self::Record(
            members
                .into_iter()
                .map(|(name, format)| Member::new(name, format))
                .collect(),
        )
    }

    /// Arrays in arrays, the outermost dimension first.
    fn array(dimensions: &[usize], item: Self) -> Self {
        dimensions.iter().rev().fold(item, |item, &length| {
            if length == 1 && dimensions.len() == 1 {
                item
            } else {
                Self::Array(length, Box::new(item))
            }
        })
    }
}
