//! Whose references are whose: a `TRef` says by number which process of its file (`TProcessID`) made
//! it, and by another which of that process's objects it means.
//!
//! Where inputs hold other processes, the output holds all of them. References in the baskets of an
//! input count from where its processes begin, which the keys of the baskets say (`TKey::fPidOffset`,
//! as in `TTreeCloner::CopyProcessIds`). The key of any other object has no room for that.

use std::sync::Arc;

use bytes::Bytes;
use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::object::{Body, Graph, Object, Value, read_graph};
use rootlake_io::write::FileWriter;

use crate::action::Outcome;
use crate::error::MergeError;
use crate::output::Output;
use crate::output::places::Directories;
use crate::receipt::ObjectReceipt;
use crate::store::Store;
use crate::survey::input::{Input, InputLayouts, InputObject, Place, key_at};

/// The class of processes.
pub(crate) const CLASS: &str = "TProcessID";
/// What their names are, before their numbers.
const NAME: &str = "ProcessID";
/// `TObject::kIsReferenced`: the number of a process follows.
const IS_REFERENCED: u32 = 1 << 4;

/// What becomes of the processes of inputs that hold others than each other.
#[derive(Clone, Debug)]
pub(crate) struct ProcessPlan {
    /// For each input, the number from which on its references count.
    offsets: Vec<u16>,
    /// For each process of the output, the input that holds it, and its number there.
    held: Vec<(usize, usize)>,
}

/// A process of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Process {
    /// What it is told by (`fTitle`: a UUID).
    identity: Arc<str>,
    place: Place,
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

