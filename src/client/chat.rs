//! What operators read and write in local rooms. Over the API it is the key that writes.

use super::pages;
use super::server::Server;
use crate::error::Result;
use crate::model::chat::Message;

/// Writes a message.
pub mod send {
    use serde_json::json;

    use super::{Message, Result, Server};
    use crate::commands::chat::send::Input;

    /// Has it written.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Message> {
        let body = json!({ "content": input.content, "to": input.to });
        let request = server.post(&["rooms", input.room.as_str(), "messages"]);
        request.body(&body)?.answer().await
    }
}

/// Lets a message say something else.
pub mod edit {
    use serde_json::json;

    use super::{Message, Result, Server};
    use crate::commands::chat::edit::Input;

    /// Has it changed.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Message> {
        let path = ["rooms", input.room.as_str(), "messages", &input.message];
        let body = json!({ "content": input.content });
        server.patch(&path).body(&body)?.answer().await
    }
}

/// Removes a message.
pub mod delete {
    use super::{Message, Result, Server};
    use crate::commands::chat::delete::Input;

    /// Has it removed.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Message> {
        let path = ["rooms", input.room.as_str(), "messages", &input.message];
        server.delete(&path).answer().await
    }
}

/// Shows a message.
pub mod show {
    use super::{Message, Result, Server};
    use crate::commands::chat::show::Input;

    /// Looks it up.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Message> {
        let path = ["rooms", input.room.as_str(), "messages", &input.id];
        server.get(&path).answer().await
    }
}

/// Reads what was written.
pub mod history {
    use super::{Message, Result, Server};
    use crate::commands::chat::history::Input;
    use crate::model::Page;

    /// A page of messages, oldest first: the latest, or those before the cursor.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Page<Message>> {
        let request = server.get(&["rooms", input.room.as_str(), "messages"]);
        let request = request.with("limit", Some(input.page.limit));
        request.with("after", input.page.after).answer().await
    }
}

/// Everything that was written in a room, in the order it was.
pub mod export {
    use futures_util::stream::{BoxStream, iter};
    use futures_util::{StreamExt, TryStreamExt};

    use super::{Message, Result, Server, pages};
    use crate::commands::chat::export::Input;

    /// All messages. The API tells the latest first, so that they are all fetched before the first one
    /// is handed on.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(
        server: &Server,
        input: Input,
    ) -> Result<BoxStream<'static, Result<Vec<Message>>>> {
        let request = || server.get(&["rooms", input.room.as_str(), "messages"]);
        let latest = pages::every(server, "messages", |message: &Message| &message.id, request);
        let mut all: Vec<Vec<Message>> = latest.try_collect().await?;
        all.reverse();
        Ok(iter(all.into_iter().map(Ok)).boxed())
    }
}

/// What is being written in a room.
pub mod tail {
    use futures_util::StreamExt;
    use futures_util::stream::{BoxStream, try_unfold};

    use super::super::answer::{otherwise, read_text};
    use super::super::follow::{FollowedStream, FollowerNews, too_old};
    use super::{Message, Result, Server};
    use crate::backends::http::ServerSentEvent;
    use crate::commands::chat::tail::{Input, TailedMessage};
    use crate::error::{Error, Kind};
    use crate::model::stream_end::CURRENT;
    use crate::model::{Page, RoomName};

    /// Follows it, over as many connections as it takes.
    ///
    /// # Errors
    /// Those of the server; [`Kind::Unsupported`] of one that is too old.
    pub async fn run(
        server: &Server,
        input: Input,
    ) -> Result<BoxStream<'_, Result<TailedMessage>>> {
        let request = server.get(&["rooms", input.room.as_str(), "messages:watch"]);
        let after = input.after.map(|after| after.to_string());
        let followed = match FollowedStream::open(request, after).await {
            Ok(followed) => followed,
            Err(error) if error.kind() == Kind::NotFound => {
                return Err(not_found(server, &input.room).await);
            }
            Err(error) => return Err(error),
        };
        let messages = try_unfold(followed, async |mut followed| {
            while let Some(news) = followed.next().await? {
                if let FollowerNews::Event(event) = news {
                    return Ok(Some((read(&event)?, followed)));
                }
            }
            Ok(None)
        });
        Ok(messages.boxed())
    }

    fn read(event: &ServerSentEvent) -> Result<TailedMessage> {
        let place = event.id.as_deref().and_then(|id| id.parse().ok());
        Ok(TailedMessage {
            place: place.ok_or_else(otherwise)?,
            event: match event.name.as_str() {
                CURRENT => None,
                _ => Some(read_text(&event.data)?),
            },
        })
    }

    /// What is not there: the room, or, where its messages are there to be read, the way to follow them.
    async fn not_found(server: &Server, room: &RoomName) -> Error {
        let request = server.get(&["rooms", room.as_str(), "messages"]);
        let looked = request.with("limit", Some(1)).answer::<Page<Message>>();
        looked.await.err().unwrap_or_else(too_old)
    }
}
