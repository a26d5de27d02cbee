//! Objects that are no trees: added, appended, or kept, as ROOT's `Merge` does.

mod add;
mod average;
mod axis;
mod bins;
mod buffer;
mod copy;
mod entries;
mod events;
mod frame;
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
mod turns;
mod variable;

use rootlake_io::file::RootFile;

pub(crate) use copy::copy;
pub(crate) use sum::merge;

use crate::action::Action;
use crate::error::MergeError;
use crate::plan::ObjectPlan;
use crate::store::Store;
use crate::survey::input::Input;

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
        *open = Some(RootFile::open(input.open(store)?, &input.name)?);
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
