//! The sockets of a server, for whoever starts and stops it.

use std::sync::Arc;

use socketioxide::SocketIo;

use crate::context::Context;
use crate::server::listen::Connections;

/// The sockets of this server.
#[derive(Clone)]
pub struct Sockets {
    io: SocketIo,
    context: Arc<Context>,
    /// Their places, as readiness sees them.
    pub places: Arc<Connections>,
}

impl Sockets {
    pub(super) fn new(io: SocketIo, context: Arc<Context>, places: Arc<Connections>) -> Self {
        Self {
            io,
            context,
            places,
        }
    }

    /// Takes leave of everybody, so that they may come back to another process: nobody is out of
    /// their room by it.
    pub async fn close(&self) {
        // First, and at once: nobody goes on sending into nothing.
        if let Some(media) = &self.context.media {
            media.forwarding.shut().await;
        }
        self.context.meetings.pause().await;
        self.io.close().await;
    }
}
