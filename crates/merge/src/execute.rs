//! Carrying out a plan: one output, from its first byte to its name.

mod engine;
mod foresight;
mod merged;
mod processes;
mod turn;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use rootlake_io::ErrorKind;
use rootlake_io::codec::Settings;
use rootlake_io::write::{FileWriter, Stamp};

use crate::error::MergeError;
use crate::index;
use crate::memory;
use crate::object;
use crate::output::Output;
use crate::output::places::Directories;
use crate::plan::Plan;
use crate::receipt::{ObjectReceipt, Receipt, TreeReceipt};
use crate::request::{Request, Verify};
use crate::store::Store;
use crate::survey::input::Input;
use crate::vary;
use crate::verify;

pub use engine::Progress;
use engine::Run;

/// Writes what `plan` says to `path`, which appears when it is complete and not before.
///
/// # Errors
/// When reading or writing fails, an input is damaged or changes, or other entries arrive than
/// planned. Then nothing is left behind.
pub fn execute<S: Store>(
    plan: &Plan,
    inputs: &[Input],
    store: &S,
    request: &Request,
    path: &Path,
    stamp: Stamp,
    progress: Progress<'_>,
) -> Result<Receipt, MergeError> {
    let job = Job {
        plan,
        inputs,
        store,
        request: &memory::fit(request, plan, inputs)?,
        stamp,
        progress,
    };
    job.run(path).map_err(|error| match error {
        MergeError::Io(error) if matches!(error.kind(), ErrorKind::Sink(_)) => {
            error.in_file(&path.to_string_lossy().into()).into()
        }
        error => error,
    })
}

/// One output to be written.
struct Job<'a, S: Store> {
    plan: &'a Plan,
    inputs: &'a [Input],
    store: &'a S,
    request: &'a Request,
    stamp: Stamp,
    progress: Progress<'a>,
}

impl<S: Store> Job<'_, S> {
    fn run(&self, path: &Path) -> Result<Receipt, MergeError> {
        vary::check(self.plan, self.request)?;
        index::check(&self.plan.trees, self.request)?;
        let started = Instant::now();
        let expected = match self.request.compress {
            None => self.plan.basket_bytes(),
            Some(_) => 0,
        };
        let output = Output::create(path, self.request.checksum)?;
        // Of copies that may share their blocks, only the first is sure to take room.
        let written = output.block().map_or(1, |_| self.plan.copies.max(1));
        output.find_room(expected / written)?;
        let mut file = self.begin(output, path)?;
        let (mut trees, objects) = self.fill(&mut file)?;
        let output = file.finish()?;
        if self.request.verify == Verify::Full {
            verify::full(
                self.plan,
                self.inputs,
                self.store,
                self.request,
                &output,
                &mut trees,
            )?;
        }
        let sealed = output.complete(self.request.sync)?;
        let elapsed = started.elapsed();
        Ok(Receipt::new(
            path,
            self.plan,
            self.inputs,
            trees,
            objects,
            sealed,
            elapsed,
        ))
    }

    /// The settings with which records are compressed: those asked for, or the first input's.
    fn settings(&self) -> Settings {
        let stored = self.inputs.first().map_or(1, |input| input.compression);
        let wanted = self.request.compress_records;
        wanted
            .or(self.request.compress)
            .or_else(|| Settings::from_number(stored))
            .unwrap_or(Settings::ZLIB_1)
    }

    /// Begins the file, which describes the classes of all inputs.
    fn begin(&self, output: Output, path: &Path) -> Result<FileWriter<Output>, MergeError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let mut file = FileWriter::create(output, &name, self.stamp, self.settings())?;
        for input in self.inputs {
            if input.is_first_of_its_layouts(self.inputs) {
                file.describe(input.layouts.described.iter().cloned().map(Arc::new));
            }
        }
        Ok(file)
    }

    /// Writes directories, trees and other objects.
    fn fill(
        &self,
        file: &mut FileWriter<Output>,
    ) -> Result<(Vec<TreeReceipt>, Vec<ObjectReceipt>), MergeError> {
        let (plan, inputs, store) = (self.plan, self.inputs, self.store);
        let mut directories = Directories::create(file, &plan.directories, &plan.order)?;
        // Objects that are copied as bytes come first: their references reach 2 GB.
        let mut objects = match &plan.processes {
            Some(plan) => processes::write(plan, inputs, store, file, &directories)?,
            None => Vec::new(),
        };
        objects.extend(object::copy(plan, inputs, store, file, &mut directories)?);
        let mut written = 0;
        let mut trees = Vec::new();
        for tree_plan in &plan.trees {
            let run = Run {
                sequence: &plan.sequence,
                processes: plan.processes.as_ref(),
                store,
                inputs,
                request: self.request,
                settings: self.settings(),
                stamp: self.stamp,
                progress: self.progress,
                written_before: written,
            };
            let tree = run.tree(tree_plan, file, &mut directories)?;
            written += tree.basket_bytes;
            trees.push(tree);
        }
        objects.extend(object::merge(
            plan,
            inputs,
            store,
            self.request,
            file,
            &mut directories,
        )?);
        Ok((trees, objects))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::LocalFiles;
    use crate::support;
    use crate::survey::survey;

    #[test]
    fn baskets_past_200_gb_are_found_again() {
        const HOLE: u64 = 200 << 30;
        let folder = tempfile::tempdir().unwrap();
        let (input, path) = (folder.path().join("in"), folder.path().join("out"));
        let values: Vec<i32> = (0..1000).collect();
        support::write(&input, &values, true, 100, "zlib:1");
        let names = [input.to_str().unwrap().to_owned()];
        let found = survey(&LocalFiles, &names, 1);
        let request = Request {
            copies: 3,
            ..Request::default()
        };
        let plan = Plan::new(&found.inputs, &request).unwrap();
        let job = Job {
            plan: &plan,
            inputs: &found.inputs,
            store: &LocalFiles,
            request: &request,
            stamp: Stamp::REPRODUCIBLE,
            progress: &|_| (),
        };
        let mut file = job
            .begin(Output::create(&path, true).unwrap(), &path)
            .unwrap();
        let start = file.reserve(HOLE).unwrap();
        file.sink().note_zeros(start, HOLE);
        job.fill(&mut file).unwrap();
        let (bytes, _) = file.finish().unwrap().complete(false).unwrap();
        assert!(bytes > HOLE);
        let again = survey(&LocalFiles, &[path.to_str().unwrap().to_owned()], 1);
        let baskets = again.inputs[0].trees[0].baskets.all().iter();
        assert!(baskets.clone().count() == 60 && baskets.clone().all(|b| b.seek() > HOLE));
        // Reading through a merge: what stands past 200 GB is copied to a short file.
        let short = folder.path().join("short");
        support::merge(&[&path], &Request::default(), &short).unwrap();
        assert_eq!(support::numbers(&short), [&values[..]; 3].concat());
    }
}
