//! Operations on recordings.

use reqwest::Method;

use super::pages;
use super::request::ApiRequest;
use super::server::Server;
use crate::commands::by_id::ByVendorId;
use crate::error::Result;
use crate::model::BackendName;
use crate::model::recording::Recording;

/// A request about one recording.
fn one<'a>(server: &'a Server, method: Method, input: &ByVendorId) -> ApiRequest<'a> {
    let request = ApiRequest::new(server, method, &["recordings", &input.id]);
    request.with("backend", input.backend)
}

/// Begins to record a room.
pub mod start {
    use super::{Recording, Result, Server};
    use crate::commands::recording::start::{Input, Plan};

    /// Has it recorded.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Recording> {
        server.post(&["recordings"]).body(&input)?.answer().await
    }

    /// What would be recorded.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<Plan> {
        let request = server.post(&["recordings"]).dry_run();
        request.body(&input)?.answer().await
    }
}

/// Ends a recording.
pub mod stop {
    use super::{ByVendorId, Recording, Result, Server};

    /// Has it ended.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: ByVendorId) -> Result<Recording> {
        let request = server.post(&["recordings", &input.id, "stop"]);
        request.with("backend", input.backend).answer().await
    }
}

/// Shows a recording.
pub mod show {
    use super::{ByVendorId, Method, Recording, Result, Server, one};

    /// Looks it up.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: ByVendorId) -> Result<Recording> {
        one(server, Method::GET, &input).answer().await
    }
}

/// Makes a link to a recording's file.
pub mod link {
    use super::{ByVendorId, Result, Server};
    use crate::model::recording::RecordingLink;

    /// Asks for one.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: ByVendorId) -> Result<RecordingLink> {
        let request = server.get(&["recordings", &input.id, "url"]);
        request.with("backend", input.backend).answer().await
    }
}

/// Fetches a recording's file, from the vendor and not through the server.
pub mod download {
    use super::{ByVendorId, Recording, Result, Server, link, show};
    use crate::commands::recording::download::{
        DownloadSource, Downloaded, Input, Taker, hand_on, into_file,
    };

    /// Fetches the file.
    ///
    /// # Errors
    /// Those of the server, and of the file's host.
    pub async fn run(server: &Server, input: Input) -> Result<Downloaded> {
        input.to.insist_on_free()?;
        let known = show::run(server, input.recording.clone()).await?;
        let link = async || Ok(link::run(server, input.recording.clone()).await?.url);
        into_file(&source(server, known, link), &input).await
    }

    /// Hands the file on as it comes.
    ///
    /// # Errors
    /// As [`run`].
    pub async fn pipe(server: &Server, recording: ByVendorId, taker: Taker<'_>) -> Result<()> {
        let known = show::run(server, recording.clone()).await?;
        let link = async || Ok(link::run(server, recording.clone()).await?.url);
        hand_on(&source(server, known, link), taker).await
    }

    fn source<L>(server: &Server, known: Recording, link: L) -> DownloadSource<'_, L> {
        DownloadSource {
            known,
            link,
            files: &server.files,
            progress: server.progress.as_ref(),
            stop: &server.stop,
        }
    }
}

/// Lists recordings.
pub mod list {
    use futures_util::stream::BoxStream;

    use super::{BackendName, Recording, Result, Server, pages};

    /// All of them, a page at a time, the newest first.
    pub fn all(
        server: &Server,
        backend: Option<BackendName>,
        room: Option<String>,
    ) -> BoxStream<'_, Result<Vec<Recording>>> {
        let request = move || {
            let request = server.get(&["recordings"]).with("backend", backend);
            request.with("room", room.as_ref())
        };
        pages::every(
            server,
            "recordings",
            |recording: &Recording| &recording.id,
            request,
        )
    }
}

/// Waits until a recording's file can be had, or never will.
pub mod wait {
    use super::{Recording, Result, Server, show};
    use crate::commands::recording::wait::{Input, WAITING, until_final};

    /// Waits.
    ///
    /// # Errors
    /// As [`run`](crate::commands::recording::wait::run).
    pub async fn run(server: &Server, input: Input) -> Result<Recording> {
        let _working = server.working(WAITING, 0);
        let look = async || show::run(server, input.recording.clone()).await;
        until_final(&input, &server.stop, look).await
    }
}

/// Deletes a recording.
pub mod delete {
    use super::{ByVendorId, Method, Recording, Result, Server, one};

    /// Looks up the recording that would be deleted.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: ByVendorId) -> Result<Recording> {
        one(server, Method::DELETE, &input).dry_run().answer().await
    }

    /// Has it deleted.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: ByVendorId) -> Result<Recording> {
        one(server, Method::DELETE, &input).answer().await
    }
}

/// Deletes old recordings.
pub mod prune {
    use super::{ByVendorId, Result, Server, delete};
    use crate::commands::recording::prune::{Input, Plan, Report, delete_each};

    /// Has them found.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<Plan> {
        let request = server.post(&["recordings:prune"]).dry_run();
        request.body(&input)?.answer().await
    }

    /// Has deleted what the plan names, one by one, until the stop.
    ///
    /// # Errors
    /// Those of the first one; what fails later is told in the report.
    pub async fn apply(server: &Server, plan: Plan) -> Result<Report> {
        let working = server.working("Deleting recordings", plan.recordings.len());
        let backend = Some(plan.backend);
        let delete = |id: String| async move {
            let recording = ByVendorId { id, backend };
            delete::run(server, recording).await.map(drop)
        };
        delete_each(&plan, (&working, &server.stop), delete).await
    }
}
