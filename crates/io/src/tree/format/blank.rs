//! Entries in which nothing stands: what a branch gets for entries that were never filled.

use super::{CountRule, Counter, Format, Lead};
use crate::cursor::BYTE_COUNT_MASK;
use crate::tree::Number;

/// The longest blank entry: arrays may be said to be of any length.
const MAX_BYTES: usize = 1 << 20;
/// The version that ROOT writes before a standard container.
const CONTAINER_VERSION: u16 = 9;
/// `TObject::kNotDeleted`, which all objects in memory have, and `kIsOnHeap`, which those read have.
const ROOT_OBJECT: [u8; 10] = [0, 1, 0, 0, 0, 0, 3, 0, 0, 0];

impl Format {
    /// The bytes of an entry in which nothing stands: all numbers are 0, texts and lists are
    /// empty, pointers lead nowhere.
    ///
    /// None for what has no such bytes, as a number whose range leaves out 0, and for what is not
    /// known well enough to be written: arrays of pointers, references, objects counted within
    /// objects.
    pub fn blank(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        self.append_blank(&mut bytes)?;
        Some(bytes)
    }

    fn append_blank(&self, bytes: &mut Vec<u8>) -> Option<()> {
        match self {
            Self::Number(number) => bytes.extend(zero(*number)?),
            Self::Bits | Self::LongText | Self::List(_) | Self::Pointer(..) => bytes.extend([0; 4]),
            Self::Text | Self::EntryText | Self::Rest(Lead::Flag, _) => bytes.push(0),
            Self::Rest(Lead::None | Lead::Header, _) | Self::Collected(_) => {}
            Self::Array(length, item) => {
                let item = item.blank()?;
                let length = item.len().checked_mul(*length);
                let end = length.and_then(|length| length.checked_add(bytes.len()));
                let end = end.filter(|&end| end <= MAX_BYTES)?;
                bytes.extend(item.iter().cycle().take(end - bytes.len()));
            }
            Self::Record(members) => {
                for member in members {
                    member.format.append_blank(bytes)?;
                }
            }
            Self::Counted(Counter { rule, .. }, _) => match rule {
                CountRule::Bare => {}
                CountRule::Flagged => bytes.push(0),
                _ => return None,
            },
            Self::Container(content) => {
                let content = content.blank()?;
                append_header(CONTAINER_VERSION, None, &content, bytes)?;
            }
            Self::Object(class) => {
                let members = class.members.blank()?;
                let version = u16::try_from(class.version).ok()?;
                let checksum = (version == 0).then_some(class.checksum);
                append_header(version, checksum, &members, bytes)?;
            }
            Self::Virtual(class, object) => {
                bytes.push(u8::try_from(class.len()).ok()?);
                bytes.extend(class.as_bytes());
                bytes.push(0);
                object.append_blank(bytes)?;
            }
            Self::RootObject => bytes.extend(ROOT_OBJECT),
            Self::Clones(_)
            | Self::Objects(..)
            | Self::Any(_)
            | Self::Reference
            | Self::References
            | Self::Unknown(_) => return None,
        }
        (bytes.len() <= MAX_BYTES).then_some(())
    }
}

/// The bytes of the number 0.
fn zero(number: Number) -> Option<Vec<u8>> {
    match number {
        Number::Plain(_) | Number::ShortDouble | Number::Cut { .. } => {
            Some(vec![0; number.width()])
        }
        // What is stored is the distance to the lower end.
        Number::Ranged { minimum, .. } => (minimum == 0.0).then(|| vec![0; number.width()]),
    }
}

