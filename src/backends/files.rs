//! Files that vendors give links to.

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, DATE, ETAG, HeaderMap,
    HeaderName, IF_RANGE, LAST_MODIFIED, LOCATION, RANGE,
};
use reqwest::{Response, StatusCode};
use url::Url;

use super::file_answer::{self, FileEnd};
use super::file_ending;
use super::http_client::HttpClient;
use super::redirects::{self, Astray, GuardedNames};
use crate::error::{Error, Kind, Result};

/// A file that comes in with nothing for so long is usually given up.
pub const FILE_SILENCE: Duration = Duration::from_secs(30);
/// How often a host may send us elsewhere.
const REDIRECTS: usize = 5;
/// When a file was changed tells its versions apart if that was so long ago.
const SETTLED: Duration = Duration::from_mins(1);

/// A file that comes in from somewhere in it.
pub struct Incoming {
    /// Its first byte's place in the file.
    pub from: u64,
    /// How long the whole file is, where the host tells.
    pub total: Option<u64>,
    /// What its end says, where nobody tells that.
    pub end: FileEnd,
    /// Which version of the file it is, where the host tells.
    pub version: Option<FileVersion>,
    /// What names of such files end with, where the host or the link tells.
    pub ending: Option<String>,
    /// The bytes, piece by piece as they arrive.
    pub stream: BoxStream<'static, Result<Bytes>>,
}

/// What a host calls a version of a file: its `ETag`, or when it was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileVersion(String);

impl FileVersion {
    /// As it was noted with [`as_str`](Self::as_str).
    pub fn noted(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// To be noted beside what there is of the file.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a host says in `headers`.
    fn told(headers: &HeaderMap) -> Option<Self> {
        if let Some(tag) = text(headers, &ETAG) {
            return Some(Self(tag.to_owned()));
        }
        let changed = text(headers, &LAST_MODIFIED)?;
        let since = date(text(headers, &DATE)?)?.duration_since(date(changed)?);
        (since.unsigned_abs() >= SETTLED && since.is_positive()).then(|| Self(changed.to_owned()))
    }

    /// Whether the same version is the same bytes, so that the host can be asked for it.
    fn is_strong(&self) -> bool {
        let quoted = self.0.len() > 1 && self.0.starts_with('"') && self.0.ends_with('"');
        quoted || date(&self.0).is_some()
    }
}

/// Where to begin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resume {
    /// So many bytes are there.
    pub at: u64,
    /// The version that they are of.
    pub version: Option<FileVersion>,
}

/// Why a file did not come.
#[derive(Debug)]
pub struct Unfetched {
    /// What went wrong.
    pub error: Error,
    /// Another try would meet the same.
    pub lasting: bool,
}

impl Unfetched {
    /// Whatever `error` is, another try would meet it again.
    pub fn lasting(error: Error) -> Self {
        Self {
            error,
            lasting: true,
        }
    }

    /// What arrives is not the file.
    pub fn wrong(what: impl Into<String>) -> Self {
        Self {
            error: Error::bad_gateway(what),
            lasting: true,
        }
    }
}

impl From<Error> for Unfetched {
    fn from(error: Error) -> Self {
        let lasting = !error.kind().is_temporary();
        Self { error, lasting }
    }
}

/// Files behind links that vendors give out for a short time: no credential goes along, the link itself
/// is one.
pub struct VendorFiles {
    client: HttpClient,
    names: GuardedNames,
}

impl VendorFiles {
    /// A client that gives up when nothing comes for `silence`.
    pub fn new(silence: Duration) -> Self {
        let names = GuardedNames::default();
        let guarded = names.clone();
        let client = HttpClient::new(move |client| {
            client
                // The bytes count as they lie there.
                .no_gzip()
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .dns_resolver(guarded.clone())
                .connect_timeout(Duration::from_secs(5))
                .read_timeout(silence)
        });
        Self { client, names }
    }

