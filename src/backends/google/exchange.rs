//! Access tokens for credentials out of files.
//! <https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token>

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use gcp_auth::CustomServiceAccount;
use jiff::Timestamp;
use reqwest::{RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::file::{External, FileCredential, Impersonation, Login, TokenPlace};
use super::{HeldToken, SCOPES};
use crate::backends::http_client::HttpClient;
use crate::error::{Error, Kind, Result};
use crate::model::backoff::Backoff;
use crate::model::file_name;

/// The most that is read of an answer, or of a file with a token.
const LARGEST: usize = 64 * 1024;
/// What every service account may be spoken for with.
const CLOUD: &str = "https://www.googleapis.com/auth/cloud-platform";
/// How long a token lives that does not say so, in seconds.
const USUAL_LIFE: i64 = 3600;
/// What is signed holds for as long at most, and clocks differ by seconds.
const SLACK: i64 = 5;
/// How often Google is asked for a token when the way there fails.
const TRIES: u32 = 4;
/// The delays between them.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(50), Duration::from_millis(400));

/// What a request needs of a service account's key, beside the key.
#[derive(Deserialize)]
struct KeyFile {
    client_email: String,
    token_uri: String,
}

/// A new token.
pub(super) async fn token(client: &HttpClient, credential: &FileCredential) -> Result<HeldToken> {
    match credential {
        FileCredential::Key(text) => by_key(client, text).await,
        FileCredential::Login(login) => renew(client, login).await,
        FileCredential::External(external) => {
            let own = exchange(client, external).await?;
            match &external.impersonation {
                Some(as_whom) => impersonate(client, as_whom, &own).await,
                None => Ok(own),
            }
        }
        FileCredential::Impersonated(own, as_whom) => {
            let own = Box::pin(token(client, own)).await?;
            impersonate(client, as_whom, &own).await
        }
    }
}

/// By a service account's key. The library signs; what Google says to a refusal only this request hears.
async fn by_key(client: &HttpClient, text: &SecretString) -> Result<HeldToken> {
    let unusable = || Error::config("google.credentials_file: its `private_key` cannot be used");
    let key = CustomServiceAccount::from_json(text.expose_secret()).map_err(|_| unusable())?;
    let file: KeyFile = serde_json::from_str(text.expose_secret()).map_err(|_| unusable())?;
    let now = Timestamp::now().as_second();
    let claims = json!({
        "iss": file.client_email, "aud": file.token_uri, "scope": SCOPES.join(" "),
        "iat": now, "exp": now + USUAL_LIFE - SLACK,
    });
    let parts = [json!({ "alg": "RS256", "typ": "JWT" }), claims];
    let signed = parts.map(|part| BASE64.encode(part.to_string())).join(".");
    let signature = key
        .signer()
        .sign(signed.as_bytes())
        .map_err(|_| unusable())?;
    let assertion: SecretString = format!("{signed}.{}", BASE64.encode(signature)).into();
    let ask = async || {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", assertion.expose_secret()),
        ];
        let request = client.ready()?.post(&file.token_uri).form(&form);
        let (status, text) = read(request, "the service account").await?;
        if status.is_success() {
            return serde_json::from_slice(&text).map_err(|_| no_token());
        }
        let said = serde_json::from_slice(&text).unwrap_or_default();
        Err(refused(status, &said))
    };
    let again = |error: &Error, delay| error.kind().is_temporary().then_some(delay);
    held(&BACKOFF.retry(TRIES, ask, again).await?)
}

/// That no token is given for a key, in Google's own words.
fn refused(status: StatusCode, said: &Value) -> Error {
    let sentence = sentence(said).map_or_else(String::new, |sentence| format!(": {sentence}"));
    let code = code(said).map_or_else(String::new, |code| format!(" {code}"));
    let said = format!("({}{code}{sentence})", status.as_u16());
    if is_passing(status) {
        return Error::bad_gateway(format!("Google gave no access token {said}"));
    }
    let message = format!("Google refused the credential: it gave no access token {said}");
    Error::new(Kind::Refused, message).advise(
        "the key was revoked, so make a new one for google.credentials_file, or this machine's clock is wrong",
    )
}

async fn renew(client: &HttpClient, login: &Login) -> Result<HeldToken> {
    let (id, secret) = &login.client;
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", id),
        ("client_secret", secret.expose_secret()),
        ("refresh_token", login.refresh_token.expose_secret()),
    ];
    let request = client.ready()?.post(login.url.clone()).form(&form);
    let advice = "log in again with gcloud auth application-default login";
    held(&answer(request, "the login", advice).await?)
}

async fn exchange(client: &HttpClient, external: &External) -> Result<HeldToken> {
    let subject = subject(client, external).await?;
    let scope = match external.impersonation {
        Some(_) => CLOUD.to_owned(),
        None => SCOPES.join(" "),
    };
    let mut form = vec![
        (
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ),
        (
            "requested_token_type",
            "urn:ietf:params:oauth:token-type:access_token",
        ),
        ("audience", &external.audience),
        ("scope", &scope),
        ("subject_token_type", &external.token_type),
        ("subject_token", subject.expose_secret()),
    ];
    let options = external.user_project.as_ref();
    let options = options.map(|project| json!({ "userProject": project }).to_string());
    form.extend(options.iter().map(|options| ("options", options.as_str())));
    let mut request = client.ready()?.post(external.url.clone()).form(&form);
    if let Some((id, secret)) = &external.client {
        request = request.basic_auth(id, Some(secret.expose_secret()));
    }
    let advice = "check the workload identity pool, its provider, and that the token is for them";
    held(&answer(request, "the external account", advice).await?)
}

