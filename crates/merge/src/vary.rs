//! Other values in every copy, so that copies of one event can be told apart.

use rootlake_io::column::ScalarType;
use rootlake_io::tree::ColumnKind;

use crate::error::MergeError;
use crate::plan::{Plan, PlannedBranch};
use crate::request::Request;

/// What the copy numbered `copy` adds to the values of a branch, and their type; none where they
/// stay.
pub(crate) fn addend(
    request: &Request,
    planned: Option<&PlannedBranch>,
    copy: u64,
) -> Option<(ScalarType, u64)> {
    if copy == 0 || request.vary.is_empty() {
        return None;
    }
    let branch = &planned?.branch;
    let vary = request
        .vary
        .iter()
        .find(|vary| vary.branch == branch.path)?;
    match branch.kind {
        Some(ColumnKind::Fixed(scalar)) => Some((scalar, copy.wrapping_mul(vary.step))),
        _ => None,
    }
}

/// Adds `addend` to big-endian integers; beyond the type's range they wrap.
pub(crate) fn add(values: &mut [u8], scalar: ScalarType, addend: u64) {
    let width = scalar.width();
    let addend = addend.to_be_bytes();
    for value in values.chunks_exact_mut(width) {
        let mut carry = 0;
        for (byte, more) in value.iter_mut().rev().zip(addend.iter().rev()) {
            let sum = u16::from(*byte) + u16::from(*more) + carry;
            let [high, low] = sum.to_be_bytes();
            *byte = low;
            carry = high.into();
        }
    }
}

/// Checks that the branches to be varied are there and hold integers, one to an entry.
pub(crate) fn check(plan: &Plan, request: &Request) -> Result<(), MergeError> {
    for vary in &request.vary {
        let branches = plan.trees.iter().flat_map(|tree| &tree.branches);
        let mut kinds = branches
            .filter(|planned| planned.branch.path == vary.branch)
            .map(|planned| planned.branch.kind)
            .peekable();
        let found = kinds.peek().is_some();
        let integers = kinds.all(|kind| {
            matches!(kind, Some(ColumnKind::Fixed(scalar))
                if !matches!(scalar, ScalarType::F32 | ScalarType::F64 | ScalarType::Bool))
        });
        if !found || !integers || request.shared {
            return Err(MergeError::Unsupported {
                file: "the inputs".to_owned(),
                what: format!(
                    "copies that differ in branch {:?}, {},",
                    vary.branch,
                    if !found {
                        "which is in no tree"
                    } else if request.shared {
                        "while all copies share their baskets"
                    } else {
                        "which does not hold one integer for each entry"
                    }
                ),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_grow_with_carry_and_wrap() {
        let mut values = [0u8, 0, 0, 255, 255, 255, 255, 255];
        add(&mut values, ScalarType::U32, 258);
        assert_eq!(values, [0, 0, 2, 1, 0, 0, 1, 1]);
        let mut values = 5i64.to_be_bytes();
        add(&mut values, ScalarType::I64, u64::MAX);
        assert_eq!(i64::from_be_bytes(values), 4);
    }
}
