//! `[signalling]`: how people in local rooms are served over sockets.

use std::num::NonZeroUsize;

use bytesize::ByteSize;
use secrecy::SecretString;

use super::mistake::{Checked, Wrong};
use super::section::{Limit, choice, section};
use crate::meeting::MeetingSettings;
use crate::model::Span;
use crate::model::settings::LiveSettings;

/// Pages of messages that may wait for a slow client.
const PAGES: u64 = 4;

section! {
    [signalling]
    /// How people in local rooms are served over sockets.
    pub struct SignallingSection {
        /// how long somebody whose connection broke may take to come back into a room
        grace: Span = "'10s'",
        /// a node that gives no sign for so long is dead, and its people are gone
        heartbeat: Span = "'15s'",
        /// longest message in a room
        longest_message: ByteSize = "'16KiB'",
        /// most messages kept of one room, the oldest go first; 0 keeps all
        kept_messages: u64 = "10000",
        /// how long messages in rooms are kept
        messages_keep: Span = "'90d'",
        /// longest name of a person or room, in characters
        longest_name: usize = "100",
        /// most people in one local room, whatever its max_participants
        room_size: usize = "1000",
        /// messages of one participant; "off" for no limit
        message_rate: Limit = "'10/1s'",
        /// events of one connection; "off" for no limit
        event_rate: Limit = "'500/1s'",
        /// events of everybody in one room on one node; "off" for no limit
        room_rate: Limit = "'2000/1s'",
        /// bytes of messages from one address in a second, and 64 times as many at once; 0B for no
        /// limit
        message_bytes: ByteSize = "'16KiB'",
        /// bytes of everybody's messages in one room in a second, and 64 times as many at once; 0B
        /// for no limit
        room_bytes: ByteSize = "'64KiB'",
        /// longest signal from one browser to another
        longest_signal: ByteSize = "'64KiB'",
        /// bytes of signals of one participant in a second, and 4 times as many at once; 0B for no
        /// limit
        signal_bytes: ByteSize = "'256KiB'",
        /// rooms made over sockets, or without a key on a surface in `server.open`, from one address; "off"
        /// for no limit
        create_rate: Limit = "'30/1m'",
        /// what rooms made over sockets are called
        room_names: RoomNames = "'digits'",
        /// events that may wait for a slow client before it is disconnected
        queue: NonZeroUsize = "512",
        /// bytes that may wait for a slow client before it is disconnected
        queue_size: ByteSize = "'4MiB'",
        /// bytes that may wait for all slow clients together before the slowest is disconnected
        queue_total: ByteSize = "'256MiB'",
        /// how often a connection is asked for a sign of life
        ping_interval: Span = "'25s'",
        /// how long a connection may take to give a sign of life
        ping_timeout: Span = "'20s'",
        /// STUN servers for the room page, e.g. "stun:stun.example.com:3478"
        stun_urls: Vec<String> = "[]",
        /// TURN servers for the room page, e.g. "turn:turn.example.com:3478"
        turn_urls: Vec<String> = "[]",
        /// the TURN servers' static-auth-secret
        turn_secret: Option<SecretString>,
        /// how long TURN credentials are good for; who is inside gets fresh ones in time
        turn_ttl: Span = "'1h'",
    }
}

choice! {
    /// What rooms made over sockets are called.
    pub enum RoomNames {
        /// Nine digits, which can be read out, as clients of the original expect.
        Digits = "digits",
        /// Sixteen letters and digits, which nobody guesses.
        Letters = "letters",
    }
}

impl SignallingSection {
    /// What meetings are held by.
    pub fn meetings(&self) -> MeetingSettings {
        let bytes = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
        MeetingSettings {
            // A page and whatever else waits must fit into what may wait.
            page_size: bytes(self.queue_size.as_u64() / PAGES),
            grace: self.grace.0,
            longest_message: bytes(self.longest_message.as_u64()),
            kept_messages: self.kept_messages,
            room_size: self.room_size,
            heartbeat: self.heartbeat.0,
        }
    }

    /// What operations go by.
    pub fn live(&self) -> LiveSettings {
        LiveSettings {
            longest_name: self.longest_name,
            numbered: self.room_names == RoomNames::Digits,
            messages_keep: self.messages_keep,
            stun_urls: self.stun_urls.clone(),
            turn_urls: self.turn_urls.clone(),
            turn_secret: self.turn_secret.clone(),
            turn_ttl: self.turn_ttl,
        }
    }

    /// What browsers are told of STUN and TURN servers is of use to them.
    pub(super) fn check(&self) -> Checked {
        if !self.turn_urls.is_empty() && self.turn_secret.is_none() {
            return Err(Wrong::new(
                &["signalling.turn_urls", "signalling.turn_secret"],
                "signalling.turn_urls is set, but signalling.turn_secret is not",
            ));
        }
        check_urls(
            "signalling.stun_urls",
            &self.stun_urls,
            &["stun:", "stuns:"],
        )?;
        check_urls(
            "signalling.turn_urls",
            &self.turn_urls,
            &["turn:", "turns:"],
        )
    }
}

fn check_urls(setting: &'static str, urls: &[String], schemes: &[&str]) -> Checked {
    let wrong = urls.iter().find(|url| {
        let host = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
        !host.is_some_and(|host| !host.is_empty() && !host.contains('/'))
    });
    match wrong {
        Some(url) => Err(Wrong::new(
            &[setting],
            format!(
                "{setting}: {url:?} is not an address like {}turn.example.com:3478",
                schemes[0]
            ),
        )),
        None => Ok(()),
    }
}
