//! Histograms of the reference framework, and when ours are equal to them.

use std::fs;
use std::path::{Path, PathBuf};

use rootlake_hist::{Histogram1D, HistogramSet, Statistics};
use serde::Deserialize;

/// What the reference framework filled from one sample.
#[derive(Clone, Debug, Deserialize)]
pub struct Reference {
    /// The analysis: `HZZ`.
    pub analysis: String,
    /// The sample name under which it ran.
    pub option: String,
    /// The files it read, as one chain.
    pub inputs: Vec<String>,
    /// The events it read.
    pub events: u64,
    /// The histograms in the order in which it wrote them.
    pub histograms: Vec<ReferenceHistogram>,
}

/// One histogram as ROOT holds it.
#[derive(Clone, Debug, Deserialize)]
pub struct ReferenceHistogram {
    name: String,
    cls: String,
    title: String,
    xtitle: String,
    ytitle: String,
    nbins: u32,
    xlow: f64,
    xup: f64,
    entries: f64,
    contents: Vec<f64>,
    sumw2: Option<Vec<f64>>,
    tsumw: f64,
    tsumw2: f64,
    tsumwx: f64,
    tsumwx2: f64,
}

/// A reference that cannot be read, or the first difference from it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("{path}: {cause}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The file does not hold a reference.
    #[error("{path}: {cause}")]
    Parse {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: serde_json::Error,
    },
    /// The histograms are others, or in another order.
    #[error("histogram number {number} is {ours}, the reference's {theirs}")]
    Order {
        /// Counted from 1.
        number: usize,
        /// The name of ours, or "missing".
        ours: String,
        /// The name of the reference's, or "missing".
        theirs: String,
    },
    /// A quantity differs by more than the reference's own rounding.
    #[error("{histogram}: {quantity} is {ours}, the reference's {theirs}")]
    Difference {
        /// The histogram.
        histogram: String,
        /// What differs.
        quantity: String,
        /// Our value.
        ours: String,
        /// The reference's value.
        theirs: String,
    },
}

impl Reference {
    /// Reads a reference from its JSON file.
    ///
    /// # Errors
    /// [`Error::Read`] or [`Error::Parse`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|cause| Error::Read {
            path: path.to_owned(),
            cause,
        })?;
        serde_json::from_str(&text).map_err(|cause| Error::Parse {
            path: path.to_owned(),
            cause,
        })
    }

    /// Compares all histograms, except those that the reference smears at random: a simulation's
    /// `hist_*syst*`.
    ///
    /// # Errors
    /// The first difference.
    pub fn compare(&self, ours: &HistogramSet) -> Result<(), Error> {
        let name = |name: Option<&str>| name.map_or_else(|| "missing".to_owned(), str::to_owned);
        let mut histograms = ours.iter();
        let mut references = self.histograms.iter();
        for number in 1.. {
            let (histogram, reference) = match (histograms.next(), references.next()) {
                (Some(ours), Some(theirs)) if ours.name() == theirs.name => (ours, theirs),
                (None, None) => break,
                (ours, theirs) => {
                    return Err(Error::Order {
                        number,
                        ours: name(ours.map(Histogram1D::name)),
                        theirs: name(theirs.map(|reference| reference.name.as_str())),
                    });
                }
            };
            let is_random = !self.option.contains("data") && reference.name.contains("syst");
            if !is_random {
                reference.compare(histogram)?;
            }
        }
        Ok(())
    }
}

impl ReferenceHistogram {
    /// Compares one histogram.
    ///
    /// Exactly equal: class, titles, binning, entries, and whether there are squared weights;
    /// without them the contents as well. With weights, the contents within the rounding of the
    /// reference's additions in single precision, the squared weights and the statistics to 1e-9.
    ///
    /// # Errors
    /// The first difference.
    pub fn compare(&self, ours: &Histogram1D) -> Result<(), Error> {
        let axis = ours.axis();
        self.exactly("class", ours.class_name(), self.cls.as_str())?;
        self.exactly("title", ours.title(), self.title.as_str())?;
        self.exactly("x title", ours.x_title(), self.xtitle.as_str())?;
        self.exactly("y title", ours.y_title(), self.ytitle.as_str())?;
        self.exactly("number of bins", axis.bins(), self.nbins)?;
        self.exactly("lower edge", axis.low(), self.xlow)?;
        self.exactly("upper edge", axis.high(), self.xup)?;
        self.exactly("number of entries", ours.entries() as f64, self.entries)?;
        self.exactly(
            "number of contents",
            ours.contents().len(),
            self.contents.len(),
        )?;

        let sumw2 = ours.sumw2().map(Iterator::collect::<Vec<f64>>);
        match (sumw2, &self.sumw2) {
            (Some(ours_sumw2), Some(sumw2)) => {
                self.within_rounding(ours, sumw2)?;
                for (bin, (&ours, &theirs)) in ours_sumw2.iter().zip(sumw2).enumerate() {
                    let what = || format!("sum of squared weights of bin {bin}");
                    self.near(what, ours, theirs, 1e-9 * theirs)?;
                }
            }
            (None, None) => {
                for (bin, (ours, &theirs)) in ours.contents().zip(&self.contents).enumerate() {
                    self.near(|| format!("content of bin {bin}"), ours, theirs, 0.0)?;
                }
            }
            (ours, theirs) => {
                self.exactly(
                    "presence of squared weights",
                    ours.is_some(),
                    theirs.is_some(),
                )?;
            }
        }
        self.same_statistics(ours.statistics())
    }

