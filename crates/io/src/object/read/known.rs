//! The layouts that a record needs, looked up once.

use std::sync::Arc;

use super::streamed::UNREAD;
use crate::object::layout::ClassLayout;
use crate::object::layouts::Layouts;

/// So many are kept: the objects of a record are of a few classes, again and again.
const KEPT: usize = 16;

/// Layouts, and those found last.
pub(super) struct KnownLayouts<'a> {
    layouts: &'a Layouts,
    /// Whether a version without a layout is read as the newest.
    pub(super) any_version: bool,
    found: Vec<Found>,
    /// Which is replaced next.
    oldest: usize,
}

/// What was asked for, and the answer. The same class is mostly named by the same text in memory.
struct Found {
    class: Arc<str>,
    version: u16,
    checksum: Option<u32>,
    layout: Arc<ClassLayout>,
}

impl<'a> KnownLayouts<'a> {
    pub(super) fn new(layouts: &'a Layouts) -> Self {
        Self {
            layouts,
            any_version: false,
            found: Vec::new(),
            oldest: 0,
        }
    }

    /// As [`Layouts::get`]; none for a class that is not streamed as it is described.
    pub(super) fn get(
        &mut self,
        class: &Arc<str>,
        version: u16,
        checksum: Option<u32>,
    ) -> Option<Arc<ClassLayout>> {
        let is_it = |found: &&Found| {
            Arc::ptr_eq(&found.class, class)
                && (found.version, found.checksum) == (version, checksum)
        };
        if let Some(found) = self.found.iter().find(is_it) {
            return Some(Arc::clone(&found.layout));
        }
        if UNREAD.contains(&&**class) {
            return None;
        }
        let layout = Arc::clone(self.layouts.get(class, version, checksum)?);
        let found = Found {
            class: Arc::clone(class),
            version,
            checksum,
            layout: Arc::clone(&layout),
        };
        match self.found.get_mut(self.oldest) {
            Some(place) => *place = found,
            None => self.found.push(found),
        }
        self.oldest = (self.oldest + 1) % KEPT;
        Some(layout)
    }

    /// The newest layout, where any version may be read as that.
    pub(super) fn newest(&self, class: &str) -> Option<Arc<ClassLayout>> {
        let newest = || self.layouts.newest(class).map(Arc::clone);
        self.any_version.then(newest).flatten()
    }
}