fn read(
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

/// What becomes of the processes of `inputs`; none where those that have any have the same.
///
/// # Errors
/// When there are too many.
pub(crate) fn plan(inputs: &[Input]) -> Result<Option<ProcessPlan>, MergeError> {
    let identities = |input: &Input| -> Vec<Arc<str>> {
        let processes = input.processes.iter();
        processes
            .map(|process| Arc::clone(&process.identity))
            .collect()
    };
    let lists: Vec<_> = inputs.iter().map(identities).collect();
    let (starts, held) = put_together(&lists);
    let is_plain = |list: &Vec<_>| list.is_empty() || list.len() == held.len();
    if starts.iter().all(|start| *start == 0) && lists.iter().all(is_plain) {
        return Ok(None);
    }
    let offsets = starts.iter().zip(inputs).map(|(&start, input)| {
        u16::try_from(start).map_err(|_| MergeError::Unsupported {
            file: input.name.to_string(),
            what: format!("{CLASS}: {start} others before it; it"),
        })
    });
    let offsets = offsets.collect::<Result<_, _>>()?;
    Ok(Some(ProcessPlan { offsets, held }))
}

/// Puts lists behind each other, but for those that stand there already: where each begins, and of
/// which list each item is, and its number there.
fn put_together<T: PartialEq + Clone>(lists: &[Vec<T>]) -> (Vec<usize>, Vec<(usize, usize)>) {
    let (mut all, mut held): (Vec<T>, _) = (Vec::new(), Vec::new());
    let starts = lists.iter().enumerate().map(|(number, list)| {
        let known = match list.len() {
            0 => Some(0),
            length => all.windows(length).position(|known| *known == list[..]),
        };
        known.unwrap_or_else(|| {
            let start = all.len();
            held.extend((0..list.len()).map(|own| (number, own)));
            all.extend(list.iter().cloned());
            start
        })
    });
    (starts.collect(), held)
}

impl ProcessPlan {
    /// The number from which on the references of an input count.
    pub fn offset(&self, input: usize) -> u16 {
        self.offsets.get(input).copied().unwrap_or(0)
    }

    /// Writes the processes, under the numbers that they have now.
    ///
    /// # Errors
    /// When one cannot be read again, or writing fails.
    pub fn write<S: Store>(
        &self,
        inputs: &[Input],
        store: &S,
        file: &mut FileWriter<Output>,
        directories: &Directories,
    ) -> Result<Vec<ObjectReceipt>, MergeError> {
        let mut receipts = Vec::new();
        for (number, &(input, own)) in self.held.iter().enumerate() {
            let input = inputs.get(input).ok_or(MergeError::NothingToMerge)?;
            let process = input.processes.get(own).ok_or(MergeError::NothingToMerge)?;
            let from = RootFile::open(store.open(&input.name)?, &input.name)?;
            let mut graph = read(&from, process.place, &input.layouts)?;
            input.unchanged(store, from.source())?;
            let path = format!("{NAME}{number}");
            let name = Value::Text(Bytes::copy_from_slice(path.as_bytes()));
            graph.get_mut(Graph::ROOT)?.set("fName", name)?;
            let (directory, name) = directories.place(&path)?;
            file.object_in(directory, name, &process.identity, &graph)?;
            let is_held = |input: &&Input| {
                input
                    .processes
                    .iter()
                    .any(|own| own.identity == process.identity)
            };
            receipts.push(ObjectReceipt {
                inputs: inputs.iter().filter(is_held).count(),
                path,
                class: CLASS.to_owned(),
                outcome: Outcome::Copied,
            });
        }
        Ok(receipts)
    }
}

/// Whether an object holds references, or what may be some: nobody knows of what is not understood.
pub(crate) fn has_references(graph: &Graph) -> bool {
    graph.objects().any(object_has_references)
}

fn object_has_references(object: &Object) -> bool {
    match &object.body {
        Body::Members(members) => {
            let mut values = members.values.iter();
            !members.tail.is_empty() || values.any(value_has_references)
        }
        Body::Root { bits, .. } => bits & IS_REFERENCED != 0,
        Body::List(list) => list.object.1 & IS_REFERENCED != 0,
        Body::Array(_) | Body::Basket(_) => false,
        // Indices of trees hold numbers alone.
        Body::Opaque(raw) => !raw.is_empty() && &*object.class != "TTreeIndex",
    }
}

fn value_has_references(value: &Value) -> bool {
    match value {
        Value::Object(object) => object_has_references(object),
        Value::Objects(objects) | Value::Loop(_, objects) => {
            objects.iter().any(object_has_references)
        }
        Value::Opaque(raw) => !raw.is_empty(),
        _ => false,
    }
}

/// The refusal of an object of an input whose references, if it has any, would count from another
/// number.
pub(crate) fn refused(input: &Input, what: &str) -> MergeError {
    MergeError::Unsupported {
        file: input.name.to_string(),
        what: format!("{what}: its references (TRef) are of another process (TProcessID); it"),
    }
}

#[cfg(test)]
mod tests {
    use rootlake_io::object::Layouts;

    use super::*;

    #[test]
    fn lists_that_are_there_already_are_not_put_behind() {
        let lists = ["ab", "", "c", "b", "bc", "ab", "ca"].map(|list| list.chars().collect());
        let (starts, held) = put_together(&lists);
        // Together they are a b c c a.
        assert_eq!(starts, [0, 0, 2, 1, 1, 0, 3]);
        assert_eq!(held, [(0, 0), (0, 1), (2, 0), (6, 0), (6, 1)]);
    }

    #[test]
    fn references_are_found_wherever_they_stand() {
        let layouts = Layouts::builtin();
        let holding = |change: &dyn Fn(&mut Object)| {
            let mut graph = Graph::default();
            graph.add(Object::empty("TList", &layouts).unwrap());
            let mut histogram = Object::empty("TH1D", &layouts).unwrap();
            change(&mut histogram);
            graph.add(histogram);
            has_references(&graph)
        };
        assert!(!holding(&|_| ()));
        assert!(holding(&|histogram| {
            let axis = histogram.object_mut("fXaxis").unwrap();
            if let Body::Root { bits, .. } = &mut axis.root_object_mut().unwrap().body {
                *bits |= IS_REFERENCED;
            }
        }));
        // A TRef is kept as the bytes that it is.
        assert!(holding(&|object| {
            object.body = Body::Opaque(Bytes::from_static(b"\0\x01\0\0\0\x01\x03\0\0\0\0\x02"));
        }));
    }
}
