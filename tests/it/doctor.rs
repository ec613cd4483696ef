//! `tok doctor` over the vendors of calls: well, and with a wrong credential.

use crate::support::{Binary, FakeAlgolia, bandwidth, borrowed, hundred_ms, opentok, pinpoint};

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

/// What a key may do is asked, not tried: a look must not write into somebody's index.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_right_that_the_key_of_algolia_lacks_is_named_and_no_other() {
    let needed = [
        "addObject",
        "browse",
        "deleteIndex",
        "deleteObject",
        "editSettings",
        "listIndexes",
        "search",
        "settings",
    ];
    let judged = |algolia: &FakeAlgolia| {
        let run = Binary::with(&borrowed(&algolia.variables())).run(&["doctor", "--json"]);
        let found = run.json();
        let found = found["findings"].as_array().expect("a list").clone();
        let mut own = found
            .into_iter()
            .filter(|one| one["check"] == "search (Algolia)");
        (run.code, own.next().expect("it is checked"))
    };
    for right in needed {
        let algolia = FakeAlgolia::start().await;
        algolia.forbid(right);
        // One that tok has no use for is missed by nobody.
        algolia.forbid("analytics");
        let (code, found) = judged(&algolia);
        assert_eq!(
            (code, &found["health"]),
            (Some(8), &"fail".into()),
            "{found}"
        );
        assert_eq!(found["message"], format!("the key may not {right}"));
        let advice = found["advice"].as_str().expect("advice");
        assert!(
            advice.contains("algolia.api_key (from environment"),
            "{advice}"
        );
        assert!(
            algolia
                .calls()
                .iter()
                .all(|call| call.starts_with("GET ") || call.ends_with("/query")),
            "{right}"
        );
    }
    let algolia = FakeAlgolia::start().await;
    algolia.forbid("deleteObject");
    algolia.forbid("addObject");
    let (_, found) = judged(&algolia);
    assert_eq!(found["message"], "the key may not addObject, deleteObject");
    let algolia = FakeAlgolia::start().await;
    let (code, found) = judged(&algolia);
    assert_eq!((code, &found["health"]), (Some(0), &"ok".into()), "{found}");
}

/// Whatever it may, the keys in every app may.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_right_that_the_search_key_of_algolia_has_too_many_is_named() {
    let judged = |variables: &[(&'static str, String)]| {
        let run = Binary::with(&borrowed(variables)).run(&["doctor", "--json"]);
        let found = run.json();
        let found = found["findings"].as_array().expect("a list").clone();
        let own = |one: &serde_json::Value| one["check"] == "search key (Algolia)";
        (run.code, found.into_iter().find(own))
    };
    let algolia = FakeAlgolia::start().await;
    let (code, found) = judged(&algolia.variables());
    let found = found.expect("it is checked");
    assert_eq!((code, &found["health"]), (Some(0), &"ok".into()), "{found}");
    algolia.allow_apps("browse");
    algolia.allow_apps("deleteObject");
    let (code, found) = judged(&algolia.variables());
    let found = found.expect("it is checked");
    assert_eq!(
        (code, &found["health"]),
        (Some(0), &"warn".into()),
        "{found}"
    );
    assert_eq!(
        found["message"],
        "the key may not only search but also browse, deleteObject, and so may the keys of apps"
    );
    let advice = found["advice"].as_str().expect("advice");
    assert!(
        advice.contains("algolia.search_key (from environment"),
        "{advice}"
    );
    let mut wrong = algolia.variables();
    wrong.retain(|(name, _)| *name != "TOK_ALGOLIA__SEARCH_KEY");
    assert_eq!(judged(&wrong).1, None, "there is none");
    wrong.push(("TOK_ALGOLIA__SEARCH_KEY", "guess".to_owned()));
    let (code, found) = judged(&wrong);
    let found = found.expect("it is checked");
    assert_eq!(
        (code, &found["health"]),
        (Some(8), &"fail".into()),
        "{found}"
    );
    assert!(!found.to_string().contains("guess"), "{found}");
    let algolia = FakeAlgolia::start().await;
    algolia.forbid("search");
    let (_, found) = judged(&algolia.variables());
    assert_eq!(
        found.expect("it is checked")["message"],
        "the key may not search"
    );
}

#[test]
fn a_section_that_was_begun_and_not_finished_is_pointed_out() {
    let binary = Binary::with(&[("APP_ACCESS_KEY", "x")]);
    let run = binary.run(&["room", "list"]).ok();
    let expected = "hundred_ms is not available: hundred_ms.secret is not set";
    assert!(run.stderr.contains(expected), "{run:#?}");
}
