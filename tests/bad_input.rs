//! Damaged and foreign files: a clear error, the documented exit code, nothing written.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code: a panic is a failed test"
)]
#![allow(dead_code, reason = "not every test needs all of the support")]

mod support;

use std::path::Path;
use std::process::Command;

use bytes::Bytes;
use rootlake_io::file::RootFile;
use rootlake_io::tree::{Location, Tree};
use support::{fixture, rootlake};

/// What may be allocated, in KiB: the program, its threads' stacks and a map of a small file.
const MEMORY: u64 = 1 << 20;

struct Outcome {
    code: Option<i32>,
    said: String,
    wrote: bool,
}

/// Analyses a file of this content, with bounded memory.
fn analyze(folder: &Path, content: &[u8]) -> Outcome {
    let input = folder.join("bad.root");
    let output = folder.join("out.root");
    std::fs::write(&input, content).unwrap();
    let run = Command::new("sh")
        .arg("-c")
        .arg(format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\""))
        .arg(env!("CARGO_BIN_EXE_rootlake"))
        .args(["analyze", "hzz", "-j", "2", "--sample", "data", "-o"])
        .args([&output, &input])
        .output()
        .unwrap();
    let left = std::fs::read_dir(folder).unwrap().count();
    let wrote = output.exists();
    let _ = std::fs::remove_file(&output);
    assert_eq!(left, 1 + usize::from(wrote), "a temporary file stayed");
    Outcome {
        code: run.status.code(),
        said: String::from_utf8_lossy(&run.stderr).into_owned(),
        wrote,
    }
}

/// The file is refused as unreadable, by name, at a byte; nothing is written.
fn assert_refused(outcome: &Outcome, what: &str) {
    let Outcome { code, said, wrote } = outcome;
    assert_eq!(*code, Some(3), "{what}: {said}");
    assert!(
        said.contains("bad.root"),
        "{what}: the file is not named: {said}"
    );
    assert!(
        said.contains("offset") || said.contains("byte"),
        "{what}: no place: {said}"
    );
    assert!(!said.contains("panicked"), "{what}: {said}");
    assert!(!wrote, "{what}: something was written");
}

fn sample() -> Vec<u8> {
    std::fs::read(fixture("mc_363490.llll.4lep.root")).unwrap()
}

#[test]
fn a_file_of_another_kind_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for content in [
        &b"%PDF-1.7 and so on, for more than a header's length .............. "[..],
        b"r",
    ] {
        let outcome = analyze(folder.path(), content);
        assert_refused(&outcome, "not ROOT");
        assert!(outcome.said.contains("not a ROOT file"), "{}", outcome.said);
    }
    let empty = analyze(folder.path(), b"");
    assert_eq!(
        (empty.code, empty.wrote),
        (Some(3), false),
        "{}",
        empty.said
    );
}

#[test]
fn a_missing_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("out.root");
    let arguments = [
        "analyze",
        "hzz",
        "no/such/file.root",
        "-o",
        output.to_str().unwrap(),
    ];
    let run = support::rootlake(&arguments);
    assert_eq!(run.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&run.stderr).contains("no/such/file.root"));
}

#[test]
#[cfg(unix)]
fn an_input_is_not_overwritten_by_its_histograms() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (input, link) = (path("HZZ.root"), path("link.root"));
    std::fs::copy(fixture("data_A.4lep.root"), &input).unwrap();
    std::os::unix::fs::symlink(&input, &link).unwrap();
    let top = folder.path().to_string_lossy().into_owned();
    for (analyses, input, output) in [
        ("hzz", &input, &input),
        ("hzz", &link, &input),
        ("hzz", &input, &link),
        ("hzz,zzdiboson", &input, &top),
    ] {
        let run = rootlake(&["analyze", analyses, input, "--sample", "data", "-o", output]);
        let error = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(4), "{error}");
        assert!(error.contains("it is an input"), "{error}");
    }
    let before = std::fs::read(fixture("data_A.4lep.root")).unwrap();
    assert_eq!(std::fs::read(&input).unwrap(), before);
}

#[test]
fn inputs_that_are_named_and_not_there_are_told_by_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    std::fs::create_dir(path("empty")).unwrap();
    let out = path("out.root");
    for (input, said) in [
        (format!("@{}", path("list")), "cannot read the list"),
        (path("none_*.root"), "no file fits"),
        (path("empty"), "no .root file is in"),
    ] {
        for command in [
            &["analyze", "hzz", &input, "-o", &out][..],
            &["merge", &out, &input],
            &["check", &input],
        ] {
            let run = rootlake(command);
            let error = String::from_utf8_lossy(&run.stderr);
            assert_eq!(run.status.code(), Some(3), "{command:?}: {error}");
            assert!(error.contains(said), "{command:?}: {error}");
        }
    }
    assert!(!Path::new(&out).exists());
}

