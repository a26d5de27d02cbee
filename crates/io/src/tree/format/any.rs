//! Objects whose class entries alone name: those of a `TClonesArray`, a `TObjArray`, a `TList`.
//!
//! No description tells it. So the first baskets are decoded once to meet it, and the format is
//! made anew with the class in its place.

use std::sync::{Arc, OnceLock};

use super::{Class, Classes, Format, MAX_LEAVES, Member, cpp_type};
use crate::error::Error;

/// The class of objects that entries alone name: none yet, or the first that was met.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Any {
    met: OnceLock<Arc<str>>,
}

/// Name and format of a class that was met.
type Met<'a> = dyn Fn(&Any) -> Option<(Arc<str>, Format)> + 'a;

impl Any {
    /// Takes note of an object's class.
    pub(in super::super) fn meet(&self, class: &[u8]) {
        let class = String::from_utf8_lossy(class);
        if !class.is_empty() {
            self.met.get_or_init(|| class.as_ref().into());
        }
    }

    /// That objects are there of a class that this format does not hold.
    pub(in super::super) fn unmet(&self, class: &[u8]) -> Error {
        self.meet(class);
        Error::unsupported(format!(
            "objects of class {}, which the first baskets do not hold",
            String::from_utf8_lossy(class)
        ))
    }
}

impl Format {
    /// Whether it holds objects of a class that entries alone name.
    pub(in super::super) fn has_any(&self) -> bool {
        match self {
            Self::Any(_) => true,
            Self::Record(members) => members
                .iter()
                .any(|member| member.leaves > 0 && member.format.has_any()),
            Self::Object(class) => class.members.has_any(),
            other => other.item().is_some_and(Self::has_any),
        }
    }

    /// The same, which shares with no other the classes that it meets.
    pub(in super::super) fn with_own_any(&self) -> Option<Self> {
        self.with_any(&|_| None)
    }

    /// The same with the classes that were met; none where nothing was, or it cannot be made.
    pub(in super::super) fn with_met(&self, classes: &Classes<'_>) -> Option<Self> {
        let format = self.with_any(&|any| {
            let name = any.met.get()?;
            let format = cpp_type::parse(name, classes, 0)
                .or_else(|error| cpp_type::unknown(name, error))
                .ok()?;
            Some((Arc::clone(name), format.with_own_any()?))
        })?;
        (format != *self && format.count_leaves() <= MAX_LEAVES).then_some(format)
    }

    /// The same with what `met` says in place of each [`Format::Any`], or one of its own.
    fn with_any(&self, met: &Met<'_>) -> Option<Self> {
        if !self.has_any() {
            return Some(self.clone());
        }
        let boxed = |item: &Self| item.with_any(met).map(Box::new);
        Some(match self {
            Self::Any(any) => met(any).map_or_else(Self::own_any, |(_, format)| format),
            Self::Pointer(class, item) => match &**item {
                Self::Any(any) => {
                    let (class, item) =
                        met(any).unwrap_or_else(|| (Arc::clone(class), Self::own_any()));
                    Self::Pointer(class, Box::new(item))
                }
                item => Self::Pointer(Arc::clone(class), boxed(item)?),
            },
            Self::Record(members) => Self::Record(members_with_any(members, met)?),
            Self::Object(class) => Self::Object(Arc::new(Class {
                members: class.members.with_any(met)?,
                ..Class::clone(class)
            })),
            Self::Array(length, item) => Self::Array(*length, boxed(item)?),
            Self::List(item) => Self::List(boxed(item)?),
            Self::Rest(lead, item) => Self::Rest(*lead, boxed(item)?),
            Self::Counted(counter, item) => Self::Counted(*counter, boxed(item)?),
            Self::Virtual(class, item) => Self::Virtual(Arc::clone(class), boxed(item)?),
            Self::Clones(item) => Self::Clones(boxed(item)?),
            Self::Objects(kind, item) => Self::Objects(*kind, boxed(item)?),
            Self::Container(item) => Self::Container(boxed(item)?),
            other => other.clone(),
        })
    }

    fn own_any() -> Self {
        Self::Any(Arc::default())
    }
}

/// The members, of which counters may have come to stand in other columns.
fn members_with_any(members: &[Member], met: &Met<'_>) -> Option<Vec<Member>> {
    let mut made: Vec<Member> = Vec::with_capacity(members.len());
    for member in members {
        let mut format = member.format.with_any(met)?;
        if let Format::Counted(counter, ..) = &mut format {
            counter.column = moved(counter.column, members, &made)?;
        }
        let leaves = format.count_leaves();
        made.push(Member {
            name: Arc::clone(&member.name),
            shared_header: member.shared_header,
            leaves,
            format,
        });
    }
    Some(made)
}

/// The column that was `column` of `before`, among the members made of those.
fn moved(column: usize, before: &[Member], made: &[Member]) -> Option<usize> {
    let (mut start, mut new_start) = (0, 0);
    for (old, new) in before.iter().zip(made) {
        if column < start + old.leaves {
            return (old.leaves == new.leaves).then_some(new_start + (column - start));
        }
        start += old.leaves;
        new_start += new.leaves;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::super::number::Number;
    use super::super::{CountRule, Counter};
    use super::*;
    use crate::column::ScalarType;
    use crate::object::Layouts;

    fn number() -> Format {
        Format::Number(Number::Plain(ScalarType::I8))
    }

    /// `TObject`s in a collection, a count, and what it counts.
    fn event() -> Format {
        let counter = Counter {
            column: 1,
            rule: CountRule::Flagged,
        };
        Format::record(vec![
            ("many".into(), Format::List(Box::new(Format::own_any()))),
            ("n".into(), number()),
            ("x".into(), Format::Counted(counter, Box::new(number()))),
        ])
    }

    #[test]
    fn a_class_that_was_met_stands_in_its_place() {
        let layouts = Layouts::builtin();
        let classes = Classes::new(&layouts);
        let format = event();
        assert!(format.has_any());
        assert_eq!(format.with_met(&classes), None, "nothing was met");
        let (Format::Record(members), own) = (&format, format.with_own_any().unwrap()) else {
            panic!("a record")
        };
        let Format::List(any) = &members[0].format else {
            panic!("a list")
        };
        let Format::Any(any) = &**any else {
            panic!("any")
        };
        any.meet(b"TNamed");
        any.meet(b"TObject");
        let met = format.with_met(&classes).unwrap();
        let paths: Vec<_> = met.leaves().into_iter().map(|leaf| leaf.path).collect();
        let named = ["fUniqueID", "fBits", "fName", "fTitle"].map(|name| format!("many.{name}"));
        assert_eq!(paths[..4], named);
        // Its counter has moved.
        let Format::Record(members) = met else {
            panic!("a record")
        };
        let Format::Counted(counter, _) = members[2].format else {
            panic!("a counted array")
        };
        assert_eq!(counter.column, 4);
        assert_eq!(own.with_met(&classes), None, "what is its own met nothing");
    }

    #[test]
    fn classes_without_members_may_hold_each_other() {
        let class = |members| {
            Format::Object(Arc::new(Class {
                name: "Empty".into(),
                version: 1,
                checksum: 0,
                members: Format::record(members),
            }))
        };
        let twice =
            |format: Format| class(vec![("a".into(), format.clone()), ("b".into(), format)]);
        let format = (0..64).fold(class(Vec::new()), |format, _| twice(format));
        let format = class(vec![("x".into(), number()), ("y".into(), format)]);
        assert_eq!(format.leaves().len(), 1);
        assert!(!format.has_any());
    }
}
