//! Whether doctor notices that users of the app can read what is ours in its database.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::json;
use tok::backends::documents::{FirestoreRules, FirestoreRulesSettings};
use tok::model::health::{Depth, Finding, Health, Probe};

/// How Google answers a stranger, a user, and who signs up.
#[derive(Clone, Copy)]
struct Rules {
    stranger: u16,
    user: u16,
    sign_up: u16,
}

#[derive(Clone)]
struct Google {
    rules: Rules,
    asked: Arc<Mutex<Vec<String>>>,
}

async fn answer(State(google): State<Google>, uri: Uri, headers: HeaderMap) -> Response {
    let asked = uri.to_string();
    google
        .asked
        .lock()
        .expect("not poisoned")
        .push(asked.clone());
    let status = |code| StatusCode::from_u16(code).expect("a status");
    if asked == "/v1/projects/demo/databases/(default)/documents/tok_secrets/join_tokens" {
        let told = match headers
            .get("authorization")
            .map(axum::http::HeaderValue::as_bytes)
        {
            None => google.rules.stranger,
            Some(b"Bearer of-a-user") => google.rules.user,
            Some(_) => 400,
        };
        return status(told).into_response();
    }
    match asked.as_str() {
        "/v1/accounts:signUp?key=web-key" => {
            let user = Json(json!({ "idToken": "of-a-user", "localId": "1" }));
            (status(google.rules.sign_up), user).into_response()
        }
        "/v1/accounts:delete?key=web-key" => Json(json!({})).into_response(),
        _ => StatusCode::IM_A_TEAPOT.into_response(),
    }
}

async fn found(rules: Rules, key: Option<&str>) -> (Finding, Vec<String>) {
    let google = Google {
        rules,
        asked: Arc::default(),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let router = Router::new().fallback(answer).with_state(google.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
    let url: url::Url = url.parse().expect("an address");
    let probe = FirestoreRules::new(FirestoreRulesSettings {
        project: "demo".to_owned(),
        database: "(default)".to_owned(),
        base_url: url.clone(),
        identity_url: url,
        web_api_key: key.map(str::to_owned),
        timeout: Duration::from_secs(5),
    });
    assert!(probe.probe(Depth::Light).await.is_empty());
    let mut found = probe.probe(Depth::Full).await;
    assert_eq!(found.len(), 1, "{found:?}");
    let asked = google.asked.lock().expect("not poisoned").clone();
    assert!(asked.iter().all(|uri| !uri.contains("teapot")));
    (found.remove(0), asked)
}

#[tokio::test]
async fn a_database_that_others_can_read_is_told() {
    let closed = Rules {
        stranger: 403,
        user: 403,
        sign_up: 200,
    };
    for (rules, key, health, words) in [
        (closed, None, Health::Ok, "web_api_key"),
        (closed, Some("web-key"), Health::Ok, "nor users"),
        (
            Rules {
                stranger: 401,
                ..closed
            },
            None,
            Health::Ok,
            "strangers",
        ),
        (
            Rules {
                stranger: 200,
                ..closed
            },
            None,
            Health::Fail,
            "everybody",
        ),
        // Who may look is told that there is nothing yet.
        (
            Rules {
                stranger: 404,
                ..closed
            },
            None,
            Health::Fail,
            "everybody",
        ),
        (
            Rules {
                user: 200,
                ..closed
            },
            None,
            Health::Ok,
            "strangers",
        ),
        (
            Rules {
                user: 200,
                ..closed
            },
            Some("web-key"),
            Health::Fail,
            "signs up",
        ),
        (
            Rules {
                user: 404,
                ..closed
            },
            Some("web-key"),
            Health::Fail,
            "signs up",
        ),
        (
            Rules {
                sign_up: 400,
                ..closed
            },
            Some("web-key"),
            Health::Ok,
            "nobody signs up",
        ),
        (
            Rules {
                stranger: 500,
                ..closed
            },
            None,
            Health::Warn,
            "could not",
        ),
        (
            Rules {
                stranger: 302,
                ..closed
            },
            None,
            Health::Warn,
            "could not",
        ),
    ] {
        let (found, asked) = found(rules, key).await;
        assert_eq!(found.health, health, "{found:?}");
        let told = format!("{} {}", found.message, found.advice.unwrap_or_default());
        assert!(told.contains(words), "{told}");
        // Who was made for it is gone again.
        let made = asked.iter().any(|uri| uri.contains("signUp")) && rules.sign_up == 200;
        assert_eq!(
            asked.iter().any(|uri| uri.contains("accounts:delete")),
            made,
            "{asked:?}"
        );
    }
}
