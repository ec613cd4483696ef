//! Proxies that are not in `server.trusted_proxies`, and speak for others all the same.
//!
//! Anybody can send the header of a proxy; many in a short time are a proxy that is missing in the
//! setting, so that all its clients count as one.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// So many requests,
pub const MANY: u32 = 100;
/// in so long, are many; and they are told of for as long after the last of them.
pub const WITHIN: Duration = Duration::from_mins(10);

/// One that passed many requests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownProxy {
    /// Whoever sent most of them, if one did.
    pub peer: IpAddr,
    /// How many there were in [ten minutes](WITHIN), from whomever.
    pub requests: u32,
}

/// What was heard of them. Takes the same little memory however many there are.
#[derive(Debug, Default)]
pub struct UnknownProxies(Mutex<ProxyWindow>);

#[derive(Debug, Default)]
struct ProxyWindow {
    since: Option<Instant>,
    requests: u32,
    /// Whose requests outnumber all others, if somebody's do (Boyer and Moore), and by how many.
    most: Option<(IpAddr, u32)>,
    /// When there were many last.
    many: Option<(UnknownProxy, Instant)>,
}

impl UnknownProxies {
    /// One more request. Tells of the proxy at the moment when there are many, once in ten minutes.
    pub fn note(&self, peer: IpAddr) -> Option<UnknownProxy> {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if heard.since.is_none_or(|since| now - since > WITHIN) {
            heard.since = Some(now);
            heard.requests = 0;
            heard.most = None;
        }
        heard.requests = heard.requests.saturating_add(1);
        let most = match heard.most {
            Some((of, ahead)) if of == peer => (of, ahead.saturating_add(1)),
            Some((of, ahead)) if ahead > 0 => (of, ahead - 1),
            _ => (peer, 1),
        };
        heard.most = Some(most);
        if heard.requests < MANY {
            return None;
        }
        let proxy = UnknownProxy {
            peer: most.0,
            requests: heard.requests,
        };
        heard.many = Some((proxy, now));
        (heard.requests == MANY).then_some(proxy)
    }

    /// The proxy, if there were many requests lately.
    pub fn lately(&self) -> Option<UnknownProxy> {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (proxy, at) = heard.many?;
        (at.elapsed() <= WITHIN).then_some(proxy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 3, 7));

    fn other(n: u32) -> IpAddr {
        IpAddr::from((0xC633_6400 | n).to_be_bytes())
    }

    #[tokio::test(start_paused = true)]
    async fn a_few_requests_are_nobodys_proxy_and_many_are_told_once() {
        let heard = UnknownProxies::default();
        for _ in 1..MANY {
            assert_eq!((heard.note(PROXY), heard.lately()), (None, None));
        }
        let told = |requests| UnknownProxy {
            peer: PROXY,
            requests,
        };
        assert_eq!(heard.note(PROXY), Some(told(MANY)));
        assert_eq!(heard.note(PROXY), None, "once");
        assert_eq!(heard.lately(), Some(told(MANY + 1)), "and counted on");
        tokio::time::advance(WITHIN).await;
        assert!(heard.lately().is_some());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(heard.lately(), None, "it is over");
        for _ in 1..MANY {
            assert_eq!((heard.note(PROXY), heard.lately()), (None, None));
        }
        assert_eq!(heard.note(PROXY), Some(told(MANY)), "it is back");
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_slowly_is_never_many() {
        let heard = UnknownProxies::default();
        for _ in 0..20 * MANY {
            assert_eq!(heard.note(PROXY), None);
            tokio::time::advance(WITHIN / (MANY - 2)).await;
        }
        assert_eq!(heard.lately(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_sends_most_is_named_whoever_comes_last() {
        let heard = UnknownProxies::default();
        for n in 0..MANY {
            let peer = if n % 3 == 2 { other(n) } else { PROXY };
            heard.note(peer);
        }
        for n in 0..MANY / 4 {
            heard.note(other(n));
        }
        let told = heard.lately().expect("many");
        assert_eq!((told.peer, told.requests), (PROXY, MANY + MANY / 4));
    }
}
