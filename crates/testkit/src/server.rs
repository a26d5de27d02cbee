//! An HTTP/1.1 server in this process that serves one file and misbehaves on order.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// One request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// `GET`, `HEAD`.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The raw `Range` header.
    pub range: Option<String>,
    /// How many requests of this method came before.
    pub nth: usize,
}

/// What to do with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Answer as one should.
    Proper,
    /// Answer properly, but only after a while.
    Late(Duration),
    /// Promise the whole body, send this many bytes of it, hang up.
    Truncate(usize),
    /// Promise the whole body, send this many bytes of it, fall silent.
    Stall(usize),
    /// Hang up without an answer.
    HangUp,
    /// This status, with `Retry-After` if given.
    Status(u16, Option<u32>),
    /// A 206 with this `Content-Range` header, none if empty; the body is proper.
    ContentRange(String),
    /// Ignore the range: 200 and the whole file.
    Whole,
    /// Ignore the range, and send in chunks without telling the length.
    WholeChunked,
    /// A proper answer with this `ETag`.
    Etag(String),
    /// A proper answer with another byte behind it (sent in chunks).
    TooLong,
    /// A proper answer that claims to be compressed.
    Gzip,
    /// 302 to this location.
    Redirect(String),
    /// A 200 without length or body, as a HEAD that computes nothing.
    NoLength,
}

type Script = dyn Fn(&HttpRequest) -> Reply + Send + Sync;

/// The server; it ends when dropped.
pub struct TestServer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    content: Vec<u8>,
    script: Box<Script>,
    log: Mutex<Vec<HttpRequest>>,
    connections: AtomicUsize,
    under_way: AtomicUsize,
    peak: AtomicUsize,
    stop: AtomicBool,
}

impl TestServer {
    /// Serves `content` under every path; `script` decides how.
    pub fn start(
        content: Vec<u8>,
        script: impl Fn(&HttpRequest) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let shared = Arc::new(Shared {
            content,
            script: Box::new(script),
            log: Mutex::default(),
            connections: AtomicUsize::new(0),
            under_way: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
        });
        let accepting = shared.clone();
        thread::spawn(move || accept(&listener, &accepting));
        Self { address, shared }
    }

    /// A server that does everything right.
    pub fn proper(content: Vec<u8>) -> Self {
        Self::start(content, |_| Reply::Proper)
    }

    /// The URL of `path` (which begins with a slash).
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// All requests so far, in the order they came.
    pub fn requests(&self) -> Vec<HttpRequest> {
        self.shared.log.lock().expect("the log").clone()
    }

    /// The requests so far with method GET.
    pub fn gets(&self) -> Vec<HttpRequest> {
        self.requests()
            .into_iter()
            .filter(|request| request.method == "GET")
            .collect()
    }

    /// Connections accepted so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// The largest number of requests that were under way at once.
    pub fn peak(&self) -> usize {
        self.shared.peak.load(Ordering::SeqCst)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        // Wakes the acceptor.
        let _ = TcpStream::connect(self.address);
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stop.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        shared.connections.fetch_add(1, Ordering::SeqCst);
        let shared = shared.clone();
        thread::spawn(move || serve(stream, &shared));
    }
}

