//! A file being written: records one after the other, then what finds them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::codec::{Compressor, Settings};
use crate::error::{Error, Result};
use crate::file::{HEADER_LENGTH, Header, Key};
use crate::object::{ClassLayout, Graph};

use super::basket::BasketRecord;
use super::described::packed_streamer_info;
use super::directory::{DirectoryId, OpenDirectory};
use super::encoded::EncodedObject;
use super::record::{Packed, Stamp, Texts, narrow};
use super::sink::Sink;

/// Where the first record stands.
const BEGIN: u64 = HEADER_LENGTH as u64;
/// The version of ROOT whose layouts are written.
const VERSION: i32 = 64_000;

/// A file being written.
///
/// Nothing is read back: what finds the records is written by [`FileWriter::finish`], and until
/// then the file is no ROOT file.
#[derive(Debug)]
pub struct FileWriter<S> {
    sink: S,
    name: String,
    stamp: Stamp,
    compressor: Compressor,
    end: u64,
    /// The top directory, then the others in the order in which they were made.
    directories: Vec<OpenDirectory>,
    layouts: BTreeMap<(Arc<str>, i32), Arc<ClassLayout>>,
    /// Those of the object that was written last.
    described_last: Arc<[Arc<ClassLayout>]>,
}

impl<S: Sink> FileWriter<S> {
    /// Begins a file. `name` is the file's own name, without directories.
    ///
    /// # Errors
    /// When the sink fails.
    pub fn create(sink: S, name: &str, stamp: Stamp, settings: Settings) -> Result<Self> {
        Self::with_compressor(sink, name, stamp, Compressor::new(settings)?)
    }

    /// The same, with a compressor that another file may have used before: its working memory costs
    /// more than the content of a small file.
    ///
    /// # Errors
    /// When the sink fails.
    pub fn with_compressor(
        sink: S,
        name: &str,
        stamp: Stamp,
        compressor: Compressor,
    ) -> Result<Self> {
        let mut writer = Self {
            sink,
            name: name.to_owned(),
            stamp,
            compressor,
            end: 0,
            directories: Vec::new(),
            layouts: BTreeMap::new(),
            described_last: Arc::default(),
        };
        // Zeros where the header will stand: an interrupted file is not taken for a whole one.
        writer.append(&[0; HEADER_LENGTH])?;
        let mut content = Vec::new();
        crate::file::encode_text(name, &mut content)?;
        crate::file::encode_text("", &mut content)?;
        let key_length = Key::length("TFile", name, "", false)?;
        let top = OpenDirectory::new(
            ("TFile", name, ""),
            (BEGIN, 0),
            u32::from(key_length) + narrow(content.len() as u64)?,
        );
        content.extend(top.encode(stamp));
        writer.record(("TFile", name, ""), 0, 1, &content, content.len())?;
        writer.directories.push(top);
        Ok(writer)
    }

    /// Where the next record will stand.
    pub fn position(&self) -> u64 {
        self.end
    }

    /// The compression settings of the file.
    pub fn settings(&self) -> Settings {
        self.compressor.settings()
    }

    /// What the file's records are stamped with.
    pub fn stamp(&self) -> Stamp {
        self.stamp
    }

    /// Begins a directory `name` in `parent`.
    ///
    /// # Errors
    /// When there is no such parent, or the sink fails.
    pub fn directory(
        &mut self,
        parent: DirectoryId,
        name: &str,
        title: &str,
    ) -> Result<DirectoryId> {
        let texts = ("TDirectoryFile", name, title);
        let parent_seek = self.directory_seek(parent)?;
        let key_length = Key::length(texts.0, name, title, self.is_big())?;
        let directory = OpenDirectory::new(texts, (self.end, parent_seek), key_length.into());
        let content = directory.encode(self.stamp);
        let cycle = self.open_directory(parent)?.next_cycle(name)?;
        let key = self.record(texts, parent_seek, cycle, &content, content.len())?;
        self.open_directory(parent)?.keys.push(key);
        self.directories.push(directory);
        Ok(DirectoryId(self.directories.len() - 1))
    }

    /// Gives `names` the next places in the list of keys of `directory`, in their order, whenever
    /// their objects are written. Names that were not expected follow as they come.
    ///
    /// # Errors
    /// When there is no such directory.
    pub fn expect<'a>(
        &mut self,
        directory: DirectoryId,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<()> {
        let directory = self.open_directory(directory)?;
        names.into_iter().for_each(|name| directory.expect(name));
        Ok(())
    }

    /// Where the record of `directory` stands: what the keys in it call `fSeekPdir`.
    ///
    /// # Errors
    /// When there is no such directory.
    pub fn directory_seek(&self, directory: DirectoryId) -> Result<u64> {
        let found = self.directories.get(directory.0);
        found.map(|open| open.seek).ok_or_else(DirectoryId::unknown)
    }

    /// Writes an object under `name` into the top directory.
    ///
    /// # Errors
    /// When it cannot be encoded, or the sink fails.
    pub fn object(&mut self, name: &str, title: &str, graph: &Graph) -> Result<()> {
        self.object_in(DirectoryId::TOP, name, title, graph)
    }

