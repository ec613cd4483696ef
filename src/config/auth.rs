//! `[auth]`: who may use the API.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::Config;
use super::documents::Store;
use super::mistake::{Checked, Wrong, needs};
use super::schema::Type;
use super::secrets;
use super::section::{FiledSecret, Typed, choice, section};
use crate::backends::issuers::{IssuerSettings, KeysFrom, SigningAlgorithm};
use crate::error::{Error, Result};
use crate::model::key::Scope;
use crate::model::loopback::is_loopback;
use crate::model::sign_in::PERSONAL;

/// What stands before a project in the name of Firebase as an issuer.
const FIREBASE: &str = "https://securetoken.google.com/";
/// Where the keys are that Firebase signs with.
const FIREBASE_KEYS: &str =
    "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com";
/// The longest short name of an issuer.
const LONGEST_ALIAS: usize = 32;
/// A shorter secret can be guessed (RFC 7518, 3.2).
const SHORTEST_SECRET: usize = 32;

section! {
    [auth]
    /// Who may use the API.
    pub struct AuthSection {
        /// who may use the API: anybody on this machine, holders of a key, or also people who sign in, by firebase or by the issuers of oidc
        mode: AuthMode = "'none'",
        /// the Firebase project whose users may sign in, when auth.mode is firebase
        firebase_project: Option<String>,
        /// others whose tokens say who somebody is; tables, as docs/sign-in.md has them
        issuers: Vec<IssuerTable> = "[]",
        /// what people who sign in may do with what is their own, unless their issuer says otherwise
        scopes: Vec<String> = "['tokens', 'calls:read', 'calls:write', 'devices:read', 'devices:write', 'notifications:read', 'notifications:write', 'presence:read', 'presence:write']",
        /// an emulator of Firebase sign-in on this machine; its unsigned tokens are taken, from this machine only
        #[also("FIREBASE_AUTH_EMULATOR_HOST")]
        firebase_emulator: Option<String>,
        /// a file with a secret, of at least 32 bytes, that proves tok's keys and hides its secrets in the store; openssl rand -base64 32 makes one
        secret_file: Option<FiledSecret>,
    }
}

choice! {
    /// How callers are told apart.
    pub enum AuthMode {
        /// Not at all.
        None = "none",
        /// By API keys, and people by the tokens of issuers, if there are any.
        Keys = "keys",
        /// The same; the issuer is a Firebase project.
        Firebase = "firebase",
        /// The same; there must be issuers.
        Oidc = "oidc",
    }
}

/// One whose tokens say who somebody is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerTable {
    /// The short name, a part of stored user ids.
    pub alias: String,
    /// What `iss` says, letter by letter.
    pub issuer: String,
    /// One of these must be in `aud`.
    #[serde(default)]
    pub audience: Vec<String>,
    /// One of these must be `azp`.
    #[serde(default)]
    pub authorized_party: Vec<String>,
    /// Where the keys are, if not where the issuer itself says.
    #[serde(default)]
    pub jwks_url: Option<Url>,
    /// How tokens may be signed: RS256 if absent.
    #[serde(default)]
    pub algorithms: Vec<String>,
    /// What `secret_file` holds, for HS256.
    #[serde(default)]
    secret: Option<SecretString>,
    /// The claim that is the person's id.
    #[serde(default = "sub")]
    pub user: String,
    /// The claim that is their name.
    #[serde(default = "name")]
    pub name: String,
    /// The claim that is their strongest role.
    #[serde(default = "role_claim")]
    pub role_claim: String,
    /// What they may do; `auth.scopes` if absent.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
    /// Whether their ids are those of users as they are, without the short name.
    #[serde(default)]
    pub plain_ids: bool,
}

impl Typed for Vec<IssuerTable> {
    const TYPE: Type = Type::Tables;
}

fn sub() -> String {
    "sub".to_owned()
}

fn name() -> String {
    "name".to_owned()
}

fn role_claim() -> String {
    "tok_role".to_owned()
}

fn wrong(what: impl Into<String>) -> Wrong {
    Wrong::new(&["auth.issuers"], format!("auth.issuers: {}", what.into()))
}

/// Those who are believed must be such that no other token can pass for one of theirs.
pub(super) fn check(config: &Config) -> Checked {
    if let Some(FiledSecret(secret)) = &config.auth.secret_file {
        check_length(secret).map_err(|what| {
            let make = "make one with head -c 32 /dev/urandom | base64";
            Wrong::new(
                &["auth.secret_file"],
                format!("auth.secret_file: {what}; {make}"),
            )
        })?;
    }
    personal(&config.auth.scopes)
        .map_err(|what| Wrong::new(&["auth.scopes"], format!("auth.scopes: {what}")))?;
    believed(config).map(drop)
}

