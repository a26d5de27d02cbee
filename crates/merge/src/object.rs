//! Objects that are no trees: added, appended, or the first one kept, as ROOT's `Merge` does.

mod add;
mod histogram;
mod numbers;
mod points;

use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::object::{Graph, Layouts, read_graph};
use rootlake_io::write::FileWriter;
use serde::Serialize;

use crate::error::MergeError;
use crate::input::{Input, InputLayouts, InputObject};
use crate::output::Output;
use crate::places::Directories;
use crate::plan::{ObjectPlan, Plan};
use crate::receipt::ObjectReceipt;
use crate::request::Request;
use crate::store::Store;

/// What is done with the objects of one path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// They are added up, or appended to each other.
    Merge,
    /// The first is copied as it is.
    First,
    /// They would have to be merged, and cannot be: one alone is copied.
    Refuse,
}

/// What became of the objects of one path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// They were added up, or appended to each other.
    Merged,
    /// They are all the same, or there was one alone: it was copied.
    Copied,
    /// They differ, and are of a class that is not added: the first was copied.
    FirstKept,
}

/// Classes that hold data to be added, in ways not known here.
const REFUSED: [&str; 5] = ["TH2Poly", "TProfile2Poly", "TH1K", "THnBase", "TMultiGraph"];

/// What is done with objects of `class`.
pub(crate) fn action(class: &str, layouts: Option<&InputLayouts>) -> Action {
    let derives = |base| layouts.is_some_and(|layouts| derives(&layouts.all, class, base, 0));
    if REFUSED.iter().any(|refused| derives(refused)) {
        Action::Refuse
    } else if add::CLASSES.iter().any(|base| derives(base)) || class.starts_with("TParameter<") {
        Action::Merge
    } else {
        Action::First
    }
}

/// Whether `class` is `base`, or has it among its bases.
fn derives(layouts: &Layouts, class: &str, base: &str, depth: usize) -> bool {
    class == base
        || depth < 16
            && layouts.newest(class).is_some_and(|layout| {
                let mut bases = layout.elements.iter().filter(|element| element.is_base());
                bases.any(|element| derives(layouts, &element.name, base, depth + 1))
            })
}

/// Whether the plan's object is copied as bytes.
fn is_copied(object: &ObjectPlan) -> bool {
    match object.action {
        Action::First => object.times > 0,
        Action::Merge | Action::Refuse => object.times == 1,
    }
}

/// Whether the plan's object is a sum of several.
fn is_merged(object: &ObjectPlan) -> bool {
    object.action != Action::First && object.times > 1
}

/// Copies the objects that are not merged.
pub(crate) fn copy<S: Store>(
    plan: &Plan,
    inputs: &[Input],
    store: &S,
    file: &mut FileWriter<Output>,
    directories: &mut Directories,
) -> Result<Vec<ObjectReceipt>, MergeError> {
    let mut first = HashedContents::default();
    let mut receipts = Vec::new();
    let copied: Vec<&ObjectPlan> = plan
        .objects
        .iter()
        .filter(|object| is_copied(object))
        .collect();
    for object in plan.objects.iter().filter(|object| is_merged(object)) {
        if object.action == Action::Refuse {
            return Err(MergeError::Unsupported {
                file: "the inputs".to_owned(),
                what: format!("{} {} of several inputs", object.class, object.path),
            });
        }
    }
    let times = plan.times();
    for (number, input) in inputs.iter().enumerate() {
        if times.get(number) == Some(&0) {
            continue;
        }
        let mut open = None;
        for (index, object) in copied.iter().enumerate() {
            let Ok(place) = object.from.binary_search_by_key(&number, |from| from.0) else {
                continue;
            };
            let own = object
                .from
                .get(place)
                .and_then(|from| input.objects.get(from.1));
            let Some(own) = own else { continue };
            let opened = opened(&mut open, store, input)?;
            let (key, content) = opened.record(own.place.seek, own.place.nbytes)?;
            if first.see(index, &content) {
                let (directory, _) = directories.place(&object.path)?;
                file.content_in(directory, &key, &content)?;
            }
        }
        close(open, store, input)?;
    }
    for (index, object) in copied.iter().enumerate() {
        receipts.push(ObjectReceipt {
            path: object.path.to_string(),
            class: object.class.to_string(),
            outcome: if first.differ(index) {
                Outcome::FirstKept
            } else {
                Outcome::Copied
            },
            inputs: object.inputs,
        });
    }
    Ok(receipts)
}

/// Whether contents met under one number differ, told by their hashes.
#[derive(Default)]
struct HashedContents {
    seen: std::collections::HashMap<usize, (u64, bool)>,
}

impl HashedContents {
    /// Takes note of a content; says whether it is the first of its number.
    fn see(&mut self, number: usize, content: &[u8]) -> bool {
        let hash = xxhash_rust::xxh3::xxh3_64(content);
        match self.seen.get_mut(&number) {
            Some((first, differ)) => {
                *differ |= *first != hash;
                false
            }
            None => {
                self.seen.insert(number, (hash, false));
                true
            }
        }
    }

