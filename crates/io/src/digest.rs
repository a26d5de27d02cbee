//! A digest of a column's values, whatever codec, baskets or file they stand in.
//!
//! XXH3-64 (seed 0) over all entries in order, in this form:
//!
//! | value                        | bytes                                             |
//! |------------------------------|---------------------------------------------------|
//! | number                       | little-endian, at its type's width                |
//! | `bool`                       | one byte, 0 or 1                                  |
//! | array of fixed length        | its items                                         |
//! | list, vector, counted array  | its length (`u64`, little-endian), then its items |
//! | text                         | its length in bytes (`u64`), then the bytes       |
//! | pointer to an object         | as a list of none or one                          |
//!
//! The value of a nested list is the outer length, then each inner list with its own. A branch
//! that makes several columns is digested entry by entry: of an object its members in order, but
//! for those of `TObject`, which say how the object was kept in memory and change when ROOT writes
//! it again; of an item of a map a list of two. Equal branches have equal digests however they are
//! cut into pieces.

use xxhash_rust::xxh3::Xxh3;

use crate::column::{Column, Level, Values};
use crate::tree::{Format, Member};

/// Bytes gathered before they are hashed.
const PIECE: usize = 1 << 16;

/// The digest of a column or branch, taken piece by piece.
#[derive(Clone, Default)]
pub struct Digest {
    hash: Xxh3,
    entries: u64,
    values: u64,
    pending: Vec<u8>,
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Digest({:016x})", self.hash.digest())
    }
}

impl Digest {
    /// That of no entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in the entries of a column, behind those taken in before.
    pub fn push(&mut self, column: &Column) {
        self.entries += column.entries() as u64;
        self.items(column.levels(), column.values(), 0, column.entries());
        self.flush();
    }

    /// Takes in entries of a branch of this format: its columns, in their order.
    pub fn push_branch(&mut self, format: &Format, columns: &[Column]) {
        let entries = columns.first().map_or(0, Column::entries);
        self.entries += entries as u64;
        let parts: Vec<Part<'_>> = columns
            .iter()
            .map(|column| (column.levels(), column.values()))
            .collect();
        self.parts(format, &parts, 0, entries);
        self.flush();
    }