/// Answers the requests of one connection until one side has enough.
fn serve(stream: TcpStream, shared: &Shared) {
    let _ = stream.set_nodelay(true);
    let Ok(reading) = stream.try_clone() else {
        return;
    };
    let (mut reader, mut writer) = (BufReader::new(reading), stream);
    while let Some(mut request) = read_request(&mut reader) {
        {
            let mut log = shared.log.lock().expect("the log");
            request.nth = log.iter().filter(|r| r.method == request.method).count();
            log.push(request.clone());
        }
        let now = shared.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        shared.peak.fetch_max(now, Ordering::SeqCst);
        let keep = answer(&mut writer, &request, shared);
        shared.under_way.fetch_sub(1, Ordering::SeqCst);
        if keep != Some(true) || shared.stop.load(Ordering::SeqCst) {
            return;
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<HttpRequest> {
    let mut line = String::new();
    reader
        .read_line(&mut line)
        .ok()
        .filter(|&length| length > 0)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut range = None;
    loop {
        let mut header = String::new();
        reader
            .read_line(&mut header)
            .ok()
            .filter(|&length| length > 0)?;
        let Some((name, value)) = header.split_once(':') else {
            break;
        };
        // By case, against the standard: so does XRootD 5.5.3.
        if name == "Range" {
            range = Some(value.trim().to_owned());
        }
    }
    Some(HttpRequest {
        method,
        path,
        range,
        nth: 0,
    })
}

/// Answers one request; says whether the connection stays.
fn answer(out: &mut TcpStream, request: &HttpRequest, shared: &Shared) -> Option<bool> {
    let reply = (shared.script)(request);
    if let Some(head) = bodyless(&reply) {
        write(out, &head, &[])?;
        return Some(reply != Reply::NoLength);
    }
    match reply {
        Reply::HangUp => return None,
        Reply::Late(pause) => thread::sleep(pause),
        _ => {}
    }
    let size = shared.content.len();
    let whole = request.range.is_none() || matches!(reply, Reply::Whole | Reply::WholeChunked);
    let (first, end) = match &request.range {
        Some(range) if !whole => closed_range(range, size)?,
        _ => (0, size),
    };
    let head = if whole {
        "HTTP/1.1 200 OK\r\n".into()
    } else {
        partial(&reply, first, end, size)
    };
    let body = &shared.content[first..end];
    if request.method == "HEAD" {
        write(
            out,
            &format!("{head}{}Content-Length: {size}\r\n", extra(&reply)),
            &[],
        )?;
        return Some(true);
    }
    send(out, &reply, head + &extra(&reply), body)
}

/// The head of an answer that has no body.
fn bodyless(reply: &Reply) -> Option<String> {
    match reply {
        Reply::Status(status, after) => {
            let after = after.map_or(String::new(), |s| format!("Retry-After: {s}\r\n"));
            Some(format!(
                "HTTP/1.1 {status} On Order\r\n{after}Content-Length: 0\r\n"
            ))
        }
        Reply::Redirect(to) => Some(format!(
            "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n"
        )),
        Reply::NoLength => Some("HTTP/1.1 200 OK\r\nConnection: close\r\n".to_owned()),
        _ => None,
    }
}

/// The head of a 206.
fn partial(reply: &Reply, first: usize, end: usize, size: usize) -> String {
    let range = match reply {
        Reply::ContentRange(header) if header.is_empty() => String::new(),
        Reply::ContentRange(header) => format!("Content-Range: {header}\r\n"),
        _ => format!("Content-Range: bytes {first}-{}/{size}\r\n", end - 1),
    };
    format!("HTTP/1.1 206 Partial Content\r\n{range}")
}

/// Further headers.
fn extra(reply: &Reply) -> String {
    match reply {
        Reply::Etag(tag) => format!("ETag: {tag}\r\n"),
        Reply::Gzip => "Content-Encoding: gzip\r\n".to_owned(),
        _ => String::new(),
    }
}

/// Sends head and body; says whether the connection stays.
fn send(out: &mut TcpStream, reply: &Reply, head: String, body: &[u8]) -> Option<bool> {
    if matches!(reply, Reply::TooLong | Reply::WholeChunked) {
        let surplus: &[u8] = if *reply == Reply::TooLong {
            b"1\r\nx\r\n"
        } else {
            b""
        };
        let length = format!("{:x}\r\n", body.len());
        let chunks = [length.as_bytes(), body, b"\r\n", surplus, b"0\r\n\r\n"];
        write(
            out,
            &(head + "Transfer-Encoding: chunked\r\n"),
            &chunks.concat(),
        )?;
        return Some(true);
    }
    let head = format!("{head}Content-Length: {}\r\n", body.len());
    match reply {
        Reply::Truncate(bytes) | Reply::Stall(bytes) => {
            write(out, &head, &body[..body.len().min(*bytes)])?;
            if matches!(reply, Reply::Stall(_)) {
                thread::sleep(Duration::from_secs(5));
            }
            None
        }
        _ => {
            write(out, &head, body)?;
            Some(true)
        }
    }
}

fn write(out: &mut TcpStream, head: &str, body: &[u8]) -> Option<()> {
    out.write_all(head.as_bytes()).ok()?;
    out.write_all(b"\r\n").ok()?;
    out.write_all(body).ok()?;
    out.flush().ok()
}

/// First and end of `bytes=a-b`. None, which hangs up, for an open, suffix or overlong range: a
/// client that asks so fails its test as it would fail with XRootD.
fn closed_range(header: &str, size: usize) -> Option<(usize, usize)> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last && last < size).then_some((first, last + 1))
}
