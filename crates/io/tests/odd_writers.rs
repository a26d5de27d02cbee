//! What ROOT reads though it is not as ROOT writes it today: old versions, rubbish where nobody
//! looks, objects of a tree that only some program understands.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

use std::io::Cursor;

use bytes::Bytes;
use rootlake_io::check::check;
use rootlake_io::codec::{Compressor, Settings};
use rootlake_io::column::{Column, ScalarType, Values};
use rootlake_io::file::RootFile;
use rootlake_io::object::{Body, Graph, Layouts, Object, ObjectId, Value};
use rootlake_io::tree::{Branch, ColumnReader, Tree};
use rootlake_io::write::{
    BranchKind, BranchSchema, DirectoryId, FileWriter, Stamp, TreeWriter, encode_basket,
};

type Writer = FileWriter<Cursor<Vec<u8>>>;

fn written(build: impl FnOnce(&mut Writer)) -> RootFile<Bytes> {
    let sink = Cursor::default();
    let mut file =
        FileWriter::create(sink, "x.root", Stamp::REPRODUCIBLE, Settings::ZLIB_1).unwrap();
    build(&mut file);
    let bytes = file.finish().unwrap().into_inner();
    RootFile::open(bytes.into(), "x.root").unwrap()
}

/// Begins the tree `t`, whose branch `x` holds 1 and 2.
fn begin_tree(file: &mut Writer) -> TreeWriter {
    let schema = BranchSchema::new("x", BranchKind::Value(ScalarType::I32));
    let mut tree = TreeWriter::new("t", "", vec![schema.clone()], 2);
    let column = Column::fixed(vec![1i32, 2]);
    let mut compressor = Compressor::new(Settings::ZLIB_1).unwrap();
    let record = encode_basket("t", &schema, &column, 0..2, 0, &mut compressor).unwrap();
    tree.basket(file, 0, record).unwrap();
    tree
}

/// A file with that tree, whose record is what `change` makes of it: given are the record and the
/// number of the branch in it.
fn changed(change: impl FnOnce(&mut Graph, ObjectId)) -> RootFile<Bytes> {
    let whole = written(|file| begin_tree(file).finish(file).unwrap());
    let key = whole.find("t").unwrap();
    let mut tree = Tree::read_whole(&whole, &key, &whole.layouts().unwrap()).unwrap();
    change(&mut tree.graph, tree.branches[0].id);
    written(|file| {
        begin_tree(file);
        file.object("t", "", &tree.graph).unwrap();
    })
}

fn tree(file: &RootFile<Bytes>) -> Tree {
    Tree::read(file, &file.find("t").unwrap(), &file.layouts().unwrap()).unwrap()
}

fn column(file: &RootFile<Bytes>, branch: &Branch) -> Column {
    let read = |seek, nbytes| {
        let start = seek as usize;
        Ok(file.source().slice(start..start + nbytes as usize))
    };
    ColumnReader::default()
        .column(branch, 0..branch.entries, read)
        .unwrap()
}

#[test]
fn a_directory_may_be_called_otherwise_in_its_record() {
    let file = written(|file| {
        file.directory(DirectoryId::TOP, "within", "").unwrap();
    });
    let mut key = file.find("within").unwrap();
    let directory = file.directory(&key).unwrap();
    key.class = "TDirectory".to_owned();
    assert_eq!(file.directory(&key).unwrap(), directory);
    key.class = "TNamed".to_owned();
    assert!(file.content(&key).is_err());
}

/// As a program leaves it that crashes: the header and what was written since, but no list of
/// keys.
#[test]
fn a_file_that_was_not_closed_is_not_taken_for_an_empty_one() {
    let whole = written(|file| begin_tree(file).finish(file).unwrap());
    let mut bytes = whole.source().to_vec();
    let begin = whole.header().begin as usize;
    let first = u32::from_be_bytes(bytes[begin..begin + 4].try_into().unwrap());
    let directory = begin + whole.header().nbytes_name as usize;
    let open = |bytes: &[u8]| RootFile::open(Bytes::copy_from_slice(bytes), "x.root");
    // fSeekKeys, behind the version, two times, two lengths and two offsets of 64 bits.
    bytes[directory + 34..][..8].fill(0);
    bytes[12..16].copy_from_slice(&(whole.header().begin as u32 + first).to_be_bytes());
    let error = open(&bytes).map(drop).unwrap_err().to_string();
    assert!(error.contains("not closed"), "{error}");
    // Nothing was written yet.
    bytes.truncate(begin + first as usize);
    assert_eq!(open(&bytes).unwrap().walk().unwrap(), []);
}

