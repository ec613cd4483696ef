//! Delivery by ourselves: into an inbox in the store, from which connected people are served.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::SignedDuration;

use super::{Push, PushMessage, PushRefusal};
use crate::error::{Error, Kind};
use crate::model::Clock;
use crate::model::backoff::Setback;
use crate::model::notification::Target;
use crate::records::documents::{Documents, Write};
use crate::records::{INBOX, InboxKey, StoredArrival};

/// [`Push`] into the inbox.
pub struct InAppPush {
    documents: Arc<dyn Documents>,
    clock: Arc<dyn Clock>,
    /// How long waits what does not say how long it is worth delivering.
    keep: Duration,
}

impl InAppPush {
    /// Delivers into this store, where everything waits for so long.
    pub fn new(documents: Arc<dyn Documents>, clock: Arc<dyn Clock>, keep: Duration) -> Self {
        Self {
            documents,
            clock,
            keep,
        }
    }

    fn write(&self, message: &PushMessage) -> crate::error::Result<Write> {
        let now = self.clock.now();
        let ttl = message.ttl.unwrap_or(self.keep);
        let ttl = SignedDuration::try_from(ttl).unwrap_or(SignedDuration::MAX);
        let expires_at = now.saturating_add(ttl).unwrap_or(now);
        let arrival = StoredArrival {
            to: message.to.clone(),
            kind: message.kind,
            data: message.data.clone(),
            at: now,
            expires_at: Some(expires_at),
        };
        INBOX.put(&InboxKey::new(&message.to, &message.id), &arrival)
    }
}

#[async_trait]
impl Push for InAppPush {
    fn way(&self, _message: &PushMessage) -> &'static str {
        "inbox"
    }

    fn needs_token(&self) -> bool {
        false
    }

    /// Only people have an inbox that something can be read from.
    fn check(&self, message: &PushMessage) -> Result<(), Error> {
        match &message.to {
            Target::User(_) => Ok(()),
            other => Err(Error::new(
                Kind::Unsupported,
                format!(
                    "what is delivered in the app reaches people, not {other}; name a user, or set another push.backend"
                ),
            )),
        }
    }

    async fn send(&self, message: &PushMessage) -> Result<(), PushRefusal> {
        refuse(message)?;
        let written = async { self.documents.commit(vec![self.write(message)?]).await };
        match written.await {
            Ok(_) => Ok(()),
            Err(error) if error.kind().is_temporary() => Err(PushRefusal::Later {
                reason: error.message().to_owned(),
                setback: Setback::of_service(error.wait()),
            }),
            Err(error) if error.kind() == Kind::InvalidInput => {
                Err(PushRefusal::Unsendable(error.message().to_owned()))
            }
            Err(error) => Err(PushRefusal::Paused(error)),
        }
    }

    async fn validate(&self, message: &PushMessage) -> Result<(), PushRefusal> {
        refuse(message)?;
        self.write(message)
            .map(|_| ())
            .map_err(|error| PushRefusal::Unsendable(error.message().to_owned()))
    }
}

/// What an app put into the queue for a push service is of no use here.
fn refuse(message: &PushMessage) -> Result<(), PushRefusal> {
    match &message.to {
        Target::Token(_) | Target::Device(_) => Err(PushRefusal::Unsendable(format!(
            "what is delivered in the app reaches people, not {}",
            message.to
        ))),
        Target::User(_) | Target::Topic(_) => Ok(()),
    }
}
