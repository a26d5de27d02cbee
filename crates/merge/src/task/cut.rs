//! Cutting the work on a tree into tasks.

use std::ops::Range;

use super::{Listed, Run, Stretch, Task, Work};
use crate::cluster::{self, ClusterRange};
use crate::memory;
use crate::request::{Order, Request};
use crate::survey::input::Input;

/// The most bytes of baskets that one copying task moves. The file system takes longer writes at less
/// cost, but finds longer runs of memory for them: with 1 MiB, a virtual machine that gives unused ones
/// back to its host pays much more for each.
const COPY_BYTES: u64 = 1 << 19;

/// Cuts all of the work, whose baskets begin at `start`.
pub(super) fn all(work: &mut Work<'_>, inputs: &[Input], request: &Request, start: u64) {
    let mut cutter = Cutter {
        limit: request
            .recluster
            .unwrap_or_else(|| memory::cluster_bytes(request))
            .max(1),
        request,
        inputs,
        tasks: Vec::new(),
        clusters: Vec::new(),
        joined: Vec::new(),
        bytes: 0,
        copied: 0,
        end: start,
    };
    let mut copied = Vec::new();
    for unit in 0..work.units.len() {
        cutter.unit(work, unit, &mut copied);
    }
    cutter.flush(work);
    // By branch: the copying of all units comes after what must be made.
    for branch in 0..work.plan.branches.len() {
        for &unit in &copied {
            let list = cutter.list(work, unit);
            let from = list.partition_point(|listed| listed.branch() < branch);
            let to = list.partition_point(|listed| listed.branch() <= branch);
            cutter.copy(work, unit, from..to);
        }
    }
    work.tasks = cutter.tasks;
    work.clusters = cutter.clusters;
}

struct Cutter<'a> {
    /// The most bytes of baskets that are joined to one cluster.
    limit: u64,
    request: &'a Request,
    inputs: &'a [Input],
    tasks: Vec<Task>,
    clusters: Vec<ClusterRange>,
    /// Whole units that are still to be joined, and their bytes.
    joined: Vec<usize>,
    bytes: u64,
    /// The bytes that the last copying task moves.
    copied: u64,
    /// Where what is copied ends.
    end: u64,
}

