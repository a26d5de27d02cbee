//! What is a tree's own among trees of one shape: how many entries it has, and where their baskets
//! stand. Kept small: of thousands of trees, this much is in memory at a time.

use std::ops::Range;
use std::sync::Arc;

use super::branch::{Basket, Location};

/// What is different in trees of one shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// `fEntries`.
    pub entries: u64,
    /// `fAutoFlush`: entries per cluster; negative: bytes.
    pub auto_flush: i64,
    /// `fClusterRangeEnd`: the last entry of each range of clusters.
    pub cluster_ends: Vec<i64>,
    /// `fClusterSize`: the entries per cluster in each.
    pub cluster_sizes: Vec<i64>,
    /// The baskets of each branch.
    pub baskets: BasketPlaces,
    /// `fTotBytes` of each branch: the bytes of its baskets with records of their own, expanded, as it
    /// states them.
    pub total_bytes: Vec<u64>,
}

/// Where a basket stands, and which entries it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasketPlace {
    /// Offset, and whether it is one in the tree's record. Offsets in files are positive numbers
    /// of 64 bits with a sign, whose place is free.
    place: u64,
    /// The bytes it takes there.
    pub nbytes: u32,
    /// The number of its entries.
    pub entries: u32,
    /// The first of them.
    pub first_entry: u64,
}

/// The mark of a place in the tree's record.
const EMBEDDED: u64 = 1 << 63;

impl BasketPlace {
    /// A basket with a record of its own, at `seek` in the file (`fBasketSeek`).
    pub(super) fn stored(seek: u64, nbytes: u32, first_entry: u64, entries: u64) -> Self {
        Self {
            place: seek & !EMBEDDED,
            nbytes,
            // What does not fit here does not fit a basket's header, which is read later.
            entries: u32::try_from(entries).unwrap_or(u32::MAX),
            first_entry,
        }
    }

    /// A basket in the tree's record, at `position` of its expanded content.
    pub(super) fn embedded(position: usize, nbytes: usize, first: u64, entries: u64) -> Self {
        let nbytes = u32::try_from(nbytes).unwrap_or(u32::MAX);
        let stored = Self::stored(position as u64, nbytes, first, entries);
        Self {
            place: stored.place | EMBEDDED,
            ..stored
        }
    }

    fn of(basket: &Basket) -> Self {
        let (first, entries) = (basket.first_entry, basket.entries);
        match &basket.location {
            Location::Stored { seek, nbytes } => Self::stored(*seek, *nbytes, first, entries),
            Location::Embedded(found) => {
                Self::embedded(found.position, found.raw.len(), first, entries)
            }
        }
    }

    /// Where its record stands in the file; of an embedded one, where it stands in the expanded
    /// content of the tree's record.
    pub fn seek(&self) -> u64 {
        self.place & !EMBEDDED
    }

    /// Whether it has a record of its own.
    pub fn is_stored(&self) -> bool {
        self.place & EMBEDDED == 0
    }
}

/// The baskets of all branches of a tree, in the order of branches and of their entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BasketPlaces {
    /// For each branch, how many baskets it and those before it have.
    ends: Arc<[u32]>,
    places: Box<[BasketPlace]>,
}

impl BasketPlaces {
    /// Those of branches whose baskets end, in `places`, at `ends`.
    pub(super) fn new(ends: Vec<u32>, places: Vec<BasketPlace>) -> Self {
        Self {
            ends: ends.into(),
            places: places.into(),
        }
    }

    /// Those that stand at the same places as `branches` say; none where there are too many.
    pub(super) fn of<'a>(branches: impl Iterator<Item = &'a [Basket]>) -> Option<Self> {
        let (mut ends, mut places) = (Vec::new(), Vec::new());
        for baskets in branches {
            places.extend(baskets.iter().map(BasketPlace::of));
            ends.push(u32::try_from(places.len()).ok()?);
        }
        Some(Self::new(ends, places))
    }

    /// The baskets of the branch numbered `branch`; none where there is no such branch.
    pub fn branch(&self, branch: usize) -> &[BasketPlace] {
        let Range { start, end } = self.numbers(branch);
        let places = self.places.get(start as usize..end as usize);
        places.unwrap_or_default()
    }

    /// Which of [`BasketPlaces::all`] are those of the branch numbered `branch`.
    pub fn numbers(&self, branch: usize) -> Range<u32> {
        let end = |number: usize| self.ends.get(number).copied();
        let start = branch.checked_sub(1).map_or(Some(0), end);
        start.zip(end(branch)).map_or(0..0, |(from, to)| from..to)
    }

    /// Whether there are as many branches as `other` has, each with as many baskets.
    pub fn has_as_many(&self, other: &Self) -> bool {
        self.ends == other.ends
    }

    /// The baskets of all branches.
    pub fn all(&self) -> &[BasketPlace] {
        &self.places
    }

    /// The number of branches.
    pub fn branches(&self) -> usize {
        self.ends.len()
    }

    /// Shares with `known` how many baskets each branch has, where that is the same.
    pub fn share(&mut self, known: &Self) {
        if self.has_as_many(known) {
            self.ends = Arc::clone(&known.ends);
        }
    }
}
