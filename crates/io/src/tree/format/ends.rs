//! The ends of a format: what each column holds.

use std::collections::HashMap;

use super::Format;
use crate::column::ScalarType;

/// One end of a format: what one column holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// The names of the members it is in, with dots between; empty where there are none.
    pub path: String,
    /// The type of its values.
    pub scalar: ScalarType,
    /// Whether its innermost lists are texts.
    pub text: bool,
    /// The lists and arrays around it.
    pub levels: Vec<LevelShape>,
}

/// A list or array around a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelShape {
    /// Any number of items.
    List,
    /// So many items.
    Array(usize),
}

impl Format {
    /// The ends, in the order of their columns. Members of a base are named as the class's own, but
    /// where both have one of a name, that of the base stands behind the base's name.
    pub fn leaves(&self) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        self.collect("", &mut Vec::new(), &mut leaves, false);
        if leaves.len() > 1 {
            self.tell_apart(&mut leaves);
        }
        leaves
    }

    fn tell_apart(&self, leaves: &mut [Leaf]) {
        let mut named: HashMap<&str, usize> = HashMap::new();
        for leaf in &*leaves {
            *named.entry(&leaf.path).or_default() += 1;
        }
        let named: Vec<bool> = leaves
            .iter()
            .map(|leaf| named.get(&*leaf.path).is_some_and(|&times| times > 1))
            .collect();
        if !named.contains(&true) {
            return;
        }
        let mut in_full = Vec::new();
        self.collect("", &mut Vec::new(), &mut in_full, true);
        for ((leaf, full), is_shared) in leaves.iter_mut().zip(in_full).zip(named) {
            if is_shared {
                *leaf = full;
            }
        }
    }

    /// Adds the ends; with `in_full`, members of a base behind the name of the base.
    fn collect(
        &self,
        path: &str,
        levels: &mut Vec<LevelShape>,
        leaves: &mut Vec<Leaf>,
        in_full: bool,
    ) {
        let mut end = |scalar, text, levels: Vec<LevelShape>, path: String| {
            leaves.push(Leaf {
                path,
                scalar,
                text,
                levels,
            });
        };
        match self {
            Self::Number(number) => end(number.scalar(), false, levels.clone(), path.to_owned()),
            Self::Bits => end(ScalarType::U32, false, levels.clone(), path.to_owned()),
            Self::Text | Self::EntryText | Self::LongText => {
                let mut levels = levels.clone();
                levels.push(LevelShape::List);
                end(ScalarType::U8, true, levels, path.to_owned());
            }
            Self::RootObject => {
                for name in ["fUniqueID", "fBits"] {
                    end(ScalarType::U32, false, levels.clone(), join(path, name));
                }
            }
            Self::Reference => {
                let path = join(path, "fUniqueID");
                end(ScalarType::U32, false, levels.clone(), path);
            }
            Self::References => {
                let listed = [&levels[..], &[LevelShape::List]].concat();
                end(ScalarType::U8, true, listed.clone(), join(path, "fName"));
                end(ScalarType::I32, false, levels.clone(), join(path, "fSize"));
                end(ScalarType::U32, false, listed, join(path, "fUIDs"));
            }
            Self::Array(length, item) => {
                levels.push(LevelShape::Array(*length));
                item.collect(path, levels, leaves, in_full);
                levels.pop();
            }
            Self::Any(_) | Self::Unknown(_) => {
                end(ScalarType::U8, false, levels.clone(), path.to_owned())
            }
            Self::List(item)
            | Self::Rest(_, item)
            | Self::Counted(_, item)
            | Self::Pointer(_, item)
            | Self::Clones(item)
            | Self::Objects(_, item) => {
                levels.push(LevelShape::List);
                item.collect(path, levels, leaves, in_full);
                levels.pop();
            }
            Self::Collected(number) => {
                let levels = [&levels[..], &[LevelShape::List; 2]].concat();
                end(number.scalar(), false, levels, path.to_owned());
            }
            Self::Container(item) | Self::Virtual(_, item) => {
                item.collect(path, levels, leaves, in_full)
            }
            Self::Object(class) => class.members.collect(path, levels, leaves, in_full),
            Self::Record(members) => {
                // Classes without members that hold each other have no end.
                for member in members.iter().filter(|member| member.leaves > 0) {
                    let name = match &member.format {
                        Self::Object(base) if in_full && member.name.is_empty() => &base.name,
                        _ => &member.name,
                    };
                    let path = join(path, name);
                    member.format.collect(&path, levels, leaves, in_full);
                }
            }
        }
    }
}

fn join(path: &str, name: &str) -> String {
    match (path, name) {
        (path, "") => path.to_owned(),
        ("", name) => name.to_owned(),
        (path, name) => format!("{path}.{name}"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::super::number::Number;
    use super::super::Class;
    use super::*;

    #[test]
    fn a_base_and_its_class_may_share_a_members_name() {
        let number = || Format::Number(Number::Plain(ScalarType::I8));
        let class = |name: &str, members| {
            Format::Object(Arc::new(Class {
                name: name.into(),
                version: 1,
                checksum: 0,
                members: Format::record(members),
            }))
        };
        let base = class("Hit", vec![("x".into(), number()), ("y".into(), number())]);
        let cluster = class("Cluster", vec![("".into(), base), ("x".into(), number())]);
        let paths: Vec<_> = cluster.leaves().into_iter().map(|leaf| leaf.path).collect();
        assert_eq!(paths, ["Hit.x", "y", "x"]);
    }
}
