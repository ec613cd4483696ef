//! Which layer of each picture somebody is to be sent: as large as they show it, as far as their line has
//! room for it.

use std::time::Instant;

use slab::Slab;

use super::budget::{LayerCosts, share};
use super::leg::Leg;
use super::room::MediaRoom;
use super::track::{MediaTrack, TrackKey};
use super::wishes::{place_in_wishes, shown_width};

impl MediaRoom {
    /// Which layer of each picture somebody is to be sent.
    pub(super) fn choose_layers(&mut self, to: usize, legs: &mut Slab<Leg>, now: Instant) {
        let pictures = self.pictures(to, legs, now);
        let limit = legs[to].budget.limit();
        let is_narrow = limit.is_some();
        let chosen: Vec<Option<u8>> = match limit {
            None => pictures.iter().map(|of| Some(of.layer)).collect(),
            Some(limit) => {
                let wanted = |of: &Picture| {
                    let track = self.tracks.get(&of.key);
                    LayerCosts {
                        layers: track.map_or_else(Vec::new, |track| track.costs(of.layer, now)),
                        now: legs[to].video[of.at].comes_or_begins(),
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
                    // What the line has no room for stops before the smaller one begins, so that the first
                    // picture of that one arrives whole.
                    if is_narrow && section.layer.is_some_and(|now| layer < now) {
                        section.layer = None;
                    }
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
