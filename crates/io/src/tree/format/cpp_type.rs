//! Formats by the name of a C++ type.

use std::sync::Arc;

use super::super::number::Number;
use super::{
    Class, Classes, CountRule, Counter, Format, MAX_DEPTH, Member, Unknown, counter, number_code,
};
use crate::column::ScalarType;
use crate::error::{Error, ErrorKind, Result};
use crate::object::ListKind;

/// The format of the type `name` within something else: containers have no header there.
pub(super) fn parse(name: &str, classes: &Classes<'_>, depth: usize) -> Result<Format> {
    if depth > MAX_DEPTH {
        return Err(Error::unsupported(format!("type {name:?}: too deep")));
    }
    let name = name.trim();
    let name = name.strip_prefix("const ").unwrap_or(name).trim();
    if let Some(number) = number_code::of_name(name) {
        return Ok(Format::Number(number));
    }
    if let Some(class) = name.strip_suffix('*') {
        return pointer(class, classes, depth);
    }
    let plain = name.strip_prefix("std::").unwrap_or(name);
    match plain {
        "string" | "TString" => return Ok(Format::Text),
        "TObject" => return Ok(Format::RootObject),
        "TClonesArray" => {
            return Ok(Format::Clones(Box::new(Format::Any(Arc::default()))));
        }
        "TObjArray" => return Ok(any_objects(ListKind::Array)),
        "TList" | "THashList" => return Ok(any_objects(ListKind::Linked)),
        "TRef" => return Ok(Format::Reference),
        "TRefArray" => return Ok(Format::References),
        // Date and time in 32 bits, by a streamer of its own (`TDatime::Streamer`).
        "TDatime" => return Ok(Format::Number(Number::Plain(ScalarType::U32))),
        _ => {}
    }
    if let Some(scalar) = array_class(plain) {
        let number = Format::Number(Number::Plain(scalar));
        return Ok(Format::List(Box::new(number)));
    }
    if let Some((template, arguments)) = template(plain) {
        let argument = |index: usize| -> Result<Format> {
            let name = arguments.get(index).copied().unwrap_or_default();
            parse(name, classes, depth + 1)
        };
        match template {
            "vector" | "list" | "deque" | "set" | "multiset" | "unordered_set"
            | "unordered_multiset" | "forward_list" | "RVec" | "VecOps::RVec"
            | "ROOT::VecOps::RVec" => {
                let name = arguments.first().copied().unwrap_or_default();
                let item = argument(0).or_else(|error| unknown(name, error))?;
                return Ok(Format::List(Box::new(item)));
            }
            "map" | "multimap" | "unordered_map" | "unordered_multimap" => {
                let item = |index| -> Result<(Format, bool)> {
                    let format = argument(index)?;
                    let name = arguments.get(index).map_or("", |name| name.trim());
                    let standard = matches!(format, Format::List(_) | Format::Text);
                    Ok((format, standard && !is_bare(name)))
                };
                let ((key, key_header), (value, value_header)) = (item(0)?, item(1)?);
                let mut pair = pair(key, value);
                if let Format::Record(members) = &mut pair {
                    for (member, header) in members.iter_mut().zip([key_header, value_header]) {
                        member.shared_header = header;
                    }
                }
                return Ok(Format::List(Box::new(pair)));
            }
            "bitset" => {
                let bool = Format::Number(Number::Plain(ScalarType::Bool));
                return Ok(Format::List(Box::new(bool)));
            }
            "TMatrixTSym" => {
                return symmetric_matrix(argument(0)?, arguments.first(), classes, depth);
            }
            "pair" => {
                let layout = classes
                    .layouts
                    .written(name)
                    .or_else(|| classes.layouts.written(plain));
                let member = |index: usize| -> Result<Format> {
                    let format = argument(index)?;
                    let name = arguments.get(index).copied().unwrap_or_default();
                    Ok(if is_bare(name.trim()) {
                        format
                    } else {
                        format.with_header()
                    })
                };
                return Ok(Format::Object(Arc::new(Class {
                    name: name.into(),
                    version: layout.map_or(0, |layout| layout.version),
                    checksum: layout.map_or(0, |layout| layout.checksum),
                    members: pair(member(0)?, member(1)?),
                })));
            }
            _ => {}
        }
    }
    classes.class(name, depth + 1).map(Format::Object)
}

