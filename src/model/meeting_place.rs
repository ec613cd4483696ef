//! Where somebody stands in what happens in a room.

use std::fmt;
use std::str::FromStr;

use super::digest::digest;
use crate::error::{Error, Result};

/// A place in the order of what happens in a room: whoever was told everything before it can be told the
/// rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingPlace {
    /// All of so many commits are before it,
    pub commits: u64,
    /// and so much of the next one.
    pub happenings: usize,
    /// Tells the room from one that is made again under the same name.
    room: u64,
}

impl MeetingPlace {
    /// A place in the room with this id.
    pub fn new(room_id: &str, commits: u64, happenings: usize) -> Self {
        let room = digest(room_id);
        Self {
            commits,
            happenings,
            room,
        }
    }

    /// Whether it is one of the room with this id.
    pub fn is_in(&self, room_id: &str) -> bool {
        self.room == digest(room_id)
    }
}

impl fmt::Display for MeetingPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            commits,
            happenings,
            room,
        } = self;
        write!(f, "{commits}.{happenings}.{room:016x}")
    }
}

impl FromStr for MeetingPlace {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let read = || {
            let mut parts = text.splitn(3, '.');
            let commits = parts.next()?.parse().ok()?;
            let happenings = parts.next()?.parse().ok()?;
            let room = u64::from_str_radix(parts.next()?, 16).ok()?;
            Some(Self {
                commits,
                happenings,
                room,
            })
        };
        read().ok_or_else(|| Error::invalid("that is not the id of an event of a room"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_told() {
        let place = MeetingPlace::new("room", 7, 2);
        let read: MeetingPlace = place.to_string().parse().expect("a place");
        assert_eq!(read, place);
        assert!(read.is_in("room") && !read.is_in("another"));
        for text in ["", "7", "7.2", "7.2.x", "-1.0.0", "7..0", "7.2.0.0"] {
            assert!(text.parse::<MeetingPlace>().is_err(), "{text}");
        }
    }
}

#[cfg(test)]
mod hostile {
    use super::*;
    use crate::hostile::{hostile, refused};

    fn read(bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        match text.parse::<MeetingPlace>() {
            Ok(place) => assert_eq!(
                place.to_string().parse::<MeetingPlace>().expect("reads"),
                place
            ),
            Err(error) => refused(&error),
        }
    }

    /// A place is read as it was given out; another one is refused.
    #[test]
    fn meeting_place_is_read_or_refused() {
        hostile!("meeting_place", read);
    }
}
