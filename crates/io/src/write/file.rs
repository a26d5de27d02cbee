//! A file being written: records one after the other, then what finds them.

use std::collections::BTreeMap;
use std::io::{Seek, SeekFrom, Write};
use std::sync::Arc;

use crate::codec::{Compressor, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::file::{Directory, HEADER_LENGTH, Header, Key};
use crate::object::{ClassLayout, Graph, encode_streamer_info, write_graph};

use super::basket::BasketRecord;

/// Where the first record stands.
const BEGIN: u64 = HEADER_LENGTH as u64;
/// The version of ROOT whose layouts are written.
const VERSION: i32 = 64_000;
/// The longest record a key can describe, in bytes.
const MAX_RECORD: u64 = i32::MAX as u64;

/// Where a file's bytes go.
pub trait Sink {
    /// Appends bytes.
    ///
    /// # Errors
    /// When they cannot be written.
    fn append(&mut self, bytes: &[u8]) -> Result<()>;

    /// Overwrites bytes that were appended before.
    ///
    /// # Errors
    /// When they cannot be written.
    fn patch(&mut self, offset: u64, bytes: &[u8]) -> Result<()>;
}

impl<W: Write + Seek> Sink for W {
    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.write_all(bytes)
            .map_err(|cause| ErrorKind::Sink(cause).into())
    }

    fn patch(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        let patch = |sink: &mut W| {
            sink.seek(SeekFrom::Start(offset))?;
            sink.write_all(bytes)?;
            sink.seek(SeekFrom::End(0))
        };
        patch(self)
            .map(|_| ())
            .map_err(|cause| ErrorKind::Sink(cause).into())
    }
}

/// What makes one file unlike another of the same content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The time it bears, packed as [`crate::file::datime`] does.
    pub datime: u32,
    /// Its UUID.
    pub uuid: [u8; 16],
}

impl Stamp {
    /// No time and no identity: the same content gives the same bytes.
    pub const REPRODUCIBLE: Self = Self {
        datime: 1 << 22 | 1 << 17,
        uuid: [0; 16],
    };
}

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
    nbytes_name: u32,
    keys: Vec<Key>,
    layouts: BTreeMap<(Arc<str>, i32), Arc<ClassLayout>>,
}

