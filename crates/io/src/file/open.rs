//! Opening a file, finding what it holds, expanding its records.

use std::sync::Arc;

use bytes::Bytes;

use super::header::{self, Header};
use super::{Directory, Key};
use crate::codec::Decompressor;
use crate::cursor::Cursor;
use crate::error::{Error, ErrorKind, Result};
use crate::object::{ClassLayout, Graph, Layouts, decode_streamer_info, read_graph};

/// Whatever holds a file's bytes: a memory map, a server's answers.
///
/// This crate does no I/O of its own; it asks for bytes through this.
pub trait ReadAt {
    /// The file's length in bytes.
    fn length(&self) -> u64;

    /// The bytes from `offset` on, exactly `length` of them.
    ///
    /// # Errors
    /// When they cannot be had.
    fn read_at(&self, offset: u64, length: usize) -> Result<Bytes>;

    /// Fills `buffer` with the bytes from `offset` on; where they must be copied anyway, into
    /// memory that is warm.
    ///
    /// # Errors
    /// As [`ReadAt::read_at`].
    fn read_into(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        let bytes = self.read_at(offset, buffer.len())?;
        buffer.copy_from_slice(&bytes);
        Ok(())
    }
}

impl ReadAt for Bytes {
    fn length(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, offset: u64, length: usize) -> Result<Bytes> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        match start.checked_add(length) {
            Some(end) if end <= self.len() => Ok(self.slice(start..end)),
            _ => Err(Error::from(ErrorKind::Truncated {
                what: "a record",
                wanted: length as u64,
                left: (self.len() as u64).saturating_sub(offset),
            })
            .at(offset)),
        }
    }
}

macro_rules! forwarded {
    ($($pointer:ty)+) => {$(
        impl<S: ReadAt + ?Sized> ReadAt for $pointer {
            fn length(&self) -> u64 {
                (**self).length()
            }

            fn read_at(&self, offset: u64, length: usize) -> Result<Bytes> {
                (**self).read_at(offset, length)
            }

            fn read_into(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
                (**self).read_into(offset, buffer)
            }
        }
    )+};
}

forwarded!(&S Arc<S>);

/// Bytes that are read at first: of most files the top directory stands among them, behind the
/// header and the file's name.
const FIRST_READ: usize = 512;

/// Bytes that a key takes at the least, its three names empty.
const MIN_KEY: usize = 26;

/// An open ROOT file.
#[derive(Debug)]
pub struct RootFile<S> {
    source: S,
    name: Arc<str>,
    /// What it begins with, as it was read at opening.
    first: Bytes,
    header: Header,
    top: Directory,
}

impl<S: ReadAt> RootFile<S> {
    /// Reads header and top directory. `name` stands in errors: a path or URL.
    ///
    /// # Errors
    /// When it is no ROOT file, or is truncated.
    pub fn open(source: S, name: &str) -> Result<Self> {
        let name: Arc<str> = name.into();
        let opened = open(&source);
        let (first, header, top) = opened.map_err(|error| error.in_file(&name))?;
        Ok(Self {
            source,
            name,
            first,
            header,
            top,
        })
    }

    /// The name given at opening.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The top directory.
    pub fn top(&self) -> &Directory {
        &self.top
    }

    /// Where the bytes are.
    pub fn source(&self) -> &S {
        &self.source
    }

    /// The layouts of the classes in this file: its streamer info over what is built in.
    ///
    /// # Errors
    /// When the streamer info is damaged.
    pub fn layouts(&self) -> Result<Layouts> {
        let mut layouts = Layouts::builtin();
        for layout in self.described()? {
            layouts.insert(layout);
        }
        Ok(layouts)
    }

    /// The record of this file's streamer info as it is stored, behind its key, which bears a date:
    /// the same bytes in files of one kind.
    ///
    /// # Errors
    /// When it lies outside of the file.
    pub fn stored_streamer_info(&self) -> Result<Bytes> {
        let (offset, nbytes) = (self.header.seek_info, self.header.nbytes_info);
        if offset == 0 || nbytes == 0 {
            return Ok(Bytes::new());
        }
        let record = self
            .bytes_at(offset, nbytes)
            .map_err(|error| self.place(error, "streamer info", offset))?;
        let key = Key::parse(&mut Cursor::new(&record));
        let start = key.map_or(0, |key| usize::from(key.key_length).min(record.len()));
        Ok(record.slice(start..))
    }

