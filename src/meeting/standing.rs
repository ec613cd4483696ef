//! What the grants of people stand on: the API keys that minted them and the users they are for.

use jiff::Timestamp;

use super::Meetings;
use super::mailbox::DeskJob;
use super::rules::ChangeAnswer;
use crate::error::{Kind, Result};
use crate::model::RoomName;
use crate::model::meeting::{Actor, Change, Standing};
use crate::records::documents::Documents;
use crate::records::{KEYS, PEOPLE, Seal, USERS};
use crate::request_id::RequestId;

/// People found at a time.
const CHUNK: usize = 500;

/// Why a grant stands on nothing any more at `now`, whatever its time says: its key was revoked or has
/// expired, or the user it was minted for is deleted.
///
/// # Errors
/// Those of the store.
pub async fn fallen(
    (documents, seal): (&dyn Documents, &Seal),
    now: Timestamp,
    key: Option<&str>,
    user: Option<&str>,
) -> Result<Option<&'static str>> {
    if let Some(key) = key {
        let found = KEYS.document(documents, key).await?;
        let shown = found.map(|found| KEYS.shown(seal, &found));
        match shown.filter(|(state, _)| seal.trusts(*state)) {
            None => return Ok(Some("the API key that minted it was revoked")),
            Some((_, Some(stored))) if stored.key.is_expired(now) => {
                return Ok(Some("the API key that minted it has expired"));
            }
            // One that cannot be read is there all the same.
            Some(_) => {}
        }
    }
    if let Some(user) = user
        && USERS.document(documents, user).await?.is_none()
    {
        return Ok(Some("the user it was for is deleted"));
    }
    Ok(None)
}

impl Meetings {
    /// Something is gone on which grants stand: whoever is in a room by one goes. Returns how many.
    ///
    /// # Errors
    /// Those of the store; some may be out already.
    pub async fn withdraw(&self, what: &Standing) -> Result<u64> {
        let (field, value) = match what {
            Standing::Time => return Ok(0),
            Standing::Key(key) => ("by_key", key),
            Standing::User(user) => ("for_user", user),
        };
        let mut all = 0;
        loop {
            let found = PEOPLE.find(self.0.documents.as_ref(), field, value, CHUNK);
            let found = found.await?;
            let rooms = found.iter().map(|found| found.record.room.clone());
            let rooms: std::collections::BTreeSet<RoomName> = rooms.collect();
            let mut out = 0;
            for room in rooms {
                out += self.withdraw_from(&room, what).await?;
            }
            all += out;
            if found.len() < CHUNK || out == 0 {
                return Ok(all);
            }
        }
    }

    async fn withdraw_from(&self, room: &RoomName, what: &Standing) -> Result<u64> {
        let answer = self.0.ask(room, |reply| DeskJob::Act {
            actor: Actor::Operator,
            change: Change::Withdraw(what.clone()),
            request: RequestId::current(),
            reply: Some(reply),
        });
        match answer.await {
            Ok(ChangeAnswer::Count(count)) => Ok(count),
            Ok(_) => Err(super::unexpected()),
            // Nobody is in a room that is gone.
            Err(error) if error.kind() == Kind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }
}
