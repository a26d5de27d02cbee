//! One suite, every source.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "test code: a panic is a failed test"
)]

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use rootlake_lake::{Coalescing, Source, open};
use rootlake_testkit::{MemorySource, Reply, TestServer, conformance, noise};

const SIZE: usize = 50_021;

#[test]
fn a_mapped_file_conforms() {
    let content = noise(SIZE);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&content).unwrap();
    let path = file.path().to_str().unwrap();
    conformance::check(&open(path).unwrap(), &content);
    conformance::check(&open(&format!("file://{path}")).unwrap(), &content);
}

#[test]
fn a_file_over_http_conforms() {
    let content = noise(SIZE);
    let server = TestServer::proper(content.clone());
    let source = open(&server.url("/a/f.root?token=x")).unwrap();
    conformance::check(&source, &content);
    assert_eq!(source.name(), server.url("/a/f.root"));
    // The server hangs up on open ranges and those past the end: each GET was closed and clamped.
    assert_eq!(source.traffic().retries, 0);
    assert!(server.gets().iter().all(|get| get.range.is_some()));
    assert_eq!(source.traffic().requests, server.requests().len() as u64);
}

#[test]
fn a_file_over_http_with_troubles_that_pass_conforms() {
    let content = noise(SIZE);
    let server = TestServer::start(content.clone(), |request| match request.nth % 7 {
        2 => Reply::HangUp,
        3 => Reply::Late(Duration::from_millis(5)),
        4 => Reply::Truncate(100),
        5 => Reply::Status(503, None),
        _ => Reply::Proper,
    });
    let options = rootlake_lake::HttpOptions {
        attempts: 20,
        backoff: Duration::from_millis(1),
        backoff_limit: Duration::from_millis(5),
        ..Default::default()
    };
    let source = rootlake_lake::Lake::new(options)
        .open(&server.url("/f"))
        .unwrap();
    conformance::check(&source, &content);
    assert!(source.traffic().retries > 0);
}

#[test]
fn a_file_from_a_server_without_ranges_conforms() {
    let content = noise(SIZE);
    let server = TestServer::start(content.clone(), |_| Reply::Whole);
    conformance::check(&open(&server.url("/f")).unwrap(), &content);
}

#[test]
fn the_test_kits_own_source_conforms() {
    let content = noise(SIZE);
    let source = MemorySource::new(content.clone()).with_coalescing(Coalescing {
        max_gap: 100,
        max_request: 5000,
    });
    let source: Arc<dyn Source> = Arc::new(source);
    conformance::check(&source, &content);
}
