//! `rootlake read`: how fast can it be read, and where does the time go?

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use rootlake_io::ErrorKind;
use rootlake_io::codec::Decompressor;
use rootlake_io::codec::frame;
use rootlake_io::tree::{
    Basket, BasketContent, Branch, ColumnBuilder, ColumnReader, Location, SpareColumns,
    expand_basket,
};
use serde::Serialize;

use crate::table::{Align, Table, count, rate};
use crate::target::{Target, TargetArgs, branches, pool};

/// Read all values of a file and tell how fast that was
///
/// Each basket is fetched, expanded and decoded into columns, and the columns are dropped. Rates
/// are of wall time; the seconds of fetching, expanding and decoding are summed over threads.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  rootlake read big.root
  rootlake read big.root:mini --branches lep_pt,lep_eta --threads 2 --json")]
pub struct Args {
    #[command(flatten)]
    target: TargetArgs,
    /// Threads; by default one for each core
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What reading some baskets took.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    baskets: u64,
    stored: u64,
    expanded: u64,
    fetch: Duration,
    expand: Duration,
    decode: Duration,
}

impl std::ops::AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.baskets += other.baskets;
        self.stored += other.stored;
        self.expanded += other.expanded;
        self.fetch += other.fetch;
        self.expand += other.expand;
        self.decode += other.decode;
    }
}

#[derive(Serialize)]
struct CostReport {
    baskets: u64,
    stored_bytes: u64,
    expanded_bytes: u64,
    fetch_seconds: f64,
    expand_seconds: f64,
    decode_seconds: f64,
}

impl From<Cost> for CostReport {
    fn from(cost: Cost) -> Self {
        Self {
            baskets: cost.baskets,
            stored_bytes: cost.stored,
            expanded_bytes: cost.expanded,
            fetch_seconds: cost.fetch.as_secs_f64(),
            expand_seconds: cost.expand.as_secs_f64(),
            decode_seconds: cost.decode.as_secs_f64(),
        }
    }
}

#[derive(Serialize)]
struct Report {
    file: String,
    threads: usize,
    entries: u64,
    seconds: f64,
    entries_per_second: f64,
    stored_megabytes_per_second: f64,
    expanded_megabytes_per_second: f64,
    #[serde(flatten)]
    all: CostReport,
    codecs: BTreeMap<String, CostReport>,
    branches: BTreeMap<String, CostReport>,
    /// Branches that cannot be decoded, and why.
    left_out: BTreeMap<String, String>,
}

/// Reads the file.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let target = Target::open(&args.target)?;
    let pool = pool(args.threads)?;
    let report = measure(&target, args, &pool)?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{}", render(&report));
    }
    Ok(())
}

