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
