//! What the answers of a Realtime Database mean, and that there is none.

use reqwest::Response;

use crate::backends::http;
use crate::error::{Error, Kind, Result};

/// The answer, unless it is none that can be used.
pub(super) fn classify(response: Response) -> Result<Response> {
    let status = response.status();
    match status.as_u16() {
        200..300 => Ok(response),
        401 | 403 => Err(refused(&format!(
            "refused the credential ({status}); check google.credentials_file and the rules"
        ))
        .advise("let the service account in google.credentials_file read this database: the role Firebase Realtime Database Viewer in its project")),
        404 => Err(Error::config(
            "there is no such Realtime Database; check realtime_database.url",
        )
        .advise("copy the URL from the Firebase console into realtime_database.url")),
        429 => {
            let wait = http::retry_after(response.headers());
            let until = wait.map_or_else(String::new, http::until);
            let told = format!("Realtime Database says that there are too many calls{until}");
            Err(Error::new(Kind::RateLimited, told).retry_after(wait))
        }
        400..500 => Err(Error::config(format!(
            "Realtime Database refused the request ({status}); check realtime_database.url and path"
        ))),
        _ => Err(broken(&format!("failed ({status})")).advise(
            "it is in trouble itself, or what realtime_database.url leads to: look at the status page of Firebase, and try again later",
        )),
    }
}

/// It did what it never should.
pub(super) fn broken(what: &str) -> Error {
    Error::bad_gateway(format!("Realtime Database {what}"))
}

/// It does not let us in.
pub(super) fn refused(what: &str) -> Error {
    Error::new(Kind::Refused, format!("Realtime Database {what}"))
}

/// Nothing came back.
pub(super) fn transport(error: reqwest::Error) -> Error {
    let url = error.url().cloned();
    if let Some(url) = url.filter(|_| error.is_connect()) {
        let cause = http::unreached(&error, &url, "realtime_database.url");
        let what = format!("cannot be reached at {}", cause.what);
        return broken(&what)
            .advise(cause.advice)
            .because(error.without_url());
    }
    let advice = "check that it is at work there, what stands between here and there, and realtime_database.url";
    let (kind, what) = if error.is_timeout() {
        (Kind::Timeout, "said nothing in time")
    } else {
        (Kind::BadGateway, "broke off the stream")
    };
    let told = Error::new(kind, format!("Realtime Database {what}")).advise(advice);
    told.because(error.without_url())
}
