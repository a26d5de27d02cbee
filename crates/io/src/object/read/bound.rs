//! Bytes that are kept as they are, and refer to places in their record.
//!
//! What is known by its length alone may hold objects behind pointers: their classes, and objects met
//! before, are told by where they stand (`TBufferFile::MapObject`). Elsewhere such bytes mean
//! something else.

use std::ops::Range;

use bytes::Bytes;

use super::Reader;
use crate::cursor::BYTE_COUNT_MASK;
use crate::error::Result;
use crate::object::{CLASS_MASK, NEW_CLASS, ROOT_TAG};

/// Classes among those kept as bytes whose streamers write numbers alone.
const NUMBERS: [&str; 4] = [
    "TRefArray",
    "TTreeIndex",
    "TMatrixTSym<double>",
    "TMatrixTSym<float>",
];
/// Why what is kept as bytes is bound to where it stands.
const IN_PLACE: &str = "whose bytes alone are known, and refer to places in its record";
/// The longest name of a class that is looked for.
const LONGEST_NAME: usize = 1024;

impl<'a> Reader<'a> {
    /// The bytes of an object of `class`, as they are.
    pub(super) fn unread_object(&mut self, class: &str, raw: &'a [u8]) -> Bytes {
        if !NUMBERS.contains(&class) && self.refers(raw, true) {
            self.bind(&format!("{class} {IN_PLACE}"));
        }
        self.bytes(raw)
    }

    /// The bytes of a member of type `type_name`, as they are. Where no pointers are among its values,
    /// these may be any numbers, but hardly name a class.
    pub(super) fn unread_member(&mut self, type_name: &str, raw: &'a [u8]) -> Bytes {
        if self.refers(raw, type_name.contains('*')) {
            self.bind(&format!("{type_name} {IN_PLACE}"));
        }
        self.bytes(raw)
    }

    /// Whether `raw` seems to refer to places in the record: names a class, or says where one was
    /// named, or where an object began, if `may_point` at one.
    pub(super) fn refers(&self, raw: &[u8], may_point: bool) -> bool {
        let is_counted = raw.first().is_some_and(|first| first & 0x40 != 0);
        // Byte count and version are no references.
        let values = if is_counted { raw.get(6..) } else { Some(raw) };
        let values = values.unwrap_or_default();
        let mut tags = values.windows(4).enumerate().map(|(start, word)| {
            let tag = word.iter().fold(0, |tag, &byte| tag << 8 | u32::from(byte));
            (start + 4, tag)
        });
        tags.any(|(end, tag)| match tag {
            NEW_CLASS => values
                .get(end..)
                .is_some_and(|rest| class_name(rest).is_some()),
            _ if tag & CLASS_MASK != 0 => self.met.find_class(tag & !CLASS_MASK).is_some(),
            ROOT_TAG => false,
            _ if tag & BYTE_COUNT_MASK != 0 => false,
            _ => may_point && self.met.find_object(tag).is_some(),
        })
    }

    /// Takes note of the classes that seem to be named in the bytes `range` of the record, which are
    /// passed over: what stands behind these says where they were named.
    pub(super) fn meet_classes(&mut self, range: Range<usize>) -> Result<()> {
        let raw = self.content.get(range.clone()).unwrap_or_default();
        for (start, word) in raw.windows(4).enumerate() {
            if word == NEW_CLASS.to_be_bytes()
                && let Some(name) = raw.get(start + 4..).and_then(class_name)
            {
                let tag = self.tag_of(range.start + start)?;
                self.met.class(tag, String::from_utf8_lossy(name).into());
            }
        }
        Ok(())
    }

    /// Takes note of what keeps the record from being written again.
    pub(super) fn bind(&mut self, what: &str) {
        self.graph.bound.get_or_insert_with(|| what.into());
    }
}

/// The name of a class with which `bytes` begin, a zero behind it.
fn class_name(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes
        .iter()
        .take(LONGEST_NAME)
        .position(|&byte| byte == 0)?;
    let name = bytes.get(..end)?;
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
    let is_name = name.first().is_some_and(is_letter);
    (is_name && name.iter().all(|byte| matches!(byte, b' '..=b'~'))).then_some(name)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use crate::cursor::BYTE_COUNT_MASK;
    use crate::object::{Body, Graph, Layouts, read_graph, write_graph};

    fn counted(bytes: &[u8]) -> [u8; 4] {
        (BYTE_COUNT_MASK | u32::try_from(bytes.len()).unwrap()).to_be_bytes()
    }

    /// A list of what is behind a pointer: an object of `class` that holds `bytes`, then a null.
    fn listed(class: &str, bytes: &[u8]) -> Bytes {
        let mut item = b"\xff\xff\xff\xff".to_vec();
        item.extend_from_slice(class.as_bytes());
        item.push(0);
        item.extend_from_slice(bytes);
        let mut list = b"\0\x03\0\x01\0\0\0\0\x03\0\0\0\0\0\0\0\x02\0\0\0\0".to_vec();
        list.extend(counted(&item));
        list.extend(item);
        list.extend([0; 4]);
        let mut record = counted(&list).to_vec();
        record.extend(list);
        record.into()
    }

    fn read(class: &str, bytes: &[u8]) -> Graph {
        let record = listed(class, bytes);
        let graph = read_graph("TObjArray", &record, 20, &Layouts::builtin()).unwrap();
        if graph.bound().is_none() {
            assert_eq!(write_graph(&graph, 20).unwrap(), record);
        } else {
            assert!(write_graph(&graph, 20).is_err());
        }
        graph
    }

    #[test]
    fn bytes_that_name_classes_or_where_these_were_named_are_bound() {
        // The item begins at byte 25 and names its class at 29; behind the key and an offset of 2,
        // that is 51.
        let bound: [&[u8]; 4] = [
            b"\x40\0\0\x0b\0\x01\xff\xff\xff\xffTAxis\0",
            b"\x40\0\0\x07\0\x01\x07\x80\0\0\x33",
            b"\x40\0\0\x07\0\x01\x07\0\0\0\x2f",
            b"\x40\0\0\x02\0\x01\xff\xff\xff\xffTAxis\0",
        ];
        for bytes in bound {
            assert!(read("TOdd", bytes).bound().is_some(), "{bytes:?}");
            assert!(read("TRefArray", bytes).bound().is_none(), "{bytes:?}");
        }
        let free: [&[u8]; 4] = [
            b"\x40\0\0\x0b\0\x01\xff\xff\xff\xff\xff\xff\xff\xff\0",
            b"\x40\0\0\x07\0\x01\x07\x80\0\0\x34",
            b"\x40\0\0\x07\0\x01\x07\0\0\0\x01",
            // Behind the byte count, up to where the pointer's ends (`TMatrixTSym::Streamer`).
            b"\x40\0\0\x02\0\x01\x3f\xf0\0\0\0\0\0\0",
        ];
        for bytes in free {
            let graph = read("TOdd", bytes);
            assert!(graph.bound().is_none(), "{bytes:?}");
            let mut objects = graph.objects();
            let is_it = |body: &Body| matches!(body, Body::Opaque(raw) if raw == bytes);
            assert!(objects.any(|object| is_it(&object.body)), "{bytes:?}");
        }
    }

    #[test]
    fn an_object_with_more_behind_it_is_bound() {
        let text = b"\0\x01\0\x01\0\0\0\0\x03\0\0\0\x02hi";
        assert!(read("TObjString", text).bound().is_none());
        let more = [&text[..], b"more"].concat();
        assert!(read("TObjString", &more).bound().is_some());
    }
}
