//! Reading many records of one file, in memory that is used again.

use std::ops::Range;

use bytes::Bytes;

use super::Key;
use super::open::{ReadAt, RootFile, is_behind, stored};
use crate::codec::Decompressor;
use crate::cursor::Cursor;
use crate::error::{Error, Result};

/// How many bytes are read at once where records are read one behind the other.
const WINDOW: u64 = 256 << 10;

/// Memory that readers of records use one after the other.
#[derive(Debug, Default)]
pub struct RecordBuffers {
    codec: Decompressor,
    window: Vec<u8>,
    content: Vec<u8>,
}

impl RecordBuffers {
    /// Takes back the memory of a content that [`RecordReader::content`] gave, if nobody else holds
    /// a part of it.
    pub fn take_back(&mut self, content: Bytes) {
        if content.is_unique() {
            self.content = content.into();
        }
    }
}

/// A record that was expanded, kept for others that are stored in the same bytes.
#[derive(Debug, Default)]
pub struct Expanded {
    stored: Vec<u8>,
    content: Vec<u8>,
}

impl Expanded {
    /// Whether `stored` expands to what is kept, which is `length` bytes long.
    fn is_of(&self, stored: &[u8], length: usize) -> bool {
        self.content.len() == length && self.stored == stored && !stored.is_empty()
    }
}

/// Reads records of a file, best in the order in which they stand in it: those that stand close to
/// each other are read at once.
#[derive(Debug)]
pub struct RecordReader<'a, S> {
    file: &'a RootFile<S>,
    buffers: &'a mut RecordBuffers,
    /// The bytes of the file that the window begins with.
    held: Range<u64>,
}

impl<'a, S: ReadAt> RecordReader<'a, S> {
    /// One that has read nothing yet.
    pub fn new(file: &'a RootFile<S>, buffers: &'a mut RecordBuffers) -> Self {
        let held = 0..0;
        Self {
            file,
            buffers,
            held,
        }
    }

    /// Key and expanded content of the record of `nbytes` bytes at `offset`, as
    /// [`RootFile::record`] gives them.
    ///
    /// # Errors
    /// When there is no record of that length, or it does not expand.
    pub fn record(&mut self, offset: u64, nbytes: u32) -> Result<(Key<&[u8]>, &[u8])> {
        let file = self.file;
        self.read(offset, nbytes, None)
            .map_err(|error| error.at(offset).in_file(file.name()))
    }

    /// The expanded content of the record behind `key`, as [`RootFile::content`] gives it. Its memory
    /// comes back by [`RecordBuffers::take_back`].
    ///
    /// # Errors
    /// When the record is not the one that the key says, or does not expand.
    pub fn content(&mut self, key: &Key) -> Result<Bytes> {
        let file = self.file;
        let mut read = || {
            let (found, content) = self.read(key.seek_key, key.nbytes, None)?;
            is_behind(key, &found)?;
            if found.is_raw() {
                return Ok(Bytes::copy_from_slice(content));
            }
            let length = content.len();
            let mut content = std::mem::take(&mut self.buffers.content);
            content.truncate(length);
            Ok(content.into())
        };
        read().map_err(|error| file.place_at(error, key))
    }

