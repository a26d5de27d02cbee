//! The work on one tree, cut into tasks that threads can take: pure planning.

mod cut;
mod repeat;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use rootlake_io::tree::BasketPlace;

use crate::cluster::ClusterRange;
use crate::piece::Piece;
use crate::plan::processes::ProcessPlan;
use crate::plan::tree::TreePlan;
use crate::request::{Order, Request};
use crate::survey::input::{Input, InputTree, Weight};

pub(crate) use repeat::Repeats;

/// Past this, baskets whose keys have offsets of 32 bits get longer keys. It is well before
/// their end: what is compressed anew may grow.
const NARROW_END: u64 = 1 << 30;

/// Some entries of one input, at one place in the output.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    pub input: usize,
    pub copy: u64,
    /// Its entries, as the input numbers them.
    pub entries: Range<u64>,
    /// The number that the first of them has in the output.
    pub first_entry: u64,
    /// The number of the list of its stored baskets.
    pub list: usize,
    /// The number from which on its references count.
    pub processes: u16,
    /// What its baskets weigh.
    pub weight: Weight,
}

impl Unit {
    /// The number that an entry of the input has in the output.
    pub fn entry(&self, own: u64) -> u64 {
        self.first_entry + own.saturating_sub(self.entries.start)
    }

    /// How many entries it has.
    pub fn length(&self) -> u64 {
        self.entries.end - self.entries.start
    }
}

/// A piece of the work. Its results stand in the output in the order of tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Copy baskets: many of a long unit's, or all of some short ones in a row.
    Copy {
        stretches: Vec<Stretch>,
        /// Where the first will stand, if all before it is copied as it is.
        place: u64,
    },
    /// Join the entries of some units to one basket for each branch: those that stand in tree
    /// records, or all.
    Join { runs: Vec<Run>, stored: bool },
    /// Make baskets for the branches that a unit lacks.
    Fill { unit: usize },
}

/// Some baskets of a unit: `range` of its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub unit: usize,
    pub range: Range<usize>,
}

/// Some entries of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub unit: usize,
    /// The entries, as the input numbers them.
    pub entries: Range<u64>,
}

/// Stored baskets in the order of copying, shared by all runs of entries that have the same.
pub(crate) type List = Arc<[Listed]>;

/// A stored basket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Listed {
    /// Its planned branch.
    branch: u32,
    /// Its number among the baskets of all branches of its tree.
    number: u32,
}

impl Listed {
    /// The number of its planned branch.
    pub fn branch(self) -> usize {
        self.branch as usize
    }

    /// The basket itself in an input's tree.
    pub fn basket(self, tree: &InputTree) -> Option<BasketPlace> {
        tree.baskets.all().get(self.number as usize).copied()
    }
}

/// All the work on one tree.
#[derive(Debug)]
pub(crate) struct Work<'a> {
    pub plan: &'a TreePlan,
    pub units: Vec<Unit>,
    pub tasks: Vec<Task>,
    /// The stored baskets of each run of entries that units have.
    pub lists: Vec<List>,
    pub clusters: Vec<ClusterRange>,
    /// Where all copies stand, when that is known before.
    pub repeats: Option<Repeats>,
    /// Whether keys with offsets of 32 bits get longer ones.
    pub widen: bool,
}

impl<'a> Work<'a> {
    /// The work that `plan` means for a row of pieces, with the processes of their references, in an output whose baskets begin at `start`, and
    /// whose places can share blocks that are so long.
    pub fn new(
        plan: &'a TreePlan,
        (sequence, processes): (&[Piece], Option<&ProcessPlan>),
        inputs: &[Input],
        request: &Request,
        start: u64,
        block: Option<u64>,
    ) -> Self {
        let mut work = Self {
            plan,
            units: Vec::new(),
            tasks: Vec::new(),
            lists: Vec::new(),
            clusters: Vec::new(),
            repeats: None,
            widen: false,
        };
        work.place(sequence, processes, inputs, request);
        let bytes: u64 = work.units.iter().map(|unit| unit.weight.bytes()).sum();
        let are_shifted = work.units.iter().any(|unit| unit.processes > 0);
        work.widen =
            are_shifted || request.compress.is_some() || start.saturating_add(bytes) > NARROW_END;
        work.repeats = Repeats::find(&work, inputs, request, block);
        cut::all(&mut work, inputs, request, start);
        work
    }

    /// Gives each piece its place among the entries of the output.
    fn place(
        &mut self,
        sequence: &[Piece],
        processes: Option<&ProcessPlan>,
        inputs: &[Input],
        request: &Request,
    ) {
        // An input that is named several times is one: its trees are shared.
        let mut known: HashMap<(*const InputTree, Range<u64>), usize> = HashMap::new();
        let mut last: Option<Wanted<'_>> = None;
        let mut first_entry = 0;
        // Where copies share their baskets, only those of the first are written.
        let written = sequence
            .iter()
            .filter(|piece| !request.shared || piece.copy == 0);
        for piece in written {
            let Some((tree, map)) = self.plan.part(inputs, piece.input) else {
                continue;
            };
            let entries = piece.entries(tree.entries);
            if entries.is_empty() && !piece.is_first() {
                continue;
            }
            let weight = tree.weight(map, &entries);
            let lists = &mut self.lists;
            let list = *known
                .entry((std::ptr::from_ref(tree), entries.clone()))
                .or_insert_with(|| {
                    let wanted = Wanted {
                        tree,
                        map,
                        entries: entries.clone(),
                        stored: weight.stored,
                        order: request.order,
                    };
                    // Most inputs are written alike.
                    let before = lists.last().zip(last.as_ref());
                    let before = before.filter(|(list, of)| wanted.is(list, of));
                    let list =
                        before.map_or_else(|| wanted.list().into(), |(list, _)| Arc::clone(list));
                    lists.push(list);
                    last = Some(wanted);
                    lists.len() - 1
                });
            let unit = Unit {
                input: piece.input,
                copy: piece.copy,
                entries,
                first_entry,
                list,
                processes: processes.map_or(0, |plan| plan.offset(piece.input)),
                weight,
            };
            first_entry += unit.length();
            self.units.push(unit);
        }
    }