impl Cutter<'_> {
    fn unit(&mut self, work: &Work<'_>, number: usize, copied: &mut Vec<usize>) {
        let Some(unit) = work.units.get(number) else {
            return;
        };
        let weight = unit.weight;
        let (stored, embedded, bytes) = (weight.stored > 0, weight.embedded > 0, weight.bytes());
        if self.request.recluster.is_some() || embedded && !stored {
            self.join(work, number, bytes);
            return;
        }
        self.flush(work);
        let Some((tree, _)) = work.part(unit, self.inputs) else {
            return;
        };
        let own = cluster::within(&tree.clusters, &unit.entries);
        cluster::append(&mut self.clusters, &own, signed(unit.first_entry));
        if self.request.order == Order::Branch {
            copied.push(number);
        } else if work.repeats.as_ref().is_none_or(|all| all.leads(number)) {
            let whole = 0..self.list(work, number).len();
            if !embedded && bytes <= COPY_BYTES && !whole.is_empty() {
                self.stretch(work, number, whole, bytes);
            } else {
                self.copy(work, number, whole);
            }
        }
        if embedded {
            let entries = unit.entries.clone();
            let runs = vec![Run {
                unit: number,
                entries,
            }];
            self.tasks.push(Task::Join {
                runs,
                stored: false,
            });
        }
        self.fill(work, number);
    }

    /// Joins a unit to those before it, or cuts it where it is longer than a cluster.
    fn join(&mut self, work: &Work<'_>, number: usize, bytes: u64) {
        if self.bytes.saturating_add(bytes) > self.limit {
            self.flush(work);
        }
        self.joined.push(number);
        self.bytes += bytes;
        if bytes > self.limit {
            self.flush(work);
        }
    }

    /// Makes tasks of the units that are to be joined.
    fn flush(&mut self, work: &Work<'_>) {
        let joined = std::mem::take(&mut self.joined);
        let bytes = std::mem::take(&mut self.bytes);
        let units = || joined.iter().filter_map(|&unit| work.units.get(unit));
        let entries: u64 = units().map(super::Unit::length).sum();
        let Some(first) = units().next().map(|unit| unit.first_entry) else {
            return;
        };
        // Only a unit that is alone has more bytes than a cluster.
        let clusters = bytes.div_ceil(self.limit).clamp(1, entries.max(1));
        let size = entries.div_ceil(clusters).max(1);
        if entries > 0 {
            let range = ClusterRange {
                last: signed(entries) - 1,
                size: signed(size),
            };
            cluster::append(&mut self.clusters, &[range], signed(first));
        }
        let mut from = 0;
        while from < entries {
            let to = entries.min(from + size);
            let of = joined.iter().zip(units());
            let runs = of.filter_map(|(&number, unit)| {
                let start = unit.first_entry - first;
                let own = from.max(start)..to.min(start + unit.length());
                (!own.is_empty()).then(|| Run {
                    unit: number,
                    entries: unit.entries.start + own.start - start
                        ..unit.entries.start + own.end - start,
                })
            });
            self.tasks.push(Task::Join {
                runs: runs.collect(),
                stored: self.request.recluster.is_some(),
            });
            from = to;
        }
        for unit in joined {
            self.fill(work, unit);
        }
    }

    /// Makes tasks of the baskets `range` of the unit's list.
    fn copy(&mut self, work: &Work<'_>, number: usize, range: Range<usize>) {
        let Some(unit) = work.units.get(number) else {
            return;
        };
        let Some((tree, _)) = work.part(unit, self.inputs) else {
            return;
        };
        let list = self.list(work, number);
        let (mut start, mut bytes) = (range.start, 0);
        for (index, place) in list.iter().enumerate().take(range.end).skip(range.start) {
            let basket = place.basket(tree);
            let own = basket.map_or(0, |basket| u64::from(basket.nbytes));
            if index > start && bytes + own > COPY_BYTES {
                self.stretch(work, number, start..index, bytes);
                (start, bytes) = (index, 0);
            }
            bytes += own;
        }
        if start < range.end {
            self.stretch(work, number, start..range.end, bytes);
        }
    }

    /// Makes a task of some baskets, or adds them to the task before, where that is short. What is
    /// repeated stays by itself: each copy has places of its own.
    fn stretch(&mut self, work: &Work<'_>, unit: usize, range: Range<usize>, bytes: u64) {
        let stretch = Stretch { unit, range };
        let together = self.copied.saturating_add(bytes);
        match self.tasks.last_mut() {
            Some(Task::Copy { stretches, .. })
                if together <= COPY_BYTES && work.repeats.is_none() =>
            {
                stretches.push(stretch);
                self.copied = together;
            }
            _ => {
                self.tasks.push(Task::Copy {
                    stretches: vec![stretch],
                    place: self.end,
                });
                self.copied = bytes;
            }
        }
        self.end = self.end.saturating_add(bytes);
    }

    fn fill(&mut self, work: &Work<'_>, number: usize) {
        let unit = work.units.get(number);
        let lacks = unit.is_some_and(|unit| {
            let part = work.part(unit, self.inputs);
            unit.length() > 0 && part.is_some_and(|(_, map)| map.contains(&None))
        });
        if lacks {
            self.tasks.push(Task::Fill { unit: number });
        }
    }

    fn list<'w>(&self, work: &'w Work<'_>, unit: usize) -> &'w [Listed] {
        let unit = work.units.get(unit);
        let list = unit.and_then(|unit| work.lists.get(unit.list));
        list.map_or(&[], |list| list)
    }
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
