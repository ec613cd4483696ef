//! What operators do with people in local rooms. Over the API nobody else does: it is the key that acts.

use super::pages;
use super::server::Server;
use crate::error::Result;

/// Lists who is, was or waits in a room.
pub mod list {
    use super::{Result, Server, pages};
    use crate::commands::participant::list::Input;
    use crate::model::meeting::Person;

    /// Everybody, in the order they came.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Vec<Person>> {
        let request = server.get(&["rooms", input.room.as_str(), "participants"]);
        pages::only(server, request.flag("local", true)).await
    }
}

/// Lists who was sent out for good.
pub mod bans {
    use super::{Result, Server, pages};
    use crate::commands::participant::bans::Input;
    use crate::model::meeting::BannedPerson;

    /// All of them.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Vec<BannedPerson>> {
        let request = server.get(&["rooms", input.room.as_str(), "bans"]);
        pages::only(server, request).await
    }
}

/// Sends somebody out.
pub mod kick {
    use super::{Result, Server};
    use crate::commands::participant::kick::Input;

    /// Has them sent out.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<()> {
        let path = ["rooms", input.room.as_str(), "participants", &input.target];
        server.delete(&path).flag("ban", input.ban).done().await
    }
}

/// Lets somebody come in again.
pub mod unban {
    use super::{Result, Server};
    use crate::commands::participant::unban::Input;

    /// Has the ban lifted.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<()> {
        let path = ["rooms", input.room.as_str(), "bans", &input.target];
        server.delete(&path).done().await
    }
}

/// Asks somebody to turn off their microphone.
pub mod mute {
    use super::{Result, Server};
    use crate::commands::participant::mute::Input;

    /// Has them asked.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<()> {
        let room = input.room.as_str();
        let path = ["rooms", room, "participants", &input.target, "mute"];
        server.post(&path).flag("lift", input.lift).done().await
    }
}

/// Lets somebody in who waits, or sends them away.
pub mod admit {
    use super::{Result, Server};
    use crate::commands::participant::admit::Input;

    /// Has it done.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<()> {
        let what = if input.accept { "admit" } else { "refuse" };
        let room = input.room.as_str();
        let path = ["rooms", room, "participants", &input.target, what];
        server.post(&path).done().await
    }
}

/// Makes somebody a host.
pub mod promote {
    use super::{Result, Server};
    use crate::commands::participant::promote::Input;

    /// Has them made one.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<()> {
        let room = input.room.as_str();
        let path = ["rooms", room, "participants", &input.target, "promote"];
        server.post(&path).done().await
    }
}
