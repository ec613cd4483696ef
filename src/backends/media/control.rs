//! What a client and we say to each other over the data channel of its connection, as JSON texts:
//! what goes where, and who wants to see what.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The longest text of a client, in bytes.
pub(super) const LONGEST: usize = 32 * 1024;

/// What somebody sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum MediaSource {
    /// Their voice.
    Microphone,
    /// Their face.
    Camera,
    /// What they show.
    Screen,
    /// What is heard of it.
    Sound,
}

impl MediaSource {
    /// Whether it is heard, not seen.
    pub(super) fn is_audio(self) -> bool {
        matches!(self, Self::Microphone | Self::Sound)
    }
}

/// What a client says.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum ClientWord {
    /// An answer of ours is in force.
    Ready {
        /// Which section (`mid`) carries what it sends.
        send: BTreeMap<MediaSource, String>,
        /// Which sections it receives in.
        receive: ReceiveSections,
    },
    /// What it wants to see, most wanted first. Without a word it is sent whatever fits.
    Wishes {
        /// At most one for each picture.
        videos: Vec<Wish>,
    },
}

/// The sections (`mid`) in which a client receives.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct ReceiveSections {
    /// Those for sound.
    #[serde(default)]
    pub(super) audio: Vec<String>,
    /// Those for pictures.
    #[serde(default)]
    pub(super) video: Vec<String>,
}

/// A picture that somebody wants to see.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Wish {
    /// Whose.
    pub(super) participant: String,
    /// Which of theirs.
    pub(super) source: MediaSource,
    /// How wide it is shown, in pixels of the display.
    pub(super) width: u32,
}

/// What we say.
#[derive(Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum ServerWord<'a> {
    /// What comes in which section from now on.
    Tracks {
        /// Everybody who is connected here.
        people: Vec<&'a str>,
        /// What comes where.
        sections: Vec<SectionContent>,
        /// How many sections it would take to send all that may be sent.
        need: SectionNeed,
        /// How many pictures come at once at most.
        most: usize,
        /// What does not come, because this client has no codec for it.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        undecodable: Vec<Undecodable>,
        /// What does not come for now, because this client's line has no room for it.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        held_back: Vec<HeldBack>,
    },
    /// The highest of its renditions that anybody receives, by source; what is not there nobody receives.
    Renditions {
        /// From 0, the smallest.
        highest: BTreeMap<MediaSource, u8>,
    },
    /// Who speaks just now, loudest first.
    Speakers {
        /// Their ids.
        ids: Vec<&'a str>,
    },
    /// Whether a host muted them.
    Muted {
        /// Nobody hears them, whatever they send.
        muted: bool,
    },
}

/// What comes in a section.
#[derive(Debug, PartialEq, Eq, Hash, Serialize)]
pub(super) struct SectionContent {
    /// The section.
    pub(super) mid: String,
    /// Who is seen or heard there.
    pub(super) participant: String,
    /// By what.
    pub(super) source: MediaSource,
}

/// What a client cannot be sent.
#[derive(Debug, PartialEq, Eq, Hash, Serialize)]
pub(super) struct Undecodable {
    /// Who is not seen or heard.
    pub(super) participant: String,
    /// By what.
    pub(super) source: MediaSource,
    /// The codec that they send.
    pub(super) codec: String,
}

/// A picture that a client's line has no room for.
#[derive(Debug, PartialEq, Eq, Hash, Serialize)]
pub(super) struct HeldBack {
    /// Who is not seen.
    pub(super) participant: String,
    /// By what.
    pub(super) source: MediaSource,
}

/// How many sections are needed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
pub(super) struct SectionNeed {
    /// For sound.
    pub(super) audio: usize,
    /// For pictures.
    pub(super) video: usize,
}

/// Reads what a client says.
pub(super) fn read(text: &[u8]) -> Option<ClientWord> {
    if text.len() > LONGEST {
        return None;
    }
    serde_json::from_slice(text).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_client_says_where_it_sends_and_what_it_wants() {
        let ready = json!({
            "type": "ready", "send": { "microphone": "0", "camera": "1" },
            "receive": { "audio": ["4"], "video": [] },
        });
        let said = read(ready.to_string().as_bytes());
        let send = [
            (MediaSource::Microphone, "0".to_owned()),
            (MediaSource::Camera, "1".to_owned()),
        ];
        let receive = ReceiveSections {
            audio: vec!["4".to_owned()],
            video: Vec::new(),
        };
        let send = BTreeMap::from(send);
        assert_eq!(said, Some(ClientWord::Ready { send, receive }));
        for junk in [
            "",
            "{}",
            "[]",
            r#"{"type":"wishes"}"#,
            r#"{"type":"ready","send":{"nose":"1"}}"#,
        ] {
            assert_eq!(read(junk.as_bytes()), None, "{junk}");
        }
        let long = format!(r#"{{"type":"wishes","videos":[]{}}}"#, " ".repeat(LONGEST));
        assert_eq!(read(long.as_bytes()), None);
    }

    #[test]
    fn what_we_say_is_plain() {
        let tracks = ServerWord::Tracks {
            people: vec!["a"],
            sections: vec![SectionContent {
                mid: "5".to_owned(),
                participant: "a".to_owned(),
                source: MediaSource::Screen,
            }],
            need: SectionNeed { audio: 1, video: 2 },
            most: 9,
            undecodable: Vec::new(),
            held_back: Vec::new(),
        };
        assert_eq!(
            json!(tracks),
            json!({ "type": "tracks", "people": ["a"], "need": { "audio": 1, "video": 2 }, "most": 9,
                "sections": [{ "mid": "5", "participant": "a", "source": "screen" }] })
        );
    }
}

#[cfg(test)]
mod hostile {
    use super::*;
    use crate::hostile::hostile;

    /// What is read keeps no more than came.
    fn words(bytes: &[u8]) {
        let kept = match read(bytes) {
            None => 0,
            Some(ClientWord::Ready { send, receive }) => {
                let all = send.into_values().chain(receive.audio).chain(receive.video);
                all.map(|mid| mid.len() + 1).sum()
            }
            Some(ClientWord::Wishes { videos }) => {
                videos.iter().map(|wish| wish.participant.len() + 1).sum()
            }
        };
        assert!(kept <= bytes.len().min(LONGEST));
    }

    #[test]
    fn media_words_keep_no_more_than_came() {
        hostile!("media_words", words);
    }
}
