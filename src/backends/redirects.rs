//! Where a redirect may lead: never from https to http, and never to a machine inside of this network,
//! which answers us and would not answer whoever wrote the redirect.

use std::collections::HashSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Why a redirect is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Astray {
    /// It leads to nothing that is fetched by HTTP.
    NoHttp,
    /// It gives up encryption.
    Unencrypted,
    /// It leads to this machine or its neighbours.
    Inside,
}

impl Astray {
    /// Where it leads, in words.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::NoHttp => "to something that is not HTTP",
            Self::Unencrypted => "from https to http",
            Self::Inside => "into this machine's own network",
        }
    }
}

impl fmt::Display for Astray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::error::Error for Astray {}

/// Whether a redirect may be followed, as far as its address shows; a name is looked at again by
/// [`GuardedNames`]. Whoever is asked already may send us elsewhere on the same origin.
pub(super) fn check(from: &Url, to: &Url) -> Result<(), Astray> {
    if !matches!(to.scheme(), "http" | "https") {
        return Err(Astray::NoHttp);
    }
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(Astray::Unencrypted);
    }
    if from.origin() == to.origin() {
        return Ok(());
    }
    let inside = match to.host() {
        Some(Host::Ipv4(v4)) => is_inside(v4.into()),
        Some(Host::Ipv6(v6)) => is_inside(v6.into()),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        None => return Err(Astray::NoHttp),
    };
    if inside { Err(Astray::Inside) } else { Ok(()) }
}

/// Whether an address is this machine's, its network's, or nobody's.
pub(super) fn is_inside(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_inside_v4(v4),
        IpAddr::V6(v6) => is_inside_v6(v6),
    }
}

fn is_inside_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    // This network, carriers' own, protocols' own, benchmarks, and what is kept for later.
    let reserved = a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19))
        || a >= 240;
    reserved
        || v4.is_loopback()
        || v4.is_private()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_documentation()
}

fn is_inside_v6(v6: Ipv6Addr) -> bool {
    let segments = v6.segments();
    // Addresses that carry an IPv4 one: compatible, NAT64 and 6to4.
    let [.., high, low] = segments;
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_inside_v4(Ipv4Addr::new(a, b, c, d))
    };
    let carried = match segments {
        [0, 0, 0, 0, 0, 0, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => embedded(high, low),
        [0x64, 0xff9b, 1, ..] => true,
        [0x2002, high, low, ..] => embedded(high, low),
        _ => false,
    };
    carried
        || v6.is_loopback()
        || v6.is_unspecified()
        || v6.is_unique_local()
        || v6.is_unicast_link_local()
        || v6.is_multicast()
}

/// Looks names up; of those that a redirect named, only addresses outside of this network count.
#[derive(Clone, Default)]
pub(super) struct GuardedNames {
    named: Arc<Mutex<HashSet<String>>>,
}

impl GuardedNames {
    /// A redirect leads to this name.
    pub(super) fn guard(&self, name: &str) {
        // A set is whole, whoever panicked beside it.
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        named.insert(name.to_ascii_lowercase());
    }

    fn is_guarded(&self, name: &str) -> bool {
        let named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        named.contains(&name.to_ascii_lowercase())
    }
}

impl Resolve for GuardedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let guarded = self.is_guarded(name.as_str());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed = |at: &SocketAddr| !(guarded && is_inside(at.ip()));
            let found: Vec<_> = found.filter(allowed).collect();
            if found.is_empty() {
                return Err(Astray::Inside.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn led(from: &str, to: &str) -> Result<(), Astray> {
        check(
            &Url::parse(from).expect("a link"),
            &Url::parse(to).expect("a link"),
        )
    }

    #[test]
    fn a_redirect_keeps_https_and_leads_outside() {
        let vendor = "https://files.example.com/a";
        for to in [
            "https://cdn.example.net/b",
            "https://203.1.1.1/",
            "https://[2606:4700::1]/",
        ] {
            assert_eq!(led(vendor, to), Ok(()), "{to}");
        }
        assert_eq!(
            led("http://files.example.com/", "https://cdn.example.net/"),
            Ok(())
        );
        assert_eq!(
            led("http://a.example.com/", "http://b.example.com/"),
            Ok(())
        );
        for to in ["http://files.example.com/a", "http://cdn.example.net/b"] {
            assert_eq!(led(vendor, to), Err(Astray::Unencrypted), "{to}");
        }
        for to in [
            "file:///etc/passwd",
            "ftp://cdn.example.net/",
            "data:text/plain,a",
        ] {
            assert_eq!(led(vendor, to), Err(Astray::NoHttp), "{to}");
        }
        for to in [
            "https://127.0.0.1/",
            "https://127.9.9.9/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://0/",
            "https://10.0.0.1/",
            "https://172.16.0.1/",
            "https://172.31.255.255/",
            "https://192.168.1.1/",
            "https://169.254.169.254/",
            "https://100.64.0.1/",
            "https://255.255.255.255/",
            "https://224.0.0.1/",
            "https://[::]/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[::10.0.0.1]/",
            "https://[64:ff9b::a00:1]/",
            "https://[2002:7f00:1::]/",
            "https://[fe80::1]/",
            "https://[fc00::1]/",
            "https://[ff02::1]/",
            "https://localhost/",
            "https://LocalHost./",
            "https://db.localhost/",
        ] {
            assert_eq!(led(vendor, to), Err(Astray::Inside), "{to}");
        }
    }

    /// On a machine that is inside itself, its other doors are not for redirects either.
    #[test]
    fn only_the_origin_itself_may_lead_to_itself_inside() {
        let origin = "http://127.0.0.1:8000/a";
        assert_eq!(led(origin, "http://127.0.0.1:8000/b?c"), Ok(()));
        assert_eq!(led(origin, "http://127.0.0.1:8001/b"), Err(Astray::Inside));
        assert_eq!(led(origin, "http://localhost:8000/b"), Err(Astray::Inside));
    }

    #[tokio::test]
    async fn a_name_that_a_redirect_led_to_is_found_outside_only() {
        let names = GuardedNames::default();
        let look = || names.resolve("localhost".parse().expect("a name"));
        assert!(look().await.is_ok_and(|mut found| found.next().is_some()));
        names.guard("LOCALHOST");
        assert!(look().await.is_err());
    }
}
