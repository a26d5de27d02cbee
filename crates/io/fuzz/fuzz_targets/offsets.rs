//! Entry offsets: false ones are refused or give columns that hold together.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rootlake_io::column::ScalarType;
use rootlake_io::tree::{BasketContent, ColumnBuilder, EntryOffsets, Format, Lead, Number};

fuzz_target!(|bytes: &[u8]| {
    let [pick, entries, rest @ ..] = bytes else {
        return;
    };
    let number = Box::new(Format::Number(Number::Plain(ScalarType::I16)));
    let format = match pick % 3 {
        0 => Format::Rest(Lead::None, number),
        1 => Format::Rest(Lead::Flag, number),
        _ => Format::EntryText,
    };
    let starts: Vec<u32> = rest.iter().take(usize::from(*entries)).map(|&b| b.into()).collect();
    let content = BasketContent {
        entries: (*entries).into(),
        values: rest.get(starts.len()..).unwrap_or_default(),
        offsets: Some(EntryOffsets::Known(&starts)),
        key_length: 70,
    };
    let mut builder = ColumnBuilder::new(&format, 0);
    if builder.push(&content, 0..u64::from(*entries)).is_ok() {
        for (_, column) in builder.finish_all().expect("columns of decoded entries") {
            assert_eq!(column.entries(), usize::from(*entries));
        }
    }
});