fn measure(target: &Target, args: &Args, pool: &rayon::ThreadPool) -> anyhow::Result<Report> {
    let mut left_out = BTreeMap::new();
    let mut work: Vec<(&Branch, &Basket)> = Vec::new();
    let mut entries = 0;
    for (_, tree) in &target.trees {
        entries += tree.entries;
        for branch in branches(tree, &args.target.branches) {
            match branch.format() {
                Ok(_) => work.extend(branch.baskets.iter().map(|basket| (branch, basket))),
                Err(error) => {
                    left_out.insert(branch.path.to_string(), error.to_string());
                }
            }
        }
    }
    // In the order of the file, so that a disk reads forwards.
    work.sort_by_key(|(_, basket)| match basket.location {
        Location::Stored { seek, .. } => seek,
        Location::Embedded(_) => 0,
    });
    let workers = Workers::default();
    let start = Instant::now();
    let costs = pool.install(|| {
        work.par_iter()
            .map(|(branch, basket)| {
                let mut worker = workers.take(target);
                let read = match worker.basket(branch, basket) {
                    // What is not known may show in the entries alone.
                    Err(error) if matches!(error.kind(), ErrorKind::Unsupported(_)) => {
                        Err(error.to_string())
                    }
                    read => Ok(read?),
                };
                worker.done.push(basket);
                workers.put(worker);
                Ok((&*branch.path, read))
            })
            .collect::<rootlake_io::Result<Vec<_>>>()
    })?;
    let seconds = start.elapsed().as_secs_f64();
    let mut all = Cost::default();
    let mut by_codec: BTreeMap<String, Cost> = BTreeMap::new();
    let mut by_branch: BTreeMap<String, Cost> = BTreeMap::new();
    for (branch, read) in costs {
        let (codec, cost) = match read {
            Ok(read) => read,
            Err(reason) => {
                left_out.entry(branch.to_owned()).or_insert(reason);
                continue;
            }
        };
        all += cost;
        *by_codec.entry(codec.to_owned()).or_default() += cost;
        *by_branch.entry(branch.to_owned()).or_default() += cost;
    }
    let reports = |costs: BTreeMap<String, Cost>| {
        costs
            .into_iter()
            .map(|(name, cost)| (name, cost.into()))
            .collect()
    };
    Ok(Report {
        file: target.input.file.name().to_string(),
        threads: pool.current_num_threads(),
        entries,
        seconds,
        entries_per_second: entries as f64 / seconds,
        stored_megabytes_per_second: all.stored as f64 / 1e6 / seconds,
        expanded_megabytes_per_second: all.expanded as f64 / 1e6 / seconds,
        all: all.into(),
        codecs: reports(by_codec),
        branches: reports(by_branch),
        left_out,
    })
}

/// After so many bytes of baskets a thread lets go of what the file took in memory: it would take
/// long to do so for each.
const LET_GO: u64 = 8 << 20;

/// Where the baskets stand that are done with and still in memory, and their bytes.
struct Done<'a> {
    target: &'a Target,
    ranges: Vec<Range<u64>>,
    bytes: u64,
}

impl Done<'_> {
    fn push(&mut self, basket: &Basket) {
        let Location::Stored { seek, nbytes } = basket.location else {
            return;
        };
        let nbytes = u64::from(nbytes);
        self.ranges.push(seek..seek.saturating_add(nbytes));
        self.bytes += nbytes;
        if self.bytes >= LET_GO {
            self.let_go();
        }
    }

    fn let_go(&mut self) {
        self.target.input.source().release(&self.ranges);
        self.ranges.clear();
        self.bytes = 0;
    }
}

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.let_go();
    }
}

/// The working memory of threads that are between two baskets. Work is cut anew whenever a thread has
/// none left: memory of its own for each piece would be asked for and cleared again and again.
#[derive(Default)]
struct Workers<'a>(Mutex<Vec<Worker<'a>>>);

impl<'a> Workers<'a> {
    /// What was used last, or new.
    fn take(&self, target: &'a Target) -> Worker<'a> {
        let used = lock(&self.0).pop();
        used.unwrap_or_else(|| Worker::new(target))
    }

    /// Keeps what a thread is done with.
    fn put(&self, worker: Worker<'a>) {
        lock(&self.0).push(worker);
    }
}

/// A lock whose holders leave nothing half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One thread's working memory.
struct Worker<'a> {
    done: Done<'a>,
    codec: Decompressor,
    scratch: Vec<u8>,
    spare: SpareColumns,
    reader: ColumnReader,
}

impl<'a> Worker<'a> {
    fn new(target: &'a Target) -> Self {
        Self {
            done: Done {
                target,
                ranges: Vec::new(),
                bytes: 0,
            },
            codec: Decompressor::default(),
            scratch: Vec::new(),
            spare: SpareColumns::default(),
            reader: ColumnReader::default(),
        }
    }

