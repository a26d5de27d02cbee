//! What a merge will do, before it does it: a function of the inputs' descriptions alone.

mod objects;
mod parts;
mod paths;
pub(crate) mod processes;
pub(crate) mod tree;
mod trees;

pub use objects::ObjectPlan;
pub use parts::Division;
pub use tree::{Differences, IndexPlan, TreePlan};

use std::sync::Arc;

use serde::Serialize;

use crate::error::MergeError;
use crate::piece::{Piece, cut_pieces};
use crate::request::Request;
use crate::survey::input::Input;
use crate::survey::process;

use processes::ProcessPlan;

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
            trees: trees::trees(inputs, request)?,
            objects: objects::objects(inputs)?,
            directories: paths::directories(inputs),
            order: paths::order(inputs),
            processes: processes::plan(inputs)?,
        };
        if plan.processes.is_some() {
            let objects = &mut plan.objects;
            objects.retain(|object| &*object.class != process::CLASS);
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
        let weights = held.map(|(tree, map)| tree.weight(map, &(0..tree.entries)));
        weights.map(|weight| weight.bytes()).sum()
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
        let cut = cut_pieces(&self.sequence);
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

/// Of a long row of pieces, the first and the last say enough.
fn ends<S: serde::Serializer>(pieces: &[Piece], serializer: S) -> Result<S::Ok, S::Error> {
    let all = [pieces.first(), pieces.last()];
    let shown = if pieces.len() == 1 { 1 } else { 2 };
    serializer.collect_seq(all.into_iter().flatten().take(shown))
}
