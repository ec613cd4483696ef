//! Addresses of networks.

use std::net::IpAddr;

/// Whether an address is one of an inner network: nobody outside reaches it.
#[must_use]
pub fn is_inner(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_loopback() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_outside_reaches_is_inner() {
        let is_inner = |ip: &str| is_inner(ip.parse().expect("an address"));
        for ip in [
            "10.9.0.2",
            "192.168.1.7",
            "127.0.0.1",
            "169.254.1.1",
            "::1",
            "fd00::2",
            "fe80::1",
        ] {
            assert!(is_inner(ip), "{ip}");
        }
        for ip in ["203.0.113.10", "172.32.0.1", "2001:db8::1"] {
            assert!(!is_inner(ip), "{ip}");
        }
    }
}
