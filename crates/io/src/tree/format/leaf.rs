//! Formats of branches of plain values, by their leaves (`TLeafF` …).

use std::sync::Arc;

use super::super::asked::LeafMembers;
use super::super::number::Number;
use super::{CountRule, Counter, Format, Lead};
use crate::column::ScalarType;
use crate::error::{Error, Result};
use crate::object::{Body, Graph, Object};

/// The format of a branch without a class.
pub(super) fn of_branch(graph: &Graph, branch: &Object, members: &LeafMembers) -> Result<Format> {
    let leaves = &branch.list("fLeaves")?.items;
    match leaves.as_slice() {
        [Some(leaf)] => of_leaf(graph.get(*leaf)?, members),
        [] => Err(Error::unsupported("branch without leaves")),
        several => {
            let mut made = Vec::with_capacity(several.len());
            for id in several.iter().flatten() {
                let leaf = graph.get(*id)?;
                let format = match of_leaf(leaf, members)? {
                    Format::Rest(_, item) => {
                        let counter = leaf.pointer(&members.counter)?;
                        let column = several.iter().position(|before| *before == counter);
                        Format::Counted(counted_by(column, &made)?, item)
                    }
                    Format::EntryText => Format::Text,
                    format => format,
                };
                made.push((leaf.text(&members.name)?.into(), format));
            }
            Ok(Format::record(made))
        }
    }
}

/// What counts an array that stands beside other leaves: one of those `before` it, each of which
/// makes a column.
fn counted_by(column: Option<usize>, before: &[(Arc<str>, Format)]) -> Result<Counter> {
    let is_number = |column: &usize| matches!(before.get(*column), Some((_, Format::Number(_))));
    let column = column.filter(is_number).ok_or_else(|| {
        Error::unsupported("array of variable length beside other leaves, counted by none of them")
    })?;
    Ok(Counter {
        column,
        rule: CountRule::Bare,
    })
}

fn of_leaf(leaf: &Object, members: &LeafMembers) -> Result<Format> {
    if !matches!(leaf.body, Body::Members(_)) {
        return Err(Error::unsupported(format!("leaf class {}", leaf.class)));
    }
    if &*leaf.class == "TLeafC" {
        return Ok(Format::EntryText);
    }
    let title = leaf.text(&members.title)?;
    let item = Format::array(
        &dimensions(&title, leaf.int(&members.length)?)?,
        Format::Number(number(leaf, &title, members)?),
    );
    Ok(match leaf.pointer(&members.counter)? {
        Some(_) => Format::Rest(Lead::None, Box::new(item)),
        None => item,
    })
}

/// The number in a leaf, by its class and `fIsUnsigned`.
fn number(leaf: &Object, title: &str, members: &LeafMembers) -> Result<Number> {
    let unsigned = leaf.int(&members.is_unsigned)? != 0;
    let range = range(title);
    Ok(Number::Plain(match (&*leaf.class, unsigned) {
        ("TLeafO", _) => ScalarType::Bool,
        ("TLeafB", false) => ScalarType::I8,
        ("TLeafB", true) => ScalarType::U8,
        ("TLeafS", false) => ScalarType::I16,
        ("TLeafS", true) => ScalarType::U16,
        ("TLeafI", false) => ScalarType::I32,
        ("TLeafI", true) => ScalarType::U32,
        ("TLeafL" | "TLeafG", false) => ScalarType::I64,
        ("TLeafL" | "TLeafG", true) => ScalarType::U64,
        ("TLeafF", _) => ScalarType::F32,
        ("TLeafD", _) => ScalarType::F64,
        ("TLeafF16", _) => return Ok(Number::short(false, range)),
        ("TLeafD32", _) => return Ok(Number::short(true, range)),
        (class, _) => return Err(Error::unsupported(format!("leaf class {class}"))),
    }))
}

/// The range of a short float in a leaf's title (`x[3]/d[0,1,8]`): behind the dimensions, but for
/// version 1 of `TLeafF16` and `TLeafD32`, which keeps nothing else there.
fn range(title: &str) -> &str {
    title.split_once('/').map_or(title, |(_, range)| range)
}

/// The fixed dimensions in a leaf's title (`x[n][3][2]/F`), where they agree with `fLen`: the
/// number of values in all of them.
pub(super) fn dimensions(title: &str, length: i64) -> Result<Vec<usize>> {
    let length = usize::try_from(length)
        .ok()
        .filter(|&length| length > 0)
        .ok_or_else(|| Error::unsupported(format!("array of {length}")))?;
    let named: Vec<usize> = title
        .split('[')
        .skip(1)
        .filter_map(|part| part.split_once(']')?.0.trim().parse().ok())
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

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::column::Column;
    use crate::object::{Layouts, Value};
    use crate::tree::{BasketContent, ColumnBuilder};

    #[test]
    fn a_range_stands_behind_the_dimensions() {
        assert_eq!(range("x[3][2]/d[0,0,10]"), "d[0,0,10]");
        assert_eq!(range("d[0,0,10]"), "d[0,0,10]");
    }

    #[test]
    fn dimensions_are_those_of_the_title_or_all_in_one() {
        assert_eq!(dimensions("x[3][2]", 6).unwrap(), [3, 2]);
        assert_eq!(dimensions("x[n][3]/F", 3).unwrap(), [3]);
        assert_eq!(dimensions("x[0,10,8]", 1).unwrap(), [] as [usize; 0]);
        assert_eq!(dimensions("x", 4).unwrap(), [4]);
        assert!(dimensions("x[0]", 0).is_err());
    }

    /// Leaf lists like `n/I:x[n]/I`: the array stands right behind its counter, without a byte that
    /// says whether it is there.
    #[test]
    fn a_leaf_may_count_another_of_its_branch() {
        let layouts = Layouts::builtin();
        let mut graph = Graph::default();
        let mut leaf = |name: &'static str, counter| {
            let mut leaf = Object::empty("TLeafI", &layouts).unwrap();
            let name = Value::Text(Bytes::from_static(name.as_bytes()));
            leaf.set("fName", name).unwrap();
            leaf.set("fLen", Value::Int(1)).unwrap();
            leaf.set("fLeafCount", Value::Pointer(counter)).unwrap();
            graph.add(leaf)
        };
        let n = leaf("n", None);
        let x = leaf("x", Some(n));
        let mut branch = Object::empty("TBranch", &layouts).unwrap();
        branch.list_mut("fLeaves").unwrap().items = vec![Some(n), Some(x)];
        let format = of_branch(&graph, &branch, &LeafMembers::default()).unwrap();
        assert_eq!(format.to_string(), "{n: int32_t, x: int32_t[]}");

        let mut columns = ColumnBuilder::new(&format, 2);
        let basket = BasketContent {
            entries: 2,
            values: b"\0\0\0\x02\0\0\0\x05\0\0\0\x06\0\0\0\0",
            offsets: None,
            key_length: 0,
        };
        columns.push(&basket, 0..2).unwrap();
        let columns = columns.finish_all().unwrap();
        assert_eq!(columns[0].1, Column::fixed(vec![2i32, 0]));
        let lists = Column::jagged(vec![0, 2, 2], vec![5i32, 6]).unwrap();
        assert_eq!(columns[1].1, lists);

        // What counts it must stand before it.
        branch.list_mut("fLeaves").unwrap().items = vec![Some(x), Some(n)];
        assert!(of_branch(&graph, &branch, &LeafMembers::default()).is_err());
    }
}
