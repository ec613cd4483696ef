//! A strict stand-in for 100ms' API, by <https://www.100ms.live/docs/server-side/v2>.

use std::collections::BTreeSet;

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Map, Value, json};

use crate::vendor::{Asked, Fake, Reply, Vendor};

/// The only account it knows.
pub const ACCESS_KEY: &str = "hms-access-key";
pub const SECRET: &str = "hms-secret-of-some-length";

/// The rooms, sessions and recordings of the account.
#[derive(Default)]
pub struct HundredMs {
    pub rooms: Vec<Value>,
    pub sessions: Vec<Value>,
    pub recordings: Vec<Value>,
    /// What rooms were made with.
    pub asked_for: Vec<Value>,
    /// Who is in which room: room id, peer.
    pub peers: Vec<(String, Value)>,
    /// The management tokens that came, by their ids.
    pub tokens: BTreeSet<String>,
    made: u64,
}

pub type FakeHundredMs = Fake<HundredMs>;

pub async fn start() -> FakeHundredMs {
    Fake::run(HundredMs::default()).await
}

/// The environment of an account there.
pub fn variables(fake: &FakeHundredMs) -> Vec<(&'static str, String)> {
    vec![
        ("APP_ACCESS_KEY", ACCESS_KEY.to_owned()),
        ("APP_SECRET", SECRET.to_owned()),
        ("TOK_HUNDRED_MS__BASE_URL", fake.url()),
        ("TOK_HUNDRED_MS__TIMEOUT", "30s".to_owned()),
    ]
}

const ROOM_FIELDS: [&str; 11] = [
    "name",
    "description",
    "template_id",
    "recording_info",
    "region",
    "large_room",
    "size",
    "max_duration_seconds",
    "polls",
    "webhook",
    "enabled",
];

impl Vendor for HundredMs {
    const PREFIX: &'static str = "/v2";

    fn handle(&mut self, asked: &Asked) -> Reply {
        if let Err(reply) = self.admit(asked) {
            return reply;
        }
        let parts: Vec<&str> = asked.parts.iter().map(String::as_str).collect();
        let outcome = match (asked.method.as_str(), parts.as_slice()) {
            ("POST", ["rooms"]) => self.create(asked),
            ("GET", ["rooms"]) => self.list_rooms(asked),
            ("GET", ["rooms", id]) => self.room(id).map(|at| Reply::ok(self.rooms[at].clone())),
            ("POST", ["rooms", id]) => self.update(id, asked),
            ("GET", ["active-rooms", id, "peers"]) => self.active_peers(id),
            ("POST", ["active-rooms", id, "end-room"]) => self.end_room(id, asked),
            ("GET", ["sessions"]) => self.list_sessions(asked),
            ("GET", ["sessions", id]) => find(&self.sessions, id).map(Reply::ok),
            ("POST", ["recordings", "room", id, "start"]) => self.record(id),
            ("POST", ["recordings", id, "stop"]) => self.stop(id),
            ("GET", ["recordings"]) => self.list_recordings(asked),
            ("GET", ["recordings", id]) => find(&self.recordings, id).map(Reply::ok),
            ("GET", ["recording-assets", id, "presigned-url"]) => Ok(Reply::ok(json!({
                "id": id, "path": "rec/file.mp4", "url": format!("https://files.example/{id}?sig=1"),
                "expiry": 259_200,
            }))),
            _ => Err(Reply::wrong("no such endpoint")),
        };
        outcome.unwrap_or_else(|reply| reply)
    }
}

fn refuse(status: u16, message: &str) -> Reply {
    Reply::with(
        status,
        json!({ "code": status, "message": message, "details": [] }),
    )
}

fn find(items: &[Value], id: &str) -> Result<Value, Reply> {
    let found = items.iter().find(|item| item["id"] == id).cloned();
    found.ok_or_else(|| refuse(404, "not found"))
}

