//! Whom notifications are for.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::digest::digest;
use crate::error::{Error, Result};

/// Whom a notification is for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// One installation of the app, by its push token.
    Token(String),
    /// A person, by their id.
    User(String),
    /// A registered device, by its id.
    Device(String),
    /// Everybody who follows a topic.
    Topic(String),
}

/// No more than is shown.
impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({self})")
    }
}

impl Target {
    /// A short name for it, the same in every process; it tells nothing of a token.
    pub fn digest(&self) -> u64 {
        let (kind, name) = match self {
            Self::Token(name) => ("token", name),
            Self::User(name) => ("user", name),
            Self::Device(name) => ("device", name),
            Self::Topic(name) => ("topic", name),
        };
        digest(format!("{kind}:{name}"))
    }

    /// A token as apps keep it: what begins with `/topics/`, as topics once were addressed, is one.
    pub(super) fn of_token(token: String) -> Self {
        if token.starts_with(OLD_TOPIC) {
            return Self::Topic(token).plain();
        }
        Self::Token(token)
    }

    /// The same without the old way to write a topic: `/topics/news` is `news`.
    #[must_use]
    pub fn plain(self) -> Self {
        match self {
            Self::Topic(name) => match name.strip_prefix(OLD_TOPIC) {
                Some(plain) => Self::Topic(plain.to_owned()),
                None => Self::Topic(name),
            },
            other => other,
        }
    }

    /// What is wrong with it, if anything.
    pub(super) fn check(&self) -> Result<()> {
        if self.is_empty() {
            return Err(Error::invalid("`to` names nobody"));
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.~%".contains(c);
        match self {
            Self::Topic(name) if name.len() > LONGEST_TOPIC || !name.chars().all(allowed) => {
                let shown: String = name.chars().take(64).collect();
                Err(Error::invalid(format!(
                    "{shown:?} is no topic; use letters, digits and - _ . ~ % only"
                )))
            }
            _ => Ok(()),
        }
    }

    /// Whether this names anybody at all.
    pub(super) fn is_empty(&self) -> bool {
        let (Self::Token(name) | Self::User(name) | Self::Device(name) | Self::Topic(name)) = self;
        name.is_empty()
    }
}

/// How topics were addressed once.
const OLD_TOPIC: &str = "/topics/";
/// The longest name of a topic.
const LONGEST_TOPIC: usize = 900;
/// So many receivers are named one by one.
const NAMED: usize = 3;

/// How several receivers of one notification are shown.
pub fn whom(to: &[Target]) -> String {
    let mut shown: Vec<String> = to.iter().take(NAMED).map(ToString::to_string).collect();
    if to.len() > NAMED {
        shown.push(format!("{} more", to.len() - NAMED));
    }
    shown.join(", ")
}

/// A push token as it may be shown: its end only.
pub fn ending(token: &str) -> String {
    let skip = token.chars().count().saturating_sub(6);
    token.chars().skip(skip).fold("…".to_owned(), |mut end, c| {
        end.push(c);
        end
    })
}

/// How it is shown: of a token, which is a secret, only the end.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(token) => write!(f, "token {}", ending(token)),
            Self::User(id) => write!(f, "user {id}"),
            Self::Device(id) => write!(f, "device {id}"),
            Self::Topic(name) => write!(f, "topic {name}"),
        }
    }
}
