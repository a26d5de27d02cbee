//! Objects that hold nothing yet.

use std::sync::Arc;

use bytes::Bytes;

use super::layout::{Element, ElementExtra, Shape};
use super::layouts::Layouts;
use super::value::{Body, Header, List, ListKind, Members, Object, Value};
use crate::column::{ScalarType, Values};
use crate::error::{Error, Result};

impl Object {
    /// An object of `class` whose members are all zero, empty or null.
    ///
    /// # Errors
    /// When a base or member has no layout either.
    pub fn empty(class: &str, layouts: &super::Layouts) -> Result<Self> {
        part(class, None, layouts)
    }
}

/// An object of `class`; of a base, of the version that the class derived from it states.
fn part(class: &str, version: Option<i32>, layouts: &Layouts) -> Result<Object> {
    let class: Arc<str> = class.into();
    let body = match &*class {
        // kIsOnHeap: what ROOT stores of an object made with `new`.
        "TObject" => Body::Root {
            unique_id: 0,
            bits: 0x0100_0000,
            process: 0,
        },
        // TQObject::Streamer writes nothing at all.
        "TQObject" => Body::Opaque(Bytes::new()),
        "TObjArray" => list(ListKind::Array, 3),
        "TList" | "THashList" => list(ListKind::Linked, 5),
        "TArrayC" => Body::Array(Values::with_capacity(ScalarType::I8, 0)),
        "TArrayS" => Body::Array(Values::with_capacity(ScalarType::I16, 0)),
        "TArrayI" => Body::Array(Values::with_capacity(ScalarType::I32, 0)),
        "TArrayL64" => Body::Array(Values::with_capacity(ScalarType::I64, 0)),
        "TArrayF" => Body::Array(Values::with_capacity(ScalarType::F32, 0)),
        "TArrayD" => Body::Array(Values::with_capacity(ScalarType::F64, 0)),
        _ => members(&class, version, layouts)?,
    };
    Ok(Object { class, body })
}

fn list(kind: ListKind, version: u16) -> Body {
    Body::List(List {
        kind,
        version,
        object: (0, 0),
        name: Bytes::new(),
        lower_bound: 0,
        items: Vec::new(),
        options: Vec::new(),
    })
}

fn members(class: &str, version: Option<i32>, layouts: &Layouts) -> Result<Body> {
    let stated = version.and_then(|version| u16::try_from(version).ok());
    let layout = stated
        .and_then(|version| layouts.get(class, version, None))
        .or_else(|| layouts.newest(class))
        .ok_or_else(|| Error::unsupported(format!("class {class}, which has no layout")))?;
    let header = match u16::try_from(layout.version) {
        // ROOT::TIOFeatures has no ClassDef: a checksum stands for its version.
        Ok(_) if class.contains("::") => Header {
            counted: true,
            version: 0,
            checksum: Some(layout.checksum),
        },
        Ok(version) => Header {
            counted: true,
            version,
            checksum: None,
        },
        Err(_) => {
            return Err(Error::unsupported(format!(
                "class {class} at {}",
                layout.version
            )));
        }
    };
    let values = layout
        .elements
        .iter()
        .map(|element| value(element, layouts))
        .collect::<Result<_>>()?;
    Ok(Body::Members(Members {
        header,
        layout: Arc::clone(layout),
        values,
        tail: Bytes::new(),
    }))
}

fn value(element: &Element, layouts: &Layouts) -> Result<Value> {
    let length = usize::try_from(element.array_length).unwrap_or(0);
    Ok(match element.shape() {
        Shape::Scalar(ScalarType::F32 | ScalarType::F64) => Value::Float(0.0),
        Shape::Scalar(_) => Value::Int(0),
        Shape::Array(scalar) => {
            let mut values = Values::with_capacity(scalar, length);
            values.extend_big_endian(&vec![0; length.saturating_mul(scalar.width())]);
            Value::Array(values)
        }
        Shape::CountedArray(scalar) => Value::Array(Values::with_capacity(scalar, 0)),
        Shape::Text => Value::Text(Bytes::new()),
        Shape::Object => {
            let (class, version) = match element.extra {
                ElementExtra::Base { version } => (&*element.name, Some(version)),
                _ => (element.type_name.trim_end_matches('*'), None),
            };
            Value::Object(Box::new(part(class, version, layouts)?))
        }
        Shape::Pointer => Value::Pointer(None),
        _ => {
            return Err(Error::unsupported(format!(
                "an empty member {} of type {}",
                element.name, element.type_name
            )));
        }
    })
}
