//! The processes that made the objects to which the references of an input lead (`TProcessID`).

use std::sync::Arc;

use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::object::{Graph, read_graph};

use crate::error::MergeError;
use crate::survey::objects::{InputLayouts, InputObject, Place, key_at};

/// The class of processes.
pub(crate) const CLASS: &str = "TProcessID";
/// What their names are, before their numbers.
pub(crate) const NAME: &str = "ProcessID";

/// A process of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Process {
    /// What it is told by (`fTitle`: a UUID).
    pub identity: Arc<str>,
    pub place: Place,
}

/// The processes of a file in the order of their numbers, of which `objects` are; `text` shares
/// texts.
///
/// # Errors
/// When one cannot be read.
pub(crate) fn of<'a>(
    file: &RootFile<impl ReadAt>,
    objects: impl Iterator<Item = (&'a InputObject, Place)>,
    layouts: &InputLayouts,
    text: impl Fn(String) -> Arc<str>,
) -> Result<Arc<[Process]>, MergeError> {
    let mut found: Vec<(usize, Process)> = Vec::new();
    for (object, place) in objects {
        let number = object
            .path
            .strip_prefix(NAME)
            .and_then(|number| number.parse().ok());
        let Some(number) = number else { continue };
        let graph = read(file, place, layouts)?;
        let identity = text(graph.root()?.text("fTitle")?);
        found.push((number, Process { identity, place }));
    }
    found.sort_by_key(|(number, _)| *number);
    if found
        .iter()
        .zip(0..)
        .any(|((number, _), place)| *number != place)
    {
        return Err(MergeError::Unsupported {
            file: file.name().to_string(),
            what: format!("{CLASS} without those before it"),
        });
    }
    Ok(found.into_iter().map(|(_, process)| process).collect())
}

/// The object that a process of a file is.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn read(
    file: &RootFile<impl ReadAt>,
    place: Place,
    layouts: &InputLayouts,
) -> Result<Graph, MergeError> {
    let key = key_at(file, place)?;
    let (_, content) = file.record(place.seek, place.nbytes)?;
    let graph = read_graph(CLASS, &content, key.key_length.into(), &layouts.all);
    Ok(graph.map_err(|error| {
        error
            .in_object(key.name)
            .at(place.seek)
            .in_file(file.name())
    })?)
}
