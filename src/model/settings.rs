//! What operations go by that somebody configured.

use secrecy::SecretString;
use url::Url;

use super::Span;

/// The lives of join tokens.
#[derive(Debug, Clone, Copy)]
pub struct TokenLife {
    /// When none is asked for.
    pub usual: Span,
    /// The longest.
    pub longest: Span,
}

/// How long calls ring, last and are kept.
#[derive(Debug, Clone)]
pub struct CallSettings {
    /// How long a phone rings.
    pub ring_for: Span,
    /// How long a call may last.
    pub longest: Span,
    /// How long calls that are over, and web callbacks, are kept.
    pub keep: Span,
    /// The deep link in a ring of the Bandwidth surface.
    pub answer_url: Url,
}

/// How live rooms are served.
#[derive(Debug, Clone)]
pub struct LiveSettings {
    /// The longest name of a person or room, in characters.
    pub longest_name: usize,
    /// Whether rooms made over sockets are called by numbers, which can be guessed.
    pub numbered: bool,
    /// How long messages in rooms are kept.
    pub messages_keep: Span,
    /// STUN servers.
    pub stun_urls: Vec<String>,
    /// TURN servers.
    pub turn_urls: Vec<String>,
    /// What the TURN servers and we both know.
    pub turn_secret: Option<SecretString>,
    /// How long TURN credentials are good for.
    pub turn_ttl: Span,
}

/// How notifications are delivered.
#[derive(Debug, Clone, Copy)]
pub struct NotifySettings {
    /// How long an incoming call is worth ringing.
    pub call_ttl: Span,
    /// Sent at the same time.
    pub streams: usize,
    /// So many that wait for another try are kept in memory; others are found in the queue again.
    pub waiting: usize,
    /// How long one that cannot be sent is tried again.
    pub patience: Span,
    /// How long outcomes are told.
    pub keep: Span,
}

/// Which loops workers have to run.
#[derive(Debug, Clone)]
pub struct WorkerSettings {
    /// Their names, as in the configuration.
    pub loops: Vec<String>,
    /// Into how many parts the queue of notifications is cut.
    pub shards: u32,
}
