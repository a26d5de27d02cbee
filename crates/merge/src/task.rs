//! The work on one tree, cut into pieces that threads can take: pure planning.

use crate::cluster::{self, ClusterRange};
use crate::input::{BasketPlace, Input, InputTree};
use crate::plan::{BranchMap, TreePlan};
use crate::request::{Order, Request};

/// The most bytes of baskets that one copying task moves.
const COPY_BYTES: u64 = 1 << 18;
/// The most bytes of embedded baskets, expanded, that are joined to one cluster.
const JOIN_BYTES: u64 = 8 << 20;

/// One input, at one place in the output.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    pub input: usize,
    pub copy: u64,
    /// The number that its first entry has in the output.
    pub first_entry: u64,
}

/// A piece of the work. Its results stand in the output in the order of tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Copy the baskets `range` of the unit's list.
    Copy {
        unit: usize,
        range: std::ops::Range<usize>,
    },
    /// Join the baskets of some units: those in tree records, or all.
    Join {
        units: std::ops::Range<usize>,
        stored: bool,
    },
    /// Make baskets for the branches that a unit lacks.
    Fill { unit: usize },
}

/// All the work on one tree.
#[derive(Debug)]
pub(crate) struct Work<'a> {
    pub plan: &'a TreePlan,
    pub units: Vec<Unit>,
    pub tasks: Vec<Task>,
    /// For each input, its stored baskets in the order of copying: planned branch, basket.
    pub lists: Vec<Vec<(usize, usize)>>,
    pub clusters: Vec<ClusterRange>,
}

/// The tree of `plan` in the input numbered `input`, and where its branches stand there.
pub(crate) fn part<'a>(
    plan: &'a TreePlan,
    inputs: &'a [Input],
    input: usize,
) -> Option<(&'a InputTree, &'a BranchMap)> {
    let (tree, map) = plan.parts.get(input)?.as_ref()?;
    Some((inputs.get(input)?.trees.get(*tree)?, map))
}

impl<'a> Work<'a> {
    /// The work that `plan` means.
    pub fn new(
        plan: &'a TreePlan,
        sequence: &[(usize, u64)],
        inputs: &[Input],
        request: &Request,
    ) -> Self {
        let mut work = Self {
            plan,
            units: Vec::new(),
            tasks: Vec::new(),
            lists: Vec::new(),
            clusters: Vec::new(),
        };
        for input in 0..inputs.len() {
            let list = part(plan, inputs, input).map(|(tree, map)| list(tree, map, request.order));
            work.lists.push(list.unwrap_or_default());
        }
        let mut first_entry = 0;
        // Where copies share their baskets, only those of the first are written.
        let written = sequence
            .iter()
            .filter(|(_, copy)| !request.shared || *copy == 0);
        for &(input, copy) in written {
            let Some((tree, _)) = part(plan, inputs, input) else {
                continue;
            };
            work.units.push(Unit {
                input,
                copy,
                first_entry,
            });
            first_entry += tree.entries;
        }
        work.cut(inputs, request);
        work
    }

    fn cut(&mut self, inputs: &[Input], request: &Request) {
        let mut unit = 0;
        // By branch: the copying of all units comes after what must be made.
        let mut copied = Vec::new();
        while unit < self.units.len() {
            let joined = self.joinable(unit, inputs, request);
            if let Some((end, entries)) = joined {
                let stored = request.recluster.is_some();
                self.tasks.push(Task::Join {
                    units: unit..end,
                    stored,
                });
                let first = self.units.get(unit).map_or(0, |unit| unit.first_entry);
                let whole = ClusterRange {
                    last: signed(entries) - 1,
                    size: signed(entries),
                };
                if entries > 0 {
                    cluster::append(&mut self.clusters, &[whole], signed(first));
                }
                self.fill(unit..end, inputs);
                unit = end;
                continue;
            }
            let found = self.units.get(unit).cloned();
            if let Some((at, (tree, map))) =
                found.and_then(|at| Some((at.clone(), part(self.plan, inputs, at.input)?)))
            {
                cluster::append(&mut self.clusters, &tree.clusters, signed(at.first_entry));
                if request.order == Order::Branch {
                    copied.push(unit);
                } else {
                    self.copy(unit, at.input, 0..usize::MAX, inputs);
                }
                if uses(tree, map).any(|basket| !basket.is_stored()) {
                    self.tasks.push(Task::Join {
                        units: unit..unit + 1,
                        stored: false,
                    });
                }
                self.fill(unit..unit + 1, inputs);
            }
            unit += 1;
        }
        for branch in 0..self.plan.branches.len() {
            for &unit in &copied {
                let input = self.units.get(unit).map_or(0, |unit| unit.input);
                let Some(list) = self.lists.get(input) else {
                    continue;
                };
                let from = list.partition_point(|&(b, _)| b < branch);
                let to = list.partition_point(|&(b, _)| b <= branch);
                self.copy(unit, input, from..to, inputs);
            }
        }
    }

