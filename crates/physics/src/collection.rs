//! Objects whose properties lie in one vector branch each.

use std::borrow::Cow;
use std::ops::Range;

use rootlake_io::column::Scalar;

use crate::schema::BranchSpec;
use crate::{Batch, Error, Vectors};

/// Declares the objects of a collection by the branch of their number, their properties and the
/// branches that hold these.
///
/// For `Lepton in Leptons of "lep_n" { pt: f32 = PT "lep_pt", … }` it makes
/// `struct Lepton { pt: f32, … }` with `Lepton::PT` and its siblings for the branches, and
/// `struct Leptons<'a>` which views the branches of a batch as flat columns, gives the leptons of
/// one event by value, or any by its place in the columns.
macro_rules! collection {
    (
        $(#[$object_doc:meta])*
        $object:ident in $collection:ident of $count:literal {
            $( $(#[$doc:meta])* $property:ident: $type:ty = $constant:ident $branch:literal, )+
        }
    ) => {
        $(#[$object_doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub struct $object { $( $(#[$doc])* pub $property: $type, )+ }

        impl $object {
            $(
                #[doc = concat!("The branch of [`", stringify!($property), "`](Self::", stringify!($property), ").")]
                pub const $constant: $crate::schema::BranchSpec = $crate::schema::BranchSpec::vector(
                    $branch,
                    <$type as rootlake_io::column::Scalar>::TYPE,
                );
            )+
        }

        #[doc = concat!("The branches of every [`", stringify!($object), "`] of a batch.")]
        #[derive(Clone, Debug, Default)]
        pub struct $collection<'a> {
            places: $crate::collection::Places<'a>,
            $( pub(crate) $property: std::borrow::Cow<'a, [$type]>, )+
        }

        impl<'a> $collection<'a> {
            /// The branch of their number in each event.
            pub const COUNT: $crate::schema::BranchSpec = $crate::schema::BranchSpec::leaf(
                $count,
                rootlake_io::column::ScalarType::U32,
                'i',
            );

            /// Finds those among `branches` that belong here, for the entries `survivors`. The
            /// properties of the others, which the caller does not use, are zero.
            ///
            /// # Errors
            /// As [`Batch::vectors`](crate::Batch::vectors), and
            /// [`Error::ShortVector`](crate::Error::ShortVector) when a branch holds fewer objects
            /// of one of these entries than it has.
            pub fn of(
                batch: &'a $crate::Batch,
                branches: &[$crate::schema::BranchSpec],
                survivors: &[usize],
            ) -> Result<Self, $crate::Error> {
                let counts = batch.fixed(Self::COUNT.name)?;
                $( let $property = $crate::collection::view(batch, $object::$constant, branches)?; )+
                let offsets = [$( $property.as_ref().map($crate::Vectors::offsets), )+];
                let places = $crate::collection::Places::shared(offsets, counts, survivors);
                if let Some((places, range)) = places {
                    $( let $property = $crate::collection::slice($property, &range).into(); )+
                    return Ok(Self { places, $( $property, )+ });
                }
                $( let $property = $crate::collection::gathered($property, counts, survivors)?.into(); )+
                let places = $crate::collection::Places::gathered(counts, survivors);
                Ok(Self { places, $( $property, )+ })
            }

            /// The objects of one of the entries for which this was made, in the file's order.
            #[inline]
            pub fn event(&self, entry: usize) -> impl Iterator<Item = $object> + Clone {
                let range = self.places.event(entry);
                $( let $property = self.$property.get(range.clone()).unwrap_or_default(); )+
                range.enumerate().map(move |(at, _)| $object {
                    $( $property: $property.get(at).copied().unwrap_or_default(), )+
                })
            }

            /// The number of objects of an entry.
            #[inline]
            pub fn count(&self, entry: usize) -> u32 {
                self.places.count(entry)
            }

            $(
                #[doc = concat!("[`", stringify!($object), "::", stringify!($property), "`] at a place in the columns.")]
                #[inline]
                pub fn $property(&self, place: u32) -> $type {
                    self.$property.get(place as usize).copied().unwrap_or_default()
                }
            )+

            /// The object at a place in the columns.
            #[inline]
            pub fn get(&self, place: u32) -> $object {
                $object { $( $property: self.$property(place), )+ }
            }

            /// The objects at these places in the columns.
            #[inline]
            pub fn at(&self, places: &[u32]) -> impl Iterator<Item = $object> + Clone {
                places.iter().map(|&place| self.get(place))
            }

            /// The places, entry by entry, that `passing` marks: a flag for each in the columns.
            #[allow(dead_code, reason = "not every collection is selected from by columns")]
            pub(crate) fn marked(&self, survivors: &[usize], passing: &[bool]) -> $crate::collection::Good {
                self.places.marked(survivors, passing)
            }
        }
    };
}

pub(crate) use collection;

/// Where the objects of each entry stand in the columns of a collection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places<'a> {
    /// The entry of the first offset.
    first: usize,
    offsets: Cow<'a, [u32]>,
    counts: &'a [u32],
}

impl<'a> Places<'a> {
    /// Those that all branches share, if they do and hold all objects of `survivors`: as it should
    /// be, but where baskets without survivors were left out, branch by branch. With them comes the
    /// range of the branches' values that is meant.
    pub(crate) fn shared(
        branches: impl IntoIterator<Item = Option<&'a [u32]>>,
        counts: &'a [u32],
        survivors: &[usize],
    ) -> Option<(Self, Range<usize>)> {
        let (&first, &last) = (survivors.first()?, survivors.last()?);
        let branches = branches.into_iter().flatten();
        let mut known = branches.map(|offsets| offsets.get(first..=last + 1));
        let offsets = known.next()??;
        let range = *offsets.first()? as usize..*offsets.last()? as usize;
        let places = Self {
            first,
            offsets: Cow::Borrowed(offsets),
            counts,
        };
        let mut survivors = survivors.iter();
        let is_shared = known.all(|other| other == Some(offsets))
            && (places.hold_all()
                || survivors.all(|&entry| places.stored(entry) >= places.count(entry)));
        is_shared.then_some((places, range))
    }

    /// Whether the vectors of all entries hold all their objects, survivors or not: told at once.
    fn hold_all(&self) -> bool {
        let counts = self.counts.get(self.first..).unwrap_or_default();
        let ends = self.offsets.get(1..).unwrap_or_default();
        let held = self.offsets.iter().zip(ends).zip(counts);
        held.fold(true, |all, ((start, end), &count)| {
            all & (end.saturating_sub(*start) >= count)
        })
    }

    /// Those in columns that hold the objects of `survivors` alone.
    pub(crate) fn gathered(counts: &'a [u32], survivors: &[usize]) -> Self {
        let mut offsets = vec![0; counts.len() + 1];
        for &entry in survivors {
            if let Some(end) = offsets.get_mut(entry + 1) {
                *end = counts.get(entry).copied().unwrap_or_default();
            }
        }
        let mut end = 0_u32;
        for offset in &mut offsets {
            end = end.saturating_add(*offset);
            *offset = end;
        }
        Self {
            first: 0,
            offsets: offsets.into(),
            counts,
        }
    }

    /// The offset behind so many entries.
    #[inline]
    fn offset(&self, entries: usize) -> u32 {
        self.offsets.get(entries).copied().unwrap_or_default()
    }

    /// The number of values that the vectors of an entry hold.
    #[inline]
    fn stored(&self, entry: usize) -> u32 {
        let entry = entry - self.first;
        self.offset(entry + 1).saturating_sub(self.offset(entry))
    }

    /// The number of objects of an entry.
    #[inline]
    pub(crate) fn count(&self, entry: usize) -> u32 {
        self.counts.get(entry).copied().unwrap_or_default()
    }

    /// Where the objects of an entry stand.
    #[inline]
    pub(crate) fn event(&self, entry: usize) -> Range<usize> {
        let start = self.offset(entry.saturating_sub(self.first)) - self.offset(0);
        start as usize..start as usize + self.count(entry) as usize
    }

    /// The places of these entries that are marked.
    pub(crate) fn marked(&self, survivors: &[usize], marks: &[bool]) -> Good {
        let mut places = vec![0; marks.len() + Good::MARGIN];
        // How many are marked before each place.
        let mut before = Vec::with_capacity(marks.len() + 1);
        let (mut place, mut count) = (0, 0);
        before.extend(marks.iter().map(|&mark| {
            // Overwritten where it does not count: no branch that would be guessed wrong.
            if let Some(next) = places.get_mut(count as usize) {
                *next = place;
            }
            place += 1;
            let before = count;
            count += u32::from(mark);
            before
        }));
        before.push(count);
        let marked_before = |place: usize| before.get(place).copied().unwrap_or(count);
        let events = survivors.iter().map(|&entry| {
            let range = self.event(entry);
            (marked_before(range.start), marked_before(range.end))
        });
        let events = events.collect();
        Good { places, events }
    }
}

/// The objects that pass cuts, by their places in the columns, for each of some entries.
#[derive(Clone, Debug, Default)]
pub struct Good {
    places: Vec<u32>,
    /// From where to where each entry's stand among the places.
    events: Vec<(u32, u32)>,
}

impl Good {
    /// Room behind the places, so that as many can be looked at from the last one on.
    const MARGIN: usize = 8;

    /// The places of each entry's objects, in the file's order.
    pub fn events(&self) -> impl Iterator<Item = &[u32]> {
        (0..self.events.len()).map(|number| self.event(number))
    }

    /// The places of the objects of an entry by its number among the entries, in the file's order.
    #[inline]
    pub fn event(&self, number: usize) -> &[u32] {
        let event = self.events.get(number).copied();
        let places = event.and_then(|(start, end)| self.places.get(start as usize..end as usize));
        places.unwrap_or_default()
    }

    /// Where the objects of entries stand among those of all, by the entries' numbers.
    pub(crate) fn range(&self, numbers: Range<usize>) -> Range<usize> {
        let events = self.events.get(numbers).unwrap_or_default();
        let (first, last) = (events.first(), events.last());
        first.map_or(0, |first| first.0 as usize)..last.map_or(0, |last| last.1 as usize)
    }

    /// The places of these objects, counted among all.
    pub(crate) fn places(&self, range: Range<usize>) -> &[u32] {
        self.places.get(range).unwrap_or_default()
    }

    /// Gives `each` the entries with exactly `N` objects, eight at most: their numbers among the
    /// entries, and the places of the objects in the file's order.
    #[inline]
    pub fn exactly<const N: usize>(&self, mut each: impl FnMut(usize, [u32; N])) {
        const { assert!(N <= Self::MARGIN) };
        /// Of so many entries those that count are found at once.
        const RUN: usize = 64;

        let mut found = [(0, [0; N]); RUN];
        for (events, first) in self.events.chunks(RUN).zip((0..).step_by(RUN)) {
            let mut count = 0;
            for (&(start, end), number) in events.iter().zip(first..) {
                let places = self.places.get(start as usize..);
                // Overwritten where it does not count, as above.
                if let (Some(next), Some(&places)) = (
                    found.get_mut(count),
                    places.and_then(|places| places.first_chunk()),
                ) {
                    *next = (number, places);
                }
                count += usize::from(end.wrapping_sub(start) as usize == N);
            }
            for &(number, places) in found.iter().take(count) {
                each(number, places);
            }
        }
    }

    /// The number of objects of an entry, by its number among the entries.
    #[inline]
    pub fn count(&self, number: usize) -> u32 {
        let event = self.events.get(number);
        event.map_or(0, |&(start, end)| end.saturating_sub(start))
    }
}

/// Those of a branch's values that stand in `range`; none of a branch that is not used.
pub(crate) fn slice<'a, T: Scalar>(
    vectors: Option<Vectors<'a, T>>,
    range: &Range<usize>,
) -> &'a [T] {
    let values = vectors.map(|vectors| vectors.values());
    values
        .and_then(|values| values.get(range.clone()))
        .unwrap_or_default()
}

/// The objects' values of `survivors` alone, one event after the other.
pub(crate) fn gathered<T: Scalar>(
    vectors: Option<Vectors<'_, T>>,
    counts: &[u32],
    survivors: &[usize],
) -> Result<Vec<T>, Error> {
    let mut values = Vec::new();
    if let Some(vectors) = vectors {
        for &entry in survivors {
            let count = counts.get(entry).copied().unwrap_or_default();
            values.extend_from_slice(vectors.leading(entry, count)?);
        }
    }
    Ok(values)
}

/// The vectors of a branch, `None` if it is not among those that are used.
pub(crate) fn view<'a, T: Scalar>(
    batch: &'a Batch,
    branch: BranchSpec,
    among: &[BranchSpec],
) -> Result<Option<Vectors<'a, T>>, Error> {
    match among.contains(&branch) {
        true => batch.vectors(branch.name).map(Some),
        false => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::object::{Lepton, Leptons};
    use crate::schema::mini;
    use rootlake_io::column::Column;

    const BRANCHES: [BranchSpec; 2] = [Lepton::PT, Lepton::ETA];

    /// Events of so many leptons each, whose momenta number them; η lacks the last of the events
    /// in `cut`, where it is there to be counted.
    fn batch(counts: &[u32], cut: usize) -> Batch {
        let mut batch = Batch::new(0, counts.len());
        let counted = Column::fixed(counts.to_vec());
        batch.insert(Leptons::COUNT, counted).unwrap();
        for (branch, is_cut) in BRANCHES.into_iter().zip([false, true]) {
            let (mut offsets, mut values) = (vec![0], Vec::new());
            for (entry, &count) in counts.iter().enumerate() {
                let cut = u32::from(is_cut && entry == cut && count > 0);
                values.extend((0..count - cut).map(|at| (100 * entry) as f32 + at as f32));
                offsets.push(values.len() as u32);
            }
            let column = Column::jagged(offsets, values).unwrap();
            batch.insert(branch, column).unwrap();
        }
        assert!(mini(Leptons::COUNT.name).is_some());
        batch
    }

    proptest! {
        #[test]
        fn objects_are_found_whether_branches_share_their_places_or_not(
            counts in prop::collection::vec(0u32..6, 1..150), cut in 0usize..300, skipped in 0usize..9,
        ) {
            let batch = batch(&counts, cut);
            let survivors: Vec<usize> = (skipped.min(counts.len())..counts.len())
                .filter(|&entry| entry != cut)
                .collect();
            let leptons = Leptons::of(&batch, &BRANCHES, &survivors).unwrap();
            let places = 0..counts.iter().sum::<u32>();
            let passing: Vec<bool> = places.map(|place| leptons.get(place).pt % 2.0 == 0.0).collect();
            let good = leptons.marked(&survivors, &passing);
            prop_assert_eq!(good.events().count(), survivors.len());
            let two = good.events().enumerate().filter_map(|(number, places)| {
                Some((number, places.try_into().ok()?))
            });
            let mut found = Vec::new();
            good.exactly::<2>(|number, places| found.push((number, places)));
            prop_assert_eq!(found, two.collect::<Vec<(usize, [u32; 2])>>());
            let is_counted = |(places, number): (&[u32], usize)| places.len() == good.count(number) as usize;
            prop_assert!(good.events().zip(0..).all(is_counted));
            for (&entry, good) in survivors.iter().zip(good.events()) {
                prop_assert_eq!(leptons.count(entry), counts[entry]);
                let event: Vec<Lepton> = leptons.event(entry).collect();
                let momenta: Vec<f32> =
                    (0..counts[entry]).map(|at| (100 * entry) as f32 + at as f32).collect();
                prop_assert_eq!(event.iter().map(|l| l.pt).collect::<Vec<_>>(), momenta.clone());
                prop_assert_eq!(event.iter().map(|l| l.eta).collect::<Vec<_>>(), momenta);
                let even = event.iter().copied().filter(|l| l.pt % 2.0 == 0.0);
                prop_assert!(leptons.at(good).eq(even));
            }
        }

        #[test]
        fn a_survivor_without_all_its_objects_is_an_error(
            counts in prop::collection::vec(1u32..6, 1..20), cut in 0usize..20,
        ) {
            let cut = cut % counts.len();
            let batch = batch(&counts, cut);
            let result = Leptons::of(&batch, &BRANCHES, &[cut]);
            prop_assert_eq!(result.err(), Some(Error::ShortVector {
                branch: Lepton::ETA.name.to_owned(),
                entry: cut as u64,
                wanted: counts[cut],
                found: counts[cut] as usize - 1,
            }));
        }
    }
    #[test]
    fn vectors_may_be_short_of_objects_in_entries_that_are_no_survivors() {
        let mut batch = Batch::new(0, 3);
        let counted = Column::fixed(vec![2_u32; 3]);
        batch.insert(Leptons::COUNT, counted).unwrap();
        for branch in BRANCHES {
            let column = Column::jagged(vec![0, 2, 3, 5], vec![0_f32, 1.0, 2.0, 3.0, 4.0]);
            batch.insert(branch, column.unwrap()).unwrap();
        }
        let leptons = Leptons::of(&batch, &BRANCHES, &[0, 2]).unwrap();
        assert!(leptons.event(2).map(|lepton| lepton.pt).eq([3.0, 4.0]));
        let error = Leptons::of(&batch, &BRANCHES, &[0, 1, 2]).err();
        let short = matches!(error, Some(Error::ShortVector { entry: 1, .. }));
        assert!(short, "{error:?}");
    }
}
