//! Other values in every copy, so that copies of one event can be told apart.

use std::collections::HashSet;

use rootlake_io::column::{ScalarType, Values};
use rootlake_io::file::{ReadAt, RootFile};
use rootlake_io::tree::{Branch, ColumnKind, ColumnReader};

use crate::error::MergeError;
use crate::plan::Plan;
use crate::plan::tree::PlannedBranch;
use crate::request::{Request, Vary, VaryBranch};
use crate::store::Store;
use crate::survey::input::Input;

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
        if request.shared {
            return Err(refused(&vary.branch, "all copies share their baskets"));
        }
        kind(plan, &vary.branch)?;
    }
    Ok(())
}

/// The type of the integers in the branch `path`, in whichever trees have it.
fn kind(plan: &Plan, path: &str) -> Result<ScalarType, MergeError> {
    let mut found = None;
    for planned in plan.trees.iter().flat_map(|tree| &tree.branches) {
        if planned.branch.path != path {
            continue;
        }
        match planned.branch.kind {
            Some(ColumnKind::Fixed(scalar)) if limit(scalar).is_some() => found = Some(scalar),
            _ => return Err(refused(path, "it does not hold one integer for each entry")),
        }
    }
    found.ok_or_else(|| refused(path, "it is in no tree"))
}

fn refused(branch: &str, reason: impl Into<String>) -> MergeError {
    MergeError::Vary {
        branch: branch.to_owned(),
        reason: reason.into(),
    }
}

/// The largest number of a type of integers.
fn limit(scalar: ScalarType) -> Option<i128> {
    Some(match scalar {
        ScalarType::I8 => i8::MAX.into(),
        ScalarType::U8 => u8::MAX.into(),
        ScalarType::I16 => i16::MAX.into(),
        ScalarType::U16 => u16::MAX.into(),
        ScalarType::I32 => i32::MAX.into(),
        ScalarType::U32 => u32::MAX.into(),
        ScalarType::I64 => i64::MAX.into(),
        ScalarType::U64 => u64::MAX.into(),
        ScalarType::F32 | ScalarType::F64 | ScalarType::Bool => return None,
    })
}

/// Finds the steps by which branches grow from copy to copy. It reads these branches. Where no
/// step is asked for, it is the least that keeps the numbers of all copies apart.
///
/// # Errors
/// When a branch holds no integers, when copies would share numbers, or when those of the last copy
/// would not fit the branch's type.
pub fn steps<S: Store>(
    asked: &[VaryBranch],
    plan: &Plan,
    inputs: &[Input],
    store: &S,
) -> Result<Vec<Vary>, MergeError> {
    let steps = asked.iter().map(|asked| {
        let path = &asked.branch;
        let most = limit(kind(plan, path)?).unwrap_or(0);
        let Some((least, largest)) = span(path, plan, inputs, store)? else {
            return Ok(Vary {
                branch: path.clone(),
                step: asked.step.unwrap_or(1),
            });
        };
        let apart = largest - least + 1;
        let step = asked.step.map_or(apart, i128::from);
        if step < apart && plan.copies > 1 {
            let reason = format!(
                "its numbers go from {least} to {largest}: with a step of {step}, copies share some"
            );
            return Err(refused(path, reason));
        }
        let last = i128::from(plan.copies - 1)
            .checked_mul(step)
            .and_then(|added| added.checked_add(largest));
        match (u64::try_from(step), last) {
            (Ok(step), Some(last)) if last <= most => Ok(Vary {
                branch: path.clone(),
                step,
            }),
            _ => Err(refused(
                path,
                format!(
                    "with a step of {step}, the largest number, {largest}, of copy {} is past the \
                     {most} that its type can hold",
                    plan.copies
                ),
            )),
        }
    });
    steps.collect()
}

/// The least and the largest number of the branch `path` in all inputs; none where there is no
/// entry.
fn span<S: Store>(
    path: &str,
    plan: &Plan,
    inputs: &[Input],
    store: &S,
) -> Result<Option<(i128, i128)>, MergeError> {
    let mut met = HashSet::new();
    let mut all: Option<(i128, i128)> = None;
    for (number, input) in inputs.iter().enumerate() {
        if !met.insert(&input.name) {
            continue;
        }
        let held = plan.trees.iter().filter_map(|tree| {
            let planned = &tree.branches;
            let branch = planned.iter().position(|b| b.branch.path == path)?;
            let (held, map) = tree.part(inputs, number)?;
            Some((held, map.get(branch).copied().flatten()?))
        });
        let file = RootFile::open(input.open(store)?, &input.name)?;
        for (held, own) in held {
            let tree = held.read(&file, input)?;
            let branch = tree.branches.get(own).ok_or(MergeError::NothingToMerge)?;
            let found = branch_span(&file, branch)?;
            all = all
                .into_iter()
                .chain(found)
                .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        }
    }
    Ok(all)
}

/// The least and the largest number of one branch, read basket by basket.
fn branch_span(
    file: &RootFile<impl ReadAt>,
    branch: &Branch,
) -> Result<Option<(i128, i128)>, MergeError> {
    let mut reader = ColumnReader::default();
    let mut all: Option<(i128, i128)> = None;
    for basket in &branch.baskets {
        let record = |seek, nbytes| {
            let length = usize::try_from(nbytes).unwrap_or(usize::MAX);
            file.source().read_at(seek, length)
        };
        let entries = basket.first_entry..basket.end_entry();
        let column = reader.column(branch, entries, record);
        let column = column.map_err(|error| error.in_file(file.name()))?;
        let found = ends(column.values());
        all = all
            .into_iter()
            .chain(found)
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    }
    Ok(all)
}

/// The least and the largest of integers.
fn ends(values: &Values) -> Option<(i128, i128)> {
    fn of<T: Copy + Ord + Into<i128>>(values: &[T]) -> Option<(i128, i128)> {
        let least = *values.iter().min()?;
        let largest = *values.iter().max()?;
        Some((least.into(), largest.into()))
    }
    match values {
        Values::I8(values) => of(values),
        Values::U8(values) => of(values),
        Values::I16(values) => of(values),
        Values::U16(values) => of(values),
        Values::I32(values) => of(values),
        Values::U32(values) => of(values),
        Values::I64(values) => of(values),
        Values::U64(values) => of(values),
        _ => None,
    }
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
