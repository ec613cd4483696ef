//! The Bandwidth mobile backend: one endpoint with the action in the body, and the people that its
//! apps kept by themselves.

mod people;
mod refusal;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) use self::refusal::BandwidthRefusal;
use self::refusal::{BandwidthErrorBody, BandwidthErrors};
use super::admit::{admit, admit_people};
use super::paths::is_at;
use super::sent_body::UnpackedBody;
use crate::commands::call::create::CallRefusal as NoCall;
use crate::commands::{call, device};
use crate::error::{Error, Kind, Result};
use crate::model::call::{PartyRef, RingOutcome, Side};
use crate::model::device::Platform;
use crate::model::key::Scope;
use crate::model::sign_in::SignedIn;
use crate::model::{BackendName, Minter};
use crate::server::App;
use crate::server::auth::{Caller, may_join};
use crate::server::body::read_object;
use crate::server::error::log_by_kind;
use crate::server::v1::arrive;

/// The name below `/compat/` and in `server.open`.
pub(super) const NAME: &str = "bandwidth";

/// Where the surface stands beside the root.
pub(super) const PREFIX: &str = "/compat/bandwidth";
/// The most clients removed by one request.
const MOST_CLIENTS: usize = 1000;

const BACKEND: Option<BackendName> = Some(BackendName::Bandwidth);

/// The routes at the root and below the prefix.
pub(super) fn routes() -> OpenApiRouter<App> {
    let endpoint = || OpenApiRouter::new().routes(routes!(act));
    let people = OpenApiRouter::new()
        .routes(routes!(people::list_persons, people::create_person))
        .routes(routes!(people::update_person));
    // The original's gateway had the endpoint below any stage, also at the stage itself.
    let at_prefix = OpenApiRouter::new().route(PREFIX, axum::routing::post(act));
    endpoint()
        .nest(PREFIX, endpoint().merge(people))
        .merge(at_prefix)
}

/// Whether a path belongs to this surface.
pub(super) fn owns(path: &str) -> bool {
    // What is below `/api` is another surface's.
    is_at(path, PREFIX) || path.trim_end_matches('/').eq_ignore_ascii_case("/api")
}

/// A caller of this surface that is no person who signed in.
struct BandwidthCaller;

/// A caller of the endpoint, who may be such a person: with devices and calls of their own only.
struct BandwidthActor(Caller);

impl FromRequestParts<App> for BandwidthCaller {
    type Rejection = BandwidthRefusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, BandwidthRefusal> {
        may_join(admit(app, parts, NAME).await?.strongest)?;
        app.0.context.backends.get(BACKEND)?;
        Ok(Self)
    }
}

impl FromRequestParts<App> for BandwidthActor {
    type Rejection = BandwidthRefusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, BandwidthRefusal> {
        let caller = admit_people(app, parts, NAME).await?;
        caller.may_join()?;
        app.0.context.backends.get(BACKEND)?;
        Ok(Self(caller))
    }
}

impl BandwidthActor {
    /// The person, if it is one, who must be allowed this.
    fn person(&self, scope: Scope) -> Result<Option<&SignedIn>> {
        match self.0.person() {
            Some(_) => self.0.need_own(scope),
            None => Ok(None),
        }
    }

    /// Insists that a device is the person's, if it is one.
    async fn check_own(&self, app: &App, scope: Scope, device: &str) -> Result<()> {
        if let Some(person) = self.person(scope)? {
            device::own::one(&app.0.context, device, &person.user).await?;
        }
        Ok(())
    }
}

/// What is to be done, with what it needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BandwidthAction)]
#[allow(
    dead_code,
    reason = "describes the body, which is read action by action"
)]
struct ActionBody {
    /// `register`, `initiateCall`, `endCall` or `deleteClientIds`.
    action: String,
    /// `register`: `GCM` or `APNS`.
    notify_type: Option<String>,
    /// `register`: the push token.
    device_token: Option<String>,
    /// `initiateCall`: who calls.
    caller_id: Option<String>,
    /// `initiateCall`: who is called.
    callee_id: Option<String>,
    /// `endCall`: who hangs up.
    client_id: Option<String>,
    /// `deleteClientIds`: who goes.
    client_ids: Option<Vec<String>>,
}

/// Register a device, call, hang up or clean up (Bandwidth).
#[utoipa::path(
    post, path = "/api", tag = "compat: Bandwidth", request_body = ActionBody,
    security(("key" = [])),
    responses(
        (status = 200, body = Object, description = "What the action answers"),
        (status = 500, body = BandwidthErrorBody, description = "It failed, somebody is busy, or there is no such action"),
        BandwidthErrors,
    )
)]
async fn act(
    State(app): State<App>,
    by: BandwidthActor,
    body: UnpackedBody,
) -> Result<Json<Value>, BandwidthRefusal> {
    let body: Map<String, Value> = read_object(&body?)
        .map_err(|_| Error::invalid("the body is not a JSON object with an `action`"))?;
    match body.get("action") {
        Some(Value::String(action)) => match action.as_str() {
            "register" => register(&app, &by, &body).await,
            "initiateCall" => initiate(&app, &by, &body).await,
            "endCall" => hang_up(&app, &by, &body).await,
            "deleteClientIds" => delete_clients(&app, &by, &body).await,
            _ => Err(unknown_action()),
        },
        None => Err(unknown_action()),
        Some(_) => Err(Error::invalid("`action` must be a text").into()),
    }
}

fn unknown_action() -> BandwidthRefusal {
    let text = "ERROR :: Unknown action!";
    BandwidthRefusal::failed(Error::invalid(text), None, text)
}

