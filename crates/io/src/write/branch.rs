//! The branch and the leaf that describe the baskets of a column.

use bytes::Bytes;

use super::schema::{BranchKind, BranchSchema, values_in};
use crate::column::{ScalarType, Values};
use crate::error::{Error, Result};
use crate::object::{Body, Layouts, Object, ObjectId, Value};

/// `TBranch`'s arrays have room for ten baskets at the least.
const MIN_BASKETS: usize = 10;
/// `TTree::fDefaultEntryOffsetLen`.
pub(super) const ENTRY_OFFSETS: i64 = 1000;

/// The baskets of one branch, as they were written.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    pub seeks: Vec<i64>,
    pub nbytes: Vec<i32>,
    pub first_entries: Vec<i64>,
    pub entries: u64,
    pub total_bytes: u64,
    pub zip_bytes: u64,
    /// The most values, or bytes of a text, in one entry of varying length.
    pub longest: u32,
}

/// A branch with its one leaf.
pub(super) fn branch(
    schema: &BranchSchema,
    written: &Written,
    leaf: ObjectId,
    compression: i32,
    layouts: &Layouts,
) -> Result<Object> {
    let is_vector = matches!(schema.kind, BranchKind::Vector(_));
    let class = if is_vector {
        "TBranchElement"
    } else {
        "TBranch"
    };
    let mut branch = Object::empty(class, layouts)?;
    let count = written.seeks.len();
    let room = MIN_BASKETS.max(count + 1);
    let mut first_entries = written.first_entries.clone();
    first_entries.push(signed(written.entries)?);
    let entries = signed(written.entries)?;
    for (name, value) in [
        ("fName", text(&schema.name)),
        ("fTitle", text(&schema.title)),
        ("fFillStyle", Value::Int(1001)),
        ("fCompress", Value::Int(compression.into())),
        ("fBasketSize", Value::Int(32_000)),
        (
            "fEntryOffsetLen",
            Value::Int(if schema.is_variable() {
                ENTRY_OFFSETS
            } else {
                0
            }),
        ),
        ("fWriteBasket", Value::Int(signed(count as u64)?)),
        ("fEntryNumber", Value::Int(entries)),
        ("fMaxBaskets", Value::Int(signed(room as u64)?)),
        ("fSplitLevel", Value::Int(if is_vector { 99 } else { 0 })),
        ("fEntries", Value::Int(entries)),
        ("fTotBytes", Value::Int(signed(written.total_bytes)?)),
        ("fZipBytes", Value::Int(signed(written.zip_bytes)?)),
        (
            "fBasketBytes",
            Value::Array(Values::I32(padded(&written.nbytes, room))),
        ),
        (
            "fBasketEntry",
            Value::Array(Values::I64(padded(&first_entries, room))),
        ),
        (
            "fBasketSeek",
            Value::Array(Values::I64(padded(&written.seeks, room))),
        ),
    ] {
        branch.set(name, value)?;
    }
    if let BranchKind::Vector(scalar) = schema.kind {
        let (content, checksum) = vector_class(scalar);
        branch.set("fClassName", text(&format!("vector<{content}>")))?;
        branch.set("fCheckSum", Value::Int(checksum.into()))?;
        branch.set("fClassVersion", Value::Int(6))?;
        branch.set("fID", Value::Int(-1))?;
        branch.set("fStreamerType", Value::Int(-1))?;
    }
    branch.list_mut("fLeaves")?.items = vec![Some(leaf)];
    // TBranch::kDoNotUseBufferMap: what it holds has no references between objects.
    if let Body::Root { bits, .. } = &mut branch.root_object_mut()?.body {
        *bits |= 1 << 22;
    }
    Ok(branch)
}

