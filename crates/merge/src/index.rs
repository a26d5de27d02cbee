//! The indices of trees (`TTreeIndex`): their entries by number, which are others in a merged tree.
//!
//! As `TTreeIndex::Append` does, the keys of all inputs are put behind each other and sorted anew;
//! each leads to the entry that its own has become. Of equal keys the one of the earliest entry
//! comes first: that is what `TTree::GetEntryNumberWithIndex` finds. An input that has no such index
//! gets the keys that building one gives (`build`), as with `hadd`; so does one that has another, of
//! which `hadd` takes the keys for what they are not.

mod build;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rootlake_io::file::RootFile;
use rootlake_io::tree::{IndexKey, TreeIndex};

use crate::error::MergeError;
use crate::piece::Piece;
use crate::plan::tree::{BranchMap, IndexPlan, TreePlan};
use crate::request::Request;
use crate::schema::{self, Schema};
use crate::store::Store;
use crate::survey::index::IndexNames;
use crate::survey::input::{Input, InputTree};

/// Bytes of a key in a record.
const KEY_BYTES: u64 = 24;
/// The most bytes of keys in a record, whose byte counts end at 1 GiB; the names have room too.
const MOST_BYTES: u64 = (1 << 30) - (1 << 20);

/// What becomes of the indices of the inputs' trees, of which the merged one is made as `plan`
/// says. Those without entries need none.
///
/// # Errors
/// The input that lacks the index of others, and why it cannot be built there, where the schema is
/// strict.
pub(crate) fn plan(
    plan: &TreePlan,
    inputs: &[Input],
    schema: Schema,
) -> Result<Option<IndexPlan>, (usize, String)> {
    let parts = (0..inputs.len()).filter_map(|input| Some((input, plan.part(inputs, input)?)));
    let filled = parts.filter(|(_, (tree, _))| tree.entries > 0);
    let Some(names) = filled.clone().find_map(|(_, (tree, _))| tree.index.clone()) else {
        return Ok(None);
    };
    for (input, (tree, map)) in filled.filter(|(_, (tree, _))| tree.index != Some(names.clone())) {
        let Err(why) = build::Expressions::new(&names, plan, tree, map) else {
            continue;
        };
        if schema != Schema::Strict {
            return Ok(Some(IndexPlan::LeftOut(names.as_ref().clone())));
        }
        let told = |index: Option<&IndexNames>| match index {
            Some(IndexNames { major, minor }) => {
                format!("an index (fTreeIndex) of {major}, {minor}")
            }
            None => "no index (fTreeIndex)".to_owned(),
        };
        let (own, wanted) = (told(tree.index.as_deref()), told(Some(&names)));
        let difference = format!("tree {} has {own}, not {wanted}, and {why}", plan.path);
        return Err((input, difference));
    }
    Ok(Some(IndexPlan::Merged(names.as_ref().clone())))
}

/// Checks that the indices of all `trees` can be merged as `request` says.
///
/// # Errors
/// When one would have more keys than a record has room for, or it is not known what becomes of its
/// numbers where those of branches are varied.
pub(crate) fn check(trees: &[TreePlan], request: &Request) -> Result<(), MergeError> {
    for tree in trees {
        let Some(IndexPlan::Merged(names)) = &tree.differences.index else {
            continue;
        };
        let refused = |why: String| MergeError::Unsupported {
            file: "the inputs".to_owned(),
            what: format!("tree {}: its index (fTreeIndex): {why}; it", tree.path),
        };
        if tree.entries.saturating_mul(KEY_BYTES) > MOST_BYTES {
            let entries = tree.entries;
            return Err(refused(format!(
                "{entries} entries are more than a record has room for"
            )));
        }
        for name in [&names.major, &names.minor] {
            if step(name, tree, request).is_none() {
                return Err(refused(format!("what --vary makes of {name} is not known")));
            }
        }
    }
    Ok(())
}

/// By how much the values of the expression `name` grow from copy to copy; none where that is not
/// known.
fn step(name: &str, tree: &TreePlan, request: &Request) -> Option<u64> {
    let name = name.trim();
    let branches = tree.branches.iter().map(|planned| &planned.branch);
    let varied = |path: &str| request.vary.iter().find(|vary| vary.branch == path);
    let is_any = tree
        .branches
        .iter()
        .any(|planned| varied(&planned.branch.path).is_some());
    if !is_any || name.parse::<f64>().is_ok() {
        return Some(0);
    }
    let branch = &tree.branches.get(schema::called(branches, name)?)?.branch;
    Some(varied(&branch.path).map_or(0, |vary| vary.step))
}

/// The index of a merged tree that is a row of the pieces `sequence`; none where it has none.
///
/// # Errors
/// When an input cannot be read again.
pub(crate) fn merged(
    plan: &TreePlan,
    sequence: &[Piece],
    inputs: &[Input],
    request: &Request,
    store: &impl Store,
) -> Result<Option<TreeIndex>, MergeError> {
    let Some(IndexPlan::Merged(names)) = &plan.differences.index else {
        return Ok(None);
    };
    let steps = [&names.major, &names.minor].map(|name| step(name, plan, request).unwrap_or(0));
    let mut known: HashMap<usize, TreeIndex> = HashMap::new();
    let mut merged: Option<TreeIndex> = None;
    let mut first_entry = 0;
    for piece in sequence {
        let Some((tree, map)) = plan.part(inputs, piece.input) else {
            continue;
        };
        let range = piece.entries(tree.entries);
        let start = first_entry;
        first_entry += range.end - range.start;
        if range.is_empty() {
            continue;
        }
        let index = match known.entry(piece.input) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let input = inputs.get(piece.input).ok_or(MergeError::NothingToMerge)?;
                place.insert(own(names, plan, (tree, map), input, store)?)
            }
        };
        let all = merged.get_or_insert_with(|| index.with_keys(Vec::new()));
        let [major, minor] = steps.map(|step| step.wrapping_mul(piece.copy).cast_signed());
        let own = index.keys.iter().filter_map(|key| {
            let entry = u64::try_from(key.entry)
                .ok()
                .filter(|entry| range.contains(entry))?;
            Some(IndexKey {
                major: key.major.wrapping_add(major),
                minor: key.minor.wrapping_add(minor),
                entry: i64::try_from(start + (entry - range.start)).ok()?,
            })
        });
        all.keys.extend(own);
    }
    if let Some(all) = &mut merged {
        all.keys.sort_unstable();
    }
    Ok(merged)
}

/// The index of `input`'s tree: read once more, or built where it has no such one.
fn own(
    names: &IndexNames,
    plan: &TreePlan,
    (held, map): (&InputTree, &BranchMap),
    input: &Input,
    store: &impl Store,
) -> Result<TreeIndex, MergeError> {
    let file = RootFile::open(store.open(&input.name)?, &input.name)?;
    let tree = held.read(&file, input)?;
    let index = if held.index.as_deref() == Some(names) {
        TreeIndex::of(&tree.graph)?
    } else {
        let expressions = build::Expressions::new(names, plan, held, map);
        let expressions = expressions.map_err(|_| MergeError::Thread)?;
        Some(
            TreeIndex::new(names.major.clone(), names.minor.clone())
                .with_keys(expressions.keys(&file, &tree)?),
        )
    };
    input.unchanged(store, file.source())?;
    index.ok_or(MergeError::Thread)
}
