//! Where the clusters of a merged tree end.
//!
//! A cluster is a run of entries whose baskets begin and end together. A tree states them as
//! ranges of one cluster size each (`fClusterRangeEnd`, `fClusterSize`), and `fAutoFlush` for what
//! comes after the last range.

use std::ops::Range;

use rootlake_io::tree::Outline;

/// A run of clusters of one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClusterRange {
    /// The last entry of the run.
    pub last: i64,
    /// Entries per cluster.
    pub size: i64,
}

/// The ranges of one input's tree, counted from 0.
pub(crate) fn ranges(tree: &Outline) -> Vec<ClusterRange> {
    let entries = i64::try_from(tree.entries).unwrap_or(i64::MAX);
    let mut ranges = Vec::new();
    let stated = tree.cluster_ends.iter().zip(&tree.cluster_sizes);
    let stated = stated.map(|(&last, &size)| ClusterRange { last, size });
    ranges.extend(stated.filter(|range| (0..entries).contains(&range.last) && range.size > 0));
    if ranges.last().is_none_or(|range| range.last < entries - 1) && entries > 0 {
        // A flush by bytes (negative) leaves no trace of where it fell: one cluster.
        let size = match tree.auto_flush {
            size if size > 0 => size,
            _ => entries,
        };
        ranges.push(ClusterRange {
            last: entries - 1,
            size,
        });
    }
    ranges
}

/// The ranges of the entries `within`, counted from the first of these.
pub(crate) fn within(ranges: &[ClusterRange], within: &Range<u64>) -> Vec<ClusterRange> {
    let signed = |entry: u64| i64::try_from(entry).unwrap_or(i64::MAX);
    let (start, end) = (signed(within.start), signed(within.end));
    let mut first = 0;
    let mut found = Vec::new();
    for range in ranges {
        let last = range.last.min(end - 1);
        if last >= start.max(first) {
            found.push(ClusterRange {
                last: last - start,
                size: range.size.min(last - start + 1),
            });
        }
        first = range.last + 1;
    }
    found
}

/// Appends `next`, which begins at entry `start`, to `all`.
pub(crate) fn append(all: &mut Vec<ClusterRange>, next: &[ClusterRange], start: i64) {
    for range in next {
        let range = ClusterRange {
            last: start + range.last,
            size: range.size,
        };
        let before = all
            .len()
            .checked_sub(2)
            .and_then(|i| all.get(i))
            .map_or(-1, |r| r.last);
        match all.last_mut() {
            // The last one may go on where it ends on a cluster's end.
            Some(last) if last.size == range.size && (last.last - before) % last.size == 0 => {
                last.last = range.last;
            }
            _ => all.push(range),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(last: i64, size: i64) -> ClusterRange {
        ClusterRange { last, size }
    }

    #[test]
    fn ranges_are_cut_with_the_entries() {
        let all = [range(9, 5), range(29, 10), range(34, 5)];
        assert_eq!(within(&all, &(0..35)), all);
        assert_eq!(within(&all, &(5..20)), [range(4, 5), range(14, 10)]);
        assert_eq!(within(&all, &(30..35)), [range(4, 5)]);
        assert_eq!(within(&all, &(40..40)), []);
    }

    #[test]
    fn whole_clusters_go_on_and_cut_ones_end_a_range() {
        let mut all = Vec::new();
        append(&mut all, &[range(9, 5)], 0);
        append(&mut all, &[range(11, 5)], 10);
        assert_eq!(all, [range(21, 5)]);
        append(&mut all, &[range(4, 5)], 22);
        assert_eq!(all, [range(21, 5), range(26, 5)]);
        append(&mut all, &[range(4, 5)], 27);
        assert_eq!(all, [range(21, 5), range(31, 5)]);
        append(&mut all, &[range(2, 3)], 32);
        assert_eq!(all, [range(21, 5), range(31, 5), range(34, 3)]);
    }
}