impl<S: Sink> FileWriter<S> {
    /// Begins a file. `name` is the file's own name, without directories.
    ///
    /// # Errors
    /// When the sink fails.
    pub fn create(sink: S, name: &str, stamp: Stamp, settings: Settings) -> Result<Self> {
        let mut writer = Self {
            sink,
            name: name.to_owned(),
            stamp,
            compressor: Compressor::new(settings)?,
            end: 0,
            nbytes_name: 0,
            keys: Vec::new(),
            layouts: BTreeMap::new(),
        };
        // Zeros where the header will stand: an interrupted file is not taken for a whole one.
        writer.append(&[0; HEADER_LENGTH])?;
        let mut content = Vec::new();
        crate::file::encode_text(name, &mut content)?;
        crate::file::encode_text("", &mut content)?;
        let key_length = Key::length("TFile", name, "", false)?;
        writer.nbytes_name = u32::from(key_length) + narrow(content.len() as u64)?;
        content.extend(writer.top_directory(0, 0).encode());
        writer.record("TFile", name, "", 0, 1, &content, content.len())?;
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

    /// Writes an object under `name` into the top directory.
    ///
    /// # Errors
    /// When it cannot be encoded, or the sink fails.
    pub fn object(&mut self, name: &str, title: &str, graph: &Graph) -> Result<()> {
        let class = Arc::clone(&graph.root()?.class);
        for layout in graph.layouts() {
            self.layouts
                .entry((Arc::clone(&layout.name), layout.version))
                .or_insert(layout);
        }
        let key_length = Key::length(&class, name, title, self.is_big())?;
        let content = write_graph(graph, key_length.into())
            .map_err(|error| error.in_object(format!("{class} {name}")))?;
        self.keyed(&class, name, title, &content)
    }

    /// Copies an object's expanded content under `name` into the top directory, without knowing
    /// what it holds; `layouts` describe its class.
    ///
    /// The references within the content count from the start of a key of `key_length` bytes, so
    /// that class, name and title must be those it was read with.
    ///
    /// # Errors
    /// When the key's length would differ, or the sink fails.
    pub fn content(
        &mut self,
        key: &Key,
        content: &[u8],
        layouts: impl IntoIterator<Item = Arc<ClassLayout>>,
    ) -> Result<()> {
        if Key::length(&key.class, &key.name, &key.title, self.is_big())? != key.key_length {
            return Err(Error::unsupported(format!(
                "copying of {} {} behind a key of another length",
                key.class, key.name
            )));
        }
        for layout in layouts {
            self.layouts
                .entry((Arc::clone(&layout.name), layout.version))
                .or_insert(layout);
        }
        self.keyed(&key.class, &key.name, &key.title, content)
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
    pub fn finish(mut self) -> Result<S> {
        let (seek_info, nbytes_info) = self.streamer_info()?;
        let (seek_keys, nbytes_keys) = self.key_list()?;
        let (seek_free, nbytes_free) = self.free_segments()?;
        let header = Header {
            version: VERSION,
            begin: BEGIN,
            end: self.end,
            seek_free,
            nbytes_free,
            free_segments: 1,
            nbytes_name: self.nbytes_name,
            compression: self.settings().number(),
            seek_info,
            nbytes_info,
            uuid: self.stamp.uuid,
        };
        let directory = self.top_directory(seek_keys, nbytes_keys);
        self.sink
            .patch(BEGIN + u64::from(self.nbytes_name), &directory.encode())?;
        self.sink.patch(0, &header.encode()?)?;
        Ok(self.sink)
    }

    fn is_big(&self) -> bool {
        self.end > crate::file::START_BIG_FILE
    }

    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.sink.append(bytes)?;
        self.end += bytes.len() as u64;
        Ok(())
    }

    fn keyed(&mut self, class: &str, name: &str, title: &str, content: &[u8]) -> Result<()> {
        let same = self.keys.iter().filter(|key| key.name == name);
        let cycle = same
            .map(|key| key.cycle)
            .max()
            .unwrap_or(0)
            .saturating_add(1);
        let mut stored = Vec::new();
        self.compressor.record(content, &mut stored)?;
        let key = self.record(class, name, title, BEGIN, cycle, &stored, content.len())?;
        self.keys.push(key);
        Ok(())
    }

    /// Appends a record: key and stored content.
    #[allow(clippy::too_many_arguments, reason = "they are the fields of a key")]
    fn record(
        &mut self,
        class: &str,
        name: &str,
        title: &str,
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

    fn top_directory(&self, seek_keys: u64, nbytes_keys: u32) -> Directory {
        Directory {
            created: self.stamp.datime,
            modified: self.stamp.datime,
            nbytes_keys,
            nbytes_name: self.nbytes_name,
            seek_dir: BEGIN,
            seek_parent: 0,
            seek_keys,
            uuid: self.stamp.uuid,
        }
    }

    fn streamer_info(&mut self) -> Result<(u64, u32)> {
        let (class, name, title) = ("TList", "StreamerInfo", "Doubly linked list");
        let key_length = Key::length(class, name, title, self.is_big())?;
        let layouts = self.layouts.values().map(AsRef::as_ref);
        let content = encode_streamer_info(layouts, key_length.into())?;
        let mut stored = Vec::new();
        self.compressor.record(&content, &mut stored)?;
        let key = self.record(class, name, title, BEGIN, 1, &stored, content.len())?;
        Ok((key.seek_key, key.nbytes))
    }

    fn key_list(&mut self) -> Result<(u64, u32)> {
        let mut content = narrow(self.keys.len() as u64)?.to_be_bytes().to_vec();
        for key in &self.keys {
            key.encode(&mut content)?;
        }
        let name = self.name.clone();
        let key = self.record("TFile", &name, "", BEGIN, 1, &content, content.len())?;
        Ok((key.seek_key, key.nbytes))
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
        let key = self.record("TFile", &name, "", BEGIN, 1, &content, content.len())?;
        Ok((key.seek_key, key.nbytes))
    }
}

fn narrow(length: u64) -> Result<u32> {
    match u32::try_from(length) {
        Ok(short) if length <= MAX_RECORD => Ok(short),
        _ => Err(Error::malformed(format!(
            "a record of {length} bytes is too long for its key"
        ))),
    }
}
