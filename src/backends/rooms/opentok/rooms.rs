//! `OpenTok`'s sessions under names of ours.

use async_trait::async_trait;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::{OpentokBackend, parse};
use crate::backends::http::{UpstreamBody, UpstreamCall};
use crate::backends::rooms::nameless::{MadeSession, NamelessSessions};
use crate::backends::rooms::registry::Registry;
use crate::backends::rooms::{Capabilities, Occupancy};
use crate::error::{Error, Kind, Result};
use crate::model::report::{Cost, Outcome};
use crate::model::{Clock, RoomName, RoomSpec};

/// What a session can be made with; the last is ours: the room's name in full.
const PROPERTIES: [&str; 7] = [
    "archiveMode",
    "archiveName",
    "archiveResolution",
    "e2ee",
    "location",
    "p2p.preference",
    "name",
];

#[derive(Deserialize)]
struct OpentokSession {
    session_id: String,
}

#[async_trait]
impl NamelessSessions for OpentokBackend {
    const CAPABILITIES: Capabilities = Capabilities {
        list: false,
        update: false,
        delete: false,
        expiry: false,
        participants: true,
        history: false,
        delete_batch: 20,
    };

    const UNCHANGEABLE: &str = "an OpenTok session cannot be changed";

    fn registry(&self) -> &Registry {
        &self.registry
    }

    fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    fn check(spec: &RoomSpec) -> Result<()> {
        form(spec).map(drop)
    }

    async fn make_session(&self, spec: &RoomSpec) -> Result<MadeSession> {
        let form = form(spec)?;
        let fields: Vec<(&str, &str)> =
            form.iter().map(|(name, value)| (*name, &**value)).collect();
        let path = ["session", "create"];
        // A session that nobody uses costs nothing, so a lost answer may be asked for again.
        let call = UpstreamCall::new(Method::POST, &path, UpstreamBody::Form(&fields), &self.free);
        let whole = self.upstream.send(call).await?.body;
        let made: Vec<OpentokSession> = parse(whole.clone())?;
        let [session] = made.as_slice() else {
            return Err(Error::bad_gateway("OpenTok made no session"));
        };
        Ok(MadeSession {
            id: session.session_id.clone(),
            vendor: whole.get(0).cloned(),
        })
    }

    /// Nothing removes a session, and one that nobody uses costs nothing.
    async fn abandon(&self, _id: &str) -> Result<()> {
        Ok(())
    }

    /// Sends everyone out, as far as the vendor can tell who is in, and hands the session out no
    /// more.
    async fn delete_one(&self, name: &RoomName) -> Result<Outcome> {
        match self.end(name).await {
            Err(error) if error.kind() == Kind::NotFound => return Ok(Outcome::Missing),
            Err(error) if error.kind() == Kind::Unsupported => {}
            other => drop(other?),
        }
        Ok(if self.registry.remove(name).await? {
            Outcome::Forgotten
        } else {
            Outcome::Missing
        })
    }

    fn cost(names: u64) -> Cost {
        Cost {
            reads: names,
            writes: 0,
            seconds: 0,
        }
    }
}

fn form(spec: &RoomSpec) -> Result<Vec<(&'static str, String)>> {
    let times = spec.not_before.is_some() || spec.expires_at.is_some();
    if times || spec.max_participants.is_some() {
        return Err(Error::unsupported(
            "an OpenTok session has no opening or closing time and no limit of participants",
        ));
    }
    let mut form = vec![
        ("archiveMode", "manual".to_owned()),
        ("p2p.preference", "disabled".to_owned()),
    ];
    for (key, value) in &spec.properties {
        let known = PROPERTIES.iter().find(|known| *known == key);
        let known = known.ok_or_else(|| {
            Error::invalid(format!(
                "an OpenTok session has no setting `{key}`; use {}",
                PROPERTIES[..6].join(", ")
            ))
        })?;
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Bool(flag) => flag.to_string(),
            _ => {
                return Err(Error::invalid(format!(
                    "`{key}` of an OpenTok session must be a text"
                )));
            }
        };
        match form.iter_mut().find(|(name, _)| name == known) {
            Some((_, old)) => *old = text,
            None if *known == "name" => {}
            None => form.push((known, text)),
        }
    }
    Ok(form)
}
