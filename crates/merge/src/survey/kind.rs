//! Trees of one kind, of which the first is read in full.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use rootlake_io::file::Key;
use rootlake_io::tree::{BasketPlaces, Outline, TreeShape};

use crate::schema::Branch;
use crate::survey::beside::Beside;
use crate::survey::index::IndexNames;
use crate::survey::limits::LeafLimits;
use crate::survey::objects::InputLayouts;
use crate::survey::standing::Standing;

/// How many kinds are kept: a tree that is of none is held against all of them.
const KEPT: usize = 16;

/// What trees of one kind have in common.
#[derive(Debug)]
pub(crate) struct TreeKind {
    /// The class of the tree.
    pub class: String,
    /// The layouts by which its record is read.
    pub layouts: Arc<InputLayouts>,
    pub branches: Arc<[Branch]>,
    pub limits: Arc<[LeafLimits]>,
    /// What their index is of, if they have one.
    pub index: Option<Arc<IndexNames>>,
    /// Why objects beside its branches are left out.
    pub left_out: Arc<[String]>,
    /// What they keep beside their branches.
    pub beside: Arc<Beside>,
    /// Where the baskets of the first of them stand.
    pub baskets: BasketPlaces,
    /// In which order they stand.
    pub standing: Standing,
    /// What others are held against; none where they cannot be.
    pub shape: Option<TreeShape>,
    /// How long their baskets are, expanded.
    pub total_bytes: Arc<TotalBytes>,
}

/// The bytes of the baskets of each branch, expanded, of all trees of a kind together, as they state
/// them (`fTotBytes`).
#[derive(Debug, Default)]
pub(crate) struct TotalBytes(Mutex<(usize, Vec<u64>)>);

impl TotalBytes {
    /// Adds those of a tree.
    pub fn add(&self, stated: &[u64]) {
        let mut sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (trees, sums) = &mut *sums;
        *trees += 1;
        sums.resize(stated.len(), 0);
        for (sum, stated) in sums.iter_mut().zip(stated) {
            *sum = sum.saturating_add(*stated);
        }
    }

    /// All of them; none where they are not of so many trees.
    pub fn of(&self, trees: usize) -> Option<Vec<u64>> {
        let sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (sums.0 == trees).then(|| sums.1.clone())
    }
}

/// The kinds met so far.
#[derive(Debug, Default)]
pub(crate) struct TreeKinds(Mutex<Vec<Arc<TreeKind>>>);

impl TreeKinds {
    /// The kind of the tree behind `key`, whose expanded record is `content`, and what is its own;
    /// none where it is of no kind met before.
    pub fn find(
        &self,
        key: &Key,
        content: &Bytes,
        layouts: &Arc<InputLayouts>,
    ) -> Option<(Arc<TreeKind>, Outline)> {
        // A copy: other threads search too while this one compares.
        let known = self.all().clone();
        known.into_iter().find_map(|kind| {
            if kind.class != key.class || !Arc::ptr_eq(&kind.layouts, layouts) {
                return None;
            }
            let shape = kind.shape.as_ref()?;
            let own = shape.outline(content, key.key_length, &layouts.all)?;
            Some((kind, own))
        })
    }

    /// Keeps a kind, unless there are too many.
    pub fn keep(&self, kind: TreeKind) -> Arc<TreeKind> {
        let kind = Arc::new(kind);
        let mut known = self.all();
        if kind.shape.is_some() && known.len() < KEPT {
            known.push(Arc::clone(&kind));
        }
        kind
    }

    fn all(&self) -> MutexGuard<'_, Vec<Arc<TreeKind>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
