//! Against a real server: nginx, started here on a free port of the loopback.
//!
//! `ROOTLAKE_NGINX` names the program, else it is looked for in `PATH` and `/usr/sbin`. Where there
//! is none, each test says on stderr that it did not run; with `ROOTLAKE_REQUIRE_NGINX=1` that is
//! a failure.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "test code: a panic is a failed test"
)]
#![allow(
    clippy::single_range_in_vec_init,
    reason = "a unit of one range is meant"
)]

use std::env;
use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rootlake_lake::{
    HttpFault, HttpOptions, Lake, LakeError, ReadAhead, ReadAheadOptions, Source, Unit, open,
};
use rootlake_testkit::{conformance, noise};

const SIZE: usize = 3_000_017;

struct Nginx {
    process: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Nginx {
    /// Starts it with the file `f.root` of [`SIZE`] bytes; none where there is no nginx.
    fn start() -> Option<Self> {
        let Some(program) = program() else {
            assert!(
                env::var_os("ROOTLAKE_REQUIRE_NGINX").is_none_or(|value| value == "0"),
                "nginx is required and was not found"
            );
            // Straight to the stream: what goes through the macros is hidden where tests pass.
            let _ = writeln!(
                std::io::stderr(),
                "NOT RUN: a test against nginx, none was found"
            );
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("www")).unwrap();
        fs::write(folder.path().join("www/f.root"), noise(SIZE)).unwrap();
        // Another process may take the port in between: then try the next.
        (0..5)
            .find_map(|_| Self::listen(&program, folder.path()))
            .map_or_else(
                || {
                    panic!(
                        "nginx did not start; see what {} -t says",
                        program.display()
                    )
                },
                |(process, port)| {
                    Some(Self {
                        process,
                        port,
                        folder,
                    })
                },
            )
    }

    fn listen(program: &Path, folder: &Path) -> Option<(Child, u16)> {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        fs::write(folder.join("nginx.conf"), configuration(folder, port)).unwrap();
        let mut process = Command::new(program)
            .arg("-p")
            .arg(folder)
            .arg("-c")
            .arg(folder.join("nginx.conf"))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) {
            if process.try_wait().unwrap().is_some() {
                return None;
            }
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some((process, port));
            }
            thread::sleep(Duration::from_millis(10));
        }
        let _ = process.kill();
        let _ = process.wait();
        None
    }

    fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn program() -> Option<PathBuf> {
    if let Some(named) = env::var_os("ROOTLAKE_NGINX") {
        return Some(named.into());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join("nginx"))
        .find(|program| program.is_file())
}

fn configuration(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    format!(
        "daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
        events {{}}
        http {{
            access_log {folder}/access.log;
            client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
            fastcgi_temp_path {folder}/fcgi; uwsgi_temp_path {folder}/uwsgi;
            scgi_temp_path {folder}/scgi;
            gzip on; gzip_types *; gzip_min_length 1;
            server {{
                listen 127.0.0.1:{port};
                root {folder}/www;
                location /whole/ {{ alias {folder}/www/; max_ranges 0; }}
                location /slow/ {{ alias {folder}/www/; limit_rate 500k; }}
                location /moved/ {{ rewrite ^/moved/(.*)$ /$1 redirect; }}
                location /down/ {{ return 503; }}
            }}
        }}"
    )
}

#[test]
fn a_file_conforms() {
    let Some(nginx) = Nginx::start() else { return };
    for path in ["/f.root", "/moved/f.root", "/whole/f.root"] {
        let source = open(&nginx.url(path)).unwrap();
        conformance::check(&source, &noise(SIZE));
        // A request may meet a connection that nginx is closing, after its thousand requests: it is
        // sent again. More would be a fault.
        let traffic = source.traffic();
        assert!(traffic.retries <= 3, "{path}: {traffic:?}");
    }
}

#[test]
fn reading_ahead_of_a_slow_server_arrives_whole() {
    let Some(nginx) = Nginx::start() else { return };
    let source = open(&nginx.url("/slow/f.root")).unwrap();
    let starts: Vec<u64> = (0..600_000).step_by(100_000).collect();
    let units = starts
        .iter()
        .map(|&at| Unit::new(source.clone(), vec![at..at + 50_000]))
        .collect();
    let ahead = ReadAhead::start(
        units,
        ReadAheadOptions {
            window: 200_000,
            parallel: 4,
        },
    )
    .unwrap();
    let content = noise(SIZE);
    for (unit, &at) in ahead.zip(&starts) {
        let at = usize::try_from(at).unwrap();
        assert_eq!(unit.unwrap().parts[0], content[at..at + 50_000]);
    }
    assert_eq!(ahead.report().units, starts.len());
}

#[test]
fn a_file_that_is_replaced_has_changed() {
    let Some(nginx) = Nginx::start() else { return };
    let source: Arc<dyn Source> = open(&nginx.url("/f.root")).unwrap();
    source.read(0..100).unwrap();
    source.verify_unchanged().unwrap();
    let mut content = noise(SIZE);
    content.reverse();
    let (new, old) = (
        nginx.folder.path().join("new"),
        nginx.folder.path().join("www/f.root"),
    );
    fs::write(&new, content).unwrap();
    // Of the same size, but with a time of its own: nginx makes its tags of the two.
    let later = std::time::SystemTime::now() + Duration::from_secs(10);
    fs::File::options()
        .append(true)
        .open(&new)
        .unwrap()
        .set_modified(later)
        .unwrap();
    fs::rename(new, old).unwrap();
    for failed in [source.read(0..100).map(drop), source.verify_unchanged()] {
        assert!(
            matches!(failed, Err(LakeError::Changed { .. })),
            "{failed:?}"
        );
    }
}

#[test]
fn what_is_not_served_is_an_error_with_its_status() {
    let Some(nginx) = Nginx::start() else { return };
    let options = HttpOptions {
        backoff: Duration::from_millis(1),
        ..HttpOptions::default()
    };
    let lake = Lake::new(options);
    // A folder is redirected to itself with a slash, and then forbidden.
    fs::create_dir(nginx.folder.path().join("www/folder")).unwrap();
    for (path, wanted, times) in [
        ("/none.root", 404, 1),
        ("/folder", 403, 1),
        ("/down/f", 503, 4),
    ] {
        match lake.open(&nginx.url(path)).map(drop) {
            Err(LakeError::Http {
                fault: HttpFault::Status { status, .. },
                attempts,
                ..
            }) => {
                assert_eq!((status, attempts), (wanted, times), "{path}");
            }
            other => panic!("{path}: {other:?}"),
        }
    }
}
