//! The servers that help browsers find a way to each other, as a browser would use them: is there an
//! answer, and is a relay given for what we hand out?

mod message;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use md5::{Digest, Md5};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket, lookup_host};
use tokio::time::timeout;

use self::message::{Method, ServerAnswer, TransactionId, attribute, request};
use crate::model::Random;
use crate::model::address::is_inner;
use crate::model::health::{Finding, Health};

/// A datagram that nobody answers is sent again after these.
const RESENDS: [Duration; 4] = [
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];
/// An answer over a stream takes no longer than this.
const PATIENCE: Duration = Duration::from_secs(4);
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
        let usual = if scheme.ends_with('s') {
            USUAL_TLS_PORT
        } else {
            USUAL_PORT
        };
        Some(Self {
            scheme,
            host,
            port: port.map_or(Some(usual), |port| port.parse().ok())?,
            tcp: query == "transport=tcp",
        })
    }
}

/// Looks at one server.
pub async fn look(url: &str, login: Option<TurnLogin<'_>>, random: &dyn Random) -> Finding {
    let check = if login.is_some() { "TURN" } else { "STUN" };
    let bad = |what: String, advice: &str| Finding::bad(check, Health::Fail, what, advice);
    let Some(address) = IceAddress::read(url) else {
        return bad(
            format!("{url} is no address of such a server"),
            "write it as turn:HOST:3478?transport=udp",
        );
    };
    if address.scheme.ends_with('s') {
        if url.ends_with("transport=udp") {
            return Finding::ok(check, format!("{url} is not tried: it speaks DTLS"));
        }
        return match speaks_tls(&address).await {
            Ok(()) => Finding::ok(check, format!("{url} answers by TLS")),
            Err((what, advice)) => bad(format!("{url} {what}"), advice),
        };
    }
    match tried(&address, login, random).await {
        Ok(what) => Finding::ok(check, format!("{url} {what}")),
        Err(NoWay::Silent(why)) => bad(
            format!("{url} does not answer: {why}"),
            "look whether it runs, and whether a firewall lets this port through",
        ),
        Err(NoWay::Refused(401, _)) => bad(
            format!("{url} does not take our credentials"),
            "give signalling.turn_secret and the server (coturn: use-auth-secret, static-auth-secret) the same secret, and both clocks the same time",
        ),
        Err(NoWay::Inner(relay)) => Finding::bad(
            check,
            Health::Warn,
            format!("{url} gives a relay, at {relay}; nobody outside reaches that"),
            "tell the server its address outside (coturn: external-ip=PUBLIC/PRIVATE)",
        ),
        Err(NoWay::Open) => bad(
            format!("{url} relays for anybody who asks"),
            "strangers use it up: make it ask for credentials (coturn: use-auth-secret)",
        ),
        Err(NoWay::Refused(code, said)) => bad(
            format!("{url} refuses: {code} {said}"),
            "see the server's own log",
        ),
    }
}

/// Whether there is TLS that a browser takes, or else what is wrong, and what to do.
async fn speaks_tls(address: &IceAddress<'_>) -> Result<(), (String, &'static str)> {
    listens(address).await.map_err(|why| {
        (
            format!("does not answer: {why}"),
            "look whether the server runs and can read its certificate, and whether a firewall lets this port through",
        )
    })?;
    tls::open(address).await.map_err(|why| {
        (
            format!("has no TLS that browsers take: {why}"),
            "give the server (coturn: cert, pkey) a certificate of this name, and start it anew after a new one; an authority of your own goes into this machine's CA store and into browsers",
        )
    })
}

/// Whether anybody listens there: a server that finds no certificate speaks no TLS and says so in its log
/// alone.
async fn listens(address: &IceAddress<'_>) -> io::Result<()> {
    let connected = timeout(PATIENCE, TcpStream::connect((address.host, address.port)));
    connected
        .await
        .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
        .map(drop)
}

/// Why there is nothing.
enum NoWay {
    Silent(String),
    Refused(u16, String),
    Open,
    /// There is a relay, in a network of its own.
    Inner(SocketAddr),
}

impl From<io::Error> for NoWay {
    fn from(error: io::Error) -> Self {
        Self::Silent(error.to_string())
    }
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
    let mut line = IceLine::open(to, address.tcp).await?;
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

/// The way to a server.
enum IceLine {
    Udp(UdpSocket),
    Tcp(TcpStream),
}

impl IceLine {
    async fn open(to: SocketAddr, tcp: bool) -> io::Result<Self> {
        if tcp {
            let opened = timeout(PATIENCE, TcpStream::connect(to)).await;
            return Ok(Self::Tcp(opened.map_err(|_| silence())??));
        }
        let any = if to.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
        let socket = UdpSocket::bind(any).await?;
        socket.connect(to).await?;
        Ok(Self::Udp(socket))
    }

    async fn ask(
        &mut self,
        random: &dyn Random,
        method: Method,
        attributes: &[(u16, Vec<u8>)],
        key: Option<&[u8]>,
    ) -> io::Result<ServerAnswer> {
        let mut id: TransactionId = [0; 12];
        random.fill(&mut id);
        let sent = request(method, id, attributes, key);
        match self {
            Self::Udp(socket) => over_udp(socket, &sent, method, id).await,
            Self::Tcp(stream) => {
                let answered = timeout(PATIENCE, over_tcp(stream, &sent)).await;
                let bytes = answered.map_err(|_| silence())??;
                let answer = ServerAnswer::read(&bytes, method, id);
                answer.ok_or_else(|| io::Error::other("what answers is no such server"))
            }
        }
    }
}

async fn over_udp(
    socket: &UdpSocket,
    sent: &[u8],
    method: Method,
    id: TransactionId,
) -> io::Result<ServerAnswer> {
    let mut buffer = [0; 1500];
    for patience in RESENDS {
        socket.send(sent).await?;
        let answer = async {
            loop {
                let length = socket.recv(&mut buffer).await?;
                if let Some(answer) = ServerAnswer::read(&buffer[..length], method, id) {
                    return Ok(answer);
                }
            }
        };
        if let Ok(answered) = timeout(patience, answer).await {
            return answered;
        }
    }
    Err(silence())
}

async fn over_tcp(stream: &mut TcpStream, sent: &[u8]) -> io::Result<Vec<u8>> {
    stream.write_all(sent).await?;
    let mut head = [0; 20];
    stream.read_exact(&mut head).await?;
    let mut bytes = head.to_vec();
    bytes.resize(message::length(&head), 0);
    stream.read_exact(&mut bytes[20..]).await?;
    Ok(bytes)
}

fn silence() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "nothing came back")
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

    #[tokio::test]
    async fn whether_anybody_listens_for_tls_is_seen() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("binds");
        let url = format!("turns:{}", listener.local_addr().expect("an address"));
        let address = IceAddress::read(&url).expect("an address");
        listens(&address).await.expect("somebody does");
        drop(listener);
        let why = listens(&address).await.expect_err("nobody does");
        assert_eq!(why.kind(), io::ErrorKind::ConnectionRefused);
    }
}
