//! Files with credentials, of each type that Google's own tools write.
//! <https://cloud.google.com/docs/authentication/application-default-credentials>

use std::path::PathBuf;

use secrecy::SecretString;
use serde_json::{Map, Value};
use url::Url;

use crate::model::loopback::is_loopback;

/// Where logins are renewed if their file does not say.
const LOGIN_URL: &str = "https://oauth2.googleapis.com/token";
/// What to name instead of a file that is of no use.
const INSTEAD: &str = "name the JSON key of a service account, or a file that gcloud writes for applications (gcloud auth application-default login, gcloud iam workload-identity-pools create-cred-config)";

/// What stands in a file, or what is wrong with it, as the end of a sentence about the file.
type Read<T> = Result<T, String>;

/// A credential and the project that its file names.
pub(super) struct CredentialFile {
    pub(super) project: Option<String>,
    pub(super) credential: FileCredential,
}

/// What proves who asks.
pub(super) enum FileCredential {
    /// A service account's key, as the text of its file.
    Key(SecretString),
    /// Somebody's login, to be renewed.
    Login(Login),
    /// A token of somebody else's, to be exchanged.
    External(Box<External>),
    /// Another credential, which may speak for a service account.
    Impersonated(Box<Self>, Impersonation),
}

/// Somebody's login.
pub(super) struct Login {
    pub(super) url: Url,
    pub(super) client: (String, SecretString),
    pub(super) refresh_token: SecretString,
}

/// A workload or a person known to another issuer.
pub(super) struct External {
    pub(super) url: Url,
    pub(super) audience: String,
    pub(super) token_type: String,
    pub(super) source: TokenPlace,
    /// The field of JSON in which the token stands; otherwise it is all there is.
    pub(super) field: Option<String>,
    pub(super) client: Option<(String, SecretString)>,
    pub(super) user_project: Option<String>,
    pub(super) impersonation: Option<Impersonation>,
}

/// Where the token of the other issuer is found, each time anew.
pub(super) enum TokenPlace {
    File(PathBuf),
    Url(Url, Vec<(String, String)>),
}

/// The service account that is spoken for.
pub(super) struct Impersonation {
    pub(super) url: Url,
    pub(super) delegates: Vec<String>,
    pub(super) seconds: u64,
}

/// Reads the text of a file.
pub(super) fn parse(text: &str) -> Read<CredentialFile> {
    // What exactly is wrong in it is not told: that may be a part of a secret.
    let fields: Map<String, Value> = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|_| format!("is not the JSON of a credential; {INSTEAD}"))?;
    let mut names = ["project_id", "quota_project_id"].iter();
    let project = names.find_map(|name| fields.get(*name)?.as_str());
    Ok(CredentialFile {
        project: project.map(str::to_owned),
        credential: credential(&fields)?,
    })
}

fn credential(fields: &Map<String, Value>) -> Read<FileCredential> {
    let Some(kind) = fields.get("type").and_then(Value::as_str) else {
        return Err(untyped(fields));
    };
    let of = |what: String| format!("is of the type `{kind}` and {what}");
    match kind {
        "service_account" => key(fields).map_err(of),
        "authorized_user" => login(fields, "token_uri", Some(LOGIN_URL))
            .map(FileCredential::Login)
            .map_err(of),
        "external_account_authorized_user" => login(fields, "token_url", None)
            .map(FileCredential::Login)
            .map_err(of),
        "external_account" => external(fields)
            .map(|external| FileCredential::External(Box::new(external)))
            .map_err(of),
        "impersonated_service_account" => impersonated(fields).map_err(of),
        "gdch_service_account" => Err(of(format!(
            "is for clouds without a connection to Google only; {INSTEAD}"
        ))),
        _ if is_word(kind) => Err(of(format!("tok does not know that type; {INSTEAD}"))),
        _ => Err(format!("says no known `type`; {INSTEAD}")),
    }
}

/// Files that people take for a credential because they come from the same console.
fn untyped(fields: &Map<String, Value>) -> String {
    let has = |name: &str| fields.contains_key(name);
    let what = if has("installed") || has("web") {
        "is the client of an OAuth consent screen, which by itself proves nothing"
    } else if has("project_info") {
        "is an app's google-services.json"
    } else if has("apiKey") {
        "is the configuration of a web app"
    } else {
        "has no `type`, and so is not the JSON key of a service account"
    };
    format!("{what}; {INSTEAD}")
}

