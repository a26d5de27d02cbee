//! Formats of branches of objects (`TBranchElement`), and of the members of classes.

use super::super::number::Number;
use super::counter::number_column;
use super::{Classes, CountRule, Counter, Format, Lead, Member, cpp_type, leaf, number_code};
use crate::error::{Error, Result};
use crate::object::{Element, ElementExtra, Graph, Layouts, Object};

/// `TBranchElement::fType` of the entries of a `TClonesArray` and of a standard container: counts.
const COLLECTIONS: [i64; 2] = [3, 4];
/// `TBranchElement::fType` of the members of what those hold.
const MEMBERS: [i64; 2] = [CLONES_MEMBER, 41];
const CLONES_MEMBER: i64 = 31;
/// The streamer type of an array of objects that another member counts (`kStreamLoop`).
const STREAM_LOOP: i32 = 501;

/// C++ type and format of a `TBranchElement`.
pub(super) fn of_branch(
    graph: &Graph,
    branch: &Object,
    classes: &Classes<'_>,
) -> Result<(String, Format)> {
    let class = branch.text("fClassName")?;
    let kind = branch.int("fType")?;
    if COLLECTIONS.contains(&kind) {
        let count = number_code::of_code(3, "").map(Format::Number);
        return count
            .map(|count| (class, count))
            .ok_or_else(|| Error::unsupported("collection"));
    }
    let Ok(index) = usize::try_from(branch.int("fID")?) else {
        // All of an object that is not split: its members stand bare, as does a string, unless its
        // class streams itself (fType -1).
        let format = match cpp_type::parse(&class, classes, 0)? {
            Format::Text => Format::Text,
            Format::Object(object) if kind == 0 => return Ok((class, object.members.clone())),
            format => format.with_header(),
        };
        return Ok((type_name(&class, &format), format));
    };
    let element = find(branch, &class, index, classes.layouts);
    let in_collection = MEMBERS.contains(&kind);
    let format = match element {
        // ROOT 6.08 writes no byte of it, which looks like no items.
        Some(element) if kind == CLONES_MEMBER && element.type_name.starts_with("bitset<") => {
            return Err(Error::unsupported(format!(
                "{} in a TClonesArray",
                element.type_name
            )));
        }
        Some(element) if in_collection => of_collected(element, classes)?,
        Some(element) => of_split(element, classes)?,
        None => of_described(graph, branch, in_collection)?,
    };
    let class = element.map_or("", |element| &element.type_name);
    Ok((type_name(class, &format), format))
}

/// Names numbers by what they are, all else by its C++ type.
fn type_name(class: &str, format: &Format) -> String {
    match format {
        Format::Object(_) | Format::Record(_) if !class.is_empty() => class.to_owned(),
        Format::Rest(_, item) if matches!(**item, Format::Record(_)) => format!("{class}[]"),
        Format::Container(_) if format.kind().is_none() => class.to_owned(),
        _ => format.to_string(),
    }
}

/// The element of the class's layout that the branch holds.
fn find<'a>(
    branch: &Object,
    class: &str,
    index: usize,
    layouts: &'a Layouts,
) -> Option<&'a Element> {
    let version = branch
        .int("fClassVersion")
        .ok()
        .and_then(|version| u16::try_from(version).ok());
    let checksum = branch
        .int("fCheckSum")
        .ok()
        .and_then(|sum| u32::try_from(sum & 0xffff_ffff).ok());
    let code = branch.int("fStreamerType").ok()?;
    let name = branch.text("fName").ok()?;
    let stem = name.trim_end_matches('.');
    let stem = stem.split('[').next().unwrap_or(stem);
    let matches = |element: &&Element| {
        let member = element.name.split('[').next().unwrap_or_default();
        let strings = [300, 365];
        let same = i64::from(self::code(element)) == code
            || strings.contains(&self::code(element))
                && strings.contains(&i32::try_from(code).unwrap_or(0));
        same && stem
            .strip_suffix(member)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    [
        layouts.get(class, 0, checksum),
        version.and_then(|version| layouts.get(class, version, None)),
        layouts.written(class),
    ]
    .into_iter()
    .flatten()
    .find_map(|layout| layout.elements.get(index).filter(matches))
}

