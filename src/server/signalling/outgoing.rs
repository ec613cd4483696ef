//! What clients hear: the events of the original backend, and ours beside them.

use std::sync::Arc;

use serde::Serialize;
use serde::ser::{SerializeTuple, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use crate::commands::media::hear::MediaListener;
use crate::commands::participant::ice;
use crate::context::Context;
use crate::meeting::{Packet, Wire};
use crate::model::happening::{Happening, MessageChange};
use crate::model::meeting::{BannedPerson, Departure, MediaState, Person, Place, Welcome};
use crate::model::settings::LiveSettings;
use crate::model::{Clock, RoomName};
use crate::server::video_web_app::{WireMessage, wire_message};

/// [`Wire`] in socket.io events.
pub(super) struct ClientWire {
    // Not the whole context, which holds the meetings that hold this.
    live: Arc<LiveSettings>,
    clock: Arc<dyn Clock>,
    media: MediaListener,
}

impl ClientWire {
    pub(super) fn new(context: &Context) -> Self {
        Self {
            live: context.live.clone(),
            clock: context.clock.clone(),
            media: MediaListener::new(context),
        }
    }
}

/// What somebody sends to the others, as clients spell it.
#[derive(Debug, Clone, Copy, Default, Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_field_names, reason = "as clients spell them")]
pub(super) struct WireMedia {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    camera_enabled: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    microphone_enabled: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    screen_enabled: Option<bool>,
}

impl From<MediaState> for WireMedia {
    fn from(media: MediaState) -> Self {
        Self {
            camera_enabled: media.camera,
            microphone_enabled: media.microphone,
            screen_enabled: media.screen,
        }
    }
}

impl From<WireMedia> for MediaState {
    fn from(media: WireMedia) -> Self {
        Self {
            camera: media.camera_enabled,
            microphone: media.microphone_enabled,
            screen: media.screen_enabled,
        }
    }
}

/// `ParticipantInformation` of the original; `settings` is its older name of `mediaState`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WirePerson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    is_me: Option<bool>,
    id: &'a str,
    name: &'a str,
    media_state: WireMedia,
    settings: WireMedia,
    is_host: bool,
    is_alive: bool,
    role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    name_given: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
}

fn person(person: &Person) -> WirePerson<'_> {
    WirePerson {
        is_me: None,
        id: &person.id,
        name: &person.name,
        media_state: person.media.into(),
        settings: person.media.into(),
        is_host: person.is_host(),
        is_alive: person.place != Place::Gone,
        role: person.role.as_str(),
        user_id: person.user_id.as_deref(),
        name_given: person.name_given,
        key: None,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'a> {
    id: &'a str,
    id_hash: String,
    name: &'a str,
    participants: Vec<WirePerson<'a>>,
    messages: Vec<WireMessage<'a>>,
    /// Whether there are earlier messages.
    more: bool,
    /// Whether nobody new comes in.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    locked: bool,
}

/// Somebody who was sent out for good, as hosts are told.
pub(super) fn banned_person(of: &BannedPerson) -> Value {
    json!({
        "id": of.id, "name": of.name, "userId": of.user_id,
        "at": of.at.map(jiff::Timestamp::as_millisecond), "byOperator": of.by_operator,
    })
}

pub(super) fn packet(name: &'static str, arguments: &[&dyn ErasedJson]) -> Packet {
    let raw = arguments.iter().map(|argument| argument.json());
    Packet {
        name,
        arguments: raw.collect(),
    }
}

/// Something that becomes JSON; what is passed here cannot fail to.
pub(super) trait ErasedJson {
    fn json(&self) -> Box<RawValue>;
}

impl<T: Serialize> ErasedJson for T {
    fn json(&self) -> Box<RawValue> {
        to_raw_value(self).unwrap_or_else(|error| {
            tracing::error!(%error, "an event cannot be JSON");
            RawValue::NULL.to_owned()
        })
    }
}

/// The arguments of an event, each by itself.
pub(super) struct Arguments<'a>(pub(super) &'a [Box<RawValue>]);

impl Serialize for Arguments<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(self.0.len())?;
        for argument in self.0 {
            tuple.serialize_element(argument)?;
        }
        tuple.end()
    }
}

fn message_event(change: MessageChange, public: bool) -> &'static str {
    match (change, public) {
        (MessageChange::New, true) => "new-room-message",
        (MessageChange::Edit, true) => "edit-room-message",
        (MessageChange::Delete, true) => "delete-room-message",
        (MessageChange::New, false) => "new-direct-message",
        (MessageChange::Edit, false) => "edit-direct-message",
        (MessageChange::Delete, false) => "delete-direct-message",
    }
}

