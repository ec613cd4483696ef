//! Reading what was written, the latest first.

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};

use crate::error::Result;
use crate::model::chat::Message;
use crate::records::documents::Documents;
use crate::records::{MESSAGES, MeetingKey};

/// Messages looked at in one go when few of them are for the reader.
const WIDEST: u64 = 1000;
/// How often it is looked further back in one call; whoever asks goes on from there.
const LOOKS: u32 = 8;
/// Messages handed on at a time.
const CHUNK: usize = 100;

/// How much is read.
#[derive(Clone, Copy)]
pub(super) struct Most {
    pub(super) messages: usize,
    /// As JSON; one message is read however large it is.
    pub(super) bytes: usize,
}

/// A part of what was written, oldest first.
pub(super) struct Part {
    pub(super) messages: Vec<Message>,
    /// Where to go on for earlier ones, if there may be any.
    pub(super) next: Option<u64>,
}

/// The last messages with numbers below `before` that `reader` may read, or all of them without a
/// reader; no more than `most`.
pub(super) async fn before(
    documents: &dyn Documents,
    room_id: &str,
    reader: Option<&str>,
    before: u64,
    most: Most,
) -> Result<Part> {
    let limit = most.messages;
    let mut found: Vec<Message> = Vec::new();
    let mut upper = before;
    let mut width = u64::try_from(limit).unwrap_or(WIDEST).clamp(1, WIDEST);
    let mut looks = 0;
    while upper > 1 && found.len() < limit && looks < LOOKS {
        looks += 1;
        let lower = upper.saturating_sub(width).max(1);
        let mut part = between(documents, room_id, lower, upper).await?;
        part.retain(|message| reader.is_none_or(|reader| message.concerns(reader)));
        part.append(&mut found);
        found = part;
        upper = lower;
        width = (width * 2).min(WIDEST);
    }
    let surplus = found.len() - fitting(&found, most);
    found.drain(..surplus);
    let next = match found.first().filter(|_| surplus > 0) {
        Some(first) => Message::number_of(&first.id),
        None => Some(upper).filter(|upper| *upper > 1),
    };
    Ok(Part {
        messages: found,
        next,
    })
}

/// How many messages at the end of `found` fit.
fn fitting(found: &[Message], most: Most) -> usize {
    let mut bytes = 0;
    let fits = found
        .iter()
        .rev()
        .take(most.messages)
        .take_while(|message| {
            let before = bytes;
            bytes += json_size(message);
            before == 0 || bytes <= most.bytes
        });
    fits.count()
}

/// About how long a message is when it is sent.
fn json_size(message: &Message) -> usize {
    const AROUND: usize = 400;
    const REACTION: usize = 120;
    // Control characters become six; everything else at most two.
    let escaped = message.content.bytes().map(|byte| match byte {
        0..32 => 6,
        b'"' | b'\\' => 2,
        _ => 1,
    });
    AROUND + REACTION * message.reactions.len() + escaped.sum::<usize>()
}

/// All of them, oldest first, some at a time.
pub(super) fn all(
    documents: &dyn Documents,
    room_id: &str,
) -> BoxStream<'static, Result<Vec<Message>>> {
    MESSAGES
        .scan(
            documents,
            MESSAGES.all().prefix(MeetingKey::all_of(room_id)),
        )
        .map_ok(|found| found.record)
        .try_chunks(CHUNK)
        .map_err(|error| error.1)
        .boxed()
}

/// The messages with numbers from `lower` up to, not including, `upper`.
async fn between(
    documents: &dyn Documents,
    room_id: &str,
    lower: u64,
    upper: u64,
) -> Result<Vec<Message>> {
    let prefix = MeetingKey::all_of(room_id);
    let after = format!("{prefix}{}", Message::id_of(lower - 1));
    let end = Message::id_of(upper);
    let scan = MESSAGES
        .all()
        .prefix(prefix)
        .after(Some(after))
        .limit(usize::try_from(upper - lower).unwrap_or(usize::MAX));
    let found = MESSAGES.scan(documents, scan);
    let mut found: Vec<Message> = found.map_ok(|found| found.record).try_collect().await?;
    found.retain(|message| message.id < end);
    Ok(found)
}
