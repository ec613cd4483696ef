//! Whether browsers can reach what is bound for media, as far as this machine can tell.

use std::net::UdpSocket;

use async_trait::async_trait;
use socket2::SockRef;

use super::LocalMedia;
use super::thread::{BUFFER, own_address};
use crate::error::Error;
use crate::model::address::is_inner;
use crate::model::health::{Depth, Finding, Health, Probe};

const CHECK: &str = "media";

#[async_trait]
impl Probe for LocalMedia {
    async fn probe(&self, depth: Depth) -> Vec<Finding> {
        if depth == Depth::Light {
            return Vec::new();
        }
        vec![self.address(), buffers()]
    }
}

impl LocalMedia {
    /// The address that browsers are told.
    fn address(&self) -> Finding {
        let told = self.settings.public_ips.first().copied();
        let port = self.settings.bind.port();
        let ip = match told.map_or_else(|| own_address(self.settings.bind.ip()), Ok) {
            Ok(ip) => ip,
            Err(error) => {
                let what = format!("this machine does not know its own address: {error}");
                return Finding::bad(CHECK, Health::Fail, what, "set media.public_ips");
            }
        };
        if told.is_none() && is_inner(ip) {
            return Finding::bad(
                CHECK,
                Health::Warn,
                format!("browsers are told {ip}, UDP port {port}; nobody outside reaches that"),
                "set media.public_ips to the address by which this machine is reached from outside, and let UDP through to that port",
            );
        }
        Finding::ok(CHECK, format!("browsers are told {ip}, UDP port {port}"))
    }
}

/// Whether a burst of key frames fits into the system's buffers.
fn buffers() -> Finding {
    let check = "media buffers";
    let given = UdpSocket::bind("127.0.0.1:0").and_then(|socket| {
        let options = SockRef::from(&socket);
        options.set_recv_buffer_size(BUFFER)?;
        options.recv_buffer_size()
    });
    match given {
        Ok(given) if given >= BUFFER => Finding::ok(check, format!("{} KiB", given / 1024)),
        Ok(given) => Finding::bad(
            check,
            Health::Warn,
            format!(
                "the system gives {} KiB to what comes in; bursts of pictures may be lost",
                given / 1024
            ),
            format!("sysctl -w net.core.rmem_max={BUFFER}, and keep it in /etc/sysctl.d"),
        ),
        Err(error) => Finding::failed(
            check,
            &Error::internal(format!("no socket for media: {error}")),
            "look at the limits of this process",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::media::MediaSettings;

    async fn told(bind: &str, public: &[&str]) -> (Health, String) {
        let media = LocalMedia::new(MediaSettings {
            bind: bind.parse().expect("an address"),
            any_port: false,
            public_ips: public
                .iter()
                .map(|ip| ip.parse().expect("an address"))
                .collect(),
            threads: 1,
            videos: 25,
            tracks_per_thread: 1000,
        });
        assert!(media.probe(Depth::Light).await.is_empty());
        let found = media.probe(Depth::Full).await.swap_remove(0);
        (found.health, found.message)
    }

    #[tokio::test]
    async fn an_inner_address_is_pointed_out_unless_the_outer_is_told() {
        let (health, message) = told("10.1.2.3:7882", &[]).await;
        assert!(
            health == Health::Warn && message.contains("10.1.2.3"),
            "{message}"
        );
        let (health, message) = told("10.1.2.3:7882", &["203.0.113.7"]).await;
        assert!(
            health == Health::Ok && message.contains("203.0.113.7"),
            "{message}"
        );
        assert_eq!(told("203.0.113.9:1", &[]).await.0, Health::Ok);
    }
}
