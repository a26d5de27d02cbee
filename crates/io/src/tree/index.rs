//! The index of a tree (`TTreeIndex`): which entry has which pair of numbers.
//!
//! Its class streams itself (`TTreeIndex::Streamer`), so that no file describes it. Behind its byte
//! count and version stand:
//!
//! ```text
//! TVirtualIndex, behind a byte count of its own
//! fMajorName, fMinorName   texts: what was evaluated for each entry
//! fN                       i64
//! fIndexValues             fN × i64, sorted
//! fIndexValuesMinor        fN × i64   (version 1: none, both numbers are in fIndexValues)
//! fIndex                   fN × i64: the entries
//! ```

use bytes::Bytes;

use crate::cursor::{BYTE_COUNT_MASK, Cursor};
use crate::error::{Error, Result};
use crate::object::{Body, Graph, Object, Value};

/// The class of an index that is understood.
const CLASS: &str = "TTreeIndex";
/// The member of a tree that points to its index.
const MEMBER: &str = "fTreeIndex";
/// The last version that keeps both numbers in one.
const NUMBERS_IN_ONE: u16 = 1;
/// The version that is written.
const VERSION: u16 = 2;
/// How many of the lower bits of the one number are the minor one (`TTreeIndex::ConvertOldToNew`).
const MINOR_BITS: u32 = 31;

/// A `TVirtualIndex` of version 1: a `TNamed` without name and title.
const NAMELESS: &[u8] = b"\x40\0\0\x14\0\x01\x40\0\0\x0e\0\x01\0\x01\0\0\0\0\x03\0\0\0\0\0";

/// An index of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeIndex {
    /// Its `TVirtualIndex`, as it is streamed.
    base: Bytes,
    /// `fMajorName`: the expression whose values come first.
    pub major: Bytes,
    /// `fMinorName`: the expression whose values come second.
    pub minor: Bytes,
    /// What leads to which entry, in the order of the pairs of numbers.
    pub keys: Vec<IndexKey>,
}

/// Which entry a pair of numbers leads to. Ordered by the pair; of equal ones, the earlier entry
/// comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexKey {
    /// What the major expression is for the entry.
    pub major: i64,
    /// What the minor one is.
    pub minor: i64,
    /// The entry's number.
    pub entry: i64,
}

impl TreeIndex {
    /// An index of these two expressions, without keys.
    pub fn new(major: impl Into<Bytes>, minor: impl Into<Bytes>) -> Self {
        Self {
            base: Bytes::from_static(NAMELESS),
            major: major.into(),
            minor: minor.into(),
            keys: Vec::new(),
        }
    }

    /// An index of the same expressions with these keys, which are to be in their order.
    #[must_use]
    pub fn with_keys(&self, keys: Vec<IndexKey>) -> Self {
        let (major, minor) = (self.major.clone(), self.minor.clone());
        Self {
            base: self.base.clone(),
            major,
            minor,
            keys,
        }
    }

    /// The index of the tree that `graph` is; none where it has none.
    ///
    /// # Errors
    /// When it is of another class than `TTreeIndex`, or damaged.
    pub fn of(graph: &Graph) -> Result<Option<Self>> {
        // Old trees have no such member.
        let Ok(Some(id)) = graph.root()?.pointer(MEMBER) else {
            return Ok(None);
        };
        let object = graph.get(id)?;
        match &object.body {
            Body::Opaque(raw) if &*object.class == CLASS => Self::parse(raw)
                .map(Some)
                .map_err(|error| error.in_object(CLASS)),
            _ => Err(Error::unsupported(format!("index {}", object.class))),
        }
    }

    /// Puts the index into the tree that `graph` is, in the place of the one that it may have.
    ///
    /// # Errors
    /// When its version has no place for one, or there are more keys than a record has room for.
    pub fn put(&self, graph: &mut Graph) -> Result<()> {
        let id = graph.add(Object {
            class: CLASS.into(),
            body: Body::Opaque(self.to_bytes()?),
        });
        graph
            .get_mut(Graph::ROOT)?
            .set(MEMBER, Value::Pointer(Some(id)))
    }

    /// Takes the index of the tree that `graph` is away, if it has one.
    ///
    /// # Errors
    /// When the graph is empty.
    pub fn remove(graph: &mut Graph) -> Result<()> {
        let tree = graph.get_mut(Graph::ROOT)?;
        if tree.find(MEMBER).is_some() {
            tree.set(MEMBER, Value::Pointer(None))?;
        }
        Ok(())
    }

    fn parse(raw: &Bytes) -> Result<Self> {
        let mut cursor = Cursor::new(raw);
        let end = counted(&mut cursor)?;
        let version = cursor.u16()?;
        let start = cursor.position();
        let base_end = counted(&mut cursor)?;
        cursor.seek(base_end)?;
        let base = raw.slice(start..base_end);
        let (major, minor) = (cursor.string()?, cursor.string()?);
        let (major, minor) = (raw.slice_ref(major), raw.slice_ref(minor));
        let stated = cursor.i64()?;
        let count = usize::try_from(stated);
        let count = count.map_err(|_| Error::malformed(format!("fN is negative: {stated}")))?;
        let length = count.saturating_mul(size_of::<i64>());
        let mut column = || cursor.take(length, "an index").map(numbers);
        let majors = column()?;
        let minors = match version {
            ..=NUMBERS_IN_ONE => None,
            _ => Some(column()?),
        };
        let entries = column()?;
        if cursor.position() != end {
            let problem = format!("its {count} keys do not end where its byte count does");
            return Err(Error::malformed(problem).at_position(cursor.position()));
        }
        let pairs: Vec<(i64, i64)> = match minors {
            Some(minors) => majors.zip(minors).collect(),
            None => majors.map(apart).collect(),
        };
        let keys = pairs.into_iter().zip(entries);
        let keys = keys.map(|((major, minor), entry)| IndexKey {
            major,
            minor,
            entry,
        });
        Ok(Self {
            base,
            major,
            minor,
            keys: keys.collect(),
        })
    }

