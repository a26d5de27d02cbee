//! The file of an analysis's histograms: the reference's keys first, then how they were made.

use std::io::Cursor;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use bytes::Bytes;
use rootlake_hist::Histogram1D;
use rootlake_hist::root::RecordModel;
use rootlake_io::codec::Compressor;
use rootlake_io::object::{Graph, Layouts, Object, Value};
use rootlake_io::write::{DirectoryId, FileWriter, Packed, Sink};
use rootlake_physics::Output;

use crate::error::PipelineError;
use crate::input::InputFile;
use crate::sync::{Spare, lock};
use crate::writing::{self, WriteOptions};

/// The directory of what the reference does not write.
const CUTFLOW: &str = "cutflow";
/// The object in it whose title names the corrections made.
const CORRECTIONS: &str = "corrections";

/// Writes files of histograms. What the files of a job have in common is made once: they are small
/// and many.
#[derive(Debug)]
pub struct HistogramFiles {
    options: WriteOptions,
    /// Compressors that no file uses now.
    compressors: Spare<Compressor>,
    kinds: Mutex<Vec<Arc<Kind>>>,
}

/// Histograms whose records differ in numbers alone.
#[derive(Debug)]
struct Kind {
    model: RecordModel,
    /// That of one which was never filled, compressed.
    unfilled: OnceLock<Packed>,
}

impl HistogramFiles {
    /// Files written so.
    pub fn new(options: WriteOptions) -> Self {
        Self {
            options,
            compressors: Spare::default(),
            kinds: Mutex::default(),
        }
    }

