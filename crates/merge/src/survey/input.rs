//! What inputs hold, kept small, so that thousands of them fit in memory.

use std::sync::Arc;

use bytes::Bytes;
use rootlake_io::cursor::Cursor;
use rootlake_io::file::{Key, ReadAt, RootFile};
use rootlake_io::object::{ClassLayout, Layouts};
use rootlake_io::tree::{BasketPlace, BasketPlaces, Tree};

use crate::cluster::ClusterRange;
use crate::error::MergeError;
use crate::index::IndexNames;
use crate::processes::Process;
use crate::schema::Branch;
use crate::store::{Identity, Store};
use crate::survey::limits::LeafLimits;

/// The longest key in bytes: what its own length can say.
const LONGEST_KEY: u32 = 0xffff;

/// An input file, examined. A copy shares what it holds.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name: a path or URL.
    pub name: Arc<str>,
    /// What it was when it was examined.
    pub identity: Identity,
    /// Its trees: the highest cycle of each path.
    pub(crate) trees: Arc<[InputTree]>,
    /// Its other objects: likewise, of those that are not merged all cycles.
    pub(crate) objects: Objects,
    /// The paths and titles of its directories.
    pub(crate) directories: Arc<[(Arc<str>, Arc<str>)]>,
    /// The layouts of its classes.
    pub(crate) layouts: Arc<InputLayouts>,
    /// Its compression settings, as ROOT numbers them.
    pub(crate) compression: i32,
    /// The processes that its references are of, by their numbers.
    pub(crate) processes: Arc<[Process]>,
    /// The paths of all that it holds in the order of its keys, shared by all inputs that hold
    /// the same.
    pub(crate) order: Arc<[Arc<str>]>,
}

/// What a path of an input leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A tree.
    Tree,
    /// A directory.
    Directory,
    /// Any other object.
    Object,
}

/// The layouts of an input's classes, shared by all inputs that describe the same.
#[derive(Debug)]
pub(crate) struct InputLayouts {
    /// Those of the file over those built in.
    pub all: Layouts,
    /// Those of the file.
    pub described: Vec<ClassLayout>,
}

/// An object of an input that is no tree.
#[derive(Clone, Debug)]
pub(crate) struct InputObject {
    pub path: Arc<str>,
    pub class: Arc<str>,
    pub title: Arc<str>,
}

/// The objects of an input that are no trees.
#[derive(Clone, Debug)]
pub(crate) struct Objects {
    /// What they are: shared by all inputs that hold the same.
    pub names: Arc<[InputObject]>,
    /// Where each of them stands.
    pub places: Arc<[Place]>,
}

impl Objects {
    /// The object numbered `number`, and where it stands.
    pub fn get(&self, number: usize) -> Option<(&InputObject, Place)> {
        Some((self.names.get(number)?, *self.places.get(number)?))
    }

    /// Leaves out those whose paths are not wanted.
    fn retain(&mut self, wanted: impl Fn(&str) -> bool) {
        if self.names.iter().all(|object| wanted(&object.path)) {
            return;
        }
        let kept = |(object, _): &(&InputObject, &Place)| wanted(&object.path);
        let both = self.names.iter().zip(self.places.iter()).filter(kept);
        let (names, places): (Vec<_>, Vec<Place>) =
            both.map(|(object, place)| (object.clone(), *place)).unzip();
        (self.names, self.places) = (names.into(), places.into());
    }
}

/// A record's place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub seek: u64,
    pub nbytes: u32,
}

/// A tree of an input.
#[derive(Clone, Debug)]
pub(crate) struct InputTree {
    pub path: Arc<str>,
    pub place: Place,
    pub entries: u64,
    pub clusters: Vec<ClusterRange>,
    /// Its branches, shared by all inputs that have the same.
    pub branches: Arc<[Branch]>,
    /// The baskets of each branch.
    pub baskets: BasketPlaces,
    /// The limits of the leaves that have any, shared likewise.
    pub limits: Arc<[LeafLimits]>,
    /// What its index is of, if it has one.
    pub index: Option<Arc<IndexNames>>,
    /// Why objects beside its branches are left out.
    pub left_out: Arc<[String]>,
    /// Whether the keys of its baskets have offsets of 32 bits, as the first one's has.
    pub narrow: bool,
}