    /// Opens a file where what there is ends, or at its beginning if the other side cannot do better
    /// or has another version by now.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when the link does not work, or works no more; [`Kind::BadGateway`] when it
    /// leads where it may not, or to something that cannot be told to be the file.
    pub async fn open(&self, url: &str, from: &Resume) -> Result<Incoming, Unfetched> {
        let response = self.ask(url, from).await?;
        let (status, headers) = (response.status(), response.headers());
        // Nothing is behind what we have: all of it, or of another file.
        if status == StatusCode::RANGE_NOT_SATISFIABLE && from.at > 0 {
            return Box::pin(self.open(url, &Resume::default())).await;
        }
        let (begin, total) = placed(status, headers)?;
        insist_on_plain_bytes(headers)?;
        insist_on_media(headers)?;
        let version = FileVersion::told(headers);
        if begin > 0 && !continues(from, version.as_ref()) {
            return Box::pin(self.open(url, &Resume::default())).await;
        }
        if begin > from.at {
            return Err(Unfetched::wrong("the file came from behind its beginning"));
        }
        Ok(Incoming {
            from: begin,
            total,
            end: FileEnd::of(response.version(), headers),
            version,
            ending: file_ending::told(headers, url),
            stream: response.bytes_stream().map_err(broken).boxed(),
        })
    }

    /// How long the whole file is, as its host tells whoever asks for what is behind a part; nothing if
    /// it does not, or has another version by now.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn whole_length(&self, url: &str, part: &Resume) -> Result<Option<u64>, Unfetched> {
        let response = self.ask(url, part).await?;
        let headers = response.headers();
        let told = match response.status() {
            StatusCode::RANGE_NOT_SATISFIABLE => beyond(headers),
            StatusCode::PARTIAL_CONTENT => place(headers)?.1,
            _ => None,
        };
        let version = FileVersion::told(headers);
        Ok(told.filter(|_| continues(part, version.as_ref())))
    }

    /// Asks for the file, wherever its host sends us.
    async fn ask(&self, url: &str, from: &Resume) -> Result<Response, Unfetched> {
        let no_link = |_| Unfetched::wrong("the link to the file is none");
        let mut url = Url::parse(url).map_err(no_link)?;
        for _ in 0..=REDIRECTS {
            let response = self.ask_once(url.clone(), from).await?;
            if !is_redirect(response.status()) {
                return Ok(response);
            }
            let location = text(response.headers(), &LOCATION);
            let next = location.and_then(|text| url.join(text).ok());
            let next =
                next.ok_or_else(|| Unfetched::wrong("a redirect of the file leads nowhere"))?;
            redirects::check(&url, &next).map_err(astray)?;
            if next.origin() != url.origin() {
                self.names.guard(next.host_str().unwrap_or_default());
            }
            url = next;
        }
        Err(Unfetched::wrong(
            "the file's host answers with one redirect after another",
        ))
    }

    async fn ask_once(&self, url: Url, from: &Resume) -> Result<Response, Unfetched> {
        let mut request = self.client.ready()?.get(url);
        request = request.header(ACCEPT_ENCODING, "identity");
        if from.at > 0 {
            request = request.header(RANGE, format!("bytes={}-", from.at));
            if let Some(version) = from.version.as_ref().filter(|known| known.is_strong()) {
                request = request.header(IF_RANGE, version.as_str());
            }
        }
        request.send().await.map_err(|error| {
            if is_astray(&error) {
                astray(Astray::Inside)
            } else {
                broken(error).into()
            }
        })
    }
}

