//! Each way a server can fail, and what becomes of it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "test code: a panic is a failed test"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use rootlake_lake::{Coalescing, HttpFault, HttpOptions, Lake, LakeError, Source};
use rootlake_testkit::{HttpRequest, Reply, TestServer, noise};

const SIZE: usize = 20_000;

/// Patience in milliseconds, as tests need it.
fn impatient() -> HttpOptions {
    HttpOptions {
        connect_timeout: Duration::from_millis(300),
        idle_timeout: Duration::from_millis(300),
        attempts: 3,
        backoff: Duration::from_millis(5),
        backoff_limit: Duration::from_millis(1500),
        coalescing: Coalescing {
            max_gap: 100,
            max_request: 1000,
        },
        ..HttpOptions::default()
    }
}

fn open(server: &TestServer) -> Arc<dyn Source> {
    Lake::new(impatient())
        .open(&server.url("/f.root?token=secret"))
        .unwrap()
}

fn refused(server: &TestServer) -> LakeError {
    Lake::new(impatient())
        .open(&server.url("/f.root?token=secret"))
        .map(|_| ())
        .unwrap_err()
}

/// A server whose GETs get `reply`; HEAD is proper.
fn on_get(reply: impl Fn(&HttpRequest) -> Reply + Send + Sync + 'static) -> TestServer {
    TestServer::start(noise(SIZE), move |request| {
        if request.method == "GET" {
            reply(request)
        } else {
            Reply::Proper
        }
    })
}

/// The fault of a read of bytes 100..200, after checking that the error names what it should.
fn fault_of_read(server: &TestServer) -> (HttpFault, u32) {
    let error = open(server).read(100..200).unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with(&server.url("/f.root: bytes 100..200: ")),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
    match error {
        LakeError::Http {
            fault, attempts, ..
        } => (fault, attempts),
        other => panic!("{other}"),
    }
}

/// Reads 100..200 and checks the bytes; gives the number of GETs it took.
fn gets_for_a_read(server: &TestServer) -> usize {
    assert_eq!(open(server).read(100..200).unwrap(), noise(SIZE)[100..200]);
    server.gets().len()
}

#[test]
fn a_truncated_body_is_read_again_and_then_an_error() {
    let once = on_get(|get| {
        if get.nth == 0 {
            Reply::Truncate(40)
        } else {
            Reply::Proper
        }
    });
    assert_eq!(gets_for_a_read(&once), 2);
    let always = on_get(|_| Reply::Truncate(40));
    let fault = HttpFault::Truncated {
        expected: 100,
        got: 40,
    };
    assert_eq!(fault_of_read(&always), (fault, 3));
}

#[test]
fn a_server_error_is_tried_again_a_bounded_number_of_times() {
    let twice = on_get(|get| {
        if get.nth < 2 {
            Reply::Status(500, None)
        } else {
            Reply::Proper
        }
    });
    assert_eq!(gets_for_a_read(&twice), 3);
    let always = on_get(|_| Reply::Status(500, None));
    let fault = HttpFault::Status {
        status: 500,
        retry_after: None,
    };
    assert_eq!(fault_of_read(&always), (fault, 3));
    assert_eq!(always.gets().len(), 3);
}

#[test]
fn a_refusal_is_final() {
    for status in [400, 401, 403, 404, 410] {
        let server = on_get(move |_| Reply::Status(status, None));
        let (fault, attempts) = fault_of_read(&server);
        assert_eq!(
            (fault, attempts),
            (
                HttpFault::Status {
                    status,
                    retry_after: None
                },
                1
            )
        );
        assert_eq!(server.gets().len(), 1);
    }
}

#[test]
fn retry_after_is_obeyed_within_limits() {
    let busy = |get: &HttpRequest| match get.nth {
        0 => Reply::Status(429, Some(1)),
        _ => Reply::Proper,
    };
    let begun = Instant::now();
    assert_eq!(gets_for_a_read(&on_get(busy)), 2);
    assert!(begun.elapsed() >= Duration::from_secs(1));

    let down = on_get(|_| Reply::Status(503, Some(3600)));
    let (fault, attempts) = fault_of_read(&down);
    assert!(matches!(
        fault,
        HttpFault::Status {
            status: 503,
            retry_after: Some(_)
        }
    ));
    assert_eq!(attempts, 1);
}

#[test]
fn a_hang_up_is_tried_again() {
    let once = on_get(|get| {
        if get.nth == 0 {
            Reply::HangUp
        } else {
            Reply::Proper
        }
    });
    assert_eq!(gets_for_a_read(&once), 2);
    let (fault, attempts) = fault_of_read(&on_get(|_| Reply::HangUp));
    assert!(matches!(fault, HttpFault::Connection(_)), "{fault:?}");
    assert_eq!(attempts, 3);
}