    /// The layouts in this file's streamer info.
    ///
    /// # Errors
    /// When the streamer info is damaged.
    pub fn described(&self) -> Result<Vec<ClassLayout>> {
        if self.header.seek_info == 0 || self.header.nbytes_info == 0 {
            return Ok(Vec::new());
        }
        let offset = self.header.seek_info;
        let read = || {
            let (key, content) = self.record_at(offset, self.header.nbytes_info)?;
            decode_streamer_info(&content, key.key_length.into())
        };
        read().map_err(|error| self.place(error, "streamer info", offset))
    }

    /// The keys of `directory`, in the order of its list.
    ///
    /// # Errors
    /// When the list is damaged.
    pub fn keys(&self, directory: &Directory) -> Result<Vec<Key>> {
        let mut keys = Vec::new();
        self.each_key(directory, |key| keys.push(key.to_owned()))?;
        Ok(keys)
    }

    /// Gives each key of `directory` in the order of its list, where it stands there; and their
    /// number.
    ///
    /// # Errors
    /// When the list is damaged.
    pub fn each_key(
        &self,
        directory: &Directory,
        mut each: impl FnMut(Key<&[u8]>),
    ) -> Result<usize> {
        if directory.seek_keys == 0 {
            return Ok(0);
        }
        let offset = directory.seek_keys;
        let mut read = || -> Result<usize> {
            let record = self.bytes_at(offset, directory.nbytes_keys)?;
            let mut cursor = Cursor::new(&record);
            let own = Key::parse_borrowed(&mut cursor)?;
            // Some writers never fill in the list's key, nor where it stands.
            if own.nbytes != directory.nbytes_keys && own.seek_key != 0 {
                return Err(Error::malformed(format!(
                    "the list is {} bytes long, its directory says {}",
                    own.nbytes, directory.nbytes_keys
                )));
            }
            cursor.seek(own.key_length.into())?;
            // The length of a key bounds what is allocated.
            let count = cursor.count(MIN_KEY, "a list of keys")?;
            for _ in 0..count {
                each(Key::parse_borrowed(&mut cursor)?);
            }
            Ok(count)
        };
        read().map_err(|error| self.place(error, "list of keys", offset))
    }

