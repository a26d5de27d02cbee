//! A branch: what its entries are, and in which baskets they stand.

use std::sync::Arc;

use super::column_kind::ColumnKind;
use super::format::Format;
use crate::error::{Error, Result};
use crate::object::{EmbeddedBasket, ObjectId};

/// A branch of a tree.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its name.
    pub name: Arc<str>,
    /// Its name after those of the branches it is in, with dots between.
    pub path: Arc<str>,
    /// The names of the branches it is in and its own, with slashes between: as uproot has it.
    pub address: Arc<str>,
    /// Its title: the leaf list, for branches of plain values.
    pub title: String,
    /// Its class: `TBranch`, `TBranchElement` …
    pub class: Arc<str>,
    /// The C++ type of an entry, as far as it is known.
    pub type_name: String,
    /// How deep it stands among branches: 0 at the top.
    pub depth: usize,
    /// `fEntries`.
    pub entries: u64,
    /// Bytes of its baskets, expanded: `fTotBytes`, and those in the tree's own record.
    pub total_bytes: u64,
    /// Bytes of its baskets, stored.
    pub stored_bytes: u64,
    /// `fCompress`: compression settings of its baskets, as ROOT numbers them.
    pub compression: i32,
    /// How its entries are laid out; none where it only holds other branches.
    pub format: Option<Format>,
    /// The branch that counts the items of its entries, where another one does.
    pub counter: Option<Arc<Branch>>,
    /// Why its entries cannot become a column, though its baskets can be copied.
    pub unreadable: Option<String>,
    /// Its baskets, in the order of their entries.
    pub baskets: Vec<Basket>,
    /// `fFileName`: the file in which its baskets stand, where that is another one. They are not
    /// sought there.
    pub elsewhere: Option<String>,
    /// How its baskets contradict each other.
    pub damage: Option<String>,
    /// Its object in the tree's graph.
    pub id: ObjectId,
}

/// Where a run of a branch's entries stands.
#[derive(Clone, Debug)]
pub struct Basket {
    /// The first entry.
    pub first_entry: u64,
    /// The number of entries.
    pub entries: u64,
    /// Where they stand.
    pub location: Location,
}

/// Where a basket stands.
#[derive(Clone, Debug)]
pub enum Location {
    /// In a record of its own.
    Stored {
        /// Where it stands in the file (`fBasketSeek`).
        seek: u64,
        /// Its length in bytes, key included (`fBasketBytes`).
        nbytes: u32,
    },
    /// In the tree's record.
    Embedded(Arc<EmbeddedBasket>),
}

impl Basket {
    /// The entry behind the last.
    pub fn end_entry(&self) -> u64 {
        self.first_entry.saturating_add(self.entries)
    }

    /// Whether it stands in a record of its own.
    pub fn is_stored(&self) -> bool {
        matches!(self.location, Location::Stored { .. })
    }

    /// The bytes it takes in the file.
    pub fn stored_bytes(&self) -> u64 {
        match &self.location {
            Location::Stored { nbytes, .. } => u64::from(*nbytes),
            Location::Embedded(embedded) => embedded.raw.len() as u64,
        }
    }
}

impl Branch {
    /// How its entries are laid out.
    ///
    /// # Errors
    /// When they cannot become columns: the error says why.
    pub fn format(&self) -> Result<&Format> {
        if let Some(file) = &self.elsewhere {
            let error = Error::unsupported(format!("branch in another file, {file:?}"));
            return Err(error.in_object(format!("branch {}", self.path)));
        }
        match (&self.format, &self.damage, &self.unreadable) {
            (_, Some(damage), _) => Err(Error::malformed(damage.clone())),
            (Some(format), None, _) => Ok(format),
            (None, None, Some(reason)) => Err(Error::malformed(reason.clone())),
            (None, None, None) => Err(Error::unsupported(
                "reading of a branch that holds branches",
            )),
        }
        .map_err(|error| error.in_object(format!("branch {}", self.path)))
    }

    /// Takes over the classes that `other`, a branch of the same kind, was found to hold, where
    /// entries alone tell of which class its objects are.
    pub fn take_classes_met(&mut self, other: &Self) {
        if self.format.as_ref().is_some_and(Format::has_any) {
            self.format.clone_from(&other.format);
        }
    }

    /// The flat kind of column that its entries make.
    ///
    /// # Errors
    /// When they make none, or another kind.
    pub fn column_kind(&self) -> Result<ColumnKind> {
        self.format()?.kind().ok_or_else(|| {
            Error::unsupported(format!(
                "type {}: neither a number nor a vector of numbers",
                self.type_name
            ))
            .in_object(format!("branch {}", self.path))
        })
    }

    /// Where the branch `name` is among those of a tree: as it stands in the file, or without the
    /// names of those it is in.
    pub fn place(branches: &[Branch], name: &str) -> Option<usize> {
        let of_path = branches.iter().position(|branch| *branch.path == *name);
        of_path.or_else(|| branches.iter().position(|branch| *branch.name == *name))
    }

    /// The same branch with other baskets, of which those in records of their own take
    /// `total_bytes` when expanded.
    pub(super) fn with_baskets(&self, total_bytes: i64, baskets: Vec<Basket>) -> Self {
        Self {
            name: self.name.clone(),
            path: self.path.clone(),
            address: self.address.clone(),
            title: self.title.clone(),
            class: self.class.clone(),
            type_name: self.type_name.clone(),
            depth: self.depth,
            entries: self.entries,
            total_bytes: u64::try_from(total_bytes)
                .unwrap_or(0)
                .saturating_add(embedded_bytes(&baskets)),
            stored_bytes: baskets.iter().map(Basket::stored_bytes).sum(),
            compression: self.compression,
            format: self.format.clone(),
            counter: self.counter.clone(),
            unreadable: self.unreadable.clone(),
            baskets,
            elsewhere: self.elsewhere.clone(),
            damage: self.damage.clone(),
            id: self.id,
        }
    }

    /// The baskets that hold any of the entries `range`.
    pub fn baskets_in(&self, range: std::ops::Range<u64>) -> &[Basket] {
        let from = self
            .baskets
            .partition_point(|basket| basket.end_entry() <= range.start);
        let to = self
            .baskets
            .partition_point(|basket| basket.first_entry < range.end);
        self.baskets.get(from..to).unwrap_or_default()
    }
}

/// The bytes of those baskets that stand in the tree's record.
pub(super) fn embedded_bytes(baskets: &[Basket]) -> u64 {
    let embedded = baskets.iter().filter(|basket| !basket.is_stored());
    embedded.map(Basket::stored_bytes).sum()
}
