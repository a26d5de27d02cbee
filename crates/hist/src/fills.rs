//! Fills that are gathered and added many at a time.

use std::ops::Range;

use crate::block::{self, BLOCK};
use crate::{Handle, Histogram1D, HistogramSet};

/// Fills of the histograms of a set, gathered for each and added many at a time: about four times
/// as fast as one after the other. What is gathered is added when this is dropped at the latest,
/// and until then nobody else can look at the set.
#[derive(Debug)]
pub struct Fills<'a> {
    histograms: &'a mut [Histogram1D],
    gathered: Vec<Gathered>,
}

/// Fills of one histogram; those of twenty histograms fit the first cache.
#[derive(Clone, Debug)]
struct Gathered {
    values: [f64; BLOCK],
    weights: [f64; BLOCK],
    count: usize,
}

/// A column of values for one histogram, as long as that of their weights.
pub struct Column<'a> {
    handle: Handle,
    values: Values<'a>,
}

enum Values<'a> {
    Exact(&'a [f64]),
    Near {
        values: &'a mut [f64],
        distance: f64,
        exact: &'a dyn Fn(usize) -> f64,
    },
}

impl<'a> Column<'a> {
    /// Exact values.
    pub fn new(handle: Handle, values: &'a [f64]) -> Self {
        let values = Values::Exact(values);
        Self { handle, values }
    }

    /// Values closer than `distance` to exact ones, which `exact` makes of their places. Where that
    /// does not matter, because no edge of a bin is so close, the values are taken; elsewhere they
    /// become the exact ones.
    pub fn near(
        handle: Handle,
        values: &'a mut [f64],
        distance: f64,
        exact: &'a dyn Fn(usize) -> f64,
    ) -> Self {
        let values = Values::Near {
            values,
            distance,
            exact,
        };
        Self { handle, values }
    }

    fn len(&self) -> usize {
        match &self.values {
            Values::Exact(values) => values.len(),
            Values::Near { values, .. } => values.len(),
        }
    }

    /// Finds the bins of the values in `range`, and gives these.
    fn find_bins(
        &mut self,
        range: Range<usize>,
        histogram: &Histogram1D,
        bins: &mut [u32; BLOCK],
    ) -> &[f64] {
        match &mut self.values {
            Values::Exact(values) => {
                let values = values.get(range).unwrap_or_default();
                histogram.find_bins(values, bins);
                values
            }
            Values::Near {
                values,
                distance,
                exact,
            } => {
                let first = range.start;
                let values = values.get_mut(range).unwrap_or_default();
                histogram.find_bins_near(values, *distance, |place| exact(first + place), bins);
                values
            }
        }
    }
}

impl HistogramSet {
    /// Begins to gather fills.
    pub fn gather(&mut self) -> Fills<'_> {
        let none = Gathered {
            values: [0.0; BLOCK],
            weights: [0.0; BLOCK],
            count: 0,
        };
        Fills {
            gathered: vec![none; self.len()],
            histograms: self.as_mut_slice(),
        }
    }
}

