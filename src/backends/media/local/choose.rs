//! Which rendition of each picture somebody is to be sent: as large as they show it, as far as their line has
//! room for it.

use std::time::Instant;

use slab::Slab;

use super::budget::{RenditionCosts, share};
use super::leg::Leg;
use super::room::MediaRoom;
use super::track::{MediaTrack, TrackKey};
use super::wishes::{place_in_wishes, shown_width};

impl MediaRoom {
    /// Which rendition of each picture somebody is to be sent.
    pub(super) fn choose_renditions(&mut self, to: usize, legs: &mut Slab<Leg>, now: Instant) {
        let pictures = self.pictures(to, legs, now);
        let limit = legs[to].budget.limit();
        let is_narrow = limit.is_some();
        let chosen: Vec<Option<u8>> = match limit {
            None => pictures.iter().map(|of| Some(of.rendition)).collect(),
            Some(limit) => {
                let wanted = |of: &Picture| {
                    let track = self.tracks.get(&of.key);
                    RenditionCosts {
                        renditions: track
                            .map_or_else(Vec::new, |track| track.costs(of.rendition, now)),
                        now: legs[to].video[of.at].comes_or_begins(),
                    }
                };
                share(limit, &pictures.iter().map(wanted).collect::<Vec<_>>())
            }
        };
        for (picture, rendition) in pictures.into_iter().zip(chosen) {
            let leg = &mut legs[to];
            let section = &mut leg.video[picture.at];
            if section.wanted.is_some() != rendition.is_some() {
                leg.untold = true;
            }
            section.wanted = rendition;
            match rendition {
                // Once there is room, it begins anew.
                None => section.rendition = None,
                Some(rendition) if section.rendition != Some(rendition) => {
                    // What the line has no room for stops before the smaller one begins, so that the first
                    // picture of that one arrives whole.
                    if is_narrow && section.rendition.is_some_and(|now| rendition < now) {
                        section.rendition = None;
                    }
                    if let Some(track) = self.tracks.get_mut(&picture.key) {
                        track.want_key_frame(rendition);
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
                let rendition = track.rendition_for(shown_width(to, key, legs), now);
                Some(Picture { at, key, rendition })
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
    /// The rendition that fits the place where it is shown.
    rendition: u8,
}
