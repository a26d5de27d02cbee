//! Data beside the project, more than a repository can hold.

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A folder of the shared data: of `../shared`, or of `ROOTLAKE_SHARED`.
///
/// Where it is missing, `test` is said not to have run, past the test harness, which hides what
/// passing tests print; with `ROOTLAKE_REQUIRE_SHARED=1` that is a failure.
pub fn shared(test: &str, folder: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let path = env::var_os("ROOTLAKE_SHARED").map_or_else(beside, PathBuf::from);
    let path = path.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    let required = env::var_os("ROOTLAKE_REQUIRE_SHARED").is_some_and(|value| value != "0");
    assert!(
        !required,
        "the shared folder {folder} is required and not there"
    );
    let _ = writeln!(
        std::io::stderr(),
        "NOT RUN: {test}: there is no shared folder {folder}"
    );
    None
}
