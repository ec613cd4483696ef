//! `[[auth.issuers]]`: what is believed, and what no server starts with.

use crate::support::Binary;

const GOOD: &str = "alias = 'app'\nissuer = 'https://a.example.com/'\naudience = ['us']\n";

fn with(text: &str) -> Binary {
    let binary = Binary::with(&[("TOK_AUTH__MODE", "oidc")]);
    std::fs::write(binary.dir().join("tok.toml"), text).expect("written");
    binary
}

fn issuer(text: &str) -> Binary {
    with(&format!("[[auth.issuers]]\n{text}"))
}

#[test]
fn what_any_token_could_pass_for_is_refused_at_start() {
    let but = |from: &str, to: &str| GOOD.replace(from, to);
    let more = |line: &str| format!("{GOOD}{line}\n");
    let two = |line: &str| {
        let other = but("'app'", "'other'").replace("a.example", "b.example");
        format!("{GOOD}{line}\n[[auth.issuers]]\n{other}")
    };
    for (text, part) in [
        (
            but("audience = ['us']", ""),
            "`app`: set audience, or authorized_party",
        ),
        (
            but("['us']", "[]"),
            "`app`: set audience, or authorized_party",
        ),
        (but("https://a", "http://a"), "issuer must be https"),
        (
            but("https://a.example.com/", "nonsense"),
            "issuer is no address",
        ),
        (
            but("https://a.example.com/", "https://u:p@a.example.com/"),
            "must not hold a password",
        ),
        (
            more("jwks_url = 'http://a.example.com/keys'"),
            "jwks_url must be https",
        ),
        (
            more("jwks_url = 'ftp://127.0.0.1/keys'"),
            "jwks_url must be https",
        ),
        (
            more("algorithms = ['RS512']"),
            "\"RS512\" is no algorithm for tokens",
        ),
        (
            more("algorithms = ['none']"),
            "\"none\" is no algorithm for tokens",
        ),
        (
            more("algorithms = ['HS256']"),
            "HS256 needs the secret in a file",
        ),
        (
            more("secret = 'x'"),
            "`secret` belongs into a file of its own",
        ),
        (
            more("secret_file = 'absent'"),
            "auth.issuers.secret_file: (a text",
        ),
        (
            more("scopes = ['rooms:read']"),
            "cannot have the scope \"rooms:read\"",
        ),
        (
            more("scopes = ['nonsense']"),
            "cannot have the scope \"nonsense\"",
        ),
        (
            more("audiences = ['x']"),
            "auth.issuers: unknown field `audiences`",
        ),
        (but("'app'", "'a:b'"), "cannot be an alias"),
        (two("plain_ids = true"), "plain_ids is for one issuer alone"),
        (
            format!("{GOOD}[[auth.issuers]]\n{GOOD}"),
            "another one of this alias or issuer",
        ),
    ] {
        issuer(&text).run(&["config", "check"]).refused(10, part);
        let doctor = issuer(&text).run(&["doctor"]);
        assert!(doctor.stderr.contains(part), "{doctor:#?}");
    }
    issuer(GOOD).run(&["config", "check"]).ok();
    issuer(&two("")).run(&["config", "check"]).ok();
    let local = but("https://a.example.com/", "http://127.0.0.1:9/");
    issuer(&local).run(&["config", "check"]).ok();
}

#[test]
fn modes_and_issuers_must_fit() {
    for (text, part) in [
        (
            "[auth]\nmode = 'oidc'\n".to_owned(),
            "auth.mode is oidc, but auth.issuers is not set",
        ),
        (
            format!("[[auth.issuers]]\n{GOOD}"),
            "auth.issuers are set and auth.mode is none",
        ),
        (
            format!("[auth]\nmode = 'firebase'\nfirebase_project = 'p'\n[[auth.issuers]]\n{GOOD}"),
            "auth.mode is firebase, which is the only issuer then",
        ),
        (
            "[auth]\nmode = 'firebase'\nfirebase_project = 'a/b'\n".to_owned(),
            "\"a/b\" is no id of a project",
        ),
        (
            "[auth]\nmode = 'keys'\nscopes = ['users:read']\n".to_owned(),
            "auth.scopes: people who sign in cannot have the scope \"users:read\"",
        ),
    ] {
        let binary = Binary::new();
        std::fs::write(binary.dir().join("tok.toml"), &text).expect("written");
        binary.run(&["config", "check"]).refused(10, part);
    }
    let variables = [
        ("TOK_AUTH__MODE", "firebase"),
        ("TOK_AUTH__FIREBASE_PROJECT", "my-app"),
    ];
    let binary = Binary::with(&variables);
    let shown = binary.run(&["config", "show"]).ok().stdout;
    assert!(shown.contains("my-app"), "{shown}");
    Binary::with(&[("TOK_AUTH__ISSUERS", "x")])
        .run(&["config", "check"])
        .refused(10, "it can only be set in a file");
}

#[test]
fn the_secret_of_an_issuer_is_read_from_its_file_and_never_shown() {
    let secret = "0123456789abcdef0123456789abcdef";
    let binary = issuer(&format!("{GOOD}secret_file = 'app.secret'\n"));
    std::fs::write(binary.dir().join("app.secret"), secret).expect("written");
    let shown = binary.run(&["config", "show"]).ok();
    assert!(
        shown.stdout.contains("https://a.example.com/"),
        "{shown:#?}"
    );
    assert!(shown.stdout.contains("(hidden)"), "{shown:#?}");
    assert!(
        !shown.stdout.contains(secret) && !shown.stderr.contains(secret),
        "{shown:#?}"
    );
    std::fs::write(binary.dir().join("app.secret"), "short").expect("written");
    binary
        .run(&["config", "check"])
        .refused(10, "the secret is shorter than 32 bytes");
    let both = issuer(&format!(
        "{GOOD}secret_file = 'app.secret'\nalgorithms = ['HS256', 'RS256']\n"
    ));
    std::fs::write(both.dir().join("app.secret"), secret).expect("written");
    both.run(&["config", "check"])
        .refused(10, "with HS256 there is no other algorithm");
}
