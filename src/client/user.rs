//! Operations on people.

use super::pages;
use super::server::Server;
use crate::error::Result;
use crate::model::user::User;

/// Makes a user.
pub mod create {
    use super::{Result, Server, User};
    use crate::commands::user::create::{Input, Plan};

    /// Has the user made.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<User> {
        server.post(&["users"]).body(&input)?.answer().await
    }

    /// What would be made.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<Plan> {
        let request = server.post(&["users"]).dry_run();
        request.body(&input)?.answer().await
    }
}

/// Lists users.
pub mod list {
    use futures_util::stream::BoxStream;

    use super::{Result, Server, User, pages};

    /// All users, a page at a time.
    pub fn all(server: &Server) -> BoxStream<'_, Result<Vec<User>>> {
        let request = || server.get(&["users"]);
        pages::every(server, "users", |user: &User| &user.id, request)
    }
}

/// Shows a user.
pub mod show {
    use super::{Result, Server, User};
    use crate::commands::user::show::Input;

    /// Looks the user up.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<User> {
        server.get(&["users", input.id.as_str()]).answer().await
    }
}

/// Changes what is known of a user.
pub mod update {
    use super::super::request::ApiRequest;
    use super::{Result, Server, User};
    use crate::commands::user::update::Input;

    /// Has the user changed.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<User> {
        request(server, &input)?.answer().await
    }

    /// Has the input checked; returns the user as they are now.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<User> {
        request(server, &input)?.dry_run().answer().await
    }

    fn request<'a>(server: &'a Server, input: &Input) -> Result<ApiRequest<'a>> {
        let request = server.patch(&["users", input.id.as_str()]);
        request.body(&input.changes)
    }
}

/// Deletes a user.
pub mod delete {
    use super::{Result, Server, User};
    use crate::commands::user::delete::Input;

    /// Has the user deleted; returns what they were.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<User> {
        server.delete(&["users", input.id.as_str()]).answer().await
    }

    /// Looks up the user that would be deleted.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<User> {
        let request = server.delete(&["users", input.id.as_str()]);
        request.dry_run().answer().await
    }
}
