//! Reads whole files through the read-ahead, and tells how fast and what it cost.
//!
//! `cargo run --release -p rootlake-lake --example read_rate -- LOCATION… [unit KiB]`

use std::hash::{DefaultHasher, Hasher};
use std::time::Instant;

use rootlake_lake::{LakeError, ReadAhead, ReadAheadOptions, Unit, open};

fn main() -> Result<(), LakeError> {
    let mut locations: Vec<String> = std::env::args().skip(1).collect();
    let unit = locations.last().and_then(|last| last.parse().ok());
    if unit.is_some() {
        locations.pop();
    }
    let unit: u64 = unit.unwrap_or(1024) << 10;

    for location in &locations {
        let begun = Instant::now();
        let source = open(location)?;
        let opened = begun.elapsed();
        let size = source.size();
        let step = usize::try_from(unit.max(1)).unwrap_or(usize::MAX);
        let units = (0..size)
            .step_by(step)
            .map(|at| at..(at + unit).min(size))
            .map(|range| Unit::new(source.clone(), Vec::from([range])))
            .collect();
        let ahead = ReadAhead::start(units, ReadAheadOptions::default())?;
        let mut digest = DefaultHasher::new();
        for fetched in &ahead {
            for part in fetched?.parts {
                digest.write(&part);
            }
        }
        source.verify_unchanged()?;
        let taken = begun.elapsed().as_secs_f64();
        println!(
            "{location}: {size} bytes, opened in {opened:?}, read in {taken:.3} s ({:.0} MB/s), \
             digest {:016x}\n  {:?}\n  {:?}",
            size as f64 / 1e6 / taken,
            digest.finish(),
            ahead.report(),
            source.traffic(),
        );
    }
    Ok(())
}
