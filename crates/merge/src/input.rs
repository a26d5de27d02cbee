//! What inputs hold: read once, kept small, so that thousands of them fit in memory.

use std::collections::{HashMap, HashSet};
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
use crate::object::{self, Action};
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
    pub(crate) objects: Arc<[InputObject]>,
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

/// A record's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        Ok(Tree::read(file, &key, &input.layouts.all)?)
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

/// An object of an input that is no tree.
#[derive(Clone, Debug)]
pub(crate) struct InputObject {
    pub path: Arc<str>,
    pub class: Arc<str>,
    pub title: Arc<str>,
    pub place: Place,
}

/// Examines inputs, and shares between them what they have in common.
#[derive(Debug, Default)]
pub(crate) struct Examiner {
    texts: Mutex<HashSet<Arc<str>>>,
    orders: Mutex<HashSet<Arc<[Arc<str>]>>>,
    branches: Mutex<HashSet<Arc<[Branch]>>>,
    /// Those of each description, as it is stored.
    layouts: Mutex<Vec<(Bytes, Arc<InputLayouts>)>>,
    kinds: TreeKinds,
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
        let (mut trees, mut objects, mut directories) = (Vec::new(), Vec::new(), Vec::new());
        let mut order = Vec::new();
        for (path, key) in counting(file.walk()?, &layouts.all) {
            order.push(self.text(path.clone()));
            if Tree::is_tree(&key) {
                trees.push(self.tree(&file, path, &key, &layouts)?);
            } else if key.class.starts_with("TDirectory") {
                let title = self.text(key.title);
                directories.push((self.text(path), title));
            } else {
                refuse_bound(&file, &path, &key)?;
                objects.push(InputObject {
                    path: self.text(path),
                    class: self.text(key.class),
                    title: self.text(key.title),
                    place: Place {
                        seek: key.seek_key,
                        nbytes: key.nbytes,
                    },
                });
            }
        }
        Ok(Input {
            name: name.into(),
            identity,
            trees: trees.into(),
            objects: objects.into(),
            directories: directories.into(),
            layouts,
            compression: file.header().compression,
            order: share(&self.orders, order.into()),
        })
    }

    fn tree(
        &self,
        file: &RootFile<impl ReadAt>,
        path: String,
        key: &Key,
        layouts: &Arc<InputLayouts>,
    ) -> Result<InputTree, MergeError> {
        let content = file.content(key)?;
        let (kind, mut found) = match self.kinds.find(key, &content, layouts) {
            Some(found) => found,
            None => self.read_tree(file, &path, key, &content, layouts)?,
        };
        found.baskets.share(&kind.baskets);
        Ok(InputTree {
            path: self.text(path),
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
        let header = file.header();
        let length = usize::try_from(header.nbytes_info).unwrap_or(usize::MAX);
        let record = if header.seek_info == 0 {
            Bytes::new()
        } else {
            let record = file.source().read_at(header.seek_info, length);
            record.map_err(|error| error.in_object("streamer info").in_file(file.name()))?
        };
        // The key before it bears a date; the list itself is the same in files of one kind.
        let key = Key::parse(&mut Cursor::new(&record));
        let start = key.map_or(0, |key| usize::from(key.key_length).min(record.len()));
        let stored = record.slice(start..);
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

/// Of keys with one path, that of the highest cycle: the others are its backups. Of objects that
/// are not merged, all, from the lowest cycle on.
fn counting(keys: Vec<(String, Key)>, layouts: &Layouts) -> Vec<(String, Key)> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut found: Vec<(String, Vec<Key>)> = Vec::new();
    for (path, key) in keys {
        match places.get(&path).and_then(|&place| found.get_mut(place)) {
            Some((_, cycles)) => cycles.push(key),
            None => {
                places.insert(path.clone(), found.len());
                found.push((path, vec![key]));
            }
        }
    }
    let counting = found.into_iter().flat_map(|(path, mut cycles)| {
        cycles.sort_by_key(|key| key.cycle);
        if let Some(newest) = cycles.last().filter(|_| cycles.len() > 1)
            && (Tree::is_tree(newest)
                || newest.class.starts_with("TDirectory")
                || object::action(&newest.class, layouts) != Action::Keep)
        {
            cycles.drain(..cycles.len() - 1);
        }
        cycles.into_iter().map(move |key| (path.clone(), key))
    });
    counting.collect()
}

fn refuse_damaged(file: &RootFile<impl ReadAt>, tree: &Tree) -> Result<(), MergeError> {
    for branch in &tree.branches {
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

/// Refuses objects whose meaning depends on the file in which they stand.
fn refuse_bound(file: &RootFile<impl ReadAt>, path: &str, key: &Key) -> Result<(), MergeError> {
    let why = match key.class.as_str() {
        "ROOT::RNTuple" | "ROOT::Experimental::RNTuple" => "its pages are not of a TTree",
        _ => return Ok(()),
    };
    Err(MergeError::Unsupported {
        file: file.name().to_string(),
        what: format!("{} {path} ({why})", key.class),
    })
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
        keep(&mut self.objects, |object| {
            wanted(&object.path, Kind::Object)
        });
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
