//! Trees: their branches, and where the entries of each stand.
//!
//! A tree's record describes everything and holds little: each branch's entries stand in
//! *baskets*, records of their own in the file, or (small files, and what was not flushed) within
//! the tree's own record.

mod asked;
mod basket;
mod branch;
mod collected;
mod collector;
mod column_builder;
mod column_kind;
mod column_reader;
mod decode;
pub(crate) mod embedded;
mod format;
mod index;
mod met;
mod number;
mod outline;
mod shape;
mod spare;
mod stated;
mod vectors;

pub use basket::{BasketContent, BasketHeader, EntryOffsets, basket_header, expand_basket};
use branch::embedded_bytes;
pub use branch::{Basket, Branch, Location};
use collector::Collector;
pub use column_builder::ColumnBuilder;
pub use column_kind::ColumnKind;
pub use column_reader::{BasketCounts, ColumnReader};
pub use format::{Any, Class, CountRule, Counter, Format, Lead, Leaf, LevelShape, Member, Unknown};
pub use index::{IndexKey, TreeIndex};
pub use number::Number;
pub use outline::{BasketPlace, BasketPlaces, Outline};
pub use shape::TreeShape;
pub use spare::SpareColumns;

use crate::column::Values;
use crate::error::{Error, ErrorKind, Result};
use crate::file::{Key, ReadAt, RootFile};
use crate::object::{
    Body, Graph, Layouts, MemberName, Object, Spared, Taken, read_sparing, read_taking,
    read_with_shape,
};
use bytes::Bytes;

/// The classes that are trees.
const CLASSES: [&str; 4] = ["TTree", "TNtuple", "TNtupleD", "TChain"];

/// The list of a tree's branches, and what holds nothing of how their entries are read.
const BRANCHES: Taken = Taken {
    class: "TTree",
    member: "fBranches",
    unread: &[
        "TObject",
        "TAttFill",
        "TAttLine",
        "TAttMarker",
        "ROOT::TIOFeatures",
    ],
};

/// Objects that a tree's owner put beside its branches.
const USER_INFO: Spared = Spared {
    class: "TTree",
    member: "fUserInfo",
};

/// The branch that a tree keeps of its references, beside the others.
const REFERENCES: &str = "fBranchRef";

/// A tree's description.
#[derive(Clone, Debug)]
pub struct Tree {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// `fEntries`.
    pub entries: u64,
    /// `fTotBytes`: bytes of all baskets, expanded.
    pub total_bytes: u64,
    /// `fZipBytes`: the same, stored.
    pub zip_bytes: u64,
    /// `fAutoFlush`: entries per cluster; negative: bytes.
    pub auto_flush: i64,
    /// Its branches in order, each followed by its own branches.
    pub branches: Vec<Branch>,
    /// All of the record, with what is not spelt out here; without its branches where the tree was
    /// opened to be read alone ([`Tree::read`]).
    pub graph: Graph,
    /// Why objects that its record holds beside branches were left out: of a tree that was opened to
    /// be read alone the first few, else those of `fUserInfo`. None of them is needed to read entries.
    pub left_out: Vec<String>,
}

impl Tree {
    /// Whether a key's class is that of a tree.
    pub fn is_tree<T: AsRef<[u8]>>(key: &Key<T>) -> bool {
        let mut classes = CLASSES.iter();
        classes.any(|class| class.as_bytes() == key.class.as_ref())
    }

    /// Reads the tree behind `key`, to read its entries: what its record says of each branch is
    /// forgotten as soon as the [`Branch`] is made of it, so that wide trees take little memory.
    ///
    /// # Errors
    /// When it is no tree, or its record is damaged. A single branch that contradicts itself is
    /// no error here but a property of that branch ([`Branch::damage`]).
    pub fn read(file: &RootFile<impl ReadAt>, key: &Key, layouts: &Layouts) -> Result<Self> {
        let content = Self::content(file, key)?;
        let read = || {
            let mut branches = Collector::new(layouts, file.header().compression);
            let mut take = |graph: &mut Graph, id| {
                branches.add(graph, id, None)?;
                branches.forget(graph)
            };
            let length = key.key_length.into();
            let (graph, left_out) =
                read_taking(&key.class, &content, length, layouts, &BRANCHES, &mut take)?;
            let mut tree = Self::new(graph, branches)?;
            tree.left_out = left_out;
            met::resolve(&mut tree.branches, layouts, |seek, nbytes| {
                file.bytes_at(seek, nbytes)
            });
            Ok(tree)
        };
        read().map_err(|error| file.place_at(error, key))
    }

    /// Reads the tree behind `key` with all that its record holds, as it is needed to write it
    /// again, but for objects of `fUserInfo` that are not understood. Behind its branches stands the one that it keeps of its references
    /// ([`Tree::references`]), if it has one.
    ///
    /// # Errors
    /// As [`Tree::read`].
    pub fn read_whole(file: &RootFile<impl ReadAt>, key: &Key, layouts: &Layouts) -> Result<Self> {
        let content = Self::content(file, key)?;
        let length = key.key_length.into();
        read_sparing(&key.class, &content, length, layouts, USER_INFO)
            .and_then(|read| Self::from_graph(read, layouts, file.header().compression))
            .map_err(|error| file.place_at(error, key))
    }

    fn content(file: &RootFile<impl ReadAt>, key: &Key) -> Result<Bytes> {
        if Self::is_tree(key) {
            return file.content(key);
        }
        let problem = Error::malformed(format!("{} is a {}, not a tree", key.name, key.class));
        Err(problem.in_file(file.name()))
    }

