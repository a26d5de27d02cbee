//! What a merge will do, before it does it: a function of the inputs' descriptions alone.

mod objects;
mod parts;
mod tree;

pub use objects::ObjectPlan;
pub use parts::Division;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rootlake_io::tree::BasketPlace;
use serde::Serialize;

use crate::error::MergeError;
use crate::index::IndexPlan;
use crate::piece::Piece;
use crate::processes::{self, ProcessPlan};
use crate::request::Request;
use crate::schema::Branch;
use crate::survey::input::{Input, InputTree};

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
    /// What becomes of the processes of references, where inputs hold others than each other.
    #[serde(skip)]
    pub(crate) processes: Option<ProcessPlan>,
    /// The pieces that the output is a row of.
    #[serde(rename = "pieces", serialize_with = "ends")]
    pub(crate) sequence: Vec<Piece>,
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
    /// What becomes of the indices of the inputs' trees, if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<IndexPlan>,
    /// Why objects that the first input's tree holds beside its branches (`fUserInfo`) are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
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
                .flat_map(|copy| (0..inputs.len()).map(move |input| Piece::whole(input, copy)))
                .collect(),
            inputs: inputs.iter().map(|input| Arc::clone(&input.name)).collect(),
            copies: request.copies,
            trees: tree::trees(inputs, request)?,
            objects: objects::objects(inputs)?,
            directories: directories(inputs),
            order: order(inputs),
            processes: processes::plan(inputs)?,
        };
        if plan.processes.is_some() {
            let objects = &mut plan.objects;
            objects.retain(|object| &*object.class != processes::CLASS);
        }
        let is_empty =
            plan.trees.is_empty() && plan.objects.is_empty() && plan.directories.is_empty();
        if inputs.is_empty() || is_empty && !request.may_be_empty {
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

    /// Bytes of baskets that the input numbered `input` gives.
    fn weight(&self, inputs: &[Input], input: usize) -> u64 {
        let trees = self.trees.iter();
        let held = trees.filter_map(|tree| tree.part(inputs, input));
        let baskets = held.flat_map(|(tree, map)| tree.taken(map));
        baskets.map(|basket| u64::from(basket.nbytes)).sum()
    }

    /// How often each input's objects are in the output: they go with its first entries.
    pub(crate) fn times(&self) -> Vec<u64> {
        self.occurrences(Piece::is_first)
    }

    /// How often each input is there with a piece that fits.
    fn occurrences(&self, fits: fn(&Piece) -> bool) -> Vec<u64> {
        let mut times = vec![0; self.inputs.len()];
        for piece in self.sequence.iter().filter(|piece| fits(piece)) {
            if let Some(times) = times.get_mut(piece.input) {
                *times += 1;
            }
        }
        times
    }

    /// Whether the references of the input numbered `input` count from another number than in it.
    pub(crate) fn is_shifted(&self, input: usize) -> bool {
        let processes = self.processes.as_ref();
        processes.is_some_and(|processes| processes.offset(input) > 0)
    }

    /// Fills in what depends on which inputs are there how often.
    fn count(&mut self, inputs: &[Input], request: &Request) {
        let times = self.times();
        for object in &mut self.objects {
            object.times = object.from.times(&times);
        }
        let whole = self.occurrences(|piece| piece.cut.is_none());
        let cut = parts::cut_pieces(&self.sequence);
        let cut = cut
            .into_iter()
            .map(|((input, cut), times)| (input, Some(cut.clone()), times));
        let whole = whole.into_iter().enumerate();
        let pieces: Vec<(Piece, u64)> = whole
            .map(|(input, times)| (input, None, times))
            .chain(cut)
            .map(|(input, cut, times)| {
                let piece = Piece {
                    cut,
                    ..Piece::whole(input, 0)
                };
                (piece, times)
            })
            .collect();
        for tree in &mut self.trees {
            tree.count(inputs, &pieces, request);
        }
    }

    /// The bytes of baskets that will be written, as far as they are known before.
    pub fn basket_bytes(&self) -> u64 {
        self.trees.iter().map(|tree| tree.basket_bytes).sum()
    }
}

impl TreePlan {
    /// The tree in the input numbered `input`, and where the planned branches stand there.
    pub(crate) fn part<'a>(
        &'a self,
        inputs: &'a [Input],
        input: usize,
    ) -> Option<(&'a InputTree, &'a BranchMap)> {
        let (tree, map) = self.parts.get(input)?.as_ref()?;
        Some((inputs.get(input)?.trees.get(*tree)?, map))
    }

    /// Counts entries and baskets of `pieces`, each so many times.
    fn count(&mut self, inputs: &[Input], pieces: &[(Piece, u64)], request: &Request) {
        let mut counts = [0u64; 4];
        for (piece, times) in pieces.iter().filter(|(_, times)| *times > 0) {
            let Some((held, map)) = self.part(inputs, piece.input) else {
                continue;
            };
            let written = if request.shared { 1 } else { *times };
            let range = piece.entries(held.entries);
            let within = |basket: &&BasketPlace| range.contains(&basket.first_entry);
            let mut own = [range.end - range.start, 0, 0, 0];
            for basket in held.taken(map).filter(within) {
                let [_, baskets, bytes, embedded] = &mut own;
                if basket.is_stored() {
                    *baskets += 1;
                    *bytes += u64::from(basket.nbytes);
                } else {
                    *embedded += 1;
                }
            }
            let factors = [*times, written, written, written];
            for ((count, own), times) in counts.iter_mut().zip(own).zip(factors) {
                *count = count.saturating_add(own.saturating_mul(times));
            }
        }
        [
            self.entries,
            self.baskets,
            self.basket_bytes,
            self.embedded_baskets,
        ] = counts;
    }
}

/// Of a long row of pieces, the first and the last say enough.
fn ends<S: serde::Serializer>(pieces: &[Piece], serializer: S) -> Result<S::Ok, S::Error> {
    let all = [pieces.first(), pieces.last()];
    let shown = if pieces.len() == 1 { 1 } else { 2 };
    serializer.collect_seq(all.into_iter().flatten().take(shown))
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