    /// Writes the histograms of one analysis into a new file; into the directory `cutflow` its
    /// cutflow and, where some of the reference's mistakes were corrected, a `TNamed` with their
    /// names.
    ///
    /// The directory stands behind the histograms, so that what reads these by name or in order
    /// finds the reference's keys, and what adds files up adds the cutflows as well.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(
        &self,
        path: &Path,
        output: &Output,
        corrections: &str,
    ) -> Result<(), PipelineError> {
        writing::write_whole(path, &self.encode(path, output, corrections)?)
    }

    /// Makes what files of such histograms have in common, so that the first is not late.
    pub(crate) fn prepare(&self, empty: &Output) {
        // What fails here fails again where it is told.
        drop(self.encode(Path::new(""), empty, ""));
    }

    /// The bytes of a whole file, whose length is that of a few histograms.
    fn encode(
        &self,
        path: &Path,
        output: &Output,
        corrections: &str,
    ) -> Result<Vec<u8>, PipelineError> {
        let WriteOptions { settings, stamp } = self.options;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let spare = self.compressors.take();
        let compressor = spare.map_or_else(|| Compressor::new(settings), Ok)?;
        let sink = Cursor::new(Vec::new());
        let mut file = FileWriter::with_compressor(sink, &name, stamp, compressor)?;
        for histogram in output.histograms.iter() {
            self.histogram(DirectoryId::TOP, histogram, &[], &mut file)?;
        }
        let directory = file.directory(DirectoryId::TOP, CUTFLOW, "Events that passed each cut")?;
        let cuts: Vec<&'static str> = output.cutflow.iter().map(|cut| cut.name).collect();
        for histogram in output.cutflow.histograms()? {
            self.histogram(directory, &histogram, &cuts, &mut file)?;
        }
        if !corrections.is_empty() {
            let graph = named(CORRECTIONS, corrections)?;
            file.object_in(directory, CORRECTIONS, corrections, &graph)?;
        }
        let (sink, compressor) = file.finish_keeping()?;
        self.compressors.put(compressor);
        Ok(sink.into_inner())
    }

    /// Writes a histogram, whose bins have the names `labels` if there are any.
    fn histogram<S: Sink>(
        &self,
        directory: DirectoryId,
        histogram: &Histogram1D,
        labels: &[&'static str],
        file: &mut FileWriter<S>,
    ) -> rootlake_io::Result<()> {
        let kind = self.kind(histogram, labels)?;
        let mut pack = || file.pack(&kind.model.content(histogram)?);
        if histogram.entries() > 0 {
            let packed = pack()?;
            return file.encoded_in(directory, kind.model.object(), &packed);
        }
        let packed = match kind.unfilled.get() {
            Some(packed) => packed,
            None => {
                let made = pack()?;
                kind.unfilled.get_or_init(|| made)
            }
        };
        file.encoded_in(directory, kind.model.object(), packed)
    }

    /// The kind that a histogram is of.
    fn kind(
        &self,
        histogram: &Histogram1D,
        labels: &[&'static str],
    ) -> rootlake_io::Result<Arc<Kind>> {
        let mut kinds = lock(&self.kinds);
        let mut known = kinds.iter();
        if let Some(kind) = known.find(|kind| kind.model.is_of(histogram, labels)) {
            return Ok(Arc::clone(kind));
        }
        let made = Arc::new(Kind {
            model: RecordModel::new(histogram, labels)?,
            unfilled: OnceLock::new(),
        });
        kinds.push(Arc::clone(&made));
        Ok(made)
    }
}

/// The corrections with which a file of histograms was made, as they were given to
/// [`HistogramFiles::write`].
///
/// # Errors
/// When it cannot be read, or is no file of histograms.
pub(crate) fn corrections_of(path: &Path) -> Result<String, PipelineError> {
    let InputFile { file } = InputFile::open(&path.to_string_lossy())?;
    let directory = file.find(CUTFLOW)?;
    let keys = file.keys(&file.directory(&directory)?)?;
    let stated = keys.into_iter().find(|key| key.name == CORRECTIONS);
    Ok(stated.map(|key| key.title).unwrap_or_default())
}

fn named(name: &str, title: &str) -> rootlake_io::Result<Graph> {
    let mut object = Object::empty("TNamed", &Layouts::builtin())?;
    for (member, text) in [("fName", name), ("fTitle", title)] {
        object.set(member, Value::Text(Bytes::copy_from_slice(text.as_bytes())))?;
    }
    let mut graph = Graph::default();
    graph.add(object);
    Ok(graph)
}

#[cfg(test)]
mod tests {
    use rootlake_io::codec::Settings;
    use rootlake_io::write::Stamp;
    use rootlake_physics::analysis::{self, NAMES};

    use super::*;

    const OPTIONS: WriteOptions = WriteOptions {
        settings: Settings::ZLIB_1,
        stamp: Stamp::REPRODUCIBLE,
    };

    /// What an analysis made, with every second histogram filled: with weights, or with ones.
    fn output(name: &str, weight: f64) -> Output {
        let mut output = analysis::find(name).unwrap().output();
        let histograms = output.histograms.iter().step_by(2).cloned();
        let mut filled = rootlake_hist::HistogramSet::new();
        for histogram in histograms {
            let handle = filled.book(histogram.clone()).unwrap();
            filled.fill(handle, histogram.axis().center(1), weight);
            let empty = Histogram1D::new(
                &format!("{}_empty", histogram.name()),
                histogram.title(),
                *histogram.axis(),
                histogram.precision(),
            );
            filled.book(empty).unwrap();
        }
        output.histograms = filled;
        output
    }

    #[test]
    fn a_file_does_not_show_which_were_written_before() {
        let shared = HistogramFiles::new(OPTIONS);
        let path = Path::new("out.root");
        for weight in [1.0, 0.25, 1.0, 3.0] {
            for name in NAMES {
                let output = output(name, weight);
                let alone = HistogramFiles::new(OPTIONS);
                let expected = alone.encode(path, &output, "").unwrap();
                assert_eq!(
                    shared.encode(path, &output, "").unwrap(),
                    expected,
                    "{name}"
                );
            }
        }
    }
}
