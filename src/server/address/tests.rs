//! Forwarding headers, honest and not.

use axum::http::HeaderValue;
use proptest::prelude::*;

use super::*;
use crate::error::Kind;

fn trusting(networks: &[&str]) -> TrustedProxies {
    let texts: Vec<_> = networks.iter().map(|&text| text.to_owned()).collect();
    TrustedProxies::new(&texts).expect("networks")
}

fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    let line = |(name, value): &(&'static str, &str)| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_bytes(value.as_bytes()).expect("a value"),
        )
    };
    let mut map = HeaderMap::new();
    for (name, value) in lines.iter().map(line) {
        map.append(name, value);
    }
    map
}

/// Whom a request over the proxy 10.0.0.1 is from.
fn seen(lines: &[(&'static str, &str)]) -> (String, bool) {
    let proxies = trusting(&["10.0.0.0/8", "fd00::/8", "192.0.2.7"]);
    let client = proxies.client(IpAddr::from([10, 0, 0, 1]), &headers(lines));
    (client.ip.to_string(), client.is_proxy)
}

#[test]
fn the_right_most_address_that_is_not_trusted_is_the_clients() {
    const XFF: &str = "x-forwarded-for";
    const FWD: &str = "forwarded";
    let cases: &[(&[(&'static str, &str)], &str)] = &[
        (&[(XFF, "198.51.100.4")], "198.51.100.4"),
        (&[(XFF, "1.1.1.1, 198.51.100.4")], "198.51.100.4"),
        (
            &[(XFF, "1.1.1.1,198.51.100.4 , 10.9.9.9,192.0.2.7")],
            "198.51.100.4",
        ),
        (
            &[(XFF, "1.1.1.1"), (XFF, "198.51.100.4"), (XFF, "10.2.2.2")],
            "198.51.100.4",
        ),
        (&[(XFF, "nonsense, 198.51.100.4")], "198.51.100.4"),
        (&[(XFF, "198.51.100.4, , ")], "198.51.100.4"),
        (&[(XFF, "198.51.100.4:4711")], "198.51.100.4"),
        (&[(XFF, "[2001:db8::17]:4711, fd00::1")], "2001:db8::17"),
        (&[(XFF, "[2001:db8::17]")], "2001:db8::17"),
        (&[(XFF, "2001:db8::17")], "2001:db8::17"),
        (&[(XFF, "fe80::1%eth0")], "fe80::1"),
        (&[(XFF, "::ffff:198.51.100.4")], "198.51.100.4"),
        (
            &[(XFF, "::ffff:10.3.3.3, 198.51.100.4, ::ffff:10.3.3.3")],
            "198.51.100.4",
        ),
        (&[(FWD, "for=198.51.100.4")], "198.51.100.4"),
        (
            &[(
                FWD,
                "for=1.1.1.1, For=\"198.51.100.4:99\";proto=https;by=10.0.0.1",
            )],
            "198.51.100.4",
        ),
        (
            &[(FWD, "proto=http;for=\"[2001:db8::17]:4711\"")],
            "2001:db8::17",
        ),
        (
            &[(FWD, "host=\"a,b;for=9.9.9.9\";for=198.51.100.4")],
            "198.51.100.4",
        ),
        (
            &[(
                FWD,
                "for=1.1.1.1, for=198.51.100.4;host=\"a\\\",b\\\\\", for=10.0.0.3",
            )],
            "198.51.100.4",
        ),
        (
            &[
                (FWD, "for=1.1.1.1"),
                (FWD, "for=198.51.100.4, for=10.0.0.3"),
            ],
            "198.51.100.4",
        ),
        // A client may send what its proxy does not know.
        (
            &[(FWD, "for=1.1.1.1"), (XFF, "198.51.100.4")],
            "198.51.100.4",
        ),
    ];
    for (lines, expected) in cases {
        assert_eq!(seen(lines), ((*expected).to_owned(), false), "{lines:?}");
    }
}

#[test]
fn who_names_nobody_stands_for_all() {
    for lines in [
        &[][..],
        &[("x-forwarded-for", "")],
        &[("x-forwarded-for", "198.51.100.4, unknown")],
        &[("x-forwarded-for", "198.51.100.4, 256.1.1.1")],
        &[("x-forwarded-for", "198.51.100.4;evil")],
        &[("x-forwarded-for", "198.51.100.4, 1.2.3.4:port")],
        &[("x-forwarded-for", "\u{e9}")],
        &[("forwarded", "for=_hidden")],
        &[("forwarded", "for=198.51.100.4, by=10.0.0.1")],
        &[("forwarded", "for=\"198.51.100.4")],
        &[("x-real-ip", "198.51.100.4")],
    ] {
        assert_eq!(seen(lines), ("10.0.0.1".to_owned(), true), "{lines:?}");
    }
    assert_eq!(
        seen(&[("x-forwarded-for", "10.5.5.5, 10.6.6.6")]),
        ("10.5.5.5".to_owned(), true)
    );
}

#[test]
fn nobody_else_is_believed() {
    let proxies = trusting(&["10.0.0.0/8"]);
    let told = headers(&[
        ("x-forwarded-for", "198.51.100.4"),
        ("forwarded", "for=1.1.1.1"),
    ]);
    for peer in ["203.0.113.5", "::ffff:203.0.113.5"] {
        let peer: IpAddr = peer.parse().expect("an address");
        let client = proxies.client(peer, &told);
        assert_eq!(client.ip.to_string(), "203.0.113.5");
        assert!(!client.is_proxy);
    }
    let mapped: IpAddr = "::ffff:10.0.0.1".parse().expect("an address");
    assert_eq!(proxies.client(mapped, &told).ip.to_string(), "198.51.100.4");
    assert!(!TrustedProxies::none().trusts(IpAddr::from([127, 0, 0, 1])));
}

#[test]
fn networks_of_ipv4_in_the_clothes_of_ipv6_are_networks_of_ipv4() {
    for text in ["::ffff:10.0.0.0/104", "::ffff:10.1.2.3/104", "::ffff:a00:1"] {
        let proxies = trusting(&[text]);
        for peer in ["10.0.0.1", "::ffff:10.0.0.1"] {
            let peer: IpAddr = peer.parse().expect("an address");
            let client = proxies.client(peer, &headers(&[("x-forwarded-for", "198.51.100.4")]));
            assert_eq!(client.ip.to_string(), "198.51.100.4", "{text} {peer}");
        }
        assert!(!proxies.trusts(IpAddr::from([11, 0, 0, 1])), "{text}");
    }
    assert!(trusting(&["::ffff:0:0/96"]).trusts(IpAddr::from([11, 0, 0, 1])));
    assert!(trusting(&["fd00::/8"]).trusts("fd00::1".parse().expect("an address")));
}

#[test]
fn what_is_no_network_is_refused() {
    for text in [
        "",
        "10.0.0.0/33",
        "proxy.example.com",
        "10.0.0",
        "fd00::/129",
        "*",
    ] {
        let refused = TrustedProxies::new(&[text.to_owned()]).expect_err(text);
        assert_eq!(refused.kind(), Kind::Config, "{text}");
    }
}

#[test]
fn a_subscriber_of_ipv6_is_one_caller() {
    let network = |text: &str| Network::of(text.parse().expect("an address")).address;
    assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::9"));
    assert_ne!(network("2001:db8:1:2::9"), network("2001:db8:1:3::9"));
    assert_ne!(network("198.51.100.4"), network("198.51.100.5"));
    assert_eq!(network("::ffff:198.51.100.4"), network("198.51.100.4"));
}

/// Proxies add to the line that the client sent, whatever that is.
#[test]
fn what_a_client_sends_takes_nothing_from_what_its_proxy_adds() {
    for sent in ["\u{e9}", "\u{e9}, 1.1.1.1", "\"", "1.1.1.1;x=\"a\\", "\t"] {
        let line = format!("{sent}, 198.51.100.4");
        let client = seen(&[("x-forwarded-for", &line)]);
        assert_eq!(client, ("198.51.100.4".to_owned(), false), "{line}");
    }
    for sent in [
        "for=1.1.1.1;x=\"",
        "for=1.1.1.1;x=\"\\",
        "for=\"1.1.1.1",
        "\u{e9}",
        "x=\"\u{e9}",
    ] {
        for added in ["for=198.51.100.4", "for=\"198.51.100.4:99\";host=\"a,b\""] {
            let line = format!("{sent}, {added}");
            let client = seen(&[("forwarded", &line)]);
            assert_eq!(client, ("198.51.100.4".to_owned(), false), "{line}");
        }
    }
}

/// What may stand in a header, to be told by whoever speaks for a client.
fn made_up() -> impl Strategy<Value = String> {
    prop::string::string_regex("[\t -~\u{80}-\u{ff}]{0,40}").expect("a pattern")
}

proptest! {
    #[test]
    fn whatever_a_client_sends_its_proxy_has_the_last_word(
        made_up in prop::collection::vec(made_up(), 0..4),
        client in any::<[u8; 4]>(),
        name in prop::sample::select(&["x-forwarded-for", "forwarded"][..]),
    ) {
        let proxies = trusting(&["10.0.0.0/8"]);
        let client = IpAddr::from(client);
        prop_assume!(!proxies.trusts(client));
        let node = if name == "forwarded" { "for=" } else { "" };
        let last = format!("{}, {node}{client}", made_up.join(","));
        let mut lines: Vec<_> = made_up.iter().map(|text| (name, text.as_str())).collect();
        if name == "x-forwarded-for" {
            lines.push(("forwarded", "for=10.0.0.1"));
        }
        lines.push((name, &last));
        let seen = proxies.client(IpAddr::from([10, 0, 0, 1]), &headers(&lines));
        prop_assert_eq!(seen.ip, client);
    }
}
