//! What the record of a histogram is but for its numbers. What holds:
//!
//! - The record is, byte for byte, what writing the object that was read from it gives. So the
//!   places that the writer tells are those of its members.
//! - Only histograms for which [`histogram::add`] adds each number to its own are taken: all fills
//!   binned, no ranges on axes, no averages. Labels may be there; equal bytes are equal labels.
//! - Two records of one frame differ in these numbers, and in name and title. Both are of one length,
//!   so that all stands where it stands in the other: what was found out by reading one into an object
//!   holds for the other, which need not be read. Files hold a histogram under many names, one for
//!   each channel and each systematic variation.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use rootlake_io::column::ScalarType;
use rootlake_io::file::Key;
use rootlake_io::object::{ClassLayout, Graph, Object, Value, write_graph_placed};

use super::total::{Record, SameLayouts};
use super::{add, bins, histogram, statistics};
use crate::survey::objects::InputLayouts;

/// The frame of a histogram that adds by its numbers alone, if its record is what writing the object
/// gives.
#[derive(Debug, PartialEq)]
pub(super) struct Frame {
    class: String,
    /// References within a record count from the start of its key (bytes).
    key_length: u16,
    /// The layouts of the classes in the record.
    pub layouts: Vec<Arc<ClassLayout>>,
    /// The record's length in bytes.
    length: usize,
    /// Where the numbers that add stand, from the first to the last.
    pub fields: Vec<Field>,
    /// What stands between them.
    between: Vec<Range<usize>>,
    /// The same but for name and title, and what stands there, one behind the other.
    fixed: Vec<Range<usize>>,
    bytes: Vec<u8>,
    /// Where stands what tells whether the sums over fills hold.
    pub weights: Range<usize>,
    pub entries: Range<usize>,
    pub is_profile: bool,
}

/// Numbers that add, of one type.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    pub place: Range<usize>,
    pub scalar: ScalarType,
}

impl Frame {
    /// That of `content`, behind `key`, which reads as `graph`; none where others cannot be added to
    /// it by numbers alone.
    pub fn of(graph: &Graph, key: &Key<impl AsRef<[u8]>>, content: &[u8]) -> Option<Self> {
        let object = graph.root().ok()?;
        if !add::is_plain_histogram(object) || !histogram::adds_by_number(graph) {
            return None;
        }
        let (record, places) = write_graph_placed(graph, key.key_length.into()).ok()?;
        if record != content {
            return None;
        }
        let place = |name: &str| {
            let found = places.iter().find(|(member, _)| **member == *name);
            found.map(|(_, place)| place.clone())
        };
        let fields = places
            .iter()
            .filter_map(|(name, place)| Field::of(object, name, place));
        let mut fields: Vec<Field> = fields.collect();
        fields.dedup_by(|next, field| field.joins(next));
        let numbers = fields.iter().map(|field| field.place.clone());
        let texts = ["fName", "fTitle"].into_iter().filter_map(|name| {
            let Value::Text(text) = object.find(name)? else {
                return None;
            };
            let place = place(name)?;
            Some(place.end.checked_sub(text.len())?..place.end)
        });
        let fixed = between(numbers.clone().chain(texts).collect(), record.len());
        let bytes = fixed.iter().filter_map(|place| record.get(place.clone()));
        Some(Self {
            class: object.class.to_string(),
            key_length: key.key_length,
            layouts: graph.layouts(),
            length: record.len(),
            bytes: bytes.flatten().copied().collect(),
            fixed,
            between: between(numbers.collect(), record.len()),
            fields,
            weights: place("fTsumw")?,
            entries: place("fEntries")?,
            is_profile: place("fBinEntries").is_some(),
        })
    }

    /// Whether this is the frame of `content`, behind `key`.
    pub fn is_of(&self, key: &Key<impl AsRef<[u8]>>, content: &[u8]) -> bool {
        let mut left = self.bytes.as_slice();
        self.fits(key, content)
            && self.fixed.iter().all(|place| {
                let split = left.split_at_checked(place.len());
                split.is_some_and(|(own, behind)| {
                    left = behind;
                    content.get(place.clone()) == Some(own)
                })
            })
    }

    /// Whether `content`, behind `key`, differs from `record`, which has this frame, in the numbers
    /// alone.
    pub fn is_shared(&self, record: &[u8], key: &Key<impl AsRef<[u8]>>, content: &[u8]) -> bool {
        let mut between = self.between.iter();
        self.fits(key, content)
            && between.all(|place| content.get(place.clone()) == record.get(place.clone()))
    }

    /// Whether a record is of the class and length.
    fn fits(&self, key: &Key<impl AsRef<[u8]>>, content: &[u8]) -> bool {
        key.key_length == self.key_length
            && content.len() == self.length
            && key.class.as_ref() == self.class.as_bytes()
    }
}

/// What of the bytes up to `end` lies between `places`.
fn between(mut places: Vec<Range<usize>>, end: usize) -> Vec<Range<usize>> {
    places.sort_by_key(|place| place.start);
    let ends = places.iter().map(|place| place.start).chain([end]);
    let starts = std::iter::once(0).chain(places.iter().map(|place| place.end));
    let between = starts.zip(ends).map(|(start, end)| start..end);
    between.filter(|between| !between.is_empty()).collect()
}

impl Field {
    /// The numbers that add which the member `name` of a histogram is, at `place`.
    fn of(histogram: &Object, name: &str, place: &Range<usize>) -> Option<Self> {
        if statistics::is_sum(name) {
            let is_double = matches!(histogram.find(name)?, Value::Float(_)) && place.len() == 8;
            return is_double.then(|| Self {
                place: place.clone(),
                scalar: ScalarType::F64,
            });
        }
        if !bins::is_per_bin(name) {
            return None;
        }
        let values = histogram.array(name).ok()?;
        let scalar = values.scalar_type();
        // The values stand behind their number.
        let length = values.len().checked_mul(scalar.width())?;
        let start = place.end.checked_sub(length)?;
        (start >= place.start && length > 0).then_some(Self {
            place: start..place.end,
            scalar,
        })
    }

    /// Takes `next` into itself, if it is of the same type and stands behind it.
    fn joins(&mut self, next: &Self) -> bool {
        let joins = self.place.end == next.place.start && self.scalar == next.scalar;
        if joins {
            self.place.end = next.place.end;
        }
        joins
    }
}

/// The frames met so far: the last one of records of a length behind keys of a length, and by which
/// layouts it was read.
#[derive(Debug, Default)]
pub(super) struct Frames(HashMap<(usize, u16), (Arc<Frame>, Arc<InputLayouts>)>);

impl Frames {
    /// That of `record`, if it was met.
    pub fn find(&self, record: &Record<'_>, same: &mut SameLayouts) -> Option<Arc<Frame>> {
        let key = (record.content.len(), record.key.key_length);
        let (frame, layouts) = self.0.get(&key)?;
        // Whose references count from another number must be looked through for some.
        let is_known = !record.is_shifted
            && frame.is_of(record.key, record.content)
            && same.same(layouts, &record.input.layouts);
        is_known.then(|| Arc::clone(frame))
    }

    /// Keeps that of `record`.
    pub fn keep(&mut self, record: &Record<'_>, frame: Arc<Frame>) {
        let key = (record.content.len(), record.key.key_length);
        let layouts = Arc::clone(&record.input.layouts);
        self.0.insert(key, (frame, layouts));
    }
}
