//! A `TH1F` as it stands in a file, with ROOT's arithmetic on it.

use crate::title::Titles;
use crate::{Axis, Error, Histogram1D, Statistics};

/// A `TH1F`: contents in single precision, rounded after every step as ROOT rounds them.
///
/// [`Histogram1D`] is for filling and keeps its sums in `f64`. What is done to filled histograms
/// before they are drawn (scaling, adding, dividing) follows ROOT step by step here, so that
/// stacks made of the same files have the same contents.
#[derive(Clone, Debug, PartialEq)]
pub struct Th1f {
    pub(crate) name: String,
    pub(crate) titles: Titles,
    pub(crate) axis: Axis,
    /// Underflow first and overflow last.
    pub(crate) contents: Vec<f32>,
    /// `fSumw2`, as long as the contents, or none: the errors are the roots of the contents then.
    pub(crate) sumw2: Option<Vec<f64>>,
    pub(crate) entries: f64,
    pub(crate) statistics: Statistics,
}

impl Th1f {
    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A histogram of the same name, titles and bins without fills.
    #[must_use]
    pub fn emptied(&self) -> Self {
        Self {
            name: self.name.clone(),
            titles: self.titles.clone(),
            axis: self.axis,
            contents: vec![0.0; self.contents.len()],
            sumw2: None,
            entries: 0.0,
            statistics: Statistics::default(),
        }
    }

