//! Why nobody was reached, in words that say what to do about it.
//!
//! Libraries put the cause that counts below three others that say nothing. It is looked for here once, so
//! that people, the log and `doctor` are told the same.

use std::error::Error as StdError;
use std::io;
use std::net::SocketAddr;

use url::Url;

/// What libraries put before what is wrong with a certificate.
const CERTIFICATE: &str = "invalid peer certificate: ";

/// How it is called when a server shows the certificate of an authority.
const AUTHORITY_AS_SERVER: &str = "CaUsedAsEndEntity";
/// What the TLS library says of an answer that is none of TLS.
const NO_TLS: &str = "InvalidContentType";
/// What the HTTP library says of an answer that is none of HTTP.
const NO_HTTP: &str = "invalid HTTP version";

/// Why nobody was reached.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::backends) struct Unreached {
    /// Where, and why: the end of a sentence.
    pub what: String,
    /// What to do about it.
    pub advice: String,
    /// Whether it may be over by itself in seconds.
    pub may_pass: bool,
}

/// Why a connection to `url` failed; `setting` is where that address comes from.
pub(in crate::backends) fn unreached(
    error: &reqwest::Error,
    url: &Url,
    setting: &str,
) -> Unreached {
    let chain = chain(error);
    let place = place(url);
    let host = url.host_str().unwrap_or_default();
    if let Some(told) = chain.iter().find_map(|text| of_tls(text, &place, setting)) {
        return told;
    }
    let through = connected_to(&format!("{error:?}")).filter(|address| is_elsewhere(*address, url));
    if through.is_some() || chain.iter().any(|text| text.starts_with("tunnel error")) {
        return by_proxy(url, through, &innermost(error, &chain));
    }
    if chain.iter().any(|text| text == "dns error") {
        return Unreached {
            what: format!(
                "{place}: the name {host} is not found ({})",
                innermost(error, &chain)
            ),
            advice: format!("check the name in {setting}, and this machine's DNS"),
            may_pass: true,
        };
    }
    let advice = match io_kind(error) {
        Some(io::ErrorKind::ConnectionRefused) => {
            format!("nobody listens there: check that it runs, and {setting}")
        }
        Some(io::ErrorKind::PermissionDenied) => {
            "a firewall of this machine forbids it; let tok out".to_owned()
        }
        _ => format!("check the network and firewalls on the way there, and {setting}"),
    };
    Unreached {
        what: format!("{place}: {}", innermost(error, &chain)),
        advice,
        may_pass: true,
    }
}

fn by_proxy(url: &Url, proxy: Option<SocketAddr>, why: &str) -> Unreached {
    let variable = match url.scheme() {
        "https" => "HTTPS_PROXY or ALL_PROXY",
        _ => "HTTP_PROXY or ALL_PROXY",
    };
    let proxy = proxy.map_or_else(String::new, |proxy| format!(" {proxy}"));
    Unreached {
        what: format!("{} by the proxy{proxy} of {variable}: {why}", place(url)),
        advice: format!("check {variable}, or name the host in NO_PROXY"),
        may_pass: true,
    }
}

/// What is wrong with the encryption.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::backends) enum TlsFault {
    /// The server shows the certificate of an authority.
    Authority,
    /// What answers speaks no TLS.
    NoTls,
    /// Its certificate is not accepted: why, as the end of a sentence about it.
    Certificate(String),
}

impl TlsFault {
    /// The fault that the words of a library are about, if they are about one.
    pub(in crate::backends) fn of(text: &str) -> Option<Self> {
        if text.contains(AUTHORITY_AS_SERVER) {
            return Some(Self::Authority);
        }
        if text.contains(NO_TLS) {
            return Some(Self::NoTls);
        }
        certificate(text).map(Self::Certificate)
    }

    /// What is wrong: the end of a sentence.
    pub(in crate::backends) fn told(&self) -> String {
        match self {
            Self::Authority => format!(
                "its certificate is that of an authority itself, which no server may show ({AUTHORITY_AS_SERVER})"
            ),
            Self::NoTls => "what answers there does not speak TLS".to_owned(),
            Self::Certificate(wrong) => format!("its certificate {wrong}"),
        }
    }

