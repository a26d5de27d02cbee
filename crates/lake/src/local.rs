//! Files of the local (or a mounted) file system, through a memory map.

mod map;
mod output;

use std::fs::{File, FileType, Metadata};
use std::io::ErrorKind;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;

use crate::coalesce::{Coalescing, slice};
use crate::error::LakeError;
use crate::source::{Source, check, check_all};

use map::Map;
pub use output::OutputFile;

/// What Linux may bring into a process's memory when it touches a page, where the page cache has it:
/// the whole of a folio (since Linux 6.18; some pages around before), which is no larger than a huge
/// page, 2 MiB, and begins at a multiple of its length in the file.
const LARGEST_FOLIO: usize = 2 << 20;

/// A mapped file. Reading slices the map: no copy, no system call.
///
/// The file must keep its length while it is read. One that another process shortens ends this
/// process with SIGBUS when a page beyond the new end is touched; the operating system gives no
/// way to turn that into an error. Replacing the file by renaming another over it is harmless: the
/// map keeps the old one.
///
/// The file is closed once it is mapped, so that any number of them can be there at a time.
pub struct LocalSource {
    name: String,
    path: PathBuf,
    map: Map,
    bytes: Bytes,
    size: u64,
    modified: Option<SystemTime>,
    identity: Option<Identity>,
}

/// What tells a file from others, whatever it is called: device and number.
type Identity = (u64, u64);

impl LocalSource {
    /// Opens and maps the file at `path`.
    ///
    /// # Errors
    /// [`LakeError::File`] where the operating system refuses, [`LakeError::NotAFile`] for
    /// directories, pipes and devices, [`LakeError::Empty`] for a file without a byte.
    pub fn open(path: &Path) -> Result<Self, LakeError> {
        let name = path.display().to_string();
        let failed = |action| {
            let path = name.clone();
            move |cause| LakeError::File {
                path,
                action,
                cause,
            }
        };
        // Looked at before it is opened: opening a pipe would wait for its writer.
        let kind = std::fs::metadata(path).map_err(failed("open"))?.file_type();
        if !kind.is_file() {
            return Err(LakeError::NotAFile {
                path: name,
                kind: kind_text(kind),
            });
        }
        let file = File::open(path).map_err(failed("open"))?;
        let stat = file.metadata().map_err(failed("stat"))?;
        if stat.len() == 0 {
            return Err(LakeError::Empty { name });
        }
        let map = Map::whole(&file).map_err(failed("map"))?;
        let bytes = map.bytes();
        let source = Self {
            size: stat.len(),
            modified: stat.modified().ok(),
            identity: identity(&stat),
            name,
            path: path.to_owned(),
            map,
            bytes,
        };
        // The map has the length of the file now: it must be the one just looked at.
        if u64::try_from(source.bytes.len()) != Ok(source.size) {
            return Err(source.changed(format!("{} bytes when mapped", source.bytes.len())));
        }
        Ok(source)
    }

    fn changed(&self, now: String) -> LakeError {
        LakeError::Changed {
            name: self.name.clone(),
            detail: format!("{} bytes when opened, {now}", self.size),
        }
    }

    fn compare(&self, stat: &Metadata) -> Result<(), LakeError> {
        if stat.len() != self.size {
            return Err(self.changed(format!("{} bytes now", stat.len())));
        }
        if stat.modified().ok() != self.modified {
            return Err(self.changed("written to since".to_owned()));
        }
        Ok(())
    }

    fn slice(&self, range: &Range<u64>) -> Result<Bytes, LakeError> {
        slice(&self.bytes, 0, range).ok_or_else(|| LakeError::Contract {
            name: self.name.clone(),
        })
    }
}

impl Source for LocalSource {
    fn name(&self) -> &str {
        &self.name
    }

    fn size(&self) -> u64 {
        self.size
    }

    fn read(&self, range: Range<u64>) -> Result<Bytes, LakeError> {
        check(&self.name, &range, self.size)?;
        self.slice(&range)
    }

    fn read_many(&self, ranges: &[Range<u64>]) -> Result<Vec<Bytes>, LakeError> {
        check_all(&self.name, ranges, self.size)?;
        ranges.iter().map(|range| self.slice(range)).collect()
    }

    fn is_local(&self) -> bool {
        true
    }

    fn coalescing(&self) -> Coalescing {
        // A slice costs nothing: there is nothing to join.
        Coalescing {
            max_gap: 0,
            max_request: 0,
        }
    }

    fn release(&self, ranges: &[Range<u64>]) {
        let in_map = |range: &Range<u64>| {
            let start = usize::try_from(range.start).ok()?;
            let end = usize::try_from(range.end).ok()?;
            (end <= self.bytes.len()).then_some(start..end)
        };
        // With what was brought into memory along with them, which nobody else lets go.
        let around = ranges.iter().filter_map(in_map).map(|range| {
            let end = range.end.next_multiple_of(LARGEST_FOLIO);
            range.start - range.start % LARGEST_FOLIO..end.min(self.bytes.len())
        });
        let mut pending: Option<Range<usize>> = None;
        for range in around {
            match &mut pending {
                Some(before) if (before.start..=before.end).contains(&range.start) => {
                    before.end = before.end.max(range.end);
                }
                _ => {
                    if let Some(before) = pending.replace(range) {
                        self.map.release(before);
                    }
                }
            }
        }
        if let Some(last) = pending {
            self.map.release(last);
        }
    }

