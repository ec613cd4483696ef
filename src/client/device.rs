//! Operations on devices.

use super::pages;
use super::server::Server;
use crate::error::Result;
use crate::model::device::Device;

/// Registers a device.
pub mod register {
    use super::{Device, Result, Server};
    use crate::commands::device::register::{Input, Plan};

    /// Has it registered.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Device> {
        server.post(&["devices"]).body(&input)?.answer().await
    }

    /// Which id it would have.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<Plan> {
        let request = server.post(&["devices"]).dry_run();
        request.body(&input)?.answer().await
    }
}

/// Lists devices.
pub mod list {
    use futures_util::stream::BoxStream;

    use super::{Device, Result, Server, pages};

    /// All of them, a page at a time.
    pub fn all(server: &Server) -> BoxStream<'_, Result<Vec<Device>>> {
        let request = || server.get(&["devices"]);
        pages::every(server, "devices", |device: &Device| &device.id, request)
    }
}

/// Deletes a device.
pub mod delete {
    use super::{Device, Result, Server};
    use crate::commands::device::delete::Input;

    /// Looks up the device that would be deleted.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<Device> {
        let request = server.delete(&["devices", &input.id]);
        request.dry_run().answer().await
    }

    /// Has it deleted.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Device> {
        server.delete(&["devices", &input.id]).answer().await
    }
}
