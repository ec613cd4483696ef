//! What browsers are rung with.

use super::server::Server;
use crate::error::Result;

/// The key that they subscribe with.
pub mod key {
    use super::{Result, Server};
    use crate::commands::push::key::PushKey;

    /// Asks for it.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server) -> Result<PushKey> {
        server.get(&["push", "key"]).answer().await
    }
}

/// Replaces it.
pub mod rotate {
    use super::{Result, Server};
    use crate::commands::push::rotate::{Output, Plan};

    /// What that would cost.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server) -> Result<Plan> {
        let request = server.post(&["push", "key", "rotate"]);
        request.dry_run().answer().await
    }

    /// Has it replaced.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server) -> Result<Output> {
        server.post(&["push", "key", "rotate"]).answer().await
    }
}
