//! `/v1/rooms/{name}/participants…`: who is in a room, and what operators do with people in local ones.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Parameters;
use super::messages::{TwoNamed, TwoNames};
use crate::commands::{participant, room};
use crate::error::Error;
use crate::model::key::Scope;
use crate::model::meeting::{Actor, BannedPerson, Person};
use crate::model::{BackendName, Page, Participant};
use crate::server::App;
use crate::server::auth::Caller;
use crate::server::body::{Name, Named};
use crate::server::error::HandlerResult;
use crate::server::problems::{BadRequest, NotFound};

/// Which participants.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Where the room lives; the configured backend if absent.
    backend: Option<BackendName>,
    /// Of a local room: also who was there or waits, with all that is known of them.
    #[serde(default)]
    local: bool,
}

/// Participants, as any backend tells them or as a local room knows them.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum Participants {
    /// Who is in the room now.
    Present(Page<Participant>),
    /// With `local`: who is, was or waits there, in the order they came.
    Local(Page<Person>),
}

/// List who is in a room now.
#[utoipa::path(
    get, path = "/v1/rooms/{name}/participants", tag = "rooms",
    params(("name" = String, Path), ListQuery), security(("key" = [])),
    responses((status = 200, body = Participants), BadRequest, NotFound)
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    room: Named,
    query: Parameters<ListQuery>,
) -> HandlerResult<Json<Participants>> {
    caller.need(Scope::RoomsRead)?;
    let Name(room) = room?;
    let Query(ListQuery { backend, local }) = query?;
    let context = &app.0.context;
    Ok(Json(match (local, backend) {
        (false, backend) => {
            let name = room.parse()?;
            let input = room::participants::Input { name, backend };
            let items = room::participants::run(context, input).await?;
            Participants::Present(Page::all(items))
        }
        (true, None | Some(BackendName::Local)) => {
            let items = participant::list::run(
                context,
                participant::list::Input {
                    room: room.parse()?,
                },
            )
            .await?;
            Participants::Local(Page::all(items))
        }
        (true, Some(other)) => {
            let message =
                format!("only local rooms know more of their participants, not those of {other}");
            return Err(Error::invalid(message).into());
        }
    }))
}

/// How somebody is sent out.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct KickQuery {
    /// For good?
    #[serde(default)]
    ban: bool,
}

/// Send somebody out of a local room.
#[utoipa::path(
    delete, path = "/v1/rooms/{name}/participants/{id}", tag = "rooms",
    params(("name" = String, Path), ("id" = String, Path), KickQuery), security(("key" = [])),
    responses((status = 204, description = "They are out"), BadRequest, NotFound)
)]
pub(super) async fn kick(
    State(app): State<App>,
    caller: Caller,
    names: TwoNamed,
    query: Parameters<KickQuery>,
) -> HandlerResult<StatusCode> {
    caller.need(Scope::RoomsWrite)?;
    let TwoNames(room, id) = names?;
    let Query(query) = query?;
    let input = participant::kick::Input {
        room: room.parse()?,
        by: Actor::Operator,
        target: id,
        ban: query.ban,
    };
    participant::kick::run(&app.0.context, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List who was sent out of a local room for good.
#[utoipa::path(
    get, path = "/v1/rooms/{name}/bans", tag = "rooms",
    params(("name" = String, Path)), security(("key" = [])),
    responses((status = 200, body = Page<BannedPerson>), NotFound)
)]
pub(super) async fn bans(
    State(app): State<App>,
    caller: Caller,
    room: Named,
) -> HandlerResult<Json<Page<BannedPerson>>> {
    caller.need(Scope::RoomsRead)?;
    let Name(room) = room?;
    let input = participant::bans::Input {
        room: room.parse()?,
        by: Actor::Operator,
    };
    let bans = participant::bans::run(&app.0.context, input).await?;
    Ok(Json(Page::all(bans)))
}

