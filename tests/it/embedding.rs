//! The room page in pages of other sites.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{Binary, TestApp};

const FRAMED: [(&str, &str); 2] = [
    ("sec-fetch-dest", "iframe"),
    ("sec-fetch-site", "cross-site"),
];

async fn with_a_room(variables: &[(&str, &str)]) -> TestApp {
    let app = TestApp::with(variables).await;
    let made = app.request(Method::POST, "/v1/rooms");
    let made = made.json(&json!({"name": "tea"})).send().await;
    assert_eq!(made.expect("an answer").status(), StatusCode::CREATED);
    app
}

/// How a room's page is answered to this, and whose pages its policy lets show it.
async fn asked(app: &TestApp, headers: &[(&str, &str)]) -> (StatusCode, String, String) {
    let request = app.request(Method::GET, "/r/tea");
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    let answer = request.send().await.expect("an answer");
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .expect("a text");
    let (_, ancestors) = policy.split_once("frame-ancestors ").expect("a directive");
    let ancestors = ancestors.to_owned();
    (
        answer.status(),
        ancestors,
        answer.text().await.expect("a text"),
    )
}

#[tokio::test]
async fn nobody_shows_the_page_unless_listed() {
    let app = with_a_room(&[]).await;
    let (status, ancestors, page) = asked(&app, &[]).await;
    assert_eq!((status, ancestors.as_str()), (StatusCode::OK, "'none'"));
    assert!(page.contains("data-embedders=\"\""));
    let (status, ancestors, told) = asked(&app, &FRAMED).await;
    assert_eq!(
        (status, ancestors.as_str()),
        (StatusCode::FORBIDDEN, "'none'")
    );
    assert!(told.contains("server.embed_origins"), "{told}");
}

#[tokio::test]
async fn listed_pages_show_it_and_no_others() {
    let listed = [(
        "TOK_SERVER__EMBED_ORIGINS",
        "HTTPS://App.Example:443,http://localhost:3000",
    )];
    let app = with_a_room(&listed).await;
    let all = "https://app.example http://localhost:3000";
    for referrer in ["https://app.example/", "http://localhost:3000/a?b"] {
        let by = [FRAMED[0], FRAMED[1], ("referer", referrer)];
        let (status, ancestors, page) = asked(&app, &by).await;
        assert_eq!((status, ancestors.as_str()), (StatusCode::OK, all));
        assert!(page.contains(&format!("data-embedders=\"{all}\"")));
    }
    for referrer in ["https://evil.example/", "http://localhost:3001/"] {
        let by = [FRAMED[0], FRAMED[1], ("referer", referrer)];
        let (status, ancestors, _) = asked(&app, &by).await;
        assert_eq!((status, ancestors.as_str()), (StatusCode::FORBIDDEN, all));
    }
    // To list a page lets it show rooms, and do nothing else.
    let call = app
        .request(Method::GET, "/v1/rooms")
        .header("origin", "https://app.example");
    let call = call.send().await.expect("an answer");
    assert_eq!(call.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_element_is_for_every_page() {
    let app = TestApp::start().await;
    let request = app
        .request(Method::GET, "/embed.js")
        .header("sec-fetch-site", "cross-site")
        .header("origin", "https://app.example");
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    for (name, value) in [
        ("content-type", "text/javascript; charset=utf-8"),
        ("access-control-allow-origin", "*"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(answer.headers()[name], value, "{name}");
    }
    let script = answer.text().await.expect("a text");
    assert!(script.len() < 8 * 1024 && script.contains("tok-room"));
}

#[test]
fn what_cannot_be_is_refused_and_what_is_odd_is_told() {
    for (value, told) in [
        ("*", "list each origin"),
        ("https://*.example.com", "patterns are not understood"),
        ("app.example", "is not an origin like"),
        ("http://[::1]:3000", "browsers do not understand"),
    ] {
        let binary = Binary::with(&[("TOK_SERVER__EMBED_ORIGINS", value)]);
        binary.run(&["config", "check"]).refused(10, told);
    }
    let odd = |variables: &[(&str, &str)]| {
        let binary = Binary::with(variables);
        binary.run(&["config", "check"]).ok().stderr
    };
    let told = odd(&[("TOK_SERVER__EMBED_ORIGINS", "http://app.example")]);
    assert!(told.contains("http://app.example is http"), "{told}");
    let told = odd(&[
        ("TOK_SERVER__EMBED_ORIGINS", "https://app.example"),
        ("TOK_SERVER__PUBLIC_URL", "http://meet.example"),
        ("TOK_AUTH__MODE", "keys"),
    ]);
    assert!(told.contains("set server.public_url to an https"), "{told}");
    let told = odd(&[(
        "TOK_SERVER__EMBED_ORIGINS",
        "http://localhost:3000,https://app.example",
    )]);
    assert!(!told.contains("embed_origins"), "{told}");
}
