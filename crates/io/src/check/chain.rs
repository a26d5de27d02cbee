//! The chain of records and gaps that fills a file.

use std::collections::HashMap;

use super::Report;
use crate::cursor::Cursor;
use crate::error::{Error, Result};
use crate::file::{Directory, Key, ReadAt, RootFile, is_directory};

/// Bytes that hold any key.
const KEY_ROOM: u64 = 4096;

/// The chain of records and gaps from `fBEGIN` to `fEND`. `keys` are those of the file.
pub(super) fn records(
    file: &RootFile<impl ReadAt>,
    keys: &[(String, Key)],
    report: &mut Report,
) -> Result<()> {
    let (mut offset, end) = (file.header().begin, file.header().end);
    // What stands in a free segment may be what stood there before it was freed.
    let free = free_segments(file).unwrap_or_default();
    let lists = key_lists(file, keys);
    let mut gaps_and_records = 0u64;
    while offset < end {
        if let Some(&last) = free.get(&offset) {
            offset = last.saturating_add(1);
            continue;
        }
        let room = KEY_ROOM.min(end - offset);
        let bytes = file
            .source()
            .read_at(offset, usize::try_from(room).unwrap_or(0))?;
        let mut cursor = Cursor::new(&bytes);
        let mut nbytes = cursor.i32().map_err(|error| error.at(offset))?;
        if nbytes == 0 {
            offset = behind_zeros(file, offset, end)?;
            continue;
        }
        if nbytes > 0 {
            report.records += 1;
            cursor.seek(0)?;
            match Key::parse(&mut cursor) {
                // Some writers leave it out.
                Ok(key) if key.seek_key != offset && key.seek_key != 0 => {
                    let stands = key.seek_key;
                    let error = format!("its key says that it stands at {stands}");
                    return Err(Error::malformed(error)
                        .in_object("chain of records")
                        .at(offset));
                }
                // Geant4's writer leaves the keys out of the length of their list.
                Ok(key) => {
                    let stated = lists.get(&offset).filter(|_| key.seek_key == 0);
                    if let Some(&stated) = stated.filter(|&&stated| stated != nbytes) {
                        let text = format!(
                            "the list of keys says that it is {nbytes} bytes long, its directory {stated}"
                        );
                        report.note(offset, text);
                        nbytes = stated;
                    }
                }
                Err(error) => return Err(error.in_object("chain of records").at(offset)),
            }
        }
        offset += u64::from(nbytes.unsigned_abs());
        gaps_and_records += 1;
        if gaps_and_records > 1_000_000_000 {
            return Err(Error::malformed("more records than a file can hold"));
        }
    }
    if offset == end {
        Ok(())
    } else {
        Err(Error::malformed(format!(
            "its last record ends at byte {offset}, its header says {end}"
        ))
        .in_object("chain of records"))
    }
}

/// How long the directories say that their lists of keys are, by where these stand.
fn key_lists(file: &RootFile<impl ReadAt>, keys: &[(String, Key)]) -> HashMap<u64, i32> {
    let mut lists = HashMap::new();
    let mut add = |directory: &Directory| {
        if let Ok(length @ 1..) = i32::try_from(directory.nbytes_keys) {
            lists.insert(directory.seek_keys, length);
        }
    };
    add(file.top());
    for (_, key) in keys.iter().filter(|(_, key)| is_directory(key)) {
        // A damaged one has been told of.
        file.directory(key).iter().for_each(&mut add);
    }
    lists
}

/// The first and last byte of each segment that the file says is free (`TFree::Streamer`): version
/// (u16; over 1000: 64-bit offsets), `fFirst`, `fLast`.
fn free_segments(file: &RootFile<impl ReadAt>) -> Result<HashMap<u64, u64>> {
    let header = file.header();
    let (_, content) = file.record(header.seek_free, header.nbytes_free)?;
    let mut cursor = Cursor::new(&content);
    let mut free = HashMap::new();
    while cursor.left() > 0 {
        let (first, last) = if cursor.u16()? > 1000 {
            (cursor.u64()?, cursor.u64()?)
        } else {
            (cursor.u32()?.into(), cursor.u32()?.into())
        };
        // Backwards, it would send the walk in circles.
        if first <= last {
            free.insert(first, last);
        }
    }
    Ok(free)
}

/// Where the next record stands behind zeros: some writers (uproot) keep room for lists to grow.
fn behind_zeros(file: &RootFile<impl ReadAt>, start: u64, end: u64) -> Result<u64> {
    let mut offset = start;
    while offset < end {
        let room = usize::try_from(KEY_ROOM.min(end - offset)).unwrap_or(0);
        let bytes = file.source().read_at(offset, room)?;
        if let Some(zeros) = bytes.iter().position(|&byte| byte != 0) {
            // The length of a record may itself begin with zeros.
            let first = offset + zeros as u64;
            return (first.saturating_sub(3).max(start)..=first)
                .find(|&offset| stands_at(file, offset, end))
                .ok_or_else(|| Error::malformed("no record follows the zeros").at(start));
        }
        offset += room as u64;
    }
    Ok(end)
}

/// Whether a key stands at `offset` that says so itself.
fn stands_at(file: &RootFile<impl ReadAt>, offset: u64, end: u64) -> bool {
    let room = usize::try_from(KEY_ROOM.min(end - offset)).unwrap_or(0);
    file.source().read_at(offset, room).is_ok_and(|bytes| {
        Key::parse(&mut Cursor::new(&bytes)).is_ok_and(|key| key.seek_key == offset)
    })
}
