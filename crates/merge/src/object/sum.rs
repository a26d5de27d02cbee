//! Adding up the objects that are merged, each in the order of the inputs.

use std::collections::HashMap;
use std::sync::Arc;

use rootlake_io::file::RecordReader;
use rootlake_io::write::FileWriter;

use super::total::{Record, SameLayouts, Total};
use super::{Outcome, close, is_merged, opened};
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
    let objects = plan.objects.iter().filter(|object| is_merged(object));
    let merged: Vec<&ObjectPlan> = objects.collect();
    let mut sums = sums(&merged, plan, inputs, store, request.threads)?;
    let mut receipts = Vec::new();
    for (number, object) in merged.iter().enumerate() {
        let sum = sums.remove(&number).ok_or(MergeError::NothingToMerge)?;
        let (directory, name) = directories.place(&object.path)?;
        let title = title(object, inputs).unwrap_or_default();
        match sum {
            // Its references hold behind a key of the same length alone.
            Total::Record(sum, _) if file.fits(sum.key())? => {
                file.describe(sum.layouts());
                file.content_in(directory, sum.key(), sum.record())?;
            }
            sum => file.object_in(directory, name, &title, &sum.into_graph()?)?,
        }
        receipts.push(ObjectReceipt {
            path: object.path.to_string(),
            class: object.class.to_string(),
            outcome: Outcome::Merged,
            inputs: object.inputs,
        });
    }
    Ok(receipts)
}

fn title(object: &ObjectPlan, inputs: &[Input]) -> Option<Arc<str>> {
    let &(input, number) = object.from.first()?;
    let first = inputs.get(input)?.objects.get(number)?;
    Some(Arc::clone(&first.title))
}

/// The sums of all objects, by their numbers.
fn sums<S: Store>(
    merged: &[&ObjectPlan],
    plan: &Plan,
    inputs: &[Input],
    store: &S,
    threads: usize,
) -> Result<HashMap<usize, Total>, MergeError> {
    // In the order in which they stand in the input that has them first: read so, one read serves
    // many. Each thread adds up its own share of objects: their sums do not depend on the threads.
    let mut ordered: Vec<(usize, &ObjectPlan)> = merged.iter().copied().enumerate().collect();
    ordered.sort_by_cached_key(|(_, object)| {
        let first = object.from.first();
        first.map(|&from| (from.0, own(inputs, from).map(|own| own.place.seek)))
    });
    let times = plan.times();
    let length = ordered.len().div_ceil(threads.max(1)).max(1);
    let mut shares = ordered.chunks(length);
    let own = shares.next().unwrap_or_default();
    let times = &times;
    let shares = std::thread::scope(|scope| {
        let others: Vec<_> = shares
            .map(|share| scope.spawn(move || sum(share, times, inputs, store)))
            .collect();
        let mut sums = vec![sum(own, times, inputs, store)];
        for other in others {
            sums.push(other.join().unwrap_or(Err(MergeError::Thread)));
        }
        sums
    });
    let mut sums = HashMap::new();
    for share in shares {
        sums.extend(share?);
    }
    Ok(sums)
}

fn own(inputs: &[Input], (input, number): (usize, usize)) -> Option<&InputObject> {
    inputs.get(input)?.objects.get(number)
}

/// The sums of `objects` over all inputs, each as often as it is in the output; with their
/// numbers.
fn sum<S: Store>(
    objects: &[(usize, &ObjectPlan)],
    times: &[u64],
    inputs: &[Input],
    store: &S,
) -> Result<Vec<(usize, Total)>, MergeError> {
    let mut sums: Vec<Option<Total>> = objects.iter().map(|_| None).collect();
    let mut layouts = SameLayouts::default();
    for ((number, input), &times) in inputs.iter().enumerate().zip(times) {
        let holds = |object: &ObjectPlan| {
            let place = object.from.binary_search_by_key(&number, |from| from.0);
            let from = place.ok().and_then(|place| object.from.get(place));
            from.and_then(|from| input.objects.get(from.1))
        };
        if times == 0 || !objects.iter().any(|(_, object)| holds(object).is_some()) {
            continue;
        }
        let mut open = None;
        let mut records = RecordReader::new(opened(&mut open, store, input)?);
        for ((_, object), sum) in objects.iter().zip(&mut sums) {
            let Some(own) = holds(object) else {
                continue;
            };
            let (key, content) = records.record(own.place.seek, own.place.nbytes)?;
            let record = Record {
                key: &key,
                content,
                object: own,
                input,
            };
            match sum {
                Some(sum) => sum.add(&record, times, &mut layouts)?,
                None => {
                    let first = sum.insert(Total::of(&record)?);
                    first.add(&record, times - 1, &mut layouts)?;
                }
            }
        }
        close(open, store, input)?;
    }
    let numbers = objects.iter().map(|(number, _)| *number);
    let sums = numbers.zip(sums);
    Ok(sums
        .filter_map(|(number, sum)| Some((number, sum?)))
        .collect())
}
