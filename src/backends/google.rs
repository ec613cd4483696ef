//! The one Google token source: one request at a time however many wait, renewed early, with a
//! time limit, over `gcp_auth`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use gcp_auth::{CustomServiceAccount, TokenProvider};
use jiff::Timestamp;
use secrecy::SecretString;
use tokio::sync::Mutex;

use crate::error::{Error, Kind, Result};
use crate::model::file_name;

/// Everything `tok` may ask of a project, as Google's own admin SDK asks for it: one token serves
/// Firestore, Cloud Messaging and the Realtime Database (which wants both of the last two).
const SCOPES: &[&str] = &[
    "https://www.googleapis.com/auth/cloud-platform",
    "https://www.googleapis.com/auth/firebase.database",
    "https://www.googleapis.com/auth/userinfo.email",
];
/// A token that ends sooner is renewed before it is used.
const EARLY: i64 = 5 * 60;
/// The longest time for one new token, tries included.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Gives access tokens for Google's APIs.
pub struct TokenSource {
    credential: GoogleCredential,
    held: Mutex<Option<HeldToken>>,
}

/// Where tokens come from.
enum GoogleCredential {
    /// Emulators take anybody for the owner.
    Emulator,
    /// A service account's key.
    KeyFile { path: PathBuf, text: SecretString },
    /// What the machine offers: its own service account, or the user's `gcloud` login.
    Machine,
}

/// A token and when it ends, in Unix seconds.
struct HeldToken {
    token: SecretString,
    ends: i64,
}

impl TokenSource {
    /// For emulators, which take any token for the owner's.
    pub fn emulator() -> Self {
        Self::of(GoogleCredential::Emulator)
    }

    /// For what the machine offers.
    pub fn machine() -> Self {
        Self::of(GoogleCredential::Machine)
    }

    /// For the service account in this file.
    ///
    /// # Errors
    /// [`Kind::Config`] when the file is missing or is no service account's key.
    pub fn key_file(path: &Path) -> Result<Self> {
        let shown = file_name::shown(path, path);
        let text = std::fs::read_to_string(path).map_err(|error| {
            Error::config(format!(
                "google.credentials_file: {shown} cannot be read: {error}; {}",
                file_name::advice(path)
            ))
            .because(error)
        })?;
        let key = key_of(&text, path)?;
        let source = Self::of(GoogleCredential::KeyFile {
            path: path.to_owned(),
            text: text.into(),
        });
        drop(key);
        Ok(source)
    }

    fn of(credential: GoogleCredential) -> Self {
        Self {
            credential,
            held: Mutex::new(None),
        }
    }

    /// The project that the credential belongs to, if it names one.
    pub fn project(&self) -> Option<String> {
        let GoogleCredential::KeyFile { path, text } = &self.credential else {
            return None;
        };
        let key = key_of(secrecy::ExposeSecret::expose_secret(text), path).ok()?;
        key.project_id().map(str::to_owned)
    }

    /// A token that holds for some minutes yet.
    ///
    /// # Errors
    /// [`Kind::Refused`] when Google gives none, [`Kind::Timeout`] when it does not answer.
    pub async fn token(&self) -> Result<SecretString> {
        if matches!(self.credential, GoogleCredential::Emulator) {
            return Ok("owner".into());
        }
        let mut held = self.held.lock().await;
        let now = Timestamp::now().as_second();
        if let Some(fresh) = held.as_ref().filter(|held| held.ends - now > EARLY) {
            return Ok(fresh.token.clone());
        }
        match self.renew().await {
            Ok(new) => {
                let token = new.token.clone();
                *held = Some(new);
                Ok(token)
            }
            // The old one holds a little longer; the next call tries again.
            Err(error) => match held.as_ref().filter(|held| held.ends > now) {
                Some(old) => {
                    tracing::warn!(%error, "Google's token could not be renewed early");
                    Ok(old.token.clone())
                }
                None => Err(error),
            },
        }
    }

    /// Forgets the held token if it is this one: somebody refused it.
    pub async fn refused(&self, token: &SecretString) {
        use secrecy::ExposeSecret as _;
        let mut held = self.held.lock().await;
        if held
            .as_ref()
            .is_some_and(|held| held.token.expose_secret() == token.expose_secret())
        {
            *held = None;
        }
    }

    async fn renew(&self) -> Result<HeldToken> {
        let fetched = async {
            // The library keeps a token until its last seconds, so that renewing early takes a
            // provider that has none yet.
            let provider = self.provider().await?;
            provider.token(SCOPES).await.map_err(|error| {
                Error::new(
                    Kind::Refused,
                    "Google gave no access token; check google.credentials_file, and that this machine's clock is right",
                )
                .because(error)
            })
        };
        let token = tokio::time::timeout(TIME_LIMIT, fetched)
            .await
            .map_err(|_| Error::new(Kind::Timeout, "Google gave no access token in time"))??;
        Ok(HeldToken {
            token: token.as_str().to_owned().into(),
            ends: token.expires_at().timestamp(),
        })
    }

    async fn provider(&self) -> Result<Arc<dyn TokenProvider>> {
        match &self.credential {
            GoogleCredential::KeyFile { path, text } => {
                let text = secrecy::ExposeSecret::expose_secret(text);
                Ok(Arc::new(key_of(text, path)?))
            }
            GoogleCredential::Machine | GoogleCredential::Emulator => {
                gcp_auth::provider().await.map_err(|error| {
                    Error::new(
                        Kind::Refused,
                        "there is no Google credential on this machine; set google.credentials_file",
                    )
                    .because(error)
                })
            }
        }
    }
}

fn key_of(text: &str, path: &Path) -> Result<CustomServiceAccount> {
    CustomServiceAccount::from_json(text).map_err(|error| {
        Error::config(format!(
            "google.credentials_file: {} is not the JSON key of a service account",
            file_name::shown(path, path)
        ))
        .because(error)
    })
}
