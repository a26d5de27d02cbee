//! On file systems that share blocks between places of a file, copies hardly take room.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code: a panic is a failed test"
)]
#![allow(dead_code, reason = "not every test needs all of the support")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::succeed;

fn mount(image: &Path, place: &Path) -> Command {
    let mut command = Command::new("mount");
    command.args(["-o", "loop"]).args([image, place]);
    command
}

/// A file system of its own, on a file.
struct Mounted(PathBuf);

impl Mounted {
    /// One made by `make` in `folder`; none where that cannot be done here.
    fn new(folder: &Path, make: &[&str]) -> Option<Self> {
        let (image, place) = (folder.join("image"), folder.join("mounted"));
        let file = std::fs::File::create(&image).unwrap();
        file.set_len(1 << 30).unwrap();
        std::fs::create_dir(&place).unwrap();
        let is_done = |command: &mut Command| command.output().is_ok_and(|o| o.status.success());
        let is_there = is_done(Command::new(make[0]).args(&make[1..]).arg(&image))
            && is_done(&mut mount(&image, &place));
        is_there.then(|| Self(place))
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    /// How many bytes are taken, once all that the file system does later is done: XFS gives back
    /// what was removed, or asked for and not written to, in its own time, and at the latest when
    /// it goes.
    fn used(&self) -> u64 {
        let is_done = |command: &mut Command| command.status().unwrap().success();
        let image = self.0.with_file_name("image");
        assert!(is_done(Command::new("umount").arg(&self.0)));
        assert!(is_done(&mut mount(&image, &self.0)));
        let said = Command::new("df")
            .args(["-B1", "--output=used"])
            .arg(&self.0)
            .output()
            .unwrap();
        let said = String::from_utf8(said.stdout).unwrap();
        said.lines().last().unwrap().trim().parse().unwrap()
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        Command::new("umount").arg(&self.0).status().unwrap();
    }
}

/// The digests of all entries of a file.
fn digests(path: &str) -> String {
    let said = succeed(&["digest", path, "--json"]);
    said.replace(path, "")
}

fn copies_share_blocks(make: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let Some(mounted) = Mounted::new(folder.path(), make) else {
        eprintln!(
            "NOT RUN: no {} here, or not the rights to mount what it makes",
            make[0]
        );
        return;
    };
    let (input, output) = (mounted.path("in.root"), mounted.path("out.root"));
    let plain = folder.path().join("plain.root");
    let plain = plain.to_str().unwrap();
    let small = mounted.path("small.root");
    let sample = [
        "--final-state",
        "4lep",
        "--sample",
        "data_A",
        "--events",
        "20000",
    ];
    succeed(&[&["generate"], &sample[..], &["-o", &small]].concat());
    // Without compression one basket of each branch is long enough to share most of its blocks.
    let whole = ["--compress", "none", "--recluster", "64MB"];
    succeed(&[&["merge", &input, &small], &whole[..]].concat());
    for threads in ["1", "2"] {
        let before = mounted.used();
        let how = ["--copies", "10", "--force", "--threads", threads, "-o"];
        let multiply = |output| succeed(&[&["multiply", &input], &how[..], &[output]].concat());
        multiply(&output);
        let (length, taken) = (
            std::fs::metadata(&output).unwrap().len(),
            mounted.used() - before,
        );
        // XFS takes more blocks than are written to (128 KiB at a time).
        assert!(taken < length / 2, "{taken} bytes are taken by {length}");
        succeed(&["check", &output]);
        multiply(plain);
        assert_eq!(digests(&output), digests(plain));
        std::fs::remove_file(&output).unwrap();
    }
}

#[test]
fn copies_share_blocks_on_xfs() {
    copies_share_blocks(&["mkfs.xfs", "-q"]);
}

#[test]
fn copies_share_blocks_on_btrfs() {
    copies_share_blocks(&["mkfs.btrfs", "-q"]);
}
