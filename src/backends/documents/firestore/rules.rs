//! Whether the security rules of a database keep the app's users out of what is ours: a web client that
//! can read `tok_secrets` makes join tokens, and one that can write `tok_keys` makes keys.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{RequestBuilder, StatusCode};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::backends::http_client::HttpClient;
use crate::model::health::{Depth, Finding, Health, Probe};
use crate::records::SECRETS;

/// How the check is called.
const CHECK: &str = "firestore rules";
/// What an app's user must not read, of [`SECRETS`].
const SECRET: &str = "join_tokens";
const ADVICE: &str =
    "deny tok_* to all clients, as deploy/firestore.rules does, or give tok a database of its own";

/// Which database, and who app's users are.
pub struct FirestoreRulesSettings {
    /// The Google Cloud project.
    pub project: String,
    /// The database in it.
    pub database: String,
    /// `https://firestore.googleapis.com`
    pub base_url: Url,
    /// Where users of the app sign in: `https://identitytoolkit.googleapis.com`
    pub identity_url: Url,
    /// The app's key for browsers, if users may be tried.
    pub web_api_key: Option<String>,
    /// Longest time for one call.
    pub timeout: Duration,
}

/// Asks for a secret as a stranger, and as a user of the app.
pub struct FirestoreRules {
    settings: FirestoreRulesSettings,
    client: HttpClient,
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tried {
    Denied,
    Allowed,
    /// Nobody can say.
    Unclear,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignedUp {
    id_token: String,
}

impl FirestoreRules {
    /// Nothing is sent yet.
    pub fn new(settings: FirestoreRulesSettings) -> Self {
        let timeout = settings.timeout;
        let client = HttpClient::new(move |client| {
            client
                .redirect(reqwest::redirect::Policy::none())
                .timeout(timeout)
        });
        Self { settings, client }
    }

    fn secret(&self) -> Option<Url> {
        let mut url = self.settings.base_url.clone();
        let (project, database) = (&self.settings.project, &self.settings.database);
        let path = [
            "v1",
            "projects",
            project,
            "databases",
            database,
            "documents",
        ];
        let mut segments = url.path_segments_mut().ok()?;
        segments
            .pop_if_empty()
            .extend(path)
            .extend([SECRETS.name(), SECRET]);
        drop(segments);
        Some(url)
    }

    fn identity(&self, verb: &str, key: &str) -> Url {
        let mut url = self.settings.identity_url.clone();
        url.set_path(&format!("/v1/accounts:{verb}"));
        url.query_pairs_mut().append_pair("key", key);
        url
    }

    /// Reads the secret with nothing, or with the token of a user.
    async fn read(&self, user: Option<&str>) -> Tried {
        let (Some(url), Ok(client)) = (self.secret(), self.client.ready()) else {
            return Tried::Unclear;
        };
        let mut request = client.get(url);
        if let Some(token) = user {
            request = request.bearer_auth(token);
        }
        match request.send().await {
            Ok(answer) => judged(answer.status()),
            Err(error) => {
                tracing::debug!(error = %error.without_url(), "the rules could not be tried");
                Tried::Unclear
            }
        }
    }

    /// The same as somebody who signed up just now, if anybody may, and who is gone again afterwards.
    async fn read_signed_up(&self, key: &str) -> Option<Tried> {
        let client = self.client.ready().ok()?;
        let sign_up = client.post(self.identity("signUp", key));
        let user: SignedUp = answered(sign_up.json(&json!({ "returnSecureToken": true }))).await?;
        let tried = self.read(Some(&user.id_token)).await;
        let gone = client.post(self.identity("delete", key));
        let gone = gone.json(&json!({ "idToken": user.id_token })).send().await;
        if !gone.is_ok_and(|answer| answer.status().is_success()) {
            tracing::warn!("the user that tried the rules of Firestore could not be deleted");
        }
        Some(tried)
    }
}

async fn answered<T: serde::de::DeserializeOwned>(request: RequestBuilder) -> Option<T> {
    let answer = request.send().await.ok()?;
    answer.error_for_status().ok()?.json().await.ok()
}

/// Where rules deny, it is not told whether there is such a document.
fn judged(status: StatusCode) -> Tried {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Tried::Denied,
        StatusCode::OK | StatusCode::NOT_FOUND => Tried::Allowed,
        _ => Tried::Unclear,
    }
}

fn open_to(whom: &str) -> Vec<Finding> {
    let message = format!("{whom} can read tok_secrets, and with it make join tokens");
    vec![Finding::bad(CHECK, Health::Fail, message, ADVICE)]
}

#[async_trait]
impl Probe for FirestoreRules {
    async fn probe(&self, depth: Depth) -> Vec<Finding> {
        if depth == Depth::Light {
            return Vec::new();
        }
        let stranger = self.read(None).await;
        if stranger == Tried::Allowed {
            return open_to("everybody");
        }
        let user = match &self.settings.web_api_key {
            Some(key) => self.read_signed_up(key).await,
            None => None,
        };
        match (stranger, user) {
            (_, Some(Tried::Allowed)) => open_to("whoever signs up for the app"),
            (Tried::Denied, Some(Tried::Denied)) => {
                let message = "neither strangers nor users of the app can read tok_secrets";
                vec![Finding::ok(CHECK, message)]
            }
            (Tried::Denied, None) if self.settings.web_api_key.is_none() => {
                let message = "strangers cannot read tok_secrets; set firestore.web_api_key to try users of the app too";
                vec![Finding::ok(CHECK, message)]
            }
            (Tried::Denied, None) => {
                let message = "strangers cannot read tok_secrets; nobody signs up without a name, so that users of the app could not be tried";
                vec![Finding::ok(CHECK, message)]
            }
            _ => {
                let message = "it could not be tried whether others can read tok_secrets";
                vec![Finding::bad(CHECK, Health::Warn, message, ADVICE)]
            }
        }
    }
}
