//! Delivery by ourselves: into an inbox in the store, from which connected people are served.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::SignedDuration;

use super::{Push, PushMessage, PushRefusal};
use crate::model::Clock;
use crate::model::backoff::Setback;
use crate::records::documents::{Documents, Write};
use crate::records::{INBOX, InboxKey, StoredArrival};

/// What nobody takes waits no longer than push services keep it: four weeks.
const LONGEST: Duration = Duration::from_hours(28 * 24);

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

    fn write(&self, message: &PushMessage) -> crate::error::Result<Write> {
        let now = self.clock.now();
        let ttl = message.ttl.unwrap_or(LONGEST);
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
    fn needs_token(&self) -> bool {
        false
    }

    async fn send(&self, message: &PushMessage) -> Result<(), PushRefusal> {
        let written = async { self.documents.commit(vec![self.write(message)?]).await };
        match written.await {
            Ok(_) => Ok(()),
            Err(error) if error.kind().is_temporary() => Err(PushRefusal::Later {
                reason: error.message().to_owned(),
                setback: Setback::of_service(error.wait()),
            }),
            Err(error) if error.kind() == crate::Kind::InvalidInput => {
                Err(PushRefusal::Unsendable(error.message().to_owned()))
            }
            Err(error) => Err(PushRefusal::Paused(error)),
        }
    }

    async fn validate(&self, message: &PushMessage) -> Result<(), PushRefusal> {
        self.write(message)
            .map(|_| ())
            .map_err(|error| PushRefusal::Unsendable(error.message().to_owned()))
    }
}
