//! Adding histograms within their records, without reading them into objects: what makes adding
//! many small ones fast.
//!
//! A record of a histogram is numbers that add (bins, squared errors, sums over fills) between bytes
//! that say what it is: name, axes, colours. Two records that differ in the numbers alone are added
//! by adding these where they stand. What holds:
//!
//! - The record is, byte for byte, what writing the object that was read from it gives. So the
//!   places that the writer tells are those of its members.
//! - Only histograms for which [`histogram::add`] adds each number to its own are taken: all fills
//!   binned, no ranges on axes, no averages. Labels may be there; equal bytes are equal labels.
//! - A record is added only if it is as long and has the same bytes between the numbers, so that
//!   all this holds for it too; else the sum is as it was, and the caller adds objects.
//!
//! The sum is thus the record that adding objects would write.

use std::ops::Range;
use std::sync::Arc;

use rootlake_io::column::ScalarType;
use rootlake_io::file::Key;
use rootlake_io::object::{ClassLayout, Graph, Object, Value, write_graph_placed};

use super::{add, bins, histogram, numbers, statistics};

/// A sum of histograms, as a record.
#[derive(Clone, Debug)]
pub(super) struct InPlace {
    key: Key,
    layouts: Vec<Arc<ClassLayout>>,
    record: Vec<u8>,
    /// Where the numbers that add stand, from the first to the last.
    fields: Vec<Field>,
    statistics: Statistics,
}

/// Numbers that add, of one type.
#[derive(Clone, Debug, PartialEq)]
struct Field {
    place: Range<usize>,
    scalar: ScalarType,
}

/// Where stands what tells whether the sums over fills hold, and how.
#[derive(Clone, Debug)]
struct Statistics {
    weights: Range<usize>,
    entries: Range<usize>,
    is_profile: bool,
}

impl InPlace {
    /// The sum that `content` is, behind `key`, which reads as `graph`; none where others cannot
    /// be added to it by numbers alone.
    pub fn new(graph: &Graph, key: &Key, content: &[u8]) -> Option<Self> {
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
        let statistics = Statistics {
            weights: place("fTsumw")?,
            entries: place("fEntries")?,
            is_profile: place("fBinEntries").is_some(),
        };
        Some(Self {
            key: key.clone(),
            layouts: graph.layouts(),
            record,
            fields,
            statistics,
        })
    }

    /// The key of the first histogram.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The layouts of the classes in the record.
    pub fn layouts(&self) -> impl Iterator<Item = Arc<ClassLayout>> + '_ {
        self.layouts.iter().cloned()
    }

    /// The sum's record, expanded.
    pub fn record(&self) -> &[u8] {
        &self.record
    }

    /// Adds the histogram whose record is `content`, behind `key`, if it differs in its numbers
    /// alone and its sums over fills hold. Gives whether it was added; else nothing is changed.
    pub fn add(&mut self, key: &Key<impl AsRef<[u8]>>, content: &[u8]) -> bool {
        let is_same = key.key_length == self.key.key_length
            && key.class.as_ref() == self.key.class.as_bytes();
        if !is_same || !self.frames(content) || !self.hold(content) {
            return false;
        }
        self.fields.iter().all(|field| {
            let sum = self.record.get_mut(field.place.clone());
            let more = content.get(field.place.clone());
            sum.zip(more)
                .is_some_and(|(sum, more)| numbers::add_big_endian(field.scalar, sum, more))
        })
    }

    /// Whether `content` has the same bytes as the sum between the numbers that add.
    fn frames(&self, content: &[u8]) -> bool {
        let starts = std::iter::once(0).chain(self.fields.iter().map(|field| field.place.end));
        let ends = self.fields.iter().map(|field| field.place.start);
        let mut between = starts.zip(ends.chain([self.record.len()]));
        content.len() == self.record.len()
            && between.all(|(start, end)| content.get(start..end) == self.record.get(start..end))
    }

    /// Whether the sums over fills are those of both, and need not be made from the bins.
    fn hold(&self, content: &[u8]) -> bool {
        let holds = |record| {
            let double = |place: &Range<usize>| double(record, place);
            let weights = double(&self.statistics.weights);
            let entries = double(&self.statistics.entries);
            weights.zip(entries).is_some_and(|(weights, entries)| {
                !statistics::set_by_bin(weights, entries, self.statistics.is_profile)
            })
        };
        // What is made from empty bins is 0, which an empty histogram says already.
        let either = |record| holds(record) || self.is_empty(record);
        // Of one that was not filled, the bins count for nothing.
        let is_filled = || {
            let sums = [&self.statistics.weights, &self.statistics.entries];
            let mut sums = sums.into_iter().map(|place| double(content, place));
            sums.any(|sum| sum != Some(0.0)) || self.is_empty(content)
        };
        either(&self.record) && either(content) && is_filled()
    }

    /// Whether all numbers that add are 0.
    fn is_empty(&self, record: &[u8]) -> bool {
        let mut fields = self.fields.iter();
        fields.all(|field| {
            let values = record.get(field.place.clone()).unwrap_or_default();
            values.iter().all(|byte| *byte == 0)
        })
    }
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

