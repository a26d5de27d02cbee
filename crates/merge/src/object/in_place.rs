//! Adding histograms within their records, without reading them into objects: what makes adding
//! many small ones fast.
//!
//! A record of a histogram is numbers that add (bins, squared errors, sums over fills) between bytes
//! that say what it is: name, axes, colours. Two records that differ in the numbers alone are added
//! by adding these where they stand. A record is added only if it is as long and has the same bytes
//! between the numbers, so that what is known of the sum's [`Frame`] holds for it too; else the sum is
//! as it was, and the caller adds objects. The sum is thus the record that adding objects would write.

use std::ops::Range;
use std::sync::Arc;

use rootlake_io::file::Key;
use rootlake_io::object::ClassLayout;

use super::frame::Frame;
use super::{numbers, statistics};

/// A sum of histograms, as a record.
#[derive(Clone, Debug)]
pub(super) struct InPlace {
    key: Key,
    record: Vec<u8>,
    frame: Arc<Frame>,
}

impl InPlace {
    /// The sum that `content` is, behind `key`, whose frame is `frame`.
    pub fn new(frame: Arc<Frame>, key: Key, content: &[u8]) -> Self {
        Self {
            key,
            record: content.to_vec(),
            frame,
        }
    }

    /// The key of the first histogram.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The layouts of the classes in the record.
    pub fn layouts(&self) -> impl Iterator<Item = Arc<ClassLayout>> + '_ {
        self.frame.layouts.iter().cloned()
    }

    /// The sum's record, expanded.
    pub fn record(&self) -> &[u8] {
        &self.record
    }

    /// Adds the histogram whose record is `content`, behind `key`, if it differs in its numbers
    /// alone and its sums over fills hold. Gives whether it was added; else nothing is changed.
    pub fn add(&mut self, key: &Key<impl AsRef<[u8]>>, content: &[u8]) -> bool {
        if !self.frame.is_shared(&self.record, key, content) || !self.hold(content) {
            return false;
        }
        self.frame.fields.iter().all(|field| {
            let sum = self.record.get_mut(field.place.clone());
            let more = content.get(field.place.clone());
            sum.zip(more)
                .is_some_and(|(sum, more)| numbers::add_big_endian(field.scalar, sum, more))
        })
    }

    /// Whether the sums over fills are those of both, and need not be made from the bins.
    fn hold(&self, content: &[u8]) -> bool {
        let frame = &*self.frame;
        let holds = |record| {
            let weights = double(record, &frame.weights);
            let entries = double(record, &frame.entries);
            weights.zip(entries).is_some_and(|(weights, entries)| {
                !statistics::set_by_bin(weights, entries, frame.is_profile)
            })
        };
        // What is made from empty bins is 0, which an empty histogram says already.
        let either = |record| holds(record) || self.is_empty(record);
        // Of one that was not filled, the bins count for nothing.
        let is_filled = || {
            let sums = [&frame.weights, &frame.entries];
            let mut sums = sums.into_iter().map(|place| double(content, place));
            sums.any(|sum| sum != Some(0.0)) || self.is_empty(content)
        };
        either(&self.record) && either(content) && is_filled()
    }

    /// Whether all numbers that add are 0.
    fn is_empty(&self, record: &[u8]) -> bool {
        let mut fields = self.frame.fields.iter();
        fields.all(|field| {
            let values = record.get(field.place.clone()).unwrap_or_default();
            values.iter().all(|byte| *byte == 0)
        })
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
    use rootlake_io::object::{Body, Graph, Layouts, Object, Value, read_graph, write_graph};

    use super::*;
    use crate::object::{add, bins};

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
        let key = key(class);
        let frame = Frame::of(&read(class, first), &key, first)?;
        let mut sum = InPlace::new(Arc::new(frame), key.clone(), first);
        let added = sum.add(&key, second);
        assert!(
            added || sum.record() == first,
            "what is not added changes nothing"
        );
        added.then(|| sum.record().to_vec())
    }

    /// The same record under another name and title.
    fn renamed(class: &str, record: &[u8], texts: [&[u8]; 2]) -> Vec<u8> {
        let mut graph = read(class, record);
        let object = graph.get_mut(Graph::ROOT).unwrap();
        for (member, text) in ["fName", "fTitle"].into_iter().zip(texts) {
            let text = Bytes::copy_from_slice(text);
            object.set(member, Value::Text(text)).unwrap();
        }
        write_graph(&graph, KEY_LENGTH.into()).unwrap()
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

    proptest! {
        #[test]
        fn a_frame_is_of_records_that_read_alike(
            (first, second) in made(),
            names in ["[a-c]{2,3}", "[a-c]{2,3}"],
            at in any::<prop::sample::Index>(),
            flip in prop::option::weighted(0.5, 1u8..),
        ) {
            let class = first.class.0;
            let second = Made { numbers: second.numbers, ..first.clone() };
            let first = renamed(class, &record(&first), [names[0].as_bytes(), b"title"]);
            let mut second = renamed(class, &record(&second), [names[1].as_bytes(), b"other"]);
            if let Some(flip) = flip {
                let place = at.index(second.len());
                second[place] ^= flip;
            }
            let Some(frame) = Frame::of(&read(class, &first), &key(class), &first) else {
                return Ok(());
            };
            let is_of = frame.is_of(&key(class), &second);
            prop_assert!(is_of || flip.is_some() || names[0].len() != names[1].len());
            if is_of {
                let own = Frame::of(&read(class, &second), &key(class), &second);
                prop_assert_eq!(own, Some(frame));
            }
        }
    }

    #[test]
    fn a_name_need_not_be_utf_8() {
        let made = Made {
            class: CLASSES[0],
            numbers: (1..21).collect(),
            has_squares: false,
            max: 1.0,
            has_range: false,
        };
        let class = made.class.0;
        let named = |name: &[u8]| renamed(class, &record(&made), [name, b"title"]);
        let frame = |record: &[u8]| Frame::of(&read(class, record), &key(class), record).unwrap();
        assert_eq!(frame(&named(b"\xff1")), frame(&named(b"h1")));
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
