//! The one Google token source: one request at a time however many wait, renewed early, with a
//! time limit; by `gcp_auth` for service accounts and machines, by ourselves for what it cannot.

mod exchange;
mod file;
mod machine;

use std::path::{Path, PathBuf};
use std::time::Duration;

use gcp_auth::TokenProvider;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use self::file::CredentialFile;
use crate::backends::http_client::HttpClient;
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
    client: HttpClient,
    held: Mutex<Option<HeldToken>>,
}

/// What a machine offers without a file that anybody named.
#[derive(Debug, Clone, Default)]
pub struct GoogleMachine {
    /// Where `gcloud` keeps the login for applications.
    pub login_file: Option<PathBuf>,
    /// The host of the metadata server, if it is not the usual one.
    pub metadata_host: Option<String>,
}

/// Where tokens come from.
enum GoogleCredential {
    /// Emulators take anybody for the owner.
    Emulator,
    /// A file, of one of the types that there are.
    File(CredentialFile),
    /// What the machine offers: the user's `gcloud` login, or its own service account.
    Machine(GoogleMachine),
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
    pub fn machine(machine: GoogleMachine) -> Self {
        Self::of(GoogleCredential::Machine(machine))
    }

    /// For the credential in this file: a service account's key, or what `gcloud` writes.
    ///
    /// # Errors
    /// [`Kind::Config`] when the file is missing or is no credential that can be used.
    pub fn key_file(path: &Path) -> Result<Self> {
        read(path).map(GoogleCredential::File).map(Self::of)
    }

    fn of(credential: GoogleCredential) -> Self {
        Self {
            credential,
            client: HttpClient::new(|client| {
                client
                    .redirect(reqwest::redirect::Policy::none())
                    .connect_timeout(TIME_LIMIT / 2)
                    .timeout(TIME_LIMIT)
            }),
            held: Mutex::new(None),
        }
    }

    /// The project that the credential belongs to, if it names one. A machine of Google's is asked.
    pub fn project(&self) -> Option<String> {
        match &self.credential {
            GoogleCredential::Emulator => None,
            GoogleCredential::File(file) => file.project.clone(),
            GoogleCredential::Machine(machine) => machine
                .login()
                .ok()
                .flatten()
                .and_then(|login| login.project)
                .or_else(|| machine::project(machine.metadata_host.as_deref())),
        }
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
        let mut held = self.held.lock().await;
        if held
            .as_ref()
            .is_some_and(|held| held.token.expose_secret() == token.expose_secret())
        {
            *held = None;
        }
    }

    async fn renew(&self) -> Result<HeldToken> {
        tokio::time::timeout(TIME_LIMIT, self.fetch())
            .await
            .map_err(|_| Error::new(Kind::Timeout, "Google gave no access token in time"))?
    }

    async fn fetch(&self) -> Result<HeldToken> {
        let client = &self.client;
        match &self.credential {
            GoogleCredential::File(file) => exchange::token(client, &file.credential).await,
            GoogleCredential::Machine(machine) => {
                if let Some(login) = machine.login()? {
                    return exchange::token(client, &login.credential).await;
                }
                match &machine.metadata_host {
                    Some(host) => machine::token(client, host).await,
                    None => offered().await,
                }
            }
            GoogleCredential::Emulator => Err(Error::internal("emulators know no tokens")),
        }
    }
}

impl GoogleMachine {
    /// The login that `gcloud` keeps, if there is one.
    fn login(&self) -> Result<Option<CredentialFile>> {
        let file = self.login_file.as_ref().filter(|file| file.is_file());
        file.map(|file| read(file)).transpose()
    }
}

/// A token of the machine's service account, or of the one who is logged in.
async fn offered() -> Result<HeldToken> {
    // The library keeps a token until its last seconds, so that renewing early takes a provider that has
    // none yet.
    let provider = gcp_auth::provider().await.map_err(|error| {
        Error::new(
            Kind::Refused,
            "there is no Google credential on this machine; set google.credentials_file",
        )
        .because(error)
    })?;
    let advice =
        "check that this machine's clock is right and that its service account may be used";
    given(provider.as_ref(), advice).await
}

/// A token of the library's.
async fn given(provider: &dyn TokenProvider, advice: &str) -> Result<HeldToken> {
    let token = provider.token(SCOPES).await;
    let token = token.map_err(|error| none_given(error, advice))?;
    Ok(HeldToken {
        token: token.as_str().to_owned().into(),
        ends: token.expires_at().timestamp(),
    })
}

/// Why there is no token: nobody was reached, or Google gives none.
fn none_given(error: gcp_auth::Error, advice: &str) -> Error {
    let lost = matches!(
        error,
        gcp_auth::Error::Http(..) | gcp_auth::Error::Other(..)
    );
    let none = if lost {
        Error::bad_gateway("no access token came from Google: the connection failed")
    } else {
        Error::new(
            Kind::Refused,
            "Google refused the credential: it gave no access token",
        )
        .advise(advice)
    };
    none.because(error)
}

fn read(path: &Path) -> Result<CredentialFile> {
    let shown = file_name::shown(path, path);
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::config(format!(
            "google.credentials_file: {shown} cannot be read: {error}; {}",
            file_name::advice(path)
        ))
        .because(error)
    })?;
    let wrong = |what| Error::config(format!("google.credentials_file: {shown} {what}"));
    file::parse(&text).map_err(wrong)
}
