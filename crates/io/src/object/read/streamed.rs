//! The classes that have streamers of their own: `TObject`, arrays, texts, lists, baskets.

use std::sync::Arc;

use super::Reader;
use crate::column::ScalarType;
use crate::error::Result;
use crate::object::value::{Body, EmbeddedBasket, List, ListKind};
use crate::object::{HAS_UUID, IS_REFERENCED, LISTS_WITHOUT_OBJECT, LISTS_WITHOUT_OPTIONS};

/// Classes that are not streamed as files describe them, nor read here: only their byte counts say
/// where they end.
pub(super) const UNREAD: [&str; 5] = [
    "TClonesArray",
    "TRefArray",
    "TTreeIndex",
    "TMatrixTSym<double>",
    "TMatrixTSym<float>",
];

impl Reader<'_> {
    /// `TRef::Streamer`: what a `TObject` holds, and the number of a process, or a text.
    pub(super) fn reference(&mut self) -> Result<Body> {
        let start = self.cursor.position();
        match self.root_object()? {
            Body::Root { bits, .. } if bits & HAS_UUID != 0 => drop(self.cursor.string()?),
            _ => drop(self.cursor.u16()?),
        }
        let stop = self.cursor.position();
        Ok(Body::Opaque(self.content.slice(start..stop)))
    }

    pub(super) fn root_object(&mut self) -> Result<Body> {
        let (_, end) = self.header()?;
        let unique_id = self.cursor.u32()?;
        let bits = self.cursor.u32()?;
        let process = if bits & IS_REFERENCED != 0 {
            self.cursor.u16()?
        } else {
            0
        };
        if let Some(end) = end {
            self.expect_end("TObject", end)?;
        }
        Ok(Body::Root {
            unique_id,
            bits,
            process,
        })
    }

    pub(super) fn array(&mut self, scalar: ScalarType) -> Result<Body> {
        let count = self.cursor.count(scalar.width(), "an array")?;
        Ok(Body::Array(self.numbers(scalar, count)?))
    }

    /// A text among others of an array with a counter (`TString::Streamer`).
    pub(super) fn text(&mut self) -> Result<Body> {
        let start = self.cursor.position();
        self.cursor.string()?;
        let stop = self.cursor.position();
        Ok(Body::Opaque(self.content.slice(start..stop)))
    }

    /// `TObjArray::Streamer`, `TList::Streamer`, `TMap::Streamer` and `TCollection::Streamer`.
    pub(super) fn list(&mut self, kind: ListKind) -> Result<Body> {
        let (is_taken, is_spared) = (self.is_taken(), self.is_spared());
        let (header, end) = self.header()?;
        let object = if header.version > LISTS_WITHOUT_OBJECT {
            match self.root_object()? {
                Body::Root {
                    unique_id, bits, ..
                } => (unique_id, bits),
                _ => (0, 0),
            }
        } else {
            (0, 0)
        };
        let name = self.cursor.string()?;
        let name = self.bytes(name);
        let pointers = if kind == ListKind::Map { 2 } else { 1 };
        let count = self.cursor.count(4 * pointers, "a list")? * pointers;
        let lower_bound = if kind == ListKind::Array {
            self.cursor.i32()?
        } else {
            0
        };
        let mut list = List {
            kind,
            version: header.version,
            object,
            name,
            lower_bound,
            items: Vec::with_capacity(count),
            options: Vec::new(),
        };
        for _ in 0..count {
            let item = if is_spared {
                self.spared_item()?
            } else {
                Some(self.pointer()?)
            };
            if is_taken && let Some(Some(item)) = item {
                self.give(item)?;
            }
            if kind == ListKind::Linked && header.version > LISTS_WITHOUT_OPTIONS {
                let option = self.cursor.string()?;
                if item.is_some() {
                    list.options.push(self.bytes(option));
                }
            }
            list.items.extend(item);
        }
        if let Some(end) = end {
            self.expect_end("a list", end)?;
        }
        if is_taken {
            self.list_is_over();
        }
        Ok(Body::List(list))
    }

    pub(super) fn basket(&mut self, end: Option<usize>) -> Result<Body> {
        let start = self.cursor.position();
        let embedded = crate::tree::embedded::read(&mut self.cursor, self.content)?;
        if let Some(end) = end {
            self.cursor.seek(end)?;
        }
        let stop = self.cursor.position();
        let raw = self.content.slice(start..stop.max(start));
        Ok(Body::Basket(Arc::new(EmbeddedBasket {
            raw,
            position: start,
            ..embedded
        })))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use crate::column::Values;
    use crate::object::layout::{ClassLayout, ElementExtra};
    use crate::object::{Body, Graph, Layouts, read_graph, write_graph};

    #[test]
    fn texts_of_an_array_with_a_counter_are_kept() {
        // As TFormula kept its names (version 8).
        let mut layouts = Layouts::builtin();
        let mut layout = ClassLayout::clone(layouts.newest("TNamed").unwrap());
        layout.name = "TTexts".into();
        let mut count = layout.elements.pop().unwrap();
        (count.name, count.code, count.type_name) = ("fN".into(), 3, "int".into());
        let mut texts = count.clone();
        (texts.name, texts.code, texts.type_name) = ("fTexts".into(), 501, "TString*".into());
        texts.extra = ElementExtra::Count {
            name: "fN".into(),
            class: "TTexts".into(),
            version: 1,
        };
        layout.elements = vec![count, texts];
        layout.version = 1;
        layouts.insert(layout);
        let record = Bytes::from_static(b"\0\x01\0\0\0\x02\x40\0\0\x07\0\x01\x01a\x02bc");
        let graph = read_graph("TTexts", &record, 20, &layouts).unwrap();
        assert_eq!(write_graph(&graph, 20).unwrap(), record);
        let short = record.slice(..record.len() - 1);
        assert!(read_graph("TTexts", &short, 20, &layouts).is_err());
    }

    /// What is read returns as it was; gives what was read.
    fn returns(class: &str, record: &'static [u8], layouts: &Layouts) -> Graph {
        let record = Bytes::from_static(record);
        let graph = read_graph(class, &record, 20, layouts).unwrap();
        assert_eq!(write_graph(&graph, 20).unwrap(), record);
        graph
    }

    #[test]
    fn a_map_is_a_list_of_pairs() {
        // Byte count and version, TObject, name, one pair: null and null.
        let record = b"\x40\0\0\x1a\0\x03\0\x01\0\0\0\0\x03\0\0\0\x01m\0\0\0\x01\0\0\0\0\0\0\0\0";
        let graph = returns("TMap", record, &Layouts::builtin());
        match &graph.root().unwrap().body {
            Body::List(list) => assert_eq!(list.items, [None, None]),
            body => panic!("{body:?}"),
        }
    }

    #[test]
    fn lists_before_version_3_are_no_objects() {
        // Byte count and version, name, one null item.
        let record = b"\x40\0\0\x0b\0\x02\0\0\0\0\x01\0\0\0\0";
        returns("TList", record, &Layouts::builtin());
    }

    #[test]
    fn what_is_not_streamed_as_it_is_described_is_kept_as_it_is() {
        let mut layouts = Layouts::builtin();
        let mut layout = ClassLayout::clone(layouts.newest("TNamed").unwrap());
        (layout.name, layout.version) = ("TClonesArray".into(), 4);
        layouts.insert(layout);
        returns("TClonesArray", b"\x40\0\0\x05\0\x04\x07\x08\x09", &layouts);
        // A TRef: a TObject, and a number or a text.
        returns("TRef", b"\0\x01\0\0\0\x01\x03\0\0\0\0\x02", &layouts);
        returns("TRef", b"\0\x01\0\0\0\x01\x03\0\0\x20\x03abc", &layouts);
    }

    #[test]
    fn a_byte_tells_how_wide_the_places_of_an_old_branch_are() {
        let mut layouts = Layouts::builtin();
        let mut layout = ClassLayout::clone(layouts.newest("TBranch").unwrap());
        let is_kept = |name: &str| matches!(name, "fMaxBaskets" | "fBasketSeek");
        layout.elements.retain(|element| is_kept(&element.name));
        layout.version = 9;
        for element in &mut layout.elements {
            if let ElementExtra::Count { version, .. } = &mut element.extra {
                *version = 9;
            }
        }
        layouts.insert(layout);
        let narrow = b"\0\x09\0\0\0\x01\x01\0\0\0\x07";
        let wide = b"\0\x09\0\0\0\x01\x02\0\0\0\x05\0\0\0\x07";
        for (record, values) in [
            (&narrow[..], Values::I32(vec![7])),
            (wide, Values::I64(vec![(5 << 32) + 7])),
        ] {
            let graph = returns("TBranch", record, &layouts);
            let branch = graph.root().unwrap();
            assert_eq!(branch.array("fBasketSeek").unwrap(), &values);
        }
    }
}
