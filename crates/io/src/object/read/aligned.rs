//! Records in which everything stands where it stands in their pattern: there, byte counts,
//! references and the numbers that count arrays are equal bytes, as all is that may not differ.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use super::Reader;
use super::step::{Step, What};
use super::values::{Found, MemberValues};

/// What such records have in common.
#[derive(Clone, Debug, Default)]
pub(super) struct Aligned {
    /// What is equal, from one thing that may differ to the next.
    equal: Vec<Range<usize>>,
    /// The lists that hold something.
    lists: Vec<Range<usize>>,
    /// The members that may differ.
    found: Vec<Found>,
}

impl Aligned {
    /// Of a pattern of `length` bytes.
    pub fn new(steps: &[Step], length: usize) -> Self {
        let counters = steps.iter().filter_map(|step| match step.what {
            What::Array(_, counter) => Some(counter),
            _ => None,
        });
        let counters: HashSet<usize> = counters.collect();
        let mut aligned = Self::default();
        let mut done = 0;
        let mut differs = |aligned: &mut Self, start: usize, end: usize| {
            if start > done {
                aligned.equal.push(done..start);
            }
            done = end;
        };
        for Step { start, end, what } in steps {
            let found = match what {
                What::Count(_) | What::Reference { .. } => continue,
                What::Number(scalar) => {
                    if !counters.contains(&aligned.found.len()) {
                        differs(&mut aligned, *start, *end);
                    }
                    Found::Number(*start, *scalar)
                }
                What::Array(scalar, _) => {
                    // Whether it is there at all says its first byte.
                    differs(&mut aligned, start + 1, *end);
                    Found::Array(start + 1..*end, *scalar)
                }
                What::List { is_empty: true } => Found::NoItems,
                What::List { is_empty: false } => {
                    differs(&mut aligned, *start, *end);
                    aligned.lists.push(*start..*end);
                    Found::Items(aligned.lists.len() - 1)
                }
            };
            aligned.found.push(found);
        }
        differs(&mut aligned, length, length);
        aligned
    }

    /// The members of the record that `reader` is to read; none where something stands elsewhere
    /// than in `pattern`, or differs that may not.
    pub fn values<'a>(
        &'a self,
        pattern: &[u8],
        mut reader: Reader<'a>,
    ) -> Option<MemberValues<'a>> {
        let content = reader.content;
        let is_equal = |range: &Range<usize>| {
            let both = (pattern.get(range.clone()), content.get(range.clone()));
            both.0.is_some() && both.0 == both.1
        };
        if content.len() != pattern.len() || !self.equal.iter().all(is_equal) {
            return None;
        }
        let mut lists = Vec::with_capacity(self.lists.len());
        let mut items = Vec::new();
        for range in &self.lists {
            reader.cursor.seek(range.start).ok()?;
            lists.push(reader.list_items(&mut items)?);
            if reader.cursor.position() != range.end {
                return None;
            }
        }
        Some(MemberValues {
            content,
            found: Cow::Borrowed(&self.found),
            lists,
            items,
            graph: reader.graph,
        })
    }
}
