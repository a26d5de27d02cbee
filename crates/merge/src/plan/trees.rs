//! Planning the trees: which branches the merged one has, and where they stand in each input.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::paths::{by_path, refuse};
use super::tree::{BranchMap, Differences, PlannedBranch, TreePlan};
use crate::error::MergeError;
use crate::index;
use crate::request::Request;
use crate::schema::{self, Branch, Schema};
use crate::survey::input::{Input, InputTree};

pub(super) fn trees(inputs: &[Input], request: &Request) -> Result<Vec<TreePlan>, MergeError> {
    let found = by_path(inputs, |input| &input.trees, |tree: &InputTree| &tree.path);
    let plans = found.into_iter().map(|(path, holders)| {
        if request.schema == Schema::Strict && holders.len() < inputs.len() {
            let lacking = (0..inputs.len()).find(|index| holders.iter().all(|(i, _)| i != index));
            let first = holders.first().map_or(0, |&(input, _)| input);
            return refuse(
                inputs,
                first,
                lacking.unwrap_or_default(),
                format!("it has no tree {path}"),
            );
        }
        tree(inputs, path, &holders, request)
    });
    plans.collect()
}

fn tree(
    inputs: &[Input],
    path: Arc<str>,
    holders: &[(usize, usize)],
    request: &Request,
) -> Result<TreePlan, MergeError> {
    let held = |&(input, tree): &(usize, usize)| {
        let tree = inputs.get(input).and_then(|input| input.trees.get(tree))?;
        Some((input, tree))
    };
    let trees: Vec<(usize, &InputTree)> = holders.iter().filter_map(held).collect();
    let (branches, filled, dropped) = columns(inputs, &path, &trees, request.schema)?;
    let mut maps: Vec<(&Arc<[Branch]>, BranchMap)> = Vec::new();
    let mut parts = vec![None; inputs.len()];
    for (&(input, number), (_, tree)) in holders.iter().zip(&trees) {
        let known = maps.iter().find(|(of, _)| Arc::ptr_eq(of, &tree.branches));
        let map = match known {
            Some((_, map)) => Arc::clone(map),
            None => {
                let map = map(&branches, &tree.branches);
                maps.push((&tree.branches, Arc::clone(&map)));
                map
            }
        };
        if let Some(part) = parts.get_mut(input) {
            *part = Some((number, map));
        }
    }
    let mut entries_per_input = vec![None; inputs.len()];
    for (input, tree) in &trees {
        if let Some(entries) = entries_per_input.get_mut(*input) {
            *entries = Some(tree.entries);
        }
    }
    let mut plan = TreePlan {
        path,
        entries: 0,
        baskets: 0,
        basket_bytes: 0,
        embedded_baskets: 0,
        entries_per_input,
        differences: Differences {
            filled,
            dropped,
            index: None,
            left_out: left_out(inputs, &trees),
        },
        branches,
        parts,
    };
    plan.differences.index = match index::plan(&plan, inputs, request.schema) {
        Ok(index) => index,
        Err((other, difference)) => {
            let first = trees.first().map_or(0, |(input, _)| *input);
            return refuse(inputs, first, other, difference);
        }
    };
    Ok(plan)
}

/// What the merged tree lacks of what the inputs' trees keep beside their branches: it has what that
/// of the first input keeps, as far as this can be written elsewhere.
fn left_out(inputs: &[Input], trees: &[(usize, &InputTree)]) -> Vec<String> {
    let Some(((_, first), others)) = trees.split_first() else {
        return Vec::new();
    };
    let mut differing: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (input, other) in others {
        if Arc::ptr_eq(&first.beside, &other.beside) {
            continue;
        }
        for member in other.beside.not_in(&first.beside) {
            differing.entry(member).or_insert((*input, 0)).1 += 1;
        }
    }
    let name = |input: usize| inputs.get(input).map_or("", |input| &*input.name);
    let differing = differing.into_iter().map(|(member, (input, count))| {
        let more = match count {
            1 => String::new(),
            _ => format!(" and of {} more", count - 1),
        };
        format!(
            "{member} of {}{more}: not what the first input has",
            name(input)
        )
    });
    first.left_out.iter().cloned().chain(differing).collect()
}

/// Where each of `branches` stands in `other`.
fn map(branches: &[PlannedBranch], other: &[Branch]) -> BranchMap {
    let places: HashMap<&str, usize> = other
        .iter()
        .enumerate()
        .map(|(index, branch)| (branch.path.as_str(), index))
        .collect();
    branches
        .iter()
        .map(|planned| places.get(planned.branch.path.as_str()).copied())
        .collect()
}

/// The branches of the merged tree, those that are filled where inputs lack them, those left out.
type Columns = (Vec<PlannedBranch>, Vec<String>, Vec<String>);

