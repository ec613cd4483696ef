//! Notifications: what stands in the queue, in the app's own shape and in ours.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

pub use super::target::{Target, ending, whom};
use crate::error::{Error, Result};

/// What a notification is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotificationKind {
    /// Something to read; it may come late.
    #[default]
    Message,
    /// A phone that rings; it is worth nothing once the caller has given up.
    Call,
}

/// A notification that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Whom it is for, each once.
    pub to: Vec<Target>,
    /// What it is about.
    pub kind: NotificationKind,
    /// How long it is worth delivering; absent for the usual time of its kind.
    pub ttl: Option<Duration>,
    /// What the app receives.
    pub data: BTreeMap<String, String>,
}

/// The queue's own shape, beside the app's. The collection is the app's: what else stands in a
/// document is the app's business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotificationSpec {
    /// Whom it is for.
    pub to: Target,
    /// What it is about.
    #[serde(default)]
    pub kind: NotificationKind,
    /// How long it is worth delivering, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u64>,
    /// The heading.
    pub title: String,
    /// The text.
    #[serde(default)]
    pub body: String,
    /// A picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Whatever else the app wants to know.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<String, String>,
}

/// The longest time to live, as push services have it: four weeks.
const LONGEST_TTL: u64 = 28 * 24 * 3600;

impl NotificationSpec {
    /// What is wrong with it, if anything.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`](crate::Kind::InvalidInput), naming the field.
    pub fn check(&self) -> Result<()> {
        self.to.clone().plain().check()?;
        if self.title.trim().is_empty() {
            return Err(Error::invalid("`title` is empty"));
        }
        if self.ttl.is_some_and(|ttl| ttl == 0 || ttl > LONGEST_TTL) {
            return Err(Error::invalid(format!(
                "`ttl` must be 1 to {LONGEST_TTL} seconds"
            )));
        }
        for key in ["id", "title", "body", "image", "kind"] {
            if self.data.contains_key(key) {
                return Err(Error::invalid(format!("`data.{key}` is set by tok itself")));
            }
        }
        Ok(())
    }

    pub(crate) fn into_notification(self, id: &str) -> Notification {
        let mut data = self.data;
        data.insert("id".to_owned(), id.to_owned());
        data.insert("title".to_owned(), self.title);
        data.insert("body".to_owned(), self.body);
        data.extend(self.image.map(|image| ("image".to_owned(), image)));
        let kind = match self.kind {
            NotificationKind::Message => "message",
            NotificationKind::Call => "call",
        };
        data.insert("kind".to_owned(), kind.to_owned());
        Notification {
            to: vec![self.to.plain()],
            kind: self.kind,
            ttl: self.ttl.map(Duration::from_secs),
            data,
        }
    }
}

impl Notification {
    /// Reads the document `id` of the queue: our shape if it has `to`, else the app's
    /// (`userID`, `title`, `body`, `photoURL`, `token`, `image` and whatever else it sends along).
    ///
    /// # Errors
    /// [`Kind::InvalidInput`](crate::Kind::InvalidInput), naming the field that is wrong.
    pub fn read(id: &str, json: &str) -> Result<Self> {
        let fields: Map<String, Value> = serde_json::from_str(json)
            .map_err(|error| Error::invalid(format!("the document cannot be read: {error}")))?;
        if !fields.contains_key("to") {
            return Self::read_app(fields);
        }
        let spec: NotificationSpec = serde_json::from_value(Value::Object(fields))
            .map_err(|error| Error::invalid(format!("the document is wrong: {error}")))?;
        spec.check()?;
        Ok(spec.into_notification(id))
    }

    fn read_app(mut fields: Map<String, Value>) -> Result<Self> {
        let to = receivers(fields.remove("token"))?;
        let data: BTreeMap<String, String> = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name, as_text(value)?)))
            .collect();
        // The app's client says it in the text only.
        let rings = data.get("body").is_some_and(|body| {
            body.starts_with("Incoming ") && body.trim_end().ends_with(" Call")
        });
        Ok(Self {
            to,
            kind: if rings {
                NotificationKind::Call
            } else {
                NotificationKind::Message
            },
            ttl: None,
            data,
        })
    }
}

/// Whom the app's field `token` names: one token, or a list of them.
fn receivers(token: Option<Value>) -> Result<Vec<Target>> {
    let named = match token {
        Some(Value::Array(tokens)) => tokens,
        token => token.into_iter().collect(),
    };
    let mut to = Vec::new();
    let mut known = HashSet::new();
    for token in named {
        match token {
            Value::Null => {}
            Value::String(token) => {
                let target = Target::of_token(token);
                if !target.is_empty() && known.insert(target.digest()) {
                    target.check()?;
                    to.push(target);
                }
            }
            _ => return Err(Error::invalid("`token` is not a text")),
        }
    }
    match to.len() {
        0 => Err(Error::invalid("`token` is missing")),
        _ => Ok(to),
    }
}

/// A value as push services take it: texts only, nothing for null.
fn as_text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// Where a notification is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotificationState {
    /// In the queue, not tried yet.
    Queued,
    /// In the queue; it will be tried again.
    Retrying,
    /// The push service took it.
    Delivered,
    /// Nobody can receive it: there is no such user or device, no push token, or one that is worth
    /// nothing any more and was forgotten.
    Dead,
    /// It cannot be sent as it is; it is kept until somebody retries or discards it.
    Parked,
    /// It was too old to be worth anything.
    Expired,
    /// Somebody discarded it.
    Discarded,
}

