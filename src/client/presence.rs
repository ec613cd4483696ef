//! Who is there.

use super::pages;
use super::server::Server;
use crate::error::Result;
use crate::model::presence::{PersonPresence, UserPresence};

/// Lists people.
pub mod list {
    use futures_util::StreamExt;
    use futures_util::stream::{BoxStream, try_unfold};

    use super::super::presence_watch::PresenceWatch;
    use super::{Result, Server, UserPresence, pages};
    use crate::commands::presence::list::{Input, PresenceChange};

    /// Everybody of whom anything is known.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Vec<UserPresence>> {
        let request = server.get(&["presence"]);
        pages::only(server, request.flag("online", input.online)).await
    }

    /// Everybody, then every change, over as many connections as it takes; [`Kind::Unsupported`] of a
    /// server that is too old.
    ///
    /// [`Kind::Unsupported`]: crate::Kind::Unsupported
    pub fn watch(server: &Server) -> BoxStream<'_, Result<PresenceChange>> {
        try_unfold(PresenceWatch::new(server), async |mut watch| {
            let next = watch.next().await?;
            Ok(next.map(|change| (change, watch)))
        })
        .boxed()
    }
}

/// Says whether somebody is there.
pub mod show {
    use super::{PersonPresence, Result, Server};
    use crate::commands::presence::show::Input;

    /// Looks it up.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<PersonPresence> {
        server.get(&["presence", &input.user]).answer().await
    }
}

/// Notes what a connection says of itself.
pub mod announce {
    use reqwest::Method;

    use super::super::request::ApiRequest;
    use super::{Result, Server, UserPresence};
    use crate::commands::presence::announce::Input;

    /// Has it noted; that the holder of the key said so is noted, too.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<UserPresence> {
        let user = input.user.as_str();
        let path = ["presence", user, "connections", &input.connection];
        let request = ApiRequest::new(server, Method::PUT, &path);
        request.body(&input.says)?.answer().await
    }
}

/// Compares the user documents with the source.
pub mod audit {
    use super::{Result, Server};
    use crate::commands::presence::audit::Report;

    /// Has them compared.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server) -> Result<Report> {
        server.get(&["presence:audit"]).answer().await
    }
}

/// Makes the user documents true.
pub mod follow {
    use super::{Result, Server};
    use crate::commands::presence::follow::{Report, Trust};

    /// Has written what they do not say truly.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run_once(server: &Server, trust: Trust) -> Result<Report> {
        let request = server.post(&["presence:sync"]);
        let all = trust == Trust::full_if(true);
        request.flag("trust_source", all).answer().await
    }
}

/// Removes connections that gave no sign of life in time.
pub mod sweep {
    use super::{Result, Server};
    use crate::commands::presence::sweep::Report;

    /// Has them removed.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server) -> Result<Report> {
        server.post(&["presence:sweep"]).answer().await
    }

    /// How many would be removed.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server) -> Result<Report> {
        let request = server.post(&["presence:sweep"]);
        request.dry_run().answer().await
    }
}