/// All who are believed.
///
/// # Errors
/// [`Kind::Config`](crate::Kind::Config); there is nothing wrong with a configuration that was loaded.
pub fn issuers(config: &Config) -> Result<Vec<IssuerSettings>> {
    believed(config).map_err(|wrong| Error::config(wrong.what))
}

/// Whether tokens are taken that nobody signed, as an emulator makes them.
pub fn emulates_sign_in(config: &Config) -> bool {
    let all = believed(config).unwrap_or_default();
    all.iter()
        .any(|issuer| matches!(issuer.keys, KeysFrom::Emulator))
}

fn believed(config: &Config) -> Result<Vec<IssuerSettings>, Wrong> {
    let auth = &config.auth;
    let project = auth.firebase_project.as_deref();
    let none = auth.issuers.is_empty();
    match auth.mode {
        AuthMode::Firebase => {
            let missing = project.is_none().then_some("auth.firebase_project");
            needs("auth.mode", "firebase", missing)?;
            if !none {
                let what = "auth.mode is firebase, which is the only issuer then; set it to oidc, and write Firebase as one of auth.issuers";
                return Err(Wrong::new(&["auth.mode", "auth.issuers"], what));
            }
            let project = project.unwrap_or_default();
            return Ok(vec![firebase(config, project)?]);
        }
        AuthMode::Oidc => needs("auth.mode", "oidc", none.then_some("auth.issuers"))?,
        AuthMode::None if !none => {
            let what = "auth.issuers are set and auth.mode is none, so that nobody need sign in; set it to keys or oidc";
            return Err(Wrong::new(&["auth.mode", "auth.issuers"], what));
        }
        AuthMode::None | AuthMode::Keys => {}
    }
    if project.is_some() {
        let what = "auth.firebase_project is set, but auth.mode is not firebase";
        return Err(Wrong::new(&["auth.mode", "auth.firebase_project"], what));
    }
    let (mut aliases, mut names) = (HashSet::new(), HashSet::new());
    for table in &auth.issuers {
        if !aliases.insert(&table.alias) || !names.insert(&table.issuer) {
            let alias = &table.alias;
            return Err(wrong(format!(
                "`{alias}`: there is another one of this alias or issuer"
            )));
        }
        if table.plain_ids && auth.issuers.len() > 1 {
            let what = "plain_ids is for one issuer alone: users of two could have the same id";
            return Err(wrong(what));
        }
    }
    auth.issuers
        .iter()
        .map(|table| table.settings(config))
        .collect()
}

/// A Firebase project as the only issuer. Its people are the app's users as they are.
fn firebase(config: &Config, project: &str) -> Result<IssuerSettings, Wrong> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if project.is_empty() || !project.chars().all(plain) {
        let what = format!("auth.firebase_project: {project:?} is no id of a project");
        return Err(Wrong::new(&["auth.firebase_project"], what));
    }
    let table = IssuerTable {
        alias: "firebase".to_owned(),
        issuer: format!("{FIREBASE}{project}"),
        audience: vec![project.to_owned()],
        authorized_party: Vec::new(),
        jwks_url: None,
        algorithms: Vec::new(),
        secret: None,
        user: sub(),
        name: name(),
        role_claim: role_claim(),
        scopes: None,
        plain_ids: true,
    };
    table.settings(config)
}

impl IssuerTable {
    fn settings(&self, config: &Config) -> Result<IssuerSettings, Wrong> {
        let alias = &self.alias;
        let of = |what: String| wrong(format!("`{alias}`: {what}"));
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if alias.is_empty() || alias.len() > LONGEST_ALIAS || !alias.chars().all(plain) {
            let what = format!("{alias:?} cannot be an alias; use up to 32 of A-Z a-z 0-9 _ -");
            return Err(wrong(what));
        }
        let url: Url = self
            .issuer
            .parse()
            .map_err(|_| of("issuer is no address like https://example.com".to_owned()))?;
        check_address(&url, "issuer").map_err(of)?;
        if self.audience.is_empty() && self.authorized_party.is_empty() {
            let what = "set audience, or authorized_party; else tokens for other apps of the same issuer would be taken";
            return Err(of(what.to_owned()));
        }
        let algorithms = self.algorithms().map_err(of)?;
        let scopes = self.scopes.as_ref().unwrap_or(&config.auth.scopes);
        Ok(IssuerSettings {
            alias: alias.clone(),
            issuer: self.issuer.clone(),
            audience: self.audience.clone(),
            authorized_party: self.authorized_party.clone(),
            keys: self
                .keys(config.auth.firebase_emulator.is_some())
                .map_err(of)?,
            algorithms,
            user: self.user.clone(),
            name: self.name.clone(),
            role_claim: self.role_claim.clone(),
            scopes: personal(scopes).map_err(of)?,
            plain_ids: self.plain_ids,
            firebase: self.is_firebase(),
            makes_users: config.documents.backend == Store::Sqlite,
        })
    }

