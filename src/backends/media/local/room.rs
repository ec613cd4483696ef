//! What of one room goes to whom.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use slab::Slab;

use super::super::control::{
    HeldBack, MediaSource, SectionContent, SectionNeed, ServerWord, Undecodable,
};
use super::leg::Leg;
use super::outbox::Outbox;
use super::track::{MediaTrack, TrackKey, settle};
use super::wishes::{place_in_wishes, shown_width};

/// Up to so many voices everybody is heard always; beyond, whoever spoke last.
const VOICES: usize = 8;
/// How long fewer renditions must do before they are not asked for any more.
const FEWER: Duration = Duration::from_secs(2);

/// A room.
#[derive(Default)]
pub(super) struct MediaRoom {
    /// Its address.
    pub(super) address: String,
    pub(super) legs: Vec<usize>,
    pub(super) tracks: BTreeMap<TrackKey, MediaTrack>,
    /// Whose microphones are not forwarded.
    pub(super) muted: BTreeSet<String>,
    /// Who speaks, loudest first.
    pub(super) speaking: Vec<usize>,
    /// Something changed by which others are to be sent what they are not sent now.
    pub(super) unsettled: bool,
}

impl MediaRoom {
    /// A leg is not there any more.
    pub(super) fn lose(&mut self, leg: usize) {
        self.legs.retain(|other| *other != leg);
        self.speaking.retain(|other| *other != leg);
        self.tracks.retain(|(of, _), _| *of != leg);
        for track in self.tracks.values_mut() {
            track.receivers.retain(|(to, _)| *to != leg);
        }
        self.unsettled = true;
    }

    /// Looks at who sends what, and who speaks. Says whether who speaks is somebody else now.
    pub(super) fn look(&mut self, now: Instant) -> bool {
        let mut loud = Vec::new();
        for ((leg, source), track) in &mut self.tracks {
            track.measure(now);
            let live = track.is_live(now);
            self.unsettled |= live != track.live;
            track.live = live;
            if *source == MediaSource::Microphone
                && let Some(level) = track.loudness.judge(now)
            {
                loud.push((level, *leg));
            }
        }
        loud.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let speaking: Vec<usize> = loud.into_iter().map(|(_, leg)| leg).collect();
        let changed = speaking != self.speaking;
        self.unsettled |= changed && self.legs.len() > VOICES;
        self.speaking = speaking;
        changed
    }

    /// What somebody is to be sent, most wanted first.
    fn wanted(&self, to: usize, legs: &Slab<Leg>, videos: usize) -> [Vec<TrackKey>; 2] {
        let live = |of: &(&TrackKey, &MediaTrack)| of.1.live && of.0.0 != to;
        let tracks: Vec<_> = self.tracks.iter().filter(live).collect();
        let of_kind = |audio: bool| {
            let own = tracks
                .iter()
                .filter(move |(key, _)| key.1.is_audio() == audio);
            own.copied().collect::<Vec<_>>()
        };
        let mut heard = of_kind(true);
        if heard.len() > VOICES {
            heard.sort_by_key(|(_, track)| std::cmp::Reverse(track.loudness.spoke));
            heard.truncate(VOICES);
        }
        let heard = heard.into_iter().map(|(key, _)| *key).collect();
        let mut seen: Vec<TrackKey> = of_kind(false).into_iter().map(|(key, _)| *key).collect();
        match &legs[to].wishes {
            Some(_) => {
                let place = |key: &TrackKey| place_in_wishes(&legs[to], *key, legs);
                seen.retain(|key| place(key) != usize::MAX);
                seen.sort_by_key(place);
            }
            None => seen.sort_by_key(|(leg, source)| {
                let speaks = self.speaking.iter().position(|of| of == leg);
                (*source != MediaSource::Screen, speaks.unwrap_or(usize::MAX))
            }),
        }
        seen.truncate(videos);
        [heard, seen]
    }

    /// Gives everybody what they are to be sent, as far as they have sections for it.
    pub(super) fn settle(
        &mut self,
        legs: &mut Slab<Leg>,
        videos: usize,
        now: Instant,
        outlet: &mut Outbox,
    ) {
        self.unsettled = false;
        for to in self.legs.clone() {
            let [heard, seen] = self.wanted(to, legs, videos);
            let need = SectionNeed {
                audio: heard.len(),
                video: seen.len(),
            };
            for (wanted, is_audio) in [(&heard, true), (&seen, false)] {
                self.place(to, wanted, is_audio, legs);
            }
            self.choose_renditions(to, legs, now);
            self.tell(to, (need, videos), legs, outlet);
        }
    }

