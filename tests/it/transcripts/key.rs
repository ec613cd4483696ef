//! `tok key …`

use insta::assert_snapshot;

use super::Shell;

#[test]
fn create() {
    let shell = Shell::new();
    assert_snapshot!(hidden(&shell.shows(&[
        "key create app",
        "key create app --scope rooms:read --scope tokens --expires 90d --json",
        "key create app --scope everything",
    ])), @r#"
    $ tok key create app
    secret:      <secret>
    id:          xxxxxxxxxxxx
    name:        app
    scopes:      rooms:read, rooms:write, tokens, identity, users:read, users:write, notifications:read, notifications:write, search:read, search:write, presence:read, presence:write, sessions:read, recordings:read, recordings:write, chat:read, chat:write, calls:read, calls:write, devices:read, devices:write, webhooks:read, webhooks:write, status, compat
    max_role:    participant
    created_at:  YYYY-MM-DDTHH:MM:SSZ
    ! Keep the secret now: it is not stored and cannot be shown again.
    $ tok key create app --scope rooms:read --scope tokens --expires 90d --json
    {"secret":"<secret>","id":"xxxxxxxxxxxx","name":"app","scopes":["rooms:read","tokens"],"max_role":"participant","created_at":"YYYY-MM-DDTHH:MM:SSZ","expires_at":"YYYY-MM-DDTHH:MM:SSZ"}
    ! Keep the secret now: it is not stored and cannot be shown again.
    $ tok key create app --scope everything
    ! error: invalid value 'everything' for '--scope <SCOPE>': `everything` is not a scope; use one or more of rooms:read, rooms:write, tokens, identity, users:read, users:write, notifications:read, notifications:write, search:read, search:write, presence:read, presence:write, sessions:read, recordings:read, recordings:write, chat:read, chat:write, calls:read, calls:write, devices:read, devices:write, webhooks:read, webhooks:write, status, compat
    ! 
    ! For more information, try '--help'.
    exit 2
    "#);
}

#[test]
fn list() {
    let shell = Shell::new();
    shell.does("key create web --max-role host --expires 2099-01-01T00:00:00Z --scope tokens");
    assert_snapshot!(hidden(&shell.shows(&[
        "key list",
        "key list --json",
    ])), @r#"
    $ tok key list
    ID            NAME  SCOPES  MAX ROLE  CREATED               EXPIRES
    xxxxxxxxxxxx  web   tokens  host      YYYY-MM-DDTHH:MM:SSZ  YYYY-MM-DDTHH:MM:SSZ
    $ tok key list --json
    [{"id":"xxxxxxxxxxxx","name":"web","scopes":["tokens"],"max_role":"host","created_at":"YYYY-MM-DDTHH:MM:SSZ","expires_at":"YYYY-MM-DDTHH:MM:SSZ"}]
    "#);
}

#[test]
fn list_of_what_is_not_sealed() {
    let shell = Shell::new();
    shell.does("key create web --scope tokens");
    shell.secret("tok.secret", "b3duIHNlY3JldCBvZiAzMiBieXRlcyBvciBtb3JlLg==");
    shell.file("tok.toml", "[auth]\nsecret_file = 'tok.secret'\n");
    assert_snapshot!(hidden(&shell.shows(&[
        "key list",
        "key list --json",
    ])), @r#"
    $ tok key list
    ID            NAME                             SCOPES  MAX ROLE     CREATED               EXPIRES
    xxxxxxxxxxxx  web (not sealed: opens nothing)  tokens  participant  YYYY-MM-DDTHH:MM:SSZ  -
    $ tok key list --json
    [{"id":"xxxxxxxxxxxx","name":"web","scopes":["tokens"],"max_role":"participant","created_at":"YYYY-MM-DDTHH:MM:SSZ","not_sealed":"not sealed"}]
    "#);
}

#[test]
fn revoke() {
    let shell = Shell::new();
    let id = |name: &str| {
        let made = shell.does(&format!("key create {name} --scope tokens -o name"));
        made.split('_').nth(1).expect("an id").to_owned()
    };
    let (one, other) = (id("app"), id("web"));
    assert_snapshot!(hidden(&shell.shows(&[
        &format!("key revoke {one}"),
        &format!("key revoke {one} --yes"),
        &format!("key revoke {other} --yes --json"),
        "key revoke nope --yes",
    ])), @r#"
    $ tok key revoke xxxxxxxxxxxx
    ! error: nobody is there to confirm this; nothing was done
    ! hint: look first with --dry-run, then repeat with --yes
    exit 9
    $ tok key revoke xxxxxxxxxxxx --yes
    ID            NAME  SCOPES  MAX ROLE     CREATED               EXPIRES
    xxxxxxxxxxxx  app   tokens  participant  YYYY-MM-DDTHH:MM:SSZ  -
    $ tok key revoke xxxxxxxxxxxx --yes --json
    [{"id":"xxxxxxxxxxxx","name":"web","scopes":["tokens"],"max_role":"participant","created_at":"YYYY-MM-DDTHH:MM:SSZ"}]
    $ tok key revoke nope --yes
    ! error: there is no API key with the id `nope`
    ! hint: see what there is: `tok key list`
    exit 3
    "#);
}

/// Without the ids of keys, which are by chance.
pub fn hidden(text: &str) -> String {
    let is_id = |word: &str| word.len() == 12 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let ids: Vec<&str> = text
        .split(|char: char| !char.is_ascii_alphanumeric())
        .filter(|word| is_id(word))
        .collect();
    ids.iter()
        .fold(text.to_owned(), |text, id| text.replace(id, "xxxxxxxxxxxx"))
}
