//! Each device by its own way: browsers by Web Push, all others by what the configuration names.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Push, PushMessage, PushRefusal};
use crate::error::{Error, Result as TokResult};
use crate::model::device::Platform;

/// [`Push`] that goes by whose service a token is of.
pub struct PushRouter {
    usual: Arc<dyn Push>,
    web: Arc<dyn Push>,
}

impl PushRouter {
    /// Browsers by `web`, everything else by `usual`.
    pub fn new(usual: Arc<dyn Push>, web: Arc<dyn Push>) -> Self {
        Self { usual, web }
    }

    fn of(&self, message: &PushMessage) -> &dyn Push {
        match message.platform {
            Some(Platform::Web) => self.web.as_ref(),
            _ => self.usual.as_ref(),
        }
    }
}

#[async_trait]
impl Push for PushRouter {
    fn way(&self, message: &PushMessage) -> &'static str {
        self.of(message).way(message)
    }

    fn needs_token(&self) -> bool {
        self.usual.needs_token()
    }

    fn check(&self, message: &PushMessage) -> TokResult<()> {
        self.of(message).check(message)
    }

    fn blocked(&self) -> Option<Error> {
        self.usual.blocked().or_else(|| self.web.blocked())
    }

    async fn send(&self, message: &PushMessage) -> Result<(), PushRefusal> {
        self.of(message).send(message).await
    }

    async fn validate(&self, message: &PushMessage) -> Result<(), PushRefusal> {
        self.of(message).validate(message).await
    }
}
