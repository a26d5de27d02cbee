//! Holding a record against another one as its pattern.

use std::sync::Arc;

use bytes::Bytes;

use super::Reader;
use super::mark::{Mark, MemberKind};
use super::values::MemberValues;
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

impl What {
    /// Whether it is a member that may differ.
    fn is_member(&self) -> bool {
        !matches!(self, Self::Count(_) | Self::Reference { .. })
    }
}

impl RecordShape {
    pub(super) fn new(content: Bytes, key_length: usize, marks: &[Mark]) -> Option<Self> {
        let mut shape = Self {
            content,
            key_length,
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
        let as_long = if key_length == self.key_length {
            replay.as_long(&self.steps)?
        } else {
            0
        };
        for step in self.steps.iter().skip(as_long) {
            replay.same(step.start)?;
            replay.take(step)?;
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
    /// Takes the first of `steps`, as long as everything stands where it stands in the pattern:
    /// there, byte counts and references are the same bytes and need no look. Gives how many.
    fn as_long(&mut self, steps: &[Step]) -> Option<usize> {
        let mut taken = 0;
        let members = steps.iter().enumerate();
        for (number, step) in members.filter(|(_, step)| step.what.is_member()) {
            let here = self.reader.cursor.position();
            let wanted = self.pattern.get(self.position..step.start);
            if here != self.position || wanted != self.reader.content.get(here..step.start) {
                break;
            }
            self.reader.cursor.seek(step.start).ok()?;
            self.take(step)?;
            taken = number + 1;
        }
        // What the steps that were passed over would have taken note of.
        let passed = steps.get(..taken).unwrap_or_default();
        self.passed.clear();
        self.passed
            .extend(passed.iter().map(|step| (step.end, step.end)));
        if let Some(last) = self.passed.last_mut() {
            last.1 = self.reader.cursor.position();
        }
        let open = passed.iter().filter_map(|step| match step.what {
            What::Count(end) if end >= self.position => Some((end, end)),
            _ => None,
        });
        self.ends = open.collect();
        Some(taken)
    }

    /// Takes a step, and takes note of it.
    fn take(&mut self, step: &Step) -> Option<()> {
        self.step(&step.what)?;
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
