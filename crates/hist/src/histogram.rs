//! One-dimensional histograms.

use std::sync::Arc;

use crate::block::{self, BLOCK};
use crate::sums::{Bin, Statistics};
use crate::title::Titles;
use crate::{Axis, Error};

/// The type in which ROOT stores the bin contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// `TH1F`.
    F32,
    /// `TH1D`.
    F64,
}

/// A one-dimensional histogram of equal bins: `TH1F` or `TH1D`.
///
/// All sums are kept in `f64`. A `TH1F`'s contents are rounded once, when they are asked for, so
/// that neither the order of fills nor the number of parts shows in more than the last digit of
/// an `f64`; ROOT itself adds weights to an `f32`.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram1D {
    /// Shared by its clones, of which each run of events has one to fill.
    texts: Arc<Texts>,
    axis: Axis,
    precision: Precision,
    bins: Vec<Bin>,
    entries: u64,
    statistics: Statistics,
    weighted: bool,
}

/// What a histogram is called.
#[derive(Debug, PartialEq, Eq)]
struct Texts {
    name: String,
    titles: Titles,
}

impl Histogram1D {
    /// An empty histogram. `title` is ROOT's `"title;x title;y title"`, blanks kept.
    pub fn new(name: &str, title: &str, axis: Axis, precision: Precision) -> Self {
        Self {
            texts: Arc::new(Texts {
                name: name.to_owned(),
                titles: Titles::parse(title),
            }),
            axis,
            precision,
            bins: vec![Bin::default(); axis.overflow() as usize + 1],
            entries: 0,
            statistics: Statistics::default(),
            weighted: false,
        }
    }

    /// Adds weight `w` to the bin of `x`. A fill outside the range counts as an entry but not in
    /// the statistics; NaN goes to the overflow.
    #[inline]
    pub fn fill(&mut self, x: f64, w: impl Into<f64>) {
        let w = w.into();
        let bin = self.axis.find_bin(x);
        if let Some(sums) = self.bins.get_mut(bin as usize) {
            sums.sumw += w;
            sums.sumw2 += w * w;
        }
        self.entries += 1;
        self.weighted |= w != 1.0;
        if (1..=self.axis.bins()).contains(&bin) {
            let statistics = &mut self.statistics;
            statistics.sumw += w;
            statistics.sumw2 += w * w;
            statistics.sumwx += w * x;
            statistics.sumwx2 += w * x * x;
        }
    }

    /// [`Histogram1D::fill`] for each value with its weight, in their order.
    pub(crate) fn fill_all(&mut self, values: &[f64], weights: &[f64]) {
        for (values, weights) in values.chunks(BLOCK).zip(weights.chunks(BLOCK)) {
            let mut bins = [0; BLOCK];
            self.find_bins(values, &mut bins);
            self.count(values, weights, !block::are_all_one(weights));
            block::add([&mut self.bins], &[bins], weights);
        }
    }

    /// The bins of [`BLOCK`] values at most.
    pub(crate) fn find_bins(&self, values: &[f64], bins: &mut [u32; BLOCK]) {
        // Numbers of things may all stand on edges: those are found together.
        if block::quick_bins(&self.axis, values, self.axis.edge_rounding(), bins) != 0 {
            block::find_bins(&self.axis, values, bins);
        }
    }

    /// The bins of [`BLOCK`] exact values at most, of which `values` are known to be closer than
    /// `distance`. Those for which that does not suffice become `exact` of their place.
    pub(crate) fn find_bins_near(
        &self,
        values: &mut [f64],
        distance: f64,
        exact: impl Fn(usize) -> f64,
        bins: &mut [u32; BLOCK],
    ) {
        let distance = distance.max(self.axis.edge_rounding());
        let unclear = block::quick_bins(&self.axis, values, distance, bins);
        for place in places(unclear) {
            if let (Some(bin), Some(x)) = (bins.get_mut(place), values.get_mut(place)) {
                *x = exact(place);
                *bin = self.axis.find_bin(*x);
            }
        }
    }

    /// Counts [`BLOCK`] fills at most in all sums but those of the bins; `weighted` tells whether a
    /// weight is not 1.
    pub(crate) fn count(&mut self, values: &[f64], weights: &[f64], weighted: bool) {
        self.statistics += block::statistics(&self.axis, values, weights);
        self.entries += values.len().min(weights.len()) as u64;
        self.weighted |= weighted;
    }