    /// The same histogram under another name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// The same histogram with another title; those of the axes stay.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        title.clone_into(&mut self.titles.own);
        self
    }

    /// The same histogram with another title of the x axis.
    #[must_use]
    pub fn x_titled(mut self, title: &str) -> Self {
        title.clone_into(&mut self.titles.x);
        self
    }

    /// The same histogram with another title of the y axis.
    #[must_use]
    pub fn y_titled(mut self, title: &str) -> Self {
        title.clone_into(&mut self.titles.y);
        self
    }

    /// The title without those of the axes.
    pub fn title(&self) -> &str {
        &self.titles.own
    }

    /// The title of the x axis.
    pub fn x_title(&self) -> &str {
        &self.titles.x
    }

    /// The title of the y axis.
    pub fn y_title(&self) -> &str {
        &self.titles.y
    }

    /// The binning.
    pub fn axis(&self) -> &Axis {
        &self.axis
    }

    /// `fEntries`: the number of fills of all that was added up.
    pub fn entries(&self) -> f64 {
        self.entries
    }

    /// The contents, underflow first and overflow last.
    pub fn contents(&self) -> &[f32] {
        &self.contents
    }

    /// The contents within the range.
    pub fn bins(&self) -> &[f32] {
        match self.contents.as_slice() {
            [_, bins @ .., _] => bins,
            _ => &[],
        }
    }

    /// The errors within the range: √Σw², or √|content| where no weights are kept
    /// (`TH1::GetBinError`).
    pub fn errors(&self) -> Vec<f64> {
        let last = self.contents.len().saturating_sub(1);
        (1..last).map(|bin| self.variance(bin).sqrt()).collect()
    }

    /// The sum of the contents within the range (`TH1::Integral`).
    pub fn integral(&self) -> f64 {
        self.bins().iter().copied().map(f64::from).sum()
    }

    /// The error of [`integral`](Self::integral) (`TH1::IntegralAndError`).
    pub fn integral_error(&self) -> f64 {
        let squares = self.errors().into_iter().map(|error| error * error);
        squares.sum::<f64>().sqrt()
    }

    /// Multiplies contents by a factor, each rounded once, and squared errors by its square
    /// (`TH1::Scale`, which makes errors of their own for a histogram without).
    pub fn scale(&mut self, factor: f64) {
        self.keep_errors();
        for content in &mut self.contents {
            *content = single(factor * f64::from(*content));
        }
        for square in self.sumw2.iter_mut().flatten() {
            *square *= factor * factor;
        }
        let statistics = &mut self.statistics;
        statistics.sumw *= factor;
        statistics.sumw2 *= factor * factor;
        statistics.sumwx *= factor;
        statistics.sumwx2 *= factor;
    }

    /// Adds another histogram's contents, each sum rounded, and squared errors (`TH1::Add`).
    ///
    /// # Errors
    /// [`Error::Binning`] when the axes differ; nothing is added then.
    pub fn add(&mut self, other: &Self) -> Result<(), Error> {
        self.same_axis(other)?;
        if other.sumw2.is_some() {
            self.keep_errors();
        }
        for (bin, square) in self.sumw2.iter_mut().flatten().enumerate() {
            *square += other.variance(bin);
        }
        for (ours, theirs) in self.contents.iter_mut().zip(&other.contents) {
            *ours += theirs;
        }
        self.entries += other.entries;
        self.statistics.sumw += other.statistics.sumw;
        self.statistics.sumw2 += other.statistics.sumw2;
        self.statistics.sumwx += other.statistics.sumwx;
        self.statistics.sumwx2 += other.statistics.sumwx2;
        Ok(())
    }

    /// Divides bin by bin with the errors of both (`TH1::Divide`); 0 where the other is 0.
    ///
    /// # Errors
    /// [`Error::Binning`] when the axes differ; nothing is divided then.
    pub fn divide(&mut self, other: &Self) -> Result<(), Error> {
        self.same_axis(other)?;
        self.keep_errors();
        let squares = self.sumw2.iter_mut().flatten();
        for ((bin, content), square) in self.contents.iter_mut().enumerate().zip(squares) {
            let ours = f64::from(*content);
            let theirs = f64::from(other.contents.get(bin).copied().unwrap_or_default());
            let divisor = theirs * theirs;
            if theirs == 0.0 {
                (*content, *square) = (0.0, 0.0);
            } else {
                *content = single(ours / theirs);
                *square =
                    (*square * divisor + other.variance(bin) * ours * ours) / (divisor * divisor);
            }
        }
        Ok(())
    }

    /// Takes off, bin by bin, what `curve` is at the bin's centre; errors stay (`TH1::Add` of a
    /// function).
    pub fn subtract(&mut self, curve: impl Fn(f64) -> f64) {
        self.keep_errors();
        for (bin, content) in (0..).zip(&mut self.contents) {
            *content = single(f64::from(*content) - curve(self.axis.center(bin)));
        }
    }

    /// Adds the overflow's content to the last bin's. As the reference's plots do it, the overflow
    /// stays and no error changes (`TH1F::AddBinContent`).
    pub fn fold_overflow(&mut self) {
        if let [.., last, overflow] = self.contents.as_mut_slice() {
            *last += *overflow;
        }
    }

    /// The squared error of a bin.
    fn variance(&self, bin: usize) -> f64 {
        match &self.sumw2 {
            Some(squares) => squares.get(bin).copied().unwrap_or_default(),
            None => f64::from(self.contents.get(bin).copied().unwrap_or_default()).abs(),
        }
    }

    /// Keeps squared errors from here on (`TH1::Sumw2`).
    fn keep_errors(&mut self) {
        if self.sumw2.is_none() {
            self.sumw2 = Some(
                (0..self.contents.len())
                    .map(|bin| self.variance(bin))
                    .collect(),
            );
        }
    }

    fn same_axis(&self, other: &Self) -> Result<(), Error> {
        if self.axis == other.axis {
            return Ok(());
        }
        Err(Error::Binning {
            name: self.name.clone(),
            ours: self.axis,
            theirs: other.axis,
        })
    }
}

/// What a `TH1F` holds of what was filled, rounded once.
impl From<&Histogram1D> for Th1f {
    fn from(filled: &Histogram1D) -> Self {
        #[allow(clippy::cast_precision_loss, reason = "TH1::fEntries is a double")]
        let entries = filled.entries() as f64;
        Self {
            name: filled.name().to_owned(),
            titles: filled.titles().clone(),
            axis: *filled.axis(),
            contents: filled.contents_f32().collect(),
            sumw2: filled.sumw2().map(Iterator::collect),
            entries,
            statistics: filled.statistics(),
        }
    }
}

