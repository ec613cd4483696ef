//! Bandwidth's tokens: each comes with a participant that is made for it.

use async_trait::async_trait;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};

use super::rooms::LONGEST_TAG;
use super::{BandwidthBackend, WireParticipant, parse};
use crate::backends::rooms::{Tokens, VendorParticipants};
use crate::error::{Error, Result};
use crate::model::{BackendName, Grant, JoinToken, Role, RoomName, TokenFacts};

#[derive(Deserialize)]
struct Made {
    participant: WireParticipant,
    token: String,
}

#[async_trait]
impl Tokens for BandwidthBackend {
    fn issuer(&self) -> &str {
        &self.account
    }

    /// The vendor alone says how long the token is good.
    async fn mint(&self, grant: &Grant) -> Result<JoinToken> {
        let (token, id) = self.open(grant).await?;
        if let Err(error) = self.join(&grant.room, &id).await {
            // It belongs to nothing: undo it. If that fails too, the vendor reaps it.
            if let Err(undone) = self.remove(&["participants", &id]).await {
                tracing::error!(error = %undone, participant = id, "a participant is left over");
            }
            return Err(error);
        }
        Ok(token)
    }

    async fn inspect(&self, _token: &str) -> Result<TokenFacts> {
        Err(Error::unsupported(
            "only Bandwidth can tell what a token of Bandwidth's opens",
        ))
    }
}

#[async_trait]
impl VendorParticipants for BandwidthBackend {
    async fn open(&self, grant: &Grant) -> Result<(JoinToken, String)> {
        grant.only(&["publishPermissions"])?;
        let publish = match (grant.properties.get("publishPermissions"), grant.role) {
            (_, Role::Viewer) => json!([]),
            (None, _) => json!(["AUDIO"]),
            (Some(Value::Array(kinds)), _)
                if kinds.iter().all(|kind| kind == "AUDIO" || kind == "VIDEO") =>
            {
                json!(kinds)
            }
            (Some(_), _) => {
                return Err(Error::invalid(
                    "publishPermissions must be a list of AUDIO and VIDEO",
                ));
            }
        };
        // Nothing is made for a room that is not there.
        self.registry.get(&grant.room).await?;
        let mut body = json!({ "publishPermissions": publish, "deviceApiVersion": "V3" });
        if let Some(id) = &grant.user_id {
            body["tag"] = json!(id.chars().take(LONGEST_TAG).collect::<String>());
        }
        if let Some(url) = &self.callback {
            body["callbackUrl"] = json!(url.expose_secret());
        }
        let made: Made = parse(self.make(&["participants"], &body).await?)?;
        let id = made.participant.id;
        let token = JoinToken {
            participant_id: Some(id.clone()),
            ..grant.signed(made.token, BackendName::Bandwidth)
        };
        Ok((token, id))
    }

    async fn join(&self, room: &RoomName, participant: &str) -> Result<()> {
        let session = self.registry.get(room).await?.id;
        let path = ["sessions", session.as_str(), "participants", participant];
        // To be in a session is to hear everybody in it.
        self.put(&path, &json!({ "sessionId": session })).await
    }

    async fn close(&self, _room: &RoomName, participant: &str) -> Result<()> {
        self.remove(&["participants", participant])
            .await
            .map(|_| ())
    }
}
