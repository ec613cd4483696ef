//! Shows a session.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::BackendName;
use crate::model::session::Session;

/// The session with the vendor's id `id`.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Unsupported`](crate::Kind::Unsupported) where
/// nobody knows.
pub async fn run(context: &Context, id: &str, backend: Option<BackendName>) -> Result<Session> {
    let sessions = context.backends.get(backend)?.sessions()?;
    if id.is_empty() || id == "." || id == ".." {
        return Err(Error::not_found(format!("there is no session `{id}`")));
    }
    sessions.get(id).await
}
