//! Merging and multiplying files, wherever they are.

use std::path::Path;
use std::time::Instant;

use bytes::Bytes;
use rootlake_io::file::ReadAt;
use rootlake_merge::{
    Identity, LocalFile, LocalFiles, MergeError, Plan, Receipt, Request, Store, execute, survey,
};

use crate::Progress;
use crate::error::PipelineError;
use crate::input::SourceBytes;
use crate::report::Report;
use crate::writing::WriteOptions;

/// What is multiplied.
#[derive(Clone, Copy, Debug)]
pub struct MultiplyOptions {
    /// How often the run of inputs is copied.
    pub copies: u64,
}

/// Inputs by path or URL.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lake;

/// An input of a merge: a local file is read, anything else asked through its source.
#[derive(Debug)]
pub enum LakeFile {
    /// A file of the local file system.
    Local(LocalFile),
    /// Anything else.
    Remote(SourceBytes),
}

impl Store for Lake {
    type File = LakeFile;

    fn open(&self, name: &str) -> Result<LakeFile, MergeError> {
        if self.is_at_hand(name) {
            return LocalFiles.open(name).map(LakeFile::Local);
        }
        let source = rootlake_lake::open(name).map_err(rootlake_io::Error::source)?;
        let bytes = SourceBytes::new(source).map_err(rootlake_io::Error::source)?;
        Ok(LakeFile::Remote(bytes))
    }

    fn is_at_hand(&self, name: &str) -> bool {
        // A single letter is sought much faster, and most paths have none.
        !(name.contains(':') && name.contains("://"))
    }

    fn identity(&self, file: &LakeFile) -> Result<Identity, MergeError> {
        match file {
            LakeFile::Local(file) => LocalFiles.identity(file),
            LakeFile::Remote(file) => {
                let source = file.source();
                source
                    .verify_unchanged()
                    .map_err(rootlake_io::Error::source)?;
                Ok(Identity {
                    size: source.size(),
                    modified: None,
                })
            }
        }
    }

    fn identity_at_opening(&self, file: &LakeFile) -> Result<Identity, MergeError> {
        match file {
            LakeFile::Local(file) => LocalFiles.identity_at_opening(file),
            LakeFile::Remote(_) => self.identity(file),
        }
    }
}

impl ReadAt for LakeFile {
    fn length(&self) -> u64 {
        match self {
            Self::Local(file) => file.length(),
            Self::Remote(file) => file.length(),
        }
    }

    fn read_at(&self, offset: u64, length: usize) -> rootlake_io::Result<Bytes> {
        match self {
            Self::Local(file) => file.read_at(offset, length),
            Self::Remote(file) => file.read_at(offset, length),
        }
    }

    fn read_into(&self, offset: u64, buffer: &mut [u8]) -> rootlake_io::Result<()> {
        match self {
            Self::Local(file) => file.read_into(offset, buffer),
            Self::Remote(file) => file.read_into(offset, buffer),
        }
    }
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
    let request = Request {
        copies: options.copies,
        ..Request::default()
    };
    let mut survey = survey(&Lake, inputs, request.threads);
    if !survey.refused.is_empty() {
        return Err(survey.refused.swap_remove(0).1.into());
    }
    let plan = Plan::new(&survey.inputs, &request)?;
    let total = plan.basket_bytes();
    let told = |written| progress(written, total);
    let receipt = execute(
        &plan,
        &survey.inputs,
        &Lake,
        &request,
        path,
        write.stamp,
        &told,
    )?;
    let report = Report {
        events: receipt.trees.iter().map(|tree| tree.entries_out).sum(),
        stored_bytes: receipt.trees.iter().map(|tree| tree.basket_bytes).sum(),
        units: receipt.trees.iter().map(|tree| tree.baskets).sum(),
        seconds: started.elapsed().as_secs_f64(),
        ..Report::default()
    };
    Ok((receipt, report))
}