impl Fills<'_> {
    /// As [`HistogramSet::fill`].
    #[inline]
    pub fn fill(&mut self, handle: Handle, x: f64, w: impl Into<f64>) {
        self.fill_if(handle, x, w, true);
    }

    /// [`fill`](Self::fill) where `is_wanted`, without a branch that would be guessed wrong.
    #[inline]
    pub fn fill_if(&mut self, handle: Handle, x: f64, w: impl Into<f64>, is_wanted: bool) {
        let Some(gathered) = self.gathered.get_mut(handle.index()) else {
            return;
        };
        let at = gathered.count;
        if let (Some(value), Some(weight)) =
            (gathered.values.get_mut(at), gathered.weights.get_mut(at))
        {
            // Overwritten by the next where it does not count.
            (*value, *weight) = (x, w.into());
            gathered.count += usize::from(is_wanted);
        }
        if gathered.count == BLOCK {
            self.add(handle.index());
        }
    }

    /// Fills at `exact()`, of which `x` is known to be closer than `distance`. Where that does not
    /// matter, because no edge of a bin is so close, `x` is taken and `exact` not called.
    #[inline]
    pub fn fill_near(
        &mut self,
        handle: Handle,
        x: f64,
        distance: f64,
        w: impl Into<f64>,
        exact: impl FnOnce() -> f64,
    ) {
        let is_clear = self.is_clear_of_edges(handle, x, distance);
        self.fill(handle, if is_clear { x } else { exact() }, w);
    }

    /// Fills a column into each of several histograms, in less time than one after the other:
    /// fills that fall into one bin wait for each other, those of several histograms need not.
    pub fn columns<const N: usize>(&mut self, mut columns: [Column<'_>; N], weights: &[f64]) {
        let handles = columns.each_ref().map(|column| column.handle.index());
        let Ok(mut histograms) = self.histograms.get_disjoint_mut(handles) else {
            // One of them twice.
            if N > 1 {
                columns
                    .into_iter()
                    .for_each(|column| self.columns([column], weights));
            }
            return;
        };
        let shortest = columns.iter().map(Column::len).min();
        let weights = weights
            .get(..shortest.unwrap_or_default())
            .unwrap_or(weights);
        for (block, weights) in weights.chunks(BLOCK).enumerate() {
            let range = block * BLOCK..block * BLOCK + weights.len();
            let weighted = !block::are_all_one(weights);
            let mut bins = [[0; BLOCK]; N];
            let filled = histograms.iter_mut().zip(&mut columns);
            for ((histogram, column), bins) in filled.zip(&mut bins) {
                let values = column.find_bins(range.clone(), histogram, bins);
                histogram.count(values, weights, weighted);
            }
            let sums = histograms.each_mut().map(|histogram| histogram.bins_mut());
            block::add(sums, &bins, weights);
        }
    }

    /// Takes the marks of those values away that are not [clear of
    /// edges](Self::is_clear_of_edges).
    pub fn keep_clear(&self, handle: Handle, values: &[f64], distance: f64, marks: &mut [bool]) {
        if let Some(histogram) = self.histograms.get(handle.index()) {
            block::keep_clear(histogram.axis(), values, distance, marks);
        }
    }

    /// Whether any value closer to `x` than `distance` falls into the same bin.
    pub fn is_clear_of_edges(&self, handle: Handle, x: f64, distance: f64) -> bool {
        let histogram = self.histograms.get(handle.index());
        histogram.is_some_and(|histogram| histogram.axis().is_clear_of_edges(x, distance))
    }

    /// Adds what is gathered for a histogram.
    fn add(&mut self, index: usize) {
        let (histogram, gathered) = (self.histograms.get_mut(index), self.gathered.get_mut(index));
        if let (Some(histogram), Some(gathered)) = (histogram, gathered) {
            let values = gathered.values.get(..gathered.count).unwrap_or_default();
            let weights = gathered.weights.get(..gathered.count).unwrap_or_default();
            histogram.fill_all(values, weights);
            gathered.count = 0;
        }
    }
}

