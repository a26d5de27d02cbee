//! Batches of random events in which every analysis selects some.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};
use rootlake_io::column::{Column, Scalar};
use rootlake_physics::Batch;
use rootlake_physics::schema::{BranchSpec, MINI};

/// A batch of all branches, the same for the same seed.
pub fn batch(entries: usize, seed: u64) -> Batch {
    let mut random = Random(ChaCha8Rng::seed_from_u64(seed));
    let counts = [
        ("lep", 5),
        ("jet", 7),
        ("photon", 4),
        ("tau", 3),
        ("largeRjet", 3),
    ]
    .map(|(prefix, most)| (prefix, random.counts(entries, most)));
    let mut batch = Batch::new(0, entries);
    for branch in MINI {
        let prefix = branch.name.split('_').next().unwrap();
        let found = counts.iter().find(|(known, _)| *known == prefix);
        let column = match found {
            Some((_, counts)) if branch.ty.is_vector => random.vectors(&branch, counts),
            Some((_, counts)) if branch.name == format!("{prefix}_n") => {
                Column::fixed(counts.clone())
            }
            _ => random.values(&branch, entries),
        };
        batch.insert(branch, column).unwrap();
    }
    batch
}

struct Random(ChaCha8Rng);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0.next_u32() % end
    }

    fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * (self.0.next_u32() as f32 / u32::MAX as f32)
    }

    fn counts(&mut self, entries: usize, end: u32) -> Vec<u32> {
        (0..entries).map(|_| self.below(end)).collect()
    }

    fn vectors(&mut self, branch: &BranchSpec, counts: &[u32]) -> Column {
        let mut offsets = vec![0];
        for count in counts {
            offsets.push(offsets.last().unwrap() + count);
        }
        let all = *offsets.last().unwrap() as usize;
        match self.values(branch, all) {
            column if column.as_fixed::<f32>().is_ok() => jagged::<f32>(offsets, &column),
            column if column.as_fixed::<bool>().is_ok() => jagged::<bool>(offsets, &column),
            column if column.as_fixed::<u32>().is_ok() => jagged::<u32>(offsets, &column),
            column => jagged::<i32>(offsets, &column),
        }
    }

    fn values(&mut self, branch: &BranchSpec, count: usize) -> Column {
        let name = branch.name;
        if name.ends_with("_type") {
            return Column::fixed((0..count).map(|_| 11 + 2 * self.below(2)).collect());
        }
        if name.ends_with("_charge") {
            let charge = |random: &mut Self| if random.below(2) == 0 { -1 } else { 1 };
            return Column::fixed((0..count).map(|_| charge(self)).collect());
        }
        if branch.ty.scalar == bool::TYPE {
            return Column::fixed((0..count).map(|_| self.below(8) != 0).collect());
        }
        if branch.ty.scalar == i32::TYPE {
            return Column::fixed(
                (0..count)
                    .map(|_| self.below(1_000_000) as i32 % 4)
                    .collect(),
            );
        }
        let (low, high) = range(name);
        Column::fixed((0..count).map(|_| self.between(low, high)).collect())
    }
}

fn range(name: &str) -> (f32, f32) {
    match name {
        "largeRjet_pt" => (250e3, 600e3),
        "largeRjet_E" => (600e3, 1e6),
        "largeRjet_m" => (40e3, 200e3),
        "lep_E" | "photon_E" => (20e3, 150e3),
        "lep_eta" | "photon_eta" => (-1.2, 1.2),
        _ if name.ends_with("_pt") => (10e3, 120e3),
        _ if name.ends_with("_E") => (120e3, 500e3),
        _ if name.ends_with("_eta") => (-2.6, 2.6),
        _ if name.ends_with("_phi") => (-3.1, 3.1),
        _ if name.ends_with("_z0") => (-0.6, 0.6),
        _ if name.contains("cone") => (-1e3, 3e3),
        _ if name.contains("sigd0") => (1.0, 2.0),
        _ if name.ends_with("_syst") => (0.0, 5e3),
        "met_et" => (0.0, 150e3),
        "mcWeight" => (-0.2, 1.5),
        _ => (0.0, 1.1),
    }
}

fn jagged<T: Scalar>(offsets: Vec<u32>, values: &Column) -> Column {
    Column::jagged(offsets, values.as_fixed::<T>().unwrap().to_vec()).unwrap()
}
