//! However many people are in rooms, callers of the API and vendors are served.

use tok::commands::room;
use tok::model::health::{Depth, Health, Probe};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::edge::{KEYS, NO_PROXY, Raw, key, post};
use crate::passed_on::{connect, frame};
use crate::support::{PATIENCE, TestApp, borrowed};

const SECRET: &str = "a-secret-of-the-callbacks";

/// Reads until this is heard. What came until then.
async fn hears(raw: &mut Raw, part: &str) -> String {
    let mut told = Vec::new();
    let hearing = async {
        while !String::from_utf8_lossy(&told).contains(part) {
            let read = raw.0.read_buf(&mut told).await.expect("readable");
            assert!(
                read > 0,
                "it is cut off: {}",
                String::from_utf8_lossy(&told)
            );
        }
    };
    let heard = tokio::time::timeout(PATIENCE, hearing).await;
    heard.unwrap_or_else(|_| panic!("no {part}"));
    String::from_utf8_lossy(&told).into_owned()
}

/// Somebody comes in over a connection of their own, and stays.
async fn enter(app: &TestApp, n: u8) -> Raw {
    let mut raw = connect(app, n).await;
    hears(&mut raw, "40{").await;
    let event = format!(r#"421["join-room","hall","P{n}"]"#);
    let event = frame(0x81, event.len() as u64, event.as_bytes());
    raw.0.write_all(&event).await.expect("taken");
    let told = hears(&mut raw, "431[").await;
    assert!(told.contains(r#""success":true"#), "{told}");
    raw
}

/// Sends a request over a connection of its own, which stays open.
async fn ask(app: &TestApp, n: u8, request: &[u8]) -> (Raw, String) {
    let mut raw = Raw::from(app, [127, 0, 2, n]).await;
    raw.0.write_all(request).await.expect("taken");
    let (head, _) = raw.answer().await;
    (raw, head)
}

#[tokio::test(flavor = "multi_thread")]
async fn when_sockets_have_all_their_places_callers_and_vendors_are_served() {
    for (connections, sockets) in [(2, 1), (8, 7), (31, 30), (64, 62)] {
        let own = [
            ("TOK_SERVER__MAX_CONNECTIONS", connections.to_string()),
            ("TOK_HUNDRED_MS__WEBHOOK_SECRET", SECRET.to_owned()),
            // Nothing listens there, and nothing is asked.
            (
                "TOK_HUNDRED_MS__BASE_URL",
                "http://127.0.0.1:9/v2".to_owned(),
            ),
        ];
        let mut all = borrowed(&own);
        all.extend([
            KEYS,
            NO_PROXY,
            ("APP_ACCESS_KEY", "access"),
            ("APP_SECRET", "secret"),
        ]);
        let app = TestApp::with(&all).await;
        let secret = key(&app).await;
        let hall = room::create::Input {
            name: Some("hall".to_owned()),
            ..room::create::Input::default()
        };
        room::create::run(&app.context, hall).await.expect("a room");
        let mut inside = Vec::new();
        for n in 1..=sockets {
            inside.push(enter(&app, n).await);
        }
        let places = app.sockets.places.probe(Depth::Light).await;
        assert_eq!(
            places[0].health,
            Health::Fail,
            "{connections}: all are taken"
        );
        let socket = b"GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: localhost\r\n\r\n";
        let (_, refused) = ask(&app, 1, socket).await;
        assert!(
            refused.starts_with("http/1.1 503 "),
            "{connections}: {refused}"
        );
        let more = format!("X-Tok-Secret: {SECRET}\r\n");
        let body = br#"{"what": "ever"}"#;
        let mut callback = post("/webhooks/100ms", body.len(), &more);
        callback.extend_from_slice(body);
        let (_vendor, told) = ask(&app, 2, &callback).await;
        assert!(told.starts_with("http/1.1 200 "), "{connections}: {told}");
        let list = format!(
            "GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {secret}\r\n\r\n"
        );
        let (_caller, told) = ask(&app, 3, list.as_bytes()).await;
        assert!(told.starts_with("http/1.1 200 "), "{connections}: {told}");
        assert_eq!(inside.len(), usize::from(sockets));
    }
}
