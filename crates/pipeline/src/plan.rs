//! Which entries are decoded and selected together, and which bytes they need.

use std::ops::Range;

use rootlake_io::tree::{Branch, Location};
use serde::Serialize;

/// A unit has at least so many entries, where the tree has: below, the work per unit shows.
const MIN_ENTRIES: u64 = 1 << 13;
/// And at most so many. A cut within a basket has it expanded twice, so that clusters of the usual
/// length (140,000 entries in the open data) stay whole.
const MAX_ENTRIES: u64 = 1 << 18;

/// A run of entries that is decoded and selected together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedUnit {
    /// The entries.
    pub entries: Range<u64>,
    /// The baskets that hold them, as byte ranges of the file, rising.
    pub ranges: Vec<Range<u64>>,
}

impl PlannedUnit {
    /// The number of its entries.
    pub(crate) fn events(&self) -> u64 {
        self.entries.end - self.entries.start
    }
}

/// Cuts `entries` entries into units along the ends that the baskets of all `branches` share, so
/// that no basket is expanded twice; where there is no shared end for long, in between.
///
/// No unit has more than `most` entries, unless that were very few. The units depend on the file
/// and on `most` alone: neither on threads nor on the source.
pub fn plan_units(branches: &[&Branch], entries: u64, most: u64) -> Vec<PlannedUnit> {
    let most = most.clamp(MIN_ENTRIES, MAX_ENTRIES);
    let mut units = Vec::new();
    let mut start = 0;
    for end in shared_ends(branches, entries) {
        if end - start < MIN_ENTRIES && end < entries {
            continue;
        }
        let parts = (end - start).div_ceil(most).max(1);
        let length = (end - start).div_ceil(parts).max(1);
        while start < end {
            let stop = end.min(start + length);
            units.push(PlannedUnit {
                entries: start..stop,
                ranges: ranges(branches, start..stop),
            });
            start = stop;
        }
    }
    units
}

/// The entries at which a basket ends in every branch, the last of all included.
fn shared_ends(branches: &[&Branch], entries: u64) -> Vec<u64> {
    let ends = |branch: &Branch| -> Vec<u64> {
        branch
            .baskets
            .iter()
            .map(rootlake_io::tree::Basket::end_entry)
            .collect()
    };
    // Those of the branch with the fewest baskets are all there can be.
    let Some(fewest) = branches.iter().min_by_key(|branch| branch.baskets.len()) else {
        return vec![entries];
    };
    let mut shared = ends(fewest);
    for branch in branches {
        let others = ends(branch);
        shared.retain(|end| others.binary_search(end).is_ok());
    }
    shared.retain(|&end| end < entries);
    shared.push(entries);
    shared
}

fn ranges(branches: &[&Branch], entries: Range<u64>) -> Vec<Range<u64>> {
    let mut ranges: Vec<Range<u64>> = branches
        .iter()
        .flat_map(|branch| branch.baskets_in(entries.clone()))
        .filter_map(|basket| match basket.location {
            Location::Stored { seek, nbytes } => Some(seek..seek.saturating_add(u64::from(nbytes))),
            Location::Embedded(_) => None,
        })
        .collect();
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    ranges.dedup();
    ranges
}

#[cfg(test)]
mod tests {
    use rootlake_io::object::Graph;
    use rootlake_io::tree::Basket;

    use super::*;

    /// A branch whose baskets end at `ends`, one byte each.
    fn branch(ends: &[u64]) -> Branch {
        let mut first_entry = 0;
        let baskets = ends.iter().map(|&end| {
            let basket = Basket {
                first_entry,
                entries: end - first_entry,
                location: Location::Stored {
                    seek: 1000 + first_entry,
                    nbytes: 1,
                },
            };
            first_entry = end;
            basket
        });
        Branch {
            name: "".into(),
            path: "".into(),
            address: "".into(),
            title: String::new(),
            class: "".into(),
            type_name: String::new(),
            depth: 0,
            entries: *ends.last().unwrap_or(&0),
            total_bytes: 0,
            stored_bytes: 0,
            compression: 0,
            format: None,
            counter: None,
            unreadable: None,
            baskets: baskets.collect(),
            elsewhere: None,
            damage: None,
            id: Graph::ROOT,
        }
    }

    fn entries(units: &[PlannedUnit]) -> Vec<Range<u64>> {
        units.iter().map(|unit| unit.entries.clone()).collect()
    }

    #[test]
    fn units_end_where_all_baskets_end() {
        let (a, b) = (
            branch(&[5000, 10_000, 20_000, 30_000]),
            branch(&[10_000, 25_000, 30_000]),
        );
        let units = plan_units(&[&a, &b], 30_000, u64::MAX);
        assert_eq!(entries(&units), [0..10_000, 10_000..30_000]);
        assert_eq!(units[0].ranges, [1000..1001, 6000..6001]);
    }

    #[test]
    #[allow(clippy::single_range_in_vec_init, reason = "one unit is meant")]
    fn short_runs_are_joined_and_long_ones_split() {
        let short = branch(&[100, 200, 300]);
        assert_eq!(entries(&plan_units(&[&short], 300, u64::MAX)), vec![0..300]);
        let long = branch(&[3 * MAX_ENTRIES]);
        let units = entries(&plan_units(&[&long], 3 * MAX_ENTRIES, u64::MAX));
        assert_eq!(units.len(), 3);
        assert_eq!(units[2], 2 * MAX_ENTRIES..3 * MAX_ENTRIES);
        let units = entries(&plan_units(&[&long], 3 * MAX_ENTRIES, MAX_ENTRIES / 2));
        assert_eq!(units.len(), 6);
        let units = entries(&plan_units(&[&long], 3 * MAX_ENTRIES, 0));
        assert_eq!(units[1], MIN_ENTRIES..2 * MIN_ENTRIES);
    }

    #[test]
    fn a_tree_without_entries_has_no_units() {
        assert!(plan_units(&[&branch(&[])], 0, 1).is_empty());
        assert!(plan_units(&[], 0, 1).is_empty());
    }
}