    /// The directory behind a key of class `TDirectory` or `TDirectoryFile`.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn directory(&self, key: &Key) -> Result<Directory> {
        let content = self.content(key)?;
        Directory::parse(&mut Cursor::new(&content))
            .map_err(|error| self.place(error, &object_name(key), key.seek_key))
    }

    /// All keys of the file with their paths (`dir/name`), directories before what they hold.
    ///
    /// # Errors
    /// When a directory is damaged, or directories hold each other.
    pub fn walk(&self) -> Result<Vec<(String, Key)>> {
        let mut found = Vec::new();
        self.visit(|prefix, key| {
            let key = key.to_owned();
            found.push((format!("{prefix}{}", key.name), key));
        })?;
        Ok(found)
    }

    /// Gives each key of the file where it stands in its list, behind the path of its directory
    /// (empty, or `dir/`), in the order of [`RootFile::walk`].
    ///
    /// # Errors
    /// As [`RootFile::walk`].
    pub fn visit(&self, mut each: impl FnMut(&str, Key<&[u8]>)) -> Result<()> {
        let mut open = vec![(String::new(), self.top.clone(), 0)];
        // Each key stands in a list of its own: more than have room stand in lists that are shared.
        let room = self.source.length() / MIN_KEY as u64;
        let mut found = 0;
        while let Some((prefix, directory, depth)) = open.pop() {
            if depth > 64 || found > room {
                return Err(Error::malformed("its directories hold each other").in_file(&self.name));
            }
            let mut within = Vec::new();
            found += self.each_key(&directory, |key| {
                if is_directory(&key) {
                    within.push(key.to_owned());
                }
                each(&prefix, key);
            })? as u64;
            for key in within {
                let prefix = format!("{prefix}{}/", key.name);
                open.push((prefix, self.directory(&key)?, depth + 1));
            }
        }
        Ok(())
    }

    /// The key at `path` (`dir/name`, or `dir/name;cycle`): the highest cycle unless one is named.
    ///
    /// # Errors
    /// When there is none.
    pub fn find(&self, path: &str) -> Result<Key> {
        let (path, cycle) = match path.rsplit_once(';') {
            Some((path, cycle)) => (path, cycle.parse::<u16>().ok()),
            None => (path, None),
        };
        let mut directory = self.top.clone();
        let mut parts = path.split('/').filter(|part| !part.is_empty()).peekable();
        while let Some(part) = parts.next() {
            let last = parts.peek().is_none();
            let wanted = |key: &Key| {
                key.name == part
                    && if last {
                        cycle.is_none_or(|cycle| key.cycle == cycle)
                    } else {
                        is_directory(key)
                    }
            };
            let keys = self.keys(&directory)?;
            let Some(key) = keys.into_iter().filter(wanted).max_by_key(|key| key.cycle) else {
                break;
            };
            if last {
                return Ok(key);
            }
            directory = self.directory(&key)?;
        }
        Err(Error::from(ErrorKind::NotFound {
            what: "key",
            name: path.to_owned(),
        })
        .in_file(&self.name))
    }

    /// The expanded content of a key's record.
    ///
    /// # Errors
    /// When the record is not the one that the key says, or does not expand.
    pub fn content(&self, key: &Key) -> Result<Bytes> {
        let read = || {
            let (found, content) = self.record_at(key.seek_key, key.nbytes)?;
            is_behind(key, &found)?;
            Ok(content)
        };
        read().map_err(|error| self.place_at(error, key))
    }

    /// The object behind a key.
    ///
    /// # Errors
    /// When its record is damaged or its class unknown.
    pub fn object(&self, key: &Key, layouts: &Layouts) -> Result<Graph> {
        let content = self.content(key)?;
        read_graph(&key.class, &content, key.key_length.into(), layouts)
            .map_err(|error| self.place_at(error, key))
    }

    /// The error with the place of the object behind `key`.
    pub(crate) fn place_at(&self, error: Error, key: &Key) -> Error {
        self.place(error, &object_name(key), key.seek_key)
    }

    /// Key and expanded content of the record of `nbytes` bytes at `offset`.
    ///
    /// # Errors
    /// When there is no record of that length, or it does not expand.
    pub fn record(&self, offset: u64, nbytes: u32) -> Result<(Key, Bytes)> {
        self.record_at(offset, nbytes)
            .map_err(|error| error.at(offset).in_file(&self.name))
    }

    /// Key and expanded content of the record at `offset`.
    fn record_at(&self, offset: u64, nbytes: u32) -> Result<(Key, Bytes)> {
        let record = self.bytes_at(offset, nbytes)?;
        let key = Key::parse_record(&mut Cursor::new(&record), nbytes)?;
        let content = expand(&key, &record, &mut Decompressor::new())?;
        Ok((key, content))
    }

    pub(crate) fn bytes_at(&self, offset: u64, nbytes: u32) -> Result<Bytes> {
        self.end_of(offset, nbytes)?;
        self.source
            .read_at(offset, usize::try_from(nbytes).unwrap_or(usize::MAX))
    }

    /// The first `length` bytes of the record at `offset`: among the first of the file they need
    /// not be read again.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn start_of_record(&self, offset: u64, length: usize) -> Result<Bytes> {
        let read = self.first.read_at(offset, length);
        let read = read.or_else(|_| self.source.read_at(offset, length));
        read.map_err(|error| error.at(offset).in_file(&self.name))
    }

    /// Where the record of `nbytes` bytes at `offset` ends; it must lie within the file.
    pub(super) fn end_of(&self, offset: u64, nbytes: u32) -> Result<u64> {
        let end = offset.checked_add(nbytes.into());
        let end = end.filter(|&end| end <= self.source.length());
        end.ok_or_else(|| {
            Error::malformed(format!(
                "a record of {nbytes} bytes at {offset} reaches past the end of the file, {} bytes",
                self.source.length()
            ))
        })
    }

    fn place(&self, error: Error, object: &str, offset: u64) -> Error {
        error.in_object(object).at(offset).in_file(&self.name)
    }
}

