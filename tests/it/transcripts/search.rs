//! `tok search …`

use insta::assert_snapshot;

use super::Shell;
use crate::stored::golden;

fn with_users() -> Shell {
    let shell = Shell::twice();
    shell.does("user create --id ada --name 'Ada Lovelace'");
    shell.does("user create --id bob --name Bob");
    shell
}

#[test]
fn query() {
    let shell = with_users();
    assert_snapshot!(shell.shows(&[
        "search query users 'ada lov'",
        "search query users bob --json",
        "search query users nobody",
        "search query nope ada",
    ]), @r#"
    $ tok search query users 'ada lov'
    ID   RECORD
    ada  name: Ada Lovelace
    $ tok search query users bob --json
    [{"id":"bob","name":"Bob"}]
    $ tok search query users nobody
    ! nothing to show
    $ tok search query nope ada
    ! error: there is no index `nope`; there are users, rooms
    ! hint: see what there is: `tok search status`
    exit 3
    "#);
}

#[test]
fn reindex() {
    let shell = with_users();
    assert_snapshot!(shell.shows(&[
        "search reindex users --dry-run",
        "search reindex users",
        "search reindex users --mode swap --json",
        "search reindex nope",
    ]), @r#"
    $ tok search reindex users --dry-run
    INDEX  DOCUMENTS  RECORDS  PUTS  DELETES  OPERATIONS  READS
    users  2          0        2     0        2           2
    ! dry run: nothing was done
    $ tok search reindex users
    INDEX  DOCUMENTS  PUTS  DELETES  UNCHANGED  PARKED
    users  2          2     0        0          0
    $ tok search reindex users --mode swap --json
    [{"index":"users","mode":"swap","documents":2,"puts":2,"deletes":0,"unchanged":0,"parked":0}]
    $ tok search reindex nope
    ! error: there is no index `nope`; there are users, rooms
    ! hint: see what there is: `tok search status`
    exit 3
    "#);
}

#[test]
fn verify() {
    let shell = with_users();
    assert_snapshot!(shell.shows(&[
        "search verify users",
        "search verify users --repair --json",
        "search verify users",
        "search verify nope",
    ]), @r#"
    $ tok search verify users
    INDEX  DOCUMENTS  RECORDS  PARKED  DRIFT  REPAIRED  FIRST
    users  2          0        0       2      0         ada is missing
    ! error: 2 records of users are not true
    ! hint: make them true: `tok search verify --repair`, or all of it by `tok search reindex`
    exit 12
    $ tok search verify users --repair --json
    [{"index":"users","documents":2,"records":0,"parked":0,"drift":[{"id":"ada","problem":"missing"},{"id":"bob","problem":"missing"}],"repaired":2}]
    $ tok search verify users
    INDEX  DOCUMENTS  RECORDS  PARKED  DRIFT  REPAIRED  FIRST
    users  2          2        0       0      0         -
    $ tok search verify nope
    ! error: there is no index `nope`; there are users, rooms
    ! hint: see what there is: `tok search status`
    exit 3
    "#);
}

#[test]
fn status() {
    let shell = with_users();
    assert_snapshot!(shell.shows(&[
        "search status",
        "search status --json",
    ]), @r#"
    $ tok search status
    INDEX  COLLECTIONS  DOCUMENTS  RECORDS  PARKED
    users  users        2          0        0
    rooms  tok_rooms    0          0        0
    $ tok search status --json
    [{"index":"users","collections":["users"],"documents":2,"records":0,"parked":0},{"index":"rooms","collections":["tok_rooms"],"documents":0,"records":0,"parked":0}]
    "#);
}

#[test]
fn parked() {
    let shell = with_users();
    shell.store(&[(
        "tok_parked/search/items",
        "users:ada",
        golden("tok_parked/search/items"),
    )]);
    assert_snapshot!(shell.shows(&[
        "search parked",
        "search parked --json",
        "search parked nope",
    ]), @r#"
    $ tok search parked
    INDEX  ID   REASON                   AT
    users  ada  the record is too large  YYYY-MM-DDTHH:MM:SSZ
    $ tok search parked --json
    [{"index":"users","id":"ada","reason":"the record is too large","at":"YYYY-MM-DDTHH:MM:SSZ"}]
    $ tok search parked nope
    ! error: there is no index `nope`; there are users, rooms
    ! hint: see what there is: `tok search status`
    exit 3
    "#);
}

#[test]
fn settings() {
    let shell = with_users();
    shell.file("settings.json", r#"{"searchableAttributes":["name"]}"#);
    assert_snapshot!(shell.shows(&[
        "search settings pull users",
        "search settings diff users settings.json",
        "search settings push users settings.json",
        "search settings push users settings.json --yes",
        "search settings diff users nope.json",
        "search settings pull nope",
    ]), @"
    $ tok search settings pull users
    ! error: the index `users` was not made yet; reindex it first
    ! hint: see what there is: `tok search status`
    exit 3
    $ tok search settings diff users settings.json
    SETTING               IS  WANTED
    searchableAttributes  -   name
    ! error: some settings are not as given
    ! hint: give them: `tok search settings push`
    exit 12
    $ tok search settings push users settings.json
    ! error: nobody is there to confirm this; nothing was done
    ! hint: look first with --dry-run, then repeat with --yes
    exit 9
    $ tok search settings push users settings.json --yes
    ! error: the embedded search takes its settings from search.indexes
    exit 7
    $ tok search settings diff users nope.json
    ! error: nope.json: No such file or directory (os error 2)
    exit 2
    $ tok search settings pull nope
    ! error: there is no index `nope`; there are users, rooms
    ! hint: see what there is: `tok search status`
    exit 3
    ");
}

#[test]
fn key() {
    let shell = Shell::twice();
    assert_snapshot!(shell.shows(&[
        "search key create",
    ]), @"
    $ tok search key create
    ! error: the embedded search has no keys of its own; make an API key with the scope search:read
    exit 7
    ");
}
