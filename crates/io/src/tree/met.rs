//! The classes of objects that entries alone name, from a branch's first baskets.

use bytes::Bytes;

use super::branch::Branch;
use super::column_reader::ColumnReader;
use super::format::{Classes, Format};
use crate::error::Result;
use crate::object::Layouts;

/// How deep such objects may stand in such objects.
const ROUNDS: usize = 8;
/// How many baskets are looked into: the collections of the first may be empty.
const BASKETS: usize = 4;

/// Puts the classes that the first baskets name into the formats of `branches`, where one holds
/// objects of which nothing else tells the class.
///
/// What cannot be read is left as it is: whoever reads the branch meets the error.
pub(super) fn resolve(
    branches: &mut [Branch],
    layouts: &Layouts,
    mut record: impl FnMut(u64, u32) -> Result<Bytes>,
) {
    for branch in branches {
        let own = branch.format.as_ref().filter(|format| format.has_any());
        if let Some(own) = own.and_then(Format::with_own_any) {
            branch.format = Some(own);
            (0..ROUNDS).all(|_| meet(branch, layouts, &mut record));
        }
    }
}

/// Whether a class was met that the branch's format did not hold.
fn meet(
    branch: &mut Branch,
    layouts: &Layouts,
    record: &mut impl FnMut(u64, u32) -> Result<Bytes>,
) -> bool {
    let classes = Classes::new(layouts);
    let mut reader = ColumnReader::default();
    for basket in branch.baskets.iter().take(BASKETS) {
        let entries = basket.first_entry..basket.end_entry();
        // An error says that such objects are there.
        let _ = reader.columns(branch, entries, &mut *record);
        let format = branch.format.as_ref();
        if let Some(format) = format.and_then(|format| format.with_met(&classes)) {
            let any_left = format.has_any();
            branch.format = Some(format);
            return any_left;
        }
    }
    false
}
