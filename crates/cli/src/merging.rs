//! What merging and multiplying share: arguments, the job itself, its report.

use std::path::{Path, PathBuf};

use anyhow::Context;
use rayon::prelude::*;
use rootlake_io::codec::Settings;
use rootlake_merge::{
    IndexNames, IndexPlan, MergeError, Order, Plan, Receipt, Request, Schema, Skipped, Survey,
    VaryBranch, Verify, execute, of_input, survey,
};
use rootlake_pipeline::{Lake, PipelineError};

use crate::inputs;
use crate::output;
use crate::progress::Progress;
use crate::table::count;
use crate::target::pool;

/// How files are merged.
#[derive(Clone, Debug, clap::Args)]
pub struct MergeArgs {
    /// Where trees differ: strict refuses, union fills in zeros and empty lists, intersect leaves
    /// out; an index that an input lacks is left out by both
    #[arg(long, value_name = "POLICY", default_value = "strict", value_parser = schema)]
    pub schema: Schema,
    /// Compression of the baskets: keep, none, zlib:1 to 9, lz4, zstd or lzma with a level
    #[arg(long, value_name = "CODEC[:LEVEL]", default_value = "keep", value_parser = compress)]
    pub compress: Compress,
    /// Join short inputs to clusters of this size, and cut long ones into such
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub recluster: Option<u64>,
    /// Order of the baskets in the output: as in the input, by entry, or by branch
    #[arg(long, value_name = "ORDER", default_value = "file", value_parser = order)]
    pub sort_baskets: Order,
    /// Check of each basket: none, its blocks' headers (frames), or full: all is decompressed, and
    /// the values of the output are held against those of the inputs
    #[arg(long, value_name = "none|frames|full", default_value = "frames", value_parser = verify)]
    pub verify: Verify,
    /// Threads that copy; 0 for one per processor
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
    /// At most this many inputs are open at a time: one for each thread
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_open: Option<u64>,
    /// At most this much memory, single baskets that are longer aside; 12 MiB, 40 bytes for each
    /// basket of the inputs, 80 for each of the output, 120 for each entry of a tree with an index,
    /// and 4 MiB for each thread are enough
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_memory: Option<u64>,
    /// Leave out inputs that cannot be read, name them, and end with code 6
    #[arg(long)]
    pub keep_going: bool,
    /// The same input gives the same bytes: no time and no UUID in the file
    #[arg(long)]
    pub reproducible: bool,
    /// Flush the output to the disk before it gets its name
    #[arg(long)]
    pub fsync: bool,
    /// Put adler32 and xxh3 of each input into the receipt; reads all of them once more
    #[arg(long)]
    pub checksum_inputs: bool,
    /// Write the receipt here instead of to OUT.json
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
    /// Write no receipt, and take no checksum of the output
    #[arg(long, conflicts_with = "receipt")]
    pub no_receipt: bool,
    /// Print the plan as JSON and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Overwrite outputs that are there
    #[arg(short, long)]
    pub force: bool,
    /// Print the receipt as JSON
    #[arg(long)]
    pub json: bool,
}

/// Compression of the baskets of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compress {
    /// As they are.
    Keep,
    /// Anew.
    To(Settings),
}

fn schema(text: &str) -> Result<Schema, String> {
    match text {
        "strict" => Ok(Schema::Strict),
        "union" => Ok(Schema::Union),
        "intersect" => Ok(Schema::Intersect),
        _ => Err("it is strict, union or intersect".to_owned()),
    }
}

fn order(text: &str) -> Result<Order, String> {
    match text {
        "file" => Ok(Order::File),
        "entry" => Ok(Order::Entry),
        "branch" => Ok(Order::Branch),
        _ => Err("it is file, entry or branch".to_owned()),
    }
}

fn verify(text: &str) -> Result<Verify, String> {
    match text {
        "none" => Ok(Verify::None),
        "frames" => Ok(Verify::Frames),
        "full" => Ok(Verify::Full),
        _ => Err("it is none, frames or full".to_owned()),
    }
}

