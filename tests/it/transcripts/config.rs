//! `tok config …`

use insta::assert_snapshot;

use super::Shell;

#[test]
fn init() {
    let shell = Shell::new();
    assert_snapshot!(shell.shows(&[
        "config init",
        "config init",
        "config init other.toml --json",
        "config init nope/tok.toml",
    ]), @r#"
    $ tok config init
    ! wrote tok.toml
    $ tok config init
    ! error: tok.toml exists already; say --force to replace it
    exit 4
    $ tok config init other.toml --json
    {"file":"other.toml"}
    ! wrote other.toml
    $ tok config init nope/tok.toml
    ! error: nope/tok.toml: No such file or directory (os error 2)
    exit 2
    "#);
}

#[derive(serde::Deserialize)]
struct Setting {
    key: String,
    value: String,
    meaning: String,
}

/// Some lines of many: the others are in docs/settings.md.
#[test]
fn show() {
    let shell = Shell::new();
    shell.file("tok.toml", "[server]\nbind = \"127.0.0.1:80\"\n");
    let some = |text: &str| {
        let told = |line: &&str| {
            ["$", "!", "KEY", "server.bind", "tokens.ttl"]
                .iter()
                .any(|start| line.starts_with(start))
        };
        text.lines().filter(told).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(some(&shell.shows(&["config show"])), @"
    $ tok config show
    KEY                         ORIGIN                    VALUE
    server.bind                 <home>/tok.toml  127.0.0.1:80
    tokens.ttl                  default                   1h
    ");
    let all: Vec<Setting> =
        serde_json::from_str(&shell.does("config show --json")).expect("a list");
    let bind = all.iter().find(|setting| setting.key == "server.bind");
    let bind = bind.expect("the setting");
    assert_snapshot!(format!("{} ({})", bind.value, bind.meaning), @"127.0.0.1:80 (address of the HTTP API; PORT sets the port)");
    shell.file("tok.toml", "[server]\nbnd = 1\n");
    assert_snapshot!(shell.shows(&["config show", "config show --json"]), @r#"
    $ tok config show
    ! error: <home>/tok.toml, line 2: there is no setting `server.bnd`; did you mean `server.bind`?
    ! hint: rename or remove server.bnd in <home>/tok.toml; every setting with its meaning: `tok config init -`
    exit 10
    $ tok config show --json
    ! {"error":{"code":"config","message":"<home>/tok.toml, line 2: there is no setting `server.bnd`; did you mean `server.bind`?","exit_code":10,"hint":"rename or remove server.bnd in <home>/tok.toml; every setting with its meaning: `tok config init -`"}}
    exit 10
    "#);
}

#[test]
fn check() {
    let shell = Shell::new();
    shell.does("config init");
    assert_snapshot!(shell.shows(&[
        "config check",
        "config check --json",
        "config check --profile nope",
        "config check --config nope.toml",
    ]), @r#"
    $ tok config check
    ! the configuration is fine (<home>/tok.toml; data in <home>/.local/share/tok); check the backends with `tok doctor`
    $ tok config check --json
    {"file":"<home>/tok.toml","data_dir":"<home>/.local/share/tok"}
    ! the configuration is fine (<home>/tok.toml; data in <home>/.local/share/tok); check the backends with `tok doctor`
    $ tok config check --profile nope
    ! error: <home>/tok.toml: there is no profile `nope`
    ! hint: change --profile
    exit 10
    $ tok config check --config nope.toml
    ! error: there is no configuration file nope.toml
    ! hint: change --config, or write that file: `tok config init FILE`
    exit 10
    "#);
}
