//! What the claims of a token must say.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::IssuerSettings;
use super::token::TokenParts;
use crate::model::user::{LONGEST_NAME, UserId};
use crate::model::{Role, person_name};

/// How far apart two clocks may be, in seconds.
const LEEWAY: f64 = 60.0;
/// The longest id of a person at Firebase.
const LONGEST_AT_FIREBASE: usize = 128;

/// What is wrong with a token.
pub(super) struct ClaimFault {
    /// Whether nothing but its time is wrong.
    pub(super) expired: bool,
    /// For who looks into it; callers are never told.
    pub(super) says: String,
}

impl ClaimFault {
    fn new(says: impl Into<String>) -> Self {
        Self {
            expired: false,
            says: says.into(),
        }
    }
}

/// Looks at each claim that counts and tells of it: nothing that is wrong stops the others from being
/// looked at.
pub(super) fn each(
    settings: &IssuerSettings,
    token: &TokenParts<'_>,
    now: Timestamp,
    mut told: impl FnMut(&'static str, Result<(), ClaimFault>),
) {
    let claims = &token.claims.0;
    let now = seconds(now);
    told("exp", end(claims, now));
    told("nbf", begun(claims, "nbf", now, false));
    told("iat", begun(claims, "iat", now, settings.firebase));
    if settings.firebase {
        told("auth_time", begun(claims, "auth_time", now, true));
        told("sub", firebase_subject(claims));
    }
    if !settings.audience.is_empty() {
        told("aud", audience(claims, &settings.audience));
    }
    if !settings.authorized_party.is_empty() {
        told("azp", party(claims, &settings.authorized_party));
    }
    told("user", user(settings, claims).map(drop));
}

/// The first thing that is wrong; that the time has run out only if nothing else is.
pub(super) fn check(
    settings: &IssuerSettings,
    token: &TokenParts<'_>,
    now: Timestamp,
) -> Result<(), ClaimFault> {
    let mut worst: Option<ClaimFault> = None;
    each(settings, token, now, |_, outcome| {
        if let Err(fault) = outcome
            && worst.as_ref().is_none_or(|worst| worst.expired)
        {
            worst = Some(fault);
        }
    });
    worst.map_or(Ok(()), Err)
}

#[allow(
    clippy::cast_precision_loss,
    reason = "seconds since 1970 fit for many million years"
)]
fn seconds(at: Timestamp) -> f64 {
    at.as_second() as f64
}

/// A moment as tokens have it: a number, whole or not.
fn number(claims: &Map<String, Value>, name: &str) -> Result<Option<f64>, ClaimFault> {
    match claims.get(name) {
        None => Ok(None),
        Some(value) => {
            let number = value.as_f64().filter(|number| number.is_finite());
            number
                .map(Some)
                .ok_or_else(|| ClaimFault::new("it is not a number"))
        }
    }
}

fn end(claims: &Map<String, Value>, now: f64) -> Result<(), ClaimFault> {
    let exp = number(claims, "exp")?.ok_or_else(|| ClaimFault::new("it is missing"))?;
    if ends_at(claims).is_none() {
        return Err(ClaimFault::new("it is no moment that there is"));
    }
    if exp + LEEWAY <= now {
        return Err(ClaimFault {
            expired: true,
            says: format!("its time ran out {:.0} s ago", now - exp),
        });
    }
    Ok(())
}

/// When a token ends.
pub(super) fn ends_at(claims: &Map<String, Value>) -> Option<Timestamp> {
    let exp = claims.get("exp")?.as_f64()?;
    // Within the calendar no second is lost by this.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "too large ones are cut, and refused"
    )]
    let whole = exp.floor() as i64;
    Timestamp::from_second(whole).ok()
}

fn begun(
    claims: &Map<String, Value>,
    name: &'static str,
    now: f64,
    needed: bool,
) -> Result<(), ClaimFault> {
    match number(claims, name)? {
        None if needed => Err(ClaimFault::new("it is missing")),
        Some(at) if at > now + LEEWAY => {
            let ahead = at - now;
            Err(ClaimFault::new(format!(
                "it lies {ahead:.0} s ahead of this machine's clock"
            )))
        }
        _ => Ok(()),
    }
}

fn firebase_subject(claims: &Map<String, Value>) -> Result<(), ClaimFault> {
    let sub = claims.get("sub").and_then(Value::as_str);
    match sub.map(str::len) {
        Some(1..=LONGEST_AT_FIREBASE) => Ok(()),
        _ => Err(ClaimFault::new("it is no text of 1 to 128 characters")),
    }
}

fn audience(claims: &Map<String, Value>, wanted: &[String]) -> Result<(), ClaimFault> {
    let is_wanted = |value: &Value| {
        value
            .as_str()
            .is_some_and(|aud| wanted.iter().any(|of| of == aud))
    };
    let good = match claims.get("aud") {
        Some(Value::Array(all)) => all.iter().all(Value::is_string) && all.iter().any(is_wanted),
        Some(one) => is_wanted(one),
        None => false,
    };
    if good {
        return Ok(());
    }
    let wanted = wanted.join(", ");
    Err(ClaimFault::new(format!(
        "it must be, or hold, one of {wanted}"
    )))
}

fn party(claims: &Map<String, Value>, wanted: &[String]) -> Result<(), ClaimFault> {
    let azp = claims.get("azp").and_then(Value::as_str);
    if azp.is_some_and(|azp| wanted.iter().any(|of| of == azp)) {
        return Ok(());
    }
    let wanted = wanted.join(", ");
    Err(ClaimFault::new(format!("it must be one of {wanted}")))
}

/// The id by which a person is known here. Those of two issuers are never the same.
pub(super) fn user(
    settings: &IssuerSettings,
    claims: &Map<String, Value>,
) -> Result<UserId, ClaimFault> {
    let name = &settings.user;
    let wrong = |what: &str| ClaimFault::new(format!("`{name}` {what}"));
    let text = match claims.get(name) {
        Some(Value::String(text)) if !text.is_empty() => text,
        Some(Value::String(_)) => return Err(wrong("is empty")),
        Some(_) => return Err(wrong("is not a text")),
        None => return Err(wrong("is missing")),
    };
    if text.chars().any(char::is_control) {
        return Err(wrong("has a control character"));
    }
    let own = spelt(text);
    let id = if settings.plain_ids {
        own
    } else {
        format!("{}:{own}", settings.alias)
    };
    UserId::plain(&id).map_err(|_| wrong("makes no user id; it may be too long"))
}

/// A text in the characters of user ids: each byte of others, and `+`, becomes `+XX`. No two texts
/// become the same.
fn spelt(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b':' | b'@' | b'-' => {
                out.push(char::from(byte));
            }
            other => {
                out.push('+');
                out.push_str(&hex::encode_upper([other]));
            }
        }
    }
    out
}

/// The strongest role of the person: what the claim says; the weakest if that is no role.
pub(super) fn role(settings: &IssuerSettings, claims: &Map<String, Value>) -> Role {
    match claims.get(&settings.role_claim) {
        None | Some(Value::Null) => Role::Participant,
        Some(Value::String(text)) => text.parse().unwrap_or(Role::Viewer),
        Some(_) => Role::Viewer,
    }
}

/// The name that the token says, if it says one; what is too long for names of people here is cut.
pub(super) fn name(settings: &IssuerSettings, claims: &Map<String, Value>) -> Option<String> {
    person_name::shortened(claims.get(&settings.name)?.as_str()?, LONGEST_NAME)
}
