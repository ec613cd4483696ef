//! Which layer of each picture somebody is to be sent: as large as they show it, as far as their line has
//! room for it.

use std::time::Instant;

use slab::Slab;

use super::budget::{Wanted, share};
use super::leg::{Leg, TrackKey};
use super::room::MediaRoom;
use super::track::MediaTrack;

/// How wide a picture is taken to be shown of which nobody says it, in pixels.
const USUAL_WIDTH: u32 = 640;

impl MediaRoom {
    /// Which layer of each picture somebody is to be sent.
    pub(super) fn choose_layers(&mut self, to: usize, legs: &mut Slab<Leg>, now: Instant) {
        let pictures = self.pictures(to, legs, now);
        let chosen: Vec<Option<u8>> = match legs[to].budget.limit() {
            None => pictures.iter().map(|of| Some(of.layer)).collect(),
            Some(limit) => {
                let wanted = |of: &Picture| {
                    let track = self.tracks.get(&of.key);
                    Wanted {
                        layers: track.map_or_else(Vec::new, |track| track.costs(of.layer, now)),
                        now: legs[to].video[of.at].layer,
                    }
                };
                share(limit, &pictures.iter().map(wanted).collect::<Vec<_>>())
            }
        };
        for (picture, layer) in pictures.into_iter().zip(chosen) {
            let leg = &mut legs[to];
            let section = &mut leg.video[picture.at];
            if section.wanted.is_some() != layer.is_some() {
                leg.untold = true;
            }
            section.wanted = layer;
            match layer {
                // Once there is room, it begins anew.
                None => section.layer = None,
                Some(layer) if section.layer != Some(layer) => {
                    if let Some(track) = self.tracks.get_mut(&picture.key) {
                        track.want_key_frame(layer);
                    }
                }
                Some(_) => {}
            }
        }
    }

    /// What somebody is sent, most wanted first.
    fn pictures(&self, to: usize, legs: &Slab<Leg>, now: Instant) -> Vec<Picture> {
        let leg = &legs[to];
        let sections = leg.video.iter().enumerate();
        let mut pictures: Vec<Picture> = sections
            .filter_map(|(at, section)| {
                let key = section.carries.filter(|_| section.payload.is_some())?;
                let track: &MediaTrack = self.tracks.get(&key)?;
                let layer = track.layer_for(shown_width(to, key, legs), now);
                Some(Picture { at, key, layer })
            })
            .collect();
        if leg.budget.limit().is_some() {
            pictures.sort_by_key(|of| place_in_wishes(leg, of.key, legs));
        }
        pictures
    }
}

/// Something that comes in a section.
struct Picture {
    /// The section's place among those for pictures.
    at: usize,
    key: TrackKey,
    /// The layer that fits the place where it is shown.
    layer: u8,
}

/// Where somebody's picture stands among what a client wants to see; last if it is not wanted.
pub(super) fn place_in_wishes(leg: &Leg, (of, source): TrackKey, legs: &Slab<Leg>) -> usize {
    let of = legs.get(of).map(|leg| leg.participant.as_str());
    let mut wishes = leg.wishes.iter().flatten();
    let place =
        wishes.position(|wish| Some(wish.participant.as_str()) == of && wish.source == source);
    place.unwrap_or(usize::MAX)
}

/// How wide somebody shows a picture.
pub(super) fn shown_width(to: usize, (leg, source): TrackKey, legs: &Slab<Leg>) -> u32 {
    let of = legs.get(leg).map(|leg| leg.participant.as_str());
    let wishes = legs[to].wishes.iter().flatten();
    let mut own = wishes.filter(|wish| Some(wish.participant.as_str()) == of);
    let wish = own.find(|wish| wish.source == source);
    wish.map_or(USUAL_WIDTH, |wish| wish.width)
}