impl InputTree {
    /// The baskets of the branches that are taken: those whose numbers `map` has.
    pub fn taken<'a>(&'a self, map: &'a [Option<usize>]) -> impl Iterator<Item = &'a BasketPlace> {
        let mut own = map.iter().zip(0..);
        let is_all = map.len() == self.baskets.branches() && own.all(|(&own, n)| own == Some(n));
        let (all, map) = match is_all {
            true => (self.baskets.all(), &[][..]),
            false => (&[][..], map),
        };
        let branches = map.iter().flatten();
        all.iter()
            .chain(branches.flat_map(|&own| self.baskets.branch(own)))
    }

    /// The expanded content of its record, from its input's open file.
    ///
    /// # Errors
    /// When it is not there any more.
    pub fn content(&self, file: &RootFile<impl ReadAt>) -> Result<Bytes, MergeError> {
        let (_, content) = file.record(self.place.seek, self.place.nbytes)?;
        Ok(content)
    }

    /// Reads the tree once more, from its input's open file.
    ///
    /// # Errors
    /// When it is not there any more.
    pub fn read(&self, file: &RootFile<impl ReadAt>, input: &Input) -> Result<Tree, MergeError> {
        let key = key_at(file, self.place)?;
        Ok(Tree::read_whole(file, &key, &input.layouts.all)?)
    }
}

/// The key of the record at `place`.
///
/// # Errors
/// When there is none.
pub(crate) fn key_at(file: &RootFile<impl ReadAt>, place: Place) -> Result<Key, MergeError> {
    let room = place.nbytes.min(LONGEST_KEY);
    let room = usize::try_from(room).unwrap_or(usize::MAX);
    let read = || Key::parse(&mut Cursor::new(&file.source().read_at(place.seek, room)?));
    Ok(read().map_err(|error| error.at(place.seek).in_file(file.name()))?)
}

impl Input {
    /// Leaves out what `wanted` does not want, by path and kind.
    pub(crate) fn retain(&mut self, wanted: &dyn Fn(&str, Kind) -> bool) {
        fn keep<T: Clone>(all: &mut Arc<[T]>, is_wanted: impl Fn(&T) -> bool) {
            if !all.iter().all(&is_wanted) {
                *all = all.iter().filter(|item| is_wanted(item)).cloned().collect();
            }
        }
        keep(&mut self.trees, |tree| wanted(&tree.path, Kind::Tree));
        self.objects.retain(|path| wanted(path, Kind::Object));
        keep(&mut self.directories, |(path, _)| {
            wanted(path, Kind::Directory)
        });
    }

    /// Opens the input again.
    ///
    /// # Errors
    /// When it cannot be opened, or is not what it was when it was examined.
    pub(crate) fn open<S: Store>(&self, store: &S) -> Result<S::File, MergeError> {
        let file = store.open(&self.name)?;
        self.is_examined(store.identity_at_opening(&file)?)?;
        Ok(file)
    }

    /// Refuses an open input that is not what it was when it was examined.
    ///
    /// # Errors
    /// When its size or time differs.
    pub(crate) fn unchanged<S: Store>(&self, store: &S, file: &S::File) -> Result<(), MergeError> {
        self.is_examined(store.identity(file)?)
    }

    fn is_examined(&self, now: Identity) -> Result<(), MergeError> {
        if now == self.identity {
            return Ok(());
        }
        let change = if now.size == self.identity.size {
            "it was written to".to_owned()
        } else {
            format!("{} bytes, then {}", self.identity.size, now.size)
        };
        Err(MergeError::Changed {
            file: self.name.to_string(),
            change,
        })
    }

    /// Its compression settings, as ROOT numbers them (`fCompress`).
    pub fn compression(&self) -> i32 {
        self.compression
    }

    /// Whether no input before it is the same file.
    pub(crate) fn is_first_of_its_name(&self, inputs: &[Input]) -> bool {
        let same = |input: &&Input| Arc::ptr_eq(&input.trees, &self.trees);
        let first = inputs.iter().find(same);
        first.is_none_or(|first| std::ptr::eq(first, self))
    }

    /// Whether no input before it describes its classes in the same words.
    pub(crate) fn is_first_of_its_layouts(&self, inputs: &[Input]) -> bool {
        let first = inputs
            .iter()
            .find(|input| Arc::ptr_eq(&input.layouts, &self.layouts));
        first.is_none_or(|first| std::ptr::eq(first, self))
    }
}