fn compress(text: &str) -> Result<Compress, String> {
    if text == "keep" {
        return Ok(Compress::Keep);
    }
    let settings = text.parse();
    settings
        .map(Compress::To)
        .map_err(|error: rootlake_io::Error| error.to_string())
}

/// A size in bytes: `4096`, `10MB`, `1.5GiB`.
pub fn size(text: &str) -> Result<u64, String> {
    let split = text
        .find(|letter: char| letter.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let number: f64 = number
        .trim()
        .parse()
        .map_err(|_| format!("{number:?} is no number"))?;
    let factor: f64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "t" | "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1_048_576.0,
        "gib" => 1_073_741_824.0,
        "tib" => 1_099_511_627_776.0,
        _ => return Err(format!("{unit:?} is no unit of bytes")),
    };
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked"
    )]
    match number * factor {
        bytes if (1.0..1e18).contains(&bytes) => Ok(bytes.round() as u64),
        _ => Err(format!("{text} is no size of a file")),
    }
}

impl MergeArgs {
    /// What holds where nothing is said.
    pub fn usual() -> Self {
        Self {
            schema: Schema::Strict,
            compress: Compress::Keep,
            recluster: None,
            sort_baskets: Order::File,
            verify: Verify::Frames,
            threads: 0,
            max_open: None,
            max_memory: None,
            keep_going: false,
            reproducible: false,
            fsync: false,
            checksum_inputs: false,
            receipt: None,
            no_receipt: false,
            dry_run: false,
            force: false,
            json: false,
        }
    }

    /// What is asked of the engine.
    pub fn request(&self, copies: u64) -> Request {
        let usual = Request::default();
        Request {
            copies,
            schema: self.schema,
            compress: match self.compress {
                Compress::Keep => None,
                Compress::To(settings) => Some(settings),
            },
            compress_records: None,
            recluster: self.recluster,
            order: self.sort_baskets,
            verify: self.verify,
            shared: false,
            vary: Vec::new(),
            threads: self.threads(usual.threads),
            memory: self.max_memory,
            reproducible: self.reproducible,
            sync: self.fsync,
            checksum: !self.no_receipt || self.json,
            may_be_empty: false,
        }
    }

    /// How many threads copy: those asked for or `usual`, as many as inputs may be open.
    fn threads(&self, usual: usize) -> usize {
        let wanted = if self.threads == 0 {
            usual
        } else {
            self.threads
        };
        let open = self.max_open.and_then(|open| usize::try_from(open).ok());
        wanted.min(open.unwrap_or(usize::MAX))
    }

    /// Names the inputs and examines them; those that cannot be read end the job, unless it is to
    /// keep going.
    pub fn survey(&self, named: &[String], request: &Request) -> anyhow::Result<&'static Survey> {
        let found = self.examine(&inputs::expand(named)?, request)?;
        Ok(found)
    }

    /// The same of inputs whose names are known. What is found of thousands of inputs is in so many
    /// pieces of memory that giving back each takes a while: it stays to the end of the program.
    pub fn examine(
        &self,
        names: &[String],
        request: &Request,
    ) -> anyhow::Result<&'static mut Survey> {
        let mut found = survey(&Lake, names, request.threads);
        if !self.keep_going && !found.refused.is_empty() {
            return Err(failed(found.refused.swap_remove(0).1));
        }
        Ok(Box::leak(Box::new(found)))
    }

    /// Writes one output and its receipt.
    pub fn write(
        &self,
        plan: &Plan,
        survey: &Survey,
        request: &Request,
        path: &Path,
    ) -> anyhow::Result<Receipt> {
        if path.exists() && !self.force {
            return Err(anyhow::Error::new(PipelineError::Output {
                path: path.display().to_string(),
                cause: std::io::Error::new(
                    std::io::ErrorKind::AlreadyExists,
                    "it exists; --force overwrites it",
                ),
            }));
        }
        let progress = Progress::new("merge", true);
        let total = plan.basket_bytes();
        let stamp = output::stamp(self.reproducible)?;
        let told = |written| progress.set(written, total);
        let mut receipt =
            execute(plan, &survey.inputs, &Lake, request, path, stamp, &told).map_err(failed)?;
        drop(progress);
        if self.checksum_inputs {
            let sums: Result<Vec<_>, _> = pool(Some(request.threads))?.install(|| {
                let inputs = survey.inputs.par_iter();
                inputs.map(|input| of_input(&Lake, &input.name)).collect()
            });
            receipt = receipt.with_checksums(sums.map_err(failed)?);
        }
        receipt.skipped = survey
            .refused
            .iter()
            .map(|(name, why)| Skipped {
                name: name.clone(),
                reason: why.to_string(),
            })
            .collect();
        if self.no_receipt {
            return Ok(receipt);
        }
        let text = serde_json::to_string_pretty(&receipt)?;
        let place = self.receipt.clone().unwrap_or_else(|| receipt_beside(path));
        std::fs::write(&place, text + "\n")
            .with_context(|| format!("cannot write {}", place.display()))?;
        Ok(receipt)
    }

    /// Tells what was done, and whether all of it.
    pub fn report(&self, receipts: &[Receipt], survey: &Survey) -> anyhow::Result<()> {
        if self.json {
            println!("{}", serde_json::to_string_pretty(receipts)?);
        } else {
            receipts.iter().for_each(print);
        }
        for (name, why) in &survey.refused {
            eprintln!("rootlake: left out {name}: {why}");
        }
        if survey.refused.is_empty() {
            Ok(())
        } else {
            Err(anyhow::Error::new(crate::exit::LeftOut(
                survey.refused.len(),
            )))
        }
    }
}