/// What stands behind the last basket in a branch's arrays was never meant to be read.
#[test]
fn rubbish_behind_the_last_basket_is_not_looked_at() {
    let file = changed(|graph, branch| {
        let branch = graph.get_mut(branch).unwrap();
        for name in ["fBasketBytes", "fBasketSeek", "fBasketEntry"] {
            let mut values = branch.array(name).unwrap().clone();
            match &mut values {
                Values::I32(values) => values[2..].fill(-1_163_005_939),
                Values::I64(values) => values[2..].fill(-1_163_005_939),
                _ => panic!("{name}"),
            }
            branch.set(name, Value::Array(values)).unwrap();
        }
    });
    assert_eq!(check(&file).fault_count, 0);
    assert_eq!(
        column(&file, tree(&file).branch("x").unwrap()),
        Column::fixed(vec![1i32, 2])
    );
}

#[test]
fn a_branch_in_another_file_is_named_and_no_damage() {
    let file = changed(|graph, branch| {
        let other = Value::Text(Bytes::from_static(b"friends.root"));
        graph
            .get_mut(branch)
            .unwrap()
            .set("fFileName", other)
            .unwrap();
    });
    let report = check(&file);
    assert_eq!((report.fault_count, report.notes.len()), (0, 1));
    assert!(report.notes[0].text.contains("friends.root"));
    let tree = tree(&file);
    assert!(tree.branches[0].baskets.is_empty());
    let error = tree.branches[0].format().unwrap_err().to_string();
    assert!(error.contains("friends.root"), "{error}");
}

/// ROOT passes over it as well, when it has no dictionary of its class.
#[test]
fn what_is_not_understood_beside_the_branches_is_left_out() {
    let file = changed(|graph, _| {
        let layouts = Layouts::builtin();
        let mut list = Object::empty("TList", &layouts).unwrap();
        let odd = graph.add(Object {
            class: "TNamed".into(),
            body: Body::Opaque(Bytes::from_static(b"\x40\0\0\xff")),
        });
        let text = graph.add(Object::empty("TObjString", &layouts).unwrap());
        if let Body::List(list) = &mut list.body {
            list.items = vec![Some(odd), Some(text)];
        }
        let list = graph.add(list);
        let root = graph.get_mut(Graph::ROOT).unwrap();
        root.set("fUserInfo", Value::Pointer(Some(list))).unwrap();
    });
    let found = tree(&file);
    assert_eq!(found.left_out.len(), 1);
    let said = &found.left_out[0];
    assert!(said.contains("a byte count of 255"), "{said}");
    let values = column(&file, found.branch("x").unwrap());
    assert_eq!(values, Column::fixed(vec![1i32, 2]));
    let report = check(&file);
    assert_eq!((report.fault_count, report.notes.len()), (0, 1));
    // Who writes it again goes without it.
    let (key, layouts) = (file.find("t").unwrap(), file.layouts().unwrap());
    let whole = Tree::read_whole(&file, &key, &layouts).unwrap();
    assert_eq!(whole.left_out.len(), 1);
    assert!(whole.left_out[0].contains("a byte count of 255"), "{said}");
    let again = written(|file| file.object("t", "", &whole.graph).unwrap());
    assert!(tree(&again).left_out.is_empty());
    let graph = tree(&again).graph;
    let classes: Vec<&str> = graph.objects().map(|object| &*object.class).collect();
    assert!(classes.contains(&"TObjString") && !classes.contains(&"TNamed"));
}

/// The pieces of a record as ROOT 2 wrote it.
#[derive(Default)]
struct Record(Vec<u8>);

impl Record {
    fn short(mut self, value: u16) -> Self {
        self.0.extend(value.to_be_bytes());
        self
    }

    fn ints(mut self, values: &[u32]) -> Self {
        self.0
            .extend(values.iter().flat_map(|value| value.to_be_bytes()));
        self
    }

    fn doubles(mut self, values: &[f64]) -> Self {
        self.0
            .extend(values.iter().flat_map(|value| value.to_be_bytes()));
        self
    }

    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn text(mut self, text: &str) -> Self {
        self.0.push(text.len() as u8);
        self.bytes(text.as_bytes())
    }