    /// For each planned branch, how many baskets are copied.
    pub fn counts(&self) -> impl Iterator<Item = usize> {
        let mut counts = vec![0; self.plan.branches.len()];
        let lists = self.units.iter().map(|unit| self.lists.get(unit.list));
        let lists: Vec<&List> = lists.flatten().collect();
        for alike in lists.chunk_by(|a, b| Arc::ptr_eq(a, b)) {
            for listed in alike.first().into_iter().flat_map(|list| list.iter()) {
                if let Some(count) = counts.get_mut(listed.branch()) {
                    *count += alike.len();
                }
            }
        }
        counts.into_iter()
    }

    /// The tree of a unit, and where its branches stand there.
    pub fn part(
        &self,
        unit: &Unit,
        inputs: &'a [Input],
    ) -> Option<(&'a InputTree, &'a [Option<usize>])> {
        let (tree, map) = self.plan.part(inputs, unit.input)?;
        Some((tree, map))
    }
}

/// The stored baskets of `entries` in the branches of a tree that are taken.
struct Wanted<'a> {
    tree: &'a InputTree,
    map: &'a [Option<usize>],
    entries: Range<u64>,
    /// How many they are.
    stored: u64,
    order: Order,
}

impl Wanted<'_> {
    fn is_wanted(&self, place: &BasketPlace) -> bool {
        place.is_stored() && self.entries.contains(&place.first_entry)
    }

    /// By what baskets are ordered, before their branches and numbers.
    fn rank(&self, place: &BasketPlace) -> u64 {
        match self.order {
            Order::File => place.seek(),
            Order::Entry => place.first_entry,
            Order::Branch => 0,
        }
    }

    /// All of them, in the order in which they are copied.
    fn list(&self) -> Vec<Listed> {
        let mut baskets = Vec::new();
        for (branch, own) in (0..).zip(self.map) {
            let numbers = own.map_or(0..0, |own| self.tree.baskets.numbers(own));
            let places = own.map_or(&[][..], |own| self.tree.baskets.branch(own));
            for (number, place) in numbers.zip(places) {
                if self.is_wanted(place) {
                    baskets.push((self.rank(place), Listed { branch, number }));
                }
            }
        }
        baskets.sort_unstable();
        baskets.into_iter().map(|(_, listed)| listed).collect()
    }

    /// Whether all entries of its tree are wanted.
    fn is_whole(&self) -> bool {
        self.entries == (0..self.tree.entries)
    }

    /// Whether `list`, which is that of `other`, is this one too. It may be and not be found to be.
    fn is(&self, list: &[Listed], other: &Self) -> bool {
        let is_alike = self.tree.baskets.has_as_many(&other.tree.baskets)
            && (std::ptr::eq(self.map, other.map) || self.map == other.map)
            && self.order == other.order
            && self.stored == list.len() as u64;
        // Most stand alike: that was seen when each was examined.
        let is_same = self.order == Order::File
            && self.is_whole()
            && other.is_whole()
            && self.tree.standing.is_shared(&other.tree.standing);
        if is_alike && is_same {
            return true;
        }
        let ranked = list.iter().map(|&listed| {
            let place = listed.basket(self.tree)?;
            self.is_wanted(&place).then(|| (self.rank(&place), listed))
        });
        let mut last = None;
        is_alike
            && ranked.into_iter().all(|ranked| {
                let is_next = ranked.is_some() && last < ranked;
                last = ranked;
                is_next
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::LocalFiles;
    use crate::support;
    use crate::survey::survey;

    #[test]
    fn a_list_is_taken_over_where_it_would_be_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let values: Vec<i32> = (0..100).collect();
        // Of the same baskets; of others; of as many for fewer entries.
        let kinds = [(100, 10), (90, 10), (100, 7), (70, 7), (100, 10)];
        let names = kinds.map(|(entries, basket)| {
            let path = folder.path().join(format!("{entries} {basket}"));
            support::write(&path, &values[..entries], true, basket, "none");
            path.to_str().unwrap().to_owned()
        });
        let inputs = survey(&LocalFiles, &names, 1).inputs;
        let all: Vec<Option<usize>> = (0..2).map(Some).collect();
        let maps = [&all[..], &[Some(1)], &[Some(1), Some(0)]];
        let mut wanted = Vec::new();
        for order in [Order::File, Order::Entry, Order::Branch] {
            for (input, map) in inputs.iter().flat_map(|one| maps.map(|map| (one, map))) {
                let tree = &input.trees[0];
                for entries in [&(0..tree.entries), &(20..50)] {
                    let entries = entries.clone();
                    wanted.push(Wanted {
                        tree,
                        map,
                        stored: tree.weight(map, &entries).stored,
                        entries,
                        order,
                    });
                }
            }
        }
        let mut same = 0;
        for (one, other) in wanted
            .iter()
            .flat_map(|a| wanted.iter().map(move |b| (a, b)))
        {
            let list = other.list();
            let is_alike = one.tree.baskets.has_as_many(&other.tree.baskets)
                && (one.map, one.order) == (other.map, other.order);
            assert_eq!(one.is(&list, other), is_alike && one.list() == list);
            same += usize::from(one.is(&list, other));
        }
        assert!((wanted.len() + 1..wanted.len() * wanted.len()).contains(&same));
    }
}
