//! The servers that help browsers find a way to each other, as a browser would use them: is there an
//! answer, and is a relay given for what we hand out?

mod line;
mod message;

use std::io;
use std::net::SocketAddr;

use md5::{Digest, Md5};
use tokio::net::lookup_host;

use self::line::IceLine;
use self::message::{Method, ServerAnswer, attribute};
use crate::backends::http::TlsFault;
use crate::model::Random;
use crate::model::address::is_inner;
use crate::model::health::{Finding, Health};

/// Where servers listen if their address does not say.
const USUAL_PORT: u16 = 3478;
/// The same, for those that speak TLS.
const USUAL_TLS_PORT: u16 = 5349;
/// The number of UDP among the protocols over IP, which is what is relayed.
const UDP: u8 = 17;

/// What a browser is told for a TURN server.
#[derive(Clone, Copy)]
pub struct TurnLogin<'a> {
    /// The name.
    pub username: &'a str,
    /// What belongs to it.
    pub password: &'a str,
}

/// An address of `signalling.stun_urls` or `signalling.turn_urls`, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct IceAddress<'a> {
    scheme: &'a str,
    host: &'a str,
    port: u16,
    tcp: bool,
    tls: bool,
}

impl<'a> IceAddress<'a> {
    /// RFC 7064 and RFC 7065.
    fn read(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once(':')?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, port) = match place.strip_prefix('[') {
            Some(v6) => {
                let (host, port) = v6.split_once(']')?;
                (host, port.strip_prefix(':'))
            }
            None => place
                .split_once(':')
                .map_or((place, None), |(host, port)| (host, Some(port))),
        };
        let tls = scheme.ends_with('s');
        let usual = if tls { USUAL_TLS_PORT } else { USUAL_PORT };
        Some(Self {
            scheme,
            host,
            port: port.map_or(Some(usual), |port| port.parse().ok())?,
            tcp: tls || query == "transport=tcp",
            tls,
        })
    }
}

/// Looks at one server.
pub async fn look(url: &str, login: Option<TurnLogin<'_>>, random: &dyn Random) -> Finding {
    let (check, setting) = match login {
        Some(_) => ("TURN", "signalling.turn_urls"),
        None => ("STUN", "signalling.stun_urls"),
    };
    let Some(address) = IceAddress::read(url) else {
        let what = format!("{url} is no address of such a server");
        let advice = format!("write it as turn:HOST:3478?transport=udp in {setting}");
        return Finding::bad(check, Health::Fail, what, advice);
    };
    if address.tls && url.ends_with("transport=udp") {
        return Finding::ok(check, format!("{url} is not tried: it speaks DTLS"));
    }
    match tried(&address, login, random).await {
        Ok(what) => Finding::ok(check, format!("{url} {what}")),
        Err(why) => {
            let health = match &why {
                NoWay::Inner(_) => Health::Warn,
                _ => Health::Fail,
            };
            let (what, advice) = why.told(setting, address.tls);
            Finding::bad(check, health, format!("{url} {what}"), advice)
        }
    }
}

/// Why there is nothing.
enum NoWay {
    Silent(String),
    Tls(TlsFault),
    Refused(u16, String),
    Open,
    /// There is a relay, in a network of its own.
    Inner(SocketAddr),
}

impl From<io::Error> for NoWay {
    fn from(error: io::Error) -> Self {
        match TlsFault::of(&error.to_string()) {
            Some(fault) => Self::Tls(fault),
            None => Self::Silent(error.to_string()),
        }
    }
}

impl NoWay {
    /// What is wrong with a server of this setting, and what to do about it.
    fn told(self, setting: &str, tls: bool) -> (String, String) {
        match self {
            Self::Silent(why) => (format!("does not answer: {why}"), silent(setting, tls)),
            Self::Tls(fault) => {
                let advice = match &fault {
                    TlsFault::NoTls => format!(
                        "name the port for TLS in {setting} (coturn: tls-listening-port, cert, pkey), or say turn: there"
                    ),
                    TlsFault::Authority | TlsFault::Certificate(_) => format!(
                        "give the server a certificate for the name in {setting} that browsers trust; this machine trusts one of your own authority if SSL_CERT_FILE names its file"
                    ),
                };
                (format!("cannot be trusted: {}", fault.told()), advice)
            }
            Self::Refused(401, _) => (
                "does not take our credentials".to_owned(),
                "give signalling.turn_secret and the server (coturn: use-auth-secret, static-auth-secret) the same secret, and both clocks the same time".to_owned(),
            ),
            Self::Open => (
                "relays for anybody who asks".to_owned(),
                "strangers use it up: make it ask for credentials (coturn: use-auth-secret)".to_owned(),
            ),
            Self::Inner(relay) => (
                format!("gives a relay, at {relay}; nobody outside reaches that"),
                "tell the server its address outside (coturn: external-ip=PUBLIC/PRIVATE)".to_owned(),
            ),
            Self::Refused(code, said) => (
                format!("refuses: {code} {said}"),
                "see the server's own log".to_owned(),
            ),
        }
    }
}

/// What to do about a server that does not answer. One that finds no certificate speaks no TLS, and says
/// so in its log alone.
fn silent(setting: &str, tls: bool) -> String {
    let runs = if tls {
        "runs and can read its certificate"
    } else {
        "runs"
    };
    format!("look whether it {runs}, whether a firewall lets this port through, and at {setting}")
}

