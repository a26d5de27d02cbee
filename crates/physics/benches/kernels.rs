//! How long the kernels take: momenta, angles, mT2, object selection, histogram fills, and whole
//! selections of events that are decoded already.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    reason = "a bench; criterion's macros document nothing"
)]

#[path = "../tests/support/random.rs"]
mod random;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rootlake_hist::{Axis, Column, Histogram1D, HistogramSet, Precision};
use rootlake_physics::mt2::{Decays, Side, mt2, mt2_single, mt2_singles};
use rootlake_physics::object::{
    Jet, JetCuts, Jets, Lepton, LeptonCuts, Leptons, MissingMomentum, Photon, PhotonCuts, Photons,
    transverse_mass,
};
use rootlake_physics::{Batch, FourVector, QuickMomenta, Sample, analysis};

const EVENTS: usize = 10_000;

fn leptons(batch: &Batch) -> Vec<Lepton> {
    let columns = [Lepton::BRANCHES, &[Lepton::IS_TIGHT]].concat();
    let all: Vec<usize> = (0..batch.entries()).collect();
    let leptons = Leptons::of(batch, &columns, &all).unwrap();
    all.iter().flat_map(|&entry| leptons.event(entry)).collect()
}

fn momenta(c: &mut Criterion) {
    let leptons = leptons(&random::batch(EVENTS, 1));
    let vectors: Vec<FourVector> = leptons.iter().map(Lepton::momentum).collect();
    let missing = MissingMomentum {
        et: 40e3,
        phi: 1.0,
        ..MissingMomentum::default()
    };
    let missing = missing.momentum();
    let mut group = c.benchmark_group("momenta");
    group.throughput(Throughput::Elements(vectors.len() as u64));
    group.bench_function("from_pt_eta_phi_e", |b| {
        b.iter(|| leptons.iter().map(|l| l.momentum().pz).sum::<f64>());
    });
    let column = |of: fn(&Lepton) -> f32| leptons.iter().map(of).collect::<Vec<_>>();
    let [pt, eta, phi] = [|l: &Lepton| l.pt, |l: &Lepton| l.eta, |l: &Lepton| l.phi].map(column);
    let mut quick = QuickMomenta::default();
    group.bench_function("from_pt_eta_phi_e, by columns", |b| {
        b.iter(|| {
            // A block at a time, as selections make them.
            for ((pt, eta), phi) in pt.chunks(256).zip(eta.chunks(256)).zip(phi.chunks(256)) {
                quick.set(pt, eta, phi);
                black_box(&quick);
            }
        });
    });
    let pairs = || vectors.iter().zip(vectors.iter().skip(1));
    group.bench_function("mass_of_sum", |b| {
        b.iter(|| {
            pairs()
                .map(|(&one, &other)| (one + other).mass())
                .sum::<f64>()
        });
    });
    group.bench_function("delta_phi", |b| {
        b.iter(|| {
            pairs()
                .map(|(one, other)| one.delta_phi(other))
                .sum::<f64>()
        });
    });
    group.bench_function("delta_r", |b| {
        b.iter(|| pairs().map(|(one, other)| one.delta_r(other)).sum::<f64>());
    });
    group.bench_function("transverse_mass", |b| {
        b.iter(|| {
            let masses = vectors.iter().map(|seen| transverse_mass(seen, &missing));
            masses.sum::<f64>()
        });
    });
    group.finish();
}

/// mT2 in double precision, in single precision, and that of many pairs as the analysis asks for it.
fn stransverse_masses(c: &mut Criterion) {
    let leptons = leptons(&random::batch(EVENTS, 1));
    let vectors: Vec<FourVector> = leptons.iter().map(Lepton::momentum_gev).collect();
    let missing = FourVector::massless(40.0, 1.0);
    let side = |vector: &FourVector| Side {
        mass: vector.mass(),
        px: vector.px,
        py: vector.py,
        invisible_mass: 0.0,
    };
    let pairs = vectors.iter().zip(vectors.iter().skip(1));
    let pairs = pairs.map(|(one, other)| Decays {
        sides: [side(one), side(other)],
        missing: (missing.px, missing.py),
    });
    let pairs: Vec<Decays> = pairs.collect();
    let mut group = c.benchmark_group("mt2");
    group.throughput(Throughput::Elements(pairs.len() as u64));
    let double = |pair: &Decays| mt2(pair.sides[0], pair.sides[1], pair.missing);
    group.bench_function("double precision", |b| {
        b.iter(|| pairs.iter().filter_map(double).sum::<f64>());
    });
    let single = |pair: &Decays| mt2_single(pair.sides[0], pair.sides[1], pair.missing);
    group.bench_function("single precision", |b| {
        b.iter(|| pairs.iter().filter_map(single).sum::<f32>());
    });
    let mut masses = Vec::new();
    group.bench_function("single precision, by columns", |b| {
        b.iter(|| {
            // A block at a time, as the selection asks for them.
            for pairs in pairs.chunks(64) {
                masses.clear();
                mt2_singles(pairs, &mut masses);
                black_box(&masses);
            }
        });
    });
    group.finish();
}

