//! What stands in the claims.

use super::*;

#[tokio::test]
async fn a_good_token_says_who_somebody_is() {
    let (issuers, _) = usual(settings());
    let claims = but(json!({ "tok_role": "host" }));
    let person = issuers
        .verify(&RSA.token("one", &claims))
        .await
        .expect("is good");
    assert_eq!(person.user.as_str(), "app:ada");
    assert_eq!(person.name.as_deref(), Some("Ada"));
    assert_eq!(person.role, crate::model::Role::Host);
    assert_eq!(person.expires_at.as_second(), NOW + 3600);
    assert_eq!(*person.scopes, [Scope::Tokens].into());
}

#[tokio::test]
async fn the_audience_may_be_a_text_or_a_list_and_must_be_ours() {
    for (aud, expected) in [
        (json!("us"), None),
        (json!(["them", "us"]), None),
        (json!("them"), INVALID),
        (json!(["them"]), INVALID),
        (json!([]), INVALID),
        (json!(["us", 7]), INVALID),
        (json!({ "us": true }), INVALID),
        (json!(7), INVALID),
        (json!("US"), INVALID),
        (Value::Null, INVALID),
    ] {
        assert_eq!(
            of(settings(), &but(json!({ "aud": aud }))).await,
            expected,
            "{aud}"
        );
    }
}

#[tokio::test]
async fn the_authorized_party_must_be_one_of_those_that_are_set() {
    let party = || IssuerSettings {
        audience: Vec::new(),
        authorized_party: vec!["https://app.example.com".to_owned()],
        ..settings()
    };
    for (azp, expected) in [
        (json!("https://app.example.com"), None),
        (json!("https://evil.example.com"), INVALID),
        (json!(["https://app.example.com"]), INVALID),
        (Value::Null, INVALID),
    ] {
        assert_eq!(
            of(party(), &but(json!({ "azp": azp }))).await,
            expected,
            "{azp}"
        );
    }
}