    /// Writes an object under `name` into `directory`.
    ///
    /// # Errors
    /// When it cannot be encoded, or the sink fails.
    pub fn object_in(
        &mut self,
        directory: DirectoryId,
        name: &str,
        title: &str,
        graph: &Graph,
    ) -> Result<()> {
        let object = self.encode(name, title, graph)?;
        let packed = self.pack(object.content())?;
        self.encoded_in(directory, &object, &packed)
    }

    /// Encodes an object that will be the next record.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub fn encode(&self, name: &str, title: &str, graph: &Graph) -> Result<EncodedObject> {
        EncodedObject::behind(name, title, graph, self.is_big())
    }

    /// Compresses the content of an object.
    ///
    /// # Errors
    /// When the codec's library fails.
    pub fn pack(&mut self, content: &[u8]) -> Result<Packed> {
        Packed::new(content, &mut self.compressor)
    }

    /// Writes what was encoded for this file or others into `directory`: `packed` is its content,
    /// or one with other numbers.
    ///
    /// # Errors
    /// When the key's length would differ, as in a file past 2 GB, or the sink fails.
    pub fn encoded_in(
        &mut self,
        directory: DirectoryId,
        object: &EncodedObject,
        packed: &Packed,
    ) -> Result<()> {
        let (class, name, title) = object.texts();
        if Key::length(class, name, title, self.is_big())? != object.key_length() {
            return Err(another_key_length(object.texts()));
        }
        // Most objects of a file are of one class.
        let are_known = object.has_layouts(&self.described_last);
        if !are_known {
            self.describe(object.layouts().iter().map(Arc::clone));
            self.described_last = Arc::clone(object.layouts());
        }
        self.keyed(directory, object.texts(), packed)
    }

    /// Copies an object's expanded content under its key's name into `directory`, without knowing
    /// what it holds.
    ///
    /// The references within the content count from the start of its key, which must therefore be
    /// as long here as it was: offsets of 64 bits cannot take the place of ones of 32.
    ///
    /// # Errors
    /// When the key's length would differ, or the sink fails.
    pub fn content_in(&mut self, directory: DirectoryId, key: &Key, content: &[u8]) -> Result<()> {
        let packed = Packed::new(content, &mut self.compressor)?;
        self.packed_in(directory, key, &packed)
    }

    /// Writes content that is compressed already, as [`FileWriter::content_in`] does.
    ///
    /// # Errors
    /// As [`FileWriter::content_in`].
    pub fn packed_in(&mut self, directory: DirectoryId, key: &Key, packed: &Packed) -> Result<()> {
        let texts = (key.class.as_str(), key.name.as_str(), key.title.as_str());
        if !self.fits(key)? {
            return Err(another_key_length(texts));
        }
        self.keyed(directory, texts, packed)
    }

    /// Whether a key with these texts would be as long here as `key` is: if not, the references
    /// within its content do not hold.
    ///
    /// # Errors
    /// When its length does not fit 16 bits.
    pub fn fits(&self, key: &Key) -> Result<bool> {
        let length = Key::length(&key.class, &key.name, &key.title, self.is_big())?;
        Ok(length == key.key_length)
    }

    /// Adds layouts to the file's streamer info; those of objects written as graphs are there
    /// already.
    pub fn describe(&mut self, layouts: impl IntoIterator<Item = Arc<ClassLayout>>) {
        for layout in layouts {
            self.layouts
                .entry((Arc::clone(&layout.name), layout.version))
                .or_insert(layout);
        }
    }

    /// Leaves room for `length` bytes of baskets, which the caller writes; gives where it begins.
    ///
    /// # Errors
    /// When the sink fails.
    pub fn reserve(&mut self, length: u64) -> Result<u64> {
        let start = self.end;
        self.sink.reserve(length)?;
        self.end += length;
        Ok(start)
    }

    /// Where the bytes go.
    pub fn sink(&self) -> &S {
        &self.sink
    }

    /// Appends a basket, made here or copied from another file; gives where it stands.
    ///
    /// # Errors
    /// When its key cannot hold the offset, or the sink fails.
    pub fn basket(&mut self, record: &mut BasketRecord) -> Result<u64> {
        let seek = self.end;
        record.place(seek, BEGIN)?;
        self.append(record.bytes())?;
        Ok(seek)
    }

    /// Writes what finds the records: streamer info, keys, free segments, header.
    ///
    /// # Errors
    /// When the sink fails.
    pub fn finish(self) -> Result<S> {
        self.finish_keeping().map(|(sink, _)| sink)
    }

    /// The same; gives the compressor back as well, for the next file.
    ///
    /// # Errors
    /// When the sink fails.
    pub fn finish_keeping(mut self) -> Result<(S, Compressor)> {
        let (seek_info, nbytes_info) = self.streamer_info()?;
        self.key_lists()?;
        let (seek_free, nbytes_free) = self.free_segments()?;
        let nbytes_name = self.open_directory(DirectoryId::TOP)?.nbytes_name;
        let header = Header {
            version: VERSION,
            begin: BEGIN,
            end: self.end,
            seek_free,
            nbytes_free,
            free_segments: 1,
            nbytes_name,
            compression: self.settings().number(),
            seek_info,
            nbytes_info,
            uuid: self.stamp.uuid,
        };
        for directory in &self.directories {
            let place = directory.seek + u64::from(directory.nbytes_name);
            self.sink.patch(place, &directory.encode(self.stamp))?;
        }
        self.sink.patch(0, &header.encode()?)?;
        Ok((self.sink, self.compressor))
    }

    fn is_big(&self) -> bool {
        self.end > crate::file::START_BIG_FILE
    }

    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.sink.append(bytes)?;
        self.end += bytes.len() as u64;
        Ok(())
    }

    fn open_directory(&mut self, directory: DirectoryId) -> Result<&mut OpenDirectory> {
        let found = self.directories.get_mut(directory.0);
        found.ok_or_else(DirectoryId::unknown)
    }

    fn keyed(&mut self, directory: DirectoryId, texts: Texts<'_>, packed: &Packed) -> Result<()> {
        let parent = self.directory_seek(directory)?;
        let cycle = self.open_directory(directory)?.next_cycle(texts.1)?;
        let key = self.record(texts, parent, cycle, &packed.stored, packed.expanded)?;
        self.open_directory(directory)?.keys.push(key);
        Ok(())
    }

    /// Appends a record: key and stored content.
    fn record(
        &mut self,
        (class, name, title): Texts<'_>,
        seek_parent: u64,
        cycle: u16,
        stored: &[u8],
        expanded: usize,
    ) -> Result<Key> {
        let big = self.is_big();
        let key_length = Key::length(class, name, title, big)?;
        let key = Key {
            nbytes: narrow(stored.len() as u64 + u64::from(key_length))?,
            object_length: narrow(expanded as u64)?,
            datime: self.stamp.datime,
            key_length,
            cycle,
            seek_key: self.end,
            seek_parent,
            big,
            class: class.to_owned(),
            name: name.to_owned(),
            title: title.to_owned(),
        };
        let mut bytes = Vec::with_capacity(usize::from(key_length) + stored.len());
        key.encode(&mut bytes)?;
        bytes.extend_from_slice(stored);
        self.append(&bytes)?;
        Ok(key)
    }

    fn streamer_info(&mut self) -> Result<(u64, u32)> {
        let (class, name, title) = ("TList", "StreamerInfo", "Doubly linked list");
        let key_length = Key::length(class, name, title, self.is_big())?;
        let layouts = self.layouts.values().map(Arc::clone).collect();
        let packed = packed_streamer_info(layouts, key_length, &mut self.compressor)?;
        let texts = (class, name, title);
        let key = self.record(texts, BEGIN, 1, &packed.stored, packed.expanded)?;
        Ok((key.seek_key, key.nbytes))
    }

    fn key_lists(&mut self) -> Result<()> {
        for index in 0..self.directories.len() {
            let directory = self.open_directory(DirectoryId(index))?;
            let (class, name, title) = directory.texts.clone();
            let seek = directory.seek;
            let content = directory.key_list()?;
            let texts = (class.as_str(), name.as_str(), title.as_str());
            let key = self.record(texts, seek, 1, &content, content.len())?;
            self.open_directory(DirectoryId(index))?.key_list = (key.seek_key, key.nbytes);
        }
        Ok(())
    }

    /// One free segment: from the end of the file as far as its offsets reach (`TFree`).
    fn free_segments(&mut self) -> Result<(u64, u32)> {
        let name = self.name.clone();
        let big = self.is_big();
        let key_length = u64::from(Key::length("TFile", &name, "", big)?);
        // The record's own length decides whether the file ends past what 32 bits can say.
        let small_end = self.end + key_length + 10;
        let mut content = Vec::new();
        if small_end <= crate::file::START_BIG_FILE {
            content.extend_from_slice(&1u16.to_be_bytes());
            content.extend_from_slice(&narrow(small_end)?.to_be_bytes());
            content.extend_from_slice(&narrow(crate::file::START_BIG_FILE)?.to_be_bytes());
        } else {
            let end = self.end + key_length + 18;
            // TFile::Init extends the last segment by 1 GB beyond the end.
            content.extend_from_slice(&1001u16.to_be_bytes());
            content.extend_from_slice(&end.to_be_bytes());
            content.extend_from_slice(&(end + 1_000_000_000).to_be_bytes());
        }
        let key = self.record(("TFile", &name, ""), BEGIN, 1, &content, content.len())?;
        Ok((key.seek_key, key.nbytes))
    }
}

/// The refusal of content whose references count from another place than they would here.
fn another_key_length((class, name, _): Texts<'_>) -> Error {
    Error::unsupported(format!(
        "copying of {class} {name} behind a key of another length"
    ))
}
