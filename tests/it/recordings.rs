//! Recordings and sessions natively, through the binary and over Daily and OpenTok.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::support::opentok::{self, FakeOpentok};
use crate::support::{Binary, FakeDaily, PATIENCE, TestApp, borrowed, daily_variables};
use crate::vendor::Trouble;

/// A host of files that breaks off in the middle of its first answers.
struct Host {
    content: Vec<u8>,
    cuts: AtomicUsize,
    ranges: AtomicUsize,
}

async fn host(content: &[u8], cuts: usize) -> (SocketAddr, Arc<Host>) {
    let host = Arc::new(Host {
        content: content.to_vec(),
        cuts: AtomicUsize::new(cuts),
        ranges: AtomicUsize::new(0),
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new().fallback(file).with_state(host.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
    (address, host)
}

async fn file(State(host): State<Arc<Host>>, headers: HeaderMap) -> Response {
    let all = host.content.len();
    let from: usize = headers
        .get("range")
        .and_then(|range| range.to_str().ok())
        .and_then(|range| {
            range
                .strip_prefix("bytes=")?
                .strip_suffix('-')?
                .parse()
                .ok()
        })
        .unwrap_or(0);
    if from >= all {
        return StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    }
    let rest = host.content[from..].to_vec();
    let length = rest.len().to_string();
    let less = |cuts: usize| cuts.checked_sub(1);
    let cut = host
        .cuts
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
        .is_ok();
    let body = if cut {
        let half = rest[..rest.len() / 2].to_vec();
        let parts = [Ok(half), Err(std::io::Error::other("cut"))];
        Body::from_stream(futures_util::stream::iter(parts))
    } else {
        Body::from(rest)
    };
    if from > 0 {
        host.ranges.fetch_add(1, Ordering::SeqCst);
        let range = format!("bytes {from}-{}/{all}", all - 1);
        let head = [("content-length", length), ("content-range", range)];
        return (StatusCode::PARTIAL_CONTENT, head, body).into_response();
    }
    ([("content-length", length)], body).into_response()
}

/// A project with a finished archive whose file lies at `host`.
async fn archived(host: SocketAddr, size: usize) -> FakeOpentok {
    let fake = opentok::start().await;
    fake.with(|vendor| {
        for (number, days) in [(0, 40), (1, 1)] {
            let at = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * days);
            vendor.archives.push(json!({
                "id": format!("archive-{number}"), "status": "available", "name": "standup",
                "sessionId": "s", "createdAt": at.as_millisecond(), "duration": 61,
                "size": size, "url": format!("http://{host}/file.mp4?sig=secret"),
            }));
        }
    });
    fake
}

fn binary(fake: &FakeOpentok) -> Binary {
    binary_with(fake, &[])
}

fn binary_with(fake: &FakeOpentok, more: &[(&str, &str)]) -> Binary {
    let own = opentok::variables(fake);
    let mut all = borrowed(&own);
    all.push(("TOK_ROOMS__BACKEND", "opentok"));
    all.extend_from_slice(more);
    Binary::with(&all)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_download_that_breaks_off_goes_on_and_its_length_is_checked() {
    // More than the buffers of a connection hold, so that some arrives before it breaks off.
    let content: Vec<u8> = (0..4_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let (address, host) = host(&content, 2).await;
    let fake = archived(address, content.len()).await;
    let binary = binary(&fake);
    let run = binary
        .run(&["recording", "download", "archive-0", "--json"])
        .ok();
    assert_eq!(run.json()["size"], content.len());
    assert!(!run.stderr.contains("secret"), "the link is a secret");
    let path = binary.dir().join("archive-0.mp4");
    assert_eq!(std::fs::read(&path).expect("a file"), content);
    assert!(host.ranges.load(Ordering::SeqCst) >= 1, "it was resumed");
    binary
        .run(&["recording", "download", "archive-0"])
        .refused(4, "exists already");

    // A part from an earlier run is continued; one that is too long is of another file.
    let resumed = |name: &str, part: &[u8]| {
        let path = binary.dir().join(name);
        let mut file =
            std::fs::File::create(format!("{}.archive-0.part", path.display())).expect("a file");
        file.write_all(part).expect("written");
        let run = binary.run(&["recording", "download", "archive-0", "--to", name, "--json"]);
        let run = run.ok();
        assert_eq!(std::fs::read(&path).expect("a file"), content, "{name}");
        run.json()["resumed"].as_u64().expect("a number")
    };
    assert_eq!(resumed("half.mp4", &content[..1000]), 1000);
    assert_eq!(resumed("whole.mp4", &content), content.len() as u64);
    resumed("longer.mp4", &[content.clone(), vec![0; 10]].concat());
    fake.verify();
}

/// The server makes the links; the file comes from its host, broken off or not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_download_over_a_server_goes_on_as_well() {
    let content: Vec<u8> = (0..4_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let (address, host) = host(&content, 2).await;
    let fake = archived(address, content.len()).await;
    let served = binary(&fake).serve();
    let laptop = Binary::with(&[("TOK_SERVER", &served.url)]);
    let run = laptop
        .run(&["recording", "download", "archive-0", "--json"])
        .ok();
    assert_eq!(run.json()["size"], content.len());
    assert!(!run.stderr.contains("secret"), "the link is a secret");
    let path = laptop.dir().join("archive-0.mp4");
    assert_eq!(std::fs::read(&path).expect("a file"), content);
    assert!(host.ranges.load(Ordering::SeqCst) >= 1, "it was resumed");
    laptop
        .run(&["recording", "download", "nope"])
        .refused(3, "no recording");
    let half = laptop.dir().join("half.mp4.archive-0.part");
    std::fs::write(half, &content[..1000]).expect("written");
    let go_on = [
        "recording",
        "download",
        "archive-0",
        "--to",
        "half.mp4",
        "--json",
    ];
    assert_eq!(laptop.run(&go_on).ok().json()["resumed"], 1000);
    fake.verify();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_the_wrong_length_is_not_taken() {
    let (address, _) = host(b"short", 0).await;
    let fake = opentok::start().await;
    fake.with(|vendor| {
        vendor.archives.push(json!({
            "id": "a", "status": "available", "name": "x", "sessionId": "s", "createdAt": 1,
            "size": 10, "url": format!("http://{address}/x"),
        }));
    });
    let binary = binary(&fake);
    binary
        .run(&["recording", "download", "a"])
        .refused(6, "sends 5 bytes, and the recording has 10");
    fake.with(|vendor| vendor.archives[0]["size"] = json!(5));
    binary.run(&["recording", "download", "a"]).ok();
    fake.with(|vendor| vendor.archives[0]["status"] = json!("started"));
    binary
        .run(&["recording", "download", "a", "--to", "b.mp4"])
        .refused(4, "has no file to fetch");
    // One look is taken all the same; on a busy machine it may be too slow for that.
    let looked = crate::releases::eventually("it takes a look", || {
        let run = binary.run(&["recording", "wait", "a", "--timeout", "1ms"]);
        (!run.stderr.contains("nobody told in time")).then_some(run)
    });
    looked.refused(6, "is still recording");
    fake.with(|vendor| vendor.archives[0]["status"] = json!("failed"));
    binary
        .run(&["recording", "wait", "a"])
        .refused(4, "is failed");
    fake.with(|vendor| vendor.archives[0]["status"] = json!("available"));
    binary.run(&["recording", "wait", "a"]).ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_recordings_are_pruned_after_a_question() {
    let (address, _) = host(b"file", 0).await;
    let fake = archived(address, 4).await;
    let binary = binary(&fake);
    let prune = ["recording", "prune", "--older-than", "30d"];
    let with = |more: &[&'static str]| [&prune, more].concat();
    // Of one that has no file any more there is nothing to delete.
    fake.with(|vendor| {
        let mut expired = vendor.archives[0].clone();
        (expired["id"], expired["status"]) = (json!("expired"), json!("expired"));
        vendor.archives.push(expired);
    });
    let plan = binary.run(&with(&["-n", "--json"])).ok().json();
    assert_eq!(
        plan["recordings"].as_array().map(Vec::len),
        Some(1),
        "{plan}"
    );
    assert_eq!(plan["size"], 4);
    binary.run(&prune).refused(9, "--yes");
    binary.run(&with(&["--max-delete", "1", "-n"])).ok();
    fake.with(|vendor| {
        let mut another = vendor.archives[0].clone();
        another["id"] = json!("archive-2");
        vendor.archives.insert(0, another);
    });
    binary
        .run(&with(&["--max-delete", "1", "--yes"]))
        .refused(13, "nothing was deleted");
    let report = binary.run(&with(&["--yes", "--json"])).ok().json();
    assert_eq!(
        (&report["deleted"], &report["failed"]),
        (&json!(2), &json!(0))
    );
    let list = binary.run(&["recording", "list", "-o", "name"]).ok();
    assert_eq!(list.stdout, "expired\narchive-1\n");
    binary
        .run(&["recording", "show", "nope"])
        .refused(3, "there is no recording `nope`");
    binary
        .run(&["recording", "show", "../x"])
        .refused(3, "there is no recording");
    fake.verify();
}

#[tokio::test]
async fn daily_rooms_are_recorded_and_their_meetings_told() {
    let daily = FakeDaily::start().await;
    let url = daily.url();
    let app = TestApp::with(&daily_variables(&url)).await;
    app.post("/v1/rooms", json!({ "name": "standup" })).await;
    let (status, recording) = app
        .post("/v1/recordings", json!({ "room": "standup" }))
        .await;
    assert_eq!(status, StatusCode::CREATED, "{recording}");
    assert_eq!(recording["status"], "recording");
    let (status, _) = app
        .post("/v1/recordings", json!({ "room": "standup" }))
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    let id = recording["id"].as_str().expect("an id").to_owned();
    let (status, stopped) = app
        .post(&format!("/v1/recordings/{id}/stop"), json!({}))
        .await;
    assert_eq!(
        (status, &stopped["status"]),
        (StatusCode::OK, &json!("ready")),
        "{stopped}"
    );
    let (status, _) = app
        .post(&format!("/v1/recordings/{id}/stop"), json!({}))
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    // Another recording of the room is not stopped in its place.
    let (_, second) = app
        .post("/v1/recordings", json!({ "room": "standup" }))
        .await;
    let stop = format!("/v1/recordings/{id}/stop");
    assert_eq!(app.post(&stop, json!({})).await.0, StatusCode::CONFLICT);
    let second = second["id"].as_str().expect("an id");
    let (_, running) = app.get(&format!("/v1/recordings/{second}")).await;
    assert_eq!(running["status"], "recording");
    let (_, link) = app.get(&format!("/v1/recordings/{id}/url")).await;
    assert!(
        link["url"]
            .as_str()
            .is_some_and(|url| url.starts_with("https://")),
        "{link}"
    );
    let (status, gone) = app.delete(&format!("/v1/recordings/{id}")).await;
    assert_eq!((status, &gone["id"]), (StatusCode::OK, &json!(id)));
    assert_eq!(
        app.get(&format!("/v1/recordings/{id}")).await.0,
        StatusCode::NOT_FOUND
    );

    daily.add_meeting("standup", 3);
    daily.add_meeting("standup", 1);
    let (_, sessions) = app.get("/v1/sessions?room=standup&limit=1").await;
    assert_eq!(sessions["items"][0]["id"], "meeting-1", "{sessions}");
    let (_, found) = app.get("/v1/rooms/standup/attendance?every=true").await;
    let items = found["items"].as_array().expect("a list");
    assert_eq!(items.len(), 2);
    assert_eq!(items[0]["duration_ms"], 600_000);
    let (status, one) = app
        .get("/v1/rooms/standup/attendance?session=meeting-0")
        .await;
    assert_eq!(
        (status, &one["items"][0]["session_id"]),
        (StatusCode::OK, &json!("meeting-0"))
    );
    let (status, _) = app.get("/v1/rooms/other/attendance").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    daily.verify();
}

#[tokio::test]
async fn local_rooms_record_nothing_and_say_so() {
    let app = TestApp::start().await;
    app.post("/v1/rooms", json!({ "name": "home" })).await;
    let (status, problem) = app.post("/v1/recordings", json!({ "room": "home" })).await;
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED, "{problem}");
    assert_eq!(app.get("/v1/sessions").await.1["items"], json!([]));
    for body in [json!({}), json!({ "room": "a", "session_id": "b" })] {
        let (status, _) = app.post("/v1/recordings", body).await;
        assert_eq!(status, StatusCode::NOT_IMPLEMENTED);
    }
}

/// The vendor's slowness takes of the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_ends_in_time_whatever_the_vendor_does() {
    let fake = opentok::start().await;
    for _ in 0..20 {
        fake.trouble("GET", Trouble::Slow(Duration::from_secs(5)));
    }
    let binary = binary_with(&fake, &[("TOK_OPENTOK__TIMEOUT", "1s")]);
    let began = Instant::now();
    let run = binary.run(&["recording", "wait", "a", "--timeout", "2s"]);
    run.refused(6, "nobody told in time");
    assert!(began.elapsed() < PATIENCE, "{:?}", began.elapsed());
}
