//! Planning the trees: which branches the merged one has, and where they stand in each input.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{BranchMap, PlannedBranch, TreePlan, by_path, refuse};
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
        filled,
        dropped,
        index: None,
        left_out: trees
            .first()
            .map_or(Vec::new(), |(_, first)| first.left_out.to_vec()),
        branches,
        parts,
    };
    plan.index = match index::plan(&plan, inputs, request.schema) {
        Ok(index) => index,
        Err((other, difference)) => {
            let first = trees.first().map_or(0, |(input, _)| *input);
            return refuse(inputs, first, other, difference);
        }
    };
    Ok(plan)
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

type Columns = (Vec<PlannedBranch>, Vec<String>, Vec<String>);

/// The branches of the merged tree, those that some inputs lack, those that are left out.
fn columns(
    inputs: &[Input],
    path: &str,
    trees: &[(usize, &InputTree)],
    schema: Schema,
) -> Result<Columns, MergeError> {
    let Some(&(first, tree)) = trees.first() else {
        return Err(MergeError::NothingToMerge);
    };
    let planned = |from: usize, index: usize, branch: &Branch| PlannedBranch {
        branch: branch.clone(),
        from: (from, index),
    };
    let mut branches: Vec<PlannedBranch> = tree
        .branches
        .iter()
        .enumerate()
        .map(|(index, branch)| planned(first, index, branch))
        .collect();
    // Inputs that share one description need to be held against it only once.
    let mut kinds: Vec<(usize, &Arc<[Branch]>)> = vec![(first, &tree.branches)];
    for &(input, other) in trees.iter().skip(1) {
        if kinds
            .iter()
            .any(|(_, known)| Arc::ptr_eq(known, &other.branches))
        {
            continue;
        }
        kinds.push((input, &other.branches));
        if schema == Schema::Strict {
            if let Some(difference) = schema::difference(path, &tree.branches, &other.branches) {
                return refuse(inputs, first, input, difference);
            }
            continue;
        }
        let mut places: HashMap<String, usize> = HashMap::new();
        for (index, known) in branches.iter().enumerate() {
            places.insert(known.branch.path.clone(), index);
        }
        for (index, branch) in other.branches.iter().enumerate() {
            match places
                .get(&branch.path)
                .and_then(|&place| branches.get(place))
            {
                Some(known) if known.branch.description != branch.description => {
                    let difference = schema::clash(&known.branch, branch);
                    return refuse(
                        inputs,
                        known.from.0,
                        input,
                        format!("tree {path} {difference}"),
                    );
                }
                Some(_) => {}
                None => branches.push(planned(input, index, branch)),
            }
        }
    }
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
            return refuse(inputs, lacking.from.0, first, what);
        }
        names.push(lacking.branch.path.clone());
    }
    if schema == Schema::Intersect {
        branches.retain(is_everywhere);
        return Ok((branches, Vec::new(), names));
    }
    Ok((branches, names, Vec::new()))
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
