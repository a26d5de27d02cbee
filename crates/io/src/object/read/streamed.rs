//! The classes that have streamers of their own: `TObject`, arrays, lists, baskets.

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

    /// `TObjArray::Streamer` and `TList::Streamer`.
    pub(super) fn list(&mut self, kind: ListKind) -> Result<Body> {
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
            list.items.push(self.pointer()?);
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
