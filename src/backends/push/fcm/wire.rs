//! A message as FCM takes it.
//!
//! The fields go as data, so that the app's own code shows them. An iPhone shows nothing of data alone
//! when the app is closed: with a heading or a text it gets an alert beside them, at once and aloud;
//! only data without either comes silently.
//!
//! What is too large is made to fit: fields that hold a whole file in an address (`data:…`) are left
//! out, the largest first, then pictures, and then the end of the text.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::backends::push::{PushMessage, PushRefusal};
use crate::model::notification::Target;

/// The most that the data of one message may weigh, names and values together.
const LARGEST: usize = 4096;
/// The same for a topic.
const LARGEST_TO_TOPIC: usize = 2048;
/// The most that Apple takes of all of a message.
const LARGEST_AT_APPLE: usize = 4096;
/// What FCM itself adds for Apple, and what stands around the alert.
const AROUND_ALERT: usize = 400;
/// The longest heading and the longest text of an alert; no phone shows more.
const LONGEST_HEADING: usize = 200;
const LONGEST_TEXT: usize = 1000;
/// The longest `apns-collapse-id`.
const LONGEST_COLLAPSE_ID: usize = 64;
/// Fields without which a message is still worth sending.
const PICTURES: [&str; 2] = ["photoURL", "image"];

/// The message, to be sent now.
pub(super) fn message(message: &PushMessage, now: Timestamp) -> Result<Value, PushRefusal> {
    let mut wire = Map::new();
    match &message.to {
        Target::Token(token) => wire.insert("token".to_owned(), json!(token)),
        Target::Topic(topic) => wire.insert("topic".to_owned(), json!(topic)),
        other => {
            return Err(PushRefusal::Unsendable(format!(
                "FCM cannot address {other}"
            )));
        }
    };
    let data = fitting(message).map_err(PushRefusal::Unsendable)?;
    let mut android = json!({ "priority": "HIGH" });
    let mut web = json!({ "Urgency": "high", "Topic": topic_of(&message.id) });
    let mut apns = for_apple(message, &data);
    if let Some(ttl) = message.ttl {
        let seconds = ttl.as_secs().max(1);
        android["ttl"] = json!(format!("{seconds}s"));
        web["TTL"] = json!(seconds.to_string());
        let end = now.as_second() + i64::try_from(seconds).unwrap_or(i64::MAX / 2);
        apns["headers"]["apns-expiration"] = json!(end.to_string());
    }
    wire.insert("data".to_owned(), json!(data));
    wire.insert("android".to_owned(), android);
    wire.insert("webpush".to_owned(), json!({ "headers": web }));
    wire.insert("apns".to_owned(), apns);
    Ok(Value::Object(wire))
}

/// The part for Apple: an alert where there is something to read, else a silent message, which must not
/// ask for the highest priority.
fn for_apple(message: &PushMessage, data: &BTreeMap<String, String>) -> Value {
    let text = |name: &str| {
        let text = data.get(name).map_or("", |text| text.trim());
        Some(text).filter(|text| !text.is_empty())
    };
    let (title, body) = (text("title"), text("body"));
    let mut apns = if title.or(body).is_none() {
        json!({
            "headers": { "apns-priority": "5", "apns-push-type": "background" },
            "payload": { "aps": { "content-available": 1 } },
        })
    } else {
        let alert = alert(title, body, data);
        json!({
            "headers": { "apns-priority": "10", "apns-push-type": "alert" },
            "payload": { "aps": {
                "alert": alert, "sound": "default", "content-available": 1, "mutable-content": 1,
            } },
        })
    };
    if message.id.len() <= LONGEST_COLLAPSE_ID {
        apns["headers"]["apns-collapse-id"] = json!(message.id);
    }
    let picture = data
        .get("image")
        .filter(|image| image.starts_with("https://"));
    if let Some(picture) = picture.filter(|_| title.or(body).is_some()) {
        apns["fcm_options"] = json!({ "image": picture });
    }
    apns
}

/// What is shown, cut to what there is room for beside the data.
fn alert(title: Option<&str>, body: Option<&str>, data: &BTreeMap<String, String>) -> Value {
    let taken = json!(data).to_string().len() + AROUND_ALERT;
    let mut room = LARGEST_AT_APPLE.saturating_sub(taken);
    let mut alert = Map::new();
    for (name, text, longest) in [
        ("title", title, LONGEST_HEADING),
        ("body", body, LONGEST_TEXT),
    ] {
        let Some(text) = text else { continue };
        // Something is shown in any case.
        let text = cut(text, longest.min(room.max(40)));
        room = room.saturating_sub(text.len());
        alert.insert(name.to_owned(), json!(text));
    }
    Value::Object(alert)
}

/// Web push replaces what waits under the same topic; it may have 32 characters.
fn topic_of(id: &str) -> String {
    BASE64.encode(&Sha256::digest(id)[..24])
}

