//! What stands around the claims: headers, signatures, shapes.

use super::*;

#[tokio::test]
async fn the_header_never_chooses_how_it_is_checked() {
    let (issuers, _) = usual(settings());
    let claims = good();
    let jwk = RSA.jwk("one");
    let public = jwk["n"].as_str().expect("a text").as_bytes().to_vec();
    let with = |signer: &Signer, alg: &str| {
        signer.raw(
            &json!({ "alg": alg, "kid": "one" }).to_string(),
            &claims.to_string(),
        )
    };
    let forged = [
        with(&Signer::Nobody, "none"),
        with(&Signer::Nobody, "None"),
        with(&Signer::Nobody, "RS256"),
        Signer::Nobody.raw(r#"{"alg":"none"}"#, &claims.to_string()),
        with(&Signer::Secret(public), "HS256"),
        with(&Signer::Secret(jwk.to_string().into_bytes()), "HS256"),
        with(&Signer::Secret(Vec::new()), "HS256"),
        with(&RSA, "RS384"),
        with(&RSA, "PS256"),
        with(&RSA, "HS256"),
        with(&Signer::ec(), "ES256"),
        with(&OTHER_RSA, "RS256"),
        // Known, but not what is set.
        with(&Signer::ed(), "EdDSA"),
        RSA.raw(
            r#"{"alg":"RS256","alg":"none","kid":"one"}"#,
            &claims.to_string(),
        ),
        RSA.raw(r#"{"alg":["RS256"],"kid":"one"}"#, &claims.to_string()),
        RSA.raw(
            r#"{"alg":"RS256","kid":"one","crit":["exp"]}"#,
            &claims.to_string(),
        ),
        RSA.raw(r#"{"kid":"one"}"#, &claims.to_string()),
    ];
    for token in forged {
        assert_eq!(reason(&issuers, &token).await, INVALID, "{token}");
    }
    assert_eq!(reason(&issuers, &with(&RSA, "RS256")).await, None);
}

#[tokio::test]
async fn every_algorithm_that_is_set_is_taken_with_its_own_keys_only() {
    use SigningAlgorithm::{EdDsa, Es256, Rs256};
    let (ec, ed) = (Signer::ec(), Signer::ed());
    let answers = Answers::with(&[RSA.jwk("rsa"), ec.jwk("ec"), ed.jwk("ed")]);
    let all = IssuerSettings {
        algorithms: vec![Rs256, Es256, EdDsa],
        ..settings()
    };
    let issuers = believing(all, &answers, &HeldClock::new());
    let claims = good();
    for (signer, kid) in [(&*RSA, "rsa"), (&ec, "ec"), (&ed, "ed")] {
        assert_eq!(
            reason(&issuers, &signer.token(kid, &claims)).await,
            None,
            "{kid}"
        );
        for other in ["rsa", "ec", "ed"].iter().filter(|other| **other != kid) {
            assert_eq!(
                reason(&issuers, &signer.token(other, &claims)).await,
                INVALID,
                "{other}"
            );
        }
    }
}

#[tokio::test]
async fn a_secret_is_for_its_own_algorithm_only() {
    let secret = "0123456789abcdef0123456789abcdef";
    let shared = IssuerSettings {
        keys: KeysFrom::Secret(secret.to_owned().into()),
        algorithms: vec![SigningAlgorithm::Hs256],
        ..settings()
    };
    let issuers = Issuers::new(vec![shared], HeldClock::new());
    let (own, other) = (Signer::Secret(secret.into()), Signer::Secret(vec![0; 32]));
    assert_eq!(reason(&issuers, &own.token("any", &good())).await, None);
    assert_eq!(
        reason(&issuers, &other.token("any", &good())).await,
        INVALID
    );
    assert_eq!(reason(&issuers, &RSA.token("any", &good())).await, INVALID);
}

#[tokio::test]
async fn no_name_and_no_address_of_a_key_leads_anywhere() {
    let (issuers, answers) = usual(settings());
    let long = "k".repeat(10_000);
    for kid in [
        "../../etc/passwd",
        "http://evil.example.com/keys",
        &long,
        "",
        "one\0",
    ] {
        let token = RSA.token(kid, &good());
        assert_eq!(reason(&issuers, &token).await, INVALID, "{kid}");
    }
    let header = json!({
        "alg": "RS256", "kid": "theirs", "jku": "http://127.0.0.1:9/", "x5u": "http://127.0.0.1:9/",
        "jwk": OTHER_RSA.jwk("theirs"), "x5c": ["AAAA"],
    });
    let token = OTHER_RSA.raw(&header.to_string(), &good().to_string());
    assert_eq!(reason(&issuers, &token).await, INVALID);
    assert!(answers.asked() <= 2, "asked {} times", answers.asked());
}

#[tokio::test]
async fn a_token_that_names_no_key_is_taken_while_there_is_only_one() {
    let (issuers, answers) = usual(settings());
    let token = RSA.raw(r#"{"alg":"RS256"}"#, &good().to_string());
    assert_eq!(reason(&issuers, &token).await, None);
    let two = Answers::with(&[RSA.jwk("one"), OTHER_RSA.jwk("two")]);
    let issuers = believing(settings(), &two, &HeldClock::new());
    assert_eq!(reason(&issuers, &token).await, INVALID);
    assert_eq!((answers.asked(), two.asked()), (1, 1));
}

#[tokio::test]
async fn what_is_too_long_too_deep_or_twice_is_refused_without_reading_it() {
    let (issuers, answers) = usual(settings());
    let header = r#"{"alg":"RS256","kid":"one"}"#;
    let raw = |claims: &str| RSA.raw(header, claims);
    let fill = |size: usize| but(json!({ "filler": "x".repeat(size) })).to_string();
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    let with = |more: &str| {
        let claims = good().to_string();
        format!("{},{more}}}", &claims[..claims.len() - 1])
    };
    for (what, token) in [
        ("a megabyte", raw(&fill(1_000_000))),
        ("above 16 KiB", raw(&fill(13_000))),
        ("deep claims", raw(&with(&format!("\"deep\":{deep}")))),
        (
            "a deep header",
            RSA.raw(
                &format!("{{\"alg\":\"RS256\",\"kid\":{deep}}}"),
                &good().to_string(),
            ),
        ),
        ("a user twice", raw(&with("\"sub\":\"eve\""))),
        (
            "an issuer twice",
            raw(&with(&format!("\"iss\":\"{ISSUER}\""))),
        ),
        ("an end twice", raw(&with("\"exp\":9999999999"))),
        ("a list", raw("[]")),
        ("a number", raw("7")),
        ("nothing", raw("")),
        ("no token", "a.b".to_owned()),
        ("four parts", format!("{}.x", raw(&good().to_string()))),
        ("dots", "..".to_owned()),
        ("not ASCII", "ä.ö.ü".to_owned()),
    ] {
        assert_eq!(reason(&issuers, &token).await, INVALID, "{what}");
    }
    assert_eq!(answers.asked(), 0, "nothing of it was believed");
    assert_eq!(reason(&issuers, &raw(&fill(10_000))).await, None);
    let deep_elsewhere = format!("{{\"alg\":\"RS256\",\"kid\":\"one\",\"x\":{deep}}}");
    let token = RSA.raw(&deep_elsewhere, &good().to_string());
    let _ = reason(&issuers, &token).await;
}

#[tokio::test]
async fn a_token_has_one_spelling() {
    let (issuers, _) = usual(settings());
    let token = RSA.token("one", &good());
    assert_eq!(reason(&issuers, &token).await, None);
    for other in [
        format!("{token}="),
        format!("{token}=="),
        format!("{token}A"),
        format!("{token}\n"),
    ] {
        assert_eq!(reason(&issuers, &other).await, INVALID, "{other:?}");
    }
}

#[tokio::test]
async fn tokens_of_an_emulator_are_taken_only_where_one_is_set() {
    let emulated = IssuerSettings {
        firebase: true,
        keys: KeysFrom::Emulator,
        ..settings()
    };
    let issuers = Issuers::new(vec![emulated], HeldClock::new());
    let claims = but(json!({ "auth_time": NOW - 100 }));
    let unsigned = Signer::Nobody.raw(r#"{"alg":"none","typ":"JWT"}"#, &claims.to_string());
    assert_eq!(reason(&issuers, &unsigned).await, None);
    assert_eq!(reason(&issuers, &RSA.token("one", &claims)).await, INVALID);
    let named = Signer::Nobody.raw(r#"{"alg":"none","kid":"x"}"#, &claims.to_string());
    assert_eq!(reason(&issuers, &named).await, INVALID);
    let late = but(json!({ "auth_time": NOW - 100, "exp": NOW - 100 }));
    let late = Signer::Nobody.raw(r#"{"alg":"none"}"#, &late.to_string());
    assert_eq!(reason(&issuers, &late).await, EXPIRED);
    let (signed, _) = usual(IssuerSettings {
        firebase: true,
        ..settings()
    });
    assert_eq!(reason(&signed, &unsigned).await, INVALID);
}
