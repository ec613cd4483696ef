//! What the [sockets](super::signalling) and the [message API](super::compat) of the video-web-app backend
//! have in common.

use serde::Serialize;
use serde_json::{Value, json};

use crate::model::chat::Message;

/// The name below `/compat/` and in `server.open`.
pub(super) const NAME: &str = "video-web-app";

/// `MessageJSONSummary` of the original.
#[derive(Serialize)]
pub(super) struct WireMessage<'a> {
    id: &'a str,
    from: &'a str,
    to: &'a str,
    message: &'a str,
    content: &'a str,
    reactions: Vec<WireReaction<'a>>,
    /// Unix milliseconds.
    created: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    edited: Option<i64>,
    name: &'a str,
}

#[derive(Serialize)]
struct WireReaction<'a> {
    #[serde(rename = "type")]
    kind: u8,
    #[serde(rename = "participantId")]
    participant_id: &'a str,
    participant: &'a str,
}

/// A message as clients of the sockets hear it.
pub(super) fn wire_message(message: &Message) -> WireMessage<'_> {
    let reactions = message.reactions.iter();
    WireMessage {
        id: &message.id,
        from: &message.from,
        to: &message.to,
        message: &message.id,
        content: &message.content,
        reactions: reactions
            .map(|reaction| WireReaction {
                kind: reaction.kind,
                participant_id: &reaction.participant_id,
                participant: &reaction.participant_id,
            })
            .collect(),
        created: message.created_at.as_millisecond(),
        edited: message.edited_at.map(jiff::Timestamp::as_millisecond),
        name: &message.from_name,
    }
}

/// The same, in an answer.
pub(super) fn message_summary(of: &Message) -> Value {
    json!(wire_message(of))
}