/// A field that must be a text with something in it.
fn text<'a>(body: &'a Map<String, Value>, name: &str) -> Result<&'a str> {
    match body.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        Some(Value::String(_)) => Err(Error::invalid(format!("`{name}` is empty"))),
        Some(_) => Err(Error::invalid(format!("`{name}` must be a text"))),
        None => Err(Error::invalid(format!("`{name}` is missing"))),
    }
}

async fn register(
    app: &App,
    by: &BandwidthActor,
    body: &Map<String, Value>,
) -> Result<Json<Value>, BandwidthRefusal> {
    let person = by.person(Scope::DevicesWrite)?;
    let notify_type = text(body, "notifyType")?;
    let platform = match notify_type {
        "GCM" => Platform::Gcm,
        "APNS" => Platform::Apns,
        _ => return Err(Error::invalid("`notifyType` must be GCM or APNS").into()),
    };
    let token = text(body, "deviceToken")?;
    if let Some(person) = person {
        arrive(&app.0.context, person).await?;
    }
    let input = device::register::Input {
        token: Some(token.to_owned()),
        platform,
        subscription: None,
        user_id: person.map(|person| person.user.to_string()),
    };
    let device = device::register::run(&app.0.context, input).await?;
    Ok(Json(json!({
        "id": device.id, "notifyType": notify_type, "deviceToken": token,
        "participantId": null, "participantToken": null,
    })))
}

async fn initiate(
    app: &App,
    by: &BandwidthActor,
    body: &Map<String, Value>,
) -> Result<Json<Value>, BandwidthRefusal> {
    let (caller, callee) = (text(body, "callerId")?, text(body, "calleeId")?);
    if caller == callee {
        return Err(Error::invalid("`callerId` and `calleeId` are the same").into());
    }
    by.check_own(app, Scope::CallsWrite, caller).await?;
    let input = call::create::Input {
        caller: PartyRef::Device(caller.to_owned()),
        callee: PartyRef::Device(callee.to_owned()),
        backend: BACKEND,
        ring_for: None,
        token_in_ring: true,
        // The tokens are the vendor's.
        minter: Minter::default(),
    };
    match call::create::run(&app.0.context, input).await {
        Ok(started) => {
            let outcomes = started.rings.iter().map(|ring| ring.outcome);
            let delivered = outcomes
                .into_iter()
                .any(|outcome| outcome == RingOutcome::Delivered);
            let push = if delivered { "delivered" } else { "queued" };
            Ok(Json(json!({ "token": started.token.token, "push": push })))
        }
        Err(NoCall::Busy(side)) => {
            let message = match side {
                Side::Caller => "ERROR :: Caller already in a session!",
                Side::Callee => "ERROR :: Callee already in a session!",
            };
            let error = Error::conflict("somebody is in a call already");
            Err(BandwidthRefusal::failed(error, Some(message), "BUSY"))
        }
        Err(NoCall::Failed(error)) => {
            let text = error.message().to_owned();
            let message = "ERROR :: Call initiation failed!";
            Err(BandwidthRefusal::failed(error, Some(message), &text))
        }
    }
}

async fn hang_up(
    app: &App,
    by: &BandwidthActor,
    body: &Map<String, Value>,
) -> Result<Json<Value>, BandwidthRefusal> {
    let id = text(body, "clientId")?;
    by.check_own(app, Scope::CallsWrite, id).await?;
    let context = &app.0.context;
    // First: a device whose token turned out dead may be gone already, and still be in a call.
    let left = call::leave::run(
        context,
        call::leave::Input {
            device: id.to_owned(),
        },
    )
    .await?;
    let (kind, token) = match device::show::with_token(context, id).await {
        Ok((device, token)) => (Some(notify_type(device.platform)), Some(token)),
        Err(error) if error.kind() == Kind::NotFound && left > 0 => (None, None),
        Err(error) => return Err(error.into()),
    };
    Ok(Json(json!({
        "message": "success",
        "result": {
            "id": id, "notifyType": kind, "deviceToken": token,
            "participantId": "", "participantToken": "", "sessionId": "",
        },
    })))
}

const fn notify_type(platform: Platform) -> &'static str {
    match platform {
        Platform::Gcm => "GCM",
        Platform::Apns => "APNS",
        Platform::Web => "WEB",
    }
}

/// Removes as many as can be removed, the last first, and says which could not.
async fn delete_clients(
    app: &App,
    by: &BandwidthActor,
    body: &Map<String, Value>,
) -> Result<Json<Value>, BandwidthRefusal> {
    let Some(Value::Array(ids)) = body.get("clientIds") else {
        return Err(Error::invalid("`clientIds` must be a list of texts").into());
    };
    if ids.len() > MOST_CLIENTS {
        return Err(Error::invalid(format!(
            "`clientIds` has {} entries; the most is {MOST_CLIENTS}",
            ids.len()
        ))
        .into());
    }
    let ids: Option<Vec<&str>> = ids.iter().map(Value::as_str).collect();
    let Some(ids) = ids else {
        return Err(Error::invalid("`clientIds` must be a list of texts").into());
    };
    let (mut deleted, mut failed) = (Vec::new(), Vec::new());
    for id in ids.into_iter().rev() {
        let deleting = async {
            by.check_own(app, Scope::DevicesWrite, id).await?;
            device::delete::run(&app.0.context, id.into()).await
        };
        match deleting.await {
            Ok(_) => deleted.push(json!({ "id": id })),
            Err(error) => {
                log_by_kind(&error);
                failed.push(json!({ "id": id, "error": error.message() }));
            }
        }
    }
    let mut answer = json!({ "deletedIds": deleted });
    if !failed.is_empty() {
        answer["failed"] = Value::Array(failed);
    }
    Ok(Json(answer))
}