fn key(fields: &Map<String, Value>) -> Read<FileCredential> {
    for name in ["client_email", "private_key", "token_uri"] {
        word(fields, name)?;
    }
    address(fields, "token_uri")?;
    // Who passed it through a variable of the environment has its line breaks escaped twice.
    let lines = word(fields, "private_key")?.replace("\\n", "\n");
    let mut fields = fields.clone();
    fields.insert("private_key".to_owned(), Value::from(lines));
    let text = Value::from(fields).to_string();
    gcp_auth::CustomServiceAccount::from_json(&text).map_err(|_| {
        "its `private_key` cannot be used; download the key once more, as JSON".to_owned()
    })?;
    Ok(FileCredential::Key(text.into()))
}

fn login(fields: &Map<String, Value>, url: &str, usual: Option<&str>) -> Read<Login> {
    let url = match usual.filter(|_| !fields.contains_key(url)) {
        Some(usual) => Url::parse(usual).map_err(|_| "names no address".to_owned())?,
        None => address(fields, url)?,
    };
    Ok(Login {
        url,
        client: (
            word(fields, "client_id")?.to_owned(),
            word(fields, "client_secret")?.into(),
        ),
        refresh_token: word(fields, "refresh_token")?.into(),
    })
}

fn external(fields: &Map<String, Value>) -> Read<External> {
    let source = fields.get("credential_source").and_then(Value::as_object);
    let source = source.ok_or("has no `credential_source`")?;
    let place = place(source)?;
    let format = source.get("format").and_then(Value::as_object);
    let is_json = format.and_then(|format| format.get("type")?.as_str()) == Some("json");
    let field = match format.filter(|_| is_json) {
        Some(format) => Some(word(format, "subject_token_field_name")?.to_owned()),
        None => None,
    };
    let client = fields.get("client_id").and_then(Value::as_str);
    let secret = fields.get("client_secret").and_then(Value::as_str);
    let project = fields.get("workforce_pool_user_project");
    let account = "service_account_impersonation_url";
    let impersonation = match fields.get(account) {
        Some(_) => Some(Impersonation {
            url: address(fields, account)?,
            delegates: Vec::new(),
            seconds: lifetime(fields),
        }),
        None => None,
    };
    Ok(External {
        url: address(fields, "token_url")?,
        audience: word(fields, "audience")?.to_owned(),
        token_type: word(fields, "subject_token_type")?.to_owned(),
        source: place,
        field,
        client: client.map(|id| (id.to_owned(), secret.unwrap_or_default().into())),
        user_project: project.and_then(Value::as_str).map(str::to_owned),
        impersonation,
    })
}

fn place(source: &Map<String, Value>) -> Read<TokenPlace> {
    for (name, what) in [
        ("environment_id", "takes its token from AWS"),
        ("executable", "takes its token from a program"),
        ("certificate", "takes its token by a certificate"),
    ] {
        if source.contains_key(name) {
            return Err(format!(
                "{what} (`credential_source.{name}`), which tok cannot; use a token in a file or at a URL, or the key of a service account"
            ));
        }
    }
    if let Some(file) = source.get("file").and_then(Value::as_str) {
        return Ok(TokenPlace::File(PathBuf::from(file)));
    }
    let url = source.get("url").and_then(Value::as_str);
    let url = url.and_then(|url| Url::parse(url).ok());
    let url = url.ok_or("its `credential_source` has neither a `file` nor a `url`")?;
    let headers = source.get("headers").and_then(Value::as_object);
    let headers = headers.into_iter().flatten();
    let headers = headers
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect();
    Ok(TokenPlace::Url(url, headers))
}

fn impersonated(fields: &Map<String, Value>) -> Read<FileCredential> {
    let source = fields.get("source_credentials").and_then(Value::as_object);
    let source = source.ok_or("has no `source_credentials`")?;
    if source.get("type").and_then(Value::as_str) == Some("impersonated_service_account") {
        return Err("its `source_credentials` are impersonated themselves; use `delegates`".into());
    }
    let own = credential(source).map_err(|what| format!("its `source_credentials` {what}"))?;
    let delegates = fields.get("delegates").and_then(Value::as_array);
    let delegates = delegates.into_iter().flatten();
    let delegates = delegates.filter_map(|name| name.as_str().map(str::to_owned));
    let as_whom = Impersonation {
        url: address(fields, "service_account_impersonation_url")?,
        delegates: delegates.collect(),
        seconds: lifetime(fields),
    };
    Ok(FileCredential::Impersonated(Box::new(own), as_whom))
}

