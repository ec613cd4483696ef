//! The sections of live rooms: signalling, media between browsers, several nodes.

use std::num::NonZeroUsize;

use bytesize::ByteSize;
use secrecy::SecretString;
use serde::Deserialize;

use super::schema::Key;
use super::schema::Type::{self, Integer, List, Secret, Size};
use super::schema::key;
use super::{Config, Limit};
use crate::error::{Error, Result};
use crate::model::Span;

/// How people in local rooms are served over sockets.
#[derive(Debug, Clone, Deserialize)]
pub struct SignallingSection {
    /// How long somebody whose connection broke may take to come back.
    pub grace: Span,
    /// A node that gives no sign for so long is dead.
    pub heartbeat: Span,
    /// The longest message.
    pub longest_message: ByteSize,
    /// The longest name, in characters.
    pub longest_name: usize,
    /// The most people in one room.
    pub room_size: usize,
    /// Messages of one connection.
    pub message_rate: Limit,
    /// Events of one connection.
    pub event_rate: Limit,
    /// Events of one room.
    pub room_rate: Limit,
    /// Rooms made over sockets from one address.
    pub create_rate: Limit,
    /// Events that may wait for a slow client.
    pub queue: NonZeroUsize,
    /// And their bytes.
    pub queue_size: ByteSize,
    /// How often a connection is asked for a sign of life.
    pub ping_interval: Span,
    /// How long it may take to give it.
    pub ping_timeout: Span,
    /// STUN servers, `stun:host:port`.
    pub stun_urls: Vec<String>,
    /// TURN servers, `turn:host:port`.
    pub turn_urls: Vec<String>,
    /// What the TURN servers and we both know.
    #[serde(default)]
    pub turn_secret: Option<SecretString>,
    /// How long TURN credentials are good for.
    pub turn_ttl: Span,
}

/// What several nodes tell each other over.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct RedisSection {
    /// The server; with credentials, so a secret.
    #[serde(default)]
    pub url: Option<SecretString>,
}

/// What no single key of these sections can tell.
pub(super) fn check(config: &Config) -> Result<()> {
    let signalling = &config.signalling;
    if !signalling.turn_urls.is_empty() && signalling.turn_secret.is_none() {
        return Err(Error::config(
            "signalling.turn_urls is set, but signalling.turn_secret is not",
        ));
    }
    let schemes = |urls: &[String], schemes: &[&str], setting: &str| {
        let wrong = urls.iter().find(|url| {
            let host = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
            !host.is_some_and(|host| !host.is_empty() && !host.contains('/'))
        });
        match wrong {
            Some(url) => Err(Error::config(format!(
                "{setting}: {url:?} is not an address like {}turn.example.com:3478",
                schemes[0]
            ))),
            None => Ok(()),
        }
    };
    let stun = ["stun:", "stuns:"];
    schemes(&signalling.stun_urls, &stun, "signalling.stun_urls")?;
    let turn = ["turn:", "turns:"];
    schemes(&signalling.turn_urls, &turn, "signalling.turn_urls")
}

/// The keys of these sections.
pub(super) const SIGNALLING: &[Key] = &[
    key(
        "signalling.grace",
        Type::Span,
        "'10s'",
        "how long somebody whose connection broke may take to come back into a room",
    ),
    key(
        "signalling.heartbeat",
        Type::Span,
        "'15s'",
        "a node that gives no sign for so long is dead, and its people are gone",
    ),
    key(
        "signalling.longest_message",
        Size,
        "'16KiB'",
        "longest message in a room",
    ),
    key(
        "signalling.longest_name",
        Integer,
        "100",
        "longest name of a person or room, in characters",
    ),
    key(
        "signalling.room_size",
        Integer,
        "1000",
        "most people in one local room, whatever its max_participants",
    ),
    key(
        "signalling.message_rate",
        Type::Rate,
        "'10/1s'",
        "messages of one participant; \"off\" for no limit",
    ),
    key(
        "signalling.event_rate",
        Type::Rate,
        "'500/1s'",
        "events of one connection; \"off\" for no limit",
    ),
    key(
        "signalling.room_rate",
        Type::Rate,
        "'2000/1s'",
        "events of everybody in one room on one node; \"off\" for no limit",
    ),
    key(
        "signalling.create_rate",
        Type::Rate,
        "'30/1m'",
        "rooms made over sockets from one address; \"off\" for no limit",
    ),
    key(
        "signalling.queue",
        Integer,
        "512",
        "events that may wait for a slow client before it is disconnected",
    ),
    key(
        "signalling.queue_size",
        Size,
        "'4MiB'",
        "bytes that may wait for a slow client before it is disconnected",
    ),
    key(
        "signalling.ping_interval",
        Type::Span,
        "'25s'",
        "how often a connection is asked for a sign of life",
    ),
    key(
        "signalling.ping_timeout",
        Type::Span,
        "'20s'",
        "how long a connection may take to give a sign of life",
    ),
    key(
        "signalling.stun_urls",
        List,
        "[]",
        "STUN servers for the room page, e.g. \"stun:stun.example.com:3478\"",
    ),
    key(
        "signalling.turn_urls",
        List,
        "[]",
        "TURN servers for the room page, e.g. \"turn:turn.example.com:3478\"",
    ),
    key(
        "signalling.turn_secret",
        Secret,
        "",
        "the TURN servers' static-auth-secret",
    ),
    key(
        "signalling.turn_ttl",
        Type::Span,
        "'12h'",
        "how long TURN credentials are good for",
    ),
    key(
        "redis.url",
        Secret,
        "",
        "lets several nodes over one store act as one, e.g. redis://host:6379",
    ),
];
