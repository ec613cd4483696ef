//! Who may use a compat surface: holders of a key, people who sign in where it can be narrowed to
//! them, or anybody if the operator opened it.

use axum::extract::OriginalUri;
use axum::http::request::Parts;

use crate::error::Result;
use crate::model::key::Scope;
use crate::model::{Minter, Role};
use crate::server::App;
use crate::server::address::ClientAddress;
use crate::server::auth::{Caller, admit_anybody, identify};

/// Lets a caller in to the surface `name`, but no person who signed in; returns who stands behind the
/// tokens it gets.
pub(super) async fn admit(app: &App, parts: &Parts, name: &str) -> Result<Minter> {
    let caller = admit_people(app, parts, name).await?;
    if app.0.auth.is_open(name) {
        // Anybody: nobody vouches for them.
        return Ok(Minter {
            strongest: Role::Host,
            ..Minter::default()
        });
    }
    caller.need(Scope::Compat)?;
    Ok(caller.minter())
}

/// Lets a caller in to the surface `name`, also a person who signed in: what they do is to be narrowed
/// to what is their own.
pub(super) async fn admit_people(app: &App, parts: &Parts, name: &str) -> Result<Caller> {
    if app.0.auth.is_open(name) {
        admit_anybody(app, parts)?;
        return Ok(Caller::Anybody);
    }
    let caller = identify(app, parts).await?;
    caller.need_own(Scope::Compat)?;
    Ok(caller)
}

/// The client, where we know a caller of the surface `name` by their address only: what they make and what
/// they look for in vain counts for that. One who stands for many must not shut all of them out.
pub(super) fn stranger(app: &App, parts: &Parts, name: &str) -> Option<ClientAddress> {
    let auth = &app.0.auth;
    let client = parts.extensions.get::<ClientAddress>().copied();
    client.filter(|client| auth.asks_for_keys() && auth.is_open(name) && !client.is_proxy)
}

/// The part of the path below which the surface was called: its prefix, or nothing at the root.
pub(super) fn below(parts: &Parts, prefix: &'static str) -> &'static str {
    let path = parts
        .extensions
        .get::<OriginalUri>()
        .map_or(parts.uri.path(), |uri| uri.path());
    if path.starts_with(prefix) { prefix } else { "" }
}