/// The streamer type. A container's is stored as that of a class with its own streamer, for
/// readers of old (`TStreamerSTL::Streamer`).
fn code(element: &Element) -> i32 {
    match &*element.class {
        "TStreamerSTL" | "TStreamerSTLstring" if element.type_name.ends_with('*') => 71,
        "TStreamerSTL" | "TStreamerSTLstring" if element.array_length > 0 => 320,
        "TStreamerSTL" => 300,
        "TStreamerSTLstring" => 365,
        _ => element.code,
    }
}

/// A member of a split object: as within the object, but for arrays that another member counts.
fn of_split(element: &Element, classes: &Classes<'_>) -> Result<Format> {
    match code(element) {
        41..=59 => counted(element).map(|item| Format::Rest(Lead::Flag, Box::new(item))),
        STREAM_LOOP => {
            looped(element, classes, 0).map(|item| Format::Rest(Lead::Header, Box::new(item)))
        }
        _ => of_member(element, classes, 0),
    }
}

/// A member of all items of a split collection.
fn of_collected(element: &Element, classes: &Classes<'_>) -> Result<Format> {
    if matches!(code(element), 41..=59) {
        return counted_number(element).map(Format::Collected);
    }
    Ok(match of_member(element, classes, 0)? {
        // The header stands once, before what all items hold.
        Format::Container(item) => Format::Rest(Lead::Header, item),
        format => Format::Rest(Lead::None, Box::new(format)),
    })
}

/// A number whose class the file does not describe: what the branch itself says suffices.
fn of_described(graph: &Graph, branch: &Object, in_collection: bool) -> Result<Format> {
    let code = branch.int("fStreamerType")?;
    let unknown = || {
        Error::unsupported(format!(
            "member of streamer type {code} of a class that the file does not describe"
        ))
    };
    let leaves = &branch.list("fLeaves")?.items;
    let [Some(leaf)] = leaves.as_slice() else {
        return Err(unknown());
    };
    let leaf = graph.get(*leaf)?;
    let item = match code {
        65 => Format::Text,
        15 => Format::Bits,
        // The range of a short float stands in the class's description alone.
        1..=8 | 10..=18 => Format::Number(number_code::of_code(code, "").ok_or_else(unknown)?),
        21..=28 | 30..=38 => {
            let number = number_code::of_code(code - 20, "").ok_or_else(unknown)?;
            let dimensions = leaf::dimensions(&leaf.text("fTitle")?, leaf.int("fLen")?)?;
            Format::array(&dimensions, Format::Number(number))
        }
        _ => return Err(unknown()),
    };
    Ok(if in_collection {
        Format::Rest(Lead::None, Box::new(item))
    } else {
        item
    })
}

/// One item of an array that another member counts.
fn counted(element: &Element) -> Result<Format> {
    counted_number(element).map(Format::Number)
}

fn counted_number(element: &Element) -> Result<Number> {
    number_code::of_code((element.code - 40).into(), &element.title).ok_or_else(|| unknown(element))
}

/// The member that counts an array, where one does.
pub(super) fn counter(element: &Element) -> Option<&str> {
    match &element.extra {
        ElementExtra::Count { name, .. } if matches!(element.code, 41..=59 | STREAM_LOOP) => {
            Some(name)
        }
        _ => None,
    }
}

/// An array that the member `counter` counts, which stands among those `before` it.
pub(super) fn counted_by(
    element: &Element,
    counter: &str,
    before: &[Member],
    classes: &Classes<'_>,
    depth: usize,
) -> Result<Format> {
    let column = number_column(before, counter).ok_or_else(|| unknown(element))?;
    let (rule, item) = match element.code {
        STREAM_LOOP => (CountRule::Headed, looped(element, classes, depth)?),
        _ => (CountRule::Flagged, counted(element)?),
    };
    Ok(Format::Counted(Counter { column, rule }, Box::new(item)))
}

/// One object of an array that another member counts.
fn looped(element: &Element, classes: &Classes<'_>, depth: usize) -> Result<Format> {
    match element.type_name.strip_suffix('*') {
        Some(class) if !class.ends_with('*') => cpp_type::parse(class, classes, depth),
        _ => Err(unknown(element)),
    }
}

