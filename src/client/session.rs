//! What took place in rooms, and who was there.

use super::pages;
use super::server::Server;
use crate::error::Result;
use crate::model::session::Session;

/// Lists sessions.
pub mod list {
    use futures_util::stream::BoxStream;

    use super::{Result, Server, Session, pages};
    use crate::commands::session::list::Input;

    /// All of them, a page at a time, the newest first.
    pub fn all(server: &Server, input: Input) -> BoxStream<'_, Result<Vec<Session>>> {
        let request = move || {
            let request = server.get(&["sessions"]).with("backend", input.backend);
            request.with("room", input.room.as_ref())
        };
        pages::every(server, "sessions", |session: &Session| &session.id, request)
    }
}

/// Shows a session.
pub mod show {
    use super::{Result, Server, Session};
    use crate::commands::session::show::Input;

    /// Looks it up.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Session> {
        let request = server.get(&["sessions", &input.id]);
        request.with("backend", input.backend).answer().await
    }
}

/// Says who was there, and for how long.
pub mod attendance {
    use super::{Result, Server, pages};
    use crate::commands::session::attendance::Input;
    use crate::model::RoomName;
    use crate::model::session::Attendance;

    /// Asks for it.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Vec<Attendance>> {
        let room: RoomName = input.room.parse()?;
        let request = server.get(&["rooms", room.as_str(), "attendance"]);
        let request = request.with("backend", input.backend);
        let request = request.with("session", input.session);
        pages::only(server, request.flag("every", input.every)).await
    }
}