/// Appends a byte count and a version, then the `content` they are of.
fn append_header(
    version: u16,
    checksum: Option<u32>,
    content: &[u8],
    bytes: &mut Vec<u8>,
) -> Option<()> {
    let checksum = checksum.map(u32::to_be_bytes);
    let checksum = checksum.as_ref().map_or(&[][..], |sum| sum);
    let count = u32::try_from(2 + checksum.len() + content.len()).ok()?;
    bytes.extend((BYTE_COUNT_MASK | count).to_be_bytes());
    bytes.extend(version.to_be_bytes());
    bytes.extend(checksum);
    bytes.extend(content);
    Some(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::Class;
    use super::*;
    use crate::column::{Level, ScalarType};
    use crate::tree::{BasketContent, ColumnBuilder, EntryOffsets};

    fn number(scalar: ScalarType) -> Format {
        Format::Number(Number::Plain(scalar))
    }

    fn list(item: Format) -> Format {
        Format::Container(Box::new(Format::List(Box::new(item))))
    }

    fn class(version: i32, members: Format) -> Format {
        Format::Object(Arc::new(Class {
            name: "Hit".into(),
            version,
            checksum: 7,
            members,
        }))
    }

    /// Decodes the blank entry, twice in a row; all numbers must be 0, all lists empty.
    fn expect_blank(format: &Format, length: usize) {
        let bytes = format.blank().unwrap();
        assert_eq!(bytes.len(), length, "{format}");
        let values = bytes.repeat(2);
        let starts = [0, u32::try_from(length).unwrap()];
        let content = BasketContent {
            entries: 2,
            values: &values,
            offsets: Some(EntryOffsets::Known(&starts)),
            key_length: 0,
        };
        let mut columns = ColumnBuilder::new(format, 2);
        columns.push(&content, 0..2).unwrap();
        for (name, column) in columns.finish_all().unwrap() {
            let values = column.values();
            let are_zero = (0..values.len()).all(|place| values.integer(place) == Some(0));
            assert!(are_zero || name == "fBits", "{format}: {name} {values:?}");
            for level in column.levels() {
                if let Level::List(offsets) = level {
                    assert_eq!(offsets.last(), Some(&0), "{format}: {name}");
                }
            }
        }
    }

    #[test]
    fn a_blank_entry_reads_as_zeros_and_empty_lists() {
        let matrix = Format::Array(
            3,
            Box::new(Format::Array(2, Box::new(number(ScalarType::I16)))),
        );
        expect_blank(&matrix, 12);
        expect_blank(&Format::EntryText, 1);
        expect_blank(&Format::Container(Box::new(Format::Text)), 7);
        expect_blank(&list(list(number(ScalarType::I32))), 10);
        expect_blank(
            &Format::Rest(Lead::Flag, Box::new(number(ScalarType::I64))),
            1,
        );
        let members = || {
            let counter = Counter {
                column: 0,
                rule: CountRule::Flagged,
            };
            Format::record(vec![
                ("n".into(), number(ScalarType::I32)),
                (
                    "x".into(),
                    Format::Counted(counter, Box::new(number(ScalarType::U8))),
                ),
                ("object".into(), Format::RootObject),
                ("names".into(), Format::List(Box::new(Format::Text))),
            ])
        };
        expect_blank(&class(3, members()), 6 + 4 + 1 + 10 + 4);
        expect_blank(&class(0, members()), 6 + 4 + 4 + 1 + 10 + 4);
        let object = Box::new(class(1, number(ScalarType::U16)));
        expect_blank(&Format::Virtual("Hit".into(), object), 5 + 6 + 2);
    }

    #[test]
    fn a_range_without_zero_and_what_is_not_known_have_no_blank_entry() {
        let ranged = |minimum| {
            Format::Number(Number::Ranged {
                double: true,
                minimum,
                factor: 10.0,
            })
        };
        assert_eq!(ranged(0.0).blank(), Some(vec![0; 4]));
        assert_eq!(ranged(-1.0).blank(), None);
        assert_eq!(
            list(Format::Array(2, Box::new(Format::References)))
                .blank()
                .unwrap()
                .len(),
            10
        );
        assert_eq!(Format::Array(2, Box::new(Format::References)).blank(), None);
        assert_eq!(
            Format::Array(usize::MAX, Box::new(number(ScalarType::F64))).blank(),
            None
        );
        assert_eq!(
            Format::Array(MAX_BYTES, Box::new(number(ScalarType::U8)))
                .blank()
                .unwrap()
                .len(),
            MAX_BYTES
        );
    }
}
