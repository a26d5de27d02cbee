//! What a simulated sample's events must be scaled by.

use bytes::Bytes;
use rootlake_io::column::Column;
use rootlake_io::file::ReadAt;
use rootlake_io::tree::{ColumnReader, Tree};

use crate::error::PipelineError;
use crate::input::InputFile;

/// Cross-section and sum of weights of a sample, as every entry of its `mini` tree states them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normalisation {
    /// `XSection`, pb.
    pub cross_section: f64,
    /// `SumWeights`: over all events produced, of which the tree holds those that were kept.
    pub sum_of_weights: f64,
}

impl Normalisation {
    /// Reads it from the first entry of a file's tree.
    ///
    /// # Errors
    /// When the file is damaged, its tree empty or without these branches.
    pub fn read(location: &str, tree: &str) -> Result<Self, PipelineError> {
        let input = InputFile::open(location)?;
        let file = &input.file;
        let tree = Tree::read(file, &file.find(tree)?, &file.layouts()?)?;
        let mut reader = ColumnReader::default();
        let mut first = |name: &str| -> rootlake_io::Result<f64> {
            let record = |seek, nbytes| -> rootlake_io::Result<Bytes> {
                file.source()
                    .read_at(seek, usize::try_from(nbytes).unwrap_or(usize::MAX))
            };
            let column: Column = reader.column(tree.branch(name)?, 0..1, record)?;
            Ok(f64::from(
                column
                    .as_fixed::<f32>()?
                    .first()
                    .copied()
                    .unwrap_or_default(),
            ))
        };
        Ok(Self {
            cross_section: first("XSection")?,
            sum_of_weights: first("SumWeights")?,
        })
    }

    /// The factor that scales the sample's histograms to a luminosity in 1/fb.
    pub fn scale(self, luminosity: f64) -> f64 {
        // 1 pb is 1000 fb.
        1000.0 * luminosity * self.cross_section / self.sum_of_weights
    }
}
