//! `media-offer`: a browser offers to send and receive by way of this server.

use std::sync::Arc;

use futures_util::FutureExt;
use serde_json::json;

use super::incoming::{EventWork, PositionalArguments};
use crate::commands::media;
use crate::context::Context;
use crate::error::Result;
use crate::model::RoomName;
use crate::model::meeting::Actor;

/// Answers with `{sdp}`.
pub(super) fn work(
    context: Arc<Context>,
    room: RoomName,
    by: Actor,
    arguments: &PositionalArguments,
) -> Result<EventWork> {
    let sdp: String = arguments.required(0, "a session description")?;
    let input = media::offer::Input { room, by, sdp };
    let answer = async move {
        let sdp = media::offer::run(&context, input).await?;
        Ok(json!({ "sdp": sdp }))
    };
    Ok(answer.boxed())
}
