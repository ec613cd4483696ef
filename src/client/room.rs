//! Operations on rooms.

use super::server::Server;
use super::{pages, slices};
use crate::error::Result;
use crate::model::{BackendName, Room, RoomName};

/// Makes a room.
pub mod create {
    use super::{Result, Room, Server};
    use crate::commands::room::create::{Input, Plan};

    /// Has the room made.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Room> {
        server.post(&["rooms"]).body(&input)?.answer().await
    }

    /// What would be made.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<Plan> {
        let request = server.post(&["rooms"]).dry_run();
        request.body(&input)?.answer().await
    }
}

/// Lists rooms.
pub mod list {
    use futures_util::stream::BoxStream;

    use super::{BackendName, Result, Room, Server, pages};

    /// All rooms of a backend, a page at a time.
    pub fn all(server: &Server, backend: Option<BackendName>) -> BoxStream<'_, Result<Vec<Room>>> {
        let request = move || server.get(&["rooms"]).with("backend", backend);
        pages::every(server, "rooms", |room: &Room| &room.id, request)
    }
}

/// Shows a room.
pub mod show {
    use super::{Result, Room, RoomName, Server};
    use crate::commands::room::show::Input;

    /// Looks the room up.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Room> {
        let name: RoomName = input.name.parse()?;
        let request = server.get(&["rooms", name.as_str()]);
        request.with("backend", input.backend).answer().await
    }
}

/// Changes a room's settings.
pub mod update {
    use super::super::request::ApiRequest;
    use super::{Result, Room, Server};
    use crate::commands::room::update::Input;

    /// Has the room changed.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Room> {
        request(server, &input)?.answer().await
    }

    /// Has the input checked; returns the room as it is now.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<Room> {
        request(server, &input)?.dry_run().answer().await
    }

    fn request<'a>(server: &'a Server, input: &Input) -> Result<ApiRequest<'a>> {
        let request = server.patch(&["rooms", input.name.as_str()]);
        request.with("backend", input.backend).body(&input.changes)
    }
}

/// Deletes rooms.
pub mod delete {
    use super::slices::RoomsSlice;
    use super::{BackendName, Result, RoomName, Server, slices};
    use crate::commands::room::delete::{DeletionPart, Input, Plan, checked, run_of};
    use crate::model::report::{Cost, DeleteReport};

    /// Checks every name before anything is deleted.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<Plan> {
        let names: Vec<RoomName> = checked(&input)?.into_iter().collect();
        let (some, mut rest) = names.split_at(slices::fitting(&names).len());
        let mut plan = plan_some(server, input.backend, some).await?;
        while !rest.is_empty() {
            let some = slices::fitting(rest);
            let more = plan_some(server, input.backend, some).await?;
            plan.cost = sum(plan.cost, more.cost);
            rest = &rest[some.len()..];
        }
        Ok(Plan { names, ..plan })
    }

    async fn plan_some(
        server: &Server,
        backend: Option<BackendName>,
        names: &[RoomName],
    ) -> Result<Plan> {
        let names = names.iter().map(ToString::to_string).collect();
        let request = server.post(&["rooms:delete"]).dry_run();
        let input = Input {
            names,
            backend,
            part: None,
        };
        request.body(&input)?.answer().await
    }

    fn sum(one: Cost, other: Cost) -> Cost {
        Cost {
            reads: one.reads + other.reads,
            writes: one.writes + other.writes,
            seconds: one.seconds + other.seconds,
        }
    }

    /// Has deleted what the plan names.
    ///
    /// # Errors
    /// Those of the server at the first rooms. What fails later is told in the report.
    pub async fn apply(server: &Server, plan: Plan) -> Result<DeleteReport> {
        // The server knows the run again, however it ended.
        let run = (plan.names.len() > 1).then(|| run_of(plan.backend, &plan.names));
        let ask = async |slice: RoomsSlice<'_>, time| {
            let input = Input {
                names: slice.names.iter().map(ToString::to_string).collect(),
                backend: Some(plan.backend),
                part: run.clone().map(|run| DeletionPart {
                    run,
                    before: slice.before,
                    ends: slice.ends,
                }),
            };
            let request = server
                .post(&["rooms:delete"])
                .with("max_runtime", Some(time));
            request.body(&input)?.report().await
        };
        slices::delete(server, (plan.backend, &plan.names), plan.until, ask).await
    }
}

