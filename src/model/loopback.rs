//! Which addresses are of this machine.

use url::{Host, Url};

/// Whether what a URL names is on this machine: nobody else hears or answers what goes there.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_a_name_and_addresses() {
        let own = |text: &str| is_loopback(&Url::parse(text).expect("a URL"));
        for url in [
            "http://localhost:1/x",
            "http://LOCALHOST.",
            "http://a.localhost",
            "http://127.9.9.9",
            "http://[::1]",
            "http://[::ffff:127.0.0.1]",
        ] {
            assert!(own(url), "{url}");
        }
        for url in [
            "http://localhost.example.com",
            "http://128.0.0.1",
            "http://[::2]",
            "http://0.0.0.0",
            "data:,x",
        ] {
            assert!(!own(url), "{url}");
        }
    }
}
