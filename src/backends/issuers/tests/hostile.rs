//! Changed tokens: none is accepted, none breaks anything.

use super::*;
use crate::hostile::tokens::each_changed;

/// One that signs in each way there is, and Firebase, whose rules are its own.
fn believed() -> (Issuers, Vec<String>) {
    let (ec, ed) = (Signer::ec(), Signer::ed());
    let answers = Answers::with(&[RSA.jwk("rsa"), ec.jwk("ec"), ed.jwk("ed")]);
    let clock = HeldClock::new();
    let all = IssuerSettings {
        algorithms: SigningAlgorithm::ALL[..3].to_vec(),
        ..settings()
    };
    let project = "https://securetoken.google.com/demo";
    let firebase = IssuerSettings {
        alias: "firebase".to_owned(),
        issuer: project.to_owned(),
        plain_ids: true,
        firebase: true,
        ..settings()
    };
    let mut issuers = believing(all, &answers, &clock);
    issuers
        .all
        .extend(believing(firebase, &answers, &clock).all);
    let other = but(json!({ "sub": "eve", "exp": NOW + 7200 }));
    let mut tokens: Vec<_> = [(&*RSA, "rsa"), (&ec, "ec"), (&ed, "ed")]
        .iter()
        .flat_map(|(signer, kid)| [signer.token(kid, &good()), signer.token(kid, &other)])
        .collect();
    for sub in ["ada", "eve"] {
        let claims = but(json!({ "iss": project, "sub": sub, "auth_time": NOW - 100 }));
        tokens.push(RSA.token("rsa", &claims));
    }
    (issuers, tokens)
}

#[tokio::test]
async fn of_many_changed_tokens_of_issuers_none_is_accepted() {
    let (issuers, tokens) = believed();
    for token in &tokens {
        assert_eq!(reason(&issuers, token).await, None);
    }
    let tried = each_changed(&tokens, async |token| {
        assert!(reason(&issuers, token).await.is_some(), "{token}");
        // Looked at without being believed, whoever it says that it is from.
        let _ = (issuers.know(token), issuers.is_of_an_address(token));
        if let Ok(facts) = issuers.explain(token).await {
            assert!(!facts.valid, "{token}");
        }
    })
    .await;
    assert!(tried > 1_000, "{tried}");
}
