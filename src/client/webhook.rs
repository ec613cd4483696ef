//! What vendors told by web callback.

use super::pages;
use super::server::Server;
use crate::error::Result;
use crate::model::callback::WebhookDelivery;

/// Lists deliveries.
pub mod list {
    use super::{Result, Server, WebhookDelivery, pages};
    use crate::commands::webhook::list::newest;
    use crate::model::BackendName;

    /// The latest deliveries, the newest first; all of them without a limit.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn latest(
        server: &Server,
        backend: Option<BackendName>,
        limit: Option<usize>,
    ) -> Result<Vec<WebhookDelivery>> {
        let request = move || server.get(&["webhooks"]).with("backend", backend);
        newest(
            pages::every(
                server,
                "deliveries",
                |delivery: &WebhookDelivery| &delivery.id,
                request,
            ),
            limit,
        )
        .await
    }
}

/// Shows a delivery.
pub mod show {
    use super::{Result, Server, WebhookDelivery};
    use crate::commands::webhook::show::Input;

    /// Looks it up.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<WebhookDelivery> {
        server.get(&["webhooks", &input.id]).answer().await
    }
}

/// Notes once more what a delivery says.
pub mod replay {
    use super::{Result, Server, WebhookDelivery};
    use crate::commands::webhook::replay::Input;

    /// Has it noted.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<WebhookDelivery> {
        let request = server.post(&["webhooks", &input.id, "replay"]);
        request.answer().await
    }
}
