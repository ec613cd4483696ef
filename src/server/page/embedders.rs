//! The room page in pages of other sites: whose may show it, and the script that they do it with.

use axum::http::{HeaderMap, HeaderName, header};
use axum::response::IntoResponse;
use url::Url;

use crate::error::{Error, Kind, Result};
use crate::server::origins::{WebOrigin, WebOrigins};

/// The setting that lists them.
const SETTING: &str = "server.embed_origins";
/// What pages of other sites show a room with.
const ELEMENT: &str = include_str!("elsewhere/embed.js");
/// Whoever shows a room waits for it.
const _: () = assert!(ELEMENT.len() < 8 * 1024);

static SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The origins whose pages may show the room page.
#[derive(Debug, Clone)]
pub(in crate::server) struct Embedders(Vec<WebOrigin>);

impl Embedders {
    /// Reads `server.embed_origins`.
    ///
    /// # Errors
    /// [`Kind::Config`] for what is no origin, what a browser does not understand there, and for all.
    pub(in crate::server) fn new(texts: &[String]) -> Result<Self> {
        let origins = WebOrigins::new(SETTING, texts)?;
        if origins.are_all() {
            return Err(Error::config(format!(
                "{SETTING}: \"*\" would let any page lay itself over a call; list each origin"
            )));
        }
        let listed = origins.listed();
        if let Some(odd) = listed.iter().find(|origin| !is_source(origin.as_str())) {
            return Err(Error::config(format!(
                "{SETTING}: browsers do not understand {:?} there; use a name of letters, digits and hyphens, or an IPv4 address",
                odd.as_str()
            )));
        }
        Ok(Self(listed.to_vec()))
    }

    /// The sources of the directive `frame-ancestors`.
    pub(super) fn ancestors(&self) -> String {
        if self.0.is_empty() {
            return "'none'".to_owned();
        }
        self.listed()
    }

    /// The origins, with a blank between them.
    pub(super) fn listed(&self) -> String {
        let texts: Vec<_> = self.0.iter().map(WebOrigin::as_str).collect();
        texts.join(" ")
    }

    /// Refuses to be shown in pages that are not listed. Of some the browser does not say which they
    /// are: it looks at the policy of the answer itself.
    ///
    /// # Errors
    /// [`Kind::Forbidden`]
    pub(super) fn check(&self, asked: &HeaderMap) -> Result<()> {
        let text = |name| asked.get(name).and_then(|value| value.to_str().ok());
        let framed = matches!(
            text(&SEC_FETCH_DEST),
            Some("iframe" | "frame" | "embed" | "object" | "fencedframe")
        );
        let own = matches!(text(&SEC_FETCH_SITE), Some("same-origin" | "none"));
        if !framed || own {
            return Ok(());
        }
        let listed = match text(&header::REFERER) {
            Some(referrer) => self.lists(referrer),
            None => !self.0.is_empty(),
        };
        if listed {
            return Ok(());
        }
        Err(Error::new(
            Kind::Forbidden,
            format!("pages of this web origin may not show the room page; list it in {SETTING}"),
        ))
    }

    /// Whether a page at this address is of a listed origin.
    fn lists(&self, address: &str) -> bool {
        Url::parse(address).is_ok_and(|mut url| {
            url.set_path("");
            url.set_query(None);
            url.set_fragment(None);
            let origin = WebOrigin::parse(url.as_str());
            origin.is_some_and(|origin| self.0.contains(&origin))
        })
    }
}

/// Whether a policy can name this origin: the grammar of its sources has neither colons nor anything
/// else in names.
fn is_source(origin: &str) -> bool {
    let Some((_, host)) = origin.split_once("://") else {
        return false;
    };
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    name.chars().all(plain) && port.chars().all(|c| c.is_ascii_digit())
}

/// `GET /embed.js`: for whichever page asks, as a plain script or as a module.
pub(in crate::server) async fn element() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "cross-origin",
        ),
    ];
    (headers, ELEMENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn embedders(texts: &[&str]) -> Result<Embedders> {
        let texts: Vec<_> = texts.iter().map(|&text| text.to_owned()).collect();
        Embedders::new(&texts)
    }

    fn asked(of: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |&(name, value): &(&'static str, &str)| {
            let value = value.parse().expect("a value");
            (HeaderName::from_static(name), value)
        };
        of.iter().map(pair).collect()
    }

    #[test]
    fn a_policy_names_who_is_listed() {
        assert_eq!(embedders(&[]).expect("none").ancestors(), "'none'");
        let some = embedders(&[
            "HTTPS://App.Example:443/",
            "http://b\u{fc}cher.example:3000",
            "capacitor://localhost",
        ]);
        assert_eq!(
            some.expect("some").ancestors(),
            "https://app.example http://xn--bcher-kva.example:3000 capacitor://localhost"
        );
    }

    #[test]
    fn what_a_policy_cannot_name_is_refused() {
        for text in [
            "*",
            "https://*.example.com",
            "http://[::1]:3000",
            "app://a;b",
            "app://a,b",
            "app://a'b",
            "example.com",
            "https://example.com/app",
            "null",
            "",
        ] {
            let told = embedders(&[text]).expect_err(text);
            assert!(told.message().contains(SETTING), "{told}");
        }
    }

    #[test]
    fn pages_that_are_not_listed_show_no_room() {
        let some = embedders(&["https://app.example"]).expect("some");
        let none = embedders(&[]).expect("none");
        let framed = ("sec-fetch-dest", "iframe");
        let cross = ("sec-fetch-site", "cross-site");
        for referrer in [
            "https://app.example/",
            "https://app.example/a?b#c",
            "https://APP.example:443",
        ] {
            let by = asked(&[framed, cross, ("referer", referrer)]);
            assert!(some.check(&by).is_ok(), "{referrer}");
            assert!(none.check(&by).is_err(), "{referrer}");
        }
        for referrer in [
            "https://evil.example/",
            "https://app.example.evil.example/",
            "https://app.example@evil.example/",
            "http://app.example/",
            "x",
            "",
        ] {
            for site in ["cross-site", "same-site"] {
                let by = asked(&[framed, ("sec-fetch-site", site), ("referer", referrer)]);
                assert!(some.check(&by).is_err(), "{referrer}");
            }
        }
        // Which page it is was not said: the policy says it.
        assert!(some.check(&asked(&[framed, cross])).is_ok());
        assert!(none.check(&asked(&[framed, cross])).is_err());
        // A link, a page within its frame, a client without a browser.
        for fine in [
            &[("sec-fetch-dest", "document"), cross][..],
            &[framed, ("sec-fetch-site", "same-origin")],
            &[],
        ] {
            assert!(none.check(&asked(fine)).is_ok(), "{fine:?}");
        }
    }
}