    /// The reference rounds to `f32` after each of the N fills of a bin, by at most
    /// 2⁻²⁴·N·max|w|. Neither N nor max|w| of a bin is on record; the first is no larger than the
    /// entries, the second than √Σw². What a single fill too many or too few would change is
    /// still far larger, and changes Σw² besides.
    fn within_rounding(&self, ours: &Histogram1D, sumw2: &[f64]) -> Result<(), Error> {
        let contents = ours.contents().zip(&self.contents).zip(sumw2);
        for (bin, ((ours, &theirs), &sumw2)) in contents.enumerate() {
            let largest = sumw2.sqrt();
            let rounding = f64::from(f32::EPSILON) / 2.0 * self.entries * largest;
            let tolerance = rounding.min(1e-5 * largest.max(theirs.abs()));
            self.near(|| format!("content of bin {bin}"), ours, theirs, tolerance)?;
        }
        Ok(())
    }

    fn same_statistics(&self, ours: Statistics) -> Result<(), Error> {
        for (name, ours, theirs) in [
            ("sum of weights", ours.sumw, self.tsumw),
            ("sum of squared weights", ours.sumw2, self.tsumw2),
            ("sum of w x", ours.sumwx, self.tsumwx),
            ("sum of w x²", ours.sumwx2, self.tsumwx2),
        ] {
            self.near(|| name.to_owned(), ours, theirs, 1e-9 * theirs.abs())?;
        }
        Ok(())
    }

    fn exactly<T: PartialEq + ToString>(
        &self,
        what: &str,
        ours: T,
        theirs: T,
    ) -> Result<(), Error> {
        match ours == theirs {
            true => Ok(()),
            false => Err(self.difference(what.to_owned(), &ours, &theirs)),
        }
    }

    fn near(
        &self,
        what: impl FnOnce() -> String,
        ours: f64,
        theirs: f64,
        tolerance: f64,
    ) -> Result<(), Error> {
        // Equality lets equal infinities pass; a NaN on either side is a difference.
        match ours == theirs || (ours - theirs).abs() <= tolerance {
            true => Ok(()),
            false => Err(self.difference(what(), &ours, &theirs)),
        }
    }

    fn difference(&self, quantity: String, ours: &impl ToString, theirs: &impl ToString) -> Error {
        Error::Difference {
            histogram: self.name.clone(),
            quantity,
            ours: ours.to_string(),
            theirs: theirs.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use rootlake_hist::{Axis, Precision};

    use super::*;

    /// What ROOT 6.40 holds after fills at 0.5 (weight 1), 1.5 (weight 0.1) and 3 (weight 2).
    fn reference(weighted: bool) -> ReferenceHistogram {
        let text = r#"{"name":"h","cls":"TH1F","title":"t","xtitle":" x","ytitle":"y","nbins":2,
            "xlow":0.0,"xup":2.0,"entries":3.0,"contents":[0.0,1.0,0.10000000149011612,2.0],
            "sumw2":[0.0,1.0,0.010000000298023226,4.0],"tsumw":1.1000000014901161,
            "tsumw2":1.0100000002980232,"tsumwx":0.6500000022351742,"tsumwx2":0.4750000033527613,
            "mean":0.0,"stddev":0.0}"#;
        let mut reference: ReferenceHistogram = serde_json::from_str(text).unwrap();
        if !weighted {
            reference.sumw2 = None;
        }
        reference
    }

    fn ours(last_weight: f32) -> Histogram1D {
        let axis = Axis::new(2, 0.0, 2.0).unwrap();
        let mut ours = Histogram1D::new("h", "t; x;y", axis, Precision::F32);
        ours.fill(0.5, 1.0_f32);
        ours.fill(1.5, 0.1_f32);
        ours.fill(3.0, last_weight);
        ours
    }

    #[test]
    fn equal_histograms_are_equal() {
        reference(true).compare(&ours(2.0)).unwrap();
    }

    #[test]
    fn the_first_difference_is_told() {
        let error = reference(true).compare(&ours(2.5)).unwrap_err().to_string();
        assert_eq!(error, "h: content of bin 3 is 2.5, the reference's 2");
        let error = reference(false)
            .compare(&ours(2.0))
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "h: presence of squared weights is true, the reference's false"
        );
    }

    #[test]
    fn every_quantity_counts() {
        let differing: [fn(&mut ReferenceHistogram); 9] = [
            |h| h.title.push(' '),
            |h| h.xtitle.clear(),
            |h| h.nbins = 3,
            |h| h.xlow = 0.1,
            |h| h.entries = 4.0,
            |h| h.contents[2] += 1e-6,
            |h| h.contents[2] = f64::NAN,
            |h| h.tsumwx *= 1.0 + 1e-8,
            |h| h.sumw2.as_mut().unwrap()[1] *= 1.0 + 1e-8,
        ];
        for change in differing {
            let mut reference = reference(true);
            change(&mut reference);
            assert!(reference.compare(&ours(2.0)).is_err(), "{reference:?}");
        }
    }

    #[test]
    fn order_and_number_of_histograms_count() {
        let reference = Reference {
            analysis: "A".to_owned(),
            option: "llll".to_owned(),
            inputs: Vec::new(),
            events: 3,
            histograms: vec![reference(true)],
        };
        let mut set = HistogramSet::new();
        let error = reference.compare(&set).unwrap_err().to_string();
        assert_eq!(error, "histogram number 1 is missing, the reference's h");
        set.book(ours(2.0)).unwrap();
        reference.compare(&set).unwrap();
    }
}
