//! `[server]`: the HTTP doors.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use bytesize::ByteSize;
use url::Url;

use super::section::{Limit, section};
use crate::model::Span;

section! {
    [server]
    /// The HTTP doors.
    pub struct ServerSection {
        /// address of the HTTP API; PORT sets the port
        #[also("PORT")]
        bind: SocketAddr = "'127.0.0.1:8080'",
        /// address of health, readiness and metrics
        ops_bind: SocketAddr = "'127.0.0.1:9090'",
        /// how people reach this server from outside; default http:// and the address of the
        /// API
        public_url: Option<Url>,
        /// web origins whose pages may call the API; "*" for all
        cors_origins: Vec<String> = "[]",
        /// web origins whose pages may show the room page in a frame
        embed_origins: Vec<String> = "[]",
        /// compat surfaces that need no API key, e.g. "tokapp"
        open: Vec<String> = "[]",
        /// largest request body
        body_limit: ByteSize = "'64KiB'",
        /// longest time for one request
        request_timeout: Span = "'30s'",
        /// longest time to finish requests when stopping
        drain_timeout: Span = "'20s'",
        /// requests per API key, or per address without one; "off" for no limit
        rate_limit: Limit = "'1000/1s'",
        /// requests for rooms that are not there, per address; "off" for no limit
        miss_rate: Limit = "'60/1m'",
        /// connections served at the same time
        max_connections: usize = "4096",
        /// connections of one address, or of one /64 of IPv6, at the same time
        address_connections: usize = "256",
        /// streams of events that are followed at the same time
        max_streams: usize = "256",
        /// those of one API key, or of one address without one
        key_streams: usize = "32",
        /// networks of proxies whose word on the client's address counts, by X-Forwarded-For or,
        /// without it, Forwarded; requests of all others come from where they come from
        trusted_proxies: Vec<String> = "['127.0.0.0/8', '::1/128']",
    }
}

impl ServerSection {
    /// The configured address from outside, or the one that is listened on.
    pub fn url(&self) -> Url {
        if let Some(url) = &self.public_url {
            return url.clone();
        }
        let mut address = self.bind;
        if address.ip().is_unspecified() {
            address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port());
        }
        let text = format!("http://{address}");
        Url::parse(&text).unwrap_or_else(|_| unreachable!("{text} is a URL"))
    }
}
