//! The people that the original's apps kept by themselves: users.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::refusal::{BandwidthErrorBody, BandwidthErrors, BandwidthRefusal};
use super::{BandwidthCaller, UnpackedBody};
use crate::commands::user;
use crate::error::{Error, Result};
use crate::model::user::User;
use crate::server::App;
use crate::server::body::read_object;

/// A person, as the original's apps have it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BandwidthPerson)]
pub(super) struct BandwidthPerson {
    /// The person.
    id: String,
    /// The given name.
    first_name: String,
    /// The family name.
    last_name: String,
    /// The device that calls go to.
    client_id: String,
}

impl BandwidthPerson {
    fn of(user: User) -> Self {
        let profile = user.profile;
        Self {
            id: user.id,
            first_name: profile.first_name.or(profile.name).unwrap_or_default(),
            last_name: profile.last_name.unwrap_or_default(),
            client_id: profile.client_id.unwrap_or_default(),
        }
    }
}

/// A page of people.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BandwidthPersons)]
pub(super) struct Persons {
    /// The people.
    items: Vec<BandwidthPerson>,
    /// The cursor of the next page.
    next_token: Option<String>,
}

/// What to know of a person.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = BandwidthPersonInput)]
pub(super) struct PersonBody {
    /// The person; a random id if absent.
    #[serde(default)]
    id: Option<String>,
    /// The given name.
    #[serde(default)]
    first_name: Option<String>,
    /// The family name.
    #[serde(default)]
    last_name: Option<String>,
    /// The device that calls go to.
    #[serde(default)]
    client_id: Option<String>,
}

fn person(body: &[u8]) -> Result<PersonBody> {
    read_object(body).map_err(|_| {
        Error::invalid("the body must be an object with the texts firstName, lastName and clientId")
    })
}

/// List people (Bandwidth).
#[utoipa::path(
    get, path = "/persons", tag = "compat: Bandwidth",
    params(
        ("limit" = Option<usize>, Query, description = "At most so many, 1 to 1000; 100 if absent"),
        ("nextToken" = Option<String>, Query, description = "Of the page before"),
    ),
    security(("key" = [])),
    responses((status = 200, body = Persons), BandwidthErrors)
)]
pub(super) async fn list_persons(
    State(app): State<App>,
    _admitted: BandwidthCaller,
    RawQuery(query): RawQuery,
) -> Result<Json<Persons>, BandwidthRefusal> {
    let mut input = user::list::Input::default();
    for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match &*name {
            "limit" => {
                let limit = value
                    .parse()
                    .map_err(|_| Error::invalid("`limit` must be a whole number from 1 to 1000"))?;
                input.limit = Some(limit);
            }
            "nextToken" => input.after = Some(value.into_owned()),
            _ => {}
        }
    }
    let page = user::list::run(&app.0.context, input).await?;
    Ok(Json(Persons {
        items: page.items.into_iter().map(BandwidthPerson::of).collect(),
        next_token: page.next,
    }))
}

/// Create a person (Bandwidth).
#[utoipa::path(
    post, path = "/persons", tag = "compat: Bandwidth", request_body = PersonBody,
    security(("key" = [])),
    responses(
        (status = 200, body = BandwidthPerson),
        (status = 500, body = BandwidthErrorBody, description = "The id is taken"),
        BandwidthErrors,
    )
)]
pub(super) async fn create_person(
    State(app): State<App>,
    _admitted: BandwidthCaller,
    body: UnpackedBody,
) -> Result<Json<BandwidthPerson>, BandwidthRefusal> {
    let body = person(&body?)?;
    let all = [&body.first_name, &body.last_name, &body.client_id];
    if all.iter().any(|value| value.is_none()) {
        let error = "a person needs firstName, lastName and clientId";
        return Err(Error::invalid(error).into());
    }
    let names = [body.first_name.as_deref(), body.last_name.as_deref()];
    let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let input = user::create::Input {
        id: body.id,
        name: name.trim().to_owned(),
        photo_url: None,
        first_name: body.first_name,
        last_name: body.last_name,
        client_id: body.client_id,
    };
    Ok(Json(BandwidthPerson::of(
        user::create::run(&app.0.context, input).await?,
    )))
}

/// Change what is known of a person (Bandwidth).
#[utoipa::path(
    put, path = "/persons/{id}", tag = "compat: Bandwidth", request_body = PersonBody,
    params(("id" = String, Path)), security(("key" = [])),
    responses(
        (status = 200, body = BandwidthPerson),
        (status = 500, body = BandwidthErrorBody, description = "There is no such person"),
        BandwidthErrors,
    )
)]
pub(super) async fn update_person(
    State(app): State<App>,
    _admitted: BandwidthCaller,
    id: Result<Path<String>, PathRejection>,
    body: UnpackedBody,
) -> Result<Json<BandwidthPerson>, BandwidthRefusal> {
    let Path(id) = id?;
    let body = person(&body?)?;
    let changes = user::update::UserChanges {
        first_name: body.first_name.map(Some),
        last_name: body.last_name.map(Some),
        client_id: body.client_id.map(Some),
        ..user::update::UserChanges::default()
    };
    let id = id.parse()?;
    let input = user::update::Input { id, changes };
    Ok(Json(BandwidthPerson::of(
        user::update::run(&app.0.context, input).await?,
    )))
}