    fn advice(&self, setting: &str) -> String {
        match self {
            Self::Authority => "make it anew as one of a server, with `-addext basicConstraints=critical,CA:FALSE` behind `openssl req -x509`, and name that file in SSL_CERT_FILE".to_owned(),
            Self::NoTls => {
                format!("say http:// in {setting}, or name the port that takes https")
            }
            Self::Certificate(_) => format!(
                "check {setting}; an authority of your own goes into this machine's CA store, or into a file that SSL_CERT_FILE names"
            ),
        }
    }
}

/// What is wrong with the encryption, if that is what this says.
fn of_tls(text: &str, place: &str, setting: &str) -> Option<Unreached> {
    let fault = TlsFault::of(text)?;
    Some(Unreached {
        what: format!("{place}: {}", fault.told()),
        advice: fault.advice(setting),
        may_pass: false,
    })
}

/// Why an answer to a request that was sent cannot be had: the end of a sentence about who was asked, and
/// what to do about it.
pub(in crate::backends) fn unanswered(
    error: &reqwest::Error,
    url: &Url,
    setting: &str,
) -> (String, String) {
    let place = place(url);
    if error.is_timeout() {
        let advice =
            format!("check that it is at work there and not stopped or overloaded, and {setting}");
        return (format!("did not answer in time (at {place})"), advice);
    }
    let no_http = chain(error).iter().any(|text| text.contains(NO_HTTP));
    if no_http && url.scheme() == "http" {
        let advice = format!("if it takes https there, say https:// in {setting}");
        return (format!("does not speak HTTP at {place}"), advice);
    }
    let advice = format!("check what stands between here and there, and {setting}");
    (format!("broke off its answer (at {place})"), advice)
}

/// A host and its port.
pub(crate) fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or("nowhere");
    let port = url.port_or_known_default().unwrap_or_default();
    format!("{host}:{port}")
}

/// Everything that is below an error, outermost first.
fn below(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    let first: Option<&(dyn StdError + 'static)> = error.source();
    std::iter::successors(first, |error| (*error).source())
}

/// The same in words.
fn chain(error: &reqwest::Error) -> Vec<String> {
    below(error).map(ToString::to_string).collect()
}

/// What the system said, or else the library that knows most.
fn innermost(error: &reqwest::Error, chain: &[String]) -> String {
    match io_kind(error) {
        Some(io::ErrorKind::ConnectionRefused) => "connection refused".to_owned(),
        Some(io::ErrorKind::ConnectionReset) => "connection reset".to_owned(),
        Some(io::ErrorKind::TimedOut) => "no answer to the connection".to_owned(),
        _ if error.is_timeout() => "no answer to the connection in time".to_owned(),
        _ => chain.last().cloned().unwrap_or_else(|| error.to_string()),
    }
}

fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    below(error).find_map(|error| error.downcast_ref::<io::Error>().map(io::Error::kind))
}

/// What is wrong with a certificate, if that is what this says.
fn certificate(text: &str) -> Option<String> {
    let wrong = text.split_once(CERTIFICATE)?.1;
    let is = |word: &str| wrong.to_ascii_lowercase().contains(word);
    Some(match () {
        () if is("expired") => format!("has expired ({wrong})"),
        () if is("notvalidyet") || is("not valid yet") => {
            format!("is not valid yet; is this machine's clock right? ({wrong})")
        }
        () if is("notvalidforname") || is("not valid for name") => {
            format!("is for another name ({wrong})")
        }
        () if is("badsignature") => {
            format!("is not signed by the authority that it names ({wrong})")
        }
        () if is("unknownissuer") => {
            format!(
                "is not trusted: it is self-signed, or of an authority that this machine does not know ({wrong})"
            )
        }
        () => format!("is not accepted ({wrong})"),
    })
}

/// The address that was tried, by what an error is to people who debug it. Libraries tell it to people who debug them only.
pub(in crate::backends) fn connected_to(told: &str) -> Option<SocketAddr> {
    let at = told.split_once("ConnectError(\"")?.1.split_once("\", ")?.1;
    at.split([',', ')']).next()?.trim().parse().ok()
}

