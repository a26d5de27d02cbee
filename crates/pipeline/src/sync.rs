//! What threads share.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A lock whose holders leave nothing half done.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Things with working memory that nobody uses now, for those who need one next.
#[derive(Debug)]
pub(crate) struct Spare<T>(Mutex<Vec<T>>);

impl<T> Default for Spare<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Spare<T> {
    /// One that was used before; none where all are in use.
    pub(crate) fn take(&self) -> Option<T> {
        lock(&self.0).pop()
    }

    /// Keeps one that is done with.
    pub(crate) fn put(&self, thing: T) {
        lock(&self.0).push(thing);
    }
}
