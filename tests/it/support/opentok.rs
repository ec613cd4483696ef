//! A strict stand-in for the API of OpenTok and of Vonage Video, by
//! <https://tokbox.com/developer/rest/>.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Map, Value, json};

use crate::vendor::{Asked, Fake, Reply, Vendor};

/// The legacy project.
pub const KEY: &str = "45828062";
pub const SECRET: &str = "opentok-secret";
/// The unified application.
pub const APPLICATION: &str = "78d335fa-323d-0114-9c3d-d6f0d48968cf";

/// Its key pair in PEM, made for this run alone: the private and the public half.
pub static KEYS: LazyLock<(String, String)> = LazyLock::new(|| {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key pair");
    let pem = |name: &str, der: &[u8]| {
        let text = STANDARD.encode(der);
        let lines: Vec<&str> = text
            .as_bytes()
            .chunks(64)
            .map(|line| std::str::from_utf8(line).expect("base64"))
            .collect();
        format!(
            "-----BEGIN {name}-----\n{}\n-----END {name}-----\n",
            lines.join("\n")
        )
    };
    let private = AsDer::<Pkcs8V1Der>::as_der(&pair).expect("a key");
    let public = AsDer::<PublicKeyX509Der>::as_der(pair.public_key()).expect("a key");
    (
        pem("PRIVATE KEY", private.as_ref()),
        pem("PUBLIC KEY", public.as_ref()),
    )
});

/// The sessions and archives of an account.
#[derive(Default)]
pub struct Opentok {
    pub sessions: Vec<String>,
    pub archives: Vec<Value>,
    /// Who is connected: session, connection id.
    pub connections: Vec<(String, String)>,
    /// The forms that sessions were made with.
    pub forms: Vec<BTreeMap<String, String>>,
    /// Whether it makes no sessions now.
    pub refuses_sessions: bool,
    /// Whether it is the unified account that calls.
    pub unified: bool,
    pub jtis: Vec<String>,
}

pub type FakeOpentok = Fake<Opentok>;

pub async fn start() -> FakeOpentok {
    Fake::run(Opentok::default()).await
}

/// The environment of the legacy project.
pub fn variables(fake: &FakeOpentok) -> Vec<(&'static str, String)> {
    vec![
        ("TOKBOX_API_KEY", KEY.to_owned()),
        ("TOKBOX_SECRET", SECRET.to_owned()),
        ("TOK_OPENTOK__BASE_URL", fake.url()),
        ("TOK_OPENTOK__TIMEOUT", "30s".to_owned()),
    ]
}

/// The environment of the unified application.
#[allow(dead_code, reason = "each user needs a part")]
pub fn unified(fake: &FakeOpentok) -> Vec<(&'static str, String)> {
    fake.with(|vendor| vendor.unified = true);
    vec![
        ("TOK_OPENTOK__APPLICATION_ID", APPLICATION.to_owned()),
        ("TOK_OPENTOK__PRIVATE_KEY", KEYS.0.clone()),
        ("TOK_OPENTOK__BASE_URL", fake.url()),
        ("TOK_OPENTOK__TIMEOUT", "30s".to_owned()),
    ]
}

const ARCHIVE_FIELDS: [&str; 12] = [
    "sessionId",
    "name",
    "hasAudio",
    "hasVideo",
    "outputMode",
    "resolution",
    "layout",
    "streamMode",
    "multiArchiveTag",
    "maxBitrate",
    "quantizationParameter",
    "hasTranscription",
];

impl Vendor for Opentok {
    const PREFIX: &'static str = "";

