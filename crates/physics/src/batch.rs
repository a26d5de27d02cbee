//! The columns of one range of entries.

use rootlake_io::column::{Column, Jagged, Scalar};

use crate::Error;
use crate::schema::{BranchSpec, BranchType};

/// The columns of one range of a tree's entries, all of the same length.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    first_entry: u64,
    entries: usize,
    columns: Vec<(BranchSpec, Column)>,
}

impl Batch {
    /// A batch without columns. `first_entry` is its place in the tree, for messages.
    pub fn new(first_entry: u64, entries: usize) -> Self {
        Self {
            first_entry,
            entries,
            columns: Vec::new(),
        }
    }

    /// Takes in the column of a branch, in place of one of the same name.
    ///
    /// # Errors
    /// [`Error::Type`] when the column is not of the type that `branch` states, [`Error::Length`]
    /// when it does not hold the batch's number of entries.
    pub fn insert(&mut self, branch: BranchSpec, column: Column) -> Result<(), Error> {
        let found = BranchType::of(&column);
        if found != branch.ty {
            return Err(Error::Type {
                branch: branch.name.to_owned(),
                wanted: branch.ty,
                found,
            });
        }
        if column.entries() != self.entries {
            return Err(Error::Length {
                branch: branch.name.to_owned(),
                wanted: self.entries,
                found: column.entries(),
                first_entry: self.first_entry,
            });
        }
        self.columns.retain(|(held, _)| held.name != branch.name);
        self.columns.push((branch, column));
        Ok(())
    }

    /// The number of entries.
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// Whether the column of a branch is in the batch.
    pub fn holds(&self, branch: &str) -> bool {
        self.columns.iter().any(|(held, _)| held.name == branch)
    }

    /// The columns, so that their memory can be used again.
    pub fn into_columns(self) -> impl Iterator<Item = Column> {
        self.columns.into_iter().map(|(_, column)| column)
    }

    /// A branch of one value per entry.
    ///
    /// # Errors
    /// [`Error::Missing`] when the branch is not in the batch, [`Error::Type`] when it holds
    /// something else.
    pub fn fixed<T: Scalar>(&self, branch: &str) -> Result<&[T], Error> {
        let column = self.column(branch)?;
        column
            .as_fixed()
            .map_err(|_| mismatch::<T>(branch, column, false))
    }

    /// A branch of one vector per entry.
    ///
    /// # Errors
    /// As [`Batch::fixed`].
    pub fn vectors<'a, T: Scalar>(&'a self, branch: &'a str) -> Result<Vectors<'a, T>, Error> {
        let column = self.column(branch)?;
        let values = column
            .as_jagged()
            .map_err(|_| mismatch::<T>(branch, column, true))?;
        Ok(Vectors {
            branch,
            first_entry: self.first_entry,
            values,
        })
    }

    fn column(&self, branch: &str) -> Result<&Column, Error> {
        let found = self.columns.iter().find(|(held, _)| held.name == branch);
        found
            .map(|(_, column)| column)
            .ok_or_else(|| Error::Missing {
                branch: branch.to_owned(),
            })
    }
}

fn mismatch<T: Scalar>(branch: &str, column: &Column, is_vector: bool) -> Error {
    Error::Type {
        branch: branch.to_owned(),
        wanted: BranchType {
            scalar: T::TYPE,
            is_vector,
        },
        found: BranchType::of(column),
    }
}

/// The vectors of one branch, one per entry of a [`Batch`].
#[derive(Clone, Copy, Debug)]
pub struct Vectors<'a, T> {
    branch: &'a str,
    first_entry: u64,
    values: Jagged<'a, T>,
}

impl<'a, T: Scalar> Vectors<'a, T> {
    /// The first `wanted` values of the vector of `entry` (counted from the batch's first).
    ///
    /// # Errors
    /// [`Error::ShortVector`] when there are fewer.
    #[inline]
    pub fn leading(&self, entry: usize, wanted: u32) -> Result<&'a [T], Error> {
        let values = self.values.get(entry);
        values
            .get(..wanted as usize)
            .ok_or_else(|| self.short(entry, wanted, values.len()))
    }

    /// The offsets of all entries, as [`Jagged::offsets`].
    pub(crate) fn offsets(&self) -> &'a [u32] {
        self.values.offsets()
    }

    /// The flat values of all entries.
    pub(crate) fn values(&self) -> &'a [T] {
        self.values.values()
    }

    #[cold]
    fn short(&self, entry: usize, wanted: u32, found: usize) -> Error {
        Error::ShortVector {
            branch: self.branch.to_owned(),
            entry: self.first_entry.saturating_add(entry as u64),
            wanted,
            found,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::mini;

    fn batch() -> Batch {
        let mut batch = Batch::new(1000, 3);
        let pt = Column::jagged(vec![0, 2, 2, 3], vec![1.0f32, 2.0, 3.0]).unwrap();
        batch.insert(mini("lep_pt").unwrap(), pt).unwrap();
        let n = Column::fixed(vec![2u32, 1, 1]);
        batch.insert(mini("lep_n").unwrap(), n).unwrap();
        batch
    }

    #[test]
    fn values_are_found_by_name() {
        let batch = batch();
        assert_eq!(batch.fixed::<u32>("lep_n").unwrap(), [2, 1, 1]);
        let pt = batch.vectors::<f32>("lep_pt").unwrap();
        assert_eq!(pt.leading(0, 1).unwrap(), [1.0]);
        assert_eq!(pt.leading(2, 1).unwrap(), [3.0]);
    }

    #[test]
    fn a_short_vector_is_named_with_its_entry() {
        let batch = batch();
        let pt = batch.vectors::<f32>("lep_pt").unwrap();
        assert_eq!(
            pt.leading(1, 1).unwrap_err().to_string(),
            "branch `lep_pt` holds 0 values in entry 1001, which has 1 objects"
        );
        assert!(pt.leading(0, u32::MAX).is_err());
        assert!(pt.leading(usize::MAX, 1).is_err());
    }

    #[test]
    fn another_type_is_named_when_inserted_and_when_asked_for() {
        let mut batch = batch();
        let error = batch
            .insert(mini("lep_type").unwrap(), Column::fixed(vec![11i32; 3]))
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "branch `lep_type` holds int32_t where std::vector<uint32_t> is wanted"
        );
        let error = batch.fixed::<f64>("lep_pt").unwrap_err();
        assert_eq!(
            error.to_string(),
            "branch `lep_pt` holds std::vector<float> where double is wanted"
        );
        assert_eq!(
            batch.vectors::<f32>("jet_pt").unwrap_err().to_string(),
            "branch `jet_pt` was not read"
        );
    }

    #[test]
    fn another_length_is_refused() {
        let mut batch = batch();
        let error = batch
            .insert(mini("jet_n").unwrap(), Column::fixed(vec![0u32; 2]))
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "branch `jet_n` holds 2 entries of the 3 from entry 1000 on"
        );
    }
}
