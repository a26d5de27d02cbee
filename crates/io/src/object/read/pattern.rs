//! Holding a record against another one as its pattern.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

use super::Reader;
use super::aligned::Aligned;
use super::mark::{Mark, MemberKind};
use super::step::{Step, What};
use super::values::{Found, MemberValues, integer_at};
use crate::column::ScalarType;
use crate::cursor::BYTE_COUNT_MASK;
use crate::object::layouts::Layouts;
use crate::object::value::{Body, ListKind, ObjectId};
use crate::object::{CLASS_MASK, MAP_OFFSET, ROOT_TAG};

/// The pattern of records.
#[derive(Clone, Debug)]
pub(crate) struct RecordShape {
    content: Bytes,
    key_length: usize,
    steps: Vec<Step>,
    /// What records have in common in which everything stands where it stands in the pattern.
    aligned: Aligned,
    /// The members that may differ, and the objects that have them.
    pub members: Vec<(ObjectId, Arc<str>)>,
}

impl RecordShape {
    pub(super) fn new(content: Bytes, key_length: usize, marks: &[Mark]) -> Option<Self> {
        let mut shape = Self {
            content,
            key_length,
            steps: Vec::with_capacity(marks.len()),
            aligned: Aligned::default(),
            members: Vec::new(),
        };
        for mark in marks {
            let (start, end, what) = match mark {
                // Null and the record itself are the same everywhere.
                Mark::Reference {
                    tag: 0 | ROOT_TAG, ..
                } => continue,
                Mark::Count { at, end } => (*at, at + 4, What::Count(*end)),
                Mark::Reference { at, tag } => (*at, at + 4, shape.reference(*tag)?),
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
        shape.aligned = Aligned::new(&shape.steps, shape.content.len());
        Some(shape)
    }

    fn reference(&self, tag: u32) -> Option<What> {
        let position = (tag & !CLASS_MASK).checked_sub(MAP_OFFSET)?;
        let target = usize::try_from(position)
            .ok()?
            .checked_sub(self.key_length)?;
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
            MemberKind::List { is_empty } => What::List {
                is_empty: *is_empty,
            },
            MemberKind::Array(scalar @ (ScalarType::I32 | ScalarType::I64), counter) => {
                let is_counter =
                    |(of, name): &(ObjectId, Arc<str>)| *of == owner && name == counter;
                What::Array(*scalar, self.members.iter().rposition(is_counter)?)
            }
            MemberKind::Array(..) => return None,
        })
    }

    /// The values of [`RecordShape::members`] in another record; none where it differs in anything
    /// else, or is damaged.
    pub fn values<'a>(
        &'a self,
        content: &'a Bytes,
        key_length: usize,
        layouts: &'a Layouts,
    ) -> Option<MemberValues<'a>> {
        let reader = || Reader::new(content, key_length, layouts);
        // References count from the start of the key.
        if key_length == self.key_length
            && let Some(values) = self.aligned.values(&self.content, reader())
        {
            return Some(values);
        }
        let mut replay = Replay {
            pattern: &self.content,
            reader: reader(),
            position: 0,
            ends: Vec::new(),
            passed: Vec::with_capacity(self.steps.len()),
            found: Vec::with_capacity(self.members.len()),
            lists: Vec::new(),
            items: Vec::new(),
        };
        for step in &self.steps {
            replay.same(step.start)?;
            replay.take(step)?;
        }
        replay.same(self.content.len())?;
        let is_all = replay.reader.cursor.left() == 0;
        is_all.then_some(MemberValues {
            content,
            found: Cow::Owned(replay.found),
            lists: replay.lists,
            items: replay.items,
            graph: replay.reader.graph,
        })
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
    found: Vec<Found>,
    lists: Vec<Range<usize>>,
    items: Vec<Option<ObjectId>>,
}

impl Replay<'_> {
    /// Takes a step, and takes note of it.
    fn take(&mut self, step: &Step) -> Option<()> {
        self.step(step)?;
        self.position = step.end;
        let reached = self.reader.cursor.position();
        self.passed.push((step.end, reached));
        Some(())
    }

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

    fn step(&mut self, step: &Step) -> Option<()> {
        let cursor = &mut self.reader.cursor;
        let start = cursor.position();
        match &step.what {
            What::Count(end) => {
                let count = cursor.u32().ok()?;
                let length = usize::try_from(count & !BYTE_COUNT_MASK).ok()?;
                let here = cursor.position().checked_add(length)?;
                self.ends.push((*end, here));
                return (count & BYTE_COUNT_MASK != 0).then_some(());
            }
            What::Reference {
                target,
                steps,
                mask,
            } => {
                let found = cursor.u32().ok()?;
                let before = steps.checked_sub(1).and_then(|last| self.passed.get(last));
                let (old, new) = before.copied().unwrap_or_default();
                let target = new.checked_add(target.checked_sub(old)?)?;
                let tag = self.reader.tag_of(target).ok()? | mask;
                return (found == tag).then_some(());
            }
            What::Number(scalar) => {
                cursor.take(scalar.width(), "a number").ok()?;
                self.found.push(Found::Number(start, *scalar));
            }
            What::Array(scalar, counter) => {
                let is_there = cursor.u8().ok()? != 0;
                let Found::Number(at, counts) = self.found.get(*counter)? else {
                    return None;
                };
                let count = integer_at(self.reader.content, *at, *counts)?;
                let count = usize::try_from(count).ok().filter(|_| is_there);
                let length = count.unwrap_or(0).saturating_mul(scalar.width());
                cursor.take(length, "an array").ok()?;
                self.found
                    .push(Found::Array(start + 1..cursor.position(), *scalar));
            }
            What::List { is_empty } => {
                let pattern = self.pattern.get(step.start..step.end)?;
                // One without items refers to nothing.
                if *is_empty && self.reader.content.get(start..)?.starts_with(pattern) {
                    cursor.take(pattern.len(), "a list").ok()?;
                    self.found.push(Found::NoItems);
                } else {
                    self.found.push(Found::Items(self.lists.len()));
                    let range = self.reader.list_items(&mut self.items)?;
                    self.lists.push(range);
                }
            }
        }
        Some(())
    }
}

impl Reader<'_> {
    /// Reads a list and adds what it holds to `items`; gives where it stands there.
    pub(super) fn list_items(&mut self, items: &mut Vec<Option<ObjectId>>) -> Option<Range<usize>> {
        let Body::List(list) = self.list(ListKind::Array).ok()? else {
            return None;
        };
        let start = items.len();
        items.extend(list.items);
        Some(start..items.len())
    }
}