/// Sends everyone out of a room.
pub mod end {
    use super::super::request::ApiRequest;
    use super::{Result, Server};
    use crate::commands::room::end::{Input, Output};

    /// Has everyone sent out of the room.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Output> {
        request(server, &input).answer().await
    }

    /// How many people would be sent out.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<Output> {
        request(server, &input).dry_run().answer().await
    }

    fn request<'a>(server: &'a Server, input: &Input) -> ApiRequest<'a> {
        let request = server.post(&["rooms", input.name.as_str(), "end"]);
        request.with("backend", input.backend)
    }
}

/// Locks a room.
pub mod lock {
    use super::super::request::ApiRequest;
    use super::{Result, Server};
    use crate::commands::room::lock::{Input, Output};

    /// Has the room locked, or unlocked.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Output> {
        request(server, &input).answer().await
    }

    /// How the room would stand.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<Output> {
        request(server, &input).dry_run().answer().await
    }

    fn request<'a>(server: &'a Server, input: &Input) -> ApiRequest<'a> {
        let request = server.post(&["rooms", input.name.as_str(), "lock"]);
        let request = request.with("backend", input.backend);
        request.flag("lift", input.lift)
    }
}

/// Lists who is in a room now.
pub mod participants {
    use super::{Result, Server, pages};
    use crate::commands::room::participants::Input;
    use crate::model::Participant;

    /// Everybody in the room.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Vec<Participant>> {
        let request = server.get(&["rooms", input.name.as_str(), "participants"]);
        pages::only(server, request.with("backend", input.backend)).await
    }
}

/// Tells what happened in a room.
pub mod history {
    use super::{Result, RoomName, Server, pages};
    use crate::commands::room::history::{Input, RoomMoment};

    /// Everything that is known, the oldest first.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run(server: &Server, input: Input) -> Result<Vec<RoomMoment>> {
        let name: RoomName = input.room.parse()?;
        let request = server.get(&["rooms", name.as_str(), "history"]);
        let request = request.with("backend", input.backend);
        pages::only(server, request.with("since", input.since)).await
    }
}

/// Deletes the rooms that match a filter.
pub mod prune {
    use super::slices::RoomsSlice;
    use super::{Result, Server, slices};
    use crate::commands::room::prune::{Input, Plan};
    use crate::model::report::DeleteReport;

    /// Has the rooms found.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn plan(server: &Server, input: Input) -> Result<Plan> {
        let request = server.post(&["rooms:prune"]).dry_run();
        let plan: Plan = request.body(&input)?.answer().await?;
        server.left_out(plan.unreadable);
        Ok(Plan { input, ..plan })
    }

    /// Has deleted what the plan names, as far as it matches still.
    ///
    /// # Errors
    /// [`Kind::Guard`](crate::Kind::Guard); those of the server at the first rooms.
    pub async fn apply(server: &Server, plan: Plan) -> Result<DeleteReport> {
        plan.insist_on_limits()?;
        let ask = async |slice: RoomsSlice<'_>, time| {
            let some = Input {
                only: slice.names.to_vec(),
                ..plan.input.clone()
            };
            let request = server
                .post(&["rooms:prune"])
                .with("max_runtime", Some(time));
            request.body(&some)?.report().await
        };
        let what = (plan.backend, plan.names.as_slice());
        let report = slices::delete(server, what, plan.until, ask).await?;
        Ok(DeleteReport {
            unreadable: plan.unreadable,
            ..report
        })
    }
}
