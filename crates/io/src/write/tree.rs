//! A tree being written: columns in, baskets out, then the record that describes them.

use bytes::Bytes;

use super::basket::BasketRecord;
use super::file::FileWriter;
use super::sink::Sink;
use crate::column::{ScalarType, Values};
use crate::error::{Error, Result};
use crate::object::{Body, Graph, Layouts, Object, ObjectId, Value};
use crate::tree::ColumnKind;

/// `TBranch`'s arrays have room for ten baskets at the least.
const MIN_BASKETS: usize = 10;
/// `TTree::fDefaultEntryOffsetLen`.
const ENTRY_OFFSETS: i64 = 1000;

/// A branch to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchSchema {
    /// Its name.
    pub name: String,
    /// Its title: the leaf list `name/F` for plain values, the name again for vectors.
    pub title: String,
    /// What its entries are.
    pub kind: ColumnKind,
}

/// The baskets of one branch, as they were written.
#[derive(Clone, Debug, Default)]
struct Written {
    seeks: Vec<i64>,
    nbytes: Vec<i32>,
    first_entries: Vec<i64>,
    entries: u64,
    total_bytes: u64,
    zip_bytes: u64,
}

/// A tree being written into a [`FileWriter`].
#[derive(Debug)]
pub struct TreeWriter {
    name: String,
    title: String,
    branches: Vec<BranchSchema>,
    written: Vec<Written>,
    /// Entries per cluster.
    cluster: u64,
}

impl TreeWriter {
    /// Begins a tree whose clusters have `cluster` entries each, the last perhaps fewer.
    pub fn new(name: &str, title: &str, branches: Vec<BranchSchema>, cluster: u64) -> Self {
        let written = vec![Written::default(); branches.len()];
        Self {
            name: name.to_owned(),
            title: title.to_owned(),
            branches,
            written,
            cluster,
        }
    }

    /// The branches.
    pub fn branches(&self) -> &[BranchSchema] {
        &self.branches
    }

    /// Writes the next basket of the branch numbered `branch`.
    ///
    /// # Errors
    /// When there is no such branch, or the file cannot be written.
    pub fn basket(
        &mut self,
        file: &mut FileWriter<impl Sink>,
        branch: usize,
        mut record: BasketRecord,
    ) -> Result<()> {
        let written = self
            .written
            .get_mut(branch)
            .ok_or_else(|| Error::malformed(format!("there is no branch {branch}")))?;
        let seek = file.basket(&mut record)?;
        written.seeks.push(signed(seek)?);
        written
            .nbytes
            .push(i32::try_from(record.nbytes()).unwrap_or(i32::MAX));
        written.first_entries.push(signed(written.entries)?);
        written.entries += u64::from(record.entries());
        written.total_bytes += record.expanded();
        written.zip_bytes += u64::from(record.nbytes());
        Ok(())
    }

    /// Writes the tree's own record.
    ///
    /// # Errors
    /// When the branches have different numbers of entries, or the file cannot be written.
    pub fn finish(self, file: &mut FileWriter<impl Sink>) -> Result<()> {
        let entries = self.written.first().map_or(0, |written| written.entries);
        if let Some(odd) = self
            .written
            .iter()
            .position(|written| written.entries != entries)
        {
            let name = self.branches.get(odd).map_or("", |branch| &branch.name);
            return Err(Error::malformed(format!(
                "branch {name} of tree {} does not have {entries} entries as the first",
                self.name
            )));
        }
        let compression = file.settings().number();
        let graph = self.graph(entries, compression)?;
        file.object(&self.name, &self.title, &graph)
    }

    fn graph(&self, entries: u64, compression: i32) -> Result<Graph> {
        let layouts = Layouts::builtin();
        let mut graph = Graph::default();
        let root = graph.add(Object::empty("TTree", &layouts)?);
        let mut branches = Vec::new();
        let mut leaves = Vec::new();
        for (schema, written) in self.branches.iter().zip(&self.written) {
            let leaf = graph.add(leaf(schema, &layouts)?);
            let branch = branch(schema, written, leaf, compression, &layouts)?;
            branches.push(Some(graph.add(branch)));
            leaves.push(Some(leaf));
        }
        let sum = |part: fn(&Written) -> u64| self.written.iter().map(part).sum::<u64>();
        let zip_bytes = sum(|written| written.zip_bytes);
        let tree = graph.get_mut(root)?;
        for (name, value) in [
            ("fName", text(&self.name)),
            ("fTitle", text(&self.title)),
            ("fLineColor", Value::Int(602)),
            ("fLineStyle", Value::Int(1)),
            ("fLineWidth", Value::Int(1)),
            ("fFillStyle", Value::Int(1001)),
            ("fMarkerColor", Value::Int(1)),
            ("fMarkerStyle", Value::Int(1)),
            ("fMarkerSize", Value::Float(1.0)),
            ("fEntries", Value::Int(signed(entries)?)),
            (
                "fTotBytes",
                Value::Int(signed(sum(|written| written.total_bytes))?),
            ),
            ("fZipBytes", Value::Int(signed(zip_bytes)?)),
            ("fFlushedBytes", Value::Int(signed(zip_bytes)?)),
            ("fWeight", Value::Float(1.0)),
            ("fScanField", Value::Int(25)),
            ("fDefaultEntryOffsetLen", Value::Int(ENTRY_OFFSETS)),
            ("fMaxEntries", Value::Int(1_000_000_000_000)),
            ("fMaxEntryLoop", Value::Int(1_000_000_000_000)),
            ("fAutoSave", Value::Int(-300_000_000)),
            ("fAutoFlush", Value::Int(signed(self.cluster)?)),
            ("fEstimate", Value::Int(1_000_000)),
        ] {
            tree.set(name, value)?;
        }
        tree.list_mut("fBranches")?.items = branches;
        tree.list_mut("fLeaves")?.items = leaves;
        Ok(graph)
    }
}

fn branch(
    schema: &BranchSchema,
    written: &Written,
    leaf: ObjectId,
    compression: i32,
    layouts: &Layouts,
) -> Result<Object> {
    let is_vector = matches!(schema.kind, ColumnKind::Vector(_));
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
            Value::Int(if is_vector { ENTRY_OFFSETS } else { 0 }),
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
    if let ColumnKind::Vector(scalar) = schema.kind {
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

fn leaf(schema: &BranchSchema, layouts: &Layouts) -> Result<Object> {
    let (class, unsigned) = match schema.kind {
        ColumnKind::Vector(_) => ("TLeafElement", false),
        ColumnKind::Fixed(scalar) => leaf_class(scalar),
    };
    let mut leaf = Object::empty(class, layouts)?;
    for (name, value) in [
        ("fName", text(&schema.name)),
        ("fTitle", text(&schema.name)),
        ("fLen", Value::Int(1)),
        ("fIsUnsigned", Value::Int(unsigned.into())),
    ] {
        leaf.set(name, value)?;
    }
    match schema.kind {
        ColumnKind::Vector(_) => {
            leaf.set("fID", Value::Int(-1))?;
            leaf.set("fType", Value::Int(-1))?;
        }
        ColumnKind::Fixed(scalar) => {
            leaf.set("fLenType", Value::Int(signed(scalar.width() as u64)?))?;
        }
    }
    Ok(leaf)
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

fn signed(value: u64) -> Result<i64> {
    i64::try_from(value).map_err(|_| Error::malformed(format!("{value} does not fit 63 bits")))
}

fn text(text: &str) -> Value {
    Value::Text(Bytes::copy_from_slice(text.as_bytes()))
}
