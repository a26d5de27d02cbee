//! Analyses over files: planned, read ahead, selected in parallel, added in order.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use bytes::Bytes;
use rayon::ThreadPool;
use rootlake_hist::root::{to_graph, to_labelled_graph};
use rootlake_io::tree::{Basket, Branch, ColumnKind, ColumnReader, Tree};
use rootlake_io::write::DirectoryId;
use rootlake_lake::{FetchedUnit, ReadAhead, ReadAheadOptions, Unit};
use rootlake_physics::schema::{BranchSpec, BranchType};
use rootlake_physics::{Analysis, Batch, Output, Sample};

use crate::Progress;
use crate::collect::in_order;
use crate::error::PipelineError;
use crate::input::InputFile;
use crate::plan::{PlannedUnit, plan_units};
use crate::report::Report;
use crate::writing::{self, WriteOptions};

/// How analyses run.
#[derive(Clone, Debug)]
pub struct AnalyzeOptions {
    /// The tree's name or path in the file.
    pub tree: String,
    /// Threads; 0 for one per processor.
    pub threads: usize,
    /// How far remote files are read ahead.
    pub read_ahead: ReadAheadOptions,
}

impl Default for AnalyzeOptions {
    fn default() -> Self {
        Self {
            tree: "mini".to_owned(),
            threads: 0,
            read_ahead: ReadAheadOptions::default(),
        }
    }
}

/// What analyses made of their inputs.
#[derive(Debug)]
pub struct Analyzed {
    /// Histograms and cutflow of each analysis, in the order asked.
    pub outputs: Vec<Output>,
    /// What was done.
    pub report: Report,
}

/// A file with what is wanted of it.
struct Task {
    input: InputFile,
    tree: Tree,
    units: Vec<PlannedUnit>,
    /// Bytes of the wanted baskets that stand in the tree's own record.
    embedded_bytes: u64,
}

/// Runs `analyses` over all `inputs` in one pass, as if they were one file.
///
/// `progress` is told of the events done, and of all there are.
///
/// # Errors
/// When an input is damaged, lacks a branch, or has one of another type.
pub fn analyze(
    analyses: &[Box<dyn Analysis>],
    inputs: &[String],
    sample: &Sample,
    options: &AnalyzeOptions,
    progress: Progress<'_>,
) -> Result<Analyzed, PipelineError> {
    let pool = writing::pool(options.threads)?;
    analyze_on(&pool, analyses, inputs, sample, options, progress)
}

/// [`analyze`], on threads that may be busy with other inputs as well.
pub(crate) fn analyze_on(
    pool: &ThreadPool,
    analyses: &[Box<dyn Analysis>],
    inputs: &[String],
    sample: &Sample,
    options: &AnalyzeOptions,
    progress: Progress<'_>,
) -> Result<Analyzed, PipelineError> {
    let started = Instant::now();
    if inputs.is_empty() {
        return Err(PipelineError::NoInput);
    }
    let tasks = inputs
        .iter()
        .map(|location| open(location, analyses, &options.tree))
        .collect::<Result<Vec<_>, _>>()?;
    let numbered: Vec<(&Task, &PlannedUnit)> = tasks
        .iter()
        .flat_map(|task| task.units.iter().map(move |unit| (task, unit)))
        .collect();
    let plan = numbered
        .iter()
        .map(|(task, unit)| Unit::new(Arc::clone(task.input.source()), unit.ranges.clone()))
        .collect();
    let ahead = ReadAhead::start(plan, options.read_ahead)?;

    let columns = Columns::default();
    let stop = AtomicBool::new(false);
    let (send, receive) = crossbeam_channel::bounded(64);
    let mut outputs: Vec<Output> = analyses.iter().map(|analysis| analysis.output()).collect();
    let events: u64 = tasks.iter().map(|task| task.tree.entries).sum();
    let mut done = numbered.iter().scan(0, |done, (_, unit)| {
        *done += unit.entries.end - unit.entries.start;
        Some(*done)
    });
    let collected = pool.in_place_scope(|scope| {
        for _ in 0..pool.current_num_threads() {
            let send = send.clone();
            let (ahead, numbered, columns, stop) = (&ahead, &numbered, &columns, &stop);
            scope.spawn(move |_| {
                let mut worker = Worker {
                    analyses,
                    sample,
                    columns,
                    reader: ColumnReader::default(),
                };
                while let Some(fetched) = ahead.next_unit() {
                    let (index, result) = worker.unit(numbered, fetched);
                    if send.send((index, result)).is_err() || stop.load(Ordering::Relaxed) {
                        break;
                    }
                }
            });
        }
        drop(send);
        let collected = in_order(&receive, |partial: Vec<Output>| {
            for (output, part) in outputs.iter_mut().zip(&partial) {
                output.add(part)?;
            }
            progress(done.next().unwrap_or(events), events);
            Ok(())
        });
        // Workers that still run find nobody to send to.
        stop.store(collected.is_err(), Ordering::Relaxed);
        drop(receive);
        collected
    })?;
    if collected != numbered.len() {
        return Err(PipelineError::Worker);
    }
    for task in &tasks {
        task.input.source().verify_unchanged()?;
    }
    let fetched = ahead.report();
    let report = Report {
        events,
        selected: outputs.iter().map(selected).sum(),
        stored_bytes: fetched.bytes_wanted
            + tasks.iter().map(|task| task.embedded_bytes).sum::<u64>(),
        column_bytes: columns.bytes.into_inner(),
        columns_skipped: columns.skipped.into_inner(),
        units: numbered.len() as u64,
        requests: fetched.requests,
        seconds: started.elapsed().as_secs_f64(),
    };
    Ok(Analyzed { outputs, report })
}

