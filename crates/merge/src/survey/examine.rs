//! Examining inputs: each is read once, and what several have in common is kept once.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use rootlake_io::file::{Key, ReadAt, RecordBuffers, RecordReader, RootFile};
use rootlake_io::object::Layouts;
use rootlake_io::tree::{BasketPlaces, Outline, Tree};
use rootlake_io::write::is_narrow;

use crate::cluster;
use crate::error::MergeError;
use crate::schema::{self, Branch};
use crate::store::Store;
use crate::survey::beside::Beside;
use crate::survey::index;
use crate::survey::input::{Input, InputTree, Weight};
use crate::survey::kind::{TreeKind, TreeKinds};
use crate::survey::limits;
use crate::survey::listing::{Keys, Listings};
use crate::survey::objects::{InputLayouts, Objects, Place};
use crate::survey::process;
use crate::survey::standing::Standing;

/// How many different descriptions of classes are kept to be shared.
const KEPT_LAYOUTS: usize = 256;

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

impl Examiner {
    /// Reads what the input `name` holds, in memory that is used again.
    ///
    /// # Errors
    /// When it is damaged, or holds something whose meaning depends on where it stands.
    pub fn examine<S: Store>(
        &self,
        store: &S,
        name: &str,
        buffers: &mut RecordBuffers,
    ) -> Result<Input, MergeError> {
        let source = store.open(name)?;
        let identity = store.identity_at_opening(&source)?;
        let file = RootFile::open(source, name)?;
        let layouts = self.layouts(&file)?;
        let mut keys = Keys::of(&file)?;
        let text = |text| self.text(text);
        let listing = self.listings.of(&file, &mut keys, &layouts, text)?;
        let mut trees = Vec::with_capacity(listing.trees.len());
        for (path, number) in &listing.trees {
            let key = keys.trees.iter().find(|(own, _)| own == number);
            let (_, key) = key.ok_or(MergeError::Thread)?;
            let content = RecordReader::new(&file, buffers).content(key)?;
            trees.push(self.tree(&file, path, (key, &content), &layouts)?);
            buffers.take_back(content);
        }
        let objects = Objects {
            names: Arc::clone(&listing.objects),
            places: keys.places(&listing.object_keys),
        };
        let processes = listing.processes.iter();
        let processes = processes.filter_map(|&number| objects.get(number));
        Ok(Input {
            name: name.into(),
            identity,
            trees: trees.into(),
            processes: process::of(&file, processes, &layouts, text)?,
            objects,
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
        (key, content): (&Key, &Bytes),
        layouts: &Arc<InputLayouts>,
    ) -> Result<InputTree, MergeError> {
        let (kind, mut found) = match self.kinds.find(key, content, layouts) {
            Some(found) => found,
            None => self.read_tree(file, path, key, content, layouts)?,
        };
        found.baskets.share(&kind.baskets);
        kind.total_bytes.add(&found.total_bytes);
        Ok(InputTree {
            path: Arc::clone(path),
            narrow: has_narrow_keys(file, &found.baskets)?,
            place: Place {
                seek: key.seek_key,
                nbytes: key.nbytes,
            },
            entries: found.entries,
            clusters: cluster::ranges(&found),
            weight: Weight::of(found.baskets.all()),
            standing: kind.standing.shared(&found.baskets),
            baskets: found.baskets,
            branches: Arc::clone(&kind.branches),
            limits: Arc::clone(&kind.limits),
            index: kind.index.clone(),
            left_out: Arc::clone(&kind.left_out),
            beside: Arc::clone(&kind.beside),
            total_bytes: Arc::clone(&kind.total_bytes),
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
        let whole = Tree::read_with_shape(file, key, content, &layouts.all);
        let (mut tree, shape) =
            whole.map_err(|error| would_lose(file, (path, key), layouts, error))?;
        refuse_damaged(file, &tree)?;
        if let Some(bound) = tree.graph.bound() {
            return Err(MergeError::Unsupported {
                file: file.name().to_string(),
                what: format!("tree {path}: what it holds beside its branches, {bound}: it"),
            });
        }
        let index = index::names(file, path, &tree)?;
        let outline = tree.take_outline()?;
        let kind = TreeKind {
            class: key.class.clone(),
            branches: share(&self.branches, schema::branches(&tree).into()),
            limits: limits::of_tree(&tree)?.into(),
            index,
            left_out: std::mem::take(&mut tree.left_out).into(),
            beside: Arc::new(Beside::of(&tree)?),
            standing: Standing::of(&outline.baskets),
            baskets: outline.baskets.clone(),
            layouts: Arc::clone(layouts),
            shape,
            total_bytes: Arc::default(),
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

/// Why a tree that cannot be read in full cannot be merged: its record may hold, beside its branches,
/// what is not understood. That cannot be kept as it is, since it may refer to places that move.
fn would_lose(
    file: &RootFile<impl ReadAt>,
    (path, key): (&str, &Key),
    layouts: &InputLayouts,
    error: rootlake_io::Error,
) -> MergeError {
    let read = Tree::read(file, key, &layouts.all);
    match read.as_ref().map(|tree| tree.left_out.first()) {
        Ok(Some(what)) => MergeError::Unsupported {
            file: file.name().to_string(),
            what: format!("tree {path}: what it holds beside its branches, {what}: it"),
        },
        _ => error.into(),
    }
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

/// Whether the key of the first stored basket has offsets of 32 bits.
fn has_narrow_keys(
    file: &RootFile<impl ReadAt>,
    baskets: &BasketPlaces,
) -> Result<bool, MergeError> {
    let first = baskets.all().iter().find(|basket| basket.is_stored());
    let Some(first) = first else { return Ok(false) };
    Ok(is_narrow(&file.start_of_record(first.seek(), 8)?))
}
