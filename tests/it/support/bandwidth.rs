//! A strict stand-in for Bandwidth's WebRTC API, version 1.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::vendor::{Asked, Fake, Reply, Vendor};

/// The only account it knows.
pub const ACCOUNT: &str = "9900000";
pub const USER: &str = "api-user";
pub const PASSWORD: &str = "api-password";

/// The sessions and participants of the account.
#[derive(Default)]
pub struct Bandwidth {
    pub sessions: BTreeMap<String, Value>,
    pub participants: BTreeMap<String, Value>,
    /// Session, participant.
    pub members: BTreeSet<(String, String)>,
    /// How many were ever made.
    pub made: u64,
}

pub type FakeBandwidth = Fake<Bandwidth>;

pub async fn start() -> FakeBandwidth {
    Fake::run(Bandwidth::default()).await
}

/// The environment of an account there.
pub fn variables(fake: &FakeBandwidth) -> Vec<(&'static str, String)> {
    vec![
        ("BW_ACCOUNT_ID", ACCOUNT.to_owned()),
        ("BW_USERNAME", USER.to_owned()),
        ("BW_PASSWORD", PASSWORD.to_owned()),
        ("TOK_BANDWIDTH__BASE_URL", fake.url()),
        ("TOK_BANDWIDTH__TIMEOUT", "30s".to_owned()),
    ]
}

impl Vendor for Bandwidth {
    const PREFIX: &'static str = "/v1";

    fn handle(&mut self, asked: &Asked) -> Reply {
        let basic = format!("Basic {}", STANDARD.encode(format!("{USER}:{PASSWORD}")));
        if asked.header("authorization") != basic {
            return Reply::with(401, json!({ "message": "Unauthorized" }));
        }
        let parts: Vec<&str> = asked.parts.iter().map(String::as_str).collect();
        let ["accounts", account, rest @ ..] = parts.as_slice() else {
            return Reply::wrong("no such endpoint");
        };
        if *account != ACCOUNT {
            return Reply::with(403, json!({ "message": "Missing Authentication Token" }));
        }
        if rest.iter().any(|part| part.is_empty()) {
            return Reply::wrong("a part of the path is empty");
        }
        let outcome = match (asked.method.as_str(), rest) {
            ("POST", ["sessions"]) => self.create_session(asked),
            ("GET", ["sessions", id]) => self.session(id).map(Reply::ok),
            ("DELETE", ["sessions", id]) => self.delete_session(id),
            ("GET", ["sessions", id, "participants"]) => self.members_of(id),
            ("PUT", ["sessions", id, "participants", who]) => self.add(id, who, asked),
            ("DELETE", ["sessions", id, "participants", who]) => {
                let pair = ((*id).to_owned(), (*who).to_owned());
                self.members.remove(&pair);
                Ok(Reply::empty(204))
            }
            ("POST", ["participants"]) => self.create_participant(asked),
            ("DELETE", ["participants", id]) => self.delete_participant(id),
            _ => Err(Reply::wrong("no such endpoint")),
        };
        outcome.unwrap_or_else(|reply| reply)
    }
}

fn refuse(status: u16, error: &str) -> Reply {
    Reply::with(status, json!({ "error": error, "requestId": "r1" }))
}

impl Bandwidth {
    fn id(&mut self) -> String {
        self.made += 1;
        format!("cb5054ee-a69b-41ac-9ab2-{:012}", self.made)
    }

    fn session(&self, id: &str) -> Result<Value, Reply> {
        let found = self.sessions.get(id).cloned();
        found.ok_or_else(|| refuse(404, "session not found"))
    }

    fn create_session(&mut self, asked: &Asked) -> Result<Reply, Reply> {
        let body = asked.object(&["tag"])?;
        check_tag(&body)?;
        let id = self.id();
        let session = json!({ "id": id, "tag": body["tag"] });
        self.sessions.insert(id, session.clone());
        Ok(Reply::ok(session))
    }

    fn delete_session(&mut self, id: &str) -> Result<Reply, Reply> {
        self.session(id)?;
        self.sessions.remove(id);
        self.members.retain(|(session, _)| session != id);
        Ok(Reply::empty(204))
    }

    fn members_of(&self, id: &str) -> Result<Reply, Reply> {
        self.session(id)?;
        let own = self.members.iter().filter(|(session, _)| session == id);
        let people: Vec<&Value> = own
            .filter_map(|(_, who)| self.participants.get(who))
            .collect();
        if people.is_empty() {
            return Ok(Reply::empty(204));
        }
        Ok(Reply::ok(json!(people)))
    }

    fn add(&mut self, id: &str, who: &str, asked: &Asked) -> Result<Reply, Reply> {
        let body = asked.object(&["sessionId", "participants"])?;
        if body["sessionId"] != id {
            return Err(Reply::wrong("subscribes to another session"));
        }
        self.session(id)?;
        if !self.participants.contains_key(who) {
            return Err(refuse(404, "participant not found"));
        }
        if self
            .members
            .iter()
            .any(|(session, of)| of == who && session != id)
        {
            return Err(refuse(409, "in another session"));
        }
        self.members.insert((id.to_owned(), who.to_owned()));
        Ok(Reply::empty(204))
    }

    fn create_participant(&mut self, asked: &Asked) -> Result<Reply, Reply> {
        let known = [
            "callbackUrl",
            "publishPermissions",
            "tag",
            "deviceApiVersion",
        ];
        let body = asked.object(&known)?;
        check_tag(&body)?;
        let kinds = body["publishPermissions"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        if kinds.iter().any(|kind| kind != "AUDIO" && kind != "VIDEO")
            || body["deviceApiVersion"] != "V3"
        {
            return Err(Reply::wrong(format!("participant {body}")));
        }
        let id = self.id();
        let mut participant = body.clone();
        participant["id"] = json!(id);
        self.participants.insert(id.clone(), participant.clone());
        Ok(Reply::ok(
            json!({ "participant": participant, "token": format!("token-{id}") }),
        ))
    }

    fn delete_participant(&mut self, id: &str) -> Result<Reply, Reply> {
        if self.participants.remove(id).is_none() {
            return Err(refuse(404, "participant not found"));
        }
        self.members.retain(|(_, who)| who != id);
        Ok(Reply::empty(204))
    }
}

fn check_tag(body: &Value) -> Result<(), Reply> {
    match &body["tag"] {
        Value::Null => Ok(()),
        Value::String(tag) if tag.len() <= 50 => Ok(()),
        tag => Err(Reply::wrong(format!("tag {tag}"))),
    }
}