fn moment(offset: i64) -> String {
    let now = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(offset);
    now.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

impl HundredMs {
    /// Only a management token of this account, as documented, gets in.
    fn admit(&mut self, asked: &Asked) -> Result<(), Reply> {
        let Some(token) = asked.header("authorization").strip_prefix("Bearer ") else {
            return Err(refuse(401, "no token"));
        };
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_nbf = true;
        validation.leeway = 0;
        let key = DecodingKey::from_secret(SECRET.as_bytes());
        let read = jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation);
        let Ok(read) = read else {
            return Err(refuse(401, "token is invalid or expired"));
        };
        let claims = read.claims;
        let names: BTreeSet<&str> = claims.keys().map(String::as_str).collect();
        let wanted = ["access_key", "exp", "iat", "jti", "nbf", "type", "version"];
        let life = claims["exp"].as_i64().unwrap_or(0) - claims["iat"].as_i64().unwrap_or(0);
        if claims["access_key"] != ACCESS_KEY
            || claims["type"] != "management"
            || claims["version"] != 2
            || names != BTreeSet::from(wanted)
            || life != 86_400
        {
            return Err(Reply::wrong(format!("management token {claims:?}")));
        }
        let id = claims["jti"].as_str().unwrap_or_default().to_owned();
        self.tokens.insert(id);
        Ok(())
    }

    pub fn id(&mut self) -> String {
        self.made += 1;
        format!("{:024x}", 0x5f00_0000_0000_0000_u64 + self.made)
    }

    fn room(&self, id: &str) -> Result<usize, Reply> {
        let at = self.rooms.iter().position(|room| room["id"] == id);
        at.ok_or_else(|| refuse(404, "room not found"))
    }

    fn create(&mut self, asked: &Asked) -> Result<Reply, Reply> {
        let body = asked.object(&ROOM_FIELDS[..10])?;
        self.asked_for.push(body.clone());
        if body["template_id"] == "no-such-template" {
            return Err(refuse(400, "template not found"));
        }
        let name = match body["name"].as_str() {
            Some(name) => name.to_owned(),
            None => format!("random-{}", self.made),
        };
        let same = |room: &Value| {
            let known = room["name"].as_str().unwrap_or_default();
            known.eq_ignore_ascii_case(&name)
        };
        if let Some(at) = self.rooms.iter().position(same) {
            merge(&mut self.rooms[at], &body);
            return Ok(Reply::ok(self.rooms[at].clone()));
        }
        let mut room = json!({
            "id": self.id(), "name": name, "enabled": true, "description": "",
            "customer_id": "cust", "app_id": "app", "recording_info": { "enabled": false },
            "template_id": "tmpl", "template": "default", "region": "us",
            "created_at": moment(0), "updated_at": moment(0), "large_room": false, "size": 0,
            "a_field_of_tomorrow": { "kept": true },
        });
        merge(&mut room, &body);
        self.rooms.push(room.clone());
        Ok(Reply::ok(room))
    }

    fn update(&mut self, id: &str, asked: &Asked) -> Result<Reply, Reply> {
        let body = asked.object(&ROOM_FIELDS)?;
        let at = self.room(id)?;
        merge(&mut self.rooms[at], &body);
        Ok(Reply::ok(self.rooms[at].clone()))
    }

    fn list_rooms(&self, asked: &Asked) -> Result<Reply, Reply> {
        asked.only(&[
            "name",
            "enabled",
            "after",
            "before",
            "template_id",
            "limit",
            "start",
        ])?;
        let enabled = asked.query.get("enabled").is_none_or(|text| text == "true");
        let name = asked.query.get("name");
        let found = self.rooms.iter().rev().filter(|room| {
            let known = room["name"].as_str().unwrap_or_default();
            room["enabled"] == enabled && name.is_none_or(|name| known.eq_ignore_ascii_case(name))
        });
        page(found.cloned().collect(), asked)
    }

    fn active_peers(&self, id: &str) -> Result<Reply, Reply> {
        let own = self.peers.iter().filter(|(room, _)| room == id);
        let peers: Map<String, Value> = own
            .map(|(_, peer)| (peer["id"].as_str().unwrap_or("").to_owned(), peer.clone()))
            .collect();
        if peers.is_empty() {
            return Err(refuse(404, "room is not active"));
        }
        Ok(Reply::ok(json!({ "peers": peers })))
    }

    fn end_room(&mut self, id: &str, asked: &Asked) -> Result<Reply, Reply> {
        asked.object(&["reason", "lock"])?;
        let before = self.peers.len();
        self.peers.retain(|(room, _)| room != id);
        if self.peers.len() == before {
            return Err(refuse(404, "room is not active"));
        }
        Ok(Reply::ok(json!({ "message": "session is ending" })))
    }

    fn list_sessions(&self, asked: &Asked) -> Result<Reply, Reply> {
        asked.only(&["active", "room_id", "after", "before", "limit", "start"])?;
        if asked.query.get("room_id").is_some_and(String::is_empty) {
            return Err(Reply::wrong("an empty room_id"));
        }
        let active = asked.query.get("active").is_none_or(|text| text == "true");
        let room = asked.query.get("room_id");
        let found = self.sessions.iter().rev().filter(|session| {
            session["active"] == active && room.is_none_or(|room| session["room_id"] == *room)
        });
        page(found.cloned().collect(), asked)
    }

    fn record(&mut self, room: &str) -> Result<Reply, Reply> {
        self.room(room)?;
        let recording = json!({
            "id": self.id(), "room_id": room, "session_id": "s1", "status": "starting",
            "created_at": moment(0), "asset_types": ["room-composite"], "recording_assets": null,
        });
        self.recordings.push(recording.clone());
        Ok(Reply::ok(recording))
    }

    fn stop(&mut self, id: &str) -> Result<Reply, Reply> {
        let found = self.recordings.iter_mut().find(|of| of["id"] == id);
        let recording = found.ok_or_else(|| refuse(404, "recording not found"))?;
        recording["status"] = json!("completed");
        recording["recording_assets"] = json!([
            { "id": "a0", "type": "chat", "status": "completed", "size": 10 },
            { "id": "a1", "type": "room-composite", "status": "completed", "size": 4096, "duration": 61.5 },
        ]);
        Ok(Reply::ok(recording.clone()))
    }

    fn list_recordings(&self, asked: &Asked) -> Result<Reply, Reply> {
        asked.only(&["room_id", "session_id", "status", "start", "limit"])?;
        let room = asked.query.get("room_id");
        let found = self.recordings.iter().rev();
        let found = found.filter(|of| room.is_none_or(|room| of["room_id"] == *room));
        page(found.cloned().collect(), asked)
    }
}

fn merge(into: &mut Value, from: &Value) {
    for (key, value) in from.as_object().into_iter().flatten() {
        into[key.as_str()] = value.clone();
    }
}

fn page(items: Vec<Value>, asked: &Asked) -> Result<Reply, Reply> {
    let limit = asked.number("limit", 10)?;
    if !(10..=100).contains(&limit) {
        return Err(Reply::wrong("limit must be 10 to 100"));
    }
    let from = match asked.query.get("start") {
        None => 0,
        Some(start) => {
            let at = items.iter().position(|item| item["id"] == **start);
            at.ok_or_else(|| Reply::wrong("no such start"))? + 1
        }
    };
    let some: Vec<Value> = items.into_iter().skip(from).take(limit).collect();
    let last = some.last().map_or(json!(""), |item| item["id"].clone());
    // An empty list comes as null.
    let data = if some.is_empty() {
        Value::Null
    } else {
        json!(some)
    };
    Ok(Reply::ok(
        json!({ "limit": limit, "data": data, "last": last }),
    ))
}