impl Drop for Fills<'_> {
    fn drop(&mut self) {
        (0..self.histograms.len()).for_each(|index| self.add(index));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Axis, Precision};

    fn set() -> (HistogramSet, Handle) {
        let mut set = HistogramSet::new();
        let axis = Axis::new(8, -2.0, 2.0).unwrap();
        let handle = set
            .book(Histogram1D::new("h", "", axis, Precision::F64))
            .unwrap();
        (set, handle)
    }

    proptest! {
        #[test]
        fn gathered_fills_are_those_one_after_the_other(
            fills in prop::collection::vec((-3.0..3.0f64, 0.5..2.0f64), 0..300),
        ) {
            let ((mut gathered, handle), (mut single, _)) = (set(), set());
            let mut all = gathered.gather();
            let (first, rest) = fills.split_at(fills.len() / 2);
            let (values, weights): (Vec<f64>, Vec<f64>) = first.iter().copied().unzip();
            all.columns([Column::new(handle, &values)], &weights);
            for &(x, w) in rest {
                all.fill_if(handle, x, w, false);
                all.fill(handle, x, w);
            }
            drop(all);
            fills.iter().for_each(|&(x, w)| single.fill(handle, x, w));
            let (ours, theirs) = (gathered.get("h").unwrap(), single.get("h").unwrap());
            prop_assert_eq!(ours.entries(), theirs.entries());
            prop_assert!(ours.contents().eq(theirs.contents()));
            prop_assert!(ours.sumw2().map(Vec::from_iter) == theirs.sumw2().map(Vec::from_iter));
            let (a, b) = (ours.statistics(), theirs.statistics());
            for (a, b) in [(a.sumw, b.sumw), (a.sumw2, b.sumw2), (a.sumwx, b.sumwx), (a.sumwx2, b.sumwx2)] {
                prop_assert!((a - b).abs() <= 1e-11 * fills.len() as f64, "{a} {b}");
            }
        }
    }

    proptest! {
        #[test]
        fn columns_of_several_histograms_are_filled_as_each_alone(
            fills in prop::collection::vec((-3.0..3.0f64, -3i32..3, 0.5..2.0f64), 0..300),
        ) {
            let mut set = HistogramSet::new();
            let [a, b] = [("a", 8), ("b", 7)].map(|(name, bins)| {
                let axis = Axis::new(bins, -2.0, 2.0).unwrap();
                set.book(Histogram1D::new(name, "", axis, Precision::F64)).unwrap()
            });
            let mut alone = set.clone();
            let column = |of: fn(&(f64, i32, f64)) -> f64| fills.iter().map(of).collect::<Vec<_>>();
            let (mut xs, ws) = (column(|fill| fill.0), column(|fill| fill.2));
            let integers = column(|fill| f64::from(fill.1));
            let exact = |place: usize| fills[place].0;
            for twice in [false, true] {
                let other = if twice { a } else { b };
                let near = Column::near(a, &mut xs, 1e-9, &exact);
                set.gather().columns([near, Column::new(other, &integers)], &ws);
                for column in [Column::near(a, &mut xs, 1e-9, &exact), Column::new(other, &integers)] {
                    alone.gather().columns([column], &ws);
                }
            }
            prop_assert_eq!(set, alone);
        }
    }

    #[test]
    fn not_a_number_goes_to_the_overflow_and_not_into_the_sums() {
        let (mut set, handle) = set();
        set.gather().fill(handle, f64::NAN, 1.0);
        let histogram = set.get("h").unwrap();
        assert_eq!((histogram.content(9), histogram.entries()), (Some(1.0), 1));
        assert_eq!(histogram.statistics().sumwx, 0.0);
    }

    #[test]
    fn beside_an_edge_the_exact_value_decides() {
        let (mut set, handle) = set();
        let mut values: Vec<f64> = (0..100).map(|_| 0.6).collect();
        values[70] = 0.5;
        let exact = |place| {
            assert_eq!(place, 70, "0.6 is far from any edge");
            0.5 - 1e-12
        };
        let mut fills = set.gather();
        let mut clear = [true; 100];
        fills.keep_clear(handle, &values, 1e-9, &mut clear);
        assert!((0..100).all(|place| clear[place] == (place != 70)));
        let near = Column::near(handle, &mut values, 1e-9, &exact);
        fills.columns([near], &[1.0; 100]);
        fills.fill_near(handle, 0.5, 1e-9, 1.0, || exact(70));
        fills.fill_near(handle, 0.6, 1e-9, 1.0, || exact(0));
        drop(fills);
        let contents: Vec<f64> = set.get("h").unwrap().contents().collect();
        assert_eq!(contents[4..8], [0.0, 2.0, 100.0, 0.0]);
    }
}
