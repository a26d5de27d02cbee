//! How much memory the program takes, seen from outside.

use std::process::{Command, Stdio};
use std::time::Duration;

/// The most memory that a run of the program had, in bytes.
pub fn peak(arguments: &[&str]) -> u64 {
    let mut program = Command::new(env!("CARGO_BIN_EXE_rootlake"));
    peak_of(program.args(arguments)).0
}

/// The most memory that a run of a command had, which must succeed, in bytes, and what it printed.
pub fn peak_of(command: &mut Command) -> (u64, String) {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut printed = child.stdout.take().unwrap();
    let printed = std::thread::spawn(move || std::io::read_to_string(&mut printed).unwrap());
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    let done = loop {
        // The number only grows: the last one read misses no more than the last millisecond.
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        most = most.max(kilobytes.map_or(0, |kilobytes: u64| kilobytes * 1024));
        if let Some(done) = child.try_wait().unwrap() {
            break done;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    assert!(done.success(), "{command:?}");
    (most, printed.join().unwrap())
}