#[test]
fn silence_times_out() {
    for server in [
        on_get(|_| Reply::Stall(40)),
        on_get(|_| Reply::Late(Duration::from_secs(3))),
    ] {
        let begun = Instant::now();
        let (fault, attempts) = fault_of_read(&server);
        assert!(matches!(fault, HttpFault::Timeout { .. }), "{fault:?}");
        assert_eq!(attempts, 3);
        assert!(begun.elapsed() < Duration::from_secs(4));
    }
}

#[test]
fn no_server_is_a_connection_fault() {
    let gone = TestServer::proper(noise(SIZE)).url("/f.root");
    std::thread::sleep(Duration::from_millis(50));
    let error = Lake::new(impatient()).open(&gone).map(|_| ()).unwrap_err();
    let LakeError::Http {
        fault: HttpFault::Connection(text),
        attempts: 3,
        range: None,
        ..
    } = error
    else {
        panic!("{error}")
    };
    assert!(text.contains("refused"), "{text}");
}

#[test]
fn other_bytes_than_asked_for_are_refused() {
    for header in [
        "bytes 0-99/20000",
        "bytes 100-198/20000",
        "bytes 100--1/20000",
        "",
    ] {
        let server = on_get(move |_| Reply::ContentRange(header.to_owned()));
        let (fault, attempts) = fault_of_read(&server);
        assert!(
            matches!(fault, HttpFault::ContentRange { .. }),
            "{header}: {fault:?}"
        );
        assert_eq!(attempts, 1);
    }
}

#[test]
fn a_body_longer_than_asked_for_is_refused() {
    let (fault, _) = fault_of_read(&on_get(|_| Reply::TooLong));
    assert_eq!(fault, HttpFault::TooLong { expected: 100 });
}

#[test]
fn a_body_that_claims_compression_is_refused() {
    let (fault, _) = fault_of_read(&on_get(|_| Reply::Gzip));
    assert_eq!(fault, HttpFault::Encoded("gzip".to_owned()));
}

#[test]
fn a_file_that_changes_while_it_is_read_is_an_error() {
    let tagged = TestServer::start(noise(SIZE), |request| {
        let late = request.method == "GET" && request.nth > 0;
        Reply::Etag(if late { "\"two\"" } else { "\"one\"" }.to_owned())
    });
    let source = open(&tagged);
    source.read(0..100).unwrap();
    let error = source.read(100..200).unwrap_err();
    assert!(
        matches!(&error, LakeError::Changed { detail, .. }
        if detail.contains("one") && detail.contains("two")),
        "{error}"
    );
    assert_eq!(tagged.gets().len(), 2, "a change is not tried again");

    for reply in [
        Reply::ContentRange("bytes 100-199/20001".into()),
        Reply::Status(416, None),
    ] {
        let resized = on_get(move |_| reply.clone());
        let error = open(&resized).read(100..200).unwrap_err();
        assert!(matches!(error, LakeError::Changed { .. }), "{error}");
    }
}

#[test]
fn a_change_is_noticed_at_the_end() {
    let server = TestServer::start(noise(SIZE), |request| {
        let late = request.method == "HEAD" && request.nth > 1;
        Reply::Etag(if late { "\"two\"" } else { "\"one\"" }.to_owned())
    });
    let source = open(&server);
    source.verify_unchanged().unwrap();
    assert!(matches!(
        source.verify_unchanged(),
        Err(LakeError::Changed { .. })
    ));
}

#[test]
fn a_small_file_without_ranges_is_read_once_and_kept() {
    for reply in [Reply::Whole, Reply::WholeChunked] {
        let server = on_get(move |_| reply.clone());
        let source = open(&server);
        for start in [100, 5000, 19_900] {
            let bytes = source.read(start..start + 100).unwrap();
            let start = usize::try_from(start).unwrap();
            assert_eq!(bytes, noise(SIZE)[start..start + 100]);
        }
        assert_eq!(server.gets().len(), 1);
    }
}

#[test]
fn threads_that_are_answered_whole_at_once_share_one_body() {
    let server = on_get(|_| Reply::Whole);
    let source = open(&server);
    std::thread::scope(|scope| {
        for start in 0..6 {
            let source = &source;
            scope.spawn(move || source.read(start * 1000..start * 1000 + 10).unwrap());
        }
    });
    assert_eq!(source.traffic().bytes, SIZE as u64);
}

