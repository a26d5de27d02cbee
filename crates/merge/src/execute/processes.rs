//! Writing the processes of references, where inputs hold others than each other.

use bytes::Bytes;
use rootlake_io::file::RootFile;
use rootlake_io::object::{Graph, Value};
use rootlake_io::write::FileWriter;

use crate::action::Outcome;
use crate::error::MergeError;
use crate::output::Output;
use crate::output::places::Directories;
use crate::plan::processes::ProcessPlan;
use crate::receipt::ObjectReceipt;
use crate::store::Store;
use crate::survey::input::Input;
use crate::survey::process::{CLASS, NAME, read};

/// Writes the processes, under the numbers that they have now.
///
/// # Errors
/// When one cannot be read again, or writing fails.
pub(super) fn write<S: Store>(
    plan: &ProcessPlan,
    inputs: &[Input],
    store: &S,
    file: &mut FileWriter<Output>,
    directories: &Directories,
) -> Result<Vec<ObjectReceipt>, MergeError> {
    let mut receipts = Vec::new();
    for (number, &(input, own)) in plan.held.iter().enumerate() {
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
