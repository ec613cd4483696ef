//! Who may use a compat surface: holders of a key, or anybody if the operator opened it.

use axum::extract::OriginalUri;
use axum::http::request::Parts;

use crate::error::Result;
use crate::model::Role;
use crate::model::key::Scope;
use crate::server::App;
use crate::server::auth::{admit_anybody, identify};

/// Lets a caller in to the surface `name`; returns the strongest role of the tokens it may get.
pub(super) async fn admit(app: &App, parts: &Parts, name: &str) -> Result<Role> {
    if app.0.auth.is_open(name) {
        admit_anybody(app, parts)?;
        return Ok(Role::Host);
    }
    let caller = identify(app, parts).await?;
    caller.need(Scope::Compat)?;
    Ok(caller.strongest_role())
}

/// The part of the path below which the surface was called: its prefix, or nothing at the root.
pub(super) fn below(parts: &Parts, prefix: &'static str) -> &'static str {
    let path = parts
        .extensions
        .get::<OriginalUri>()
        .map_or(parts.uri.path(), |uri| uri.path());
    if path.starts_with(prefix) { prefix } else { "" }
}
