//! Writing one tree: threads that read, check and recode; places given in the order of tasks;
//! writing wherever a basket's place is.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use rootlake_io::codec::Settings;
use rootlake_io::write::{FileWriter, MOVED_BYTES, Stamp, move_basket};

use crate::checksum::{Piece as SummedPiece, Tails};
use crate::cluster::ClusterRange;
use crate::error::MergeError;
use crate::execute::foresight::{self, Record};
use crate::execute::merged::{Description, MergedBranch};
use crate::execute::turn::{CopyPlace, Done, Placed, Turns};
use crate::index;
use crate::output::Output;
use crate::output::places::Directories;
use crate::piece::Piece;
use crate::plan::processes::ProcessPlan;
use crate::plan::tree::TreePlan;
use crate::receipt::TreeReceipt;
use crate::request::Request;
use crate::store::Store;
use crate::survey::input::Input;
use crate::task::{Task, Work};
use crate::worker::{Batch, Ready, Worker};

/// Told of the basket bytes written so far, from any thread.
pub type Progress<'a> = &'a (dyn Fn(u64) + Sync);

/// What all trees of one output share.
pub(crate) struct Run<'a, S: Store> {
    pub sequence: &'a [Piece],
    pub processes: Option<&'a ProcessPlan>,
    pub store: &'a S,
    pub inputs: &'a [Input],
    pub request: &'a Request,
    pub settings: Settings,
    pub stamp: Stamp,
    pub progress: Progress<'a>,
    /// Basket bytes of the trees before.
    pub written_before: u64,
}

/// What the threads of one tree share.
struct Shared<'a> {
    turns: Turns<'a>,
    /// How many tasks were taken.
    taken: AtomicUsize,
    output: &'a Output,
    parent: u64,
    start: u64,
}

impl<S: Store> Run<'_, S> {
    /// Writes the baskets of a tree and the record that describes them.
    ///
    /// # Errors
    /// When reading or writing fails, an input is damaged or changes, or other entries arrive
    /// than planned.
    pub fn tree(
        &self,
        plan: &TreePlan,
        file: &mut FileWriter<Output>,
        directories: &mut Directories,
    ) -> Result<TreeReceipt, MergeError> {
        let start = file.position();
        let block = file.sink().block();
        let sequence = (self.sequence, self.processes);
        let mut work = Work::new(plan, sequence, self.inputs, self.request, start, block);
        let (directory, name) = directories.place(&plan.path)?;
        let is_foreseen = foresight::is_foreseen(&work, self.request);
        let branches = match is_foreseen {
            true => work.counts().map(|_| MergedBranch::default()).collect(),
            false => work.counts().map(MergedBranch::with_capacity).collect(),
        };
        let threads = self.request.threads.clamp(1, work.tasks.len().max(1));
        let shared = Shared {
            turns: Turns::new(&work.tasks, branches, start, is_foreseen, threads),
            taken: AtomicUsize::new(0),
            output: file.sink(),
            parent: file.directory_seek(directory)?,
            start,
        };
        let foreseen = std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|| self.thread(&work, &shared));
            }
            let foreseen = is_foreseen.then(|| self.foresee(&work, name, start, file.settings()));
            self.thread(&work, &shared);
            foreseen
        });
        let total = shared.turns.total()?;
        let gaps = work.repeats.iter().flat_map(|repeats| &repeats.gaps);
        let mut free = 0;
        for (offset, length) in gaps {
            file.sink().leave_free(start + offset, *length)?;
            free += length;
        }
        file.reserve(total.bytes + free)?;
        let totals = total.branches.iter().map(|branch| branch.total_bytes);
        let totals: Vec<u64> = totals.collect();
        let foreseen = foreseen.flatten().filter(|(stated, _)| *stated == totals);
        let (object, packed) = match foreseen {
            Some((_, record)) => record,
            None => {
                let branches = match is_foreseen {
                    true => foresight::branches(&work, self.inputs, start, &totals)?,
                    false => total.branches,
                };
                let clusters = std::mem::take(&mut work.clusters);
                drop(work);
                let index =
                    index::merged(plan, self.sequence, self.inputs, self.request, self.store)?;
                let description = Description {
                    index,
                    ..self.description(plan, branches, clusters)
                };
                let graph = description.graph(self.store)?;
                let object = file.encode(name, &foresight::title(&graph)?, &graph)?;
                let packed = file.pack(object.content())?;
                (object, packed)
            }
        };
        file.encoded_in(directory, &object, &packed)?;
        Ok(TreeReceipt {
            path: plan.path.to_string(),
            entries_in: plan.entries_per_input.iter().flatten().sum(),
            entries_out: plan.entries,
            baskets: total.baskets,
            basket_bytes: total.bytes,
            verified: None,
            differences: plan.differences.clone(),
        })
    }

    fn description<'d>(
        &'d self,
        plan: &'d TreePlan,
        branches: Vec<MergedBranch>,
        clusters: Vec<ClusterRange>,
    ) -> Description<'d> {
        Description {
            plan,
            inputs: self.inputs,
            processes: self.processes,
            branches,
            clusters,
            index: None,
            shared_copies: if self.request.shared {
                self.request.copies
            } else {
                1
            },
            compression: self.request.compress.map(Settings::number),
        }
    }

    /// The record of the tree before its baskets are copied, if they expand to what is stated. What
    /// goes wrong here goes wrong when it is made of these, too.
    fn foresee(
        &self,
        work: &Work<'_>,
        name: &str,
        start: u64,
        settings: Settings,
    ) -> Option<(Vec<u64>, Record)> {
        let totals = foresight::totals(work, self.inputs)?;
        let branches = foresight::branches(work, self.inputs, start, &totals).ok()?;
        let description = self.description(work.plan, branches, work.clusters.clone());
        let graph = description.graph(self.store).ok()?;
        let record = foresight::record(name, graph, settings).ok()?;
        Some((totals, record))
    }

    /// One thread: tasks until none is left or one has failed.
    fn thread(&self, work: &Work<'_>, shared: &Shared<'_>) {
        let mut at = None;
        if let Err(error) = self.tasks(work, shared, &mut at) {
            shared.turns.fail(at, error);
        }
    }

    fn tasks(
        &self,
        work: &Work<'_>,
        shared: &Shared<'_>,
        at: &mut Option<usize>,
    ) -> Result<(), MergeError> {
        let datime = self.stamp.datime;
        let mut worker = Worker::new(
            self.store,
            self.inputs,
            work,
            self.request,
            datime,
            self.settings,
        )?;
        // One is used again, and no more: who writes what others made would gather theirs.
        let mut spare = None;
        loop {
            let number = shared.taken.fetch_add(1, Ordering::Relaxed);
            let Some(task) = work.tasks.get(number) else {
                *at = None;
                return worker.close();
            };
            *at = Some(number);
            let mut batch: Batch = spare.take().unwrap_or_default();
            worker.run(task, &mut batch)?;
            let copies = copies(work, task);
            let Some(placed) = shared.turns.place(number, Done { batch, copies })? else {
                return Ok(());
            };
            for mut placed in placed {
                *at = Some(placed.number);
                self.write(work, shared, &mut placed)?;
                spare = Some(placed.batch);
            }
        }
    }

    /// Writes what a task gave to its places.
    fn write(
        &self,
        work: &Work<'_>,
        shared: &Shared<'_>,
        placed: &mut Placed,
    ) -> Result<(), MergeError> {
        let repeats = work.repeats.as_ref();
        let has_gaps = repeats.is_some_and(|all| !all.gaps.is_empty());
        let (baskets, bytes) = placed.batch.parts();
        let lengths = || baskets.iter().map(Ready::length);
        let is_repeated = placed.places.len() > 1 && shared.output.is_summed();
        let tails = is_repeated.then(|| Tails::of(lengths(), bytes));
        let mut first = None;
        for &place in placed.places.iter().filter(|_| !baskets.is_empty()) {
            move_all(baskets, bytes, place, shared.parent)?;
            let bytes = &*bytes;
            let sum = || match &tails {
                Some(tails) => tails.piece(place, lengths(), bytes),
                None => SummedPiece::of(place, bytes),
            };
            match first {
                Some(from) if has_gaps => {
                    let places = (from, place);
                    shared
                        .output
                        .repeat_summed(places, bytes, heads(baskets), sum)?;
                }
                _ => shared.output.write_summed(place, bytes, sum)?,
            }
            first.get_or_insert(place);
        }
        (self.progress)(self.written_before + placed.end - shared.start);
        Ok(())
    }
}

