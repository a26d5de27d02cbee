//! What the tests of the whole program share.

#[cfg(target_os = "linux")]
pub mod memory;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The top of the repository.
pub fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A file of `fixtures/`.
pub fn fixture(name: &str) -> String {
    top()
        .join("fixtures")
        .join(name)
        .to_string_lossy()
        .into_owned()
}

/// Runs the program.
pub fn rootlake(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rootlake"))
        .args(arguments)
        .output()
        .unwrap()
}

/// Runs the program, which must succeed; gives what it printed.
pub fn succeed(arguments: &[&str]) -> String {
    let output = rootlake(arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}
