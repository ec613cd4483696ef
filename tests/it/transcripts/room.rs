//! `tok room …`

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::Shell;

#[test]
fn create() {
    let shell = Shell::twice();
    assert_snapshot!(shell.shows(&[
        "room create standup",
        "room create --json lounge --privacy private",
        "room create standup",
        "room create 'a b'",
    ]), @r#"
    $ tok room create standup
    name:        standup
    backend:     local
    id:          xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx
    url:         http://127.0.0.1:8080/r/standup
    privacy:     public
    created_at:  YYYY-MM-DDTHH:MM:SSZ
    $ tok room create --json lounge --privacy private
    {"name":"lounge","backend":"local","id":"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx","url":"http://127.0.0.1:8080/r/lounge","privacy":"private","created_at":"YYYY-MM-DDTHH:MM:SSZ"}
    $ tok room create standup
    ! error: a room named `standup` exists already
    ! hint: with `--exist-ok` a room that is there already is taken, if it has the same settings
    exit 4
    $ tok room create 'a b'
    ! error: the room name "a b" has the character ' '; use only A-Z, a-z, 0-9, - and _
    exit 2
    "#);
}

#[test]
fn list() {
    let shell = Shell::twice();
    shell.does("room create standup");
    assert_snapshot!(shell.shows(&[
        "room list",
        "room list --json",
        "room list --backend daily",
    ]), @r#"
    $ tok room list
    NAME     BACKEND  PRIVACY  CREATED               EXPIRES  URL
    standup  local    public   YYYY-MM-DDTHH:MM:SSZ  -        http://127.0.0.1:8080/r/standup
    $ tok room list --json
    [{"name":"standup","backend":"local","id":"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx","url":"http://127.0.0.1:8080/r/standup","privacy":"public","created_at":"YYYY-MM-DDTHH:MM:SSZ"}]
    $ tok room list --backend daily
    ! error: Daily is not configured; set daily.api_key
    exit 7
    "#);
}

#[test]
fn show() {
    let shell = Shell::twice();
    shell.does("room create standup --max-participants 5");
    assert_snapshot!(shell.shows(&[
        "room show standup",
        "room show standup --json",
        "room show nope",
    ]), @r#"
    $ tok room show standup
    name:              standup
    backend:           local
    id:                xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx
    url:               http://127.0.0.1:8080/r/standup
    privacy:           public
    created_at:        YYYY-MM-DDTHH:MM:SSZ
    max_participants:  5
    $ tok room show standup --json
    {"name":"standup","backend":"local","id":"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx","url":"http://127.0.0.1:8080/r/standup","privacy":"public","created_at":"YYYY-MM-DDTHH:MM:SSZ","max_participants":5}
    $ tok room show nope
    ! error: there is no room `nope`
    ! hint: see what there is: `tok room list`
    exit 3
    "#);
}

#[test]
fn update() {
    let shell = Shell::twice();
    shell.does("room create standup");
    assert_snapshot!(shell.shows(&[
        "room update standup --privacy private",
        "room update standup --max-participants 5 --json",
        "room update standup",
        "room update nope --privacy private",
    ]), @r#"
    $ tok room update standup --privacy private
    name:        standup
    backend:     local
    id:          xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx
    url:         http://127.0.0.1:8080/r/standup
    privacy:     private
    created_at:  YYYY-MM-DDTHH:MM:SSZ
    $ tok room update standup --max-participants 5 --json
    {"name":"standup","backend":"local","id":"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx","url":"http://127.0.0.1:8080/r/standup","privacy":"private","created_at":"YYYY-MM-DDTHH:MM:SSZ","max_participants":5}
    $ tok room update standup
    ! error: there is nothing to change; give privacy, not_before, expires, max_participants or properties
    exit 2
    $ tok room update nope --privacy private
    ! error: there is no room `nope`
    ! hint: see what there is: `tok room list`
    exit 3
    "#);
}

#[test]
fn delete() {
    let shell = Shell::twice();
    shell.does("room create standup");
    shell.does("room create lounge");
    assert_snapshot!(shell.shows(&[
        "room delete standup",
        "room delete standup --dry-run",
        "room delete standup --yes",
        "room delete lounge --yes --json",
        "room delete lounge --yes",
    ]), @r#"
    $ tok room delete standup
    ! error: nobody is there to confirm this; nothing was done
    ! hint: look first with --dry-run, then repeat with --yes
    exit 9
    $ tok room delete standup --dry-run
    NAME
    standup
    ! 1 room would be deleted; no upstream calls
    $ tok room delete standup --yes
    NAME     OUTCOME  ERROR
    standup  deleted
    ! 1 deleted
    $ tok room delete lounge --yes --json
    {"backend":"local","deleted":1,"disabled":0,"forgotten":0,"missing":0,"failed":0,"resumed":0,"remaining":0,"items":[{"name":"lounge","outcome":"deleted"}]}
    $ tok room delete lounge --yes
    NAME    OUTCOME  ERROR
    lounge  missing
    ! 1 missing
    ! error: there is no room `lounge`
    ! hint: see what there is: `tok room list`
    exit 3
    "#);
}

#[test]
fn end() {
    let shell = Shell::twice();
    shell.does("room create standup");
    assert_snapshot!(shell.shows(&[
        "room end standup",
        "room end standup --yes",
        "room end standup --yes --json",
        "room end nope --yes",
    ]), @r#"
    $ tok room end standup
    ! error: nobody is there to confirm this; nothing was done
    ! hint: look first with --dry-run, then repeat with --yes
    exit 9
    $ tok room end standup --yes
    name:     standup
    backend:  local
    ended:    0
    $ tok room end standup --yes --json
    {"name":"standup","backend":"local","ended":0}
    $ tok room end nope --yes
    ! error: there is no room `nope`
    ! hint: see what there is: `tok room list`
    exit 3
    "#);
}

#[test]
fn lock() {
    let shell = Shell::twice();
    shell.does("room create standup");
    shell.does("room create empty");
    let room = shell.does("room show standup -o json");
    let room: Value = serde_json::from_str(&room).expect("JSON");
    let room = room["id"].as_str().expect("an id");
    let person = json!({
        "room": "standup", "id": "ada", "name": "ada", "role": "host", "place": "inside",
        "joined_at": "2026-03-01T09:30:00Z", "key_hash": "",
    });
    shell.store(&[("tok_participants", &format!("{room}/ada"), person)]);
    assert_snapshot!(shell.shows(&[
        "room lock standup --dry-run",
        "room lock standup",
        "room show standup --json",
        "room lock standup --json",
        "room lock standup --lift",
        "room lock empty",
        "room lock empty --dry-run",
        "room lock nope",
        "room lock standup --backend daily",
    ]), @r#"
    $ tok room lock standup --dry-run
    name:     standup
    backend:  local
    locked:   true
    ! dry run: nothing was done
    $ tok room lock standup
    name:     standup
    backend:  local
    locked:   true
    $ tok room show standup --json
    {"name":"standup","backend":"local","id":"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx","url":"http://127.0.0.1:8080/r/standup","privacy":"public","created_at":"YYYY-MM-DDTHH:MM:SSZ","last_joined_at":"YYYY-MM-DDTHH:MM:SSZ","locked":true}
    $ tok room lock standup --json
    {"name":"standup","backend":"local","locked":true}
    $ tok room lock standup --lift
    name:     standup
    backend:  local
    locked:   false
    $ tok room lock empty
    ! error: nobody is in the room `empty`; a lock ends with the last who goes
    exit 4
    $ tok room lock empty --dry-run
    ! error: nobody is in the room `empty`; a lock ends with the last who goes
    exit 4
    $ tok room lock nope
    ! error: there is no room `nope`
    ! hint: see what there is: `tok room list`
    exit 3
    $ tok room lock standup --backend daily
    ! error: Daily is not configured; set daily.api_key
    exit 7
    "#);
}

#[test]
fn participants() {
    let shell = Shell::twice();
    shell.does("room create standup");
    assert_snapshot!(shell.shows(&[
        "room participants standup",
        "room participants standup --json",
        "room participants nope",
    ]), @"
    $ tok room participants standup
    ! nothing to show
    $ tok room participants standup --json
    []
    $ tok room participants nope
    ! error: there is no room `nope`
    ! hint: see what there is: `tok room list`
    exit 3
    ");
}

#[test]
fn prune() {
    let shell = Shell::twice();
    shell.does("room create old-1");
    shell.does("room create old-2");
    shell.does("room create standup");
    assert_snapshot!(shell.shows(&[
        "room prune --match 'old-*' --dry-run",
        "room prune --match 'old-*'",
        "room prune --match old-1 --yes",
        "room prune --match old-2 --yes --json",
        "room prune --match '*' --max-delete 0 --yes",
        "room prune",
    ]), @r#"
    $ tok room prune --match 'old-*' --dry-run
    NAME
    old-1
    old-2
    ! 2 rooms of 3 match; no upstream calls
    $ tok room prune --match 'old-*'
    !   old-1
    !   old-2
    ! 2 rooms of 3 match; no upstream calls
    ! error: nobody is there to confirm this; nothing was done
    ! hint: look first with --dry-run, then repeat with --yes
    exit 9
    $ tok room prune --match old-1 --yes
    NAME   OUTCOME  ERROR
    old-1  deleted
    ! 1 room of 3 match; no upstream calls
    ! 1 deleted
    $ tok room prune --match old-2 --yes --json
    {"backend":"local","deleted":1,"disabled":0,"forgotten":0,"missing":0,"failed":0,"resumed":0,"remaining":0,"items":[{"name":"old-2","outcome":"deleted"}]}
    ! 1 room of 2 match; no upstream calls
    $ tok room prune --match '*' --max-delete 0 --yes
    ! 1 room of 1 match; no upstream calls
    ! error: 1 room matches, more than the 0 allowed; nothing was deleted
    ! hint: look with --dry-run, then raise --max-delete or --max-delete-percent
    exit 13
    $ tok room prune
    ! error: no filter is given; say which rooms: --older-than, --expired, --expired-for, --empty, --never-joined, --unused-for or --match
    exit 2
    "#);
}

#[test]
fn history() {
    let shell = Shell::twice();
    shell.does("room create standup");
    assert_snapshot!(shell.shows(&[
        "room history standup --since 1h",
        "room history standup --json",
        "room history nope",
    ]), @r"
    $ tok room history standup --since 1h
    ! nothing to show
    $ tok room history standup --json
    []
    $ tok room history nope
    ! error: there is no room `nope`
    ! hint: see what there is: `tok room list`
    exit 3
    ");
}
