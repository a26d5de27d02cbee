//! Exit codes: what scripts may rely on.

use std::process::ExitCode;

use rootlake_merge::MergeError;
use rootlake_pipeline::PipelineError;

/// Shown below the help of every command.
pub const HELP: &str = "\
Exit codes:
  0  done
  1  failed for another reason than those below
  2  the command line cannot be understood
  3  an input cannot be read, or is damaged
  4  an output cannot be written; nothing stands under its name
  5  the inputs do not fit the job: another schema, a missing branch, an unknown sample
  6  done, but inputs or samples that cannot be read were left out (--keep-going, --analysis-samples, plot, run)";

/// An input cannot be read, or is damaged.
const INPUT: u8 = 3;
/// An output cannot be written.
const OUTPUT: u8 = 4;
/// The inputs do not fit the job.
const MISMATCH: u8 = 5;

/// Inputs were left out.
const LEFT_OUT: u8 = 6;

/// All was done but for inputs that cannot be read; how many.
#[derive(Debug, thiserror::Error)]
#[error("{0} inputs were left out")]
pub struct LeftOut(pub usize);

/// The exit code of a failed command.
pub fn code(error: &anyhow::Error) -> ExitCode {
    let code = error.chain().find_map(|cause| {
        if cause.is::<LeftOut>() {
            return Some(LEFT_OUT);
        }
        if let Some(cause) = cause.downcast_ref::<PipelineError>() {
            return Some(of_pipeline(cause));
        }
        if cause.is::<crate::command::check::Damaged>() || cause.is::<crate::inputs::Missing>() {
            return Some(INPUT);
        }
        cause.downcast_ref::<rootlake_io::Error>().map(of_io)
    });
    ExitCode::from(code.unwrap_or(1))
}

fn of_pipeline(error: &PipelineError) -> u8 {
    match error {
        PipelineError::Io(error) => of_io(error),
        PipelineError::Lake(_) | PipelineError::Selection { .. } => INPUT,
        PipelineError::Output { .. } => OUTPUT,
        PipelineError::Merge(error) => match error.as_ref() {
            MergeError::Io(error) => of_io(error),
            MergeError::Damaged { .. }
            | MergeError::Entries { .. }
            | MergeError::Changed { .. } => INPUT,
            MergeError::Output { .. } => OUTPUT,
            _ => MISMATCH,
        },
        PipelineError::Branch { .. } | PipelineError::Physics(_) | PipelineError::NoInput => {
            MISMATCH
        }
        _ => 1,
    }
}

fn of_io(error: &rootlake_io::Error) -> u8 {
    match error.kind() {
        rootlake_io::ErrorKind::Sink(_) => OUTPUT,
        _ => INPUT,
    }
}
