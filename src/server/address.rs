//! Whose address a request comes from: the one place that knows it. Limits, shares, bans, logs go by
//! what is found here.
//!
//! A proxy in front is at the other end of every connection. Which proxies are believed is a setting;
//! what one of them says of the client is in `X-Forwarded-For` (de facto) or `Forwarded` (RFC 7239).
//! Each proxy adds to the right end, so the list is read from there, as far as whoever added is
//! trusted. What stands further left a client may have made up.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::{IpNet, Ipv4Net};
use metrics::counter;

use crate::error::{Error, Result};
use crate::model::unknown_proxies::UnknownProxies;

static X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Bits before an IPv4 address in the clothes of an IPv6 one.
const MAPPED: u8 = 96;

/// Where a request comes from, put into each by the listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ClientAddress {
    /// The client's address, never an IPv4 address in the clothes of an IPv6 one.
    pub(super) ip: IpAddr,
    /// Whether it is a trusted proxy's own, which named nobody: it stands for all of its clients.
    pub(super) is_proxy: bool,
}

/// What counts as one caller: an IPv4 address, or the /64 of an IPv6 one, which a single subscriber
/// has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    /// The address, or the first of the network.
    pub(super) address: IpAddr,
    /// Whether everybody may be behind it, so that a share for it would be one for all.
    pub(super) is_shared_by_all: bool,
}

impl Network {
    /// The network of an address that stands for itself.
    pub(super) fn of(ip: IpAddr) -> Self {
        let address = match ip.to_canonical() {
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            v4 @ IpAddr::V4(_) => v4,
        };
        Self {
            address,
            is_shared_by_all: false,
        }
    }
}

impl ClientAddress {
    /// By what it is counted.
    pub(super) fn network(self) -> Network {
        Network {
            is_shared_by_all: self.is_proxy,
            ..Network::of(self.ip)
        }
    }

    /// The network of the client alone, if that is known.
    pub(super) fn own_network(self) -> Option<String> {
        (!self.is_proxy).then(|| self.network().address.to_string())
    }
}

/// The proxies whose word counts.
#[derive(Debug)]
pub(super) struct TrustedProxies {
    networks: Vec<IpNet>,
    /// Where it is told who else speaks for clients, if that matters to anybody.
    unknown: Option<Arc<UnknownProxies>>,
}

impl TrustedProxies {
    /// Reads `server.trusted_proxies`.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) for what is neither an address nor a network.
    pub(super) fn new(texts: &[String]) -> Result<Self> {
        let parse = |text: &String| {
            let network = text.trim().parse::<IpNet>().ok();
            let alone = || text.trim().parse::<IpAddr>().ok().map(IpNet::from);
            network.or_else(alone).map(canonical).ok_or_else(|| {
                Error::config(format!(
                    "server.trusted_proxies: {text:?} is not a network like 10.0.0.0/8 or fd00::/8, nor an address"
                ))
            })
        };
        Ok(Self {
            networks: texts.iter().map(parse).collect::<Result<_>>()?,
            unknown: None,
        })
    }

    /// The same; it is told there who else speaks for clients.
    pub(super) fn telling(self, unknown: Arc<UnknownProxies>) -> Self {
        let unknown = Some(unknown);
        Self { unknown, ..self }
    }

    /// No proxy is trusted, and none is missing.
    pub(super) fn none() -> Self {
        Self {
            networks: Vec::new(),
            unknown: None,
        }
    }