/// The members of the base of matrices, then one triangle of the matrix: without a header of its
/// own, and behind the byte count of the base (`TMatrixTSym::Streamer`).
fn symmetric_matrix(
    number: Format,
    of: Option<&&str>,
    classes: &Classes<'_>,
    depth: usize,
) -> Result<Format> {
    let base = format!("TMatrixTBase<{}>", of.map_or("", |of| of.trim()));
    let base = Member::new("".into(), Format::Object(classes.class(&base, depth + 1)?));
    let rows = counter::number_column(std::slice::from_ref(&base), "fNrows");
    let column = rows.ok_or_else(|| Error::unsupported("matrix without rows"))?;
    let rule = CountRule::Triangle;
    let triangle = Format::Counted(Counter { column, rule }, Box::new(number));
    let triangle = Member::new("fElements".into(), triangle);
    Ok(Format::Record(vec![base, triangle]))
}

fn any_objects(kind: ListKind) -> Format {
    let any = Format::Any(Arc::default());
    let pointer = Format::Pointer("TObject".into(), Box::new(any));
    Format::Objects(kind, Box::new(pointer))
}

/// A pointer to an object of the class `name`.
pub(super) fn pointer(name: &str, classes: &Classes<'_>, depth: usize) -> Result<Format> {
    let name = name.trim();
    let name = name.strip_prefix("const ").unwrap_or(name);
    if name.ends_with('*') {
        return Err(Error::unsupported(format!("pointer to a pointer, {name}*")));
    }
    let item = parse(name, classes, depth + 1).or_else(|error| unknown(name, error))?;
    let item = if is_bare(name) {
        item
    } else {
        item.with_header()
    };
    Ok(Format::Pointer(name.into(), Box::new(item)))
}

/// Whether it is ROOT's own text or array, whose Streamers write neither byte count nor version.
fn is_bare(name: &str) -> bool {
    name == "TString" || array_class(name).is_some()
}

/// What cannot be decoded: a container or pointer of it can still be read where it is empty.
pub(super) fn unknown(name: &str, error: Error) -> Result<Format> {
    match error.kind() {
        ErrorKind::Unsupported(_) => Ok(Format::Unknown(Arc::new(Unknown {
            name: name.trim().into(),
            reason: error.to_string(),
        }))),
        _ => Err(error),
    }
}

fn pair(first: Format, second: Format) -> Format {
    Format::record(vec![("first".into(), first), ("second".into(), second)])
}

impl Format {
    /// As a member of an object: a standard container or string gains byte count and version.
    pub(super) fn with_header(self) -> Self {
        match self {
            Self::List(_) | Self::Text => Self::Container(Box::new(self)),
            other => other,
        }
    }

    /// As an item of a container.
    pub(super) fn without_header(self) -> Self {
        match self {
            Self::Container(item) => *item,
            other => other,
        }
    }
}

/// The numbers in a `TArrayI` and its like.
fn array_class(name: &str) -> Option<ScalarType> {
    Some(match name {
        "TArrayC" => ScalarType::I8,
        "TArrayS" => ScalarType::I16,
        "TArrayI" => ScalarType::I32,
        "TArrayL" | "TArrayL64" => ScalarType::I64,
        "TArrayF" => ScalarType::F32,
        "TArrayD" => ScalarType::F64,
        _ => return None,
    })
}

