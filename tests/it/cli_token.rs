//! `tok token …`

use serde_json::json;

use crate::support::Binary;

#[test]
fn a_token_goes_from_create_to_inspect() {
    let binary = Binary::new();
    binary.run(&["room", "create", "gate"]).ok();
    let token = binary
        .run(&[
            "token", "create", "gate", "--role", "host", "--ttl", "10m", "-o", "name",
        ])
        .ok()
        .stdout;
    let facts = binary
        .pipe(&["token", "inspect", "--json"], &token)
        .ok()
        .json();
    assert_eq!(
        (&facts["valid"], &facts["room"], &facts["role"]),
        (&json!(true), &json!("gate"), &json!("host"))
    );
    let life = facts["claims"]["exp"].as_i64().expect("exp")
        - facts["claims"]["iat"].as_i64().expect("iat");
    assert_eq!(life, 600);
    // Another store has another key.
    let other = Binary::new();
    let run = other.pipe(&["token", "inspect", "--json"], &token);
    assert_eq!(run.code, Some(5), "a script can tell: {run:#?}");
    let facts = run.json();
    assert_eq!(
        (&facts["valid"], &facts["reason"]),
        (&json!(false), &json!("it was not signed by this store"))
    );
}

#[test]
fn what_cannot_be_minted_is_said() {
    let binary = Binary::new();
    binary
        .run(&["token", "create", "nowhere"])
        .refused(3, "there is no room `nowhere`");
    binary.run(&["room", "create", "gate"]).ok();
    binary
        .run(&["token", "create", "gate", "--ttl", "25h"])
        .refused(2, "a life of 1d 1h is too long; tokens.max_ttl is 1d");
    binary
        .run(&["token", "create", "gate", "--ttl", "0s"])
        .refused(2, "is in the past");
    binary
        .run(&["token", "create", "gate", "--role", "king"])
        .refused(2, "`king` is not a role");
    binary
        .run(&["token", "create", "gate", "--not-before", "2h"])
        .refused(2, "would end before it begins");
    binary
        .pipe(&["token", "inspect"], "nonsense")
        .refused(2, "this is not a join token");
    binary
        .pipe(&["token", "inspect"], &"x".repeat(10_000))
        .refused(2, "too long for a join token");
}
