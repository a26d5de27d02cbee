//! The histograms of all samples, from a folder with a file for each.

use std::collections::BTreeMap;
use std::path::Path;

use rootlake_hist::Th1f;
use rootlake_hist::root::from_object;
use rootlake_physics::catalogue::{CatalogueSample, DATA, SampleSet};

use crate::error::PipelineError;
use crate::input::InputFile;

/// The histograms of the samples of one analysis, by the names of sample and histogram.
#[derive(Debug, Default)]
pub struct SampleHistograms {
    pub(super) samples: BTreeMap<String, BTreeMap<String, Th1f>>,
    /// The samples that could not be read, each with the reason.
    pub left_out: Vec<(String, PipelineError)>,
}

impl SampleHistograms {
    /// Reads the histograms named `wanted` from the files `<sample>.root` in a folder.
    ///
    /// Data that were analysed by periods are added up, unless their sum lies there as the
    /// reference's workflow leaves it. What cannot be read is left out and told.
    pub fn read(folder: &Path, set: &SampleSet, wanted: &[String]) -> Self {
        let mut read = Self::default();
        let has_sum = folder.join(format!("{DATA}.root")).exists();
        for sample in &set.samples {
            if sample.is_data() && has_sum {
                continue;
            }
            read.take(
                &sample.name,
                folder.join(sample.output_name()).as_path(),
                wanted,
            );
        }
        if has_sum {
            read.take(DATA, &folder.join(format!("{DATA}.root")), wanted);
        } else if let Err(error) = read.add_periods(set) {
            read.left_out.push((DATA.to_owned(), error));
        }
        read
    }

    /// The histogram of a sample.
    pub fn of(&self, sample: &str, histogram: &str) -> Option<&Th1f> {
        self.samples.get(sample)?.get(histogram)
    }

    /// The histogram of all data.
    pub fn data(&self, histogram: &str) -> Option<&Th1f> {
        self.of(DATA, histogram)
    }

    /// The histogram of any sample, for its binning and titles.
    pub(super) fn any(&self, histogram: &str) -> Result<&Th1f, PipelineError> {
        let mut found = self.samples.values().filter_map(|of| of.get(histogram));
        found.next().ok_or_else(|| PipelineError::NoHistogram {
            name: histogram.to_owned(),
        })
    }

    fn take(&mut self, sample: &str, path: &Path, wanted: &[String]) {
        match histograms(path, wanted) {
            Ok(histograms) => {
                self.samples.insert(sample.to_owned(), histograms);
            }
            Err(error) => self.left_out.push((sample.to_owned(), error)),
        }
    }

    fn add_periods(&mut self, set: &SampleSet) -> Result<(), PipelineError> {
        let periods = set
            .samples
            .iter()
            .filter(|sample| CatalogueSample::is_data(sample));
        let mut sums: BTreeMap<String, Th1f> = BTreeMap::new();
        for period in periods {
            for (name, histogram) in self.samples.remove(&period.name).unwrap_or_default() {
                match sums.get_mut(&name) {
                    Some(sum) => sum.add(&histogram)?,
                    None => {
                        sums.insert(name, histogram);
                    }
                }
            }
        }
        if !sums.is_empty() {
            self.samples.insert(DATA.to_owned(), sums);
        }
        Ok(())
    }
}

fn histograms(path: &Path, wanted: &[String]) -> Result<BTreeMap<String, Th1f>, PipelineError> {
    let input = InputFile::open(&path.to_string_lossy())?;
    let layouts = input.file.layouts()?;
    let mut histograms = BTreeMap::new();
    for name in wanted {
        let key = input.file.find(name)?;
        let graph = input.file.object(&key, &layouts)?;
        let histogram = from_object(graph.root()?)
            .map_err(|error| error.in_object(name.as_str()).in_file(input.file.name()))?;
        histograms.insert(name.clone(), histogram);
    }
    Ok(histograms)
}
