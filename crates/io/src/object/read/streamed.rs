//! The classes that have streamers of their own: `TObject`, arrays, texts, lists, baskets.

use super::Reader;
use crate::column::ScalarType;
use crate::error::Result;
use crate::object::IS_REFERENCED;
use crate::object::value::{Body, EmbeddedBasket, List, ListKind};

impl Reader<'_> {
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

    /// `TObjArray::Streamer` and `TList::Streamer`.
    pub(super) fn list(&mut self, kind: ListKind) -> Result<Body> {
        let is_taken = self.is_taken();
        let (header, end) = self.header()?;
        let object = match self.root_object()? {
            Body::Root {
                unique_id, bits, ..
            } => (unique_id, bits),
            _ => (0, 0),
        };
        let name = self.cursor.string()?;
        let name = self.bytes(name);
        let count = self.cursor.count(4, "a list")?;
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
            let item = self.pointer()?;
            list.items.push(item);
            if is_taken && let Some(item) = item {
                self.give(item)?;
            }
            if kind == ListKind::Linked {
                let option = self.cursor.string()?;
                list.options.push(self.bytes(option));
            }
        }
        if let Some(end) = end {
            self.expect_end("a list", end)?;
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
        Ok(Body::Basket(EmbeddedBasket {
            raw,
            position: start,
            ..embedded
        }))
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use crate::object::layout::{ClassLayout, ElementExtra};
    use crate::object::{Layouts, read_graph, write_graph};

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
}
