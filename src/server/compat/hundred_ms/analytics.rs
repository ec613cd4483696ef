//! Who was in a room's sessions, in the original's words.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use utoipa::{IntoParams, IntoResponses, ToSchema};

use super::{HundredMsCaller, HundredMsErrors, HundredMsRefusal, NO_SESSION};
use crate::commands::session;
use crate::error::{Error, Result};
use crate::model::session::Session;
use crate::model::{BackendName, RoomName};
use crate::server::App;

/// Which room.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RoomQuery {
    /// 100ms' id of the room.
    #[param(required = true)]
    room_id: Option<String>,
}

pub(super) type RoomParameter = Result<Query<RoomQuery>, QueryRejection>;

fn room_of(query: RoomParameter) -> Result<String> {
    let Query(query) =
        query.map_err(|_| Error::invalid("`room_id` is given twice or unreadable"))?;
    match query.room_id {
        Some(room) if !room.is_empty() => room.parse::<RoomName>().map(String::from),
        // Without a room the vendor would tell of whatever room was used last.
        _ => Err(Error::invalid("`room_id` is missing")),
    }
}

/// The room had no session
#[derive(IntoResponses)]
#[response(status = 404, content_type = "text/html")]
#[expect(dead_code, reason = "only the description of the API is made of it")]
struct NoSession(String);

/// Attendance of the room's latest session (100ms).
#[utoipa::path(
    get, path = "/session-analytics-by-room", tag = "compat: 100ms", params(RoomQuery),
    security(("key" = [])),
    responses((status = 200, body = Analytics), NoSession, HundredMsErrors)
)]
pub(super) async fn analytics(
    State(app): State<App>,
    _admitted: HundredMsCaller,
    query: RoomParameter,
) -> Result<Json<Analytics>, HundredMsRefusal> {
    latest(&app, query).await
}

/// The same by the name that the original's documentation has (100ms).
#[utoipa::path(
    get, path = "/session-analytics", tag = "compat: 100ms", params(RoomQuery),
    security(("key" = [])),
    responses((status = 200, body = Analytics), NoSession, HundredMsErrors)
)]
pub(super) async fn analytics_alias(
    State(app): State<App>,
    _admitted: HundredMsCaller,
    query: RoomParameter,
) -> Result<Json<Analytics>, HundredMsRefusal> {
    latest(&app, query).await
}

async fn latest(app: &App, query: RoomParameter) -> Result<Json<Analytics>, HundredMsRefusal> {
    let room = room_of(query)?;
    let context = &app.0.context;
    let input = session::list::Input {
        backend: Some(BackendName::HundredMs),
        room_id: Some(room),
        limit: Some(10),
        ..session::list::Input::default()
    };
    match session::list::run(context, input).await?.items.first() {
        Some(session) => Ok(Json(Analytics::of(session, context.clock.now()))),
        None => Err(HundredMsRefusal {
            error: Error::not_found(NO_SESSION),
            status: Some(StatusCode::NOT_FOUND),
        }),
    }
}

/// All sessions of a room (100ms).
#[utoipa::path(
    get, path = "/session-list-by-room", tag = "compat: 100ms", params(RoomQuery),
    security(("key" = [])),
    responses(
        (status = 200, body = Vec<Object>, description = "100ms' session objects, the newest first"),
        HundredMsErrors,
    )
)]
pub(super) async fn session_list(
    State(app): State<App>,
    _admitted: HundredMsCaller,
    query: RoomParameter,
) -> Result<Json<Vec<Value>>, HundredMsRefusal> {
    use futures_util::TryStreamExt;
    let room = room_of(query)?;
    let input = session::list::Input {
        backend: Some(BackendName::HundredMs),
        room_id: Some(room),
        ..session::list::Input::default()
    };
    let pages = session::list::all(&app.0.context, input);
    let sessions: Vec<Vec<Session>> = pages.try_collect().await?;
    let objects = sessions
        .into_iter()
        .flatten()
        .filter_map(|session| session.vendor);
    Ok(Json(objects.collect()))
}

/// How long who was there, in minutes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HundredMsAnalytics)]
pub(super) struct Analytics {
    /// Each person once, in the order of the vendor's list.
    user_duration_list: Vec<UserDuration>,
    /// With two decimals.
    session_duration: String,
    /// The sum of the list, with two decimals.
    total_peer_duration: String,
}

/// How long one person was there.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HundredMsUserDuration)]
struct UserDuration {
    /// The name last shown.
    name: String,
    /// The app's id of the person.
    user_id: String,
    /// In minutes, to the hundredth.
    #[schema(value_type = f64)]
    duration: Number,
}

impl Analytics {
    fn of(session: &Session, now: jiff::Timestamp) -> Self {
        let mut people: Vec<(&str, &str, i64)> = Vec::new();
        for stay in &session.legs {
            let end = stay.left_at.or(session.ended_at).unwrap_or(now);
            let time = (end.as_millisecond() - stay.joined_at.as_millisecond()).max(0);
            let (id, name) = (
                stay.user_id.as_deref().unwrap_or_default(),
                stay.user_name.as_deref().unwrap_or_default(),
            );
            match people.iter_mut().find(|person| person.0 == id) {
                Some(person) => {
                    person.1 = name;
                    person.2 += time;
                }
                None => people.push((id, name, time)),
            }
        }
        let end = session.ended_at.unwrap_or(now);
        let long = end.as_millisecond() - session.started_at.as_millisecond();
        let hundredths: Vec<i64> = people.iter().map(|person| rounded(person.2)).collect();
        let list = people.iter().zip(&hundredths);
        Self {
            user_duration_list: list
                .map(|((id, name, _), hundredths)| UserDuration {
                    name: (*name).to_owned(),
                    user_id: (*id).to_owned(),
                    duration: number(*hundredths),
                })
                .collect(),
            session_duration: fixed(rounded(long.max(0))),
            total_peer_duration: fixed(hundredths.iter().sum()),
        }
    }
}

/// Milliseconds as hundredths of a minute, halves up.
const fn rounded(ms: i64) -> i64 {
    (ms * 100 + 30_000) / 60_000
}

fn fixed(hundredths: i64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A whole number where it is one, as JavaScript writes it.
fn number(hundredths: i64) -> Number {
    if hundredths % 100 == 0 {
        return Number::from(hundredths / 100);
    }
    // The text has two decimals: its nearest double prints as the same text.
    fixed(hundredths)
        .parse()
        .ok()
        .and_then(Number::from_f64)
        .unwrap_or_else(|| Number::from(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_rounded_as_javascript_does() {
        for (ms, text) in [
            (620_000, "10.33"),
            (1_770_000, "29.50"),
            (7_500, "0.13"),
            (1_800_000, "30.00"),
            (299, "0.00"),
            (300, "0.01"),
            (0, "0.00"),
        ] {
            assert_eq!(fixed(rounded(ms)), text, "{ms}");
        }
        let numbers = [1033, 2950, 3000, 7].map(|hundredths| number(hundredths).to_string());
        assert_eq!(numbers, ["10.33", "29.5", "30", "0.07"]);
    }
}
