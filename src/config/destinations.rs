//! Where credentials go: what names an address that one is sent to.

use std::path::Path;

use toml::Value;
use url::Url;

use super::environment::Environment;
use super::keys;
use super::merged::Merged;
use super::mistake::{Checked, Wrong};
use super::origin::Origin;
use super::schema::{Key, Type};
use crate::model::loopback::is_loopback;

/// Addresses that credentials are sent to end so.
const NAMES: [&str; 3] = [".base_url", "realtime_database.url", TRACES];
/// Where traces go; what a collector insists on is in another setting.
const TRACES: &str = "telemetry.otlp_url";

/// The settings that say where credentials go, as they are set.
fn set(merged: &Merged) -> impl Iterator<Item = (&'static Key, &Value, &Origin)> {
    let addresses = keys::all().filter(|key| {
        let named = NAMES.iter().any(|name| key.path.ends_with(name));
        key.kind == Type::Url && named
    });
    addresses.filter_map(|key| {
        let (value, origin) = merged.values.get(key.path)?;
        Some((key, value, origin))
    })
}

/// Insists that only the operator says where credentials go. `named` is whether the configuration file
/// was asked for by its name, instead of found where the command was run.
pub(super) fn check(merged: &Merged, environment: &Environment, named: bool) -> Checked {
    for (key, _, origin) in set(merged) {
        let (file, named) = match origin {
            Origin::File(file) | Origin::Profile(_, file) => (file.clone(), named),
            Origin::DotEnv(..) => (environment.dot_env_file(), false),
            _ => continue,
        };
        if let Some(who) = stranger(&file, named) {
            let file = file.display();
            let what = format!(
                "{file} {who}, so that it cannot say where the credential of {} goes; make it yours and chmod go-w it",
                key.path
            );
            return Err(Wrong::new(&[key.path], what));
        }
    }
    Ok(())
}

/// Who but the operator may have written a file, in words.
#[cfg(unix)]
fn stranger(file: &Path, named: bool) -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt;
    const ANYBODY: u32 = 0o002;
    let facts = std::fs::metadata(file).ok()?;
    let own = nix::unistd::geteuid().as_raw();
    if facts.is_file() && facts.mode() & ANYBODY != 0 {
        return Some("can be written by everybody");
    }
    (!named && ![0, own].contains(&facts.uid())).then_some("belongs to another user")
}

#[cfg(not(unix))]
fn stranger(_file: &Path, _named: bool) -> Option<&'static str> {
    None
}

/// Points out addresses to which a credential goes unencrypted over a network.
pub(super) fn warnings(merged: &Merged) -> Vec<String> {
    // Where none is named there is no credential but an emulator's.
    let named = ["google.credentials_file", "google.metadata_host"];
    let has_google = named.iter().any(|key| merged.values.contains_key(*key));
    let googles = ["firestore.", "fcm.", "realtime_database."];
    let open = set(merged).filter(|(key, value, origin)| {
        let is_googles = googles.iter().any(|section| key.path.starts_with(section));
        let url = value.as_str().and_then(|text| Url::parse(text).ok());
        let has_own = key.path != TRACES || merged.values.contains_key("telemetry.otlp_headers");
        // Emulators know no credential worth a secret.
        let is_secret = has_own && (has_google || !is_googles) && !is_emulator(origin);
        is_secret && url.is_some_and(|url| url.scheme() == "http" && !is_loopback(&url))
    });
    open.map(|(key, ..)| {
        format!(
            "{} is http and leads to another machine: the credential for it can be read on the way; use https",
            key.path
        )
    })
    .collect()
}

fn is_emulator(origin: &Origin) -> bool {
    match origin {
        Origin::Environment(name) | Origin::DotEnv(name, _) => name.ends_with("_EMULATOR_HOST"),
        _ => false,
    }
}