/// The events that passed the last cut.
fn selected(output: &Output) -> u64 {
    output.cutflow.iter().last().map_or(0, |cut| cut.passed)
}

/// Counted by all workers.
#[derive(Default)]
struct Columns {
    bytes: AtomicU64,
    skipped: AtomicU64,
}

fn open(location: &str, analyses: &[Box<dyn Analysis>], tree: &str) -> Result<Task, PipelineError> {
    let input = InputFile::open(location)?;
    let layouts = input.file.layouts()?;
    let key = input.file.find(tree)?;
    let tree = Tree::read(&input.file, &key, &layouts)?;
    let mut wanted: Vec<&Branch> = Vec::new();
    for analysis in analyses {
        for spec in analysis
            .first_columns()
            .iter()
            .chain(&analysis.other_columns())
        {
            let branch = branch(&tree, spec, analysis.as_ref(), &input)?;
            if !wanted.iter().any(|known| known.path == branch.path) {
                wanted.push(branch);
            }
        }
    }
    let units = plan_units(&wanted, tree.entries);
    let baskets = wanted.iter().flat_map(|branch| &branch.baskets);
    let embedded_bytes = baskets
        .filter(|basket| !basket.is_stored())
        .map(Basket::stored_bytes)
        .sum();
    Ok(Task {
        input,
        tree,
        units,
        embedded_bytes,
    })
}

/// The branch that an analysis needs, if the file has it as it is needed.
fn branch<'a>(
    tree: &'a Tree,
    spec: &BranchSpec,
    analysis: &dyn Analysis,
    input: &InputFile,
) -> Result<&'a Branch, PipelineError> {
    let refuse = |found: String| PipelineError::Branch {
        file: input.file.name().to_string(),
        analysis: analysis.name().to_owned(),
        branch: spec.name.to_owned(),
        wanted: spec.ty,
        found,
    };
    let branch = tree
        .branch(spec.name)
        .map_err(|_| refuse("the file has none".to_owned()))?;
    let kind = branch
        .column_kind()
        .map_err(|error| refuse(error.to_string()))?;
    if branch_type(kind) != spec.ty {
        return Err(refuse(format!("the file has {kind}")));
    }
    if branch.entries != tree.entries {
        return Err(refuse(format!(
            "the file has {} entries of it for {} in the tree",
            branch.entries, tree.entries
        )));
    }
    Ok(branch)
}

fn branch_type(kind: ColumnKind) -> BranchType {
    BranchType {
        scalar: kind.scalar(),
        is_vector: matches!(kind, ColumnKind::Vector(_)),
    }
}

struct Worker<'a> {
    analyses: &'a [Box<dyn Analysis>],
    sample: &'a Sample,
    columns: &'a Columns,
    reader: ColumnReader,
}