    /// Reads the tree whose expanded record is `content` as [`Tree::read_whole`] does, and its shape,
    /// where others can be held against it.
    ///
    /// # Errors
    /// As [`Tree::read`].
    pub fn read_with_shape(
        file: &RootFile<impl ReadAt>,
        key: &Key,
        content: &Bytes,
        layouts: &Layouts,
    ) -> Result<(Self, Option<TreeShape>)> {
        let read = || {
            let length = key.key_length.into();
            let (class, varies) = (&key.class, shape::varies);
            let (graph, left_out, record) =
                read_with_shape(class, content, length, layouts, USER_INFO, varies)?;
            let read = (graph, left_out);
            let tree = Self::from_graph(read, layouts, file.header().compression)?;
            let shape = record.and_then(|record| TreeShape::new(record, &tree));
            Ok((tree, shape))
        };
        read().map_err(|error| file.place_at(error, key))
    }

    fn from_graph(
        (graph, left_out): (Graph, Vec<String>),
        layouts: &Layouts,
        compression: i32,
    ) -> Result<Self> {
        let mut branches = Collector::new(layouts, compression);
        let root = tree_part(graph.root()?)?;
        for id in root.list("fBranches")?.items.iter().flatten() {
            branches.add(&graph, *id, None)?;
        }
        // Old trees have none.
        let references = root.pointer(REFERENCES).unwrap_or_default();
        if let Some(id) = references {
            branches.add(&graph, id, None)?;
        }
        let mut tree = Self::new(graph, branches)?;
        tree.left_out = left_out;
        Ok(tree)
    }

    /// The branch that says where the objects stand that references of an entry mean
    /// (`TBranchRef`), where the tree was read with it.
    pub fn references(&self) -> Option<&Branch> {
        let id = self.graph.root().ok()?.pointer(REFERENCES).ok()??;
        self.branches.iter().rfind(|branch| branch.id == id)
    }

    /// The tree that `graph` holds, whose branches have been collected.
    fn new(graph: Graph, branches: Collector<'_>) -> Result<Self> {
        let root = tree_part(graph.root()?)?;
        let listed = root.list("fBranches")?.items.iter().flatten().count();
        let references = root.pointer(REFERENCES).unwrap_or_default();
        let further = references.is_some_and(|id| branches.holds(id));
        if listed + usize::from(further) != branches.outermost() {
            return Err(Error::unsupported("layout of its list of branches"));
        }
        let count = |name| counted(root, name);
        Ok(Self {
            name: root.text("fName")?,
            title: root.text("fTitle")?,
            entries: count("fEntries")?,
            total_bytes: count("fTotBytes").unwrap_or(0),
            zip_bytes: count("fZipBytes").unwrap_or(0),
            auto_flush: root.int("fAutoFlush").unwrap_or(0),
            branches: branches.finish(),
            graph,
            left_out: Vec::new(),
        })
    }

    /// What is different in trees of one shape; the branches have no baskets after this.
    ///
    /// # Errors
    /// When the record is of no tree.
    pub fn take_outline(&mut self) -> Result<Outline> {
        let root = tree_part(self.graph.root()?)?;
        // Old trees have no ranges of clusters.
        let array = |name| match root.array(name) {
            Ok(Values::I64(values)) => values.clone(),
            _ => Vec::new(),
        };
        let (cluster_ends, cluster_sizes) = (array("fClusterRangeEnd"), array("fClusterSize"));
        let baskets = self.branches.iter().map(|branch| &branch.baskets[..]);
        let baskets =
            BasketPlaces::of(baskets).ok_or_else(|| Error::unsupported("number of its baskets"))?;
        let mut total_bytes = Vec::with_capacity(self.branches.len());
        for branch in &mut self.branches {
            let baskets = std::mem::take(&mut branch.baskets);
            total_bytes.push(branch.total_bytes.saturating_sub(embedded_bytes(&baskets)));
        }
        Ok(Outline {
            entries: self.entries,
            auto_flush: self.auto_flush,
            cluster_ends,
            cluster_sizes,
            baskets,
            total_bytes,
        })
    }

    /// The branch `name`: as it stands in the file, or without the names of those it is in.
    ///
    /// # Errors
    /// When there is none.
    pub fn branch(&self, name: &str) -> Result<&Branch> {
        Branch::place(&self.branches, name)
            .and_then(|place| self.branches.get(place))
            .ok_or_else(|| {
                Error::from(ErrorKind::NotFound {
                    what: "branch",
                    name: name.to_owned(),
                })
                .in_object(format!("tree {}", self.name))
            })
    }
}

/// The part of the object that is a `TTree`: itself, or its base where it is a `TNtuple`.
fn tree_part(object: &Object) -> Result<&Object> {
    if &*object.class == "TTree" {
        return Ok(object);
    }
    match &object.body {
        Body::Members(_) => object.object("TTree"),
        _ => Err(Error::unsupported(format!("tree class {}", object.class))),
    }
}

/// A count that is an integer in new files and a double in old ones.
fn counted(object: &Object, name: impl MemberName) -> Result<u64> {
    let value = match object.int(&name) {
        Ok(value) => value,
        #[allow(
            clippy::cast_possible_truncation,
            reason = "`as` saturates, and the sign is checked"
        )]
        Err(_) => object.float(&name)? as i64,
    };
    u64::try_from(value).map_err(|_| {
        let member = format!("{}::{}", object.class, name.name());
        Error::malformed(format!("{member} is negative: {value}"))
    })
}
