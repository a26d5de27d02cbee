//! The layouts built in: those that ROOT 6.40 writes (`scripts/dump_layouts.py`), and older ones
//! of the classes that describe classes, without which no file could be understood.

use super::layout::{ClassLayout, Element, ElementExtra};

const TABLE: &str = include_str!("builtin.tsv");

/// All built-in layouts.
pub(super) fn layouts() -> Vec<ClassLayout> {
    let mut layouts: Vec<ClassLayout> = Vec::new();
    for line in TABLE.lines() {
        let mut fields = line.split('\t');
        match fields.next() {
            Some("class") => layouts.extend(class(&mut fields)),
            Some(kind) if !kind.starts_with('#') => {
                if let (Some(layout), Some(element)) =
                    (layouts.last_mut(), element(kind, &mut fields))
                {
                    layout.elements.push(element);
                }
            }
            _ => {}
        }
    }
    let older: Vec<_> = layouts.iter().flat_map(older_versions).collect();
    layouts.extend(older);
    layouts
}

/// Earlier versions of the streamer-info classes, as files of ROOT 3 to 6.34 hold them, and of the
/// base with which trees and histograms are written.
fn older_versions(layout: &ClassLayout) -> Vec<ClassLayout> {
    let same = |versions: &[i32]| {
        versions
            .iter()
            .map(|&version| ClassLayout {
                version,
                ..layout.clone()
            })
            .collect()
    };
    match &*layout.name {
        "TStreamerInfo" => same(&[2, 3, 4, 5, 6, 7, 8, 9]),
        "TStreamerElement" => {
            let mut older: Vec<ClassLayout> = same(&[2, 3]);
            // Version 3 alone stored the range of a Double32_t.
            if let Some(third) = older.get_mut(1) {
                third
                    .elements
                    .extend(["fXmin", "fXmax", "fFactor"].map(double));
            }
            older
        }
        "TStreamerBase" | "TStreamerSTL" => same(&[2]),
        "TAttMarker" => same(&[2]),
        "TList" => same(&[4]),
        _ => Vec::new(),
    }
}

fn double(name: &str) -> Element {
    Element {
        class: "TStreamerBasicType".into(),
        name: name.into(),
        title: "".into(),
        code: 8,
        size: 8,
        array_length: 0,
        array_dim: 0,
        max_index: [0; 5],
        type_name: "double".into(),
        extra: ElementExtra::None,
    }
}

fn class<'a>(fields: &mut impl Iterator<Item = &'a str>) -> Option<ClassLayout> {
    Some(ClassLayout {
        name: fields.next()?.into(),
        version: fields.next()?.parse().ok()?,
        checksum: fields.next()?.parse().ok()?,
        elements: Vec::new(),
    })
}

fn element<'a>(class: &str, fields: &mut impl Iterator<Item = &'a str>) -> Option<Element> {
    let mut element = Element {
        class: class.into(),
        name: fields.next()?.into(),
        title: fields.next()?.into(),
        code: fields.next()?.parse().ok()?,
        size: fields.next()?.parse().ok()?,
        array_length: fields.next()?.parse().ok()?,
        array_dim: fields.next()?.parse().ok()?,
        max_index: indices(fields.next()?)?,
        type_name: fields.next()?.into(),
        extra: ElementExtra::None,
    };
    element.extra = match class {
        "TStreamerBase" => ElementExtra::Base {
            version: fields.next()?.parse().ok()?,
        },
        "TStreamerBasicPointer" | "TStreamerLoop" => ElementExtra::Count {
            name: fields.next()?.into(),
            class: fields.next()?.into(),
            version: fields.next()?.parse().ok()?,
        },
        "TStreamerSTL" | "TStreamerSTLstring" => ElementExtra::Stl {
            container: fields.next()?.parse().ok()?,
            content: fields.next()?.parse().ok()?,
        },
        _ => ElementExtra::None,
    };
    Some(element)
}

fn indices(text: &str) -> Option<[i32; 5]> {
    let parsed: Vec<i32> = text
        .split(',')
        .map(|index| index.parse().ok())
        .collect::<Option<_>>()?;
    parsed.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_understood() {
        let layouts = layouts();
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        let classes = lines
            .clone()
            .filter(|line| line.starts_with("class\t"))
            .count();
        let known = layouts.get(..classes).unwrap();
        let elements: usize = known.iter().map(|layout| layout.elements.len()).sum();
        assert_eq!(classes + elements, lines.count());
        let tree = known
            .iter()
            .find(|layout| &*layout.name == "TTree")
            .unwrap();
        assert_eq!((tree.version, &*tree.elements[0].name), (20, "TNamed"));
    }
}
