//! Generated samples, written cluster by cluster: made and compressed in parallel, written in
//! order.

mod set;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use rayon::ThreadPool;
use rootlake_io::codec::Compressor;
use rootlake_io::tree::ColumnKind;
use rootlake_io::write::{BasketRecord, BranchSchema, TreeWriter, encode_basket};
use rootlake_physics::FinalState;
use rootlake_physics::generate::Generator;
use rootlake_physics::schema::MINI;

pub use self::set::{SetOptions, generate_set};
use crate::Progress;
use crate::collect::in_order;
use crate::error::PipelineError;
use crate::report::Report;
use crate::writing::{self, WriteOptions};

/// The tree's name and title, as in the real files.
const TREE: &str = "mini";

/// What is generated.
#[derive(Clone, Debug)]
pub struct GenerateOptions {
    /// The collection.
    pub final_state: FinalState,
    /// The sample's name: data or a simulated process.
    pub sample: String,
    /// Entries of the tree.
    pub events: u64,
    /// Same seed, same events.
    pub seed: u64,
    /// The luminosity, 1/fb, that the weights shall show where plots are normalised with the real
    /// samples' sums of weights; none to normalise by `SumWeights` of the tree.
    pub luminosity: Option<f64>,
    /// Entries per cluster.
    pub cluster: u64,
    /// Threads; 0 for one per processor.
    pub threads: usize,
}

/// Generates a sample and writes it to `path`.
///
/// `progress` is told of the entries written, and of all.
///
/// # Errors
/// When the sample is unknown or the file cannot be written.
pub fn generate(
    options: &GenerateOptions,
    path: &Path,
    write: WriteOptions,
    progress: Progress<'_>,
) -> Result<Report, PipelineError> {
    let pool = writing::pool(options.threads)?;
    generate_on(&pool, options, path, write, progress)
}

/// [`generate`], on threads that may be busy with other samples as well.
fn generate_on(
    pool: &ThreadPool,
    options: &GenerateOptions,
    path: &Path,
    write: WriteOptions,
    progress: Progress<'_>,
) -> Result<Report, PipelineError> {
    let started = Instant::now();
    let mut generator = Generator::new(
        options.final_state,
        &options.sample,
        options.events,
        options.seed,
    )?;
    if let Some(luminosity) = options.luminosity {
        generator = generator.at_luminosity(luminosity);
    }
    let schema = schema();
    let mut file = writing::create(path, write)?;
    let cluster = options.cluster.max(1);
    let mut tree = TreeWriter::new(TREE, TREE, schema.clone(), cluster);
    let clusters = options.events.div_ceil(cluster);

    let next = AtomicU64::new(0);
    let (send, receive) = crossbeam_channel::bounded(pool.current_num_threads());
    let mut report = Report {
        events: options.events,
        units: clusters,
        ..Report::default()
    };
    let written = pool.in_place_scope(|scope| {
        for _ in 0..pool.current_num_threads() {
            let send = send.clone();
            let (next, schema, generator) = (&next, &schema, &generator);
            scope.spawn(move |_| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let first = index.saturating_mul(cluster);
                    if first >= options.events {
                        break;
                    }
                    let entries = cluster.min(options.events - first);
                    let baskets = make_cluster(generator, schema, index, first, entries, write);
                    let number = usize::try_from(index).unwrap_or(usize::MAX);
                    if send.send((number, baskets)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let written = in_order(&receive, |baskets: Vec<BasketRecord>| {
            for (branch, basket) in baskets.into_iter().enumerate() {
                report.stored_bytes += u64::from(basket.nbytes());
                report.column_bytes += basket.expanded();
                tree.basket(&mut file, branch, basket)?;
            }
            progress(report.stored_bytes, 0);
            Ok(())
        });
        drop(receive);
        written
    })?;
    if written as u64 != clusters {
        return Err(PipelineError::Worker);
    }
    tree.finish(&mut file)?;
    writing::commit(path, file)?;
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

fn schema() -> Vec<BranchSchema> {
    let kind = |ty: rootlake_physics::schema::BranchType| {
        if ty.is_vector {
            ColumnKind::Vector(ty.scalar)
        } else {
            ColumnKind::Fixed(ty.scalar)
        }
    };
    MINI.iter()
        .map(|branch| BranchSchema {
            name: branch.name.to_owned(),
            title: branch.title(),
            kind: kind(branch.ty).into(),
        })
        .collect()
}

/// The baskets of one cluster, one for each branch.
fn make_cluster(
    generator: &Generator,
    schema: &[BranchSchema],
    index: u64,
    first: u64,
    entries: u64,
    write: WriteOptions,
) -> Result<Vec<BasketRecord>, PipelineError> {
    let entries = usize::try_from(entries).unwrap_or(usize::MAX);
    let columns = generator.cluster(index, first, entries)?;
    let mut compressor = Compressor::new(write.settings)?;
    let datime = write.stamp.datime;
    schema
        .iter()
        .zip(&columns)
        .map(|(branch, column)| {
            let range = 0..entries;
            Ok(encode_basket(
                TREE,
                branch,
                column,
                range,
                datime,
                &mut compressor,
            )?)
        })
        .collect()
}
