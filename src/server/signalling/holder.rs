//! Who holds a connection, by the token that they signed in with elsewhere.

use std::sync::{Arc, OnceLock};

use axum::http::HeaderMap;
use tokio::sync::OnceCell;

use crate::error::Result;
use crate::model::sign_in::SignedIn;
use crate::server::App;
use crate::server::address::ClientAddress;
use crate::server::auth::identify_person;

/// The token of an issuer that a connection came with, and whom it is of once that was looked at.
#[derive(Default)]
pub(super) struct SignIn {
    token: OnceLock<String>,
    person: OnceCell<Arc<SignedIn>>,
}

impl SignIn {
    /// The connection came with this token.
    pub(super) fn came_with(&self, token: String) {
        self.token.get_or_init(|| token);
    }

    /// Who holds the connection, if it came with a token.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`](crate::Kind::Unauthenticated) when that token is no good.
    pub(super) async fn person(
        &self,
        app: &App,
        headers: &HeaderMap,
        address: Option<ClientAddress>,
    ) -> Result<Option<Arc<SignedIn>>> {
        let Some(token) = self.token.get() else {
            return Ok(None);
        };
        let person = self
            .person
            .get_or_try_init(|| identify_person(app, headers, token, address));
        person.await.cloned().map(Some)
    }

    /// The same, of a token that was looked at already.
    pub(super) fn known(&self) -> Option<Arc<SignedIn>> {
        self.person.get().cloned()
    }
}
