//! What inputs hold: read once, kept small, so that thousands of them fit in memory.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use rootlake_io::cursor::Cursor;
use rootlake_io::file::{Key, ReadAt, RootFile};
use rootlake_io::object::{ClassLayout, Layouts};
use rootlake_io::tree::{BasketPlace, BasketPlaces, Outline, Tree};
use rootlake_io::write::is_narrow;

use crate::cluster::{self, ClusterRange};
use crate::error::MergeError;
use crate::kind::{TreeKind, TreeKinds};
use crate::limits::{self, LeafLimits};
use crate::listing::{InputObject, Keys, Listings};
use crate::schema::{self, Branch};
use crate::store::{Identity, Store};

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
    /// Whether the keys of its baskets have offsets of 32 bits, as the first one's has.
    pub narrow: bool,
}

impl InputTree {
    /// The baskets of the branches that are taken: those whose numbers `map` has.
    pub fn taken<'a>(&'a self, map: &'a [Option<usize>]) -> impl Iterator<Item = &'a BasketPlace> {
        let branches = map.iter().flatten();
        branches.flat_map(|&own| self.baskets.branch(own))
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

/// Whether the key of the first stored basket has offsets of 32 bits.
fn has_narrow_keys(
    file: &RootFile<impl ReadAt>,
    baskets: &BasketPlaces,
) -> Result<bool, MergeError> {
    let first = baskets.all().iter().find(|basket| basket.is_stored());
    let Some(first) = first else { return Ok(false) };
    let start = file.source().read_at(first.seek(), 8);
    let start = start.map_err(|error| error.at(first.seek()).in_file(file.name()))?;
    Ok(is_narrow(&start))
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

/// Examines inputs, and shares between them what they have in common.
#[derive(Debug, Default)]
pub(crate) struct Examiner {
    texts: Mutex<HashSet<Arc<str>>>,
    branches: Mutex<HashSet<Arc<[Branch]>>>,
    /// Those of each description, as it is stored.
    layouts: Mutex<Vec<(Bytes, Arc<InputLayouts>)>>,
    kinds: TreeKinds,
    listings: Listings,
}

/// The longest key in bytes: what its own length can say.
const LONGEST_KEY: u32 = 0xffff;
/// How many different descriptions of classes are kept to be shared.
const KEPT_LAYOUTS: usize = 256;

impl Examiner {
    /// Reads what the input `name` holds.
    ///
    /// # Errors
    /// When it is damaged, or holds something whose meaning depends on where it stands.
    pub fn examine<S: Store>(&self, store: &S, name: &str) -> Result<Input, MergeError> {
        let source = store.open(name)?;
        let identity = store.identity(&source)?;
        let file = RootFile::open(source, name)?;
        let layouts = self.layouts(&file)?;
        let mut keys = Keys::of(&file)?;
        let text = |text| self.text(text);
        let listing = self.listings.of(&file, &mut keys, &layouts, text)?;
        let mut trees = Vec::with_capacity(listing.trees.len());
        for (path, number) in &listing.trees {
            let key = keys.trees.iter().find(|(own, _)| own == number);
            let (_, key) = key.ok_or(MergeError::Thread)?;
            trees.push(self.tree(&file, path, key, &layouts)?);
        }
        Ok(Input {
            name: name.into(),
            identity,
            trees: trees.into(),
            objects: Objects {
                names: Arc::clone(&listing.objects),
                places: keys.places(&listing.object_keys),
            },
            directories: Arc::clone(&listing.directories),
            layouts,
            compression: file.header().compression,
            order: Arc::clone(&listing.order),
        })
    }

    fn tree(
        &self,
        file: &RootFile<impl ReadAt>,
        path: &Arc<str>,
        key: &Key,
        layouts: &Arc<InputLayouts>,
    ) -> Result<InputTree, MergeError> {
        let content = file.content(key)?;
        let (kind, mut found) = match self.kinds.find(key, &content, layouts) {
            Some(found) => found,
            None => self.read_tree(file, path, key, &content, layouts)?,
        };
        found.baskets.share(&kind.baskets);
        Ok(InputTree {
            path: Arc::clone(path),
            narrow: has_narrow_keys(file, &found.baskets)?,
            place: Place {
                seek: key.seek_key,
                nbytes: key.nbytes,
            },
            entries: found.entries,
            clusters: cluster::ranges(&found),
            baskets: found.baskets,
            branches: Arc::clone(&kind.branches),
            limits: Arc::clone(&kind.limits),
        })
    }

    /// Reads a tree in full; trees like it are known from then on.
    fn read_tree(
        &self,
        file: &RootFile<impl ReadAt>,
        path: &str,
        key: &Key,
        content: &Bytes,
        layouts: &Arc<InputLayouts>,
    ) -> Result<(Arc<TreeKind>, Outline), MergeError> {
        let (mut tree, shape) = Tree::read_with_shape(file, key, content, &layouts.all)?;
        refuse_damaged(file, &tree)?;
        refuse_indexed(file, path, &tree)?;
        let outline = tree.take_outline()?;
        let kind = TreeKind {
            class: key.class.clone(),
            branches: share(&self.branches, schema::branches(&tree).into()),
            limits: limits::of_tree(&tree)?.into(),
            baskets: outline.baskets.clone(),
            layouts: Arc::clone(layouts),
            shape,
        };
        Ok((self.kinds.keep(kind), outline))
    }

    fn text(&self, text: String) -> Arc<str> {
        share(&self.texts, text.into())
    }

    /// The layouts of a file: those of an earlier one where both describe the same.
    fn layouts(&self, file: &RootFile<impl ReadAt>) -> Result<Arc<InputLayouts>, MergeError> {
        let stored = file.stored_streamer_info()?;
        let mut known = self.layouts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, layouts)) = known.iter().find(|(known, _)| *known == stored) {
            return Ok(Arc::clone(layouts));
        }
        let described = file.described()?;
        let mut all = Layouts::builtin();
        for layout in &described {
            all.insert(layout.clone());
        }
        let layouts = Arc::new(InputLayouts { all, described });
        if known.len() < KEPT_LAYOUTS {
            known.push((stored, Arc::clone(&layouts)));
        }
        Ok(layouts)
    }
}

/// The one of `known` that equals `value`, which is `value` if there was none.
fn share<T: ?Sized + Eq + std::hash::Hash>(
    known: &Mutex<HashSet<Arc<T>>>,
    value: Arc<T>,
) -> Arc<T> {
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = known.get(&*value) {
        return Arc::clone(known);
    }
    known.insert(Arc::clone(&value));
    value
}

fn refuse_damaged(file: &RootFile<impl ReadAt>, tree: &Tree) -> Result<(), MergeError> {
    for branch in &tree.branches {
        if let Some(other) = &branch.elsewhere {
            return Err(MergeError::Unsupported {
                file: file.name().to_string(),
                what: format!(
                    "tree {} branch {} (it stands in {other:?})",
                    tree.name, branch.path
                ),
            });
        }
        let damage = match &branch.damage {
            Some(damage) => damage.clone(),
            // A branch with baskets holds each of the tree's entries.
            None if !branch.baskets.is_empty() && branch.entries != tree.entries => format!(
                "it has {} entries, its tree {}",
                branch.entries, tree.entries
            ),
            None => continue,
        };
        return Err(MergeError::Damaged {
            file: file.name().to_string(),
            place: format!("tree {} branch {}", tree.name, branch.path),
            damage,
        });
    }
    Ok(())
}

/// Refuses trees that refer to entries by number: merged, these numbers would be others.
fn refuse_indexed(file: &RootFile<impl ReadAt>, path: &str, tree: &Tree) -> Result<(), MergeError> {
    let root = tree.graph.root()?;
    for (member, what) in [
        ("fTreeIndex", "index"),
        ("fBranchRef", "table of references"),
    ] {
        if root.pointer(member).is_ok_and(|id| id.is_some()) {
            return Err(MergeError::Unsupported {
                file: file.name().to_string(),
                what: format!("tree {path}: its {what} ({member})"),
            });
        }
    }
    Ok(())
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

    /// Refuses an open input that is not what it was when it was examined.
    ///
    /// # Errors
    /// When its size or time differs.
    pub(crate) fn unchanged<S: Store>(&self, store: &S, file: &S::File) -> Result<(), MergeError> {
        let now = store.identity(file)?;
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
