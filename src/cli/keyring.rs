//! Keys of contexts in the keyring of the system: the Secret Service, the Keychain or the Credential Manager.

use keyring::{Entry, Error as Refusal};
use secrecy::{ExposeSecret, SecretString};

use super::contexts::SavedContext;
use crate::error::{Error, Result};

/// Whose the entries are.
const SERVICE: &str = "tok";

/// The entry for the key of a context. It is for that server alone: with another address in the file of
/// contexts there is none, so that the key does not go there.
fn entry(name: &str, context: &SavedContext) -> Result<Entry> {
    if let Err(refusal) = Entry::store_status() {
        let what = format!("no keyring answers in this session: {}", reason(refusal));
        return Err(Error::config(what).advise("keep the key in a file: --key-file"));
    }
    let user = format!("{name} {}", context.server);
    Entry::new(SERVICE, &user).map_err(|refusal| unusable(&refusal))
}

/// Insists that there is a keyring.
pub(super) fn check(name: &str, context: &SavedContext) -> Result<()> {
    entry(name, context).map(drop)
}

/// Keeps a key; one that was there for this context is replaced.
pub(super) fn keep(name: &str, context: &SavedContext, key: &SecretString) -> Result<()> {
    entry(name, context)?
        .set_password(key.expose_secret())
        .map_err(|refusal| unusable(&refusal))
}

/// The key of a context.
pub(super) fn read(name: &str, context: &SavedContext) -> Result<SecretString> {
    match entry(name, context)?.get_password() {
        Ok(key) => Ok(key.into()),
        Err(Refusal::NoEntry) => Err(Error::config(format!(
            "the keyring has no key for the context `{name}`"
        ))
        .advise(format!(
            "put it there: `tok context add {name} --server {} --keyring`",
            context.server
        ))),
        Err(refusal) => Err(unusable(&refusal)),
    }
}

/// Takes the key of a context away; one that is away already is no fault.
pub(super) fn remove(name: &str, context: &SavedContext) -> Result<()> {
    match entry(name, context)?.delete_credential() {
        Ok(()) | Err(Refusal::NoEntry) => Ok(()),
        Err(refusal) => Err(unusable(&refusal)),
    }
}

/// That the keyring is there, but locked or broken.
fn unusable(refusal: &Refusal) -> Error {
    let what = format!("the keyring cannot be used: {}", reason(refusal));
    Error::config(what).advise("unlock it, or keep the key in a file: --key-file")
}

/// Why. Some refusals carry the secret: of them only the kind is told.
fn reason(refusal: &Refusal) -> String {
    match refusal {
        Refusal::PlatformFailure(cause) | Refusal::NoStorageAccess(cause) => {
            innermost(cause.as_ref())
        }
        Refusal::BadEncoding(_) | Refusal::BadDataFormat(..) => "it holds no text".to_owned(),
        other => other.to_string(),
    }
}

/// What the outermost error was about.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.last().unwrap_or(error).to_string()
}