    /// The sums of the bins.
    pub(crate) fn bins_mut(&mut self) -> &mut [Bin] {
        &mut self.bins
    }

    /// Adds the sums of `entries` fills that were counted elsewhere, at the centre of their bin.
    /// Nothing is added outside the range.
    pub fn add_to_bin(&mut self, bin: u32, entries: u64, sumw: f64, sumw2: f64) {
        if !(1..=self.axis.bins()).contains(&bin) {
            return;
        }
        if let Some(sums) = self.bins.get_mut(bin as usize) {
            sums.sumw += sumw;
            sums.sumw2 += sumw2;
        }
        let x = self.axis.center(bin);
        self.entries += entries;
        self.weighted |= sumw != sumw2;
        self.statistics.sumw += sumw;
        self.statistics.sumw2 += sumw2;
        self.statistics.sumwx += sumw * x;
        self.statistics.sumwx2 += sumw * x * x;
    }

    /// Adds another histogram's sums to this one's. Name and titles stay.
    ///
    /// # Errors
    /// [`Error::Binning`] when the axes differ; nothing is added then.
    pub fn add(&mut self, other: &Self) -> Result<(), Error> {
        if self.axis != other.axis {
            return Err(Error::Binning {
                name: self.texts.name.clone(),
                ours: self.axis,
                theirs: other.axis,
            });
        }
        for (ours, theirs) in self.bins.iter_mut().zip(&other.bins) {
            ours.sumw += theirs.sumw;
            ours.sumw2 += theirs.sumw2;
        }
        self.entries += other.entries;
        self.weighted |= other.weighted;
        self.statistics += other.statistics;
        Ok(())
    }

    /// The name, the key under which ROOT stores it.
    pub fn name(&self) -> &str {
        &self.texts.name
    }

    /// The title without those of the axes.
    pub fn title(&self) -> &str {
        &self.texts.titles.own
    }

    /// The title of the x axis.
    pub fn x_title(&self) -> &str {
        &self.texts.titles.x
    }

    /// The title of the y axis.
    pub fn y_title(&self) -> &str {
        &self.texts.titles.y
    }

    /// Whether another has its name, titles, axis and class, whatever was filled into either.
    pub(crate) fn is_booked_as(&self, other: &Self) -> bool {
        self.texts == other.texts && (self.axis, self.precision) == (other.axis, other.precision)
    }

    /// The titles, its own and those of the axes.
    pub(crate) fn titles(&self) -> &Titles {
        &self.texts.titles
    }

    /// The binning.
    pub fn axis(&self) -> &Axis {
        &self.axis
    }

    /// Whether this is a `TH1F` or a `TH1D`.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// ROOT's name of the class.
    pub fn class_name(&self) -> &'static str {
        match self.precision {
            Precision::F32 => "TH1F",
            Precision::F64 => "TH1D",
        }
    }

    /// The number of fills, inside the range and outside.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// The sums over the fills inside the range.
    pub fn statistics(&self) -> Statistics {
        self.statistics
    }

    /// The content of a bin as stored, `None` past the overflow.
    pub fn content(&self, bin: u32) -> Option<f64> {
        let sumw = self.bins.get(bin as usize)?.sumw;
        Some(self.stored(sumw))
    }

    /// The contents as stored, underflow first and overflow last.
    pub fn contents(&self) -> impl ExactSizeIterator<Item = f64> + '_ {
        self.bins.iter().map(|bin| self.stored(bin.sumw))
    }

    /// The contents rounded to what a `TH1F` stores, underflow first and overflow last.
    pub fn contents_f32(&self) -> impl ExactSizeIterator<Item = f32> + '_ {
        self.bins.iter().map(|bin| to_f32(bin.sumw))
    }

    /// Σw² of each bin, underflow first and overflow last.
    ///
    /// `None` while every weight was 1, as for data: ROOT then stores no `fSumw2` and takes the
    /// contents instead (`TH1::Fill` creates it with the first other weight).
    pub fn sumw2(&self) -> Option<impl ExactSizeIterator<Item = f64> + '_> {
        self.weighted.then(|| self.bins.iter().map(|bin| bin.sumw2))
    }

    /// The statistical error of a bin's content, √Σw²; `None` past the overflow.
    pub fn error(&self, bin: u32) -> Option<f64> {
        self.bins.get(bin as usize).map(|bin| bin.sumw2.sqrt())
    }

    /// The mean of the fills inside the range, 0 where their weights sum to 0 (`TH1::GetMean`).
    pub fn mean(&self) -> f64 {
        let Statistics { sumw, sumwx, .. } = self.statistics;
        if sumw == 0.0 { 0.0 } else { sumwx / sumw }
    }

    /// The standard deviation of the fills inside the range (`TH1::GetStdDev`).
    pub fn std_dev(&self) -> f64 {
        let Statistics { sumw, sumwx2, .. } = self.statistics;
        if sumw == 0.0 {
            return 0.0;
        }
        (sumwx2 / sumw - self.mean().powi(2)).abs().sqrt()
    }

    fn stored(&self, sumw: f64) -> f64 {
        match self.precision {
            Precision::F32 => f64::from(to_f32(sumw)),
            Precision::F64 => sumw,
        }
    }
}

