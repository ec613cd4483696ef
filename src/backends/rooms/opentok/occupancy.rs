//! Who is in `OpenTok`'s sessions.

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{Account, OpentokBackend, parse};
use crate::backends::rooms::Occupancy;
use crate::error::{Error, Kind, Result};
use crate::model::{Participant, RoomName};

#[derive(Deserialize)]
struct ConnectionList<T> {
    items: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OpentokConnection {
    connection_id: String,
    /// Unix milliseconds, as a number or a text.
    #[serde(default)]
    created_at: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stream {
    id: String,
    #[serde(default)]
    video_type: String,
    #[serde(default)]
    name: String,
}

#[async_trait]
impl Occupancy for OpentokBackend {
    async fn participants(&self, room: &RoomName) -> Result<Vec<Participant>> {
        let session = self.registry.get(room).await?.id;
        match &*self.account {
            Account::Application { .. } => {
                Ok(self.connections(&session).await?.unwrap_or_default())
            }
            // The legacy API tells streams only: those who send something.
            Account::Project { .. } => self.streams(&session).await,
        }
    }

    async fn end(&self, room: &RoomName) -> Result<u64> {
        let session = self.registry.get(room).await?.id;
        let Some(people) = self.connections(&session).await? else {
            return match &*self.account {
                Account::Application { .. } => Ok(0),
                Account::Project { .. } => Err(Error::unsupported(
                    "the legacy OpenTok API does not tell who is connected, so nobody can be sent out",
                )),
            };
        };
        let mut ended = 0;
        for person in people {
            let path = [
                "session",
                session.as_str(),
                "connection",
                person.id.as_str(),
            ];
            match self.delete(&path).await {
                Err(error) if error.kind() == Kind::NotFound => {}
                other => {
                    other?;
                    ended += 1;
                }
            }
        }
        Ok(ended)
    }

    async fn occupied(&self) -> Result<HashMap<String, u64>> {
        let mut out = HashMap::new();
        for room in self.registry.all().await? {
            let people = self.participants(&room.name).await?.len() as u64;
            if people > 0 {
                out.insert(room.name.to_string(), people);
            }
        }
        Ok(out)
    }

    async fn used_since(&self, since: Timestamp) -> Result<HashMap<String, Timestamp>> {
        self.sessions.used_since(since).await
    }
}

impl OpentokBackend {
    /// Everybody who is connected; `None` when the vendor does not know such a list or session.
    async fn connections(&self, session: &str) -> Result<Option<Vec<Participant>>> {
        let found = self.read(&["session", session, "connection"], &[]).await;
        let list: ConnectionList<OpentokConnection> = match found {
            Err(error) if error.kind() == Kind::NotFound => return Ok(None),
            found => parse(found?)?,
        };
        let people = list.items.into_iter().map(|connection| {
            let at = &connection.created_at;
            let at = at.as_i64().or_else(|| at.as_str()?.parse().ok());
            Participant {
                id: connection.connection_id,
                user_id: None,
                user_name: None,
                joined_at: at.and_then(|at| Timestamp::from_millisecond(at).ok()),
            }
        });
        Ok(Some(people.collect()))
    }

    async fn streams(&self, session: &str) -> Result<Vec<Participant>> {
        let found = self.read(&["session", session, "stream"], &[]).await;
        let list: ConnectionList<Stream> = match found {
            Err(error) if error.kind() == Kind::NotFound => return Ok(Vec::new()),
            found => parse(found?)?,
        };
        let cameras = list
            .items
            .into_iter()
            .filter(|of| of.video_type != "screen");
        let people = cameras.map(|stream| Participant {
            id: stream.id,
            user_id: None,
            user_name: Some(stream.name).filter(|name| !name.is_empty()),
            joined_at: None,
        });
        Ok(people.collect())
    }
}