/// A member within an object.
pub(super) fn of_member(element: &Element, classes: &Classes<'_>, depth: usize) -> Result<Format> {
    let fixed = |item| Ok(Format::array(&dimensions(element)?, item));
    let number = |code: i32| {
        number_code::of_code(code.into(), &element.title)
            .map(Format::Number)
            .ok_or_else(|| unknown(element))
    };
    let class = || {
        let name = if element.is_base() {
            &element.name
        } else {
            &element.type_name
        };
        cpp_type::parse(name.trim_end_matches('*'), classes, depth)
    };
    let pointer = || {
        let name = &element.type_name;
        cpp_type::pointer(name.strip_suffix('*').unwrap_or(name), classes, depth)
    };
    match code(element) {
        15 => Ok(Format::Bits),
        code @ (1..=6 | 8..=19) => number(code),
        code @ 21..=39 => fixed(number(code - 20)?),
        // kBase, and objects in place: kObject, kAny, kObjectp, kTObject, kTNamed, kAnyp.
        0 | 61..=63 | 66..=68 => class(),
        81..=83 | 88 => fixed(class()?),
        // One header stands before all items: kTString, kTObject, kTNamed, each with kOffsetL.
        85 => Ok(Format::Container(Box::new(fixed(Format::Text)?))),
        86 | 87 => Ok(Format::Container(Box::new(fixed(class()?)?))),
        // kObjectP and kAnyP, the latter also of classes without virtual functions; of an array of
        // them the streamer type is the same.
        64 | 69 | 70 if element.array_length == 0 => pointer(),
        64 | 69 | 70 | 84 | 89 | 90 => fixed(pointer()?),
        7 => Ok(Format::LongText),
        65 => Ok(Format::Text),
        // A class that is a collection by a proxy of its own.
        300..=319 if *element.name == *"This" => Err(Error::unsupported(format!(
            "collection {}, of whose items nothing tells the class",
            element.type_name
        ))),
        // A container behind a pointer stands in place (kSTLp).
        71 if element.array_length > 0 => Err(unknown(element)),
        71 | 300..=319 | 365 => class().map(|format| container(format, element)),
        // The header stands once, before all items.
        320..=339 => {
            let item = class()?.without_header();
            Ok(Format::Container(Box::new(fixed(item)?)))
        }
        _ => Err(unknown(element)),
    }
}

/// A standard container or string. An enumeration in it is no class: what it is stored as stands
/// beside its name (`TStreamerSTL::fCtype`).
fn container(format: Format, element: &Element) -> Format {
    match (&format, &element.extra) {
        (Format::List(item), ElementExtra::Stl { content, .. })
            if matches!(**item, Format::Unknown(_)) =>
        {
            // One that is not as long as an int is stored wrongly.
            match number_code::of_code((*content).into(), "") {
                Some(number) if number.width() == 4 => {
                    Format::List(Box::new(Format::Number(number)))
                }
                _ => format,
            }
        }
        _ => format,
    }
    .with_header()
}

fn unknown(element: &Element) -> Error {
    let what = match code(element) {
        41..=59 => "array of variable length within an object",
        40 | 60 | 71 | 80 => "pointer",
        500 => "class with a streamer of its own:",
        STREAM_LOOP => "array of objects behind a pointer:",
        _ => "member",
    };
    Error::unsupported(format!(
        "{what} {} (streamer type {})",
        element.type_name, element.code
    ))
}

fn dimensions(element: &Element) -> Result<Vec<usize>> {
    let length = usize::try_from(element.array_length)
        .ok()
        .filter(|&length| length > 0)
        .ok_or_else(|| Error::unsupported(format!("array of {}", element.array_length)))?;
    let named: Vec<usize> = element
        .max_index
        .iter()
        .take(usize::try_from(element.array_dim).unwrap_or(0))
        .filter_map(|&length| usize::try_from(length).ok())
        .collect();
    let product = named
        .iter()
        .try_fold(1usize, |product, &length| product.checked_mul(length));
    Ok(if product == Some(length) {
        named
    } else {
        vec![length]
    })
}
