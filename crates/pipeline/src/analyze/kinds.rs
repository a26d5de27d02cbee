//! Files of one kind, of which the tree of the first is read in full.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use rootlake_io::file::Key;
use rootlake_io::object::Layouts;
use rootlake_io::tree::{Branch, Tree, TreeShape};

use crate::error::PipelineError;
use crate::input::InputFile;
use crate::sync::lock;

/// How many kinds are kept: a tree that is of none is held against all of them.
const KEPT: usize = 16;

/// The kinds met so far.
#[derive(Debug, Default)]
pub(crate) struct Kinds {
    /// Whether there are several files: the shape of a single one is of no use.
    are_many: bool,
    /// Whether a tree was read in full: who comes meanwhile waits, for most are of its kind.
    begun: Mutex<bool>,
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

/// A tree that was found in a file and is not read yet.
struct Found<'a> {
    input: &'a InputFile,
    /// The file's streamer info as it is stored.
    streamer_info: Bytes,
    key: Key,
    /// Its record, expanded.
    content: Bytes,
}

/// The number of a tree's entries, and branches of it.
pub(super) type Branches = (u64, Vec<Branch>);

impl Kinds {
    /// For so many files.
    pub(crate) fn of(files: usize) -> Self {
        Self {
            are_many: files > 1,
            begun: Mutex::default(),
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
        let found = Found {
            input,
            streamer_info: input.file.stored_streamer_info()?,
            content: input.file.content(&key)?,
            key,
        };
        let mut begun = lock(&self.begun);
        if !*begun {
            let read = self.read_in_full(found, find);
            *begun = true;
            return read;
        }
        drop(begun);
        match self.read_by_shape(&found, &find) {
            Some(branches) => Ok(branches),
            None => self.read_in_full(found, find),
        }
    }

    /// What is wanted of a tree of a known kind; nothing where it is of none.
    fn read_by_shape(
        &self,
        found: &Found<'_>,
        find: impl Fn(&[Branch]) -> Result<Vec<usize>, PipelineError>,
    ) -> Option<Branches> {
        let compression = found.input.file.header().compression;
        // A copy: other threads search too while this one compares.
        let known = lock(&self.known).clone();
        let mut alike = known.iter().filter(|kind| kind.may_be_of(found));
        alike.find_map(|kind| {
            // Where the kind lacks a branch, this file may be of another.
            let places = find(&kind.branches).ok()?;
            let record = (&found.content, found.key.key_length);
            let (pattern, layouts) = (&kind.branches, &kind.layouts);
            kind.shape
                .branches(pattern, &places, record, layouts, compression)
        })
    }

    /// What is wanted of a tree that is read in full, and is a kind from now on.
    fn read_in_full(
        &self,
        found: Found<'_>,
        find: impl Fn(&[Branch]) -> Result<Vec<usize>, PipelineError>,
    ) -> Result<Branches, PipelineError> {
        let file = &found.input.file;
        let layouts = file.layouts()?;
        let whole = Tree::read_with_shape(file, &found.key, &found.content, &layouts);
        let (tree, shape) = match whole {
            Ok(whole) => whole,
            // What its record holds beside its branches may not be understood, nor is it needed.
            Err(_) => (Tree::read(file, &found.key, &layouts)?, None),
        };
        let branches = take(tree.branches.clone(), &find)?;
        if let Some(shape) = shape {
            self.keep(Kind {
                streamer_info: found.streamer_info,
                layouts,
                class: found.key.class,
                shape,
                branches: tree.branches,
            });
        }
        Ok((tree.entries, branches))
    }

    /// Keeps a kind, unless there are too many.
    fn keep(&self, kind: Kind) {
        let mut known = lock(&self.known);
        if known.len() < KEPT {
            known.push(Arc::new(kind));
        }
    }
}

impl Kind {
    /// Whether all but the tree's record is as it is in a file of this kind.
    fn may_be_of(&self, found: &Found<'_>) -> bool {
        self.class == found.key.class && self.streamer_info == found.streamer_info
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

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    const FILE: &str = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../fixtures/mc_363490.llll.4lep.root"
    );

    /// The number of entries, and the first branch.
    fn read(kinds: &Kinds) -> (u64, String) {
        let input = InputFile::open(FILE).unwrap();
        let (entries, branches) = kinds.read(&input, "mini", |_| Ok(vec![0])).unwrap();
        (entries, branches[0].name.to_string())
    }

    #[test]
    fn of_files_of_one_kind_that_come_at_once_one_is_read_in_full() {
        const THREADS: usize = 8;
        let (kinds, all_there) = (Kinds::of(THREADS), Barrier::new(THREADS));
        let found: Vec<_> = std::thread::scope(|scope| {
            let start = |_| {
                scope.spawn(|| {
                    all_there.wait();
                    read(&kinds)
                })
            };
            let threads: Vec<_> = (0..THREADS).map(start).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert!(found.iter().all(|one| *one == read(&Kinds::of(1))));
        assert_eq!(lock(&kinds.known).len(), 1);
    }

    #[test]
    fn a_file_that_cannot_be_read_keeps_none_of_its_kind_waiting() {
        let kinds = Kinds::of(2);
        let input = InputFile::open(FILE).unwrap();
        let refuse = |_: &[Branch]| Err(PipelineError::NoInput);
        assert!(kinds.read(&input, "mini", refuse).is_err());
        assert_eq!(read(&kinds), read(&Kinds::of(1)));
    }
}