#[test]
fn a_large_file_without_ranges_is_an_error_not_a_flood() {
    let server = on_get(|_| Reply::Whole);
    let options = HttpOptions {
        whole_file_limit: 1000,
        ..impatient()
    };
    let source = Lake::new(options).open(&server.url("/f.root")).unwrap();
    let error = source.read(100..200).unwrap_err();
    let LakeError::Http { fault, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(
        fault,
        HttpFault::NoRanges {
            size: SIZE as u64,
            limit: 1000
        }
    );
    assert_eq!(source.traffic().bytes, 0);
    // Asked for the whole, its answer is what was asked for.
    assert_eq!(source.read(0..SIZE as u64).unwrap(), noise(SIZE));
}

#[test]
fn the_size_is_found_where_head_does_not_tell() {
    for reply in [
        Reply::Status(405, None),
        Reply::Status(403, None),
        Reply::NoLength,
    ] {
        let server = TestServer::start(noise(SIZE), move |request| match request.method.as_str() {
            "HEAD" => reply.clone(),
            _ => Reply::Proper,
        });
        let source = open(&server);
        assert_eq!(source.size(), SIZE as u64);
        assert_eq!(source.read(7..9).unwrap(), noise(SIZE)[7..9]);
    }
}

#[test]
fn an_unknown_size_is_an_error() {
    let server = TestServer::start(noise(SIZE), |request| match request.method.as_str() {
        "HEAD" => Reply::NoLength,
        _ => Reply::WholeChunked,
    });
    let error = refused(&server);
    assert!(
        matches!(
            error,
            LakeError::Http {
                fault: HttpFault::UnknownSize,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn an_empty_file_and_a_missing_one_are_told_apart() {
    let empty = TestServer::start(Vec::new(), |request| match request.method.as_str() {
        "HEAD" => Reply::Proper,
        _ => Reply::Status(416, None),
    });
    assert!(matches!(refused(&empty), LakeError::Empty { .. }));
    let missing = TestServer::start(Vec::new(), |_| Reply::Status(404, None));
    let text = refused(&missing).to_string();
    assert!(
        text.contains("404") && text.contains("no such file"),
        "{text}"
    );
    assert_eq!(missing.requests().len(), 1);
}

#[test]
fn redirects_are_followed_within_http() {
    let target = TestServer::proper(noise(SIZE));
    let to = target.url("/there?sig=1");
    let server = TestServer::start(Vec::new(), move |_| Reply::Redirect(to.clone()));
    let source = open(&server);
    assert_eq!(source.read(100..200).unwrap(), noise(SIZE)[100..200]);
    assert_eq!(target.gets()[0].path, "/there?sig=1");
    assert_eq!(target.gets()[0].range.as_deref(), Some("bytes=100-199"));
    assert_eq!(source.name(), server.url("/f.root"));
}

#[test]
fn redirects_that_lead_nowhere_are_errors() {
    for (to, word) in [
        ("/again", "more than 5"),
        ("https://h/f?token=hidden", "https"),
        ("http://", "host"),
    ] {
        let server = TestServer::start(Vec::new(), move |_| Reply::Redirect(to.to_owned()));
        let error = refused(&server);
        let text = error.to_string();
        assert!(
            matches!(
                error,
                LakeError::Http {
                    fault: HttpFault::Redirect(_),
                    ..
                }
            ),
            "{text}"
        );
        assert!(text.contains(word) && !text.contains("hidden"), "{text}");
    }
}

#[test]
fn connections_are_kept() {
    let server = TestServer::proper(noise(SIZE));
    let lake = Lake::new(impatient());
    for file in ["/a", "/b", "/c"] {
        let source = lake.open(&server.url(file)).unwrap();
        for start in (0..10_000).step_by(1000) {
            source.read(start..start + 10).unwrap();
        }
    }
    assert_eq!(server.requests().len(), 33);
    assert_eq!(server.connections(), 1);
}

#[test]
fn many_ranges_are_joined_and_asked_in_parallel_within_bounds() {
    let server = on_get(|_| Reply::Late(Duration::from_millis(20)));
    let options = HttpOptions {
        parallel: 3,
        ..impatient()
    };
    let source = Lake::new(options).open(&server.url("/f")).unwrap();
    // Ten requests of 1000 bytes, each from five ranges with gaps of 100.
    let ranges: Vec<_> = (0..50_u64)
        .map(|i| i / 5 * 2000 + i % 5 * 220)
        .map(|start| start..start + 120)
        .collect();
    let parts = source.read_many(&ranges).unwrap();
    let content = noise(SIZE);
    for (bytes, range) in parts.iter().zip(&ranges) {
        let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
        assert_eq!(bytes, &content[range]);
    }
    assert_eq!(server.gets().len(), 10);
    assert!((2..=3).contains(&server.peak()), "{}", server.peak());
}

#[test]
fn sources_outlive_the_lake_that_opened_them() {
    let server = TestServer::proper(noise(SIZE));
    let source = open(&server);
    assert_eq!(source.read(0..10).unwrap(), noise(SIZE)[0..10]);
    drop(source);
}
