//! Records of histograms that are booked alike: one is encoded, others differ in numbers alone.

use std::ops::Range;

use rootlake_io::column::Values;
use rootlake_io::write::EncodedObject;
use rootlake_io::{Error, Result};

use super::{contents, malformed, to_graph, to_labelled_graph};
use crate::{Histogram1D, Statistics};

/// The record of a histogram, as a model for those of the same name, titles, axis and class.
#[derive(Clone, Debug)]
pub struct RecordModel {
    first: Histogram1D,
    labels: Vec<&'static str>,
    object: EncodedObject,
    places: Places,
}

/// Where the numbers of a histogram stand in its record, in bytes.
#[derive(Clone, Debug)]
struct Places {
    /// `fEntries`, then the sums in the order of [`Statistics`].
    sums: [Range<usize>; 5],
    sumw2: Range<usize>,
    contents: Range<usize>,
}

impl RecordModel {
    /// Encodes a histogram, whose bins have the names `labels` if there are any.
    ///
    /// # Errors
    /// When a built-in class layout lacks a member; that is a fault of this program.
    pub fn new(histogram: &Histogram1D, labels: &[&'static str]) -> Result<Self> {
        let graph = match labels {
            [] => to_graph(histogram)?,
            labels => to_labelled_graph(histogram, labels)?,
        };
        let object = EncodedObject::new(histogram.name(), histogram.title(), &graph)?;
        let [entries, sumw, sumw2, sumwx, sumwx2] =
            ["fEntries", "fTsumw", "fTsumw2", "fTsumwx", "fTsumwx2"].map(|name| object.place(name));
        let array = match histogram.precision() {
            crate::Precision::F32 => "TArrayF",
            crate::Precision::F64 => "TArrayD",
        };
        Ok(Self {
            places: Places {
                sums: [entries?, sumw?, sumw2?, sumwx?, sumwx2?],
                sumw2: object.place("fSumw2")?,
                contents: object.place(array)?,
            },
            first: histogram.clone(),
            labels: labels.to_vec(),
            object,
        })
    }

    /// The histogram that was encoded, as it is written.
    pub fn object(&self) -> &EncodedObject {
        &self.object
    }

    /// Whether the record of `histogram` differs from that of the first in numbers alone.
    pub fn is_of(&self, histogram: &Histogram1D, labels: &[&str]) -> bool {
        self.first.is_booked_as(histogram)
            && self.first.sumw2().is_some() == histogram.sumw2().is_some()
            && self.labels == labels
    }

    /// The content of the record of a histogram of this kind.
    ///
    /// # Errors
    /// When it is of another kind.
    pub fn content(&self, histogram: &Histogram1D) -> Result<Vec<u8>> {
        let mut content = self.object.content().to_vec();
        #[allow(clippy::cast_precision_loss, reason = "TH1::fEntries is a double")]
        let entries = histogram.entries() as f64;
        let Statistics {
            sumw,
            sumw2,
            sumwx,
            sumwx2,
        } = histogram.statistics();
        for (place, sum) in self
            .places
            .sums
            .iter()
            .zip([entries, sumw, sumw2, sumwx, sumwx2])
        {
            write_over(&mut content, place, &sum.to_be_bytes())?;
        }
        let squares = histogram.sumw2().map(Iterator::collect).unwrap_or_default();
        write_over(
            &mut content,
            &self.places.sumw2,
            &array(&Values::F64(squares))?,
        )?;
        write_over(
            &mut content,
            &self.places.contents,
            &array(&contents(histogram))?,
        )?;
        Ok(content)
    }
}

/// A `TArray` as it is stored: the number of its values, then these.
fn array(values: &Values) -> Result<Vec<u8>> {
    let length = u32::try_from(values.len()).map_err(|_| malformed("an array is too long"))?;
    let mut bytes = length.to_be_bytes().to_vec();
    values.to_big_endian(0..values.len(), &mut bytes);
    Ok(bytes)
}

fn write_over(content: &mut [u8], place: &Range<usize>, bytes: &[u8]) -> Result<()> {
    match content.get_mut(place.clone()) {
        Some(old) if old.len() == bytes.len() => old.copy_from_slice(bytes),
        _ => return Err(of_another_kind()),
    }
    Ok(())
}

fn of_another_kind() -> Error {
    malformed("a histogram's record is not of the length of its model")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Axis, Precision};

    fn histogram(precision: Precision) -> Histogram1D {
        Histogram1D::new("h", "t;x;y", Axis::new(3, 0.0, 3.0).unwrap(), precision)
    }

    #[test]
    fn a_record_of_a_model_is_that_of_the_histogram_itself() {
        for precision in [Precision::F32, Precision::F64] {
            for (labels, weight) in [(&[][..], 1.0), (&[], 0.25), (&["trigger", "leptons"], 1.0)] {
                let [mut first, mut other] = [histogram(precision), histogram(precision)];
                first.fill(0.5, weight);
                for x in [-7.0, 1.5, 2.5, 2.5, 99.0] {
                    other.fill(x, weight);
                }
                let model = RecordModel::new(&first, labels).unwrap();
                assert!(model.is_of(&other, labels));
                let own = RecordModel::new(&other, labels).unwrap();
                assert_ne!(model.object().content(), own.object().content());
                assert_eq!(model.content(&other).unwrap(), own.object().content());
            }
        }
    }

    #[test]
    fn a_histogram_of_another_kind_needs_a_model_of_its_own() {
        let model = RecordModel::new(&histogram(Precision::F32), &["cut"]).unwrap();
        assert!(model.is_of(&histogram(Precision::F32), &["cut"]));
        assert!(!model.is_of(&histogram(Precision::F32), &["other cut"]));
        assert!(!model.is_of(&histogram(Precision::F64), &["cut"]));
        let mut weighted = histogram(Precision::F32);
        weighted.fill(0.5, 2.0);
        assert!(!model.is_of(&weighted, &["cut"]));
        assert!(model.content(&weighted).is_err());
        for (name, title, bins) in [("g", "t;x;y", 3), ("h", "t;x;z", 3), ("h", "t;x;y", 4)] {
            let axis = Axis::new(bins, 0.0, 3.0).unwrap();
            let other = Histogram1D::new(name, title, axis, Precision::F32);
            assert!(!model.is_of(&other, &["cut"]), "{name} {title} {bins}");
        }
    }
}
