//! What a merge will do, before it does it: a function of the inputs' descriptions alone.

mod tree;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::Serialize;

use crate::error::MergeError;
use crate::input::Input;
use crate::object::{self, Action};
use crate::request::Request;
use crate::schema::Branch;
use crate::task;

/// What goes where: all inputs in order, so many times over.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// The names of the inputs.
    pub inputs: Vec<Arc<str>>,
    /// How often the run of inputs is repeated.
    pub copies: u64,
    /// The trees of the output.
    pub trees: Vec<TreePlan>,
    /// Its other objects.
    pub objects: Vec<ObjectPlan>,
    /// The paths and titles of its directories, each before those in it.
    pub directories: Vec<(Arc<str>, Arc<str>)>,
    /// The paths of all that is in the output, in the order in which the inputs hold it.
    #[serde(skip)]
    pub(crate) order: Vec<Arc<str>>,
    /// The inputs in the order of the output, with the number of the copy.
    #[serde(skip)]
    pub(crate) sequence: Vec<(usize, u64)>,
}

/// A tree of the output.
#[derive(Clone, Debug, Serialize)]
pub struct TreePlan {
    /// Its path.
    pub path: Arc<str>,
    /// The entries it will have.
    pub entries: u64,
    /// The baskets that will be copied.
    pub baskets: u64,
    /// The bytes of these baskets.
    pub basket_bytes: u64,
    /// The baskets in the inputs' own tree records, which will be joined to longer ones.
    pub embedded_baskets: u64,
    /// For each input, the entries it gives to each copy; none where it has no such tree.
    pub entries_per_input: Vec<Option<u64>>,
    /// Branches that some inputs lack, whose entries get zeros there.
    pub filled: Vec<String>,
    /// Branches that some inputs lack, which are left out.
    pub dropped: Vec<String>,
    /// Its branches, those within branches too.
    #[serde(skip)]
    pub(crate) branches: Vec<PlannedBranch>,
    /// For each input, the number of the tree in it, and of each of the branches.
    #[serde(skip)]
    pub(crate) parts: Vec<Option<(usize, BranchMap)>>,
}

/// For each planned branch, its number in an input's tree, where that has it.
pub(crate) type BranchMap = Arc<[Option<usize>]>;
/// The inputs that have something, and its number there.
type Holders = Vec<(usize, usize)>;

/// A branch of a tree of the output.
#[derive(Clone, Debug)]
pub(crate) struct PlannedBranch {
    pub branch: Branch,
    /// The input whose description of it is taken, and its number there.
    pub from: (usize, usize),
}

/// An object of the output that is no tree.
#[derive(Clone, Debug, Serialize)]
pub struct ObjectPlan {
    /// Its path.
    pub path: Arc<str>,
    /// Its class.
    pub class: Arc<str>,
    /// What becomes of those of the inputs.
    pub action: Action,
    /// How many inputs hold one.
    pub inputs: usize,
    /// How many such objects the output is made of: copies count.
    pub times: u64,
    /// The inputs that hold one, and its number there.
    #[serde(skip)]
    pub(crate) from: Vec<(usize, usize)>,
}

impl Plan {
    /// Plans what `request` asks of `inputs`.
    ///
    /// # Errors
    /// When the inputs hold nothing, or differ where they must not ([`MergeError::Schema`]).
    pub fn new(inputs: &[Input], request: &Request) -> Result<Self, MergeError> {
        if request.copies == 0 {
            return Err(MergeError::NoCopies);
        }
        let copies = 0..request.copies;
        let mut plan = Self {
            sequence: copies
                .flat_map(|copy| (0..inputs.len()).map(move |input| (input, copy)))
                .collect(),
            inputs: inputs.iter().map(|input| Arc::clone(&input.name)).collect(),
            copies: request.copies,
            trees: tree::trees(inputs, request)?,
            objects: objects(inputs)?,
            directories: directories(inputs),
            order: order(inputs),
        };
        if plan.trees.is_empty() && plan.objects.is_empty() && plan.directories.is_empty() {
            return Err(MergeError::NothingToMerge);
        }
        plan.count(inputs, request);
        Ok(plan)
    }

    /// The bytes of all baskets that entries stand in, those in tree records (expanded) too.
    pub fn bytes(&self, inputs: &[Input]) -> u64 {
        let times = self.times();
        let inputs = times
            .iter()
            .enumerate()
            .map(|(input, &times)| self.weight(inputs, input).saturating_mul(times));
        inputs.fold(0, u64::saturating_add)
    }

    /// The plan of one of several outputs, of which the first is to have the entries of about
    /// `bytes` bytes of baskets, and so on: each has whole inputs, at least one.
    pub fn parts(&self, inputs: &[Input], request: &Request, bytes: u64) -> Vec<Self> {
        let weights: Vec<u64> = (0..inputs.len())
            .map(|input| self.weight(inputs, input))
            .collect();
        let mut parts = Vec::new();
        let (mut sequence, mut size) = (Vec::new(), 0u64);
        for &(input, copy) in &self.sequence {
            let weight = weights.get(input).copied().unwrap_or(0);
            if !sequence.is_empty() && size.saturating_add(weight) > bytes {
                parts.push(self.part(inputs, request, std::mem::take(&mut sequence)));
                size = 0;
            }
            sequence.push((input, copy));
            size = size.saturating_add(weight);
        }
        parts.push(self.part(inputs, request, sequence));
        parts
    }

    /// Bytes of baskets that the input numbered `input` gives.
    fn weight(&self, inputs: &[Input], input: usize) -> u64 {
        let trees = self
            .trees
            .iter()
            .filter_map(|tree| task::part(tree, inputs, input));
        let baskets = trees.flat_map(|(tree, map)| task::uses(tree, map));
        baskets.map(|basket| u64::from(basket.nbytes)).sum()
    }