    /// Reads one basket; gives the name of its codec and what it took.
    fn basket(
        &mut self,
        branch: &Branch,
        basket: &Basket,
    ) -> rootlake_io::Result<(&'static str, Cost)> {
        let target = self.done.target;
        let mut cost = Cost {
            baskets: 1,
            stored: basket.stored_bytes(),
            ..Cost::default()
        };
        let start = Instant::now();
        if branch.counter.is_some() {
            // Where its entries begin may stand in another branch: no telling the parts apart.
            let range = basket.first_entry..basket.end_entry();
            let columns = self
                .reader
                .columns(branch, range, |seek, nbytes| target.record(seek, nbytes))?;
            cost.decode = start.elapsed();
            let bytes = columns
                .iter()
                .map(|(_, column)| column.values().len() * column.values().scalar_type().width());
            cost.expanded = bytes.sum::<usize>() as u64;
            return Ok(("counted", cost));
        }
        let (codec, record) = match &basket.location {
            Location::Embedded(_) => ("embedded", bytes::Bytes::new()),
            Location::Stored { seek, nbytes } => {
                let record = target.record(*seek, *nbytes)?;
                (codec_of(&record), record)
            }
        };
        let fetched = Instant::now();
        let content = match &basket.location {
            Location::Embedded(embedded) => BasketContent::embedded(embedded),
            Location::Stored { seek, .. } => {
                expand_basket(&record, &mut self.codec, &mut self.scratch)
                    .map_err(|error| error.in_object(&*branch.path).at(*seek))?
            }
        };
        let expanded = Instant::now();
        let entries = usize::try_from(basket.entries).unwrap_or(usize::MAX);
        let room = entries.min(1 << 20);
        let mut columns = ColumnBuilder::reusing(branch.format()?, room, &mut self.spare);
        columns.push(&content, 0..basket.entries)?;
        for (_, column) in columns.finish_all()? {
            self.spare.put(column);
        }
        cost.fetch = fetched - start;
        cost.expand = expanded - fetched;
        cost.decode = expanded.elapsed();
        cost.expanded = content.values.len() as u64;
        Ok((codec, cost))
    }
}

/// The codec of a basket's first block.
fn codec_of(record: &bytes::Bytes) -> &'static str {
    let block = rootlake_io::tree::basket_header(record)
        .ok()
        .and_then(|header| {
            if header.key.is_raw() {
                return None;
            }
            let (frame, _) =
                frame::split_first(record.get(header.key.key_length.into()..)?).ok()?;
            Some(frame.codec)
        });
    block.map_or("none", rootlake_io::codec::Codec::name)
}

fn render(report: &Report) -> String {
    let mut text = format!(
        "{}: {} entries in {:.3} s on {} threads: {} entries/s, {:.1} MB/s stored, {:.1} MB/s expanded\n",
        report.file,
        count(report.entries),
        report.seconds,
        report.threads,
        rate(report.entries_per_second),
        report.stored_megabytes_per_second,
        report.expanded_megabytes_per_second,
    );
    text += &table("codec", &report.codecs);
    text += &table("branch", &report.branches);
    for (branch, reason) in &report.left_out {
        text += &format!("  left out: {branch}: {reason}\n");
    }
    text
}

fn table(what: &str, costs: &BTreeMap<String, CostReport>) -> String {
    let right = Align::Right;
    let mut table = Table::new(&[
        (what, Align::Left),
        ("baskets", right),
        ("stored", right),
        ("expanded", right),
        ("fetch s", right),
        ("expand s", right),
        ("decode s", right),
        ("MB/s", right),
    ]);
    for (name, cost) in costs {
        let seconds = cost.fetch_seconds + cost.expand_seconds + cost.decode_seconds;
        table.row([
            name.clone(),
            count(cost.baskets),
            count(cost.stored_bytes),
            count(cost.expanded_bytes),
            format!("{:.4}", cost.fetch_seconds),
            format!("{:.4}", cost.expand_seconds),
            format!("{:.4}", cost.decode_seconds),
            format!("{:.0}", cost.expanded_bytes as f64 / 1e6 / seconds),
        ]);
    }
    table.render("  ")
}