impl Worker<'_> {
    /// The number of a fetched unit, and what the analyses make of it.
    fn unit(
        &mut self,
        numbered: &[(&Task, &PlannedUnit)],
        fetched: Result<FetchedUnit, rootlake_lake::LakeError>,
    ) -> (usize, Result<Vec<Output>, PipelineError>) {
        let fetched = match fetched {
            Ok(fetched) => fetched,
            // An error is handed over in the place of its unit, and is the last: behind all that
            // was delivered, so that any number not given out yet reports it.
            Err(error) => return (numbered.len(), Err(error.into())),
        };
        let Some((task, unit)) = numbered.get(fetched.index) else {
            return (fetched.index, Err(PipelineError::Worker));
        };
        (fetched.index, self.select(task, unit, &fetched.parts))
    }

    fn select(
        &mut self,
        task: &Task,
        unit: &PlannedUnit,
        parts: &[Bytes],
    ) -> Result<Vec<Output>, PipelineError> {
        let entries = usize::try_from(unit.entries.end - unit.entries.start).unwrap_or(usize::MAX);
        let mut batch = Batch::new(unit.entries.start, entries);
        let mut held: Vec<&'static str> = Vec::new();
        let mut outputs = Vec::with_capacity(self.analyses.len());
        for analysis in self.analyses {
            let named = |cause| PipelineError::Selection {
                file: task.input.file.name().to_string(),
                analysis: analysis.name().to_owned(),
                cause: Box::new(cause),
            };
            let mut output = analysis.output();
            for spec in analysis.first_columns() {
                self.decode(task, unit, parts, spec, &mut batch, &mut held)?;
            }
            let survivors = analysis.preselect(&batch, &mut output).map_err(named)?;
            if survivors.is_empty() {
                let skipped = analysis.other_columns().len() as u64;
                self.columns.skipped.fetch_add(skipped, Ordering::Relaxed);
            } else {
                for spec in analysis.other_columns() {
                    self.decode(task, unit, parts, spec, &mut batch, &mut held)?;
                }
                analysis
                    .select(&batch, &survivors, self.sample, &mut output)
                    .map_err(named)?;
            }
            outputs.push(output);
        }
        Ok(outputs)
    }

    /// Decodes a column into the batch, unless another analysis wanted it before.
    fn decode(
        &mut self,
        task: &Task,
        unit: &PlannedUnit,
        parts: &[Bytes],
        spec: BranchSpec,
        batch: &mut Batch,
        held: &mut Vec<&'static str>,
    ) -> Result<(), PipelineError> {
        if held.contains(&spec.name) {
            return Ok(());
        }
        let branch = task.tree.branch(spec.name)?;
        let record = |seek: u64, nbytes: u32| {
            let found = unit
                .ranges
                .binary_search_by_key(&(seek, seek + u64::from(nbytes)), |range| {
                    (range.start, range.end)
                });
            found
                .ok()
                .and_then(|index| parts.get(index))
                .cloned()
                .ok_or_else(|| {
                    rootlake_io::ErrorKind::NotFound {
                        what: "planned range",
                        name: seek.to_string(),
                    }
                    .into()
                })
        };
        let column = self
            .reader
            .column(branch, unit.entries.clone(), record)
            .map_err(|error| error.in_file(task.input.file.name()))?;
        let bytes = column.values().len() * column.values().scalar_type().width();
        self.columns
            .bytes
            .fetch_add(bytes as u64, Ordering::Relaxed);
        batch.insert(spec, column)?;
        held.push(spec.name);
        Ok(())
    }
}

/// Writes the histograms of one analysis into a new file, and its cutflow into the directory
/// `cutflow`.
///
/// The directory stands behind the histograms, so that what reads these by name or in order finds
/// the reference's keys, and what adds files up adds the cutflows as well.
///
/// # Errors
/// When it cannot be written.
pub fn write_histograms(
    path: &Path,
    output: &Output,
    options: WriteOptions,
) -> Result<(), PipelineError> {
    let mut file = writing::create(path, options)?;
    for histogram in output.histograms.iter() {
        file.object(histogram.name(), histogram.title(), &to_graph(histogram)?)?;
    }
    let directory = file.directory(DirectoryId::TOP, "cutflow", "Events that passed each cut")?;
    let cuts: Vec<&str> = output.cutflow.iter().map(|cut| cut.name).collect();
    for histogram in output.cutflow.histograms()? {
        let graph = to_labelled_graph(&histogram, &cuts)?;
        file.object_in(directory, histogram.name(), histogram.title(), &graph)?;
    }
    writing::commit(path, file)
}
