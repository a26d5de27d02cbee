//! The histograms of one analysis.

use crate::{Error, Histogram1D};

/// The place of a histogram in the [`HistogramSet`] that booked it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle(usize);

impl Handle {
    pub(crate) fn index(self) -> usize {
        self.0
    }
}

/// Histograms in the order of booking, which is the order in which they are written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistogramSet {
    histograms: Vec<Histogram1D>,
}

impl HistogramSet {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a histogram in. The handle is good for this set and its clones.
    ///
    /// # Errors
    /// [`Error::Booked`] when one of the same name is in the set.
    pub fn book(&mut self, histogram: Histogram1D) -> Result<Handle, Error> {
        if self.get(histogram.name()).is_some() {
            return Err(Error::Booked(histogram.name().to_owned()));
        }
        self.histograms.push(histogram);
        Ok(Handle(self.histograms.len() - 1))
    }

    /// Adds weight `w` at `x` to one histogram. A handle of another set that points past the end
    /// of this one fills nothing.
    #[inline]
    pub fn fill(&mut self, handle: Handle, x: f64, w: impl Into<f64>) {
        if let Some(histogram) = self.histograms.get_mut(handle.0) {
            histogram.fill(x, w);
        }
    }

    /// The histogram of that name.
    pub fn get(&self, name: &str) -> Option<&Histogram1D> {
        self.iter().find(|histogram| histogram.name() == name)
    }

    /// The histograms in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Histogram1D> {
        self.histograms.iter()
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [Histogram1D] {
        &mut self.histograms
    }

    /// The number of histograms.
    pub fn len(&self) -> usize {
        self.histograms.len()
    }

    /// Whether there is no histogram.
    pub fn is_empty(&self) -> bool {
        self.histograms.is_empty()
    }

    /// Adds another set of the same booking, histogram by histogram.
    ///
    /// # Errors
    /// [`Error::Order`] or [`Error::Binning`] when the other set's histograms are not the same
    /// ones in the same order; nothing is added after the first that differs in binning.
    pub fn add(&mut self, other: &Self) -> Result<(), Error> {
        for at in 0..self.len().max(other.len()) {
            let [ours, theirs] = [self, other].map(|set| set.histograms.get(at));
            if ours.map(Histogram1D::name) != theirs.map(Histogram1D::name) {
                let [ours, theirs] = [ours, theirs].map(|histogram| match histogram {
                    Some(histogram) => format!("`{}`", histogram.name()),
                    None => "nothing".to_owned(),
                });
                return Err(Error::Order { ours, theirs });
            }
        }
        for (ours, theirs) in self.histograms.iter_mut().zip(other) {
            ours.add(theirs)?;
        }
        Ok(())
    }
}

impl<'a> IntoIterator for &'a HistogramSet {
    type Item = &'a Histogram1D;
    type IntoIter = std::slice::Iter<'a, Histogram1D>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Axis, Precision};

    fn named(name: &str) -> Histogram1D {
        Histogram1D::new(name, "", Axis::new(2, 0.0, 1.0).unwrap(), Precision::F32)
    }

    #[test]
    fn a_handle_fills_its_histogram_in_clones_too() {
        let mut set = HistogramSet::new();
        let a = set.book(named("a")).unwrap();
        let b = set.book(named("b")).unwrap();
        let mut copy = set.clone();
        copy.fill(b, 0.7, 2.0_f32);
        copy.fill(a, 0.2, 1.0_f32);
        set.add(&copy).unwrap();
        assert_eq!(set.get("b").and_then(|h| h.content(2)), Some(2.0));
        assert_eq!(set.get("a").and_then(|h| h.content(1)), Some(1.0));
        assert_eq!(
            set.iter().map(Histogram1D::name).collect::<Vec<_>>(),
            ["a", "b"]
        );
    }

    #[test]
    fn a_name_is_booked_once() {
        let mut set = HistogramSet::new();
        set.book(named("a")).unwrap();
        assert_eq!(set.book(named("a")), Err(Error::Booked("a".to_owned())));
    }

    #[test]
    fn sets_of_other_histograms_are_not_added() {
        let (mut ours, mut theirs) = (HistogramSet::new(), HistogramSet::new());
        ours.book(named("a")).unwrap();
        assert_eq!(
            ours.add(&theirs),
            Err(Error::Order {
                ours: "`a`".to_owned(),
                theirs: "nothing".to_owned()
            })
        );
        theirs.book(named("b")).unwrap();
        assert!(ours.add(&theirs).is_err());
    }
}
