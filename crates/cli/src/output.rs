//! What all commands that write files share on the command line.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use rootlake_io::codec::Settings;
use rootlake_io::file::datime;
use rootlake_io::write::Stamp;
use rootlake_pipeline::WriteOptions;

/// Where to write, and how.
#[derive(Clone, Debug, clap::Args)]
pub struct OutputArgs {
    /// The file to write
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub path: PathBuf,
    #[command(flatten)]
    pub write: WriteArgs,
}

/// How to write.
#[derive(Clone, Debug, clap::Args)]
pub struct WriteArgs {
    /// Compression: none, zlib:1 to 9, lz4, zstd or lzma with a level
    #[arg(long, value_name = "CODEC[:LEVEL]", default_value = "zlib:1")]
    pub compress: Settings,
    /// The same input gives the same bytes: no time and no UUID in the file
    #[arg(long)]
    pub reproducible: bool,
}

impl WriteArgs {
    /// The options for the writer.
    pub fn options(&self) -> anyhow::Result<WriteOptions> {
        let stamp = stamp(self.reproducible)?;
        Ok(WriteOptions {
            settings: self.compress,
            stamp,
        })
    }
}

/// What a new file is stamped with.
pub fn stamp(reproducible: bool) -> anyhow::Result<Stamp> {
    if reproducible {
        Ok(Stamp::REPRODUCIBLE)
    } else {
        new_stamp()
    }
}

/// The time, and a random UUID (version 4).
fn new_stamp() -> anyhow::Result<Stamp> {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs());
    let mut uuid = [0; 16];
    getrandom::fill(&mut uuid)
        .map_err(std::io::Error::from)
        .context("no random numbers")?;
    let [.., version, _, variant, _, _, _, _, _, _, _] = &mut uuid;
    *version = (*version & 0x0f) | 0x40;
    *variant = (*variant & 0x3f) | 0x80;
    Ok(Stamp {
        datime: datime(seconds),
        uuid,
    })
}
