//! The directories of the output, by path.

use std::collections::HashMap;
use std::sync::Arc;

use rootlake_io::write::{DirectoryId, FileWriter};

use crate::error::MergeError;
use crate::output::Output;

/// The directories of an output.
#[derive(Debug)]
pub(crate) struct Directories {
    by_path: HashMap<String, DirectoryId>,
}

impl Directories {
    /// Makes directories of these paths and titles, each before those in it. What will stand in
    /// them is listed in this `order`.
    pub fn create(
        file: &mut FileWriter<Output>,
        paths: &[(Arc<str>, Arc<str>)],
        order: &[Arc<str>],
    ) -> Result<Self, MergeError> {
        let mut names: HashMap<&str, Vec<&str>> = HashMap::new();
        for path in order {
            let (parent, name) = split(path);
            names.entry(parent).or_default().push(name);
        }
        let mut expect = |file: &mut FileWriter<Output>, directory, path: &str| {
            file.expect(directory, names.remove(path).unwrap_or_default())
        };
        expect(file, DirectoryId::TOP, "")?;
        let mut directories = Self {
            by_path: HashMap::from([(String::new(), DirectoryId::TOP)]),
        };
        for (path, title) in paths {
            let (parent, name) = directories.place(path)?;
            let directory = file.directory(parent, name, title)?;
            expect(file, directory, path)?;
            directories.by_path.insert(path.to_string(), directory);
        }
        Ok(directories)
    }

    /// The directory in which the object of this path stands, and its name there.
    pub fn place<'a>(&self, path: &'a str) -> Result<(DirectoryId, &'a str), MergeError> {
        let (parent, name) = split(path);
        match self.by_path.get(parent) {
            Some(&directory) => Ok((directory, name)),
            None => Err(MergeError::Unsupported {
                file: "the inputs".to_owned(),
                what: format!("{path}, which is in no directory,"),
            }),
        }
    }
}

/// A path's directory and the name in it.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}
