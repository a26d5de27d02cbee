//! The directories of a file being written.

use std::collections::HashMap;

use super::file::{Stamp, Texts, narrow};
use crate::error::{Error, Result};
use crate::file::{Directory, Key};

/// A directory of a file being written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DirectoryId(pub(super) usize);

impl DirectoryId {
    /// The file's top directory.
    pub const TOP: Self = Self(0);

    pub(super) fn unknown() -> Error {
        Error::malformed("a directory of another file")
    }
}

/// What is known of a directory until its list of keys is written.
#[derive(Debug)]
pub(super) struct OpenDirectory {
    /// Class, name and title of its own key and of that of its list of keys.
    pub texts: (String, String, String),
    /// Where its record stands.
    pub seek: u64,
    /// Where that of the directory above stands; 0 at the top.
    seek_parent: u64,
    /// How far into its record its fields stand (`fNbytesName`).
    pub nbytes_name: u32,
    /// The keys in it.
    pub keys: Vec<Key>,
    /// Where its list of keys stands, and how long it is.
    pub key_list: (u64, u32),
    /// The highest cycle of each name.
    cycles: HashMap<String, u16>,
}

impl OpenDirectory {
    pub fn new((class, name, title): Texts<'_>, seeks: (u64, u64), nbytes_name: u32) -> Self {
        Self {
            texts: (class.to_owned(), name.to_owned(), title.to_owned()),
            seek: seeks.0,
            seek_parent: seeks.1,
            nbytes_name,
            keys: Vec::new(),
            key_list: (0, 0),
            cycles: HashMap::new(),
        }
    }

    /// The cycle of the next object called `name`.
    pub fn next_cycle(&mut self, name: &str) -> u16 {
        match self.cycles.get_mut(name) {
            Some(cycle) => {
                *cycle = cycle.saturating_add(1);
                *cycle
            }
            None => {
                self.cycles.insert(name.to_owned(), 1);
                1
            }
        }
    }

    /// The directory's fields as they stand in its record.
    pub fn encode(&self, stamp: Stamp) -> Vec<u8> {
        Directory {
            created: stamp.datime,
            modified: stamp.datime,
            nbytes_keys: self.key_list.1,
            nbytes_name: self.nbytes_name,
            seek_dir: self.seek,
            seek_parent: self.seek_parent,
            seek_keys: self.key_list.0,
            uuid: stamp.uuid,
        }
        .encode()
    }

    /// The content of its list of keys.
    pub fn key_list(&self) -> Result<Vec<u8>> {
        let mut content = narrow(self.keys.len() as u64)?.to_be_bytes().to_vec();
        for key in &self.keys {
            key.encode(&mut content)?;
        }
        Ok(content)
    }
}