/// The leaf of a branch (`TLeafF` …).
pub(super) fn leaf(schema: &BranchSchema, written: &Written, layouts: &Layouts) -> Result<Object> {
    let (class, unsigned) = match schema.kind {
        BranchKind::Vector(_) => ("TLeafElement", false),
        BranchKind::Text => ("TLeafC", false),
        BranchKind::Value(scalar)
        | BranchKind::Array(scalar, _)
        | BranchKind::Counted { scalar, .. } => leaf_class(scalar),
    };
    let mut leaf = Object::empty(class, layouts)?;
    for (name, value) in [
        ("fName", text(&schema.name)),
        ("fTitle", text(&schema.leaf_title())),
        ("fLen", Value::Int(1)),
        ("fIsUnsigned", Value::Int(unsigned.into())),
    ] {
        leaf.set(name, value)?;
    }
    match &schema.kind {
        BranchKind::Vector(_) => {
            leaf.set("fID", Value::Int(-1))?;
            leaf.set("fType", Value::Int(-1))?;
        }
        BranchKind::Text => {
            // With its closing zero: ROOT reads no more of a text than that.
            let room = i64::from(written.longest) + 1;
            leaf.set("fLen", Value::Int(room))?;
            leaf.set("fLenType", Value::Int(1))?;
            leaf.set("fMaximum", Value::Int(room))?;
        }
        BranchKind::Value(scalar)
        | BranchKind::Array(scalar, _)
        | BranchKind::Counted { scalar, .. } => {
            leaf.set("fLenType", Value::Int(signed(scalar.width() as u64)?))?;
        }
    }
    if let BranchKind::Array(_, dimensions) = &schema.kind {
        leaf.set("fLen", Value::Int(signed(values_in(dimensions)? as u64)?))?;
    }
    Ok(leaf)
}

/// Tells the leaf that counts another's values of their greatest number: what readers make room
/// for (`TLeaf::fMaximum`).
pub(super) fn set_longest(counter: &mut Object, longest: u32) -> Result<()> {
    let longest = counter.int("fMaximum")?.max(longest.into());
    counter.set("fMaximum", Value::Int(longest))?;
    counter.set("fIsRange", Value::Int(1))
}

/// The class of a plain leaf, and whether it is unsigned.
fn leaf_class(scalar: ScalarType) -> (&'static str, bool) {
    match scalar {
        ScalarType::Bool => ("TLeafO", false),
        ScalarType::I8 => ("TLeafB", false),
        ScalarType::U8 => ("TLeafB", true),
        ScalarType::I16 => ("TLeafS", false),
        ScalarType::U16 => ("TLeafS", true),
        ScalarType::I32 => ("TLeafI", false),
        ScalarType::U32 => ("TLeafI", true),
        ScalarType::I64 => ("TLeafL", false),
        ScalarType::U64 => ("TLeafL", true),
        ScalarType::F32 => ("TLeafF", false),
        ScalarType::F64 => ("TLeafD", false),
    }
}

/// The name of a vector's content and `TClass::GetCheckSum` of that vector, by ROOT 6.40.
fn vector_class(scalar: ScalarType) -> (&'static str, u32) {
    match scalar {
        ScalarType::Bool => ("bool", 29_929_751),
        ScalarType::I8 => ("char", 29_929_535),
        ScalarType::U8 => ("unsigned char", 728_903_898),
        ScalarType::I16 => ("short", 89_793_095),
        ScalarType::U16 => ("unsigned short", 2_186_716_184),
        ScalarType::I32 => ("int", 9_976_712),
        ScalarType::U32 => ("unsigned int", 3_106_279_697),
        ScalarType::I64 => ("Long64_t", 2_424_165_566),
        ScalarType::U64 => ("ULong64_t", 2_977_495_147),
        ScalarType::F32 => ("float", 89_790_107),
        ScalarType::F64 => ("double", 269_370_212),
    }
}

fn padded<T: Copy + Default>(values: &[T], length: usize) -> Vec<T> {
    let mut padded = values.to_vec();
    padded.resize(length, T::default());
    padded
}

pub(super) fn signed(value: u64) -> Result<i64> {
    i64::try_from(value).map_err(|_| Error::malformed(format!("{value} does not fit 63 bits")))
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(Bytes::copy_from_slice(text.as_bytes()))
}
