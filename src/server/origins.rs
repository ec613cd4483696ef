//! Hosts and web origins, compared as the URL standard has them, never as raw text.

use std::net::{IpAddr, Ipv4Addr};

use url::Url;

use crate::error::{Error, Result};

/// A web origin in canonical form: scheme, host and a port that is not the usual one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WebOrigin(String);

/// The origins whose pages may call the API.
#[derive(Debug, Clone, Default)]
pub(super) struct WebOrigins {
    all: bool,
    listed: Vec<WebOrigin>,
}

impl WebOrigin {
    /// Reads what a browser or an operator wrote. Apps with a scheme of their own
    /// (`capacitor://localhost`) have such an origin as well, of which no standard knows the port.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let bare = url.host_str().is_some_and(|host| !host.is_empty())
            && url.username().is_empty()
            && url.password().is_none()
            && matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none();
        if !bare || text.contains('*') {
            return None;
        }
        if url.origin().is_tuple() {
            return Some(Self(url.origin().ascii_serialization()));
        }
        let host = url.host_str()?.to_ascii_lowercase();
        let port = url
            .port()
            .map_or_else(String::new, |port| format!(":{port}"));
        Some(Self(format!("{}://{host}{port}", url.scheme())))
    }

    /// The origin of a page that this host serves over this scheme.
    fn of_host(scheme: &str, host: &str) -> Option<Self> {
        Self::parse(&format!("{scheme}://{host}"))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl WebOrigins {
    /// Reads a setting.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) for what can match nothing.
    pub(super) fn new(setting: &str, texts: &[String]) -> Result<Self> {
        let listed = texts.iter().filter(|text| *text != "*").map(|text| {
            let hint = if text.contains('*') {
                "; patterns are not understood, list each origin"
            } else {
                ""
            };
            WebOrigin::parse(text).ok_or_else(|| {
                Error::config(format!(
                    "{setting}: {text:?} is not an origin like https://example.com{hint}"
                ))
            })
        });
        Ok(Self {
            all: texts.iter().any(|text| text == "*"),
            listed: listed.collect::<Result<_>>()?,
        })
    }

    pub(super) fn are_all(&self) -> bool {
        self.all
    }

    pub(super) fn listed(&self) -> &[WebOrigin] {
        &self.listed
    }

    /// Whether a page of this origin may call the API of this host.
    pub(super) fn allow(&self, origin: &str, host: &str) -> bool {
        let Some(origin) = WebOrigin::parse(origin) else {
            // What has no origin (`null`: a file, a sandbox) may be anybody's.
            return self.all;
        };
        let own = ["http", "https"]
            .iter()
            .any(|scheme| WebOrigin::of_host(scheme, host).as_ref() == Some(&origin));
        self.all || own || self.listed.contains(&origin)
    }
}

/// Whether a `Host` is an address, `localhost`, or the configured name; anything else may be DNS
/// rebinding.
pub(super) fn is_own_host(host: &str, public: Option<&str>) -> bool {
    if host.is_empty() || is_plainly_own(host) {
        return true;
    }
    let Some(name) = Url::parse(&format!("http://{host}"))
        .ok()
        .filter(|url| url.path() == "/" && url.username().is_empty() && url.query().is_none())
        .and_then(|url| url.host_str().map(str::to_owned))
    else {
        return false;
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    let name = name.trim_end_matches('.');
    name == "localhost" || bare.parse::<IpAddr>().is_ok() || public == Some(name)
}

/// Whether it is this machine as nearly every client writes it: this is asked for each request, and
/// needs no parser.
fn is_plainly_own(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, "1"));
    let is_port = port.bytes().all(|of| of.is_ascii_digit()) && port.parse::<u16>().is_ok();
    is_port && (name == "localhost" || name.parse::<Ipv4Addr>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(texts: &[&str]) -> WebOrigins {
        let texts: Vec<_> = texts.iter().map(|&text| text.to_owned()).collect();
        WebOrigins::new("the setting", &texts).expect("origins")
    }

    #[test]
    fn origins_are_one_however_they_are_written() {
        let origins = origins(&[
            "HTTPS://Example.COM:443/",
            "http://b\u{fc}cher.example",
            "Capacitor://LOCALHOST",
            "http://[2001:DB8::0:1]:8080",
        ]);
        for same in [
            "https://example.com",
            "https://EXAMPLE.com:443",
            "http://xn--bcher-kva.example",
            "capacitor://localhost",
            "http://[2001:db8::1]:8080",
        ] {
            assert!(origins.allow(same, "127.0.0.1"), "{same}");
        }
        for other in [
            "http://example.com",
            "https://example.com:444",
            "https://example.com.evil.example",
            "https://evil.example/https://example.com",
            "capacitor://localhost:1",
            "ionic://localhost",
            "null",
            "",
        ] {
            assert!(!origins.allow(other, "127.0.0.1"), "{other}");
        }
    }

    #[test]
    fn a_page_of_this_host_may_call_it() {
        let none = origins(&[]);
        for (origin, host) in [
            ("http://localhost:8080", "LOCALHOST:8080"),
            ("https://calls.example.com", "calls.example.com"),
            ("https://calls.example.com", "calls.example.com:443"),
            ("http://127.0.0.1", "127.0.0.1:80"),
            ("http://[::1]:8080", "[0:0::1]:8080"),
        ] {
            assert!(none.allow(origin, host), "{origin} {host}");
        }
        assert!(!none.allow("http://localhost:8081", "localhost:8080"));
        assert!(!none.allow("http://localhost.evil.example:8080", "localhost:8080"));
    }

    #[test]
    fn what_can_match_nothing_is_refused() {
        for text in [
            "https://*.example.com",
            "example.com",
            "https://example.com/app",
            "https://user@example.com",
            "https://example.com?x",
            "null",
            "",
            "file:///x",
            "mailto:a@b.example",
        ] {
            assert!(WebOrigins::new("x", &[text.to_owned()]).is_err(), "{text}");
        }
        assert!(origins(&["*"]).are_all());
    }

    #[test]
    fn this_machine_has_addresses_and_few_names() {
        for host in [
            "localhost:1",
            "LocalHost.",
            "127.0.0.1",
            "[::1]:9",
            "calls.example.com:8443",
            "0x7f.1",
            "",
        ] {
            assert!(is_own_host(host, Some("calls.example.com")), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "evil.example:80",
            "calls.example.com/x",
            "a@127.0.0.1",
            "127.0.0.1:65536",
            "localhost:+80",
            "localhost:80x",
            "x y",
        ] {
            assert!(!is_own_host(host, Some("calls.example.com")), "{host}");
        }
    }
}
