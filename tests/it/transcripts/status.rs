//! `tok status` and `tok doctor`

use insta::assert_snapshot;
use serde_json::json;

use super::Shell;

#[test]
fn status() {
    let shell = Shell::twice();
    shell.does("user create --id ada --name Ada");
    shell.does("notify send --user ada --title Hello --id n1");
    assert_snapshot!(shell.shows(&[
        "status",
        "status --json",
    ]), @r#"
    $ tok status
    LOOP          DOES     SINCE  WORKER  LAST WORKED  WHY
    notify        missing  -      -       -
    search:users  missing  -      -       -
    search:rooms  missing  -      -       -
    presence      missing  -      -       -
    rooms         missing  -      -       -
    calls         missing  -      -       -
    housekeeping  missing  -      -       -

    pending:         1
    oldest_seconds:  <number>
    parked:          0

    INDEX  COLLECTIONS  DOCUMENTS  RECORDS  PARKED
    users  users        1          0        0
    rooms  tok_rooms    0          0        0
    ! warning: no worker has been seen yet; start `tok work`
    $ tok status --json
    {"loops":[{"name":"notify","condition":"missing"},{"name":"search:users","condition":"missing"},{"name":"search:rooms","condition":"missing"},{"name":"presence","condition":"missing"},{"name":"rooms","condition":"missing"},{"name":"calls","condition":"missing"},{"name":"housekeeping","condition":"missing"}],"notifications":{"pending":1,"oldest_seconds":<number>,"parked":0},"search":[{"index":"users","collections":["users"],"documents":1,"records":0,"parked":0},{"index":"rooms","collections":["tok_rooms"],"documents":0,"records":0,"parked":0}]}
    ! warning: no worker has been seen yet; start `tok work`
    "#);
}

/// How wide a table with paths is depends on where the home is.
fn narrow(text: &str) -> String {
    let line = |line: &str| {
        let cells = line.split("  ").filter(|cell| !cell.is_empty());
        cells.map(str::trim).collect::<Vec<_>>().join("  ") + "\n"
    };
    text.lines().map(line).collect()
}

#[test]
fn doctor() {
    let shell = Shell::twice();
    shell.does("room create standup");
    assert_snapshot!(narrow(&shell.shows(&[
        "doctor",
        "doctor --json",
    ])), @r#"
    $ tok doctor
    CHECK  HEALTH  MESSAGE  WHAT TO DO
    worker  warn  no worker has been seen yet  start `tok work`, or `tok serve --with-worker`
    store  ok  <home>/.local/share/tok/tok.db is sound and writable
    local rooms  ok  1 in the registry; people open them below http://127.0.0.1:8080/
    stored documents  ok  no document is known that cannot be read; tok store check looks at each
    $ tok doctor --json
    {"healthy":true,"findings":[{"check":"store","health":"ok","message":"<home>/.local/share/tok/tok.db is sound and writable"},{"check":"local rooms","health":"ok","message":"1 in the registry; people open them below http://127.0.0.1:8080/"},{"check":"stored documents","health":"ok","message":"no document is known that cannot be read; tok store check looks at each"},{"check":"worker","health":"warn","message":"no worker has been seen yet","advice":"start `tok work`, or `tok serve --with-worker`"}]}
    "#);
}

#[test]
fn doctor_of_a_store_with_a_document_that_cannot_be_read() {
    let shell = Shell::twice();
    shell.does("room create standup");
    shell.store(&[("tok_rooms", "local:broken", json!({ "name": 7 }))]);
    shell.does("room list");
    assert_snapshot!(narrow(&shell.shows(&[
        "doctor",
    ])), @"
    $ tok doctor
    CHECK  HEALTH  MESSAGE  WHAT TO DO
    stored documents  warn  the stored document `tok_rooms/local:broken` cannot be read: invalid type: integer `7`, expected a string at line 1 column 9  if a newer release wrote them, upgrade this one; else remove each with tok store discard COLLECTION ID, or restore a backup
    worker  warn  no worker has been seen yet  start `tok work`, or `tok serve --with-worker`
    store  ok  <home>/.local/share/tok/tok.db is sound and writable
    local rooms  ok  2 in the registry; people open them below http://127.0.0.1:8080/
    ");
}
