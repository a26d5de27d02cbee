//! The file of an analysis's histograms: the reference's keys first, then how they were made.

use std::path::Path;

use bytes::Bytes;
use rootlake_hist::root::{to_graph, to_labelled_graph};
use rootlake_io::object::{Graph, Layouts, Object, Value};
use rootlake_io::write::DirectoryId;
use rootlake_physics::Output;

use crate::error::PipelineError;
use crate::input::InputFile;
use crate::writing::{self, WriteOptions};

/// The directory of what the reference does not write.
const CUTFLOW: &str = "cutflow";
/// The object in it whose title names the corrections made.
const CORRECTIONS: &str = "corrections";

/// Writes the histograms of one analysis into a new file; into the directory `cutflow` its cutflow
/// and, where some of the reference's mistakes were corrected, a `TNamed` with their names.
///
/// The directory stands behind the histograms, so that what reads these by name or in order finds
/// the reference's keys, and what adds files up adds the cutflows as well.
///
/// # Errors
/// When it cannot be written.
pub fn write_histograms(
    path: &Path,
    output: &Output,
    corrections: &str,
    options: WriteOptions,
) -> Result<(), PipelineError> {
    let mut file = writing::create(path, options)?;
    for histogram in output.histograms.iter() {
        file.object(histogram.name(), histogram.title(), &to_graph(histogram)?)?;
    }
    let directory = file.directory(DirectoryId::TOP, CUTFLOW, "Events that passed each cut")?;
    let cuts: Vec<&str> = output.cutflow.iter().map(|cut| cut.name).collect();
    for histogram in output.cutflow.histograms()? {
        let graph = to_labelled_graph(&histogram, &cuts)?;
        file.object_in(directory, histogram.name(), histogram.title(), &graph)?;
    }
    if !corrections.is_empty() {
        let graph = named(CORRECTIONS, corrections)?;
        file.object_in(directory, CORRECTIONS, corrections, &graph)?;
    }
    writing::commit(path, file)
}

/// The corrections with which a file of histograms was made, as they were given to
/// [`write_histograms`].
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