/// The places of all copies of the baskets that `task` makes.
fn copies(work: &Work<'_>, task: &Task) -> Vec<CopyPlace> {
    let repeated = match (&work.repeats, task) {
        (Some(repeats), Task::Copy { stretches, .. }) => stretches.first().and_then(|first| {
            let lead = work.units.get(first.unit)?;
            Some((repeats, lead, first.range.start))
        }),
        _ => None,
    };
    let Some((repeats, lead, index)) = repeated else {
        return vec![CopyPlace {
            entries: 0,
            offset: None,
        }];
    };
    let places = repeats.places(lead.list, index);
    let copies = places.filter_map(|(unit, offset)| {
        let unit = work.units.get(unit)?;
        Some(CopyPlace {
            entries: unit.first_entry - lead.first_entry,
            offset: Some(offset),
        })
    });
    copies.collect()
}

/// Writes into the keys of baskets in a row that the first stands at `place`.
fn move_all(
    baskets: &[Ready],
    bytes: &mut [u8],
    place: u64,
    parent: u64,
) -> Result<(), MergeError> {
    let mut offset = place;
    let mut rest = bytes;
    for basket in baskets {
        let (record, behind) = rest
            .split_at_mut_checked(basket.length())
            .ok_or(MergeError::Thread)?;
        move_basket(record, offset, parent)?;
        offset += u64::from(basket.nbytes);
        rest = behind;
    }
    Ok(())
}

/// What moving baskets in a row changes, in bytes behind the start of the first.
fn heads(baskets: &[Ready]) -> impl Iterator<Item = Range<u64>> {
    baskets.iter().scan(0, |end, basket| {
        let start = *end;
        *end += u64::from(basket.nbytes);
        Some(start..(start + MOVED_BYTES as u64).min(*end))
    })
}
