//! Copying the objects that are not added: once where they are the same, else all of them.

use std::collections::HashMap;

use bytes::Bytes;
use rootlake_io::file::Key;
use rootlake_io::object::read_graph;
use rootlake_io::write::FileWriter;

use super::{close, is_copied, is_merged, opened};
use crate::action::{Action, Outcome};
use crate::error::MergeError;
use crate::output::Output;
use crate::output::places::Directories;
use crate::plan::{ObjectPlan, Plan};
use crate::receipt::ObjectReceipt;
use crate::references;
use crate::store::Store;
use crate::survey::input::Input;

/// Copies the objects that are not merged.
pub(crate) fn copy<S: Store>(
    plan: &Plan,
    inputs: &[Input],
    store: &S,
    file: &mut FileWriter<Output>,
    directories: &mut Directories,
) -> Result<Vec<ObjectReceipt>, MergeError> {
    for object in plan.objects.iter().filter(|object| is_merged(object)) {
        if object.action == Action::Refuse {
            return Err(MergeError::Unsupported {
                file: "the inputs".to_owned(),
                what: format!("{} {} of several inputs", object.class, object.path),
            });
        }
    }
    let copied: Vec<&ObjectPlan> = plan
        .objects
        .iter()
        .filter(|object| is_copied(object))
        .collect();
    let mut contents = Contents::default();
    let times = plan.times();
    for (number, input) in inputs.iter().enumerate() {
        if times.get(number) == Some(&0) {
            continue;
        }
        let mut open = None;
        for (index, object) in copied.iter().enumerate() {
            for own in object.from.within(number) {
                let Some((_, place)) = input.objects.get(own) else {
                    continue;
                };
                let opened = opened(&mut open, store, input)?;
                let (key, content) = opened.record(place.seek, place.nbytes)?;
                if plan.is_shifted(number) {
                    refuse_references((object, &key, &content), input)?;
                }
                if contents.differs(index, &content) {
                    let (directory, _) = directories.place(&object.path)?;
                    file.content_in(directory, &key, &content)?;
                }
            }
        }
        close(open, store, input)?;
    }
    let receipts = copied
        .iter()
        .enumerate()
        .map(|(index, object)| ObjectReceipt {
            path: object.path.to_string(),
            class: object.class.to_string(),
            outcome: if contents.kept(index) > 1 {
                Outcome::Cycles
            } else {
                Outcome::Copied
            },
            inputs: object.inputs,
        });
    Ok(receipts.collect())
}

/// Refuses an object of an input whose references would count from another number, if it holds any.
fn refuse_references(
    (object, key, content): (&ObjectPlan, &Key, &Bytes),
    input: &Input,
) -> Result<(), MergeError> {
    let graph = read_graph(
        &key.class,
        content,
        key.key_length.into(),
        &input.layouts.all,
    );
    if graph.is_ok_and(|graph| !references::has_references(&graph)) {
        return Ok(());
    }
    Err(references::refused(
        input,
        &format!("{} {}", object.class, object.path),
    ))
}

/// The contents met under one number, told by their hashes.
#[derive(Default)]
struct Contents {
    /// The hash of the last one, and how often it was another than before.
    last: HashMap<usize, (u64, usize)>,
}

impl Contents {
    /// Takes note of a content; says whether it is another than the last of its number.
    fn differs(&mut self, number: usize, content: &[u8]) -> bool {
        let hash = xxhash_rust::xxh3::xxh3_64(content);
        let last = self.last.entry(number).or_insert((hash, 0));
        let differs = last.1 == 0 || last.0 != hash;
        *last = (hash, last.1 + usize::from(differs));
        differs
    }

    /// How many contents of a number were another than the one before.
    fn kept(&self, number: usize) -> usize {
        self.last.get(&number).map_or(0, |(_, kept)| *kept)
    }
}
