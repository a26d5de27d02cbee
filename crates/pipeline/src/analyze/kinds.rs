//! Files of one kind, of which the tree of the first is read in full.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use rootlake_io::object::Layouts;
use rootlake_io::tree::{Branch, Tree, TreeShape};

use crate::error::PipelineError;
use crate::input::InputFile;

/// How many kinds are kept: a tree that is of none is held against all of them.
const KEPT: usize = 16;

/// The kinds met so far.
#[derive(Debug, Default)]
pub(crate) struct Kinds {
    /// Whether there are several files: the shape of a single one is of no use.
    are_many: bool,
    known: Mutex<Vec<Arc<Kind>>>,
}

/// What files of one kind have in common.
#[derive(Debug)]
struct Kind {
    /// Their streamer info as it is stored.
    streamer_info: Bytes,
    layouts: Layouts,
    /// The class of the tree.
    class: String,
    shape: TreeShape,
    /// The branches of the first of them.
    branches: Vec<Branch>,
}

/// The number of a tree's entries, and branches of it.
pub(super) type Branches = (u64, Vec<Branch>);

impl Kinds {
    /// For so many files.
    pub(crate) fn of(files: usize) -> Self {
        Self {
            are_many: files > 1,
            known: Mutex::default(),
        }
    }

    /// The number of entries of the tree at `path` in a file, and the branches that `find` finds by
    /// their places among those of a tree.
    ///
    /// # Errors
    /// When the file is damaged or has no such tree, or that of `find`.
    pub(super) fn read(
        &self,
        input: &InputFile,
        path: &str,
        find: impl Fn(&[Branch]) -> Result<Vec<usize>, PipelineError>,
    ) -> Result<Branches, PipelineError> {
        let key = input.file.find(path)?;
        if !self.are_many || !Tree::is_tree(&key) {
            let tree = Tree::read(&input.file, &key, &input.file.layouts()?)?;
            return Ok((tree.entries, take(tree.branches, &find)?));
        }
        let streamer_info = input.file.stored_streamer_info()?;
        let content = input.file.content(&key)?;
        let compression = input.file.header().compression;
        // A copy: other threads search too while this one compares.
        let known = self
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        for kind in known {
            if kind.class != key.class || kind.streamer_info != streamer_info {
                continue;
            }
            // Where the kind lacks a branch, this file may be of another.
            let Ok(places) = find(&kind.branches) else {
                continue;
            };
            let record = (&content, key.key_length);
            let (pattern, layouts) = (&kind.branches, &kind.layouts);
            let found = kind
                .shape
                .branches(pattern, &places, record, layouts, compression);
            if let Some(found) = found {
                return Ok(found);
            }
        }
        let layouts = input.file.layouts()?;
        let whole = Tree::read_with_shape(&input.file, &key, &content, &layouts);
        let (tree, shape) = match whole {
            Ok(whole) => whole,
            // What its record holds beside its branches may not be understood, nor is it needed.
            Err(_) => (Tree::read(&input.file, &key, &layouts)?, None),
        };
        let branches = take(tree.branches.clone(), &find)?;
        if let Some(shape) = shape {
            self.keep(Kind {
                streamer_info,
                layouts,
                class: key.class,
                shape,
                branches: tree.branches,
            });
        }
        Ok((tree.entries, branches))
    }

    /// Keeps a kind, unless there are too many.
    fn keep(&self, kind: Kind) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < KEPT {
            known.push(Arc::new(kind));
        }
    }
}

/// The branches at the places that `find` gives.
fn take(
    branches: Vec<Branch>,
    find: impl Fn(&[Branch]) -> Result<Vec<usize>, PipelineError>,
) -> Result<Vec<Branch>, PipelineError> {
    let places = find(&branches)?;
    let taken = places
        .iter()
        .filter_map(|&place| branches.get(place).cloned());
    Ok(taken.collect())
}