    fn is_firebase(&self) -> bool {
        self.issuer.starts_with(FIREBASE)
    }

    fn algorithms(&self) -> Result<Vec<SigningAlgorithm>, String> {
        let shared = self.secret.is_some();
        let read = |text: &String| {
            text.parse::<SigningAlgorithm>().map_err(|()| {
                let all = SigningAlgorithm::ALL
                    .map(SigningAlgorithm::as_str)
                    .join(", ");
                format!("{text:?} is no algorithm for tokens; use one of {all}")
            })
        };
        let mut all = self
            .algorithms
            .iter()
            .map(read)
            .collect::<Result<Vec<_>, _>>()?;
        if all.is_empty() {
            all.push(if shared {
                SigningAlgorithm::Hs256
            } else {
                SigningAlgorithm::Rs256
            });
        }
        let symmetric = all.contains(&SigningAlgorithm::Hs256);
        match (symmetric, shared) {
            (true, false) => Err("HS256 needs the secret in a file; set secret_file".to_owned()),
            (false, true) => Err("secret_file is for HS256 only".to_owned()),
            (true, true) if all.len() > 1 || self.jwks_url.is_some() => {
                Err("with HS256 there is no other algorithm, and no jwks_url".to_owned())
            }
            _ => Ok(all),
        }
    }

    fn keys(&self, emulated: bool) -> Result<KeysFrom, String> {
        if let Some(secret) = &self.secret {
            check_length(secret)?;
            return Ok(KeysFrom::Secret(secret.clone()));
        }
        if let Some(url) = &self.jwks_url {
            check_address(url, "jwks_url")?;
        }
        if self.is_firebase() && emulated {
            return Ok(KeysFrom::Emulator);
        }
        match &self.jwks_url {
            Some(url) => Ok(KeysFrom::Url(url.clone())),
            None if self.is_firebase() => {
                let url = FIREBASE_KEYS.parse();
                url.map(KeysFrom::Url)
                    .map_err(|_| "Firebase has no keys".to_owned())
            }
            None => Ok(KeysFrom::Discovery),
        }
    }
}

fn check_length(secret: &SecretString) -> Result<(), String> {
    match secret.expose_secret().len() {
        SHORTEST_SECRET.. => Ok(()),
        _ => Err(format!(
            "the secret is shorter than {SHORTEST_SECRET} bytes"
        )),
    }
}

/// Another secret of the kind of `auth.secret_file`, from a file that a command names.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when there is none in it.
pub fn read_secret(file: &Path) -> Result<SecretString> {
    let shown = file.display();
    let secret =
        secrets::read_file(file).map_err(|what| Error::invalid(format!("{shown}: {what}")))?;
    let secret = SecretString::from(secret);
    check_length(&secret).map_err(|what| Error::invalid(format!("{shown}: {what}")))?;
    Ok(secret)
}

/// Keys that come over an open line could be anybody's.
fn check_address(url: &Url, what: &str) -> Result<(), String> {
    let safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url));
    if !safe || !url.has_host() {
        return Err(format!("{what} must be https, but on this machine"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("{what} must not hold a password"));
    }
    Ok(())
}

/// What people may be allowed: what can be narrowed to what is their own.
fn personal(names: &[String]) -> Result<BTreeSet<Scope>, String> {
    let read = |name: &String| {
        let scope = name.parse::<Scope>().ok();
        scope
            .filter(|scope| PERSONAL.contains(scope))
            .ok_or_else(|| {
                let all = PERSONAL.map(Scope::as_str).join(", ");
                format!("people who sign in cannot have the scope {name:?}; use some of {all}")
            })
    };
    names.iter().map(read).collect()
}