fn double(record: &[u8], place: &Range<usize>) -> Option<f64> {
    let bytes = record.get(place.clone())?;
    Some(f64::from_be_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;
    use rootlake_io::column::Values;
    use rootlake_io::object::{Body, Layouts, read_graph, write_graph};

    use super::*;

    const KEY_LENGTH: u16 = 40;
    /// The classes, with the array of their bins and how many axes they have.
    const CLASSES: [(&str, &str, usize); 6] = [
        ("TH1S", "TArrayS", 1),
        ("TH1I", "TArrayI", 1),
        ("TH1F", "TArrayF", 1),
        ("TH2F", "TArrayF", 2),
        ("TH2D", "TArrayD", 2),
        ("TProfile", "TArrayD", 1),
    ];

    /// The layouts built in, and those of histograms of integers, which are like them.
    fn layouts() -> Layouts {
        let mut layouts = Layouts::builtin();
        for (class, bins, _) in &CLASSES[..2] {
            let mut layout = ClassLayout::clone(layouts.newest("TH1F").unwrap());
            layout.name = (*class).into();
            let base = layout
                .elements
                .iter_mut()
                .find(|base| &*base.name == "TArrayF");
            base.unwrap().name = (*bins).into();
            layouts.insert(layout);
        }
        layouts
    }

    fn key(class: &str) -> Key {
        Key {
            nbytes: 0,
            object_length: 0,
            datime: 0,
            key_length: KEY_LENGTH,
            cycle: 1,
            seek_key: 0,
            seek_parent: 0,
            big: false,
            class: class.to_owned(),
            name: "h".to_owned(),
            title: String::new(),
        }
    }

    /// What tells one histogram from another.
    #[derive(Clone, Debug)]
    struct Made {
        class: (&'static str, &'static str, usize),
        /// The sums over fills, and what is in the bins, by turns.
        numbers: Vec<i8>,
        has_squares: bool,
        max: f64,
        has_range: bool,
    }

    fn made() -> impl Strategy<Value = (Made, Made)> {
        let numbers = || prop::collection::vec(-3i8..100, 20);
        let flags = || (prop::bool::weighted(0.7), prop::bool::weighted(0.1));
        let class = prop::sample::select(&CLASSES[..]);
        let maxima = prop::sample::select(vec![(1.0, 1.0), (1.0, 1.0), (1.0, 2.0)]);
        (class, [numbers(), numbers()], [flags(), flags()], maxima).prop_map(
            |(class, numbers, flags, maxima)| {
                let [a, b] = numbers;
                let made = |numbers, flags: (bool, bool), max| Made {
                    class,
                    numbers,
                    has_squares: flags.0,
                    max,
                    has_range: flags.1,
                };
                (made(a, flags[0], maxima.0), made(b, flags[1], maxima.1))
            },
        )
    }

    /// The record of a histogram of four bins on each axis.
    fn record(made: &Made) -> Vec<u8> {
        let (class, bins, axes) = made.class;
        let mut object = Object::empty(class, &layouts()).unwrap();
        let cells = 6usize.pow(u32::try_from(axes).unwrap());
        let doubles: Vec<f64> = made.numbers.iter().copied().map(f64::from).collect();
        let filled = |from: usize| doubles.iter().copied().cycle().skip(from).take(cells);
        for axis in ["fXaxis", "fYaxis", "fZaxis"] {
            let axis = object.object_mut(axis).unwrap();
            axis.set("fNbins", Value::Int(4)).unwrap();
            axis.set("fXmax", Value::Float(made.max)).unwrap();
            axis.set("fFirst", Value::Int(2)).unwrap();
            axis.set("fLast", Value::Int(3)).unwrap();
            if made.has_range
                && let Body::Root { bits, .. } = &mut axis.root_object_mut().unwrap().body
            {
                *bits |= 1 << 11;
            }
        }
        for (name, value) in statistics::members().zip(&doubles) {
            // Some have no such member.
            let _ = object.set(name, Value::Float(*value));
        }
        let array = bins::array_mut(&mut object, bins).unwrap();
        *array = numbers::like(array, &filled(3).collect::<Vec<_>>());
        for (name, from) in [("fSumw2", 4), ("fBinEntries", 5), ("fBinSumw2", 6)] {
            if (made.has_squares || name == "fBinEntries")
                && let Ok(array) = bins::array_mut(&mut object, name)
            {
                *array = Values::F64(filled(from).collect());
            }
        }
        let mut graph = Graph::default();
        graph.add(object);
        write_graph(&graph, KEY_LENGTH.into()).unwrap()
    }

    fn read(class: &str, record: &[u8]) -> Graph {
        let content = Bytes::copy_from_slice(record);
        read_graph(class, &content, KEY_LENGTH.into(), &layouts()).unwrap()
    }

    /// The sum of two records in place; none where they do not add so.
    fn in_place(class: &str, first: &[u8], second: &[u8]) -> Option<Vec<u8>> {
        let mut sum = InPlace::new(&read(class, first), &key(class), first)?;
        let added = sum.add(&key(class), second);
        assert!(
            added || sum.record() == first,
            "what is not added changes nothing"
        );
        added.then(|| sum.record().to_vec())
    }

    fn by_objects(class: &str, first: &[u8], second: &[u8]) -> Result<Vec<u8>, String> {
        let mut sum = read(class, first);
        add::graphs(&mut sum, &read(class, second))?;
        Ok(write_graph(&sum, KEY_LENGTH.into()).unwrap())
    }

    proptest! {
        #[test]
        fn sums_are_those_of_objects((first, second) in made()) {
            let class = first.class.0;
            let records = (record(&first), record(&second));
            let same = first.has_squares == second.has_squares && first.max == second.max;
            let ranged = first.has_range || second.has_range;
            let sum = in_place(class, &records.0, &records.1);
            prop_assert!(sum.is_none() || same && !ranged);
            if let Some(sum) = sum {
                prop_assert_eq!(Ok(sum), by_objects(class, &records.0, &records.1));
            }
        }

        #[test]
        fn bytes_that_do_not_add_must_be_the_same(
            (first, second) in made(),
            at in any::<prop::sample::Index>(),
            flip in 1u8..,
        ) {
            let class = first.class.0;
            let first = Made { has_range: false, ..first };
            let second = Made { numbers: second.numbers, ..first.clone() };
            let (first, mut second) = (record(&first), record(&second));
            let place = at.index(second.len());
            second[place] ^= flip;
            if let Some(sum) = in_place(class, &first, &second) {
                prop_assert_eq!(Ok(sum), by_objects(class, &first, &second));
            }
        }
    }

    #[test]
    fn histograms_that_were_filled_add_in_place() {
        for class in CLASSES {
            let made = Made {
                class,
                numbers: (1..21).collect(),
                has_squares: true,
                max: 1.0,
                has_range: false,
            };
            let record = record(&made);
            assert!(in_place(class.0, &record, &record).is_some(), "{class:?}");
            let empty = Made {
                numbers: vec![0; 20],
                ..made.clone()
            };
            assert!(
                in_place(class.0, &self::record(&empty), &record).is_some(),
                "{class:?}"
            );
            let by_bin = Made {
                numbers: vec![5, 0, 7, 8, 9],
                ..made
            };
            assert!(
                in_place(class.0, &record, &self::record(&by_bin)).is_none(),
                "{class:?}"
            );
        }
    }
}
