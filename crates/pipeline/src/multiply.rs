//! Multiplying files: plan, copy, commit.

use std::path::Path;
use std::time::Instant;

use rootlake_merge::{Input, Plan, Receipt, execute};

use crate::Progress;
use crate::error::PipelineError;
use crate::input::InputFile;
use crate::report::Report;
use crate::writing::{self, WriteOptions};

/// What is multiplied.
#[derive(Clone, Copy, Debug)]
pub struct MultiplyOptions {
    /// How often the run of inputs is copied.
    pub copies: u64,
}

/// Writes `copies` times all `inputs` in order to `path`, baskets as they are.
///
/// `progress` is told of the bytes written, and of all that will be.
///
/// # Errors
/// When inputs are damaged or differ, or the output cannot be written.
pub fn multiply(
    inputs: &[String],
    options: MultiplyOptions,
    path: &Path,
    write: WriteOptions,
    progress: Progress<'_>,
) -> Result<(Receipt, Report), PipelineError> {
    let started = Instant::now();
    if inputs.is_empty() {
        return Err(PipelineError::NoInput);
    }
    let opened = inputs
        .iter()
        .map(|location| Ok(Input::read(InputFile::open(location)?.file)?))
        .collect::<Result<Vec<_>, PipelineError>>()?;
    let plan = Plan::new(&opened, options.copies)?;
    let total = plan.basket_bytes();
    let mut file = writing::create(path, write)?;
    let receipt = execute(&plan, &opened, &mut file, &mut |written| {
        progress(written, total)
    })?;
    for input in &opened {
        input.file.source().source().verify_unchanged()?;
    }
    writing::commit(path, file)?;
    let report = Report {
        events: receipt.trees.iter().map(|tree| tree.entries_out).sum(),
        stored_bytes: receipt.trees.iter().map(|tree| tree.basket_bytes).sum(),
        units: receipt.trees.iter().map(|tree| tree.baskets).sum(),
        seconds: started.elapsed().as_secs_f64(),
        ..Report::default()
    };
    Ok((receipt, report))
}
