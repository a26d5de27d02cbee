//! The directories of a file being written.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::record::{Stamp, Texts, narrow};
use crate::error::{Error, Result};
use crate::file::{Directory, Key};

/// The highest cycle: `TKey::fCycle` has 16 bits with a sign.
const MAX_CYCLE: u16 = i16::MAX.unsigned_abs();

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
    /// The names in it, in the order of the list of keys.
    names: HashMap<String, Name>,
}

/// A name in a directory being written.
#[derive(Clone, Copy, Debug)]
struct Name {
    /// Its place among the names.
    rank: usize,
    /// Its highest cycle; 0 before its first key.
    cycle: u16,
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
            names: HashMap::new(),
        }
    }

    /// Gives `name` the next place in the list of keys, if it has none yet.
    pub fn expect(&mut self, name: &str) {
        self.name(name);
    }

    /// The cycle of the next object called `name`.
    ///
    /// # Errors
    /// When ROOT's 16 bits (with sign) cannot hold it.
    pub fn next_cycle(&mut self, name: &str) -> Result<u16> {
        let known = self.name(name);
        if known.cycle >= MAX_CYCLE {
            return Err(Error::unsupported(format!(
                "more than {MAX_CYCLE} objects called {name}"
            )));
        }
        known.cycle += 1;
        Ok(known.cycle)
    }

    fn name(&mut self, name: &str) -> &mut Name {
        let rank = self.names.len();
        self.names
            .entry(name.to_owned())
            .or_insert(Name { rank, cycle: 0 })
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

    /// The content of its list of keys: by name, the highest cycle first, which is the one that
    /// ROOT gives to those who ask for none (`TDirectoryFile::GetKey`).
    pub fn key_list(&self) -> Result<Vec<u8>> {
        let mut keys: Vec<&Key> = self.keys.iter().collect();
        keys.sort_by_cached_key(|key| {
            let rank = self.names.get(&key.name).map(|name| name.rank);
            (rank, Reverse(key.cycle))
        });
        let mut content = narrow(keys.len() as u64)?.to_be_bytes().to_vec();
        for key in keys {
            key.encode(&mut content)?;
        }
        Ok(content)
    }
}
