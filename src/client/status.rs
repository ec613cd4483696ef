//! What the worker has done and has to do.

use super::server::Server;
use crate::commands::status::Status;
use crate::error::Result;

/// Asks for it.
///
/// # Errors
/// Those of the server.
pub async fn run(server: &Server) -> Result<Status> {
    server.get(&["status"]).answer().await
}