    /// The items `from..to` of what is laid out as `format`.
    fn parts(&mut self, format: &Format, parts: &[Part<'_>], from: usize, to: usize) {
        if let [(levels, values)] = parts {
            return self.items(levels, values, from, to);
        }
        match format {
            Format::Container(inner) | Format::Virtual(_, inner) => {
                self.parts(inner, parts, from, to)
            }
            Format::Object(class) => self.parts(&class.members, parts, from, to),
            Format::Array(length, item) => {
                let (from, to) = (from.saturating_mul(*length), to.saturating_mul(*length));
                self.parts(item, &below(parts), from, to);
            }
            Format::List(item)
            | Format::Rest(_, item)
            | Format::Counted(_, item)
            | Format::Pointer(_, item)
            | Format::Clones(item)
            | Format::Objects(_, item) => {
                let Some((Some((Level::List(offsets), _)), _)) = parts
                    .first()
                    .map(|(levels, values)| (levels.split_first(), values))
                else {
                    return;
                };
                let inner = below(parts);
                let ends = offsets.get(from..=to).unwrap_or_default();
                for (&start, &end) in ends.iter().zip(ends.iter().skip(1)) {
                    self.count(end.saturating_sub(start).into());
                    let (start, end) = (start as usize, end as usize);
                    match &**item {
                        Format::Record(members) if is_pair(members) => {
                            (start..end).for_each(|pair| self.pair(item, &inner, pair));
                        }
                        _ => self.parts(item, &inner, start, end),
                    }
                }
            }
            Format::Record(members) => {
                for index in from..to {
                    let mut parts = parts;
                    for member in members {
                        let (own, others) =
                            parts.split_at_checked(member.columns()).unwrap_or_default();
                        if !matches!(member.format, Format::RootObject) {
                            self.parts(&member.format, own, index, index + 1);
                        }
                        parts = others;
                    }
                }
            }
            _ => (from..to).for_each(|index| {
                for (levels, values) in parts {
                    self.items(levels, values, index, index + 1);
                }
            }),
        }
    }

    /// Key and value of an item of a map.
    fn pair(&mut self, members: &Format, parts: &[Part<'_>], index: usize) {
        self.count(2);
        self.parts(members, parts, index, index + 1);
    }

    /// The number of entries taken in.
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// The number of values in them; for texts, of bytes.
    pub fn values(&self) -> u64 {
        self.values
    }

    /// The digest of what was taken in.
    pub fn xxh3(&self) -> u64 {
        self.hash.digest()
    }

    /// The items `from..to` of what stands under `levels`.
    fn items(&mut self, levels: &[Level], values: &Values, from: usize, to: usize) {
        match levels.split_first() {
            None => {
                self.values += to.saturating_sub(from) as u64;
                values.to_little_endian(from..to, &mut self.pending);
                if self.pending.len() > PIECE {
                    self.flush();
                }
            }
            Some((Level::Array(length), inner)) => {
                self.items(
                    inner,
                    values,
                    from.saturating_mul(*length),
                    to.saturating_mul(*length),
                );
            }
            Some((Level::List(offsets), inner)) => {
                let ends = offsets.get(from..=to).unwrap_or_default();
                for (&start, &end) in ends.iter().zip(ends.iter().skip(1)) {
                    self.count(end.saturating_sub(start).into());
                    self.items(inner, values, start as usize, end as usize);
                }
            }
        }
    }

    fn count(&mut self, count: u64) {
        self.pending.extend_from_slice(&count.to_le_bytes());
    }

    fn flush(&mut self) {
        self.hash.update(&self.pending);
        self.pending.clear();
    }
}

/// What is left of a column's levels, and its values.
type Part<'a> = (&'a [Level], &'a Values);

/// The columns without their outermost level.
fn below<'a>(parts: &[Part<'a>]) -> Vec<Part<'a>> {
    parts
        .iter()
        .map(|(levels, values)| (levels.get(1..).unwrap_or_default(), *values))
        .collect()
}

/// Whether these are the members of a map's items: a matrix is a record as well.
fn is_pair(members: &[Member]) -> bool {
    members.first().is_some_and(|key| &*key.name == "first")
}

#[cfg(test)]
mod tests {
    use xxhash_rust::xxh3::xxh3_64;

    use super::*;

    fn digest(columns: &[Column]) -> u64 {
        let mut digest = Digest::new();
        columns.iter().for_each(|column| digest.push(column));
        digest.xxh3()
    }

    fn jagged(entries: &[&[i16]]) -> Column {
        let mut offsets = vec![0];
        for entry in entries {
            offsets.push(offsets.last().unwrap() + u32::try_from(entry.len()).unwrap());
        }
        Column::jagged(offsets, entries.concat()).unwrap()
    }

    #[test]
    fn entries_are_hashed_as_the_table_says() {
        assert_eq!(
            digest(&[Column::fixed(vec![1.5f32, -2.0])]),
            xxh3_64(&[1.5f32.to_le_bytes(), (-2.0f32).to_le_bytes()].concat())
        );
        assert_eq!(
            digest(&[jagged(&[&[258, -1], &[]])]),
            xxh3_64(&[
                2, 0, 0, 0, 0, 0, 0, 0, 2, 1, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0
            ])
        );
        let texts = Column::nested(
            Values::U8(b"ab".to_vec()),
            vec![Level::List(vec![0, 1]), Level::List(vec![0, 2])],
            true,
        );
        assert_eq!(
            digest(&[texts.unwrap()]),
            xxh3_64(&[1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, b'a', b'b'])
        );
    }

    #[test]
    fn pieces_do_not_matter() {
        let whole = jagged(&[&[1, 2], &[], &[3]]);
        let pieces = [jagged(&[&[1, 2]]), jagged(&[&[], &[3]])];
        assert_eq!(digest(&[whole]), digest(&pieces));
        // But where an entry ends does.
        assert_ne!(digest(&pieces), digest(&[jagged(&[&[1], &[2], &[3]])]));
    }
}