    fn part(&self, inputs: &[Input], request: &Request, sequence: Vec<(usize, u64)>) -> Self {
        let mut part = Self {
            sequence,
            ..self.clone()
        };
        part.count(inputs, request);
        part
    }

    /// How often each input is in the output.
    pub(crate) fn times(&self) -> Vec<u64> {
        let mut times = vec![0; self.inputs.len()];
        for &(input, _) in &self.sequence {
            if let Some(times) = times.get_mut(input) {
                *times += 1;
            }
        }
        times
    }

    /// Fills in what depends on which inputs are there how often.
    fn count(&mut self, inputs: &[Input], request: &Request) {
        let times = self.times();
        let of = |input: usize| times.get(input).copied().unwrap_or(0);
        for object in &mut self.objects {
            object.times = object.from.iter().map(|&(input, _)| of(input)).sum();
        }
        for tree in &mut self.trees {
            let mut counts = [0u64; 4];
            for input in 0..inputs.len() {
                let Some((held, map)) = task::part(tree, inputs, input) else {
                    continue;
                };
                let written = if request.shared {
                    of(input).min(1)
                } else {
                    of(input)
                };
                let mut add = |count: usize, value: u64, times: u64| {
                    if let Some(count) = counts.get_mut(count) {
                        *count = count.saturating_add(value.saturating_mul(times));
                    }
                };
                add(0, held.entries, of(input));
                for basket in task::uses(held, map) {
                    if basket.is_stored() {
                        add(1, 1, written);
                        add(2, basket.nbytes.into(), written);
                    } else {
                        add(3, 1, written);
                    }
                }
            }
            [
                tree.entries,
                tree.baskets,
                tree.basket_bytes,
                tree.embedded_baskets,
            ] = counts;
        }
    }

    /// The bytes of baskets that will be written, as far as they are known before.
    pub fn basket_bytes(&self) -> u64 {
        self.trees.iter().map(|tree| tree.basket_bytes).sum()
    }
}

/// For each path in order of first appearance, the inputs that have it and its number there.
fn by_path<'a, T: 'a>(
    inputs: &'a [Input],
    items: fn(&Input) -> &[T],
    path: fn(&T) -> &Arc<str>,
) -> Vec<(Arc<str>, Holders)> {
    let mut places: HashMap<&Arc<str>, usize> = HashMap::new();
    let mut found: Vec<(Arc<str>, Holders)> = Vec::new();
    for (number, input) in inputs.iter().enumerate() {
        for (index, item) in items(input).iter().enumerate() {
            let path = path(item);
            let place = *places.entry(path).or_insert_with(|| {
                found.push((Arc::clone(path), Vec::new()));
                found.len() - 1
            });
            if let Some((_, holders)) = found.get_mut(place) {
                holders.push((number, index));
            }
        }
    }
    found
}

fn refuse<T>(
    inputs: &[Input],
    first: usize,
    other: usize,
    difference: String,
) -> Result<T, MergeError> {
    let name = |index: usize| {
        inputs
            .get(index)
            .map(|input| input.name.to_string())
            .unwrap_or_default()
    };
    Err(MergeError::Schema {
        file: name(other),
        difference,
        first: name(first),
    })
}

fn objects(inputs: &[Input]) -> Result<Vec<ObjectPlan>, MergeError> {
    let found = by_path(inputs, |input| &input.objects, |object| &object.path);
    let plans = found.into_iter().map(|(path, from)| {
        let mut classes = from.iter().filter_map(|&(number, object)| {
            let input = inputs.get(number)?;
            let class = &input.objects.get(object)?.class;
            Some((number, class, &input.layouts.all))
        });
        let (first, class, layouts) = classes.next().ok_or(MergeError::NothingToMerge)?;
        let action = object::action(class, layouts);
        let merged = |class, layouts| object::action(class, layouts) != Action::Keep;
        let is_merged = merged(class, layouts);
        let clash = classes
            .find(|(_, other, layouts)| *other != class && (is_merged || merged(other, layouts)));
        if let Some((other, differs, _)) = clash {
            return refuse(
                inputs,
                first,
                other,
                format!("{path} is a {differs}, not a {class}"),
            );
        }
        let mut holders: Vec<usize> = from.iter().map(|(input, _)| *input).collect();
        holders.dedup();
        Ok(ObjectPlan {
            action,
            class: Arc::clone(class),
            inputs: holders.len(),
            times: 0,
            path,
            from,
        })
    });
    plans.collect()
}

fn directories(inputs: &[Input]) -> Vec<(Arc<str>, Arc<str>)> {
    let found = by_path(inputs, |input| &input.directories, |(path, _)| path);
    let titled = found.into_iter().map(|(path, from)| {
        let title = from
            .first()
            .and_then(|&(input, index)| inputs.get(input)?.directories.get(index))
            .map(|(_, title)| Arc::clone(title));
        (path, title.unwrap_or_default())
    });
    let mut directories: Vec<_> = titled.collect();
    // Those of a later input may lie in one of an earlier.
    directories.sort_by_key(|(path, _)| path.matches('/').count());
    directories
}

/// The paths of all that the inputs hold, in the order in which they first appear.
fn order(inputs: &[Input]) -> Vec<Arc<str>> {
    let mut met = HashSet::new();
    let mut order = Vec::new();
    let mut last: Option<&Arc<[Arc<str>]>> = None;
    for input in inputs {
        // Inputs of one kind share the list.
        if !last.is_some_and(|last| Arc::ptr_eq(last, &input.order)) {
            order.extend(input.order.iter().filter(|path| met.insert(*path)).cloned());
        }
        last = Some(&input.order);
    }
    order
}