/// The token of the other issuer.
async fn subject(client: &HttpClient, external: &External) -> Result<SecretString> {
    let text = match &external.source {
        TokenPlace::File(path) => tokio::fs::read_to_string(path).await.map_err(|error| {
            let path = file_name::shown(path, path);
            Error::new(
                Kind::Refused,
                format!("the token of the external account, {path}, cannot be read: {error}"),
            )
        })?,
        TokenPlace::Url(url, headers) => {
            let mut request = client.ready()?.get(url.clone());
            for (name, value) in headers {
                request = request.header(name, value);
            }
            text(
                request,
                "the place of the external account's token",
                "check `credential_source`",
            )
            .await?
        }
    };
    let none = |what: &str| {
        let what = format!("the token of the external account {what}; check `credential_source`");
        Error::new(Kind::Refused, what)
    };
    let token = match &external.field {
        Some(field) => {
            let read: Value = serde_json::from_str(&text).map_err(|_| none("is not in JSON"))?;
            let token = read.get(field).and_then(Value::as_str);
            token.ok_or_else(|| none("has not that field"))?.to_owned()
        }
        None => text.trim().to_owned(),
    };
    if token.is_empty() || token.len() > LARGEST {
        return Err(none("is empty or too long"));
    }
    Ok(token.into())
}

async fn impersonate(
    client: &HttpClient,
    as_whom: &Impersonation,
    own: &HeldToken,
) -> Result<HeldToken> {
    let body = json!({
        "scope": SCOPES, "delegates": as_whom.delegates,
        "lifetime": format!("{}s", as_whom.seconds),
    });
    let request = client.ready()?.post(as_whom.url.clone()).json(&body);
    let request = request.bearer_auth(own.token.expose_secret());
    let advice = "give whoever asks the role Service Account Token Creator on that service account";
    let answer = answer(request, "the service account to be impersonated", advice).await?;
    let token = answer["accessToken"].as_str().ok_or_else(no_token)?;
    let ends = answer["expireTime"]
        .as_str()
        .and_then(|text| text.parse::<Timestamp>().ok());
    Ok(HeldToken {
        token: token.into(),
        ends: ends.ok_or_else(no_token)?.as_second(),
    })
}

/// The token of an answer as OAuth has it.
pub(super) fn held(answer: &Value) -> Result<HeldToken> {
    let token = answer["access_token"].as_str();
    let token = token.filter(|token| !token.is_empty());
    let life = answer["expires_in"].as_i64().unwrap_or(USUAL_LIFE);
    Ok(HeldToken {
        token: token.ok_or_else(no_token)?.into(),
        ends: Timestamp::now().as_second().saturating_add(life),
    })
}

fn no_token() -> Error {
    Error::bad_gateway("what answered for Google gave no access token")
}

/// The JSON that answers a request.
pub(super) async fn answer(request: RequestBuilder, whom: &str, advice: &str) -> Result<Value> {
    let text = text(request, whom, advice).await?;
    serde_json::from_str(&text).map_err(|_| no_token())
}

async fn text(request: RequestBuilder, whom: &str, advice: &str) -> Result<String> {
    let (status, text) = read(request, whom).await?;
    if status.is_success() {
        return String::from_utf8(text).map_err(|_| no_token());
    }
    let said = serde_json::from_slice::<Value>(&text).unwrap_or_default();
    let code = code(&said).map_or_else(String::new, |code| format!(" {code}"));
    let message = format!(
        "no access token was given for {whom} ({}{code})",
        status.as_u16()
    );
    Err(if is_passing(status) {
        Error::bad_gateway(message)
    } else {
        Error::new(Kind::Refused, format!("{message}; {advice}"))
    })
}

/// What answers a request, whatever it says.
async fn read(request: RequestBuilder, whom: &str) -> Result<(StatusCode, Vec<u8>)> {
    let lost = |error: reqwest::Error| {
        let what = format!("no access token came for {whom}: the connection failed");
        Error::bad_gateway(what).because(error.without_url())
    };
    let mut response = request.send().await.map_err(lost)?;
    let status = response.status();
    let mut text = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(lost)? {
        text.extend_from_slice(&chunk);
        if text.len() > LARGEST {
            return Err(no_token());
        }
    }
    Ok((status, text))
}

/// Whether it is worth asking again.
fn is_passing(status: StatusCode) -> bool {
    status.is_server_error() || status.as_u16() == 429
}

/// The word by which a refusal is known; its sentence may repeat what was sent.
fn code(said: &Value) -> Option<&str> {
    let word = said["error"]
        .as_str()
        .or_else(|| said["error"]["status"].as_str());
    let plain = |c: char| c.is_ascii_alphabetic() || c == '_';
    word.filter(|word| word.len() <= 64 && word.chars().all(plain))
}

/// The sentence of a refusal, if it repeats nothing that was sent: that is longer than any word.
fn sentence(said: &Value) -> Option<&str> {
    let text = said["error_description"].as_str()?.trim();
    let is_short = text.len() <= 300 && text.split_whitespace().all(|word| word.len() <= 64);
    let is_plain = !text.is_empty() && !text.contains(char::is_control);
    (is_short && is_plain).then_some(text)
}