async fn tried(
    address: &IceAddress<'_>,
    login: Option<TurnLogin<'_>>,
    random: &dyn Random,
) -> Result<String, NoWay> {
    let mut found = lookup_host((address.host, address.port)).await?;
    let to = found
        .next()
        .ok_or_else(|| NoWay::Silent("the name has no address".to_owned()))?;
    let mut line = match (address.tls, address.tcp) {
        (true, _) => IceLine::tls(to, address.host).await?,
        (false, true) => IceLine::tcp(to).await?,
        (false, false) => IceLine::udp(to).await?,
    };
    let Some(login) = login else {
        let seen = line.ask(random, Method::Binding, &[], None).await?;
        let seen = done(seen)?.address(attribute::XOR_MAPPED_ADDRESS);
        let seen = seen.map_or_else(|| "at no address".to_owned(), |seen| format!("at {seen}"));
        return Ok(format!("answers, and sees this machine {seen}"));
    };
    let relay = allocate(&mut line, login, random).await?;
    given(relay, to)
}

/// What is said of a relay that a server gave. One of an inner network is for that network.
fn given(relay: Option<SocketAddr>, by: SocketAddr) -> Result<String, NoWay> {
    match relay {
        Some(relay) if is_inner(relay.ip()) && !is_inner(by.ip()) => Err(NoWay::Inner(relay)),
        Some(relay) => Ok(format!("gives a relay, at {relay}")),
        None => Ok("gives a relay, at no address".to_owned()),
    }
}

/// Gets a relay as browsers do, and gives it back.
async fn allocate(
    line: &mut IceLine,
    login: TurnLogin<'_>,
    random: &dyn Random,
) -> Result<Option<SocketAddr>, NoWay> {
    let transport = (attribute::REQUESTED_TRANSPORT, vec![UDP, 0, 0, 0]);
    let first = [transport.clone()];
    let challenge = line.ask(random, Method::Allocate, &first, None).await?;
    if challenge.done {
        return Err(NoWay::Open);
    }
    let (code, said) = challenge.error();
    let (Some(realm), Some(nonce)) = (
        challenge.get(attribute::REALM),
        challenge.get(attribute::NONCE),
    ) else {
        return Err(NoWay::Refused(code, said));
    };
    let mut key = Md5::new();
    key.update(login.username.as_bytes());
    key.update(b":");
    key.update(realm);
    key.update(b":");
    key.update(login.password.as_bytes());
    let key = key.finalize();
    let known = [
        (attribute::USERNAME, login.username.as_bytes().to_vec()),
        (attribute::REALM, realm.to_vec()),
        (attribute::NONCE, nonce.to_vec()),
    ];
    let with = |one: (u16, Vec<u8>)| [&[one], &known[..]].concat();
    let asked = with(transport);
    let given = line.ask(random, Method::Allocate, &asked, Some(&key));
    let given = done(given.await?)?;
    let relay = given.address(attribute::XOR_RELAYED_ADDRESS);
    // It would end by itself in some minutes.
    let asked = with((attribute::LIFETIME, vec![0; 4]));
    line.ask(random, Method::Refresh, &asked, Some(&key))
        .await?;
    Ok(relay)
}

fn done(answer: ServerAnswer) -> Result<ServerAnswer, NoWay> {
    if answer.done {
        return Ok(answer);
    }
    let (code, said) = answer.error();
    Err(NoWay::Refused(code, said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_browsers_do() {
        let read = |url| {
            let of = IceAddress::read(url)?;
            Some((of.scheme, of.host, of.port, of.tcp))
        };
        for (url, meant) in [
            ("stun:a.example", Some(("stun", "a.example", 3478, false))),
            (
                "turn:a.example:80?transport=udp",
                Some(("turn", "a.example", 80, false)),
            ),
            (
                "turn:a.example?transport=tcp",
                Some(("turn", "a.example", 3478, true)),
            ),
            (
                "stun:[2001:db8::1]:5000",
                Some(("stun", "2001:db8::1", 5000, false)),
            ),
            (
                "stun:[2001:db8::1]",
                Some(("stun", "2001:db8::1", 3478, false)),
            ),
            (
                "turns:a.example?transport=tcp",
                Some(("turns", "a.example", 5349, true)),
            ),
            ("a.example", None),
            ("stun:a:b", None),
        ] {
            assert_eq!(read(url), meant, "{url}");
        }
    }

    #[test]
    fn a_relay_that_a_nat_hides_is_out_of_reach() {
        let at = |address: &str| address.parse::<SocketAddr>().expect("an address");
        let out_of_reach = |relay: &str, by: &str| {
            let relay = Some(at(relay));
            matches!(given(relay, at(by)), Err(NoWay::Inner(inner)) if Some(inner) == relay)
        };
        assert!(out_of_reach("10.9.0.2:50000", "203.0.113.10:3478"));
        assert!(out_of_reach("[fd00::2]:50000", "[2001:db8::1]:3478"));
        assert!(!out_of_reach("203.0.113.10:50000", "203.0.113.10:3478"));
        assert!(!out_of_reach("10.9.0.2:50000", "10.9.0.2:3478"));
        assert!(!out_of_reach("127.0.0.1:50000", "127.0.0.1:3478"));
    }
}
