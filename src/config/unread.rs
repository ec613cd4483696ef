//! Secrets that whoever runs a command cannot read, and what goes without them.

use super::google::GoogleSection;
use super::keys;
use super::merged::Merged;
use super::mistake::Mistake;
use super::origin::Origin;
use super::secrets::UnreadSecret;
use crate::error::Result;
use crate::model::file_name;

/// The credential that is opened later than the other secrets are read.
const GOOGLE: &str = "google.credentials_file";

/// Refuses secrets that were not read, unless the command needs only the sections in `needed`, and the
/// store. What needs such a secret is then as if it were not configured; returns a sentence for each.
pub(super) fn settle(
    merged: &mut Merged,
    needed: Option<&'static [&'static str]>,
) -> Result<Vec<String>> {
    let mut left_out = Vec::new();
    for UnreadSecret { setting, error } in std::mem::take(&mut merged.unread) {
        let section = section_of(setting);
        let unneeded = needed.is_some_and(|needed| !needed.contains(&section));
        if !unneeded || (["firestore", "google"].contains(&section) && in_firestore(merged)) {
            return Err(error);
        }
        do_without(merged, section);
        left_out.push(format!(
            "{}; this command goes on without it",
            error.message()
        ));
    }
    Ok(left_out)
}

/// The same for the credential of Google, once it is known where that is.
pub(super) fn settle_google(
    merged: &mut Merged,
    google: &GoogleSection,
    needed: Option<&'static [&'static str]>,
) -> Result<Vec<String>> {
    // Whoever needs all of it is told by the backend that opens it.
    let (Some(file), Some(_)) = (&google.credentials_file, needed) else {
        return Ok(Vec::new());
    };
    let Err(error) = std::fs::File::open(file) else {
        return Ok(Vec::new());
    };
    let origin = merged.values.get(GOOGLE).map(|(_, origin)| origin.clone());
    let what = format!("{GOOGLE}: {}: {error}", file_name::shown(file, file));
    let error = Mistake::setting(GOOGLE, &origin.unwrap_or(Origin::Default)).saying(what);
    merged.unread.push(UnreadSecret {
        setting: GOOGLE,
        error,
    });
    settle(merged, needed)
}

fn section_of(setting: &str) -> &str {
    setting.split('.').next().unwrap_or_default()
}

fn in_firestore(merged: &Merged) -> bool {
    is(merged, "documents.backend", "firestore")
}

fn is(merged: &Merged, setting: &str, wanted: &str) -> bool {
    let set = merged.values.get(setting);
    set.and_then(|(value, _)| value.as_str()) == Some(wanted)
}

/// Makes everything that needs a section as if it were not configured.
fn do_without(merged: &mut Merged, section: &str) {
    let reset = |merged: &mut Merged, begins: &str| {
        for key in keys::all().filter(|key| key.path.starts_with(begins)) {
            let default = key.default_value().map(|value| (value, Origin::Default));
            match default {
                Some(default) => drop(merged.values.insert(key.path, default)),
                None => drop(merged.values.remove(key.path)),
            }
        }
    };
    let chosen = |merged: &mut Merged, setting: &'static str, backend: &str| {
        if is(merged, setting, backend) {
            reset(merged, setting);
        }
    };
    match section {
        "daily" | "hundred_ms" | "opentok" | "bandwidth" => {
            chosen(merged, "rooms.backend", section);
        }
        "algolia" => reset(merged, "search."),
        "pinpoint" => chosen(merged, "push.backend", section),
        "google" => {
            chosen(merged, "push.backend", "fcm");
            chosen(merged, "presence.backend", "realtime_database");
        }
        _ => {}
    }
    reset(merged, &format!("{section}."));
}