/// Let somebody into a local room again.
#[utoipa::path(
    delete, path = "/v1/rooms/{name}/bans/{id}", tag = "rooms",
    params(("name" = String, Path), ("id" = String, Path)), security(("key" = [])),
    responses((status = 204, description = "They may come in again"), NotFound)
)]
pub(super) async fn unban(
    State(app): State<App>,
    caller: Caller,
    names: TwoNamed,
) -> HandlerResult<StatusCode> {
    caller.need(Scope::RoomsWrite)?;
    let TwoNames(room, id) = names?;
    let input = participant::unban::Input {
        room: room.parse()?,
        by: Actor::Operator,
        target: id,
    };
    participant::unban::run(&app.0.context, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How somebody is muted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MuteQuery {
    /// Let them speak again?
    #[serde(default)]
    lift: bool,
}

/// Ask somebody to turn off their microphone; where media goes through the server they are not heard from
/// then on.
#[utoipa::path(
    post, path = "/v1/rooms/{name}/participants/{id}/mute", tag = "rooms",
    params(("name" = String, Path), ("id" = String, Path), MuteQuery), security(("key" = [])),
    responses((status = 204, description = "They are asked"), BadRequest, NotFound)
)]
pub(super) async fn mute(
    State(app): State<App>,
    caller: Caller,
    names: TwoNamed,
    query: Parameters<MuteQuery>,
) -> HandlerResult<StatusCode> {
    caller.need(Scope::RoomsWrite)?;
    let TwoNames(room, id) = names?;
    let Query(query) = query?;
    let input = participant::mute::Input {
        room: room.parse()?,
        by: Actor::Operator,
        target: id,
        lift: query.lift,
    };
    participant::mute::run(&app.0.context, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let somebody in who waits.
#[utoipa::path(
    post, path = "/v1/rooms/{name}/participants/{id}/admit", tag = "rooms",
    params(("name" = String, Path), ("id" = String, Path)), security(("key" = [])),
    responses((status = 204, description = "They are in"), BadRequest, NotFound)
)]
pub(super) async fn admit(
    State(app): State<App>,
    caller: Caller,
    names: TwoNamed,
) -> HandlerResult<StatusCode> {
    decide(app, caller, names, true).await
}

/// Send somebody away who waits.
#[utoipa::path(
    post, path = "/v1/rooms/{name}/participants/{id}/refuse", tag = "rooms",
    params(("name" = String, Path), ("id" = String, Path)), security(("key" = [])),
    responses((status = 204), NotFound)
)]
pub(super) async fn refuse(
    State(app): State<App>,
    caller: Caller,
    names: TwoNamed,
) -> HandlerResult<StatusCode> {
    decide(app, caller, names, false).await
}

/// Lets somebody in who waits, or sends them away.
async fn decide(
    app: App,
    caller: Caller,
    names: TwoNamed,
    accept: bool,
) -> HandlerResult<StatusCode> {
    caller.need(Scope::RoomsWrite)?;
    let TwoNames(room, id) = names?;
    let input = participant::admit::Input {
        room: room.parse()?,
        by: Actor::Operator,
        target: id,
        accept,
    };
    participant::admit::run(&app.0.context, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make somebody a host.
#[utoipa::path(
    post, path = "/v1/rooms/{name}/participants/{id}/promote", tag = "rooms",
    params(("name" = String, Path), ("id" = String, Path)), security(("key" = [])),
    responses((status = 204, description = "They run the room"), BadRequest, NotFound)
)]
pub(super) async fn promote(
    State(app): State<App>,
    caller: Caller,
    names: TwoNamed,
) -> HandlerResult<StatusCode> {
    caller.need(Scope::RoomsWrite)?;
    let TwoNames(room, id) = names?;
    let input = participant::promote::Input {
        room: room.parse()?,
        by: Actor::Operator,
        target: id,
    };
    participant::promote::run(&app.0.context, input).await?;
    Ok(StatusCode::NO_CONTENT)
}