/// A template and its arguments.
fn template(name: &str) -> Option<(&str, Vec<&str>)> {
    let (template, rest) = name.split_once('<')?;
    let inside = rest.strip_suffix('>')?;
    let mut arguments = Vec::new();
    let (mut depth, mut start) = (0usize, 0);
    for (at, byte) in inside.bytes().enumerate() {
        match byte {
            b'<' => depth += 1,
            b'>' => depth = depth.checked_sub(1)?,
            b',' if depth == 0 => {
                arguments.push(inside.get(start..at)?);
                start = at + 1;
            }
            _ => {}
        }
    }
    arguments.push(inside.get(start..)?);
    Some((template.trim(), arguments))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Column;
    use crate::object::{ClassLayout, Layouts};
    use crate::tree::{BasketContent, ColumnBuilder};

    fn shown(name: &str) -> String {
        parse(name, &Classes::new(&Layouts::builtin()), 0)
            .map_or_else(|error| error.to_string(), |format| format.to_string())
    }

    #[test]
    fn containers_nest() {
        assert_eq!(shown("vector<vector<float> >"), "vector<vector<float>>");
        assert_eq!(
            shown("std::map<string,vector<int>,less<string> >"),
            "vector<{first: string, second: vector<int32_t>}>"
        );
        assert_eq!(shown("set<unsigned long long>"), "vector<uint64_t>");
        assert_eq!(
            shown("vector<pair<int,double> >"),
            "vector<pair<int,double>>"
        );
    }

    #[test]
    fn in_a_pair_a_string_has_a_header_and_a_tstring_has_none() {
        let members = |name: &str| {
            let pair = parse(name, &Classes::new(&Layouts::builtin()), 0).unwrap();
            match pair {
                Format::Object(class) => class.members.clone(),
                other => panic!("{other:?}"),
            }
        };
        let headed = |format: Format| Format::Container(Box::new(format));
        let string = pair(headed(Format::Text), Format::Text);
        assert_eq!(members("pair<string,TString>"), string);
        let numbers = Format::List(Box::new(Format::Number(Number::Plain(ScalarType::I32))));
        let numbers = pair(numbers.clone(), headed(numbers));
        assert_eq!(members("pair<TArrayI,vector<int> >"), numbers);
    }

    #[test]
    fn unknown_types_are_named() {
        assert!(shown("Muon").contains("\"Muon\""));
        assert!(shown("vector<").contains("vector<"));
        assert!(shown(&format!("{}int{}", "map<".repeat(50), ",int>".repeat(50))).contains("deep"));
        // A list of none of them can be read.
        assert_eq!(shown("vector<Muon>"), "vector<Muon>");
    }

    #[test]
    fn behind_a_pointer_an_array_has_no_header_and_a_vector_has() {
        let (layouts, behind) = (
            Layouts::builtin(),
            |name: &str, layouts: &Layouts| match pointer(name, &Classes::new(layouts), 0).unwrap()
            {
                Format::Pointer(_, item) => *item,
                other => other,
            },
        );
        assert!(matches!(behind("TArrayF", &layouts), Format::List(_)));
        assert!(matches!(
            behind("vector<float>", &layouts),
            Format::Container(_)
        ));
    }

    #[test]
    fn of_a_symmetric_matrix_one_triangle_is_stored() {
        let mut layouts = Layouts::builtin();
        let mut base = ClassLayout::clone(layouts.newest("TArray").unwrap());
        base.name = "TMatrixTBase<double>".into();
        base.version = 5;
        base.elements[0].name = "fNrows".into();
        layouts.insert(base);
        let format = parse("TMatrixTSym<double>", &Classes::new(&layouts), 0).unwrap();
        // The base behind its byte count, with two rows; then three numbers behind none.
        let mut bytes = b"\x40\0\0\x06\0\x05\0\0\0\x02".to_vec();
        bytes.extend([1f64, 2., 3.].iter().flat_map(|value| value.to_be_bytes()));
        let basket = BasketContent {
            entries: 1,
            values: &bytes,
            offsets: None,
            key_length: 0,
        };
        let mut columns = ColumnBuilder::new(&format, 1);
        columns.push(&basket, 0..1).unwrap();
        let (name, column) = columns.finish_all().unwrap().pop().unwrap();
        assert_eq!(name, "fElements");
        let triangle = Column::jagged(vec![0, 3], vec![1f64, 2., 3.]).unwrap();
        assert_eq!(column, triangle);
        // So many rows that their numbers cannot be counted.
        let mut columns = ColumnBuilder::new(&format, 1);
        bytes[6..10].copy_from_slice(&u32::to_be_bytes(0x7fff_ffff));
        let basket = BasketContent {
            entries: 1,
            values: &bytes,
            offsets: None,
            key_length: 0,
        };
        assert!(columns.push(&basket, 0..1).is_err());
    }
}