/// The data of a message, made to fit; or what FCM would refuse in any case, with a better sentence.
pub(super) fn fitting(message: &PushMessage) -> Result<BTreeMap<String, String>, String> {
    let reserved = |key: &&String| {
        *key == "from"
            || *key == "message_type"
            || key.starts_with("google.")
            || key.starts_with("gcm.")
    };
    if let Some(key) = message.data.keys().find(reserved) {
        return Err(format!(
            "FCM keeps the name `{key}` for itself; rename that field"
        ));
    }
    let mut data = message.data.clone();
    // By its id the app knows what it was sent before.
    data.entry("id".to_owned())
        .or_insert_with(|| message.id.clone());
    let limit = match message.to {
        Target::Topic(_) => LARGEST_TO_TOPIC,
        _ => LARGEST,
    };
    let whole = size(&data);
    for name in optional(&data) {
        if size(&data) <= limit {
            break;
        }
        data.remove(&name);
    }
    let more = size(&data).saturating_sub(limit);
    if more == 0 {
        return Ok(data);
    }
    if let Some(body) = data.get_mut("body")
        && body.len() >= more
    {
        *body = cut(body, body.len() - more);
        return Ok(data);
    }
    Err(format!("the fields have {whole} bytes; FCM takes {limit}"))
}

/// The fields that may be left out, in this order.
fn optional(data: &BTreeMap<String, String>) -> Vec<String> {
    let whole_file = |(_, value): &(&String, &String)| {
        let start = value.get(..5).unwrap_or_default();
        start.eq_ignore_ascii_case("data:")
    };
    let mut files: Vec<_> = data.iter().filter(whole_file).collect();
    files.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
    let files = files.into_iter().map(|(name, _)| name.clone());
    let files = files.filter(|name| !["id", "title", "body"].contains(&name.as_str()));
    files.chain(PICTURES.map(str::to_owned)).collect()
}

fn size(data: &BTreeMap<String, String>) -> usize {
    let sizes = data.iter().map(|(key, value)| key.len() + value.len());
    sizes.sum()
}

/// The beginning of a text in at most so many bytes, with a sign that there was more.
fn cut(text: &str, bytes: usize) -> String {
    if text.len() <= bytes {
        return text.to_owned();
    }
    let sign = if bytes >= "…".len() { "…" } else { "" };
    let end = text.floor_char_boundary(bytes - sign.len());
    text[..end].to_owned() + sign
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::notification::NotificationKind;

    fn of(to: Target, data: &[(&str, &str)]) -> PushMessage {
        let data = data
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        PushMessage {
            id: "n1".to_owned(),
            to,
            platform: None,
            kind: NotificationKind::Message,
            ttl: None,
            data: data.collect(),
        }
    }

    #[test]
    fn what_fits_is_not_touched() {
        // Together with `id` and `n1` exactly as much as there is room for.
        let body = "x".repeat(LARGEST - "bodyidn1".len());
        let to = || Target::Token("t".to_owned());
        let fits = fitting(&of(to(), &[("body", &body)])).expect("fits");
        assert_eq!((fits["body"].len(), size(&fits)), (body.len(), LARGEST));
        let more = body + "y";
        let cut = fitting(&of(to(), &[("body", &more)])).expect("is cut");
        assert!(cut["body"].ends_with("x…") && size(&cut) <= LARGEST);
    }

    #[test]
    fn files_go_first_then_pictures_then_the_end_of_the_text() {
        let to = || Target::Token("t".to_owned());
        let (photo, text) = (
            format!("data:image/png;base64,{}", "A".repeat(5000)),
            "hello",
        );
        let fits = fitting(&of(
            to(),
            &[("photoURL", &photo), ("body", text), ("image", "i")],
        ));
        let fits = fits.expect("fits");
        assert_eq!(
            (fits.get("photoURL"), &*fits["body"], &*fits["image"]),
            (None, text, "i")
        );
        let long = format!("https://example.com/{}", "a".repeat(4000));
        let fits = fitting(&of(
            to(),
            &[
                ("photoURL", &long),
                ("badge", "3"),
                ("body", &"ü".repeat(100)),
            ],
        ));
        let fits = fits.expect("fits");
        assert_eq!(
            (fits.get("photoURL"), fits["body"].chars().count()),
            (None, 100)
        );
        // No letter is cut in two.
        let letters = "🦄".repeat(2000);
        for to in [to(), Target::Topic("news".to_owned())] {
            let limit = if to == Target::Token("t".to_owned()) {
                LARGEST
            } else {
                LARGEST_TO_TOPIC
            };
            let fits = fitting(&of(to, &[("body", &letters), ("title", "x")])).expect("is cut");
            assert!(
                (limit - 4..=limit).contains(&size(&fits)),
                "{}",
                size(&fits)
            );
        }
        let own = fitting(&of(to(), &[("own", &"o".repeat(4090)), ("body", "hello")]));
        assert!(own.expect_err("nothing can go").contains("FCM takes 4096"));
        let edge = fitting(&of(to(), &[("own", &"o".repeat(4084)), ("body", "hello")]));
        assert!(size(&edge.expect("without a text")) <= LARGEST);
    }

    #[test]
    fn an_alert_leaves_room_for_the_data() {
        let to = Target::Token("t".to_owned());
        let body = "b".repeat(3000);
        let wire = message(
            &of(to, &[("title", "T"), ("body", &body)]),
            Timestamp::UNIX_EPOCH,
        );
        let wire = wire.unwrap_or_else(|refusal| panic!("{refusal:?}"));
        let shown = wire["apns"]["payload"]["aps"]["alert"]["body"].as_str();
        assert!(shown.expect("a text").ends_with("b…"));
        let all = wire["data"].to_string().len() + wire["apns"]["payload"].to_string().len();
        assert!(all <= LARGEST_AT_APPLE, "{all}");
        assert_eq!(wire["data"]["body"], body, "the app has all of it");
    }
}