    /// Gives one what is wanted, of one kind.
    fn place(&mut self, to: usize, wanted: &[TrackKey], is_audio: bool, legs: &mut Slab<Leg>) {
        let places: Vec<_> = legs[to]
            .sections(is_audio)
            .iter()
            .map(|of| of.carries)
            .collect();
        let settled = settle(wanted, &places);
        for (at, (before, now)) in places.into_iter().zip(settled).enumerate() {
            if before == now {
                continue;
            }
            if let Some(track) = before.and_then(|key| self.tracks.get_mut(&key)) {
                track.receivers.retain(|receiver| *receiver != (to, at));
            }
            let track = now.and_then(|key| Some((key, self.tracks.get_mut(&key)?)));
            let format = track.as_ref().map(|(key, track)| (*key, track.format));
            legs[to].assign(is_audio, at, format);
            let decodes = legs[to].sections(is_audio)[at].payload.is_some();
            if let Some((_, track)) = track.filter(|_| decodes) {
                track.receivers.push((to, at));
            }
        }
    }

    /// Tells one what comes where, if that is news.
    fn tell(
        &self,
        to: usize,
        (need, most): (SectionNeed, usize),
        legs: &mut Slab<Leg>,
        outlet: &mut Outbox,
    ) {
        let people: Vec<String> = self
            .legs
            .iter()
            .filter_map(|key| {
                let leg = legs.get(*key)?;
                leg.connected.then(|| leg.participant.clone())
            })
            .collect();
        let (sections, undecodable) = self.contents(&legs[to], legs);
        let held_back = held_back(&legs[to], legs);
        let word = ServerWord::Tracks {
            people: people.iter().map(String::as_str).collect(),
            sections,
            need,
            most,
            undecodable,
            held_back,
        };
        legs[to].tell(&word, outlet.of(to));
    }

    /// What comes where, and what cannot come.
    fn contents(&self, leg: &Leg, legs: &Slab<Leg>) -> (Vec<SectionContent>, Vec<Undecodable>) {
        let (mut sections, mut undecodable) = (Vec::new(), Vec::new());
        for section in leg.audio.iter().chain(&leg.video) {
            let Some(key @ (of, source)) = section.carries else {
                continue;
            };
            let (Some(other), Some(track)) = (legs.get(of), self.tracks.get(&key)) else {
                continue;
            };
            let participant = other.participant.clone();
            if section.payload.is_some() {
                sections.push(SectionContent {
                    mid: section.mid.to_string(),
                    participant,
                    source,
                });
            } else {
                undecodable.push(Undecodable {
                    participant,
                    source,
                    codec: track.format.spec().codec.to_string(),
                });
            }
        }
        (sections, undecodable)
    }

    /// Tells everybody who speaks.
    pub(super) fn tell_speakers(&self, legs: &mut Slab<Leg>, outlet: &mut Outbox) {
        let ids: Vec<String> = self
            .speaking
            .iter()
            .filter_map(|key| Some(legs.get(*key)?.participant.clone()))
            .collect();
        let word = ServerWord::Speakers {
            ids: ids.iter().map(String::as_str).collect(),
        };
        for to in &self.legs {
            legs[*to].say(&word, outlet.of(*to));
        }
    }

    /// Tells somebody which of their renditions are of use to anybody: more at once, fewer after a while.
    pub(super) fn tell_renditions(
        &self,
        of: usize,
        legs: &mut Slab<Leg>,
        now: Instant,
        outlet: &mut Outbox,
    ) {
        let own = self
            .tracks
            .range((of, MediaSource::Microphone)..=(of, MediaSource::Sound));
        let mut highest = BTreeMap::new();
        for ((_, source), track) in own.filter(|((_, source), _)| !source.is_audio()) {
            let ideal = track
                .receivers
                .iter()
                .map(|(to, _)| track.ideal_rendition(shown_width(*to, (of, *source), legs)));
            if let Some(rendition) = ideal.max() {
                highest.insert(*source, rendition);
            }
        }
        let leg = &mut legs[of];
        if highest == leg.told_renditions {
            leg.fewer_since = None;
            return;
        }
        let more = highest.iter().any(|(source, rendition)| {
            leg.told_renditions
                .get(source)
                .is_none_or(|told| rendition > told)
        });
        let since = *leg.fewer_since.get_or_insert(now);
        if !more && now.saturating_duration_since(since) < FEWER {
            return;
        }
        let word = ServerWord::Renditions {
            highest: highest.clone(),
        };
        if leg.say(&word, outlet.of(of)) {
            leg.told_renditions = highest;
            leg.fewer_since = None;
        }
    }
}

/// What does not come because the client's line has no room for it.
fn held_back(leg: &Leg, legs: &Slab<Leg>) -> Vec<HeldBack> {
    let held_back = leg.video.iter().filter(|section| section.is_held_back());
    let named = held_back.filter_map(|section| {
        let (of, source) = section.carries?;
        let participant = legs.get(of)?.participant.clone();
        Some(HeldBack {
            participant,
            source,
        })
    });
    named.collect()
}
