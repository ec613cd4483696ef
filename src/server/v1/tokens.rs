//! `/v1/rooms/{name}/tokens` and `/v1/tokens:inspect`

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Deserialize;

use super::{DryRun, Parameters};
use crate::commands::token;
use crate::error::{Error, Kind, Result};
use crate::model::key::Scope;
use crate::model::sign_in::SignedIn;
use crate::model::{JoinToken, RoomName, TokenFacts};
use crate::server::App;
use crate::server::address::ClientAddress;
use crate::server::auth::Caller;
use crate::server::body::{Body, BodySent, Name, Named};
use crate::server::error::{HandlerResult, PROBLEM_JSON, ProblemBody};
use crate::server::misses::LookOutcome;
use crate::server::problems::{BadRequest, NotFound};

/// A request without a query; a `dry_run` that is not obeyed must not look as if it were.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoQuery {}

/// Mint a join token. Nothing is stored, so it may simply be sent again.
#[utoipa::path(
    post, path = "/v1/rooms/{name}/tokens", tag = "tokens", request_body = token::create::TokenSpec,
    params(("name" = String, Path), DryRun), security(("key" = [])),
    responses(
        (status = 200, body = token::create::PlannedToken, description = "With dry_run: what it would say"),
        (status = 201, body = JoinToken),
        (status = 403, body = ProblemBody, content_type = PROBLEM_JSON, description = "The key may not mint tokens of this role"),
        NotFound,
    )
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    client: Option<Extension<ClientAddress>>,
    name: Named,
    query: Parameters<DryRun>,
    spec: BodySent<token::create::TokenSpec>,
) -> HandlerResult<Response> {
    let person = caller.need_own(Scope::Tokens)?.cloned();
    let Name(name) = name?;
    let Body(mut spec) = spec?;
    if let Some(person) = &person {
        narrow(&mut spec, person)?;
    }
    let (context, room) = (&app.0.context, name.parse::<RoomName>()?);
    let input = token::create::Input {
        room: room.clone(),
        room_id: None,
        spec,
        minter: caller.minter(),
    };
    let dry_run = query?.dry_run;
    let work = async {
        Ok(if dry_run {
            Json(token::create::plan(context, input).await?).into_response()
        } else {
            let token = token::create::run(context, input).await?;
            (StatusCode::CREATED, Json(token)).into_response()
        })
    };
    // The name of a room opens it to whoever signs in: nobody tries one after another.
    let client = client.filter(|_| person.is_some()).map(|client| client.0);
    // They are known, so that only their own address is counted.
    let vouched = async { true };
    let looks = &app.0.looks;
    let looked = looks.guard(client, room.as_str(), vouched, work, LookOutcome::of);
    Ok(looked.await?)
}

/// A person gets tokens for themselves only.
fn narrow(spec: &mut token::create::TokenSpec, person: &SignedIn) -> Result<()> {
    if !spec.properties.is_empty() {
        return Err(Error::new(
            Kind::Forbidden,
            "people who sign in may not set `properties`, which could make them somebody else",
        ));
    }
    if spec.shared {
        return Err(Error::new(
            Kind::Forbidden,
            "people who sign in get tokens for themselves; one that is `shared` would let others in",
        ));
    }
    spec.user_id = Some(person.user.to_string());
    if person.name.is_some() {
        spec.user_name.clone_from(&person.name);
    }
    Ok(())
}

/// Read a join token.
#[utoipa::path(
    post, path = "/v1/tokens:inspect", tag = "tokens", request_body = token::inspect::Input,
    security(("key" = [])),
    responses((status = 200, body = TokenFacts), BadRequest)
)]
pub(super) async fn inspect(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<NoQuery>,
    input: BodySent<token::inspect::Input>,
) -> HandlerResult<Json<TokenFacts>> {
    caller.need(Scope::Tokens)?;
    let Body(input) = input?;
    query?;
    Ok(Json(token::inspect::run(&app.0.context, input).await?))
}
