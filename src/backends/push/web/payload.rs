//! What a browser is told: the fields of the notification as one JSON object that fits.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::cipher::LARGEST;
use crate::backends::push::PushMessage;

/// What a message that a push service finds too large keeps: enough to say what it is about.
const KEPT: [&str; 10] = [
    "id",
    "kind",
    "event",
    "call",
    "room",
    "backend",
    "url",
    "title",
    "body",
    "caller_name",
];
/// The longest text that such a message keeps, but for what programs read.
const LONGEST_TEXT: usize = 120;
/// The texts that people read.
const TEXTS: [&str; 3] = ["title", "body", "caller_name"];
/// What begins the events of calls.
const OF_CALLS: &str = "call.";
/// The characters that a topic may have.
const TOPIC: usize = 32;

/// The object for a message, its text cut if it would not fit otherwise; nothing if even that is no help.
pub(super) fn of(message: &PushMessage) -> Option<Vec<u8>> {
    let mut data = fields(message);
    let whole = written(&data);
    if whole.len() <= LARGEST {
        return Some(whole);
    }
    let body = data.get("body")?.clone();
    let mut with = |bytes: usize| {
        data.insert("body".to_owned(), cut(&body, bytes));
        Some(written(&data)).filter(|shorter| shorter.len() <= LARGEST)
    };
    // The most of it that fits; how many bytes a character is written with depends on the character.
    let (mut fits, mut too_much) = (0, body.len());
    let mut best = with(fits)?;
    while too_much - fits > 1 {
        let middle = usize::midpoint(fits, too_much);
        match with(middle) {
            Some(shorter) => (fits, best) = (middle, shorter),
            None => too_much = middle,
        }
    }
    Some(best)
}

/// The same with nothing but what matters, for a push service that took the whole for too large.
pub(super) fn shortened(message: &PushMessage) -> Vec<u8> {
    let mut data = fields(message);
    data.retain(|name, _| KEPT.contains(&name.as_str()));
    for name in TEXTS {
        if let Some(text) = data.get_mut(name).filter(|text| text.len() > LONGEST_TEXT) {
            *text = cut(text, LONGEST_TEXT);
        }
    }
    written(&data)
}

fn fields(message: &PushMessage) -> BTreeMap<String, String> {
    let mut data = message.data.clone();
    data.entry("id".to_owned())
        .or_insert_with(|| message.id.clone());
    data
}

fn written(data: &BTreeMap<String, String>) -> Vec<u8> {
    json!(data).to_string().into_bytes()
}

/// The beginning of a text, so many bytes at most, and a sign that more followed.
fn cut(text: &str, bytes: usize) -> String {
    let end = (0..=bytes.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    format!("{}…", &text[..end.unwrap_or(0)])
}

/// By what a push service replaces an older message that still waits: each notification has its own, and
/// what is told of a call the one of its ring to the same phone.
pub(super) fn topic(message: &PushMessage) -> String {
    let data = |name: &str| message.data.get(name).map(String::as_str);
    let of_call = data("event").is_some_and(|event| event.starts_with(OF_CALLS));
    let phone = message.id.rsplit_once(':').map(|(_, phone)| phone);
    let id = match (data("call").filter(|_| of_call), phone) {
        (Some(call), Some(phone)) => format!("{call}:ring:{phone}"),
        _ => message.id.clone(),
    };
    let mut topic = BASE64.encode(Sha256::digest(id));
    topic.truncate(TOPIC);
    topic
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::model::notification::{NotificationKind, Target};

    fn message(id: &str, data: &[(&str, &str)]) -> PushMessage {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        PushMessage {
            id: id.to_owned(),
            to: Target::Token("t".to_owned()),
            platform: None,
            kind: NotificationKind::Message,
            ttl: None,
            data: data.iter().map(own).collect(),
        }
    }

    fn read(payload: &[u8]) -> Value {
        serde_json::from_slice(payload).expect("JSON")
    }

    #[test]
    fn what_fits_is_sent_whole_and_a_long_text_is_cut() {
        let small = of(&message("n1", &[("title", "Hi"), ("body", "there")])).expect("fits");
        assert_eq!(
            read(&small),
            json!({ "id": "n1", "title": "Hi", "body": "there" })
        );
        let empty = message("n1", &[("body", ""), ("title", "T")]);
        let frame = of(&empty).expect("fits").len();
        for (body, cut) in [
            ("a".repeat(LARGEST - frame), false),
            ("a".repeat(LARGEST - frame + 1), true),
            ("a".repeat(20_000), true),
            ("🦀".repeat(2000), true),
            // Written with more bytes than it has.
            ("\"\\\n\u{1}".repeat(3000), true),
        ] {
            let payload = of(&message("n1", &[("title", "T"), ("body", &body)])).expect("fits");
            assert!(payload.len() <= LARGEST, "{}", payload.len());
            let told = read(&payload)["body"].as_str().expect("a text").to_owned();
            assert_eq!(told.ends_with('…'), cut);
            assert!(body.starts_with(told.trim_end_matches('…')));
            assert!(
                !cut || payload.len() > LARGEST - 60,
                "much is left: {}",
                payload.len()
            );
        }
        let large = "x".repeat(LARGEST);
        assert_eq!(of(&message("n1", &[("body", "b"), ("more", &large)])), None);
        assert_eq!(of(&message("n1", &[("more", &large)])), None);
    }

    #[test]
    fn what_is_shortened_keeps_what_it_is_about() {
        let long = "ö".repeat(1000);
        let data = [
            ("id", "n1"),
            ("kind", "call"),
            ("call", "c"),
            ("body", &long),
            ("more", &long),
        ];
        let told = read(&shortened(&message("n1", &data)));
        assert_eq!((&told["id"], &told["kind"]), (&json!("n1"), &json!("call")));
        assert_eq!(told.get("more"), None);
        assert!(told["body"].as_str().expect("a text").len() <= LONGEST_TEXT + 3);
    }

    #[test]
    fn what_is_told_of_a_call_replaces_its_ring() {
        let plain = topic(&message("n1", &[]));
        assert_eq!(plain, BASE64.encode(Sha256::digest("n1"))[..32]);
        let of = |event: &str, id: &str| topic(&message(id, &[("event", event), ("call", "c1")]));
        let ring = of("call.ringing", "c1:ring:3");
        assert_eq!(ring, BASE64.encode(Sha256::digest("c1:ring:3"))[..32]);
        assert_eq!(of("call.cancelled", "c1:call.cancelled:3"), ring);
        assert_eq!(of("call.missed", "c1:call.missed:3"), ring);
        assert_ne!(of("call.missed", "c1:call.missed:2"), ring);
        // An app's own field of that name is not ours.
        assert_eq!(topic(&message("n1", &[("call", "c1")])), plain);
    }
}