    /// Size and time of the mapped file, as long as its name leads to it.
    fn verify_unchanged(&self) -> Result<(), LakeError> {
        let stat = match std::fs::metadata(&self.path) {
            Ok(stat) => stat,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(()),
            Err(cause) => {
                return Err(LakeError::File {
                    path: self.name.clone(),
                    action: "stat",
                    cause,
                });
            }
        };
        if identity(&stat) == self.identity {
            self.compare(&stat)?;
        }
        Ok(())
    }
}

/// The identity of a file, where the operating system tells it.
fn identity(stat: &Metadata) -> Option<Identity> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some((stat.dev(), stat.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = stat;
        None
    }
}

fn kind_text(kind: FileType) -> &'static str {
    if kind.is_dir() {
        "directory"
    } else {
        "pipe, socket or device"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file_with(content: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        file
    }

    fn refused(path: &Path) -> LakeError {
        match LocalSource::open(path) {
            Ok(_) => panic!("{} was opened", path.display()),
            Err(error) => error,
        }
    }

    #[test]
    fn reads_share_the_map() {
        let file = file_with(b"0123456789");
        let source = LocalSource::open(file.path()).unwrap();
        let (whole, part) = (source.read(0..10).unwrap(), source.read(4..6).unwrap());
        assert_eq!(&part[..], b"45");
        assert_eq!(part.as_ptr(), whole[4..].as_ptr());
    }

    #[test]
    #[allow(clippy::single_range_in_vec_init, reason = "one range is meant")]
    fn released_bytes_can_be_read_again() {
        let content: Vec<u8> = (0..50_000u32).flat_map(u32::to_le_bytes).collect();
        let file = file_with(&content);
        let source = LocalSource::open(file.path()).unwrap();
        let before = source.read(0..source.size()).unwrap();
        assert_eq!(&before[..], &content[..]);
        for ranges in [
            &[0..source.size()][..],
            &[5000..5100, 5200..123_456],
            &[100..200, 190_000..199_999, 0..50],
            &[7..7],
            &[0..u64::MAX, 3..4],
            &[],
        ] {
            source.release(ranges);
            assert_eq!(&before[..], &content[..]);
        }
    }

    #[test]
    fn slices_outlive_the_source() {
        let file = file_with(b"0123456789");
        let part = LocalSource::open(file.path()).unwrap().read(2..5).unwrap();
        assert_eq!(&part[..], b"234");
    }

    #[test]
    fn what_is_no_file_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let error = refused(folder.path());
        assert!(matches!(
            error,
            LakeError::NotAFile {
                kind: "directory",
                ..
            }
        ));
        assert!(error.to_string().contains(folder.path().to_str().unwrap()));

        let missing = folder.path().join("none.root");
        let error = refused(&missing);
        assert!(matches!(&error, LakeError::File { cause, .. }
            if cause.kind() == std::io::ErrorKind::NotFound));
        assert!(error.to_string().contains("none.root"));

        let empty = file_with(b"");
        assert!(matches!(refused(empty.path()), LakeError::Empty { .. }));
        #[cfg(target_os = "linux")]
        assert!(matches!(
            refused(Path::new("/dev/null")),
            LakeError::NotAFile { .. }
        ));
    }

    #[test]
    fn a_file_that_grew_has_changed() {
        let mut file = file_with(b"0123456789");
        let source = LocalSource::open(file.path()).unwrap();
        source.verify_unchanged().unwrap();
        file.write_all(b"x").unwrap();
        let error = source.verify_unchanged().unwrap_err();
        assert!(matches!(&error, LakeError::Changed { detail, .. } if detail.contains("11")));
    }

    #[test]
    fn a_file_that_was_replaced_or_removed_is_read_on() {
        let (file, other) = (file_with(b"0123456789"), file_with(b"abc"));
        let (replaced, path) = (LocalSource::open(file.path()).unwrap(), file.path());
        std::fs::rename(other.path(), path).unwrap();
        let removed = LocalSource::open(path).unwrap();
        std::fs::remove_file(path).unwrap();
        for (source, content) in [(replaced, &b"0123456789"[..]), (removed, b"abc")] {
            source.verify_unchanged().unwrap();
            assert_eq!(&source.read(0..source.size()).unwrap()[..], content);
        }
    }

    #[test]
    fn a_file_rewritten_in_place_has_changed() {
        let file = file_with(b"0123456789");
        let source = LocalSource::open(file.path()).unwrap();
        let later = SystemTime::now() + std::time::Duration::from_secs(5);
        file.as_file().set_modified(later).unwrap();
        assert!(matches!(
            source.verify_unchanged(),
            Err(LakeError::Changed { .. })
        ));
    }
}