/// The error of a job, as exit codes know it.
pub fn failed(error: MergeError) -> anyhow::Error {
    anyhow::Error::new(PipelineError::from(error))
}

/// `OUT.json`.
pub fn receipt_beside(path: &Path) -> PathBuf {
    path.with_extension("json")
}

fn print(receipt: &Receipt) {
    for tree in &receipt.trees {
        println!(
            "{}: tree {}: {} entries in {} baskets",
            receipt.output,
            tree.path,
            count(tree.entries_out),
            count(tree.baskets)
        );
        for (branches, what) in [
            (&tree.differences.filled, "filled with zeros"),
            (&tree.differences.dropped, "left out"),
        ] {
            for branch in branches {
                println!(
                    "{}: tree {}: branch {branch} {what} where an input lacks it",
                    receipt.output, tree.path
                );
            }
        }
        for why in &tree.differences.left_out {
            println!("{}: tree {}: left out: {why}", receipt.output, tree.path);
        }
        if let Some(IndexPlan::LeftOut(IndexNames { major, minor })) = &tree.differences.index {
            println!(
                "{}: tree {}: index of {major}, {minor} left out: an input lacks it, and it cannot be built there",
                receipt.output, tree.path
            );
        }
    }
    for object in &receipt.objects {
        if object.outcome == rootlake_merge::Outcome::Cycles {
            println!(
                "{}: {} {}: not added; all that differ are kept, as cycles",
                receipt.output, object.class, object.path
            );
        }
    }
    println!(
        "{}: {} trees, {} other objects of {} inputs; {} bytes in {:.2} s: {:.1} MB/s",
        receipt.output,
        receipt.trees.len(),
        receipt.objects.len(),
        receipt.parts,
        count(receipt.bytes),
        receipt.seconds,
        receipt.bytes_per_second / 1e6
    );
}

/// `BRANCH` or `BRANCH:STEP`.
pub fn vary(text: &str) -> Result<VaryBranch, String> {
    let (branch, step) = match text.rsplit_once(':') {
        Some((branch, step)) => {
            let step = step.parse().map_err(|_| format!("{step:?} is no step"))?;
            (branch, Some(step))
        }
        None => (text, None),
    };
    Ok(VaryBranch {
        branch: branch.to_owned(),
        step,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        for (text, bytes) in [("7", 7), ("10MB", 10_000_000), ("1.5 GiB", 1_610_612_736)] {
            assert_eq!(size(text), Ok(bytes));
        }
        for wrong in ["", "-1", "5 apples", "0"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