    fn differ(&self, number: usize) -> bool {
        self.seen.get(&number).is_some_and(|&(_, differ)| differ)
    }
}

fn opened<'a, S: Store>(
    open: &'a mut Option<RootFile<S::File>>,
    store: &S,
    input: &Input,
) -> Result<&'a RootFile<S::File>, MergeError> {
    if open.is_none() {
        let source = store.open(&input.name)?;
        input.unchanged(store, &source)?;
        *open = Some(RootFile::open(source, &input.name)?);
    }
    open.as_ref().ok_or(MergeError::Thread)
}

fn close<S: Store>(
    open: Option<RootFile<S::File>>,
    store: &S,
    input: &Input,
) -> Result<(), MergeError> {
    open.map_or(Ok(()), |file| input.unchanged(store, file.source()))
}

/// Merges the objects that are merged, each in the order of the inputs, and writes them.
pub(crate) fn merge<S: Store>(
    plan: &Plan,
    inputs: &[Input],
    store: &S,
    request: &Request,
    file: &mut FileWriter<Output>,
    directories: &mut Directories,
) -> Result<Vec<ObjectReceipt>, MergeError> {
    let merged: Vec<&ObjectPlan> = plan
        .objects
        .iter()
        .filter(|object| is_merged(object))
        .collect();
    // Each thread adds up every so-manieth object: their sums do not depend on the threads.
    let threads = request.threads.clamp(1, merged.len().max(1));
    let times = plan.times();
    let share = |thread: usize| {
        let own = merged.iter().copied().skip(thread).step_by(threads);
        sum(&own.collect::<Vec<_>>(), &times, inputs, store)
    };
    let share = &share;
    let sums = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads)
            .map(|thread| scope.spawn(move || share(thread)))
            .collect();
        let mut sums = vec![share(0)];
        for other in others {
            sums.push(other.join().unwrap_or(Err(MergeError::Thread)));
        }
        sums
    });
    let mut sums = sums
        .into_iter()
        .map(|sums| sums.map(Vec::into_iter))
        .collect::<Result<Vec<_>, _>>()?;
    let mut receipts = Vec::new();
    for (index, object) in merged.iter().enumerate() {
        let graph = sums
            .get_mut(index % threads)
            .and_then(Iterator::next)
            .ok_or(MergeError::Thread)?;
        let (directory, name) = directories.place(&object.path)?;
        let title = title(object, inputs).unwrap_or_default();
        file.object_in(directory, name, &title, &graph)?;
        receipts.push(ObjectReceipt {
            path: object.path.to_string(),
            class: object.class.to_string(),
            outcome: Outcome::Merged,
            inputs: object.inputs,
        });
    }
    Ok(receipts)
}

fn title(object: &ObjectPlan, inputs: &[Input]) -> Option<std::sync::Arc<str>> {
    let &(input, number) = object.from.first()?;
    let first = inputs.get(input)?.objects.get(number)?;
    Some(std::sync::Arc::clone(&first.title))
}

/// The sums of `objects` over all inputs, each as often as it is in the output.
fn sum<S: Store>(
    objects: &[&ObjectPlan],
    times: &[u64],
    inputs: &[Input],
    store: &S,
) -> Result<Vec<Graph>, MergeError> {
    let mut sums: Vec<Option<Graph>> = objects.iter().map(|_| None).collect();
    for ((number, input), &times) in inputs.iter().enumerate().zip(times) {
        let mut open = None;
        for (object, sum) in objects.iter().zip(&mut sums) {
            let Ok(place) = object.from.binary_search_by_key(&number, |from| from.0) else {
                continue;
            };
            let own = object
                .from
                .get(place)
                .and_then(|from| input.objects.get(from.1));
            let Some(own) = own.filter(|_| times > 0) else {
                continue;
            };
            let file = opened(&mut open, store, input)?;
            let graph = read(file, own, input)?;
            let mut left = times;
            let sum = sum.get_or_insert_with(|| {
                left -= 1;
                graph.clone()
            });
            for _ in 0..left {
                add::graphs(sum, &graph).map_err(|why| clash(input, object, &why))?;
            }
        }
        close(open, store, input)?;
    }
    sums.into_iter()
        .map(|sum| sum.ok_or(MergeError::NothingToMerge))
        .collect()
}

fn clash(input: &Input, object: &ObjectPlan, why: &str) -> MergeError {
    MergeError::Unsupported {
        file: input.name.to_string(),
        what: format!("{} {}: {why}; it", object.class, object.path),
    }
}

fn read(
    file: &RootFile<impl ReadAt>,
    object: &InputObject,
    input: &Input,
) -> Result<Graph, MergeError> {
    let (key, content) = file.record(object.place.seek, object.place.nbytes)?;
    let graph = read_graph(
        &key.class,
        &content,
        key.key_length.into(),
        &input.layouts.all,
    );
    Ok(graph.map_err(|error| {
        error
            .in_object(format!("{} {}", object.class, object.path))
            .at(object.place.seek)
            .in_file(&input.name)
    })?)
}