#[tokio::test]
async fn times_of_any_shape_are_read_or_refused() {
    let exp = |exp: Value| but(json!({ "exp": exp }));
    for (claims, expected) in [
        (exp(json!(1_800_000_000.5)), None),
        (exp(json!(NOW + 3600)), None),
        (exp(json!("1800003600")), INVALID),
        (exp(json!(-1)), EXPIRED),
        (exp(json!(0)), EXPIRED),
        (exp(json!(9_223_372_036_854_775_808_u64)), INVALID),
        (exp(json!(1e300)), INVALID),
        (exp(json!(true)), INVALID),
        (exp(json!([NOW + 3600])), INVALID),
        (exp(Value::Null), INVALID),
        (but(json!({ "iat": "x" })), INVALID),
        (but(json!({ "nbf": "x" })), INVALID),
        (but(json!({ "nbf": -5.5 })), None),
        (but(json!({ "iat": null })), None),
    ] {
        assert_eq!(of(settings(), &claims).await, expected, "{claims}");
    }
    let beyond = good()
        .to_string()
        .replace(&(NOW + 3600).to_string(), "1e999");
    let (issuers, _) = usual(settings());
    let token = RSA.raw(r#"{"alg":"RS256","kid":"one"}"#, &beyond);
    assert_eq!(reason(&issuers, &token).await, INVALID);
}

#[tokio::test]
async fn clocks_may_be_a_minute_apart_either_way() {
    for (name, good, bad, expected) in [
        ("exp", NOW - 59, NOW - 60, EXPIRED),
        ("nbf", NOW + 60, NOW + 61, INVALID),
        ("iat", NOW + 60, NOW + 61, INVALID),
    ] {
        assert_eq!(
            of(settings(), &but(json!({ name: good }))).await,
            None,
            "{name}"
        );
        assert_eq!(
            of(settings(), &but(json!({ name: bad }))).await,
            expected,
            "{name}"
        );
    }
}

#[tokio::test]
async fn only_a_token_that_is_good_otherwise_is_told_that_its_time_is_over() {
    let (issuers, _) = usual(settings());
    let late = but(json!({ "exp": NOW - 3600 }));
    assert_eq!(reason(&issuers, &RSA.token("one", &late)).await, EXPIRED);
    assert_eq!(
        reason(&issuers, &OTHER_RSA.token("one", &late)).await,
        INVALID
    );
    let both = but(json!({ "exp": NOW - 3600, "aud": "them" }));
    assert_eq!(reason(&issuers, &RSA.token("one", &both)).await, INVALID);
}

#[tokio::test]
async fn an_issuer_is_told_letter_by_letter() {
    for iss in [
        "https://issuer.example.com",
        "https://issuer.example.com//",
        "HTTPS://issuer.example.com/",
        "https://evil.example.com/",
        "",
    ] {
        let unknown = of(settings(), &but(json!({ "iss": iss }))).await;
        assert_eq!(unknown, Some(Reason::IssuerUnknown), "{iss}");
    }
    for iss in [json!(7), json!([ISSUER]), Value::Null] {
        let unknown = of(settings(), &but(json!({ "iss": iss }))).await;
        assert_eq!(unknown, Some(Reason::IssuerUnknown), "{iss}");
    }
}

#[tokio::test]
async fn whatever_the_user_claim_is_it_makes_a_valid_id_or_none() {
    let id = async |sub: Value| {
        let (issuers, _) = usual(settings());
        let token = RSA.token("one", &but(json!({ "sub": sub })));
        let person = issuers.verify(&token).await;
        person.map(|person| person.user.to_string()).ok()
    };
    for (sub, expected) in [
        (json!("ada"), Some("app:ada")),
        (json!("auth0|1"), Some("app:auth0+7C1")),
        (json!("auth0+7C1"), Some("app:auth0+2B7C1")),
        (json!("a/b"), Some("app:a+2Fb")),
        (json!("../x"), Some("app:..+2Fx")),
        (json!("ü"), Some("app:+C3+BC")),
        (json!(" "), Some("app:+20")),
        (json!("a\0b"), None),
        (json!("a\nb"), None),
        (json!(""), None),
        (json!(7), None),
        (json!(["ada"]), None),
        (json!("x".repeat(300)), None),
        (
            json!("x".repeat(124)),
            Some(&*format!("app:{}", "x".repeat(124))),
        ),
        (json!("x".repeat(125)), None),
        (Value::Null, None),
    ] {
        assert_eq!(id(sub.clone()).await.as_deref(), expected, "{sub}");
    }
}

#[tokio::test]
async fn the_same_name_at_two_issuers_is_two_people() {
    let other = IssuerSettings {
        alias: "other".to_owned(),
        issuer: "https://other.example.com".to_owned(),
        ..settings()
    };
    let (mut issuers, _) = usual(settings());
    issuers.all.extend(usual(other).0.all);
    let one = issuers
        .verify(&RSA.token("one", &good()))
        .await
        .expect("is good");
    let theirs = but(json!({ "iss": "https://other.example.com" }));
    let two = issuers
        .verify(&RSA.token("one", &theirs))
        .await
        .expect("is good");
    assert_eq!(
        [one.user.as_str(), two.user.as_str()],
        ["app:ada", "other:ada"]
    );
    let plain = IssuerSettings {
        plain_ids: true,
        ..settings()
    };
    let (issuers, _) = usual(plain);
    let plain = issuers
        .verify(&RSA.token("one", &good()))
        .await
        .expect("is good");
    assert_eq!(plain.user.as_str(), "ada");
}

#[tokio::test]
async fn a_role_that_is_none_is_the_weakest() {
    use crate::model::Role::{Host, Participant, Viewer};
    for (role, expected) in [
        (Value::Null, Participant),
        (json!("host"), Host),
        (json!("viewer"), Viewer),
        (json!("admin"), Viewer),
        (json!(["host"]), Viewer),
    ] {
        let (issuers, _) = usual(settings());
        let token = RSA.token("one", &but(json!({ "tok_role": role })));
        let person = issuers.verify(&token).await.expect("is good");
        assert_eq!(person.role, expected, "{role}");
    }
}

#[tokio::test]
async fn a_name_is_as_long_as_names_of_people_and_shows_something() {
    for (name, expected) in [
        (json!(" Ada\u{202e} "), Some("Ada".to_owned())),
        (json!("a".repeat(9000)), Some("a".repeat(256))),
        (json!("\u{200b}\u{2800}"), None),
        (json!(7), None),
    ] {
        let (issuers, _) = usual(settings());
        let token = RSA.token("one", &but(json!({ "name": name })));
        let person = issuers.verify(&token).await.expect("is good");
        assert_eq!(person.name, expected, "{name}");
    }
}

#[tokio::test]
async fn firebase_has_rules_of_its_own() {
    let firebase = || IssuerSettings {
        firebase: true,
        ..settings()
    };
    let like = |changes: Value| {
        let mut claims = but(json!({ "auth_time": NOW - 100 }));
        for (name, value) in changes.as_object().expect("an object") {
            match value {
                Value::Null => drop(claims.as_object_mut().expect("one").remove(name)),
                value => claims[name] = value.clone(),
            }
        }
        claims
    };
    for (changes, expected) in [
        (json!({}), None),
        (json!({ "auth_time": null }), INVALID),
        (json!({ "auth_time": NOW + 61 }), INVALID),
        (json!({ "iat": null }), INVALID),
        (json!({ "sub": "" }), INVALID),
        (json!({ "sub": "x".repeat(129) }), INVALID),
    ] {
        assert_eq!(
            of(firebase(), &like(changes.clone())).await,
            expected,
            "{changes}"
        );
    }
    let (issuers, _) = usual(firebase());
    let unnamed = RSA.raw(r#"{"alg":"RS256"}"#, &like(json!({})).to_string());
    assert_eq!(reason(&issuers, &unnamed).await, INVALID);
}

#[tokio::test]
async fn what_is_wrong_is_explained_to_whoever_has_the_token_without_repeating_it() {
    let (issuers, _) = usual(settings());
    let token = RSA.token("one", &but(json!({ "aud": "them", "exp": NOW - 120 })));
    let facts = issuers.explain(&token).await.expect("can be read");
    assert!(!facts.valid);
    let bad: Vec<_> = facts.claims.iter().filter(|fact| !fact.good).collect();
    let names: Vec<_> = bad.iter().map(|fact| fact.claim.as_str()).collect();
    assert_eq!(names, ["exp", "aud"]);
    assert_eq!(bad[0].says, "its time ran out 120 s ago");
    let told = serde_json::to_string(&facts).expect("JSON");
    let signature = token.rsplit('.').next().expect("a signature");
    assert!(!told.contains(signature), "{told}");
    let near = but(json!({ "iss": "https://issuer.example.com" }));
    let facts = issuers
        .explain(&RSA.token("one", &near))
        .await
        .expect("can be read");
    let why = facts.reason.expect("a reason");
    assert!(
        why.contains("`app` is set to https://issuer.example.com/"),
        "{why}"
    );
    assert!(issuers.explain("nonsense").await.is_err());
}