    pub(super) fn trusts(&self, ip: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&ip))
    }

    /// Whose request this is.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientAddress {
        let peer = peer.to_canonical();
        let said =
            headers.contains_key(&X_FORWARDED_FOR) || headers.contains_key(header::FORWARDED);
        if !self.trusts(peer) {
            if said {
                self.disregard(peer);
            }
            return ClientAddress {
                ip: peer,
                is_proxy: false,
            };
        }
        let mut last = peer;
        if said {
            // Where there are both, the client may have sent the one that its proxy does not know.
            let mut named: Box<dyn Iterator<Item = Option<IpAddr>>> =
                if headers.contains_key(&X_FORWARDED_FOR) {
                    Box::new(x_forwarded_for(headers))
                } else {
                    Box::new(forwarded(headers))
                };
            // Whoever writes what cannot be read is the last who is known.
            while let Some(Some(ip)) = named.next() {
                if !self.trusts(ip) {
                    return ClientAddress {
                        ip,
                        is_proxy: false,
                    };
                }
                last = ip;
            }
        }
        ClientAddress {
            ip: last,
            is_proxy: true,
        }
    }

    /// Somebody whom nobody trusts speaks for others. If many do, a proxy is missing in the setting.
    fn disregard(&self, peer: IpAddr) {
        let Some(unknown) = &self.unknown else {
            return;
        };
        counter!("tok_forwarded_disregarded_total").increment(1);
        if let Some(proxy) = unknown.note(peer) {
            tracing::warn!(
                peer = %proxy.peer,
                "many requests say by X-Forwarded-For or Forwarded that a proxy passed them on, \
                 whose address is not in server.trusted_proxies; all its clients count as one"
            );
        }
    }
}

/// A network as its addresses are compared: one of IPv4 addresses in the clothes of IPv6 is one of IPv4.
fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(v6) = network else {
        return network;
    };
    let length = v6.prefix_len().checked_sub(MAPPED);
    let v4 = v6.network().to_ipv4_mapped().zip(length);
    v4.and_then(|(first, length)| Ipv4Net::new(first, length).ok())
        .map_or(network, IpNet::V4)
}

/// The addresses in all lines of `X-Forwarded-For`, the last first. Each item is read by itself: what a client
/// sends takes nothing from what its proxy adds to the same line.
fn x_forwarded_for(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    let lines = headers.get_all(&X_FORWARDED_FOR).iter().rev();
    lines.flat_map(|line| {
        let items = line.as_bytes().rsplit(|byte| *byte == b',');
        let items = items.map(<[u8]>::trim_ascii);
        items
            .filter(|item| !item.is_empty())
            .map(|item| address(str::from_utf8(item).ok()?))
    })
}

/// The addresses in all lines of `Forwarded`, the last first.
fn forwarded(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    let lines = headers.get_all(header::FORWARDED).iter().rev();
    lines.flat_map(|line| {
        let text = String::from_utf8_lossy(line.as_bytes());
        let elements = rsplit_outside_quotes(&text, ',').into_iter();
        let named = elements
            .filter(|element| !element.trim().is_empty())
            .map(node);
        named.collect::<Vec<_>>()
    })
}

/// The address that an element of `Forwarded` names.
fn node(element: &str) -> Option<IpAddr> {
    let pairs = rsplit_outside_quotes(element, ';').into_iter().rev();
    let mut of = pairs.filter_map(|pair| pair.trim().split_once('='));
    let (_, node) = of.find(|(name, _)| name.eq_ignore_ascii_case("for"))?;
    let quoted = node.strip_prefix('"');
    address(quoted.map_or(Some(node), |rest| rest.strip_suffix('"'))?)
}

/// The parts between `separator`, but for those within double quotes, the last first. It is read from the
/// end, where what a proxy adds stands: a quote that the client did not close takes nothing of that in.
fn rsplit_outside_quotes(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut end, mut quoted) = (Vec::new(), text.len(), false);
    for (at, c) in text.char_indices().rev() {
        if c == '"' {
            let before = text[..at].bytes().rev();
            let is_escaped = before.take_while(|byte| *byte == b'\\').count() % 2 == 1;
            quoted ^= !(quoted && is_escaped);
        } else if c == separator && !quoted {
            parts.push(&text[at + 1..end]);
            end = at;
        }
    }
    parts.push(&text[..end]);
    parts
}

/// An address as proxies write it: with or without a port, IPv6 with or without brackets or zone.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if let Ok(with_port) = text.parse::<SocketAddr>() {
        return Some(with_port.ip().to_canonical());
    }
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    let without_zone = bare.split_once('%').map_or(bare, |(address, _)| address);
    let ip: IpAddr = without_zone.parse().ok()?;
    Some(ip.to_canonical())
}

#[cfg(test)]
mod tests;