    fn handle(&mut self, asked: &Asked) -> Reply {
        if let Err(reply) = self.admit(asked) {
            return reply;
        }
        let account = if self.unified { APPLICATION } else { KEY };
        let parts: Vec<&str> = asked.parts.iter().map(String::as_str).collect();
        let outcome = match (asked.method.as_str(), parts.as_slice()) {
            ("POST", ["session", "create"]) => self.create(asked),
            (method, ["v2", "project", id, rest @ ..]) if *id == account => match (method, rest) {
                ("POST", ["archive"]) => self.record(asked),
                ("GET", ["archive"]) => self.list(asked),
                ("GET", ["archive", id]) => self
                    .archive(id)
                    .map(|at| Reply::ok(self.archives[at].clone())),
                ("POST", ["archive", id, "stop"]) => self.stop(id),
                ("DELETE", ["archive", id]) => self.delete(id),
                ("GET", ["session", id, "connection"]) if self.unified => self.connected(id),
                ("GET", ["session", id, "stream"]) => Ok(self.streams(id)),
                ("DELETE", ["session", id, "connection", connection]) => {
                    self.disconnect(id, connection)
                }
                ("GET", ["session", _, "connection"]) => Err(refuse(404, "Not found")),
                _ => Err(Reply::wrong("no such endpoint")),
            },
            _ => Err(Reply::wrong("no such endpoint")),
        };
        outcome.unwrap_or_else(|reply| reply)
    }
}

fn refuse(status: u16, message: &str) -> Reply {
    Reply::with(status, json!({ "code": -1, "message": message }))
}