#[test]
fn a_file_truncated_anywhere_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let whole = sample();
    for part in 0..20 {
        let length = 1 + part * (whole.len() - 2) / 19;
        assert_refused(
            &analyze(folder.path(), &whole[..length]),
            &format!("{length} bytes"),
        );
    }
}

#[test]
fn a_flipped_byte_is_found_wherever_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let whole = sample();
    let file = RootFile::open(Bytes::from(whole.clone()), "sample").unwrap();
    let key = file.find("mini").unwrap();
    let tree = Tree::read(&file, &key, &file.layouts().unwrap()).unwrap();
    let basket = |name: &str| match tree.branch(name).unwrap().baskets[0].location {
        Location::Stored { seek, nbytes } => (seek, u64::from(nbytes)),
        Location::Embedded(_) => (0, 0),
    };
    let (lepton_pt, lepton_pt_length) = basket("lep_pt");
    let info = file.header().seek_info;
    for (what, place) in [
        ("header: magic", 1),
        ("header: fBEGIN", 8),
        ("header: fEND", 12),
        ("header: fSeekInfo", 37),
        ("header: fNbytesName", 31),
        ("header: fUnits", 32),
        ("key list: fNbytes", file.top().seek_keys),
        ("key list: count", file.top().seek_keys + 60),
        ("tree key: fNbytes", key.seek_key + 1),
        ("tree key: fObjlen", key.seek_key + 8),
        ("tree record", key.seek_key + u64::from(key.nbytes) / 2),
        (
            "tree record: codec",
            key.seek_key + u64::from(key.key_length),
        ),
        ("streamer info: key", info + 2),
        (
            "streamer info",
            info + u64::from(file.header().nbytes_info) / 2,
        ),
        ("basket: fNbytes", lepton_pt + 1),
        ("basket: fKeylen", lepton_pt + 15),
        ("basket: content", lepton_pt + lepton_pt_length / 2),
        ("basket: last byte", lepton_pt + lepton_pt_length - 1),
    ] {
        let mut content = whole.clone();
        content[usize::try_from(place).unwrap()] ^= 0x5a;
        assert_refused(&analyze(folder.path(), &content), what);
    }
}

#[test]
fn no_flipped_byte_panics_or_leaves_half_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let whole = sample();
    // A linear congruence spreads the places over the file, the same at each run.
    let mut state = 12_345_u64;
    for _ in 0..150 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let place = usize::try_from(state >> 33).unwrap() % whole.len();
        let mut content = whole.clone();
        content[place] ^= 1 << (state >> 20 & 7);
        let Outcome { code, said, wrote } = analyze(folder.path(), &content);
        assert!(!said.contains("panicked"), "byte {place}: {said}");
        // A byte that nothing here depends on (a title, an unread branch) may pass.
        let expected = if wrote {
            [Some(0); 2]
        } else {
            [Some(3), Some(5)]
        };
        assert!(
            expected.contains(&code),
            "byte {place}: exit code {code:?}: {said}"
        );
    }
}

#[test]
fn dump_leaves_out_a_damaged_branch_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut content = sample();
    let file = RootFile::open(Bytes::from(content.clone()), "sample").unwrap();
    let key = file.find("mini").unwrap();
    let tree = Tree::read(&file, &key, &file.layouts().unwrap()).unwrap();
    let Location::Stored { seek, nbytes } = tree.branch("lep_pt").unwrap().baskets[0].location
    else {
        panic!("an embedded basket");
    };
    let middle = usize::try_from(seek).unwrap() + nbytes as usize / 2;
    content[middle..middle + 8].fill(0xff);
    let path = folder.path().join("bad.root");
    std::fs::write(&path, &content).unwrap();
    let path = path.to_string_lossy();
    let wanted = ["--branches", "lep_n,lep_pt", "--entries", "0:3", "--json"];
    let done = rootlake(&[&["dump", &*path], &wanted[..]].concat());
    let (said, printed) = (
        String::from_utf8_lossy(&done.stderr),
        String::from_utf8_lossy(&done.stdout),
    );
    assert_eq!(done.status.code(), Some(3), "{said}");
    assert!(said.contains("branch lep_pt"), "{said}");
    assert_eq!(printed.matches("\"lep_n\"").count(), 3, "{printed}");
    assert!(!printed.contains("lep_pt"), "{printed}");
}