    fn to_bytes(&self) -> Result<Bytes> {
        let mut rest = Vec::with_capacity(24 * self.keys.len() + self.base.len() + 64);
        rest.extend_from_slice(&VERSION.to_be_bytes());
        rest.extend_from_slice(&self.base);
        for name in [&self.major, &self.minor] {
            text(name, &mut rest)?;
        }
        rest.extend_from_slice(&(self.keys.len() as u64).to_be_bytes());
        let columns: [fn(&IndexKey) -> i64; 3] =
            [|key| key.major, |key| key.minor, |key| key.entry];
        for column in columns {
            let numbers = self.keys.iter().map(column);
            rest.extend(numbers.flat_map(i64::to_be_bytes));
        }
        let count = u32::try_from(rest.len())
            .ok()
            .filter(|count| *count < BYTE_COUNT_MASK)
            .ok_or_else(|| {
                let keys = self.keys.len();
                Error::unsupported(format!("index of {keys} keys: it takes 1 GiB or more"))
            })?;
        rest.splice(0..0, (count | BYTE_COUNT_MASK).to_be_bytes());
        Ok(rest.into())
    }
}

/// Where the byte count that comes next says its object ends.
fn counted(cursor: &mut Cursor<'_>) -> Result<usize> {
    let count = cursor.u32()?;
    let length = usize::try_from(count & !BYTE_COUNT_MASK).unwrap_or(usize::MAX);
    if count & BYTE_COUNT_MASK == 0 || length > cursor.left() {
        let problem = format!("{count:#x} is no byte count");
        return Err(Error::malformed(problem).at_position(cursor.position()));
    }
    Ok(cursor.position() + length)
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = i64> {
    let (numbers, _) = bytes.as_chunks();
    numbers.iter().map(|number| i64::from_be_bytes(*number))
}

/// The two numbers that version 1 keeps in one.
fn apart(both: i64) -> (i64, i64) {
    (both >> MINOR_BITS, both & ((1 << MINOR_BITS) - 1))
}

/// Writes a `TString`.
fn text(text: &[u8], out: &mut Vec<u8>) -> Result<()> {
    match u8::try_from(text.len()) {
        Ok(short) if short < u8::MAX => out.push(short),
        _ => {
            let length = u32::try_from(text.len());
            let length = length.map_err(|_| Error::unsupported("name of an index"))?;
            out.push(u8::MAX);
            out.extend_from_slice(&length.to_be_bytes());
        }
    }
    out.extend_from_slice(text);
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn index(names: [&str; 2], keys: &[(i64, i64, i64)]) -> TreeIndex {
        let [major, minor] = names.map(|name| Bytes::copy_from_slice(name.as_bytes()));
        let keys = keys.iter().map(|&(major, minor, entry)| IndexKey {
            major,
            minor,
            entry,
        });
        TreeIndex::new(major, minor).with_keys(keys.collect())
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            major in ".{0,300}",
            minor in "[a-z]{0,5}",
            keys in prop::collection::vec(any::<(i64, i64, i64)>(), 0..20),
        ) {
            let index = index([&major, &minor], &keys);
            let raw = index.to_bytes().unwrap();
            prop_assert_eq!(TreeIndex::parse(&raw).unwrap(), index);
        }

        #[test]
        fn what_is_damaged_is_an_error_or_an_index(
            at in any::<prop::sample::Index>(),
            byte in any::<u8>(),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut raw = index(["run", "event"], &[(1, 2, 0), (1, 3, 1)]).to_bytes().unwrap().to_vec();
            let end = cut.index(raw.len());
            prop_assert!(TreeIndex::parse(&Bytes::copy_from_slice(&raw[..end])).is_err());
            let place = at.index(raw.len());
            raw[place] = byte;
            let _ = TreeIndex::parse(&raw.into());
        }
    }

    #[test]
    fn the_first_version_keeps_both_numbers_in_one() {
        let mut raw = b"\x40\0\0\0\0\x01".to_vec();
        raw.extend_from_slice(NAMELESS);
        raw.extend_from_slice(b"\x03run\x05event");
        let both = |major: i64, minor: i64| (major << 31) + minor;
        let numbers = [2, both(-3, 5), both(7, 0x7fff_fffe), 1, 0];
        raw.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
        raw[3] = u8::try_from(raw.len() - 4).unwrap();
        let read = TreeIndex::parse(&raw.into()).unwrap();
        assert_eq!(
            read,
            index(["run", "event"], &[(-3, 5, 1), (7, 0x7fff_fffe, 0)])
        );
    }

    #[test]
    fn more_keys_than_there_are_bytes_are_an_error() {
        let mut raw = index(["run", "event"], &[]).to_bytes().unwrap().to_vec();
        let place = raw.len() - 8;
        for count in [1, i64::MAX, -1] {
            raw[place..].copy_from_slice(&count.to_be_bytes());
            assert!(TreeIndex::parse(&raw.clone().into()).is_err(), "{count}");
        }
    }
}
