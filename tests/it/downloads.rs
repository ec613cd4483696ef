//! Files of recordings: what arrives is compared with everything that is known of it, and a
//! redirect leads where it may.

mod unsaid;

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::binary::Run;
use crate::support::opentok::{self, FakeOpentok};
use crate::support::{Binary, borrowed};

/// What a host answers.
type Answer = Box<dyn Fn(&Uri, &HeaderMap) -> Response + Send + Sync>;

/// A host of files that answers as it is told, and remembers what it was asked.
struct Host {
    address: SocketAddr,
    state: Arc<Heard>,
}

struct Heard {
    answer: Answer,
    asked: Mutex<Vec<(Uri, HeaderMap)>>,
}

impl Host {
    async fn start(answer: impl Fn(&Uri, &HeaderMap) -> Response + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Heard {
            answer: Box::new(answer),
            asked: Mutex::default(),
        });
        let router = Router::new().fallback(hear).with_state(state.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Self { address, state }
    }

    fn asked(&self) -> Vec<(Uri, HeaderMap)> {
        self.state.asked.lock().expect("not poisoned").clone()
    }
}

async fn hear(State(heard): State<Arc<Heard>>, uri: Uri, headers: HeaderMap) -> Response {
    let answer = (heard.answer)(&uri, &headers);
    let mut asked = heard.asked.lock().expect("not poisoned");
    asked.push((uri, headers));
    answer
}

/// The recording that everybody means.
fn content() -> Vec<u8> {
    (0..75_000_u32).flat_map(u32::to_le_bytes).collect()
}

/// From where a request wants the file.
fn wanted(headers: &HeaderMap) -> usize {
    let range = headers.get("range").and_then(|range| range.to_str().ok());
    let from = range.and_then(|range| {
        range
            .strip_prefix("bytes=")?
            .strip_suffix('-')?
            .parse()
            .ok()
    });
    from.unwrap_or(0)
}

/// A part of a file as a host should send it.
fn part(file: &[u8], from: usize) -> Response {
    let all = file.len();
    let range = format!("bytes {from}-{}/{all}", all - 1);
    let status = StatusCode::PARTIAL_CONTENT;
    (status, [("content-range", range)], file[from..].to_vec()).into_response()
}

/// Promises the whole file, sends so many bytes of it and breaks off.
fn cut(bytes: Vec<u8>) -> Response {
    let sent = futures_util::stream::iter([Ok(bytes)]);
    // What is sent is to arrive before the connection breaks.
    let broken = futures_util::stream::once(async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        Err(std::io::Error::other("cut"))
    });
    let body = Body::from_stream(sent.chain(broken));
    ([("content-length", content().len().to_string())], body).into_response()
}

/// An account with one recording whose file lies at `host`, and what the vendor says of it.
async fn recorded(host: &Host, facts: Value) -> (FakeOpentok, Binary) {
    recorded_at(host.address, facts).await
}

async fn recorded_at(host: SocketAddr, facts: Value) -> (FakeOpentok, Binary) {
    let fake = opentok::start().await;
    let mut archive = json!({
        "id": "rec1", "status": "available", "name": "standup", "sessionId": "s",
        "createdAt": 1_700_000_000_000_i64, "url": format!("http://{host}/file.mp4"),
    });
    let fields = archive.as_object_mut().expect("an object");
    fields.extend(facts.as_object().expect("an object").clone());
    fake.with(|vendor| vendor.archives.push(archive));
    let mut all = opentok::variables(&fake);
    all.push(("TOK_ROOMS__BACKEND", "opentok".to_owned()));
    let binary = Binary::with(&borrowed(&all));
    (fake, binary)
}

fn download(binary: &Binary) -> Run {
    binary.run(&["recording", "download", "rec1", "--json"])
}

fn begun(binary: &Binary, part: &[u8]) {
    std::fs::write(binary.dir().join("rec1.mp4.rec1.part"), part).expect("written");
}

