//! What an input holds besides trees, and where.

use std::sync::Arc;

use rootlake_io::cursor::Cursor;
use rootlake_io::file::{Key, ReadAt, RootFile};
use rootlake_io::object::{ClassLayout, Layouts};

use crate::error::MergeError;

/// The longest key in bytes: what its own length can say.
const LONGEST_KEY: u32 = 0xffff;

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
    pub fn retain(&mut self, wanted: impl Fn(&str) -> bool) {
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