    /// Without byte counts, as bases were streamed then.
    fn named(self, name: &str, title: &str) -> Self {
        let object = self.short(1).short(1).ints(&[0, 0x0300_0000]);
        object.text(name).text(title)
    }

    /// A `TObjArray` of version 2, without a `TObject` before it.
    fn array(self, items: &[Self]) -> Self {
        let start = self.short(2).text("").ints(&[items.len() as u32, 0]);
        items
            .iter()
            .fold(start, |so_far, item| so_far.bytes(&item.0))
    }

    /// A `TArrayI`.
    fn numbers(self, values: &[u32]) -> Self {
        self.ints(&[values.len() as u32]).ints(values)
    }

    /// This, behind its byte count.
    fn counted(self) -> Self {
        let count = 0x4000_0000 | self.0.len() as u32;
        Self::default().ints(&[count]).bytes(&self.0)
    }

    /// What a pointer to this leads to, the first of its class.
    fn pointed(self, class: &str) -> Self {
        let named = Self::default().ints(&[u32::MAX]).bytes(class.as_bytes());
        named.bytes(b"\0").bytes(&self.0).counted()
    }
}

/// A basket of 5 and 6 in the record of the tree: its key, its fields, and its values behind room
/// for both.
fn basket() -> Record {
    const KEY: u32 = 38 + 19;
    let key = Record::default().ints(&[0]).short(2).ints(&[100, 0]);
    let key = key.short(KEY as u16).short(0).ints(&[0, 0]);
    let key = key.text("TBasket").text("x").text("t");
    let fields = key.short(2).ints(&[32000, 4, 2, KEY + 8]).bytes(&[12]);
    fields.bytes(&[0; KEY as usize]).ints(&[5, 6])
}

/// `TTree::Streamer` at version 4 and `TBranch::Streamer` at version 5: before streamer info.
#[test]
fn a_tree_of_root_2_is_read() {
    let leaf = Record::default().short(1).named("x", "x");
    let leaf = leaf.ints(&[1, 4, 0]).bytes(&[0, 0]).ints(&[0]).counted();
    let leaf = Record::default()
        .short(1)
        .bytes(&leaf.0)
        .ints(&[0, 0])
        .counted();
    let null = || Record::default().ints(&[0]);
    let branch = Record::default().short(5).named("x", "x/I");
    // Compression, basket size, entry offsets, room for baskets, the one being filled, entry.
    let branch = branch
        .ints(&[1, 32000, 0, 3, 0, 2])
        .doubles(&[2., 0., 0.])
        .ints(&[0]);
    let branch = branch
        .array(&[null(), null()])
        .array(&[leaf.pointed("TLeafI")]);
    let branch = branch.array(&[basket().pointed("TBasket"), null()]);
    let branch = branch
        .numbers(&[0; 3])
        .numbers(&[0; 3])
        .numbers(&[0; 3])
        .text("");
    let tree_record = Record::default().short(4).named("t", "");
    // Line, fill and marker.
    let tree_record = tree_record
        .short(1)
        .short(1)
        .short(1)
        .short(1)
        .short(1)
        .short(0)
        .short(0);
    let tree_record = tree_record.short(1).short(1).short(1).ints(&[0x3f80_0000]);
    let tree_record = tree_record
        .ints(&[25, 0, 0])
        .doubles(&[2., 8., 8.])
        .ints(&[0, 1000]);
    let tree_record = tree_record
        .array(&[branch.counted().pointed("TBranch")])
        .array(&[null()]);
    // Two indices, and a TList.
    let tree_record = tree_record
        .ints(&[0, 0])
        .short(2)
        .text("")
        .ints(&[0])
        .counted();

    let whole = written(|file| begin_tree(file).finish(file).unwrap());
    let key = whole.find("t").unwrap();
    let file = written(|file| {
        file.content_in(DirectoryId::TOP, &key, &tree_record.0)
            .unwrap()
    });
    assert_eq!(
        check(&file)
            .faults
            .first()
            .map(|fault| fault.error.to_string()),
        None
    );
    let old = tree(&file);
    assert_eq!((old.name.as_str(), old.entries), ("t", 2));
    let values = column(&file, old.branch("x").unwrap());
    assert_eq!(values, Column::fixed(vec![5i32, 6]));
}