/// What a run left: how each file is called, and that nobody else can read it.
fn private_files(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).expect("a directory");
    let files = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("rec1"));
    let mut names = Vec::new();
    for file in files {
        let name = file.file_name().to_string_lossy().into_owned();
        let mode = file.metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
        names.push(name);
    }
    names.sort_unstable();
    names
}

fn is_content(path: &Path) -> bool {
    std::fs::read(path).is_ok_and(|found| found == content())
}

/// What is wrong is no file: neither under its name, nor as a part that would be continued.
#[track_caller]
fn refused(binary: &Binary, words: &str) {
    download(binary).refused(6, words);
    assert!(!binary.dir().join("rec1.mp4").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_another_length_than_the_vendor_told_is_refused() {
    let long = [&b"PK\x03\x04"[..], &content()].concat();
    for wrong in [long.clone(), b"short".to_vec()] {
        let host = Host::start(move |_, _| wrong.clone().into_response()).await;
        let (_fake, binary) = recorded(&host, json!({ "size": content().len() })).await;
        refused(&binary, "300000");
        assert_eq!(host.asked().len(), 1, "trying again would not help");
    }
    // A host that tells no length is found out by what came.
    let host = Host::start(move |_, _| {
        let stream = futures_util::stream::iter([Ok::<_, std::io::Error>(long.clone())]);
        Body::from_stream(stream).into_response()
    })
    .await;
    let (_fake, binary) = recorded(&host, json!({ "size": content().len() })).await;
    refused(&binary, "300000");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_with_a_range_is_used_by_its_range_whatever_its_status() {
    let host = Host::start(|_, headers| {
        let mut answer = part(&content(), wanted(headers));
        *answer.status_mut() = StatusCode::OK;
        answer
    })
    .await;
    let (_fake, binary) = recorded(&host, json!({ "size": content().len() })).await;
    begun(&binary, &content()[..100_000]);
    let run = download(&binary).ok();
    assert!(is_content(&binary.dir().join("rec1.mp4")), "{run:#?}");
    assert_eq!(run.json()["resumed"], 100_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_range_that_is_not_what_was_asked_for_is_refused() {
    for range in [
        "bytes 200000-299999/300000",
        "bytes 100000-50000/300000",
        "bytes */300000",
        "bytes 100000-299999/300001",
        "items 100000-299999/300000",
        "bytes 100000-299999/200000",
    ] {
        let host = Host::start(move |_, _| {
            let rest = content()[100_000..].to_vec();
            let status = StatusCode::PARTIAL_CONTENT;
            (status, [("content-range", range)], rest).into_response()
        })
        .await;
        let (_fake, binary) = recorded(&host, json!({ "size": content().len() })).await;
        begun(&binary, &content()[..100_000]);
        let run = download(&binary);
        assert_eq!(run.code, Some(6), "{range}: {run:#?}");
        assert!(!binary.dir().join("rec1.mp4").exists());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_encoding_that_nobody_asked_for_is_refused() {
    for encoding in ["gzip", "br", "GZIP", "identity, zstd"] {
        let host = Host::start(move |_, _| {
            ([("content-encoding", encoding)], vec![1_u8; 2985]).into_response()
        })
        .await;
        let (_fake, binary) = recorded(&host, json!({})).await;
        refused(&binary, "encoding");
        let (_, headers) = &host.asked()[0];
        assert_eq!(headers["accept-encoding"], "identity");
    }
    let host =
        Host::start(|_, _| ([("content-encoding", "identity")], content()).into_response()).await;
    let (_fake, binary) = recorded(&host, json!({})).await;
    download(&binary).ok();
    assert!(is_content(&binary.dir().join("rec1.mp4")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_checksum_that_the_vendor_tells_must_be_that_of_the_file() {
    let right = Sha256::digest(content());
    let wrong = Sha256::digest(b"another");
    let host = Host::start(|_, headers| match wanted(headers) {
        0 => content().into_response(),
        from => part(&content(), from),
    })
    .await;
    for sum in [STANDARD.encode(wrong), hex::encode(wrong)] {
        let facts = json!({ "size": content().len(), "sha256sum": sum });
        let (_fake, binary) = recorded(&host, facts).await;
        refused(&binary, "checksum");
        // Also when most of it was there.
        begun(&binary, &content()[..250_000]);
        refused(&binary, "checksum");
        assert!(!binary.dir().join("rec1.mp4.rec1.part").exists());
    }
    for sum in [STANDARD.encode(right), hex::encode(right).to_uppercase()] {
        let facts = json!({ "size": content().len(), "sha256sum": sum });
        let (_fake, binary) = recorded(&host, facts).await;
        begun(&binary, &content()[..250_000]);
        download(&binary).ok();
        assert!(is_content(&binary.dir().join("rec1.mp4")));
    }
    // The same length, other bytes in what was there.
    let facts = json!({ "size": content().len(), "sha256sum": STANDARD.encode(right) });
    let (_fake, binary) = recorded(&host, facts).await;
    begun(&binary, &vec![7; 250_000]);
    refused(&binary, "checksum");
    download(&binary).ok();
    assert!(is_content(&binary.dir().join("rec1.mp4")));
}

/// A host that knows about versions, and breaks off where it is told to.
fn versioned(version: &'static str, date: bool) -> impl Fn(&Uri, &HeaderMap) -> Response {
    move |_, headers| {
        let from = wanted(headers);
        let known = headers.get("if-range").and_then(|it| it.to_str().ok());
        let mut answer = match known {
            Some(known) if known != version => content().into_response(),
            _ if from > 0 => part(&content(), from),
            _ => cut(content()[..100_000].to_vec()),
        };
        let name = if date { "last-modified" } else { "etag" };
        answer
            .headers_mut()
            .insert(name, version.parse().expect("a value"));
        answer
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_is_continued_only_with_the_version_that_it_is_of() {
    for (version, date, strong) in [
        ("\"v1\"", false, true),
        ("W/\"v1\"", false, false),
        ("Mon, 05 Jan 2026 10:00:00 GMT", true, true),
    ] {
        let host = Host::start(versioned(version, date)).await;
        let (_fake, binary) = recorded(&host, json!({ "size": content().len() })).await;
        download(&binary).ok();
        assert!(is_content(&binary.dir().join("rec1.mp4")));
        let asked = host.asked();
        assert!(asked.len() > 1, "it broke off");
        let said = asked[1].1.get("if-range").and_then(|it| it.to_str().ok());
        assert_eq!(said, strong.then_some(version), "{version}");
        assert_eq!(private_files(binary.dir()), ["rec1.mp4"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_changed_at_the_vendor_is_not_spliced() {
    // The former version breaks off for good; each try of that run gets a little.
    let host = Host::start(|uri, headers| {
        let old = uri.path() == "/old.mp4";
        let version = if old { "\"old\"" } else { "\"new\"" };
        let mut answer = if old {
            match wanted(headers) {
                0 => cut(vec![9; 100_000]),
                _ => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            }
        } else {
            // This one does not know If-Range.
            match wanted(headers) {
                0 => content().into_response(),
                from => part(&content(), from),
            }
        };
        answer
            .headers_mut()
            .insert("etag", version.parse().expect("a value"));
        answer
    })
    .await;
    let old = format!("http://{}/old.mp4", host.address);
    let facts = json!({ "size": content().len(), "url": old });
    let (fake, binary) = recorded(&host, facts).await;
    download(&binary).refused(6, "");
    let part = binary.dir().join("rec1.mp4.rec1.part");
    let begun = std::fs::read(part).expect("a part");
    assert!(begun == vec![9; 100_000], "{} bytes", begun.len());
    assert_eq!(
        private_files(binary.dir()),
        ["rec1.mp4.rec1.part", "rec1.mp4.rec1.part.version"]
    );
    let new = format!("http://{}/new.mp4", host.address);
    fake.with(|vendor| vendor.archives[0]["url"] = json!(new));
    download(&binary).ok();
    assert!(is_content(&binary.dir().join("rec1.mp4")));
}

/// A part of which nobody knows the version is not continued where the host tells versions.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_of_an_unknown_version_is_begun_anew() {
    let host = Host::start(|_, headers| {
        let mut answer = match wanted(headers) {
            0 => content().into_response(),
            from => part(&content(), from),
        };
        answer
            .headers_mut()
            .insert("etag", "\"v2\"".parse().expect("a value"));
        answer
    })
    .await;
    let (_fake, binary) = recorded(&host, json!({})).await;
    begun(&binary, &[1; 1000]);
    download(&binary).ok();
    assert!(is_content(&binary.dir().join("rec1.mp4")));
}

fn found(to: &str) -> Response {
    (StatusCode::FOUND, [("location", to)]).into_response()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redirect_leads_to_nothing_inside_of_this_network() {
    let inside = Host::start(|_, _| "the secret of the cloud".into_response()).await;
    let port = inside.address.port();
    // Whoever asked at this port for another one that is gone may ask again.
    let meta = format!("/meta/{}", uuid::Uuid::new_v4());
    for to in [
        format!("http://127.0.0.1:{port}{meta}"),
        format!("http://localhost:{port}{meta}"),
        format!("//localhost:{port}{meta}"),
        format!("http://2130706433:{port}{meta}"),
        format!("http://[::ffff:127.0.0.1]:{port}{meta}"),
        format!("http://[::1]:{port}{meta}"),
        format!("http://0.0.0.0:{port}{meta}"),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "http://10.1.2.3/".to_owned(),
        "http://[fd00::1]/".to_owned(),
        "ftp://files.example.com/a".to_owned(),
        "file:///etc/passwd".to_owned(),
    ] {
        let location = to.clone();
        let host = Host::start(move |_, _| found(&location)).await;
        let (_fake, binary) = recorded(&host, json!({})).await;
        let run = download(&binary);
        assert_eq!(run.code, Some(6), "{to}: {run:#?}");
        assert!(run.stderr.contains("redirect"), "{to}: {run:#?}");
        assert!(!binary.dir().join("rec1.mp4").exists());
        assert_eq!(host.asked().len(), 1, "{to}: trying again would not help");
    }
    let mut heard = inside.asked();
    heard.retain(|(uri, _)| uri.path() == meta);
    assert!(heard.is_empty(), "{heard:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redirect_is_followed_where_it_may_lead_and_has_an_end() {
    let host = Host::start(|uri, headers| match uri.path() {
        "/file.mp4" => found("/moved/there.mp4?signed=1"),
        "/moved/there.mp4" => match wanted(headers) {
            0 => content().into_response(),
            from => part(&content(), from),
        },
        _ => found(uri.path()),
    })
    .await;
    let (fake, binary) = recorded(&host, json!({ "size": content().len() })).await;
    begun(&binary, &content()[..1000]);
    download(&binary).ok();
    assert!(is_content(&binary.dir().join("rec1.mp4")));
    for (_, headers) in host.asked() {
        for secret in ["authorization", "x-opentok-auth", "cookie", "referer"] {
            assert!(!headers.contains_key(secret), "{secret}");
        }
    }
    let round = format!("http://{}/round", host.address);
    fake.with(|vendor| vendor.archives[0]["url"] = json!(round));
    std::fs::remove_file(binary.dir().join("rec1.mp4")).expect("removed");
    refused(&binary, "redirect");
}

/// What is in a directory, by name.
fn files(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).expect("a directory");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name.contains("rec1"))
        .collect();
    names.sort();
    names
}

/// A host that says of its file what it is, and how.
async fn telling(header: &'static str, value: &'static str) -> Host {
    Host::start(move |_, headers| {
        let mut answer = match wanted(headers) {
            0 => content().into_response(),
            from => part(&content(), from),
        };
        let headers = answer.headers_mut();
        headers.remove("content-type");
        headers.insert(header, value.parse().expect("a value"));
        answer
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_called_what_it_is() {
    for (path, header, value, name) in [
        ("archive.zip", "etag", "\"v1\"", "rec1.zip"),
        (
            "9f.mp4",
            "content-disposition",
            "attachment; filename=\"../../talk.m4a\"",
            "rec1.m4a",
        ),
        (
            "1548268093000",
            "content-type",
            "application/zip",
            "rec1.zip",
        ),
        (
            "1548268093000",
            "content-type",
            "application/octet-stream",
            "rec1.mp4",
        ),
    ] {
        let host = telling(header, value).await;
        let url = format!("http://{}/{path}?sig=a.exe", host.address);
        let (_fake, binary) = recorded(&host, json!({ "url": url })).await;
        let run = download(&binary).ok();
        assert_eq!(run.json()["path"], name);
        assert_eq!(files(binary.dir()), [name], "{path} {value}");
        assert!(is_content(&binary.dir().join(name)));
        // A second run does not fetch over what is there.
        assert_eq!(download(&binary).code, Some(4));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_goes_into_a_directory_or_to_whoever_reads_stdout() {
    let host = telling("content-type", "audio/mp4").await;
    let url = format!("http://{}/one", host.address);
    let (fake, binary) = recorded(&host, json!({ "url": url })).await;
    std::fs::create_dir(binary.dir().join("talks")).expect("made");
    let to = |to: &str| binary.run(&["recording", "download", "rec1", "--to", to]);
    for directory in ["talks", "talks/"] {
        to(directory).ok();
        let file = binary.dir().join("talks/rec1.m4a");
        assert!(is_content(&file));
        std::fs::remove_file(file).expect("removed");
    }
    to("nowhere/").refused(2, "nowhere/");
    to("talks/mine.bin").ok();
    assert!(is_content(&binary.dir().join("talks/mine.bin")));

    let output = binary
        .command(&["recording", "download", "rec1", "--to", "-"])
        .output();
    let output = output.expect("runs");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout == content(), "{} bytes", output.stdout.len());
    assert_eq!(files(binary.dir()), [""; 0]);
    // What was handed on cannot be taken back: the exit code says that it is wrong.
    fake.with(|vendor| vendor.archives[0]["sha256sum"] = json!("00".repeat(32)));
    let output = binary
        .command(&["recording", "download", "rec1", "--to", "-"])
        .output();
    assert_eq!(output.expect("runs").status.code(), Some(6));
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_named_with_the_file_and_no_try_is_wasted() {
    let host = telling("etag", "\"v1\"").await;
    let (_fake, binary) = recorded(&host, json!({})).await;
    let part = binary.dir().join("rec1.mp4.rec1.part");
    std::os::unix::fs::symlink("/dev/full", &part).expect("linked");
    let run = download(&binary);
    assert_eq!(run.code, Some(6), "{run:#?}");
    for words in ["rec1.mp4.rec1.part", "No space left"] {
        assert!(run.stderr.contains(words), "{words}: {run:#?}");
    }
    assert_eq!(host.asked().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_shown_of_a_recording_does_not_open_its_file() {
    let host = telling("etag", "\"v1\"").await;
    let (fake, binary) = recorded(&host, json!({})).await;
    let all = opentok::variables(&fake);
    let app = crate::support::TestApp::with(&borrowed(&all)).await;
    let link = format!("http://{}/file.mp4", host.address);
    for (arguments, path) in [
        (&["recording", "list"][..], "/v1/recordings?backend=opentok"),
        (
            &["recording", "show", "rec1"],
            "/v1/recordings/rec1?backend=opentok",
        ),
        (
            &["recording", "wait", "rec1"],
            "/v1/recordings/rec1?backend=opentok",
        ),
    ] {
        let run = binary.run(&[arguments, &["--json"]].concat()).ok();
        assert!(!run.stdout.contains(&link), "{run:#?}");
        let (_, shown) = app.get(path).await;
        let shown = shown.get("items").unwrap_or(&shown);
        assert_eq!(run.json(), *shown, "both doors say the same");
    }
    let run = binary.run(&["recording", "url", "rec1"]).ok();
    assert!(run.stdout.contains(&link), "{run:#?}");
    // Clients of the original get what they always got.
    let (_, archive) = app.get("/archive/rec1").await;
    assert_eq!(archive["url"], link);
}