    /// The same. Where the record is stored in the bytes of the one that `known` keeps, it is not
    /// expanded again; else `known` keeps it from now on, if its content has no more than `limit`
    /// bytes.
    ///
    /// # Errors
    /// When there is no record of that length, or it does not expand.
    pub fn record_like<'r>(
        &'r mut self,
        offset: u64,
        nbytes: u32,
        known: &'r mut Expanded,
        limit: usize,
    ) -> Result<(Key<&'r [u8]>, &'r [u8])> {
        let file = self.file;
        self.read(offset, nbytes, Some((known, limit)))
            .map_err(|error| error.at(offset).in_file(file.name()))
    }

    fn read<'r>(
        &'r mut self,
        offset: u64,
        nbytes: u32,
        known: Option<(&'r mut Expanded, usize)>,
    ) -> Result<(Key<&'r [u8]>, &'r [u8])> {
        self.fetch(offset, nbytes)?;
        let RecordBuffers {
            codec,
            window,
            content,
        } = &mut *self.buffers;
        let place = usize::try_from(offset - self.held.start).unwrap_or(usize::MAX);
        let length = usize::try_from(nbytes).unwrap_or(usize::MAX);
        let record = window.get(place..).and_then(|rest| rest.get(..length));
        let record = record.unwrap_or_default();
        let key = Key::parse_borrowed(&mut Cursor::new(record))?.of_length(nbytes)?;
        let stored = stored(&key, record);
        let length = usize::try_from(key.object_length).unwrap_or(usize::MAX);
        if key.is_raw() {
            let content = stored.get(..length);
            let content =
                content.ok_or_else(|| Error::malformed("a record is shorter than its content"))?;
            return Ok((key, content));
        }
        let Some((known, _)) = known.filter(|(_, limit)| length <= *limit) else {
            return Ok((key, codec.record_into(stored, length, content)?));
        };
        if !known.is_of(stored, length) {
            // What fails to expand is not kept.
            known.stored.clear();
            codec.record(stored, length, &mut known.content)?;
            known.stored.extend_from_slice(stored);
        }
        Ok((key, &known.content))
    }

    /// Sees to it that the window holds the record.
    fn fetch(&mut self, offset: u64, nbytes: u32) -> Result<()> {
        let end = self.file.end_of(offset, nbytes)?;
        let held = self.held.clone();
        if held.start <= offset && end <= held.end {
            return Ok(());
        }
        // A record alone, or far from the one before, may stand among what is not asked for.
        let is_next = (held.start..held.end.saturating_add(WINDOW)).contains(&offset);
        let wanted = if is_next && held.end > 0 {
            end.max(offset.saturating_add(WINDOW))
        } else {
            end
        };
        let end = wanted.min(self.file.source().length());
        let length = usize::try_from(end - offset).unwrap_or(usize::MAX);
        let window = &mut self.buffers.window;
        if window.len() < length {
            window.resize(length, 0);
        }
        self.held = 0..0;
        let window = window.get_mut(..length).unwrap_or_default();
        self.file.source().read_into(offset, window)?;
        self.held = offset..end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::codec::Settings;
    use crate::object::{Graph, Layouts, Object};
    use crate::write::{FileWriter, Stamp};

    /// A file of objects of very different lengths, some of which do not shrink.
    fn file() -> RootFile<Bytes> {
        let stamp = Stamp {
            datime: 0,
            uuid: [1; 16],
        };
        let mut file = FileWriter::create(
            std::io::Cursor::new(Vec::new()),
            "f",
            stamp,
            Settings::ZLIB_1,
        )
        .unwrap();
        for (number, length) in [3, 300, 70_000, 5, 400_000, 0].into_iter().enumerate() {
            let mut object = Object::empty("TNamed", &Layouts::builtin()).unwrap();
            let noise: Vec<u8> = (0..length)
                .map(|i: u64| xxhash_rust::xxh64::xxh64(&i.to_le_bytes(), 0).to_le_bytes()[0] & 31)
                .collect();
            object
                .set("fTitle", crate::object::Value::Text(noise.into()))
                .unwrap();
            let mut graph = Graph::default();
            graph.add(object);
            file.object(&format!("o{number}"), "", &graph).unwrap();
        }
        RootFile::open(file.finish().unwrap().into_inner().into(), "f").unwrap()
    }

    #[test]
    fn records_are_those_of_the_file_in_any_order() {
        let file: RootFile<Bytes> = file();
        let mut keys = file.keys(file.top()).unwrap();
        keys.extend(keys.clone().into_iter().rev());
        let mut buffers = RecordBuffers::default();
        let mut reader = RecordReader::new(&file, &mut buffers);
        for key in keys {
            let (_, wanted) = file.record(key.seek_key, key.nbytes).unwrap();
            let (own, content) = reader.record(key.seek_key, key.nbytes).unwrap();
            assert_eq!((own.to_owned(), content), (key.clone(), &wanted[..]));
            let content = reader.content(&key).unwrap();
            assert_eq!(content, wanted);
            reader.buffers.take_back(content);
            for (class, length) in [("TObject", 0), ("TNamed", 1)] {
                let other = Key {
                    class: class.to_owned(),
                    object_length: key.object_length + length,
                    ..key.clone()
                };
                let said = reader.content(&other).unwrap_err().to_string();
                assert_eq!(said, file.content(&other).unwrap_err().to_string());
            }
            assert!(reader.record(key.seek_key, key.nbytes + 1).is_err());
            assert!(reader.record(key.seek_key + 1, key.nbytes).is_err());
        }
        assert!(reader.record(u64::MAX, 30).is_err());
    }

    #[test]
    fn a_kept_record_serves_for_its_own_bytes_alone() {
        let file: RootFile<Bytes> = file();
        let keys = file.keys(file.top()).unwrap();
        let mut buffers = RecordBuffers::default();
        let mut reader = RecordReader::new(&file, &mut buffers);
        let mut known = Expanded::default();
        for limit in [usize::MAX, 1000, 0] {
            for key in keys.iter().flat_map(|key| [key, key]) {
                let (_, wanted) = file.record(key.seek_key, key.nbytes).unwrap();
                let read = reader.record_like(key.seek_key, key.nbytes, &mut known, limit);
                let (own, content) = read.unwrap();
                assert_eq!((own.to_owned(), content), (key.clone(), &wanted[..]));
            }
        }
    }

    #[test]
    fn a_record_that_does_not_expand_is_not_kept() {
        let file: RootFile<Bytes> = file();
        let keys = file.keys(file.top()).unwrap();
        let key = keys.iter().find(|key| !key.is_raw()).unwrap();
        let start = usize::try_from(key.seek_key).unwrap() + usize::from(key.key_length);
        let mut bytes = vec![0; usize::try_from(file.source().length()).unwrap()];
        file.source().read_into(0, &mut bytes).unwrap();
        bytes[start..start + 2].copy_from_slice(b"??");
        let damaged = RootFile::open(Bytes::from(bytes), "damaged").unwrap();
        let (mut buffers, mut others) = (RecordBuffers::default(), RecordBuffers::default());
        let mut known = Expanded::default();
        let mut whole = RecordReader::new(&file, &mut buffers);
        let mut reader = RecordReader::new(&damaged, &mut others);
        let (seek, nbytes) = (key.seek_key, key.nbytes);
        for _ in 0..2 {
            assert!(
                whole
                    .record_like(seek, nbytes, &mut known, usize::MAX)
                    .is_ok()
            );
            assert!(
                reader
                    .record_like(seek, nbytes, &mut known, usize::MAX)
                    .is_err()
            );
            assert!(
                reader
                    .record_like(seek, nbytes, &mut known, usize::MAX)
                    .is_err()
            );
        }
    }
}