/// Where what an answer brings belongs: its first byte's place, and the whole length where that is told.
fn placed(status: StatusCode, headers: &HeaderMap) -> Result<(u64, Option<u64>), Unfetched> {
    match status {
        StatusCode::PARTIAL_CONTENT => place(headers),
        // Some answer so and send the part that was asked for.
        StatusCode::OK if headers.contains_key(CONTENT_RANGE) => place(headers),
        StatusCode::OK => Ok((0, length(headers))),
        StatusCode::NOT_FOUND | StatusCode::FORBIDDEN | StatusCode::GONE => {
            Err(Error::not_found("the link to the file works no more").into())
        }
        status => {
            let message = format!("the file's host answered {}", status.as_u16());
            Err(Error::bad_gateway(message).into())
        }
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn astray(why: Astray) -> Unfetched {
    let why = why.as_str();
    Unfetched::wrong(format!(
        "a redirect of the file leads {why}, and is not followed"
    ))
}

/// Whether a name had no address that may be used.
fn is_astray(error: &reqwest::Error) -> bool {
    let first: &(dyn std::error::Error + 'static) = error;
    let mut causes = std::iter::successors(Some(first), |error| error.source());
    causes.any(<dyn std::error::Error + 'static>::is::<Astray>)
}

fn broken(error: reqwest::Error) -> Error {
    let kind = if error.is_timeout() {
        Kind::Timeout
    } else {
        Kind::BadGateway
    };
    // The link is a secret.
    Error::new(kind, "the file did not come through").because(error.without_url())
}

/// Whether a part that is told to be of `version` goes on where what there is ends.
fn continues(from: &Resume, version: Option<&FileVersion>) -> bool {
    match (&from.version, version) {
        (Some(known), Some(told)) => known == told,
        // It was insisted on.
        (Some(known), None) => known.is_strong(),
        (None, Some(_)) => false,
        (None, None) => true,
    }
}

/// What is compressed on its way is another file, of another length.
fn insist_on_plain_bytes(headers: &HeaderMap) -> Result<(), Unfetched> {
    let all = headers.get_all(CONTENT_ENCODING);
    let plain = |value: &str| value.is_empty() || value.eq_ignore_ascii_case("identity");
    let are_plain = all.iter().all(|value| {
        let text = value.to_str().unwrap_or("?");
        text.split(',').map(str::trim).all(plain)
    });
    if are_plain {
        return Ok(());
    }
    Err(Unfetched::wrong(
        "the file came in an encoding that was not asked for",
    ))
}

/// Whoever is asked to sign in, or told what went wrong, often gets that with a status of success.
fn insist_on_media(headers: &HeaderMap) -> Result<(), Unfetched> {
    match file_answer::readable(headers) {
        Some(media) => Err(Unfetched::wrong(format!(
            "the file's host sends {media} instead of a recording"
        ))),
        None => Ok(()),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn date(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(text).ok()
}

fn length(headers: &HeaderMap) -> Option<u64> {
    text(headers, &CONTENT_LENGTH)?.parse().ok()
}

/// Where a part belongs: its first byte's place and the whole length.
fn place(headers: &HeaderMap) -> Result<(u64, Option<u64>), Unfetched> {
    let wrong = || Unfetched::wrong("the file came in a part that nobody can place");
    let (from, to, total) = range(headers).ok_or_else(wrong)?;
    let fits = from <= to && total.is_none_or(|total| to < total);
    let is_long = |length: u64| to.checked_sub(from) == length.checked_sub(1);
    if fits && length(headers).is_none_or(is_long) {
        Ok((from, total))
    } else {
        Err(wrong())
    }
}

/// `bytes 100-199/200`: the first byte, the last one and the whole length, which may be unknown.
fn range(headers: &HeaderMap) -> Option<(u64, u64, Option<u64>)> {
    let (unit, rest) = text(headers, &CONTENT_RANGE)?.split_once(' ')?;
    let (span, total) = rest.trim().split_once('/')?;
    let (from, to) = span.split_once('-')?;
    let total = match total {
        "*" => None,
        total => Some(total.parse().ok()?),
    };
    let known = unit.eq_ignore_ascii_case("bytes");
    known.then_some((from.parse().ok()?, to.parse().ok()?, total))
}

/// `bytes */200`: the whole length, told to whoever asks for what is behind it.
fn beyond(headers: &HeaderMap) -> Option<u64> {
    let (unit, rest) = text(headers, &CONTENT_RANGE)?.split_once(' ')?;
    let total = rest.trim().strip_prefix("*/")?;
    if unit.eq_ignore_ascii_case("bytes") {
        total.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cause that counts is below those of the libraries.
    #[tokio::test]
    async fn a_name_that_leads_inside_is_told_from_a_connection_that_fails() {
        let names = GuardedNames::default();
        let client = reqwest::Client::builder().no_proxy();
        let client = client.dns_resolver(names.clone()).build();
        let client = client.expect("a client");
        let ask = || client.get("http://localhost:1/").send();
        let refused = ask().await.expect_err("nobody listens there");
        assert!(!is_astray(&refused), "{refused:?}");
        names.guard("localhost");
        let refused = ask().await.expect_err("it leads inside");
        assert!(is_astray(&refused), "{refused:?}");
    }
}
