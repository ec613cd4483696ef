//! `[media]`: media of local rooms that goes through this process.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;

use super::Config;
use super::mistake::{Checked, Wrong};
use super::section::section;
use crate::backends::media::MediaSettings;

/// The port of whoever chose none: another one does as well there.
const USUAL_PORT: u16 = 7882;
const PUBLIC_IPS: &str = "media.public_ips";

section! {
    [media]
    /// Media of local rooms that goes through this process.
    pub struct MediaSection {
        /// UDP port of the first thread, the others have the next ones; browsers must reach it
        udp: u32 = "7882",
        /// addresses by which browsers reach this machine, if it does not know them itself, as behind a
        /// NAT; only the first is used
        public_ips: Vec<String> = "[]",
        /// threads that forward, each on a core and a port of its own; a room is on one of them
        threads: NonZeroUsize = "1",
        /// most pictures that one participant is sent
        videos: usize = "25",
        /// most pictures that one thread forwards, counted for each receiver; who comes then is
        /// refused
        tracks_per_thread: usize = "1000",
    }
}

impl MediaSection {
    /// Addresses are some.
    pub(super) fn check(&self) -> Checked {
        if self.port().is_none() {
            let what = format!("media.udp: {} is no port; the most is 65535", self.udp);
            return Err(Wrong::new(&["media.udp"], what));
        }
        match self
            .public_ips
            .iter()
            .find(|ip| ip.parse::<IpAddr>().is_err())
        {
            Some(wrong) => Err(Wrong::new(
                &[PUBLIC_IPS],
                format!("{PUBLIC_IPS}: {wrong:?} is not an address like 203.0.113.7"),
            )),
            None => Ok(()),
        }
    }
}

impl MediaSection {
    fn port(&self) -> Option<u16> {
        u16::try_from(self.udp).ok()
    }
}

impl Config {
    /// How media is forwarded, if it is.
    pub fn media(&self) -> Option<MediaSettings> {
        let media = &self.media;
        // A room's people may be on several nodes then.
        if self.redis.url.is_some() {
            return None;
        }
        let port = media.port()?;
        let public_ips: Vec<IpAddr> = media
            .public_ips
            .iter()
            .filter_map(|ip| ip.parse().ok())
            .collect();
        // Who serves this machine alone needs no port that others see, unless a proxy stands before it.
        let served = self.server.bind.ip();
        let behind = self.server.public_url.is_some() || !public_ips.is_empty();
        let ip = if served.is_loopback() && behind {
            IpAddr::V4(Ipv4Addr::UNSPECIFIED)
        } else {
            served
        };
        Some(MediaSettings {
            bind: SocketAddr::new(ip, port),
            any_port: port == USUAL_PORT,
            public_ips,
            threads: media.threads.get(),
            videos: media.videos,
            tracks_per_thread: media.tracks_per_thread,
        })
    }
}
