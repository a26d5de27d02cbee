//! The layouts built in: those that ROOT 6.40 writes (`scripts/dump_layouts.py`), and older ones
//! without which files that do not describe all their classes could not be understood.

mod older;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock};

use super::layout::{ClassLayout, Element, ElementExtra};

const TABLE: &str = include_str!("builtin.tsv");

/// A class in the table.
struct Listed {
    /// Its lines, with those of its elements.
    lines: &'static str,
    /// What they say, once somebody asks.
    versions: OnceLock<Vec<Arc<ClassLayout>>>,
}

/// The classes of the table by name. Only a few are asked for: files describe most of theirs.
fn listed() -> &'static HashMap<&'static str, Listed> {
    static LISTED: LazyLock<HashMap<&str, Listed>> = LazyLock::new(|| {
        let classes = TABLE.split("\nclass\t").skip(1);
        classes
            .map(|lines| {
                let name = lines.split('\t').next().unwrap_or_default();
                let versions = OnceLock::new();
                (name, Listed { lines, versions })
            })
            .collect()
    });
    &LISTED
}

/// The names of the classes whose layouts are built in.
pub(super) fn classes() -> impl Iterator<Item = &'static str> {
    listed().keys().copied()
}

/// The built-in layouts of a class.
pub(super) fn versions(class: &str) -> &'static [Arc<ClassLayout>] {
    let Some(listed) = listed().get(class) else {
        return &[];
    };
    listed.versions.get_or_init(|| {
        let Some(layout) = parse(listed.lines) else {
            return Vec::new();
        };
        let older = older::versions(&layout);
        let all = [layout].into_iter().chain(older);
        all.map(Arc::new).collect()
    })
}

/// The layout of a class, by its line, without the first word, and those of its elements.
fn parse(lines: &str) -> Option<ClassLayout> {
    let mut lines = lines.lines();
    let mut layout = class(&mut lines.next()?.split('\t'))?;
    layout.elements.extend(lines.filter_map(|line| {
        let mut fields = line.split('\t');
        element(fields.next()?, &mut fields)
    }));
    Some(layout)
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
        let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
        let named = lines.clone().filter(|line| line.starts_with("class\t"));
        let known: Vec<_> = classes()
            .filter_map(|class| versions(class).first())
            .collect();
        assert_eq!(known.len(), named.count(), "each class once");
        let elements: usize = known.iter().map(|layout| layout.elements.len()).sum();
        assert_eq!(known.len() + elements, lines.count());
        let tree = versions("TTree").first().unwrap();
        assert_eq!((tree.version, &*tree.elements[0].name), (20, "TNamed"));
    }
}