impl Opentok {
    /// Only a token of the account, no longer good than documented, gets in.
    fn admit(&mut self, asked: &Asked) -> Result<(), Reply> {
        let (token, key, algorithm) = if self.unified {
            let token = asked.header("authorization").strip_prefix("Bearer ");
            let key = DecodingKey::from_rsa_pem(KEYS.1.as_bytes()).expect("a key");
            (token, key, Algorithm::RS256)
        } else {
            let token = asked.header("x-opentok-auth");
            let key = DecodingKey::from_secret(SECRET.as_bytes());
            (
                Some(token).filter(|token| !token.is_empty()),
                key,
                Algorithm::HS256,
            )
        };
        let mut validation = Validation::new(algorithm);
        validation.leeway = 0;
        let read =
            token.map(|token| jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation));
        let Some(Ok(read)) = read else {
            return Err(refuse(403, "Invalid token"));
        };
        let claims = read.claims;
        let number = |name: &str| claims.get(name).and_then(Value::as_i64).unwrap_or(0);
        let (iat, exp) = (number("iat"), number("exp"));
        let who = if self.unified {
            claims.get("application_id") == Some(&json!(APPLICATION))
        } else {
            claims.get("iss") == Some(&json!(KEY)) && claims.get("ist") == Some(&json!("project"))
        };
        // The unified account allows more; its own library asks for 15 minutes.
        let longest = if self.unified { 900 } else { 300 };
        if !who || exp - iat > longest || iat > jiff::Timestamp::now().as_second() {
            return Err(Reply::wrong(format!("token {claims:?}")));
        }
        let jti = claims.get("jti").and_then(Value::as_str);
        self.jtis.push(jti.unwrap_or_default().to_owned());
        Ok(())
    }

    fn create(&mut self, asked: &Asked) -> Result<Reply, Reply> {
        if self.refuses_sessions {
            return Err(refuse(400, "no sessions now"));
        }
        if asked.header("content-type") != "application/x-www-form-urlencoded" {
            return Err(Reply::wrong("not a form"));
        }
        if !asked.header("accept").starts_with("application/json") {
            return Err(Reply::wrong("would get XML"));
        }
        let form: BTreeMap<String, String> = url::form_urlencoded::parse(&asked.body)
            .into_owned()
            .collect();
        let known = [
            "archiveMode",
            "archiveName",
            "archiveResolution",
            "e2ee",
            "location",
            "p2p.preference",
        ];
        if let Some(key) = form.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(Reply::wrong(format!("unknown field {key}")));
        }
        self.forms.push(form);
        let number = self.sessions.len();
        let inner = format!("~{KEY}~~{}~0.{number}~", 1_700_000_000 + number);
        let id = format!("1_{}", URL_SAFE.encode(inner).replace('=', ""));
        self.sessions.push(id.clone());
        Ok(Reply::ok(json!([{
            "session_id": id, "project_id": KEY, "partner_id": KEY,
            "create_dt": "Thu Jan 01 00:00:00 PST 2026", "media_server_url": "",
        }])))
    }

    fn archive(&self, id: &str) -> Result<usize, Reply> {
        let at = self.archives.iter().position(|of| of["id"] == id);
        at.ok_or_else(|| refuse(404, "Not found. No such archive"))
    }

    fn record(&mut self, asked: &Asked) -> Result<Reply, Reply> {
        let body = asked.object(&ARCHIVE_FIELDS)?;
        let Some(session) = body["sessionId"].as_str() else {
            return Err(refuse(400, "no session id"));
        };
        if !self.sessions.iter().any(|known| known == session) {
            return Err(refuse(
                404,
                "Not found. Session unknown or nobody connected",
            ));
        }
        let running = |of: &Value| of["sessionId"] == session && of["status"] == "started";
        if self.archives.iter().any(running) {
            return Err(Reply::with(
                409,
                json!({ "code": 15001, "message": "HTTP 409 Conflict" }),
            ));
        }
        let archive = json!({
            "id": format!("30b3ebf1-ba36-4f5b-8def-{:012}", self.archives.len()),
            "name": body["name"], "createdAt": jiff::Timestamp::now().as_millisecond(),
            "duration": 0, "hasAudio": true, "hasVideo": true, "outputMode": "composed",
            "projectId": KEY, "reason": "", "sessionId": session, "size": 0,
            "status": "started", "streamMode": "auto", "url": null,
            "a_field_of_tomorrow": true,
        });
        self.archives.push(archive.clone());
        Ok(Reply::ok(archive))
    }

    fn list(&self, asked: &Asked) -> Result<Reply, Reply> {
        asked.only(&["offset", "count", "sessionId"])?;
        let (offset, count) = (asked.number("offset", 0)?, asked.number("count", 50)?);
        if count > 1000 {
            return Err(Reply::wrong("count is over 1000"));
        }
        let session = asked.query.get("sessionId");
        let found: Vec<&Value> = self
            .archives
            .iter()
            .rev()
            .filter(|of| session.is_none_or(|session| of["sessionId"] == *session))
            .collect();
        let some: Vec<&&Value> = found.iter().skip(offset).take(count).collect();
        Ok(Reply::ok(json!({ "count": found.len(), "items": some })))
    }

    fn stop(&mut self, id: &str) -> Result<Reply, Reply> {
        let at = self.archive(id)?;
        if self.archives[at]["status"] != "started" {
            return Err(refuse(409, "Archive is not running"));
        }
        self.archives[at]["status"] = json!("stopped");
        Ok(Reply::ok(self.archives[at].clone()))
    }

    fn delete(&mut self, id: &str) -> Result<Reply, Reply> {
        let at = self.archive(id)?;
        let status = &self.archives[at]["status"];
        if status != "available" && status != "uploaded" {
            return Err(refuse(409, "Archive has no file"));
        }
        self.archives.remove(at);
        Ok(Reply::empty(204))
    }

    fn connected(&self, session: &str) -> Result<Reply, Reply> {
        let own = self.connections.iter().filter(|(of, _)| of == session);
        let items: Vec<Value> = own
            .map(|(_, id)| {
                json!({ "connectionId": id, "connectionState": "Connected", "createdAt": "1700000000000" })
            })
            .collect();
        if items.is_empty() {
            return Err(refuse(404, "nobody is connected"));
        }
        Ok(Reply::ok(json!({
            "count": items.len(), "applicationId": APPLICATION, "sessionId": session, "items": items,
        })))
    }

    fn streams(&self, session: &str) -> Reply {
        let own = self.connections.iter().filter(|(of, _)| of == session);
        let items: Vec<Value> = own
            .map(|(_, id)| {
                json!({ "id": id, "videoType": "camera", "name": "", "layoutClassList": [] })
            })
            .collect();
        Reply::ok(json!({ "count": items.len(), "items": items }))
    }

    fn disconnect(&mut self, session: &str, connection: &str) -> Result<Reply, Reply> {
        let before = self.connections.len();
        self.connections
            .retain(|(of, id)| of != session || id != connection);
        if self.connections.len() == before {
            return Err(refuse(404, "no such connection"));
        }
        Ok(Reply::empty(204))
    }
}