/// The places of the bits that are set.
fn places(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = bits.trailing_zeros();
        // The lowest.
        bits &= bits.wrapping_sub(1);
        (place < u64::BITS).then_some(place as usize)
    })
}

#[allow(clippy::cast_possible_truncation, reason = "rounding is what is meant")]
fn to_f32(sum: f64) -> f32 {
    sum as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(precision: Precision) -> Histogram1D {
        Histogram1D::new("h", "t;x;y", Axis::new(4, 0.0, 2.0).unwrap(), precision)
    }

    #[test]
    fn fills_outside_count_as_entries_only() {
        let mut h = histogram(Precision::F32);
        for x in [-1.0, 0.25, 1.75, 2.0, f64::NAN] {
            h.fill(x, 1.0_f32);
        }
        assert_eq!(
            h.contents().collect::<Vec<_>>(),
            [1.0, 1.0, 0.0, 0.0, 1.0, 2.0]
        );
        assert_eq!(h.entries(), 5);
        assert_eq!(
            h.statistics(),
            Statistics {
                sumw: 2.0,
                sumw2: 2.0,
                sumwx: 2.0,
                sumwx2: 3.125
            }
        );
        assert_eq!((h.mean(), h.std_dev()), (1.0, 0.75));
    }

    #[test]
    fn squares_of_weights_appear_with_the_first_other_weight_and_cover_earlier_fills() {
        let mut h = histogram(Precision::F32);
        h.fill(0.1, 1.0_f32);
        assert!(h.sumw2().is_none());
        h.fill(0.1, -2.0_f32);
        let sumw2: Vec<f64> = h.sumw2().unwrap().collect();
        assert_eq!(sumw2, [0.0, 5.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(h.content(1), Some(-1.0));
        assert_eq!(h.error(1), Some(5.0_f64.sqrt()));
    }

    #[test]
    fn a_th1f_is_rounded_once_and_a_th1d_not_at_all() {
        let (mut single, mut double) = (histogram(Precision::F32), histogram(Precision::F64));
        for h in [&mut single, &mut double] {
            for _ in 0..3 {
                h.fill(1.0, 0.1_f64);
            }
        }
        let sum = 0.1 + 0.1 + 0.1;
        assert_eq!(double.content(3), Some(sum));
        assert_eq!(single.content(3), Some(f64::from(sum as f32)));
        assert_eq!((single.class_name(), double.class_name()), ("TH1F", "TH1D"));
    }

    #[test]
    fn fills_counted_elsewhere_are_those_at_the_centre() {
        let (mut h, mut filled) = (histogram(Precision::F64), histogram(Precision::F64));
        h.add_to_bin(2, 3, 3.0, 3.0);
        h.add_to_bin(5, 3, 3.0, 3.0);
        for _ in 0..3 {
            filled.fill(0.75, 1.0);
        }
        assert_eq!(h, filled);
        assert!(h.sumw2().is_none());
        h.add_to_bin(1, 1, 2.0, 4.0);
        assert!(h.sumw2().is_some());
    }

    #[test]
    fn histograms_of_other_binning_are_not_added() {
        let mut h = histogram(Precision::F32);
        let other = Histogram1D::new("h", "", Axis::new(4, 0.0, 3.0).unwrap(), Precision::F32);
        let error = h.add(&other).unwrap_err().to_string();
        assert_eq!(
            error,
            "cannot add to histogram `h` (4 bins from 0 to 2) one binned 4 bins from 0 to 3"
        );
    }
}
