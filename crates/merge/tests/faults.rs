//! Inputs that fail, shrink or change at any moment: the merge ends with an error, and nothing is
//! left of its output.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test may panic"
)]

mod support;

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use rootlake_io::file::ReadAt;
use rootlake_io::write::Stamp;
use rootlake_merge::{
    Identity, LocalFile, LocalFiles, MergeError, Plan, Receipt, Request, Store, Verify, execute,
    survey,
};
use support::{numbers, usual, write};

/// What happens to an input.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Fails,
    Shrinks,
    Grows,
    /// One bit is read wrong.
    Lies,
}

/// Files to which something happens at one of the reads, counted from 0.
struct Faulty {
    fault: Fault,
    at: usize,
    /// Where in what is read a bit is wrong, in hundredths of its length.
    place: usize,
    reads: AtomicUsize,
}

struct FaultyFile<'a> {
    file: LocalFile,
    path: PathBuf,
    store: &'a Faulty,
}

impl<'a> Store for &'a Faulty {
    type File = FaultyFile<'a>;

    fn open(&self, name: &str) -> Result<Self::File, MergeError> {
        Ok(FaultyFile {
            file: LocalFiles.open(name)?,
            path: name.into(),
            store: self,
        })
    }

    fn is_at_hand(&self, name: &str) -> bool {
        LocalFiles.is_at_hand(name)
    }

    fn identity(&self, file: &Self::File) -> Result<Identity, MergeError> {
        LocalFiles.identity(&file.file)
    }

    fn identity_at_opening(&self, file: &Self::File) -> Result<Identity, MergeError> {
        LocalFiles.identity_at_opening(&file.file)
    }
}

impl FaultyFile<'_> {
    /// What happens when `bytes` have been read.
    fn happen(&self, bytes: &mut [u8]) -> rootlake_io::Result<()> {
        if self.store.reads.fetch_add(1, Ordering::SeqCst) != self.store.at {
            return Ok(());
        }
        let file = OpenOptions::new().write(true).open(&self.path).unwrap();
        let length = self.file.length();
        match self.store.fault {
            Fault::Fails => return Err(rootlake_io::Error::source("the disk is worn out")),
            Fault::Shrinks => file.set_len(length / 2).unwrap(),
            Fault::Grows => file.set_len(length + 1).unwrap(),
            Fault::Lies => bytes[(bytes.len() - 1) * self.store.place / 100] ^= 1,
        }
        Ok(())
    }
}

impl ReadAt for FaultyFile<'_> {
    fn length(&self) -> u64 {
        self.file.length()
    }

    fn read_at(&self, offset: u64, length: usize) -> rootlake_io::Result<Bytes> {
        let mut bytes = self.file.read_at(offset, length)?.to_vec();
        self.happen(&mut bytes)?;
        Ok(bytes.into())
    }

    fn read_into(&self, offset: u64, buffer: &mut [u8]) -> rootlake_io::Result<()> {
        self.file.read_into(offset, buffer)?;
        self.happen(buffer)
    }
}

fn merge(
    store: &Faulty,
    names: &[String],
    request: &Request,
    output: &Path,
) -> Result<Receipt, MergeError> {
    let mut found = survey(&store, names, 1);
    if !found.refused.is_empty() {
        return Err(found.refused.swap_remove(0).1);
    }
    let plan = Plan::new(&found.inputs, request)?;
    let (inputs, stamp) = (&found.inputs, Stamp::REPRODUCIBLE);
    execute(&plan, inputs, &store, request, output, stamp, &|_| ())
}

fn names(folder: &Path) -> [String; 2] {
    ["a.root", "b.root"].map(|name| folder.join(name).to_str().unwrap().to_owned())
}

#[test]
fn whatever_happens_to_an_input_at_any_read_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("out.root");
    let names = names(folder.path());
    let request = Request {
        copies: 2,
        ..usual(2)
    };
    for fault in [Fault::Fails, Fault::Shrinks, Fault::Grows] {
        for at in 0.. {
            for name in &names {
                write(Path::new(name), &[1, 2, 3, 4, 5], true, 2, "zlib:1");
            }
            let store = Faulty {
                fault,
                at,
                place: 0,
                reads: AtomicUsize::new(0),
            };
            let done = merge(&store, &names, &request, &output);
            if store.reads.into_inner() <= at {
                // All reads were done before the one that fails.
                done.unwrap();
                assert!(at > 8, "{at} reads");
                std::fs::remove_file(&output).unwrap();
                break;
            }
            let error = done.unwrap_err().to_string();
            assert!(error.contains(".root"), "{fault:?} at {at}: {error}");
            let left = std::fs::read_dir(folder.path()).unwrap().count();
            assert_eq!(left, names.len(), "{fault:?} at {at}: something is left");
        }
    }
}

#[test]
fn full_verification_lets_nothing_through_that_was_read_wrong_once() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("out.root");
    let names = names(folder.path());
    let values: Vec<i32> = (1..40).collect();
    for name in &names {
        // Nothing is compressed: no checksum tells of a wrong bit.
        write(Path::new(name), &values, true, 15, "none");
    }
    let request = Request {
        verify: Verify::Full,
        ..usual(1)
    };
    let mut differ = 0;
    for place in [0, 40, 80, 99] {
        for at in 0.. {
            let store = Faulty {
                fault: Fault::Lies,
                at,
                place,
                reads: AtomicUsize::new(0),
            };
            let done = merge(&store, &names, &request, &output);
            let is_past = store.reads.into_inner() <= at;
            match done {
                Ok(_) => assert_eq!(numbers(&output), [&values[..]; 2].concat(), "{place} {at}"),
                Err(MergeError::Differs { .. }) => differ += 1,
                Err(_) => {}
            }
            if is_past {
                break;
            }
        }
    }
    assert!(differ > 8, "{differ} found by their values");
}
