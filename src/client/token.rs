//! Operations on join tokens.

use super::request::ApiRequest;
use super::server::Server;
use crate::error::Result;

/// Mints a token.
pub mod create {
    use super::{ApiRequest, Result, Server};
    use crate::commands::token::create::{Input, PlannedToken};
    use crate::model::JoinToken;

    /// Has it minted; whoever holds the key stands behind it.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<JoinToken> {
        request(server, &input)?.answer().await
    }

    /// Which token would be minted.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<PlannedToken> {
        request(server, &input)?.dry_run().answer().await
    }

    fn request<'a>(server: &'a Server, input: &Input) -> Result<ApiRequest<'a>> {
        let request = server.post(&["rooms", input.room.as_str(), "tokens"]);
        request.body(&input.spec)
    }
}

/// Reads a token.
pub mod inspect {
    use super::{Result, Server};
    use crate::commands::token::inspect::Input;
    use crate::model::TokenFacts;

    /// Has it read.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<TokenFacts> {
        let request = server.post(&["tokens:inspect"]);
        request.body(&input)?.answer().await
    }
}
