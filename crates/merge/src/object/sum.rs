//! Adding up the objects that are merged, each in the order of the inputs.

use std::sync::Arc;

use rootlake_io::codec::Compressor;
use rootlake_io::file::{Expanded, RecordBuffers, RecordReader};
use rootlake_io::object::Graph;
use rootlake_io::write::{FileWriter, Packed};

use super::frame::Frames;
use super::total::{Record, SameLayouts, Total};
use super::{close, is_merged, opened};
use crate::action::Outcome;
use crate::error::MergeError;
use crate::object::turns::in_turn;
use crate::output::Output;
use crate::output::places::Directories;
use crate::plan::{ObjectPlan, Plan};
use crate::receipt::ObjectReceipt;
use crate::request::Request;
use crate::store::Store;
use crate::survey::input::Input;
use crate::survey::objects::Place;

/// How many bytes the records of one share take in the first input that has them: their sums, which
/// take several times as much, stay in the processor's cache while the inputs pass by.
const SHARE: u64 = 1 << 18;

/// The same where an input is asked of a server: each share opens all inputs once more.
const FAR_SHARE: u64 = 1 << 20;

/// How many bytes of a share's records are kept expanded: most objects of an input are stored in the
/// bytes of another's, above all the empty ones, and need not be expanded again.
const KEPT: usize = 8 << 20;

/// Merges the objects that are merged, each in the order of the inputs, and writes them.
pub(crate) fn merge<S: Store>(
    plan: &Plan,
    inputs: &[Input],
    store: &S,
    request: &Request,
    file: &mut FileWriter<Output>,
    directories: &mut Directories,
) -> Result<Vec<ObjectReceipt>, MergeError> {
    // In the order in which they stand in the input that has them first: read so, one read serves
    // many.
    let objects = plan.objects.iter().filter(|object| is_merged(object));
    let mut objects: Vec<&ObjectPlan> = objects.collect();
    objects.sort_by_cached_key(|object| {
        let first = object.from.first();
        first.map(|(input, _)| (input, object.first(inputs).map(|(_, place)| place.seek)))
    });
    let adder = Adder {
        plan,
        inputs,
        store,
        times: plan.times(),
        objects: shares(&objects, inputs, store, request.threads),
    };
    let settings = file.settings();
    in_turn(
        request.threads,
        adder.objects.len(),
        file,
        || Ok((RecordBuffers::default(), Compressor::new(settings)?)),
        |(buffers, compressor), share| adder.share(share, buffers, compressor),
        |file, sums| {
            let mut sums = sums.into_iter();
            sums.try_for_each(|(object, sum)| sum.write(object, inputs, file, directories))
        },
    )?;
    let receipts = objects.iter().map(|object| ObjectReceipt {
        path: object.path.to_string(),
        class: object.class.to_string(),
        outcome: Outcome::Merged,
        inputs: object.inputs,
    });
    Ok(receipts.collect())
}

/// Cuts `objects` into shares of about [`SHARE`] bytes, or [`FAR_SHARE`], and at least as many as
/// there are threads. The sums do not depend on it.
fn shares<'a>(
    objects: &'a [&'a ObjectPlan],
    inputs: &[Input],
    store: &impl Store,
    threads: usize,
) -> Vec<&'a [&'a ObjectPlan]> {
    let length = |object: &ObjectPlan| {
        let (_, place) = object.first(inputs)?;
        Some(u64::from(place.nbytes))
    };
    let all: u64 = objects.iter().filter_map(|object| length(object)).sum();
    let threads = u64::try_from(threads.max(1)).unwrap_or(u64::MAX);
    let share = match inputs.iter().all(|input| store.is_at_hand(&input.name)) {
        true => SHARE,
        false => FAR_SHARE,
    };
    let room = share.min(all.div_ceil(threads)).max(1);
    let mut end = 0;
    let alike = objects.chunk_by(move |object, _| {
        let before = end / room;
        end += length(object).unwrap_or(0);
        before == end / room
    });
    alike.collect()
}

