//! Operations on calls.

use super::pages;
use super::server::Server;
use crate::error::Result;
use crate::model::call::Call;

/// Rings somebody.
pub mod create {
    use super::{Result, Server};
    use crate::commands::call::create::{Input, Plan, Started};

    /// Has somebody rung; whoever holds the key stands behind the tokens.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Started> {
        server.post(&["calls"]).body(&input)?.answer().await
    }

    /// Who would be rung.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<Plan> {
        let request = server.post(&["calls"]).dry_run();
        request.body(&input)?.answer().await
    }
}

/// Lists calls.
pub mod list {
    use futures_util::stream::BoxStream;

    use super::{Call, Result, Server, pages};

    /// All of them, a page at a time.
    pub fn all(server: &Server, past: bool) -> BoxStream<'_, Result<Vec<Call>>> {
        let request = move || server.get(&["calls"]).flag("past", past);
        pages::every(server, "calls", |call: &Call| &call.id, request)
    }
}

/// Shows a call.
pub mod show {
    use super::{Call, Result, Server};
    use crate::commands::call::show::Input;

    /// Looks the call up.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Call> {
        server.get(&["calls", &input.id]).answer().await
    }
}

/// Ends a call.
pub mod end {
    use serde_json::json;

    use super::{Call, Result, Server};
    use crate::commands::call::end::Input;

    /// Has it ended.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Call> {
        let request = server.post(&["calls", &input.call, "end"]);
        request.body(&json!({ "by": input.by }))?.answer().await
    }
}