/// How long a token for a service account is to live, in seconds.
fn lifetime(fields: &Map<String, Value>) -> u64 {
    const HOUR: u64 = 3600;
    let wanted = fields.get("service_account_impersonation");
    let wanted = wanted.and_then(|wanted| wanted.get("token_lifetime_seconds"));
    wanted.and_then(Value::as_u64).unwrap_or(HOUR)
}

fn word<'a>(fields: &'a Map<String, Value>, name: &str) -> Read<&'a str> {
    let word = fields.get(name).and_then(Value::as_str);
    let word = word.filter(|word| !word.trim().is_empty());
    word.ok_or_else(|| format!("has no `{name}`"))
}

/// An address that gets a secret.
fn address(fields: &Map<String, Value>, name: &str) -> Read<Url> {
    let url = Url::parse(word(fields, name)?);
    let url = url.map_err(|_| format!("its `{name}` is no address"))?;
    if url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)) {
        return Ok(url);
    }
    Err(format!("its `{name}` is not https"))
}

fn is_word(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c == '_';
    text.len() <= 48 && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_of_no_use_is_named() {
        let source = |source: Value| {
            json!({
                "type": "external_account", "audience": "//iam", "subject_token_type": "jwt",
                "token_url": "https://sts.googleapis.com/v1/token", "credential_source": source,
            })
        };
        let login = json!({
            "type": "authorized_user", "client_id": "id", "client_secret": "SECRET",
        });
        for (file, parts) in [
            (json!("SECRET"), &["not the JSON"][..]),
            (json!(["SECRET"]), &["not the JSON"]),
            (json!({ "private_key": "SECRET" }), &["has no `type`"]),
            (json!({ "type": "SECRET key" }), &["no known `type`"]),
            (json!({ "type": 7, "x": "SECRET" }), &["has no `type`"]),
            (
                json!({ "type": "martian" }),
                &["`martian`", "does not know"],
            ),
            (
                json!({ "type": "gdch_service_account" }),
                &["`gdch_service_account`"],
            ),
            (
                json!({ "installed": { "client_secret": "SECRET" } }),
                &["OAuth consent"],
            ),
            (json!({ "web": {} }), &["OAuth consent"]),
            (json!({ "project_info": {} }), &["google-services.json"]),
            (json!({ "apiKey": "SECRET" }), &["web app"]),
            (json!({ "type": "service_account" }), &["`client_email`"]),
            (
                json!({
                    "type": "service_account", "client_email": "a@b", "private_key": "SECRET",
                    "token_uri": "https://oauth2.googleapis.com/token",
                }),
                &["`private_key` cannot be used"],
            ),
            (
                json!({
                    "type": "service_account", "client_email": "a@b", "private_key": "SECRET",
                    "token_uri": "http://example.com/SECRET",
                }),
                &["`token_uri` is not https"],
            ),
            (login, &["`authorized_user`", "`refresh_token`"]),
            (
                json!({ "type": "external_account" }),
                &["`credential_source`"],
            ),
            (
                source(json!({ "environment_id": "aws1" })),
                &["AWS", "environment_id"],
            ),
            (
                source(json!({ "executable": { "command": "SECRET" } })),
                &["executable"],
            ),
            (source(json!({ "certificate": {} })), &["certificate"]),
            (source(json!({})), &["neither a `file` nor a `url`"]),
            (
                source(json!({ "file": "/x", "format": { "type": "json" } })),
                &["subject_token_field_name"],
            ),
            (
                json!({ "type": "impersonated_service_account", "source_credentials": { "type": "authorized_user" } }),
                &["`source_credentials`", "`client_id`"],
            ),
        ] {
            let refused = parse(&file.to_string()).err().expect("is refused");
            for part in parts {
                assert!(refused.contains(part), "{file}: {refused}");
            }
            assert!(!refused.contains("SECRET"), "{refused}");
        }
        assert!(parse("-----BEGIN PRIVATE KEY-----").is_err());
    }

    #[test]
    fn the_project_is_the_credentials_own_or_that_which_pays() {
        let login = |more: (&str, &str)| {
            let mut file = json!({
                "type": "authorized_user", "client_id": "i", "client_secret": "s",
                "refresh_token": "r",
            });
            file[more.0] = json!(more.1);
            parse(&file.to_string()).expect("reads").project
        };
        assert_eq!(login(("quota_project_id", "q")).as_deref(), Some("q"));
        assert_eq!(login(("project_id", "p")).as_deref(), Some("p"));
        assert_eq!(login(("account", "")), None);
    }
}
