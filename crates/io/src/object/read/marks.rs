//! Records of one shape: the same but for some numbers, arrays and lists.
//!
//! The trees of a production's files differ in how many entries they have and where their baskets
//! stand, and in nothing else. A record read once in full serves as the pattern of the others:
//! what may not differ is compared byte by byte, byte counts and references are held against where
//! things stand in the other record, and only what may differ is read.

use std::sync::Arc;

use bytes::Bytes;

use super::Reader;
use super::values::MemberValues;
use crate::column::ScalarType;
use crate::cursor::BYTE_COUNT_MASK;
use crate::error::Result;
use crate::object::layout::{ClassLayout, Element, ElementExtra, Layouts, Shape};
use crate::object::value::{Body, Graph, ListKind, ObjectId};
use crate::object::{CLASS_MASK, MAP_OFFSET, ROOT_TAG};

/// Whether the member `member` of class `class` may differ in records of one shape.
pub(super) type Varies = fn(class: &str, member: &str) -> bool;

/// Something met in a record that may be another in one of the same shape.
#[derive(Clone, Debug)]
pub(super) enum Mark {
    /// A byte count at `at`; what it counts ends at `end`.
    Count { at: usize, end: usize },
    /// A reference to something before it.
    Reference { at: usize, tag: u32 },
    /// A member that may differ.
    Member {
        start: usize,
        end: usize,
        owner: ObjectId,
        name: Arc<str>,
        kind: MemberKind,
    },
}

/// How a member that may differ is read.
#[derive(Clone, Debug)]
pub(super) enum MemberKind {
    Number(ScalarType),
    /// An array, and the member that counts it.
    Array(ScalarType, Arc<str>),
    /// A `TObjArray`.
    List,
}

impl Mark {
    fn at(&self) -> usize {
        match self {
            Self::Count { at, .. } | Self::Reference { at, .. } => *at,
            Self::Member { start, .. } => *start,
        }
    }
}

/// What a record was found to hold that may differ.
#[derive(Debug)]
pub(super) struct Marks {
    varies: Varies,
    found: Vec<Mark>,
}

impl Reader<'_> {
    /// Takes note of something, where that is asked for.
    pub(super) fn mark(&mut self, mark: impl FnOnce() -> Mark) {
        if let Some(marks) = &mut self.marks {
            marks.found.push(mark());
        }
    }

    /// Takes note of the member that was read from `start` on, if it may differ.
    pub(super) fn mark_member(&mut self, layout: &ClassLayout, element: &Element, start: usize) {
        let Some(marks) = &mut self.marks else { return };
        if !(marks.varies)(&layout.name, &element.name) {
            return;
        }
        let kind = match (element.shape(), &element.extra) {
            (Shape::Scalar(scalar), _) => MemberKind::Number(scalar),
            (Shape::CountedArray(scalar), ElementExtra::Count { name, .. }) => {
                MemberKind::Array(scalar, Arc::clone(name))
            }
            (Shape::Object, _) if &*element.type_name == "TObjArray" => MemberKind::List,
            _ => return,
        };
        // What stands in a list is part of it.
        while marks.found.pop_if(|mark| mark.at() >= start).is_some() {}
        marks.found.push(Mark::Member {
            start,
            end: self.cursor.position(),
            owner: self.owner,
            name: Arc::clone(&element.name),
            kind,
        });
    }
}

/// Reads a record as [`super::read_graph`] does, and gives its shape too, where it has one that
/// others can be held against.
///
/// # Errors
/// As [`super::read_graph`].
pub(crate) fn read_with_shape(
    class: &str,
    content: &Bytes,
    key_length: usize,
    layouts: &Layouts,
    varies: Varies,
) -> Result<(Graph, Option<RecordShape>)> {
    let mut reader = Reader::new(content, key_length, layouts);
    reader.marks = Some(Marks {
        varies,
        found: Vec::new(),
    });
    reader.record(class)?;
    let marks = reader.marks.map(|marks| marks.found).unwrap_or_default();
    let shape = RecordShape::new(content.clone(), key_length, &marks);
    Ok((reader.graph, shape))
}

/// The pattern of records.
#[derive(Clone, Debug)]
pub(crate) struct RecordShape {
    content: Bytes,
    steps: Vec<Step>,
    /// The members that may differ, and the objects that have them.
    pub members: Vec<(ObjectId, Arc<str>)>,
}

/// Something that may differ: what stands between `start` and `end` of the pattern.
#[derive(Clone, Debug)]
struct Step {
    start: usize,
    end: usize,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    /// A byte count, and where what it counts ends in the pattern.
    Count(usize),
    /// A reference to what stands at `target` of the pattern, behind so many steps.
    Reference {
        target: usize,
        steps: usize,
        mask: u32,
    },
    Number(ScalarType),
    /// An array, counted by the value of this number.
    Array(ScalarType, usize),
    List,
}