/// The branches that the merged tree of `trees`, each with the number of its input, has.
fn columns(
    inputs: &[Input],
    path: &str,
    trees: &[(usize, &InputTree)],
    schema: Schema,
) -> Result<Columns, MergeError> {
    let kinds = kinds(trees);
    let Some(&first) = kinds.first() else {
        return Err(MergeError::NothingToMerge);
    };
    let mut branches = match schema {
        Schema::Strict => {
            same(inputs, path, &kinds)?;
            planned(first).collect()
        }
        Schema::Union | Schema::Intersect => together(inputs, path, &kinds)?,
    };
    let kinds: Vec<Paths<'_>> = kinds.iter().map(|(_, branches)| paths(branches)).collect();
    let is_everywhere = |planned: &PlannedBranch| {
        let path = planned.branch.path.as_str();
        kinds.iter().all(|kind| kind.contains(path))
    };
    let mut names = Vec::new();
    for lacking in branches.iter().filter(|planned| !is_everywhere(planned)) {
        if let Some(why) = obstacle(&lacking.branch, &kinds, schema) {
            let what = format!(
                "tree {path} branch {} is not in every input, and cannot be {why}: {}",
                lacking.branch.path, lacking.branch.description
            );
            return refuse(inputs, lacking.from.0, first.0, what);
        }
        names.push(lacking.branch.path.clone());
    }
    if schema == Schema::Intersect {
        branches.retain(is_everywhere);
        return Ok((branches, Vec::new(), names));
    }
    Ok((branches, names, Vec::new()))
}

/// The number of an input, and the branches of its tree.
type Kind<'a> = (usize, &'a Arc<[Branch]>);

/// Of the inputs that share one description of their branches, the first.
fn kinds<'a>(trees: &[(usize, &'a InputTree)]) -> Vec<Kind<'a>> {
    let mut kinds: Vec<Kind<'_>> = Vec::new();
    for &(input, tree) in trees {
        let is_known = |(_, known): &Kind<'_>| Arc::ptr_eq(known, &tree.branches);
        if !kinds.iter().any(is_known) {
            kinds.push((input, &tree.branches));
        }
    }
    kinds
}

/// The branches of a kind, as those of the merged tree.
fn planned((input, branches): Kind<'_>) -> impl Iterator<Item = PlannedBranch> {
    let numbered = branches.iter().enumerate();
    numbered.map(move |(index, branch)| PlannedBranch {
        branch: branch.clone(),
        from: (input, index),
    })
}

/// Refuses branches that differ from those of the first kind.
fn same(inputs: &[Input], path: &str, kinds: &[Kind<'_>]) -> Result<(), MergeError> {
    let Some(((first, own), others)) = kinds.split_first() else {
        return Ok(());
    };
    for (input, other) in others {
        if let Some(difference) = schema::difference(path, own, other) {
            return refuse(inputs, *first, *input, difference);
        }
    }
    Ok(())
}

/// The branches of all kinds, each where it was met first; refuses those of one path that differ.
fn together(
    inputs: &[Input],
    path: &str,
    kinds: &[Kind<'_>],
) -> Result<Vec<PlannedBranch>, MergeError> {
    let mut branches: Vec<PlannedBranch> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for &kind in kinds {
        let (input, held) = kind;
        let mut new = Vec::new();
        for (other, branch) in planned(kind).zip(held.iter()) {
            let known = places.get(branch.path.as_str());
            match known.and_then(|&place| branches.get(place)) {
                Some(known) if known.branch.description != branch.description => {
                    let clash = schema::clash(&known.branch, branch);
                    let difference = format!("tree {path} {clash}");
                    return refuse(inputs, known.from.0, input, difference);
                }
                Some(_) => {}
                None => new.push((branch.path.as_str(), other)),
            }
        }
        for (path, branch) in new {
            places.insert(path, branches.len());
            branches.push(branch);
        }
    }
    Ok(branches)
}

/// The paths of a tree's branches.
type Paths<'a> = HashSet<&'a str>;

fn paths(branches: &[Branch]) -> Paths<'_> {
    branches.iter().map(|branch| branch.path.as_str()).collect()
}

/// Why a branch that some of these kinds of a tree lack can be neither filled nor left out there.
fn obstacle(branch: &Branch, kinds: &[Paths<'_>], schema: Schema) -> Option<String> {
    // Where a branch is not, neither must be what it belongs to.
    let stays = |path: &&String| {
        let mut lack_it = kinds
            .iter()
            .filter(|kind| !kind.contains(branch.path.as_str()));
        lack_it.any(|kind| kind.contains(path.as_str()))
    };
    let done = match schema {
        Schema::Union => "filled",
        Schema::Strict | Schema::Intersect => "left out",
    };
    if let Some(parent) = branch.parent.as_ref().filter(stays) {
        return Some(format!("{done} alone, without {parent}"));
    }
    if schema != Schema::Union {
        return None;
    }
    match branch.counter.as_ref().filter(stays) {
        Some(counter) => Some(format!("filled where {counter} counts its items")),
        None => branch.blank.is_none().then(|| done.to_owned()),
    }
}
