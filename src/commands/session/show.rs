//! Shows a session.

pub use crate::commands::by_id::ByVendorId as Input;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::session::Session;

/// Looks the session up.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Unsupported`](crate::Kind::Unsupported) where
/// nobody knows.
pub async fn run(context: &Context, input: Input) -> Result<Session> {
    let Input { id, backend } = input;
    let sessions = context.backends.get(backend)?.sessions()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "._:@+~=-".contains(c);
    if id.is_empty() || id.len() > 255 || id.starts_with('.') || !id.chars().all(plain) {
        return Err(Error::not_found(format!("there is no session `{id}`")));
    }
    sessions.get(&id).await
}
