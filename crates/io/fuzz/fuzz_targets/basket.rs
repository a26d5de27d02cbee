//! A basket's content, decoded along formats of every kind: the first byte picks one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rootlake_io::column::ScalarType;
use rootlake_io::object::ListKind;
use rootlake_io::tree::{BasketContent, ColumnBuilder, EntryOffsets, Format, Lead, Number};

fn formats() -> Vec<Format> {
    let number = |scalar| Format::Number(Number::Plain(scalar));
    let list = |item| Format::List(Box::new(item));
    let container = |item| Format::Container(Box::new(item));
    let pointer = || Format::Pointer("TRef".into(), Box::new(Format::Reference));
    vec![
        number(ScalarType::F32),
        container(list(number(ScalarType::I16))),
        Format::Text,
        Format::LongText,
        Format::Bits,
        Format::RootObject,
        container(list(list(number(ScalarType::F64)))),
        container(list(Format::Text)),
        Format::Array(3, Box::new(Format::Array(2, Box::new(number(ScalarType::U8))))),
        Format::Array(2, Box::new(list(number(ScalarType::Bool)))),
        Format::Rest(Lead::None, Box::new(number(ScalarType::I64))),
        Format::Rest(Lead::Flag, Box::new(number(ScalarType::U16))),
        Format::Rest(Lead::Header, Box::new(list(Format::Text))),
        Format::Rest(Lead::None, Box::new(Format::Bits)),
        Format::Rest(Lead::None, Box::new(Format::Reference)),
        Format::References,
        Format::Clones(Box::new(Format::Any(Default::default()))),
        Format::Objects(ListKind::Linked, Box::new(pointer())),
        list(pointer()),
    ]
}

fuzz_target!(|bytes: &[u8]| {
    let [pick, entries, given, from, rest @ ..] = bytes else {
        return;
    };
    let formats = formats();
    let format = &formats[usize::from(*pick) % formats.len()];
    let offsets_length = rest.len().min(usize::from(*given) * 4);
    let (offsets, values) = rest.split_at(offsets_length);
    let content = BasketContent {
        entries: (*entries).into(),
        values,
        offsets: (*given > 0).then_some(EntryOffsets::Stored {
            bytes: offsets,
            key_length: 70,
        }),
        key_length: 70,
    };
    let mut builder = ColumnBuilder::new(format, 16);
    let range = u64::from(*from)..u64::from(*entries);
    let wanted = range.end.saturating_sub(range.start);
    if builder.push(&content, range).is_ok() {
        for (_, column) in builder.finish_all().expect("columns of decoded entries") {
            assert_eq!(column.entries() as u64, wanted);
        }
    }
});