impl RecordShape {
    fn new(content: Bytes, key_length: usize, marks: &[Mark]) -> Option<Self> {
        let mut shape = Self {
            content,
            steps: Vec::with_capacity(marks.len()),
            members: Vec::new(),
        };
        for mark in marks {
            let (start, end, what) = match mark {
                // Null and the record itself are the same everywhere.
                Mark::Reference {
                    tag: 0 | ROOT_TAG, ..
                } => continue,
                Mark::Count { at, end } => (*at, at + 4, What::Count(*end)),
                Mark::Reference { at, tag } => (*at, at + 4, shape.reference(*tag, key_length)?),
                Mark::Member {
                    start,
                    end,
                    owner,
                    name,
                    kind,
                } => {
                    let what = shape.member(*owner, kind)?;
                    shape.members.push((*owner, Arc::clone(name)));
                    (*start, *end, what)
                }
            };
            if shape.steps.last().is_some_and(|before| start < before.end) {
                return None;
            }
            shape.steps.push(Step { start, end, what });
        }
        Some(shape)
    }

    fn reference(&self, tag: u32, key_length: usize) -> Option<What> {
        let position = (tag & !CLASS_MASK).checked_sub(MAP_OFFSET)?;
        let target = usize::try_from(position).ok()?.checked_sub(key_length)?;
        let steps = self.steps.partition_point(|step| step.start < target);
        let before = steps.checked_sub(1).and_then(|last| self.steps.get(last));
        // What stands in a list is not there in every record.
        before
            .is_none_or(|step| step.end <= target)
            .then_some(What::Reference {
                target,
                steps,
                mask: tag & CLASS_MASK,
            })
    }

    fn member(&self, owner: ObjectId, kind: &MemberKind) -> Option<What> {
        Some(match kind {
            MemberKind::Number(scalar) => What::Number(*scalar),
            MemberKind::List => What::List,
            MemberKind::Array(scalar, counter) => {
                let is_counter =
                    |(of, name): &(ObjectId, Arc<str>)| *of == owner && name == counter;
                What::Array(*scalar, self.members.iter().rposition(is_counter)?)
            }
        })
    }

    /// The values of [`RecordShape::members`] in another record; none where it differs in anything
    /// else, or is damaged.
    pub fn values(
        &self,
        content: &Bytes,
        key_length: usize,
        layouts: &Layouts,
    ) -> Option<MemberValues> {
        let mut replay = Replay {
            pattern: &self.content,
            reader: Reader::new(content, key_length, layouts),
            position: 0,
            ends: Vec::new(),
            passed: Vec::with_capacity(self.steps.len()),
            values: MemberValues::with_capacity(self.members.len()),
        };
        for step in &self.steps {
            replay.same(step.start)?;
            replay.step(&step.what)?;
            replay.position = step.end;
            let reached = replay.reader.cursor.position();
            replay.passed.push((step.end, reached));
        }
        replay.same(self.content.len())?;
        let is_all = replay.reader.cursor.left() == 0;
        replay.values.graph = replay.reader.graph;
        is_all.then_some(replay.values)
    }
}

/// A record being held against a pattern.
struct Replay<'a> {
    pattern: &'a [u8],
    reader: Reader<'a>,
    /// How far the pattern is done.
    position: usize,
    /// Where what byte counts count ends, in the pattern and here.
    ends: Vec<(usize, usize)>,
    /// Where the steps done ended, in the pattern and here.
    passed: Vec<(usize, usize)>,
    values: MemberValues,
}

impl Replay<'_> {
    /// Compares what stands before `until` in the pattern.
    fn same(&mut self, until: usize) -> Option<()> {
        let wanted = self.pattern.get(self.position..until)?;
        let found = self.reader.cursor.take(wanted.len(), "a record").ok()?;
        let reached = self.reader.cursor.position();
        while let Some((end, here)) = self.ends.pop_if(|(end, _)| *end <= until) {
            if here.checked_add(until - end) != Some(reached) {
                return None;
            }
        }
        (found == wanted).then_some(())
    }

    fn step(&mut self, what: &What) -> Option<()> {
        let reader = &mut self.reader;
        match what {
            What::Count(end) => {
                let count = reader.cursor.u32().ok()?;
                let length = usize::try_from(count & !BYTE_COUNT_MASK).ok()?;
                let here = reader.cursor.position().checked_add(length)?;
                self.ends.push((*end, here));
                return (count & BYTE_COUNT_MASK != 0).then_some(());
            }
            What::Reference {
                target,
                steps,
                mask,
            } => {
                let before = steps.checked_sub(1).and_then(|last| self.passed.get(last));
                let (old, new) = before.copied().unwrap_or_default();
                let target = new.checked_add(target.checked_sub(old)?)?;
                let tag = reader.tag_of(target).ok()? | mask;
                return (reader.cursor.u32().ok()? == tag).then_some(());
            }
            What::Number(scalar) => {
                let value = reader.scalar(*scalar).ok()?;
                self.values.push_number(&value);
            }
            What::Array(scalar, counter) => {
                let count = self.values.int(*counter)?;
                let is_there = reader.cursor.u8().ok()? != 0;
                let count = usize::try_from(count).ok().filter(|_| is_there);
                let length = count.unwrap_or(0).saturating_mul(scalar.width());
                let bytes = reader.cursor.take(length, "an array").ok()?;
                self.values.push_integers(bytes, *scalar)?;
            }
            What::List => {
                let Body::List(list) = reader.list(ListKind::Array).ok()? else {
                    return None;
                };
                self.values.push_items(list.items);
            }
        }
        Some(())
    }
}
