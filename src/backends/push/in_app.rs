//! Delivery by ourselves: into an inbox in the store, from which connected people are served.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use serde_json::json;

use super::{Message, Push, Refusal};
use crate::backends::documents::{Documents, Write};
use crate::model::Clock;
use crate::model::notification::Target;

/// What waits for people to connect: `{to, kind, data, at, expires_at}`, id
/// [`inbox_of`] followed by the notification's id.
pub const INBOX: &str = "tok_inbox";

/// The beginning of the ids of everything that waits for `to`.
pub fn inbox_of(to: &Target) -> String {
    let (kind, name) = match to {
        Target::Token(name) => ("token", name),
        Target::User(name) => ("user", name),
        Target::Device(name) => ("device", name),
        Target::Topic(name) => ("topic", name),
    };
    format!("{kind}:{name}:")
}

/// [`Push`] into the inbox.
pub struct InAppPush {
    documents: Arc<dyn Documents>,
    clock: Arc<dyn Clock>,
}

impl InAppPush {
    /// Delivers into this store.
    pub fn new(documents: Arc<dyn Documents>, clock: Arc<dyn Clock>) -> Self {
        Self { documents, clock }
    }

    fn write(&self, message: &Message) -> crate::error::Result<Write> {
        let now = self.clock.now();
        let expires_at = message.ttl.map(|ttl| {
            let ttl = SignedDuration::try_from(ttl).unwrap_or(SignedDuration::MAX);
            now.saturating_add(ttl).unwrap_or(now)
        });
        let entry = json!({
            "to": message.to, "kind": message.kind, "data": message.data, "at": now,
            "expires_at": expires_at,
        });
        let id = format!("{}{}", inbox_of(&message.to), message.id);
        Ok(Write::put(INBOX, &id, &entry)?.moments(&["at", "expires_at"]))
    }
}

#[async_trait]
impl Push for InAppPush {
    fn needs_token(&self) -> bool {
        false
    }

    async fn send(&self, message: &Message) -> Result<(), Refusal> {
        let written = async { self.documents.commit(vec![self.write(message)?]).await };
        match written.await {
            Ok(_) => Ok(()),
            Err(error) if error.kind().is_temporary() => Err(Refusal::Later {
                reason: error.message().to_owned(),
                after: error.wait(),
                everybody: true,
            }),
            Err(error) if error.kind() == crate::Kind::InvalidInput => {
                Err(Refusal::Unsendable(error.message().to_owned()))
            }
            Err(error) => Err(Refusal::Paused(error)),
        }
    }

    async fn validate(&self, message: &Message) -> Result<(), Refusal> {
        self.write(message)
            .map(|_| ())
            .map_err(|error| Refusal::Unsendable(error.message().to_owned()))
    }
}
