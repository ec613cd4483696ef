//! Whoever comes into a room in a test.

use tok::commands::participant::join;

/// Somebody of whom nothing is known.
pub fn anybody(room: &str) -> join::Input {
    join::Input {
        room: room.parse().expect("a name"),
        name: None,
        returning: None,
        token: None,
        person: None,
        network: None,
    }
}

/// Somebody who gives this name.
pub fn called(name: &str, room: &str) -> join::Input {
    join::Input {
        name: Some(name.to_owned()),
        ..anybody(room)
    }
}