/// What somebody sends now, under both names of it.
fn media_packets(id: &str, media: MediaState) -> Vec<Packet> {
    let media = WireMedia::from(media);
    let body = json!({ "id": id, "mediaState": media, "settings": media });
    let names = [
        "participant-updated-mediaState",
        "participant-updated-settings",
    ];
    names.map(|name| packet(name, &[&body])).into()
}

impl Wire for ClientWire {
    fn happened(&self, room: &RoomName, happening: &Happening) {
        self.media.hear(room, happening);
    }

    fn packets(&self, happening: &Happening) -> Vec<Packet> {
        match happening {
            Happening::Joined { person: of } => vec![packet("new-participant", &[&person(of)])],
            Happening::Left { id, .. } => vec![packet("participant-left", &[id])],
            Happening::Media { id, media } => media_packets(id, *media),
            Happening::Renamed { id, name } => {
                vec![packet("participant-changed-name", &[id, name])]
            }
            Happening::Role { id, role } => {
                vec![packet("participant-updated-role", &[id, &role.as_str()])]
            }
            Happening::Message {
                change,
                message: of,
                ..
            } => vec![packet(
                message_event(*change, of.is_public()),
                &[&wire_message(of)],
            )],
            Happening::Waiting { person: of } => {
                let body = json!({ "participant": person(of) });
                vec![packet("new-waiting-room-participant", &[&body])]
            }
            Happening::Rejected { id, .. } => vec![packet("waiting-room-left", &[id])],
            Happening::Admitted { id } => {
                // Who waited was not told them: whoever calls them now must not wait for it.
                let servers = ice::servers(&self.live, self.clock.now(), id);
                let body = json!({ "iceServers": servers });
                vec![packet("waiting-room-accept", &[&body])]
            }
            Happening::MuteAsked { by, lifted, .. } => {
                let name = if *lifted {
                    "mute-lifted"
                } else {
                    "mute-request"
                };
                vec![packet(name, &[by])]
            }
            Happening::Hosted { present } => {
                let how = if *present { "there" } else { "away" };
                vec![packet("waiting-room-host", &[&how])]
            }
            Happening::Locked {
                locked,
                by: Some(by),
            } => vec![packet("room-locked", &[locked, by])],
            // Nobody is there who could hear it, or it is told as a farewell.
            Happening::Locked { by: None, .. } | Happening::Ended { .. } => Vec::new(),
        }
    }

    fn farewell(&self, happening: &Happening) -> Vec<Packet> {
        match happening {
            Happening::Left {
                why: why @ (Departure::Kicked | Departure::Banned),
                ..
            } => {
                let banned = *why == Departure::Banned;
                vec![packet("kicked", &[&json!({ "banned": banned })])]
            }
            Happening::Left { why, .. } | Happening::Rejected { why: Some(why), .. }
                if why.is_by_token() =>
            {
                vec![packet("token-ended", &[why])]
            }
            Happening::Rejected { refused: true, .. } => {
                vec![packet(
                    "waiting-room-rejection",
                    &[&"The host rejected you."],
                )]
            }
            Happening::Ended { why } => vec![
                packet("room-ended", &[&why.as_str()]),
                // Spelt so in the original's documentation; its code has the other.
                packet("destory", &[]),
                packet("destroy", &[]),
            ],
            _ => Vec::new(),
        }
    }

    fn welcome(&self, welcome: &Welcome) -> Packet {
        let people = welcome.people.iter().map(|of| {
            let is_me = of.id == welcome.me;
            WirePerson {
                is_me: Some(is_me),
                key: welcome.key.as_deref().filter(|_| is_me),
                ..person(of)
            }
        });
        let summary = Summary {
            id: welcome.room.as_str(),
            id_hash: welcome.room.address(),
            name: &welcome.title,
            participants: people.collect(),
            messages: welcome.messages.iter().map(wire_message).collect(),
            more: welcome.more,
            locked: welcome.locked,
        };
        packet("room-summary", &[&summary])
    }

    fn replaced(&self) -> Packet {
        packet("replaced", &[])
    }

    fn lost(&self) -> Packet {
        packet("place-lost", &[])
    }

    fn signal(&self, from: &str, data: &RawValue) -> Packet {
        packet("signal", &[&from, &data])
    }
}
