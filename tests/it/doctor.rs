//! `tok doctor` over the vendors of calls: well, and with a wrong credential.

use crate::support::{Binary, bandwidth, borrowed, hundred_ms, opentok, pinpoint};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_vendor_is_checked_and_a_wrong_credential_is_named() {
    let vendors = (
        hundred_ms::start().await,
        opentok::start().await,
        bandwidth::start().await,
        pinpoint::start().await,
    );
    let cases = [
        (
            hundred_ms::variables(&vendors.0),
            "APP_SECRET",
            "100ms credential",
            "APP_ACCESS_KEY",
        ),
        (
            opentok::variables(&vendors.1),
            "TOKBOX_SECRET",
            "opentok credential",
            "TOKBOX_API_KEY",
        ),
        (
            bandwidth::variables(&vendors.2),
            "BW_PASSWORD",
            "bandwidth credential",
            "BW_ACCOUNT_ID",
        ),
        (
            pinpoint::variables(&vendors.3),
            "AWS_SECRET_ACCESS_KEY",
            "push (Pinpoint)",
            "pinpoint.app_id",
        ),
    ];
    for (variables, secret, check, advice) in cases {
        let run = Binary::with(&borrowed(&variables)).run(&["doctor", "--json"]);
        assert_eq!(run.code, Some(0), "{run:#?}");
        let found = run.json();
        let found = found["findings"].as_array().expect("a list");
        let own = found.iter().find(|finding| finding["check"] == check);
        assert_eq!(own.expect(check)["health"], "ok");
        let wrong = |(name, value): &(&'static str, String)| {
            let value = if *name == secret {
                "guess".to_owned()
            } else {
                value.clone()
            };
            (*name, value)
        };
        let variables: Vec<_> = variables.iter().map(wrong).collect();
        let run = Binary::with(&borrowed(&variables)).run(&["doctor"]);
        assert_ne!(run.code, Some(0), "{run:#?}");
        assert!(run.stdout.contains(advice), "{run:#?}");
        assert!(
            !run.stdout.contains("guess") && !run.stderr.contains("guess"),
            "{run:#?}"
        );
    }
}

#[test]
fn a_section_that_was_begun_and_not_finished_is_pointed_out() {
    let binary = Binary::with(&[("APP_ACCESS_KEY", "x")]);
    let run = binary.run(&["room", "list"]).ok();
    let expected = "hundred_ms is not available: hundred_ms.secret is not set";
    assert!(run.stderr.contains(expected), "{run:#?}");
}
