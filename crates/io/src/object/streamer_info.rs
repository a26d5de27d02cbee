//! The list of `TStreamerInfo` that a file keeps, from and to [`ClassLayout`]s.

use std::sync::Arc;

use bytes::Bytes;

use super::layout::{ClassLayout, Element, ElementExtra};
use super::layouts::Layouts;
use super::read::read_graph_as;
use super::value::{Body, Graph, Object, ObjectId, Value};
use super::write::write_graph;
use crate::column::Values;
use crate::error::Result;

/// Reads the layouts in the content of a file's streamer-info record, a `TList`.
///
/// Other items of that list (rules of schema evolution) are passed over.
///
/// # Errors
/// When the record is damaged.
pub fn decode_streamer_info(content: &Bytes, key_length: usize) -> Result<Vec<ClassLayout>> {
    let graph = read_graph_as("TList", content, key_length, &Layouts::builtin(), true)?;
    let mut layouts = Vec::new();
    if let Body::List(list) = &graph.root()?.body {
        for id in list.items.iter().flatten() {
            let object = graph.get(*id)?;
            if &*object.class == "TStreamerInfo" {
                layouts.push(decode_layout(&graph, object)?);
            }
        }
    }
    Ok(layouts)
}

fn decode_layout(graph: &Graph, info: &Object) -> Result<ClassLayout> {
    let mut elements = Vec::new();
    if let Some(id) = info.pointer("fElements")?
        && let Body::List(list) = &graph.get(id)?.body
    {
        for id in list.items.iter().flatten() {
            elements.push(decode_element(graph.get(*id)?)?);
        }
    }
    Ok(ClassLayout {
        name: info.text("fName")?.into(),
        version: narrow(info.int("fClassVersion")?),
        // A checksum is unsigned, but some files hold it sign-extended.
        checksum: u32::from_be_bytes(low_bytes(info.int("fCheckSum")?)),
        elements,
    })
}

fn decode_element(element: &Object) -> Result<Element> {
    let int = |name| element.int(name).map(narrow);
    let text = |name| element.text(name).map(Arc::<str>::from);
    let mut max_index = [0; 5];
    if let Values::I32(indices) = element.array("fMaxIndex")? {
        for (to, from) in max_index.iter_mut().zip(indices) {
            *to = *from;
        }
    }
    let extra = match &*element.class {
        "TStreamerBase" => ElementExtra::Base {
            version: int("fBaseVersion")?,
        },
        "TStreamerBasicPointer" | "TStreamerLoop" => ElementExtra::Count {
            name: text("fCountName")?,
            class: text("fCountClass")?,
            version: int("fCountVersion")?,
        },
        "TStreamerSTL" | "TStreamerSTLstring" => ElementExtra::Stl {
            container: int("fSTLtype")?,
            content: int("fCtype")?,
        },
        _ => ElementExtra::None,
    };
    Ok(Element {
        class: Arc::clone(&element.class),
        name: text("fName")?,
        title: text("fTitle")?,
        code: int("fType")?,
        size: int("fSize")?,
        array_length: int("fArrayLength")?,
        array_dim: int("fArrayDim")?,
        max_index,
        type_name: text("fTypeName")?,
        extra,
    })
}

fn narrow(value: i64) -> i32 {
    i32::from_be_bytes(low_bytes(value))
}

fn low_bytes(value: i64) -> [u8; 4] {
    let [_, _, _, _, low @ ..] = value.to_be_bytes();
    low
}

/// The content of a streamer-info record that holds `layouts`.
///
/// # Errors
/// When a layout is too large for its record.
pub fn encode_streamer_info<'a>(
    layouts: impl IntoIterator<Item = &'a ClassLayout>,
    key_length: usize,
) -> Result<Vec<u8>> {
    let builtin = Layouts::builtin();
    let mut graph = Graph::default();
    let root = graph.add(Object::empty("TList", &builtin)?);
    let mut items = Vec::new();
    for layout in layouts {
        items.push(Some(encode_layout(&mut graph, layout, &builtin)?));
    }
    if let Body::List(list) = &mut graph.get_mut(root)?.body {
        list.items = items;
    }
    write_graph(&graph, key_length)
}

fn encode_layout(graph: &mut Graph, layout: &ClassLayout, builtin: &Layouts) -> Result<ObjectId> {
    let mut array = Object::empty("TObjArray", builtin)?;
    for element in &layout.elements {
        let object = encode_element(element, builtin)?;
        let id = graph.add(object);
        if let Body::List(list) = &mut array.body {
            list.items.push(Some(id));
        }
    }
    let elements = graph.add(array);
    let mut info = Object::empty("TStreamerInfo", builtin)?;
    // Version 9 is what every ROOT before 6.36 reads; 10 is laid out alike.
    if let Body::Members(members) = &mut info.body {
        members.header.version = 9;
    }
    info.set("fName", text(&layout.name))?;
    info.set("fCheckSum", Value::Int(layout.checksum.into()))?;
    info.set("fClassVersion", Value::Int(layout.version.into()))?;
    info.set("fElements", Value::Pointer(Some(elements)))?;
    set_bits(&mut info, 0x0001_0000)?;
    Ok(graph.add(info))
}

fn encode_element(element: &Element, builtin: &Layouts) -> Result<Object> {
    let mut object = Object::empty(&element.class, builtin)?;
    object.set("fName", text(&element.name))?;
    object.set("fTitle", text(&element.title))?;
    object.set("fType", Value::Int(element.code.into()))?;
    object.set("fSize", Value::Int(element.size.into()))?;
    object.set("fArrayLength", Value::Int(element.array_length.into()))?;
    object.set("fArrayDim", Value::Int(element.array_dim.into()))?;
    object.set(
        "fMaxIndex",
        Value::Array(Values::I32(element.max_index.to_vec())),
    )?;
    object.set("fTypeName", text(&element.type_name))?;
    match &element.extra {
        ElementExtra::None => {}
        ElementExtra::Base { version } => {
            object.set("fBaseVersion", Value::Int((*version).into()))?;
        }
        ElementExtra::Count {
            name,
            class,
            version,
        } => {
            object.set("fCountName", text(name))?;
            object.set("fCountClass", text(class))?;
            object.set("fCountVersion", Value::Int((*version).into()))?;
        }
        ElementExtra::Stl { container, content } => {
            object.set("fSTLtype", Value::Int((*container).into()))?;
            object.set("fCtype", Value::Int((*content).into()))?;
        }
    }
    set_bits(&mut object, 0)?;
    Ok(object)
}

fn set_bits(object: &mut Object, new: u32) -> Result<()> {
    if let Body::Root { bits, .. } = &mut object.root_object_mut()?.body {
        *bits = new;
    }
    Ok(())
}

fn text(text: &str) -> Value {
    Value::Text(Bytes::copy_from_slice(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_return_from_a_record() {
        let builtin = Layouts::builtin();
        let layouts: Vec<ClassLayout> = ["TTree", "TBranch", "TH1F", "ROOT::TIOFeatures"]
            .map(|name| builtin.newest(name).unwrap().as_ref().clone())
            .to_vec();
        let record = encode_streamer_info(&layouts, 64).unwrap();
        let back = decode_streamer_info(&record.into(), 64).unwrap();
        assert_eq!(back, layouts);
    }
}
