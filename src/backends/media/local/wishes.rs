//! What somebody wants to see, and how large.

use slab::Slab;

use super::leg::Leg;
use super::track::TrackKey;

/// How wide a picture is taken to be shown of which nobody says it, in pixels.
const USUAL_WIDTH: u32 = 640;

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
