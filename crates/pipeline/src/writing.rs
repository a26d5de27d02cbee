//! What all jobs that write files share.

use std::io::{BufWriter, Write};
use std::path::Path;

use rootlake_io::codec::Settings;
use rootlake_io::write::{FileWriter, Stamp};
use rootlake_lake::OutputFile;

use crate::error::PipelineError;

/// How a file is written.
#[derive(Clone, Copy, Debug)]
pub struct WriteOptions {
    /// Compression of what is compressed anew.
    pub settings: Settings,
    /// What it is stamped with.
    pub stamp: Stamp,
}

/// A thread pool of `threads` threads; 0 for one per processor.
///
/// # Errors
/// When they cannot be started.
pub fn pool(threads: usize) -> Result<rayon::ThreadPool, PipelineError> {
    Ok(rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()?)
}

/// A ROOT file that appears under its name when it is whole.
pub(crate) type Output = FileWriter<BufWriter<OutputFile>>;

/// Bytes that are written at once: many, but few enough for an output of a few histograms.
const BUFFER: usize = 1 << 16;

pub(crate) fn create(path: &Path, options: WriteOptions) -> Result<Output, PipelineError> {
    let file = OutputFile::create(path).map_err(|cause| failed(path, cause))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let sink = BufWriter::with_capacity(BUFFER, file);
    FileWriter::create(sink, &name, options.stamp, options.settings)
        .map_err(|error| name_output(path, error))
}

/// Writes what finds the records, and puts the file under its name.
pub(crate) fn commit(path: &Path, file: Output) -> Result<(), PipelineError> {
    let sink = file.finish().map_err(|error| name_output(path, error))?;
    let file = sink
        .into_inner()
        .map_err(|error| failed(path, error.into_error()))?;
    file.commit().map_err(|cause| failed(path, cause))
}

/// Writes a file that appears under its name when it is whole.
///
/// # Errors
/// When it cannot be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), PipelineError> {
    let write = || -> std::io::Result<()> {
        let mut file = OutputFile::create(path)?;
        file.write_all(bytes)?;
        file.commit()
    };
    write().map_err(|cause| failed(path, cause))
}

fn failed(path: &Path, cause: std::io::Error) -> PipelineError {
    PipelineError::Output {
        path: path.display().to_string(),
        cause,
    }
}

fn name_output(path: &Path, error: rootlake_io::Error) -> PipelineError {
    error.in_file(&path.to_string_lossy().into()).into()
}
