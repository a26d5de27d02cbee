//! Files in memory, their baskets, and the codec libraries by themselves.

use std::env;
use std::hint::black_box;
use std::io::Cursor;

use bytes::Bytes;
use rootlake_io::codec::{Codec, Compressor, Settings, frame};
use rootlake_io::column::Column;
use rootlake_io::file::RootFile;
use rootlake_io::tree::{Location, Tree, basket_header};
use rootlake_io::write::{BranchKind, BranchSchema, FileWriter, Stamp, TreeWriter, encode_basket};
use xxhash_rust::xxh64::xxh64;

/// Bytes of values in a basket, as ROOT makes them.
const BASKET: usize = 32_000;

/// A file of a tree.
pub struct File {
    pub bytes: Bytes,
    pub tree: Tree,
    name: String,
}

/// The compressed content of a basket.
pub struct Record {
    content: Bytes,
    pub expanded: usize,
    is_raw: bool,
}

impl File {
    /// A file whose branches all hold the same column.
    pub fn write(settings: &str, kind: &BranchKind, column: &Column, branches: usize) -> Self {
        let settings: Settings = settings.parse().unwrap();
        let schema: Vec<_> = (0..branches)
            .map(|number| BranchSchema::new(&format!("branch_{number}"), kind.clone()))
            .collect();
        let sink = Cursor::new(Vec::new());
        let mut file = FileWriter::create(sink, "b.root", Stamp::REPRODUCIBLE, settings).unwrap();
        let mut tree = TreeWriter::new("t", "", schema.clone(), column.entries() as u64);
        let mut compressor = Compressor::new(settings).unwrap();
        let values = column.values();
        let bytes = values.len() * values.scalar_type().width() / column.entries()
            + if matches!(kind, BranchKind::Vector(_)) {
                10
            } else {
                0
            };
        let each = BASKET / bytes;
        for first in (0..column.entries()).step_by(each) {
            let range = first..column.entries().min(first + each);
            for (number, branch) in schema.iter().enumerate() {
                let record = encode_basket("t", branch, column, range.clone(), 0, &mut compressor);
                tree.basket(&mut file, number, record.unwrap()).unwrap();
            }
        }
        tree.finish(&mut file).unwrap();
        let bytes = Bytes::from(file.finish().unwrap().into_inner());
        let tree = open(&bytes, "t");
        Self {
            bytes,
            tree,
            name: "t".into(),
        }
    }

    /// The files that the environment names.
    pub fn given() -> Vec<Self> {
        let targets = env::var("ROOTLAKE_BENCH_FILE").unwrap_or_default();
        let targets = targets.split(',').filter(|target| !target.is_empty());
        targets
            .map(|target| {
                let (path, name) = target.rsplit_once(':').unwrap();
                let bytes = Bytes::from(std::fs::read(path).unwrap());
                let tree = open(&bytes, name);
                Self {
                    bytes,
                    tree,
                    name: name.into(),
                }
            })
            .collect()
    }

    /// The branches of columns of numbers that the environment names, or all.
    pub fn wanted(&self) -> Vec<usize> {
        let names = env::var("ROOTLAKE_BENCH_BRANCHES").unwrap_or_default();
        let names: Vec<_> = names.split(',').filter(|name| !name.is_empty()).collect();
        let branches = self.tree.branches.iter().enumerate();
        branches
            .filter(|(_, branch)| names.is_empty() || names.contains(&&*branch.path))
            .filter(|(_, branch)| branch.column_kind().is_ok())
            .map(|(index, _)| index)
            .collect()
    }

    /// Opens it again.
    pub fn open(&self) -> Tree {
        open(&self.bytes, &self.name)
    }

    /// The baskets of some branches.
    pub fn records(&self, branches: &[usize]) -> Vec<Record> {
        branches
            .iter()
            .flat_map(|&branch| &self.tree.branches[branch].baskets)
            .map(|basket| {
                let Location::Stored { seek, nbytes } = basket.location else {
                    unreachable!("a small file: its baskets are embedded in the tree's record");
                };
                let record = self
                    .bytes
                    .slice(seek as usize..seek as usize + nbytes as usize);
                let key = basket_header(&record).unwrap().key;
                Record {
                    content: record.slice(usize::from(key.key_length)..),
                    expanded: key.object_length as usize,
                    is_raw: key.is_raw(),
                }
            })
            .collect()
    }
}

impl Record {
    /// The codec of its first block.
    pub fn codec(&self) -> Codec {
        if self.is_raw {
            return Codec::None;
        }
        frame::split_first(&self.content).unwrap().0.codec
    }
}

fn open(bytes: &Bytes, name: &str) -> Tree {
    let file = RootFile::open(bytes.clone(), "b.root").unwrap();
    let layouts = file.layouts().unwrap();
    let key = file.find(name).unwrap();
    Tree::read(&file, &key, &layouts).unwrap()
}

/// Copies baskets that are not compressed to memory that nobody had before, one behind the other.
pub fn copy_to_fresh_memory(records: &[Record]) {
    let length = records.iter().map(|record| record.expanded).sum();
    let mut fresh = memmap2::MmapMut::map_anon(length).unwrap();
    let mut rest = &mut fresh[..];
    for record in records {
        let (out, behind) = rest.split_at_mut(record.expanded);
        out.copy_from_slice(&record.content);
        rest = behind;
    }
    black_box(&fresh);
}

/// The fastest library for each codec, without anything of ours, into memory that is used again.
pub struct Codecs {
    deflate: libdeflater::Decompressor,
    zstd: zstd::bulk::Decompressor<'static>,
    out: Vec<u8>,
    /// Whether the checksums of LZ4 are verified too.
    pub verify: bool,
}

impl Codecs {
    pub fn new() -> Self {
        Self {
            deflate: libdeflater::Decompressor::new(),
            zstd: zstd::bulk::Decompressor::new().unwrap(),
            out: vec![0; frame::MAX_BLOCK],
            verify: false,
        }
    }

    /// Expands a basket; copies it where it is not compressed, to memory in the nearest cache.
    pub fn expand(&mut self, record: &Record) {
        if record.is_raw {
            self.out[..record.expanded].copy_from_slice(&record.content);
        } else {
            let mut rest = &record.content[..];
            while !rest.is_empty() {
                let (frame, behind) = frame::split_first(rest).unwrap();
                self.block(frame.codec, frame.stored, frame.expanded);
                rest = behind;
            }
        }
        black_box(&self.out);
    }

    fn block(&mut self, codec: Codec, stored: &[u8], expanded: usize) {
        let out = &mut self.out[..expanded];
        let length = match codec {
            Codec::Zlib => self.deflate.zlib_decompress(stored, out).unwrap(),
            Codec::OldDeflate => self.deflate.deflate_decompress(stored, out).unwrap(),
            Codec::Lz4 => {
                let (checksum, stored) = stored.split_first_chunk().unwrap();
                if self.verify {
                    assert_eq!(xxh64(stored, 0), u64::from_be_bytes(*checksum));
                }
                let size = i32::try_from(expanded).ok();
                lz4::block::decompress_to_buffer(stored, size, out).unwrap()
            }
            Codec::Zstd => self.zstd.decompress_to_buffer(stored, out).unwrap(),
            Codec::Lzma => {
                use liblzma::stream::{Action, Stream};
                let mut stream = Stream::new_stream_decoder(u64::MAX, 0).unwrap();
                stream.process(stored, out, Action::Finish).unwrap();
                stream.total_out() as usize
            }
            Codec::None => unreachable!("a block is compressed"),
        };
        assert_eq!(length, expanded);
    }
}