/// The expanded content of the record whose key has been read.
pub(crate) fn expand<T>(key: &Key<T>, record: &Bytes, codec: &mut Decompressor) -> Result<Bytes> {
    let stored = stored(key, record);
    let length = usize::try_from(key.object_length).unwrap_or(usize::MAX);
    if key.is_raw() {
        return match stored.get(..length) {
            Some(content) => Ok(record.slice_ref(content)),
            None => Err(Error::malformed("a record is shorter than its content")),
        };
    }
    let mut content = Vec::new();
    codec.record(stored, length, &mut content)?;
    Ok(content.into())
}

/// Refuses a record whose own key `found` is not what `key` says.
pub(super) fn is_behind<T: AsRef<[u8]>>(key: &Key, found: &Key<T>) -> Result<()> {
    // Old writers name a directory in its record otherwise than in the list of keys.
    let is_named =
        found.class.as_ref() == key.class.as_bytes() || is_directory(found) && is_directory(key);
    if is_named && found.object_length == key.object_length {
        return Ok(());
    }
    Err(Error::malformed(format!(
        "its key says {} of {} bytes, the record {} of {}",
        key.class,
        key.object_length,
        String::from_utf8_lossy(found.class.as_ref()),
        found.object_length
    )))
}

/// The stored content of a record.
pub(super) fn stored<'a, T>(key: &Key<T>, record: &'a [u8]) -> &'a [u8] {
    record
        .get(usize::from(key.key_length)..)
        .unwrap_or_default()
}

/// Whether a key's class is that of a directory.
pub(crate) fn is_directory<T: AsRef<[u8]>>(key: &Key<T>) -> bool {
    matches!(key.class.as_ref(), b"TDirectory" | b"TDirectoryFile")
}

fn object_name(key: &Key) -> String {
    format!("{} {};{}", key.class, key.name, key.cycle)
}

fn open(source: &impl ReadAt) -> Result<(Bytes, Header, Directory)> {
    let length = source.length();
    let first = usize::try_from(length)
        .unwrap_or(usize::MAX)
        .min(FIRST_READ);
    let first = source.read_at(0, first)?;
    let header = Header::parse(first.get(..header::LENGTH).unwrap_or(&first), length)
        .map_err(|error| error.in_object("file header").at(0))?;
    let offset = header.begin + u64::from(header.nbytes_name);
    let room = length.saturating_sub(offset).min(60);
    let read = || -> Result<Directory> {
        let room = usize::try_from(room).unwrap_or(0);
        // Bytes read already, if there are enough of them.
        let read = first.read_at(offset, room);
        let bytes = read.or_else(|_| source.read_at(offset, room))?;
        Directory::parse(&mut Cursor::new(&bytes))
    };
    let checked = |top: Directory| {
        if top.seek_dir == header.begin && top.nbytes_name == header.nbytes_name {
            let unlisted = length.saturating_sub(header.end);
            if top.seek_keys == 0 && unlisted > 0 {
                return Err(Error::malformed(format!(
                    "it was not closed, or is still written: it has no list of keys, and {unlisted} \
                     bytes behind its first record; ROOT may recover keys (TFile::Recover)"
                )));
            }
            return Ok(top);
        }
        Err(Error::malformed(format!(
            "it says that it stands at {} behind {} bytes, the header says at {} behind {}",
            top.seek_dir, top.nbytes_name, header.begin, header.nbytes_name
        )))
    };
    let top = read()
        .and_then(checked)
        .map_err(|error| error.in_object("top directory").at(offset))?;
    Ok((first, header, top))
}
