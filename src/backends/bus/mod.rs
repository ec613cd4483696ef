//! The port for what several nodes tell each other at once: hints and what is passed on, never the
//! truth. Whatever is lost here is found in the store, only later.

mod redis;

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::BoxFuture;

use crate::error::Result;

pub use self::redis::RedisBus;

/// Whoever hears what is told.
pub type Hear = dyn Fn(&str) + Send + Sync;

/// What nodes over one store tell each other.
#[async_trait]
pub trait Bus: Send + Sync {
    /// Tells all nodes that listen, this one too. Does not wait.
    ///
    /// # Errors
    /// [`Kind::Unavailable`](crate::Kind::Unavailable) when it surely reaches nobody.
    fn publish(&self, text: String) -> Result<()>;

    /// Tells all nodes something that the node of this id must hear. The answer says that it listened.
    ///
    /// # Errors
    /// [`Kind::Unavailable`](crate::Kind::Unavailable) when it did not listen, or when nobody knows.
    fn tell(&self, node: &str, text: String) -> BoxFuture<'static, Result<()>>;

    /// Hears what is told, as the node of this id, for ever; comes back after every cut.
    async fn listen(&self, node: &str, hear: Arc<Hear>);
}
