//! What the tests of the whole program share.

use std::io::Write;
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

/// A folder beside the project, or `ROOTLAKE_SHARED`, that holds more data than the repository can.
///
/// Where it is missing, this says so past the test harness, which hides what passing tests print;
/// with `ROOTLAKE_REQUIRE_SHARED=1` that is a failure.
pub fn shared(test: &str) -> Option<PathBuf> {
    let named = std::env::var_os("ROOTLAKE_SHARED").map(PathBuf::from);
    let shared = named.unwrap_or_else(|| top().join("../shared"));
    if shared.join("data").is_dir() {
        return Some(shared);
    }
    let required = std::env::var_os("ROOTLAKE_REQUIRE_SHARED").is_some_and(|value| value != "0");
    assert!(!required, "the shared data are required and not there");
    let _ = writeln!(
        std::io::stderr(),
        "NOT RUN: {test}: there is no folder of shared data"
    );
    None
}
