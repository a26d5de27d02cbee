//! Formats as C++ types.

use std::fmt;

use super::Format;
use crate::object::ListKind;

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Bits => f.write_str("uint32_t"),
            Self::Text | Self::EntryText | Self::LongText => f.write_str("string"),
            Self::Array(_, _) => {
                let mut item = self;
                let mut dimensions = String::new();
                while let Self::Array(length, inner) = item {
                    dimensions.push_str(&format!("[{length}]"));
                    item = inner;
                }
                write!(f, "{item}{dimensions}")
            }
            Self::Rest(_, item) | Self::Counted(_, item) => {
                let item = item.to_string();
                match item.split_once('[') {
                    Some((item, dimensions)) => write!(f, "{item}[][{dimensions}"),
                    None => write!(f, "{item}[]"),
                }
            }
            Self::Collected(number) => write!(f, "{number}[][]"),
            Self::List(item) => write!(f, "vector<{item}>"),
            Self::Container(item) => item.fmt(f),
            Self::Object(class) => f.write_str(&class.name),
            Self::Virtual(_, item) => item.fmt(f),
            Self::Clones(_) => f.write_str("TClonesArray"),
            Self::Objects(ListKind::Array, _) => f.write_str("TObjArray"),
            Self::Objects(ListKind::Linked, _) => f.write_str("TList"),
            Self::Objects(ListKind::Map, _) => f.write_str("TMap"),
            Self::Objects(ListKind::Collection, _) => f.write_str("TCollection"),
            Self::Any(_) => f.write_str("TObject"),
            Self::RootObject => f.write_str("TObject"),
            Self::Reference => f.write_str("TRef"),
            Self::References => f.write_str("TRefArray"),
            Self::Pointer(class, _) => write!(f, "{class}*"),
            Self::Unknown(unknown) => f.write_str(&unknown.name),
            Self::Record(members) => {
                f.write_str("{")?;
                for (index, member) in members.iter().enumerate() {
                    let comma = if index > 0 { ", " } else { "" };
                    write!(f, "{comma}{}: {}", member.name, member.format)?;
                }
                f.write_str("}")
            }
        }
    }
}
