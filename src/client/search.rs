//! Operations on indexes.

use super::pages;
use super::server::Server;
use crate::error::Result;

/// The names of those that are asked for, or of all.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), naming those that there are.
pub async fn chosen(server: &Server, names: &[String]) -> Result<Vec<String>> {
    if names.is_empty() {
        let all = status::run(server).await?;
        return Ok(all.into_iter().map(|status| status.index).collect());
    }
    for name in names {
        // The cheapest that says whether there is one.
        let index = name.clone();
        parked::run(server, parked::Input { index }).await?;
    }
    Ok(names.to_vec())
}

/// Searches.
pub mod query {
    use super::{Result, Server};
    use crate::commands::search::query::Input;
    use crate::model::search::SearchHits;

    /// Has an index searched.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<SearchHits> {
        let request = server.get(&["search", &input.index]);
        let request = request.with("q", Some(input.text));
        let request = request.with("limit", input.limit);
        request.with("after", input.after).answer().await
    }
}

/// Counts documents and records.
pub mod status {
    use super::{Result, Server, pages};
    use crate::commands::search::status::IndexStatus;

    /// How many each index has.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server) -> Result<Vec<IndexStatus>> {
        pages::only(server, server.get(&["search"])).await
    }
}

/// What cannot be searched as it is.
pub mod parked {
    use super::{Result, Server, pages};
    pub use crate::commands::search::parked::Input;
    use crate::commands::search::parked::ParkedRecord;

    /// The documents of an index, with the reason of each.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Vec<ParkedRecord>> {
        let request = server.get(&["search", &input.index, "parked"]);
        pages::only(server, request).await
    }
}

/// Makes an index true.
pub mod reindex {
    use jiff::{SignedDuration, Timestamp};

    use super::super::request::ApiRequest;
    use super::{Result, Server};
    use crate::commands::search::reindex::{Mode, Plan, Report};
    use crate::model::report::Stopped;

    /// So long one request works.
    const SLICE: SignedDuration = SignedDuration::from_secs(10);

    /// Which index, and how to go about it.
    #[derive(Debug, Clone)]
    pub struct Input {
        /// The index.
        pub index: String,
        /// In place or not.
        pub mode: Mode,
        /// Largest part of the index that may vanish, in percent; the configured one if absent.
        pub max_shrink: Option<u64>,
        /// When to stop at the latest.
        pub until: Option<Timestamp>,
    }

    /// What would be done.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<Plan> {
        request(server, &input).dry_run().answer().await
    }

    /// Has it made true, in requests of which each goes on where the one before ended.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Report> {
        let _working = server.working(&format!("Indexing {}", input.index), 0);
        let (mut puts, mut deletes) = (0, 0);
        loop {
            let time = server.time_for(input.until, SLICE);
            let asked = request(server, &input).with("max_runtime", Some(time));
            let mut report: Report = asked.answer().await?;
            // What takes longer than a request before anything is written is for the server's machine.
            let wrote = report.puts + report.deletes > 0;
            puts += report.puts;
            deletes += report.deletes;
            let stopped = server.stopped(input.until);
            if report.stopped == Some(Stopped::OutOfTime) && wrote && stopped.is_none() {
                continue;
            }
            if report.stopped.is_some() {
                report.stopped = stopped.or(report.stopped);
            }
            return Ok(Report {
                puts,
                deletes,
                ..report
            });
        }
    }

    fn request<'a>(server: &'a Server, input: &Input) -> ApiRequest<'a> {
        let mode = match input.mode {
            Mode::Reconcile => "reconcile",
            Mode::Swap => "swap",
        };
        let request = server.post(&["search", &input.index, "reindex"]);
        let request = request.with("mode", Some(mode));
        request.with("max_shrink", input.max_shrink)
    }
}

/// Compares an index with the store.
pub mod verify {
    use super::{Result, Server};
    use crate::commands::search::verify::Report;

    /// Has it compared, and mended if asked to.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, index: &str, repair: bool) -> Result<Report> {
        let request = server.post(&["search", index, "verify"]);
        request.flag("repair", repair).answer().await
    }
}

/// The settings of an index.
pub mod settings {
    use super::super::request::ApiRequest;
    use super::{Result, Server, pages};
    use crate::commands::search::settings::SettingDiff;
    use crate::commands::search::settings::diff::Input;

    /// Shows them.
    pub mod pull {
        use serde_json::Value;

        use super::{Result, Server};
        use crate::commands::search::settings::pull::Input;

        /// All of them.
        ///
        /// # Errors
        /// Those of the server.
        pub async fn run(server: &Server, input: Input) -> Result<Value> {
            let request = server.get(&["search", &input.index, "settings"]);
            request.answer().await
        }
    }

    /// Compares them with those that are wanted.
    pub mod diff {
        use super::{Input, Result, Server, SettingDiff, change, pages};

        /// What of the wanted settings is not so.
        ///
        /// # Errors
        /// Those of the server.
        pub async fn run(server: &Server, input: Input) -> Result<Vec<SettingDiff>> {
            pages::only(server, change(server, &input)?.dry_run()).await
        }
    }

    /// Changes them.
    pub mod push {
        use super::{Input, Result, Server, SettingDiff, change, pages};

        /// Has changed what differs.
        ///
        /// # Errors
        /// Those of the server.
        pub async fn run(server: &Server, input: Input) -> Result<Vec<SettingDiff>> {
            pages::only(server, change(server, &input)?).await
        }
    }

    fn change<'a>(server: &'a Server, input: &Input) -> Result<ApiRequest<'a>> {
        let request = server.patch(&["search", &input.index, "settings"]);
        request.body(&input.wanted)
    }
}

/// Makes keys that can only search.
pub mod key {
    use super::{Result, Server};
    use crate::commands::search::key::{Input, SearchKey};

    /// Has one made.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn create(server: &Server, input: Input) -> Result<SearchKey> {
        server.post(&["search:key"]).body(&input)?.answer().await
    }
}