/// What adds up shares of the objects.
struct Adder<'a, S> {
    plan: &'a Plan,
    inputs: &'a [Input],
    store: &'a S,
    /// How often each input is in the output.
    times: Vec<u64>,
    objects: Vec<&'a [&'a ObjectPlan]>,
}

impl<'a, S: Store> Adder<'a, S> {
    /// The sums of a share of the objects over all inputs, each as often as it is in the output.
    fn share(
        &self,
        share: usize,
        buffers: &mut RecordBuffers,
        compressor: &mut Compressor,
    ) -> Result<Vec<(&'a ObjectPlan, Sum)>, MergeError> {
        let objects = self.objects.get(share).copied().unwrap_or_default();
        let mut sums: Vec<Option<Total>> = objects.iter().map(|_| None).collect();
        let mut known: Vec<Expanded> = objects.iter().map(|_| Expanded::default()).collect();
        let limit = KEPT / objects.len().max(1);
        let (mut layouts, mut frames) = (SameLayouts::default(), Frames::default());
        for ((number, input), &times) in self.inputs.iter().enumerate().zip(&self.times) {
            let state = sums.iter_mut().zip(&mut known);
            let held = objects.iter().zip(state).filter_map(|(object, state)| {
                let own = object.from.within(number).next()?;
                Some((input.objects.get(own)?, state))
            });
            let mut held = held.peekable();
            if times == 0 || held.peek().is_none() {
                continue;
            }
            let mut open = None;
            let file = opened(&mut open, self.store, input)?;
            let mut records = RecordReader::new(file, buffers);
            for ((object, place), (sum, known)) in held {
                let Place { seek, nbytes } = place;
                let (key, content) = records.record_like(seek, nbytes, known, limit)?;
                let record = Record {
                    key: &key,
                    content,
                    object,
                    place,
                    input,
                    is_shifted: self.plan.is_shifted(number),
                };
                match sum {
                    Some(sum) => sum.add(&record, times, &mut layouts)?,
                    None => {
                        let first = sum.insert(Total::of(&record, &mut frames, &mut layouts)?);
                        first.add(&record, times - 1, &mut layouts)?;
                    }
                }
            }
            close(open, self.store, input)?;
        }
        let sums = objects.iter().zip(sums);
        let packed = sums.map(|(object, sum)| {
            let sum = sum.ok_or(MergeError::NothingToMerge)?;
            Ok((*object, Sum::of(sum, compressor)?))
        });
        packed.collect()
    }
}

/// A sum ready to be written: one that is a record compressed already.
struct Sum {
    total: Total,
    packed: Option<Packed>,
}

impl Sum {
    fn of(total: Total, compressor: &mut Compressor) -> Result<Self, MergeError> {
        let packed = match &total {
            Total::Record(sum, _) => Some(Packed::new(sum.record(), compressor)?),
            Total::Objects(_) => None,
        };
        Ok(Self { total, packed })
    }

    fn write(
        self,
        object: &ObjectPlan,
        inputs: &[Input],
        file: &mut FileWriter<Output>,
        directories: &Directories,
    ) -> Result<(), MergeError> {
        let (directory, name) = directories.place(&object.path)?;
        match (&self.total, &self.packed) {
            // Its references hold behind a key of the same length alone.
            (Total::Record(sum, _), Some(packed)) if file.fits(sum.key())? => {
                file.describe(sum.layouts());
                file.packed_in(directory, sum.key(), packed)?;
            }
            _ => {
                let graph = self.total.into_graph()?;
                let title = title(&graph, object, inputs);
                file.object_in(directory, name, &title, &graph)?;
            }
        }
        Ok(())
    }
}

/// The title of a sum's key: its own, which may be another than any input's (`TEventList`); of what
/// has none, the first input's.
fn title(sum: &Graph, object: &ObjectPlan, inputs: &[Input]) -> Arc<str> {
    let own = sum.root().and_then(|sum| sum.text("fTitle"));
    let first = || object.first(inputs).map(|(first, _)| &first.title);
    match own {
        Ok(own) => own.into(),
        Err(_) => first().map(Arc::clone).unwrap_or_default(),
    }
}
