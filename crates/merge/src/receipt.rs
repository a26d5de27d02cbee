//! What was done, for people and programs.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use crate::action::Outcome;
use crate::checksum::Checksums;
use crate::plan::Plan;
use crate::plan::tree::Differences;
use crate::store::Identity;
use crate::survey::input::Input;

/// What was done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Receipt {
    /// The output's path.
    pub output: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its Adler-32, as eight hexadecimal digits, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adler32: Option<String>,
    /// The inputs in their order.
    pub inputs: Vec<InputReceipt>,
    /// Inputs that could not be read and were left out, and why.
    pub skipped: Vec<Skipped>,
    /// How many inputs the output is made of: copies count.
    pub parts: usize,
    /// The trees written.
    pub trees: Vec<TreeReceipt>,
    /// The other objects written.
    pub objects: Vec<ObjectReceipt>,
    /// How long it took, in seconds, from the plan on.
    pub seconds: f64,
    /// Output bytes per second.
    pub bytes_per_second: f64,
}

/// An input that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// An input as it was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InputReceipt {
    /// Its name.
    pub name: String,
    /// Its size and the time it was written.
    #[serde(flatten)]
    pub identity: Identity,
    /// Its checksums, where they were asked for.
    #[serde(flatten)]
    pub checksums: Option<Checksums>,
}

/// What was done for one tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TreeReceipt {
    /// Its path.
    pub path: String,
    /// Entries in all inputs together, once.
    pub entries_in: u64,
    /// Entries in the output.
    pub entries_out: u64,
    /// Baskets written.
    pub baskets: u64,
    /// Their bytes.
    pub basket_bytes: u64,
    /// What the comparison of all values found, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified: Option<Verified>,
    /// Where it is not what the inputs' trees are.
    #[serde(flatten)]
    pub differences: Differences,
}

/// What the comparison of a tree's values with those of the inputs found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// How many branches have the digests that the inputs have.
    pub equal: u64,
    /// Branches that cannot be decoded, or hold other branches only: their baskets were expanded.
    pub undecoded: Vec<String>,
}

/// What became of one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObjectReceipt {
    /// Its path.
    pub path: String,
    /// Its class.
    pub class: String,
    /// What became of those of the inputs.
    pub outcome: Outcome,
    /// How many inputs hold one.
    pub inputs: usize,
}

impl Receipt {
    /// Adds the checksums of the inputs, in their order.
    pub fn with_checksums(mut self, checksums: Vec<Checksums>) -> Self {
        for (input, checksums) in self.inputs.iter_mut().zip(checksums) {
            input.checksums = Some(checksums);
        }
        self
    }

    pub(crate) fn new(
        path: &Path,
        plan: &Plan,
        inputs: &[Input],
        trees: Vec<TreeReceipt>,
        objects: Vec<ObjectReceipt>,
        (bytes, adler32): (u64, Option<u32>),
        elapsed: Duration,
    ) -> Self {
        let seconds = elapsed.as_secs_f64();
        #[allow(clippy::cast_precision_loss, reason = "a rate")]
        let bytes_per_second = bytes as f64 / seconds.max(1e-9);
        Self {
            output: path.display().to_string(),
            bytes,
            adler32: adler32.map(|sum| format!("{sum:08x}")),
            inputs: inputs
                .iter()
                .map(|input| InputReceipt {
                    name: input.name.to_string(),
                    identity: input.identity,
                    checksums: None,
                })
                .collect(),
            skipped: Vec::new(),
            parts: plan.sequence.len(),
            trees,
            objects,
            seconds,
            bytes_per_second,
        }
    }
}
