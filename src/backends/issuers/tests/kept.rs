//! How keys are kept.

use super::super::keys::KeySet;
use super::*;
use crate::model::health::{Depth, Health, Probe};

#[tokio::test]
async fn who_signs_in_does_not_ask_the_issuer() {
    let (issuers, answers) = usual(settings());
    let token = RSA.token("one", &good());
    for _ in 0..1000 {
        assert_eq!(reason(&issuers, &token).await, None);
    }
    assert_eq!(answers.asked(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_unknown_names_ask_once_in_half_a_minute() {
    let answers = Answers::with(&[RSA.jwk("one")]);
    let clock = HeldClock::new();
    let issuers = Arc::new(believing(settings(), &answers, &clock));
    assert_eq!(reason(&issuers, &RSA.token("one", &good())).await, None);
    for round in 1..=2 {
        clock.forward(Duration::from_secs(30));
        let storm = (0..1000).map(|n| {
            let issuers = issuers.clone();
            tokio::spawn(async move {
                let token = OTHER_RSA.token(&format!("kid-{n}"), &good());
                reason(&issuers, &token).await
            })
        });
        for one in storm.collect::<Vec<_>>() {
            assert_eq!(one.await.expect("no panic"), Some(Reason::TokenInvalid));
        }
        assert_eq!(answers.asked(), 1 + round);
    }
}

#[tokio::test]
async fn those_who_come_first_ask_together() {
    let answers = Answers::with(&[RSA.jwk("one")]);
    *answers.slow.lock().expect("no panic") = Duration::from_millis(50);
    let issuers = Arc::new(believing(settings(), &answers, &HeldClock::new()));
    let token = RSA.token("one", &good());
    let all = (0..50).map(|_| {
        let (issuers, token) = (issuers.clone(), token.clone());
        tokio::spawn(async move { reason(&issuers, &token).await })
    });
    for one in all.collect::<Vec<_>>() {
        assert_eq!(one.await.expect("no panic"), None);
    }
    assert_eq!(answers.asked(), 1);
}

#[tokio::test]
async fn a_new_key_is_found_and_one_that_is_gone_is_believed_no_more() {
    let answers = Answers::with(&[RSA.jwk("one")]);
    let clock = HeldClock::new();
    let issuers = believing(settings(), &answers, &clock);
    let (old, new) = (RSA.token("one", &good()), OTHER_RSA.token("two", &good()));
    assert_eq!(reason(&issuers, &old).await, None);
    answers.publish(&[OTHER_RSA.jwk("two")]);
    // It is not asked again so soon.
    assert_eq!(reason(&issuers, &new).await, Some(Reason::TokenInvalid));
    clock.forward(Duration::from_secs(30));
    assert_eq!(reason(&issuers, &new).await, None);
    assert_eq!(reason(&issuers, &old).await, Some(Reason::TokenInvalid));
}

#[tokio::test]
async fn the_last_good_keys_serve_for_a_day_whatever_the_issuer_says() {
    let answers = Answers::with(&[RSA.jwk("one")]);
    let clock = HeldClock::new();
    let issuers = believing(settings(), &answers, &clock);
    let token = || {
        let now = clock.now().as_second();
        RSA.token("one", &but(json!({ "iat": now, "exp": now + 60 })))
    };
    assert_eq!(reason(&issuers, &token()).await, None);
    let unknown = || RSA.token("new", &good());
    for broken in [
        "",
        "{}",
        r#"{"keys":[]}"#,
        "<html>",
        r#"{"keys":[{"kty":"oct","k":"AA"}]}"#,
        "[]",
    ] {
        clock.forward(Duration::from_mins(1));
        answers.say(broken);
        assert_eq!(
            reason(&issuers, &unknown()).await,
            Some(Reason::TokenInvalid)
        );
        assert_eq!(reason(&issuers, &token()).await, None, "{broken}");
    }
    answers.go_away();
    clock.forward(Duration::from_hours(23));
    assert_eq!(reason(&issuers, &token()).await, None);
    let seen = issuers.probe(Depth::Light).await;
    assert_eq!(seen[0].health, Health::Warn, "{seen:?}");
    clock.forward(Duration::from_hours(1));
    assert_eq!(
        reason(&issuers, &token()).await,
        Some(Reason::KeysUnavailable)
    );
    let seen = issuers.probe(Depth::Light).await;
    assert_eq!(seen[0].health, Health::Fail, "{seen:?}");
    // It is back.
    answers.publish(&[RSA.jwk("one")]);
    clock.forward(Duration::from_secs(5));
    assert_eq!(reason(&issuers, &token()).await, None);
}

#[tokio::test]
async fn one_issuer_that_is_away_is_no_reason_not_to_be_ready() {
    let (mut issuers, _) = usual(settings());
    let away = Arc::new(Answers::default());
    issuers
        .all
        .extend(believing(settings(), &away, &HeldClock::new()).all);
    let healths: Vec<_> = issuers
        .probe(Depth::Light)
        .await
        .into_iter()
        .map(|one| one.health)
        .collect();
    assert_eq!(healths, [Health::Ok, Health::Warn]);
    let looked: Vec<_> = issuers
        .probe(Depth::Full)
        .await
        .into_iter()
        .map(|one| one.health)
        .collect();
    assert_eq!(looked, [Health::Ok, Health::Fail]);
}

#[tokio::test(start_paused = true)]
async fn keys_are_fetched_anew_before_they_are_too_old() {
    let answers = Answers::with(&[RSA.jwk("one")]);
    let clock = HeldClock::new();
    let issuers = Arc::new(believing(settings(), &answers, &clock));
    let following = issuers.clone();
    let following = tokio::spawn(async move { following.follow().await });
    for _ in 0..6 * 60 {
        tokio::time::sleep(Duration::from_mins(1)).await;
        clock.forward(Duration::from_mins(1));
    }
    following.abort();
    // Kept for an hour each: every 48 minutes.
    assert!((7..=9).contains(&answers.asked()), "{}", answers.asked());
}

#[test]
fn keys_of_other_kinds_are_left_out_and_a_set_has_an_end() {
    use SigningAlgorithm::{EdDsa, Es256, Rs256};
    let read = |keys: &[Value], algorithms: &[SigningAlgorithm]| {
        let text = json!({ "keys": keys }).to_string();
        KeySet::read(text.as_bytes(), algorithms).map(|set| set.len())
    };
    let changed = |name: &str, value: Value| {
        let mut key = RSA.jwk("x");
        key[name] = value;
        key
    };
    let odd = [
        changed("use", json!("enc")),
        changed("alg", json!("RS512")),
        changed("alg", json!("nonsense")),
        changed("kty", json!("AKP")),
        changed("kty", json!(7)),
        changed("n", json!("!")),
        changed("key_ops", json!(["sign"])),
        json!("no key"),
        json!(null),
        json!({}),
    ];
    let with: Vec<_> = odd.iter().cloned().chain([RSA.jwk("one")]).collect();
    assert_eq!(read(&with, &[Rs256]), Ok(1));
    assert!(read(&odd, &[Rs256, Es256, EdDsa]).is_err());
    assert!(read(&[RSA.jwk("one")], &[Es256]).is_err());
    // Not said what it is for: by its kind.
    let bare = [changed("alg", Value::Null), changed("use", Value::Null)];
    assert_eq!(read(&bare, &[Rs256]), Ok(2));
    let many = vec![RSA.jwk("x"); 51];
    let refused = read(&many, &[Rs256]).expect_err("is refused");
    assert!(refused.contains("51 keys"), "{refused}");
    assert_eq!(read(&many[..50], &[Rs256]), Ok(50));
}

#[tokio::test]
async fn of_two_keys_of_one_name_each_is_tried() {
    let ec = Signer::ec();
    let answers = Answers::with(&[ec.jwk("same"), OTHER_RSA.jwk("same"), RSA.jwk("same")]);
    let issuers = believing(settings(), &answers, &HeldClock::new());
    for signer in [&*RSA, &*OTHER_RSA] {
        assert_eq!(reason(&issuers, &signer.token("same", &good())).await, None);
    }
    assert_eq!(
        reason(&issuers, &ec.token("same", &good())).await,
        Some(Reason::TokenInvalid)
    );
}
