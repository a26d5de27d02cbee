//! Adding up the objects that are merged, each in the order of the inputs.

use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::object::{Graph, read_graph};
use rootlake_io::write::FileWriter;

use super::{Outcome, add, close, is_merged, opened};
use crate::error::MergeError;
use crate::input::{Input, InputObject};
use crate::output::Output;
use crate::places::Directories;
use crate::plan::{ObjectPlan, Plan};
use crate::receipt::ObjectReceipt;
use crate::request::Request;
use crate::store::Store;

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
