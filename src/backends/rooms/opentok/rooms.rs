//! `OpenTok`'s sessions under names of ours.

use async_trait::async_trait;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::{OpentokBackend, parse};
use crate::backends::http::{UpstreamBody, UpstreamCall};
use crate::backends::rooms::one_by_one::one_by_one;
use crate::backends::rooms::registry::taken;
use crate::backends::rooms::{Capabilities, Occupancy, Rooms};
use crate::error::{Error, Kind, Result};
use crate::model::report::{Cost, DeletedRoom, Outcome};
use crate::model::{BackendName, Page, PageRequest, Privacy, Room, RoomName, RoomPatch, RoomSpec};

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
impl Rooms for OpentokBackend {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            list: false,
            update: false,
            delete: false,
            expiry: false,
            participants: true,
            history: false,
            delete_batch: 20,
        }
    }

    async fn create(&self, spec: &RoomSpec) -> Result<Room> {
        let form = form(spec)?;
        match self.registry.get(&spec.name).await {
            Err(error) if error.kind() == Kind::NotFound => {}
            Err(error) => return Err(error),
            Ok(_) => return Err(taken(&spec.name)),
        }
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
        let room = Room {
            name: spec.name.clone(),
            backend: BackendName::Opentok,
            id: session.session_id.clone(),
            url: String::new(),
            // Nobody gets in without a token.
            privacy: Privacy::Private,
            created_at: self.clock.now(),
            not_before: None,
            expires_at: None,
            max_participants: None,
            last_joined_at: None,
            last_used_at: None,
            has_hosts: false,
            locked: false,
            properties: spec.properties.clone(),
            vendor: whole.get(0).cloned(),
        };
        self.registry.add(&room).await?;
        Ok(room)
    }

    async fn get(&self, name: &RoomName) -> Result<Room> {
        self.registry.get(name).await
    }

    async fn list(&self, page: &PageRequest) -> Result<Page<Room>> {
        self.registry.page(page).await
    }

    async fn update(&self, _name: &RoomName, _patch: &RoomPatch) -> Result<Room> {
        Err(Error::unsupported("an OpenTok session cannot be changed"))
    }

    async fn delete(&self, names: &[RoomName]) -> Result<Vec<DeletedRoom>> {
        one_by_one(names, |name| Box::pin(self.delete_one(name))).await
    }

    fn delete_cost(&self, names: u64, _existing: u64) -> Cost {
        Cost {
            reads: names,
            writes: 0,
            seconds: 0,
        }
    }
}

impl OpentokBackend {
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
