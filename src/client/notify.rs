//! Operations on notifications.

use super::pages;
use super::server::Server;
use crate::error::Result;
use crate::model::notification::NotificationStatus;

/// Puts a notification into the queue, or only asks.
pub mod send {
    use super::{NotificationStatus, Result, Server};
    use crate::commands::notify::send::{Input, Validated};

    /// Has it put into the queue.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<NotificationStatus> {
        server.post(&["notifications"]).body(&input)?.answer().await
    }

    /// Has it looked at without asking the push service.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<Validated> {
        let request = server.post(&["notifications"]).flag("plan", true);
        request.body(&input)?.answer().await
    }

    /// Has the push service asked whether it would take it.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn validate(server: &Server, input: Input) -> Result<Validated> {
        let request = server.post(&["notifications"]).dry_run();
        request.body(&input)?.answer().await
    }
}

/// Sends what is in the queue now.
pub mod flush {
    use jiff::SignedDuration;

    use super::{Result, Server};
    use crate::commands::notify::flush::{Input, Plan, Report};
    use crate::model::report::Stopped;

    /// So long one request works.
    const SLICE: SignedDuration = SignedDuration::from_secs(10);

    /// How many notifications are in the queue.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server) -> Result<Plan> {
        let request = server.post(&["notifications:flush"]);
        request.dry_run().answer().await
    }

    /// Has them sent, in requests that are short enough to be interrupted between them.
    ///
    /// # Errors
    /// Those of the server at the first request.
    pub async fn run(server: &Server, input: Input) -> Result<Report> {
        let mut whole = Report::default();
        let working = server.working("Sending notifications", 0);
        loop {
            let time = server.time_for(input.until, SLICE);
            let request = server.post(&["notifications:flush"]);
            let some: Report = request.with("max_runtime", Some(time)).report().await?;
            let sent = some.delivered + some.dead + some.parked + some.expired + some.retrying;
            working.advance(usize::try_from(sent).unwrap_or(usize::MAX));
            whole = whole.and(some);
            // A push service that takes nothing is not asked for ever.
            if whole.stopped != Some(Stopped::OutOfTime) || sent == 0 {
                return Ok(whole);
            }
            if let Some(reason) = server.stopped(input.until) {
                whole.stopped = Some(reason);
                return Ok(whole);
            }
        }
    }
}

/// Lists the queue, or what was parked.
pub mod list {
    use futures_util::stream::BoxStream;

    use super::{NotificationStatus, Result, Server, pages};

    /// All of them, a page at a time.
    pub fn all(server: &Server, parked: bool) -> BoxStream<'_, Result<Vec<NotificationStatus>>> {
        let request = move || server.get(&["notifications"]).flag("parked", parked);
        pages::every(
            server,
            "notifications",
            |status: &NotificationStatus| &status.id,
            request,
        )
    }
}

/// Lists what became of notifications.
pub mod history {
    use futures_util::stream::BoxStream;

    use super::{NotificationStatus, Result, Server, pages};
    use crate::commands::notify::history::HistoryFilter;

    /// All of them, a page at a time.
    pub fn all(
        server: &Server,
        filter: HistoryFilter,
    ) -> BoxStream<'_, Result<Vec<NotificationStatus>>> {
        let request = move || {
            let request = server.get(&["notifications"]);
            let request = request.with("user", filter.user.as_ref());
            let request = request.with("since", filter.since);
            request.flag("dead", filter.dead)
        };
        pages::every(
            server,
            "notifications",
            |status: &NotificationStatus| &status.id,
            request,
        )
    }
}

/// Says where a notification is in its life.
pub mod show {
    use super::{NotificationStatus, Result, Server};
    use crate::commands::notify::show::Input;

    /// Looks it up.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<NotificationStatus> {
        server.get(&["notifications", &input.id]).answer().await
    }
}

/// Puts parked notifications back into the queue.
pub mod retry {
    use futures_util::TryStreamExt;

    use super::{NotificationStatus, Result, Server, list};
    use crate::commands::notify::retry::Input;

    /// Has one put back.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<NotificationStatus> {
        let request = server.post(&["notifications", &input.id, "retry"]);
        request.answer().await
    }

    /// The ids of everything that is parked and can be put back, as far as a list tells.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn retriable(server: &Server) -> Result<Vec<String>> {
        all_parked(server).await
    }

    /// The ids of everything that is parked.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn all_parked(server: &Server) -> Result<Vec<String>> {
        let all = list::all(server, true).try_concat().await?;
        Ok(all.into_iter().map(|parked| parked.id).collect())
    }
}

/// Throws notifications away.
pub mod discard {
    use super::{NotificationStatus, Result, Server};
    use crate::commands::notify::discard::Input;

    /// What would be thrown away.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<NotificationStatus> {
        let request = server.delete(&["notifications", &input.id]);
        request.dry_run().answer().await
    }

    /// Has it thrown away.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<NotificationStatus> {
        server.delete(&["notifications", &input.id]).answer().await
    }
}

/// Lists what waits for somebody in the app.
pub mod inbox {
    use futures_util::stream::BoxStream;

    use super::{Result, Server, pages};
    use crate::commands::notify::inbox::InboxItem;
    use crate::model::user::UserId;

    /// All of it, a page at a time, the newest first.
    pub fn all(server: &Server, user: UserId) -> BoxStream<'_, Result<Vec<InboxItem>>> {
        let request = move || server.get(&["users", user.as_str(), "notifications"]);
        pages::every(
            server,
            "notifications",
            |item: &InboxItem| &item.id,
            request,
        )
    }
}

/// Takes a notification out of an inbox.
pub mod take {
    use super::{Result, Server};
    use crate::commands::notify::take::Input;

    /// Has it taken out.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<()> {
        let path = ["users", input.user.as_str(), "notifications", &input.id];
        server.delete(&path).done().await
    }
}
