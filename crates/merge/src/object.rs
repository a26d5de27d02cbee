//! Objects that are no trees: added, appended, or kept, as ROOT's `Merge` does.

mod add;
mod axis;
mod buffer;
mod copy;
mod histogram;
mod in_place;
mod limits;
mod numbers;
mod parameter;
mod points;
mod poly;
mod rebin;
mod relabel;
mod sparse;
mod statistics;
mod sum;
mod total;

use rootlake_io::file::RootFile;
use rootlake_io::object::Layouts;
use serde::Serialize;

pub(crate) use copy::copy;
pub(crate) use sum::merge;

use crate::error::MergeError;
use crate::input::Input;
use crate::plan::ObjectPlan;
use crate::store::Store;

/// What is done with the objects of one path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// They are added up, or appended to each other.
    Merge,
    /// They are copied as they are, those that differ as cycles of one name.
    Keep,
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
    /// They differ, and are of a class that is not added: all were copied, as cycles of one name,
    /// of which the last is the one that is read.
    Cycles,
}

/// What is done with objects of `class`.
pub(crate) fn action(class: &str, layouts: &Layouts) -> Action {
    if class.starts_with("TParameter<") {
        return Action::Merge;
    }
    let mut known = add::CLASSES.iter();
    let known = known.find(|(base, _)| derives(layouts, class, base, 0));
    known.map_or(Action::Keep, |(_, action)| *action)
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
        Action::Keep => object.times > 0,
        Action::Merge | Action::Refuse => object.times == 1,
    }
}

/// Whether the plan's object is a sum of several.
fn is_merged(object: &ObjectPlan) -> bool {
    object.action != Action::Keep && object.times > 1
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