/// Whether an address cannot be the one of a URL.
fn is_elsewhere(address: SocketAddr, url: &Url) -> bool {
    let other_port = url.port_or_known_default() != Some(address.port());
    let other_host = match url.host() {
        Some(url::Host::Ipv4(ip)) => address.ip() != ip,
        Some(url::Host::Ipv6(ip)) => address.ip() != ip,
        _ => false,
    };
    other_port || other_host
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn refused(url: &str, proxy: Option<&str>) -> Unreached {
        let client = reqwest::Client::builder().no_proxy();
        let client = match proxy {
            Some(proxy) => client.proxy(reqwest::Proxy::all(proxy).expect("a proxy")),
            None => client,
        };
        let client = client.build().expect("a client");
        let error = client.get(url).send().await.expect_err("nobody is there");
        let url: Url = url.parse().expect("a URL");
        unreached(&error, &url, "x.base_url")
    }

    /// A port at which nobody listens.
    fn free() -> SocketAddr {
        // No one is given this one who asks for any.
        SocketAddr::from(([127, 0, 0, 1], 1))
    }

    #[tokio::test]
    async fn a_closed_port_is_told_with_its_address() {
        let free = free();
        let told = refused(&format!("http://{free}/"), None).await;
        assert_eq!(told.what, format!("{free}: connection refused"));
        assert!(
            told.may_pass && told.advice.contains("x.base_url"),
            "{told:?}"
        );
    }

    /// Something that answers whoever connects with these bytes.
    async fn answers(bytes: &'static [u8]) -> SocketAddr {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut asked = [0; 1024];
                // Who asked is answered, whatever it was.
                drop(stream.read(&mut asked).await);
                drop(stream.write_all(bytes).await);
            }
        });
        address
    }

    #[tokio::test]
    async fn http_where_tls_is_wanted_and_the_other_way_round_are_told() {
        let http = answers(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
        let told = refused(&format!("https://{http}/"), None).await;
        assert_eq!(
            told.what,
            format!("{http}: what answers there does not speak TLS")
        );
        assert!(told.advice.contains("http://"), "{told:?}");
        assert!(!told.may_pass, "{told:?}");

        // An alert, as TLS has it: protocol_version.
        let tls = answers(b"\x15\x03\x03\x00\x02\x02\x46").await;
        let url: Url = format!("http://{tls}/").parse().expect("a URL");
        let client = reqwest::Client::builder().no_proxy().build();
        let asked = client.expect("a client").get(url.clone()).send().await;
        let error = asked.expect_err("is no answer");
        let (what, advice) = unanswered(&error, &url, "x.base_url");
        assert_eq!(what, format!("does not speak HTTP at {tls}"));
        assert!(advice.contains("https:// in x.base_url"), "{advice}");
    }

    #[test]
    fn the_certificate_of_an_authority_is_told_as_one() {
        let text = "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))";
        let told = of_tls(text, "h:1", "x.base_url").expect("is one");
        assert!(told.what.contains("an authority itself"), "{told:?}");
        assert!(told.advice.contains("CA:FALSE"), "{told:?}");
    }

    #[tokio::test]
    async fn a_name_that_nobody_has_is_told_as_one() {
        let told = refused("http://calls.invalid:81/", None).await;
        let what = "calls.invalid:81: the name calls.invalid is not found (";
        assert!(told.what.starts_with(what), "{told:?}");
        assert!(told.advice.contains("DNS"), "{told:?}");
    }

    #[tokio::test]
    async fn a_proxy_that_is_away_is_blamed_and_not_the_vendor() {
        let free = free();
        for (url, variable) in [
            ("http://192.0.2.7/", "HTTP_PROXY"),
            ("https://192.0.2.7/", "HTTPS_PROXY"),
        ] {
            let told = refused(url, Some(&format!("http://{free}"))).await;
            assert!(told.what.contains("by the proxy"), "{told:?}");
            assert!(told.what.ends_with("connection refused"), "{told:?}");
            assert!(told.advice.contains(variable), "{told:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_certificate_is_said() {
        for (text, expected) in [
            ("invalid peer certificate: UnknownIssuer", "is not trusted"),
            ("invalid peer certificate: Expired", "has expired"),
            (
                "invalid peer certificate: certificate not valid for name \"a.example\"",
                "is for another name",
            ),
            ("invalid peer certificate: Revoked", "is not accepted"),
        ] {
            let told = certificate(text).expect("is one");
            assert!(told.starts_with(expected), "{told}");
        }
        assert_eq!(certificate("connection refused"), None);
    }
}
