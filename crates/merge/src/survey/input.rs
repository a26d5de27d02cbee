//! What inputs hold, kept small, so that thousands of them fit in memory.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::tree::{BasketPlace, BasketPlaces, Tree};

use crate::cluster::ClusterRange;
use crate::error::MergeError;
use crate::schema::Branch;
use crate::store::{Identity, Store};
use crate::survey::beside::Beside;
use crate::survey::index::IndexNames;
use crate::survey::kind::TotalBytes;
use crate::survey::limits::LeafLimits;
use crate::survey::objects::{InputLayouts, Objects, Place, key_at};
use crate::survey::process::Process;
use crate::survey::standing::Standing;

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
    /// What all of them weigh: nobody need look at each again to plan.
    pub weight: Weight,
    /// In which order they stand.
    pub standing: Standing,
    /// The limits of the leaves that have any, shared likewise.
    pub limits: Arc<[LeafLimits]>,
    /// What its index is of, if it has one.
    pub index: Option<Arc<IndexNames>>,
    /// Why objects beside its branches are left out.
    pub left_out: Arc<[String]>,
    /// What it keeps beside its branches.
    pub beside: Arc<Beside>,
    /// How long the baskets of all trees of its kind are, expanded.
    pub total_bytes: Arc<TotalBytes>,
    /// Whether the keys of its baskets have offsets of 32 bits, as the first one's has.
    pub narrow: bool,
}

/// How many baskets there are, and their bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Weight {
    /// Those with records of their own.
    pub stored: u64,
    pub stored_bytes: u64,
    /// Those in the tree's record, expanded.
    pub embedded: u64,
    pub embedded_bytes: u64,
}

impl Weight {
    /// That of these baskets.
    pub fn of<'a>(baskets: impl IntoIterator<Item = &'a BasketPlace>) -> Self {
        let mut weight = Self::default();
        for basket in baskets {
            let (count, bytes) = match basket.is_stored() {
                true => (&mut weight.stored, &mut weight.stored_bytes),
                false => (&mut weight.embedded, &mut weight.embedded_bytes),
            };
            *count += 1;
            *bytes += u64::from(basket.nbytes);
        }
        weight
    }

    /// The bytes of all.
    pub fn bytes(&self) -> u64 {
        self.stored_bytes + self.embedded_bytes
    }
}

impl InputTree {
    /// Whether `map` takes all branches, in their order.
    fn is_all(&self, map: &[Option<usize>]) -> bool {
        let mut own = map.iter().zip(0..);
        map.len() == self.baskets.branches() && own.all(|(&own, n)| own == Some(n))
    }

    /// What the baskets that begin within `entries` weigh, in the branches that are taken.
    pub fn weight(&self, map: &[Option<usize>], entries: &Range<u64>) -> Weight {
        if *entries == (0..self.entries) && self.is_all(map) {
            return self.weight;
        }
        let taken = self.taken(map);
        Weight::of(taken.filter(|basket| entries.contains(&basket.first_entry)))
    }

    /// The baskets of the branches that are taken: those whose numbers `map` has.
    pub fn taken<'a>(&'a self, map: &'a [Option<usize>]) -> impl Iterator<Item = &'a BasketPlace> {
        let (all, map) = match self.is_all(map) {
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