/// The places of good objects, event by event: by columns, and one object after the other.
fn objects(c: &mut Criterion) {
    let batch = random::batch(EVENTS, 1);
    let all: Vec<usize> = (0..batch.entries()).collect();
    let mut group = c.benchmark_group("good objects");

    let columns = [Lepton::BRANCHES, &[Lepton::IS_TIGHT]].concat();
    let leptons = Leptons::of(&batch, &columns, &all).unwrap();
    let cuts = LeptonCuts::tight(25_000.0, 0.15);
    let one_by_one = || good(&all, |entry| leptons.event(entry).map(|l| cuts.accept(&l)));
    assert!(cuts.among(&leptons, &all).events().eq(one_by_one().iter()));
    group.throughput(Throughput::Elements(one_by_one().objects as u64));
    group.bench_function("leptons, by columns", |b| {
        b.iter(|| cuts.among(&leptons, &all))
    });
    group.bench_function("leptons", |b| b.iter(one_by_one));

    let jets = Jets::of(&batch, Jet::TAGGED_BRANCHES, &all).unwrap();
    let cuts = JetCuts::central(30_000.0);
    let one_by_one = || good(&all, |entry| jets.event(entry).map(|jet| cuts.accept(&jet)));
    assert!(cuts.among(&jets, &all).events().eq(one_by_one().iter()));
    group.throughput(Throughput::Elements(one_by_one().objects as u64));
    group.bench_function("jets, by columns", |b| b.iter(|| cuts.among(&jets, &all)));
    group.bench_function("jets", |b| b.iter(one_by_one));

    let photons = Photons::of(&batch, Photon::BRANCHES, &all).unwrap();
    let cuts = PhotonCuts {
        min_pt: 25_000.0,
        max_abs_eta: 2.37,
        excluded_abs_eta: 1.37..=1.52,
    };
    let one_by_one = || good(&all, |entry| photons.event(entry).map(|p| cuts.accept(&p)));
    assert!(cuts.among(&photons, &all).events().eq(one_by_one().iter()));
    group.throughput(Throughput::Elements(one_by_one().objects as u64));
    group.bench_function("photons, by columns", |b| {
        b.iter(|| cuts.among(&photons, &all))
    });
    group.bench_function("photons", |b| b.iter(one_by_one));
    group.finish();
}

/// What a selection by columns makes, made of one object after the other.
struct OneByOne {
    /// The number of all objects.
    objects: u32,
    places: Vec<u32>,
    /// Where those of each event end among the places.
    ends: Vec<usize>,
}

impl OneByOne {
    fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let ranges = starts.zip(&self.ends);
        ranges.filter_map(|(start, &end)| self.places.get(start..end))
    }
}

/// The good objects among those of these entries, of which `are_good` tells for each entry.
fn good<I: Iterator<Item = bool>>(entries: &[usize], are_good: impl Fn(usize) -> I) -> OneByOne {
    let mut good = OneByOne {
        objects: 0,
        places: Vec::new(),
        ends: Vec::with_capacity(entries.len()),
    };
    for &entry in entries {
        for is_good in are_good(entry) {
            if is_good {
                good.places.push(good.objects);
            }
            good.objects += 1;
        }
        good.ends.push(good.places.len());
    }
    good
}

fn fills(c: &mut Criterion) {
    let batch = random::batch(EVENTS, 1);
    let values = batch.fixed::<f32>("met_et").unwrap();
    let weights = batch.fixed::<f32>("mcWeight").unwrap();
    let axis = Axis::new(30, 0.0, 200e3).unwrap();
    let mut histogram = Histogram1D::new("h", "", axis, Precision::F32);
    let mut set = HistogramSet::new();
    let handle = set.book(histogram.clone()).unwrap();
    let columns = [values, weights].map(|column| column.iter().map(|&x| f64::from(x)).collect());
    let [xs, ws]: [Vec<f64>; 2] = columns;
    let mut group = c.benchmark_group("histogram");
    group.throughput(Throughput::Elements(EVENTS as u64));
    group.bench_function("fill", |b| {
        b.iter(|| {
            for (&value, &weight) in values.iter().zip(weights) {
                histogram.fill(f64::from(black_box(value)), weight);
            }
        });
    });
    group.bench_function("fill, gathered", |b| {
        b.iter(|| {
            let mut fills = set.gather();
            for (&value, &weight) in values.iter().zip(weights) {
                fills.fill(handle, f64::from(black_box(value)), weight);
            }
        });
    });
    group.bench_function("fill, by columns", |b| {
        b.iter(|| {
            set.gather()
                .columns([Column::new(handle, black_box(&xs))], &ws)
        });
    });
    group.finish();
}

fn selections(c: &mut Criterion) {
    let batch = random::batch(EVENTS, 1);
    let sample = Sample::named("a simulation");
    let mut group = c.benchmark_group("selection");
    group.throughput(Throughput::Elements(EVENTS as u64));
    for name in analysis::NAMES {
        let analysis = analysis::find(name).unwrap();
        let mut output = analysis.output();
        group.bench_function(name, |b| {
            b.iter(|| {
                let survivors = analysis.preselect(&batch, &mut output).unwrap();
                analysis
                    .select(&batch, &survivors, &sample, &mut output)
                    .unwrap();
            });
        });
    }
    group.finish();
}

criterion_group!(
    benches,
    momenta,
    stransverse_masses,
    objects,
    fills,
    selections
);
criterion_main!(benches);