#[allow(clippy::cast_possible_truncation, reason = "rounding is what is meant")]
fn single(value: f64) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Precision;

    fn filled(weights: &[(f64, f64)]) -> Th1f {
        let axis = Axis::new(2, 0.0, 2.0).unwrap();
        let mut histogram = Histogram1D::new("h", "t;x;y", axis, Precision::F32);
        for &(x, w) in weights {
            histogram.fill(x, w);
        }
        Th1f::from(&histogram)
    }

    #[test]
    fn the_overflow_is_added_to_the_last_bin_and_nothing_else_changes() {
        let before = filled(&[(1.5, 2.0), (5.0, 0.5), (-1.0, 3.0)]);
        let mut after = before.clone();
        after.fold_overflow();
        assert_eq!(after.contents(), [3.0, 0.0, 2.5, 0.5]);
        assert_eq!(after.errors(), before.errors());
    }

    #[test]
    fn data_without_weights_has_roots_of_its_counts_for_errors() {
        let mut data = filled(&[(0.5, 1.0), (0.5, 1.0), (0.5, 1.0), (0.5, 1.0)]);
        assert_eq!(data.errors(), [2.0, 0.0]);
        data.scale(0.5);
        assert_eq!(
            (data.bins(), data.errors()),
            (&[2.0, 0.0][..], vec![1.0, 0.0])
        );
    }

    #[test]
    fn a_ratio_has_the_errors_of_both() {
        let mut data = filled(&[(0.5, 1.0); 4]);
        data.add(&filled(&[(1.5, 1.0)])).unwrap();
        data.divide(&filled(&[(0.5, 2.0)])).unwrap();
        assert_eq!(data.bins(), [2.0, 0.0]);
        // (2/4)² + (2/2)² of the ratio's square.
        assert_eq!(data.errors(), [2.0 * 1.25_f64.sqrt(), 0.0]);
    }

    #[test]
    fn a_curve_is_taken_off_at_the_centres() {
        let mut data = filled(&[(0.5, 1.0), (1.5, 1.0)]);
        data.subtract(|x| x);
        assert_eq!(
            (data.bins(), data.errors()),
            (&[0.5, -0.5][..], vec![1.0, 1.0])
        );
    }

    #[test]
    fn other_axes_are_not_added() {
        let axis = Axis::new(3, 0.0, 2.0).unwrap();
        let other = Th1f::from(&Histogram1D::new("o", "", axis, Precision::F32));
        let mut ours = filled(&[]);
        assert!(ours.add(&other).is_err() && ours.divide(&other).is_err());
    }

    fn fills() -> impl Strategy<Value = Vec<(f64, f64)>> {
        proptest::collection::vec((-0.5..2.5, -2.0..5.0), 0..20)
    }

    proptest! {
        #[test]
        fn scaling_and_adding_agree_with_double_precision(a in fills(), b in fills(), factor in 1e-6..1e6) {
            let (mut sum, mut scaled) = (filled(&a), filled(&b));
            scaled.scale(factor);
            sum.add(&scaled).unwrap();
            for (bin, content) in sum.contents().iter().enumerate() {
                let (a, b) = (filled(&a), filled(&b));
                let (a, b) = (f64::from(a.contents[bin]), factor * f64::from(b.contents[bin]));
                prop_assert!((f64::from(*content) - (a + b)).abs() <= 2e-7 * (a.abs() + b.abs()));
            }
            let variances = |fills: &[(f64, f64)]| filled(fills).errors().into_iter().map(|e| e * e);
            for ((error, a), b) in sum.errors().into_iter().zip(variances(&a)).zip(variances(&b)) {
                let expected = a + factor * factor * b;
                prop_assert!((error * error - expected).abs() <= 1e-9 * expected);
            }
        }
    }
}