impl NotificationState {
    /// The name in tables, JSON and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Retrying => "retrying",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
            Self::Parked => "parked",
            Self::Expired => "expired",
            Self::Discarded => "discarded",
        }
    }
}

/// What is known of a notification, and why it is so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotificationStatus {
    /// The document's id.
    pub id: String,
    /// Where it is in its life.
    pub state: NotificationState,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whom it is for; of a token only the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// How often it was tried.
    #[serde(default)]
    pub attempts: u32,
    /// When it came into the queue or was changed there.
    #[schema(value_type = String, format = DateTime)]
    pub queued_at: Timestamp,
    /// When it came into this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// When it will be tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_at: Option<Timestamp>,
    /// By which ways it was delivered: `inbox`, `fcm`, `pinpoint`, `web_push`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// Whether the app took it out of the inbox of the user who was asked for. Told, and not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<bool>,
    /// While it waits and nothing is sent: why that is so, and what to do about it. Told, and not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: &Value) -> Result<Notification> {
        Notification::read("n1", &value.to_string())
    }

    #[test]
    fn the_apps_shape_is_read_with_null_and_numbers() {
        let found = read(&json!({
            "userID": "ada", "title": "Ada", "body": "hi", "photoURL": null, "token": "t1",
            "badge": 3, "nested": { "a": [1] },
        }))
        .expect("reads");
        assert_eq!(found.to, [Target::Token("t1".to_owned())]);
        assert_eq!(found.kind, NotificationKind::Message);
        let expected = json!({
            "userID": "ada", "title": "Ada", "body": "hi", "badge": "3", "nested": "{\"a\":[1]}",
        });
        assert_eq!(serde_json::to_value(found.data).expect("JSON"), expected);
    }

    #[test]
    fn a_ringing_phone_is_known_by_its_text() {
        for (body, kind) in [
            ("Incoming Audio Call", NotificationKind::Call),
            ("Incoming Video Call", NotificationKind::Call),
            ("Incoming Audio/Video Call", NotificationKind::Call),
            ("Incoming mail", NotificationKind::Message),
        ] {
            let found = read(&json!({ "token": "t", "body": body })).expect("reads");
            assert_eq!(found.kind, kind, "{body}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (value, part) in [
            (json!({ "title": "x" }), "`token` is missing"),
            (json!({ "token": "" }), "`token` is missing"),
            (json!({ "token": 7 }), "`token` is not a text"),
            (
                json!({ "to": { "user": "" }, "title": "x" }),
                "`to` names nobody",
            ),
            (json!({ "to": { "user": "a" } }), "title"),
            (
                json!({ "to": { "user": "a" }, "title": "x", "ttl": 0 }),
                "`ttl`",
            ),
            (
                json!({ "to": "ada", "title": "x" }),
                "the document is wrong",
            ),
            (
                json!({ "to": { "user": "a" }, "title": "x", "data": { "id": "y" } }),
                "`data.id`",
            ),
        ] {
            let error = read(&value).expect_err("refused");
            assert!(error.message().contains(part), "{value}: {error}");
        }
        let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
        let text = format!("{{\"token\":\"t\",\"x\":{deep}}}");
        assert!(Notification::read("n", &text).is_err());
    }

    #[test]
    fn a_list_of_tokens_names_each_once() {
        let of =
            |token: Value| read(&json!({ "token": token, "title": "x" })).map(|found| found.to);
        let token = |name: &str| Target::Token(name.to_owned());
        let found = of(json!(["a", null, "b", "", "a"])).expect("reads");
        assert_eq!(found, [token("a"), token("b")]);
        for nobody in [json!([]), json!([null, ""]), json!("/topics/")] {
            let error = of(nobody.clone()).expect_err("nobody");
            assert!(
                error.message().contains("`token` is missing"),
                "{nobody}: {error}"
            );
        }
        assert!(of(json!(["a", 7])).is_err() && of(json!([["a"]])).is_err());
        let shown = whom(&["a", "b", "c", "d", "e"].map(token));
        assert_eq!(shown, "token …a, token …b, token …c, 2 more");
    }

    #[test]
    fn topics_lose_their_old_prefix_and_odd_ones_are_refused() {
        let of = |topic: &str| {
            let found = read(&json!({ "to": { "topic": topic }, "title": "x" }));
            found.map(|found| found.to)
        };
        let news = [Target::Topic("news".to_owned())];
        assert_eq!(of("/topics/news").expect("reads"), news);
        assert_eq!(of("news").expect("reads"), news);
        let old = read(&json!({ "token": "/topics/news", "title": "x" })).expect("reads");
        assert_eq!(old.to, news);
        for odd in [
            "ne ws!",
            "/topics/",
            "/topics/a/b",
            "a/b",
            "ü",
            "",
            "a\nb",
            &"x".repeat(901),
        ] {
            assert!(of(odd).is_err(), "{odd}");
        }
        assert!(read(&json!({ "token": "/topics/ne ws", "title": "x" })).is_err());
        of("A-z_0.9~%").expect("reads");
    }

    #[test]
    fn a_token_is_never_shown_whole() {
        let token = Target::Token("secret-abcdef".to_owned());
        assert_eq!(format!("{token:?}"), "Target(token …abcdef)");
        let shown = token.to_string();
        assert_eq!(shown, "token …abcdef");
    }
}