    /// The units from `first` on that are joined to one cluster, and their entries.
    fn joinable(&self, first: usize, inputs: &[Input], request: &Request) -> Option<(usize, u64)> {
        let limit = request.recluster.unwrap_or(JOIN_BYTES);
        let (mut bytes, mut entries, mut end) = (0, 0, first);
        for unit in self.units.get(first..)? {
            let (tree, map) = part(self.plan, inputs, unit.input)?;
            let mut own = 0;
            let mut stored = false;
            for basket in uses(tree, map) {
                own += u64::from(basket.nbytes);
                stored |= basket.is_stored();
            }
            let varied = unit.copy > 0 && !request.vary.is_empty();
            if stored && (request.recluster.is_none() || varied)
                || own == 0 && end == first
                || bytes + own > limit && (end > first || stored)
            {
                break;
            }
            bytes += own;
            entries += tree.entries;
            end += 1;
        }
        (end > first).then_some((end, entries))
    }

    fn copy(
        &mut self,
        unit: usize,
        input: usize,
        within: std::ops::Range<usize>,
        inputs: &[Input],
    ) {
        let Some((tree, map)) = part(self.plan, inputs, input) else {
            return;
        };
        let list = self.lists.get(input).map_or(&[][..], Vec::as_slice);
        let end = within.end.min(list.len());
        let (mut start, mut bytes) = (within.start, 0);
        for (index, place) in list.iter().enumerate().take(end).skip(within.start) {
            let own = basket(tree, map, *place).map_or(0, |basket| u64::from(basket.nbytes));
            if index > start && bytes + own > COPY_BYTES {
                self.tasks.push(Task::Copy {
                    unit,
                    range: start..index,
                });
                (start, bytes) = (index, 0);
            }
            bytes += own;
        }
        if start < end {
            self.tasks.push(Task::Copy {
                unit,
                range: start..end,
            });
        }
    }

    fn fill(&mut self, units: std::ops::Range<usize>, inputs: &[Input]) {
        for unit in units {
            let input = self.units.get(unit).map_or(0, |unit| unit.input);
            let part = part(self.plan, inputs, input);
            if part.is_some_and(|(tree, map)| tree.entries > 0 && map.contains(&None)) {
                self.tasks.push(Task::Fill { unit });
            }
        }
    }
}

/// The basket at `place` of a list.
pub(crate) fn basket(
    tree: &InputTree,
    map: &[Option<usize>],
    (branch, number): (usize, usize),
) -> Option<BasketPlace> {
    let own = map.get(branch).copied().flatten()?;
    tree.baskets.get(own)?.get(number).copied()
}

/// The baskets of the branches that are taken.
pub(crate) fn uses<'a>(
    tree: &'a InputTree,
    map: &'a [Option<usize>],
) -> impl Iterator<Item = &'a BasketPlace> {
    let taken = map
        .iter()
        .flatten()
        .filter_map(|&own| tree.baskets.get(own));
    taken.flatten()
}

/// The stored baskets of the branches that are taken, in the order in which they are copied.
fn list(tree: &InputTree, map: &[Option<usize>], order: Order) -> Vec<(usize, usize)> {
    let mut baskets = Vec::new();
    for (branch, own) in map.iter().enumerate() {
        let places = own.and_then(|own| tree.baskets.get(own));
        for (number, place) in places.into_iter().flatten().enumerate() {
            if place.is_stored() {
                let rank = match order {
                    Order::File => place.seek,
                    Order::Entry => place.first_entry,
                    Order::Branch => 0,
                };
                baskets.push((rank, branch, number));
            }
        }
    }
    baskets.sort_unstable();
    let places = baskets
        .into_iter()
        .map(|(_, branch, number)| (branch, number));
    places.collect()
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
