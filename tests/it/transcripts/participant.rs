//! `tok participant …`

use insta::assert_snapshot;
use serde_json::json;

use super::Shell;

/// Ada is the host, Bob is in, Cleo waits, and Dan is another guest.
fn with_people() -> Shell {
    let shell = Shell::twice();
    shell.does("room create standup");
    let room = shell.does("room show standup --json");
    let room: serde_json::Value = serde_json::from_str(&room).expect("JSON");
    let room = room["id"].as_str().expect("an id");
    let people = [
        ("ada", "host", "inside"),
        ("bob", "participant", "inside"),
        ("cleo", "participant", "waiting"),
        ("dan", "participant", "waiting"),
    ];
    for (id, role, place) in people {
        let person = json!({
            "room": "standup", "id": id, "name": id, "role": role, "place": place,
            "joined_at": "2026-03-01T09:30:00.25Z", "key_hash": "",
        });
        shell.store(&[("tok_participants", &format!("{room}/{id}"), person)]);
    }
    shell
}

#[test]
fn list() {
    let shell = with_people();
    assert_snapshot!(shell.shows(&[
        "participant list standup",
        "participant list standup --json",
        "participant list nope",
    ]), @r#"
    $ tok participant list standup
    ID    NAME  USER  ROLE         PLACE    SINCE
    ada   ada         host         inside   YYYY-MM-DDTHH:MM:SSZ
    bob   bob         participant  inside   YYYY-MM-DDTHH:MM:SSZ
    cleo  cleo        participant  waiting  YYYY-MM-DDTHH:MM:SSZ
    dan   dan         participant  waiting  YYYY-MM-DDTHH:MM:SSZ
    $ tok participant list standup --json
    [{"id":"ada","name":"ada","role":"host","media":{},"place":"inside","joined_at":"YYYY-MM-DDTHH:MM:SSZ"},{"id":"bob","name":"bob","role":"participant","media":{},"place":"inside","joined_at":"YYYY-MM-DDTHH:MM:SSZ"},{"id":"cleo","name":"cleo","role":"participant","media":{},"place":"waiting","joined_at":"YYYY-MM-DDTHH:MM:SSZ"},{"id":"dan","name":"dan","role":"participant","media":{},"place":"waiting","joined_at":"YYYY-MM-DDTHH:MM:SSZ"}]
    $ tok participant list nope
    ! error: there is no room `nope`
    ! hint: see what there is: `tok room list`
    exit 3
    "#);
}

#[test]
fn kick() {
    let shell = with_people();
    assert_snapshot!(shell.shows(&[
        "participant kick standup bob",
        "participant kick standup bob --yes",
        "participant kick standup ada --ban --yes --json",
        "participant kick standup nobody --yes",
        "participant list standup --all",
    ]), @r#"
    $ tok participant kick standup bob
    ! error: nobody is there to confirm this; nothing was done
    ! hint: look first with --dry-run, then repeat with --yes
    exit 9
    $ tok participant kick standup bob --yes
    ! 1 participant: sent out
    $ tok participant kick standup ada --ban --yes --json
    [{"id":"ada","name":"ada","role":"participant","media":{},"place":"gone","joined_at":"YYYY-MM-DDTHH:MM:SSZ","left_at":"YYYY-MM-DDTHH:MM:SSZ"}]
    $ tok participant kick standup nobody --yes
    ! error: there is no such participant in the room
    ! hint: see what there is: `tok participant list standup`
    exit 3
    $ tok participant list standup --all
    ID    NAME  USER  ROLE         PLACE    SINCE
    ada   ada         participant  gone     YYYY-MM-DDTHH:MM:SSZ
    bob   bob         participant  gone     YYYY-MM-DDTHH:MM:SSZ
    cleo  cleo        host         inside   YYYY-MM-DDTHH:MM:SSZ
    dan   dan         participant  waiting  YYYY-MM-DDTHH:MM:SSZ
    "#);
}

#[test]
fn bans() {
    let shell = with_people();
    shell.does("participant kick standup bob --ban --yes");
    assert_snapshot!(shell.shows(&[
        "participant bans standup",
        "participant bans standup -o name",
        "participant bans nope",
    ]), @"
    $ tok participant bans standup
    ID   NAME  USER  BY        SINCE
    bob  bob         operator  YYYY-MM-DDTHH:MM:SSZ
    $ tok participant bans standup -o name
    bob
    $ tok participant bans nope
    ! error: there is no room `nope`
    ! hint: see what there is: `tok room list`
    exit 3
    ");
}

#[test]
fn unban() {
    let shell = with_people();
    shell.does("participant kick standup bob --ban --yes");
    assert_snapshot!(shell.shows(&[
        "participant unban standup bob",
        "participant unban standup bob",
        "participant bans standup -o name",
        "participant unban nope bob",
    ]), @"
    $ tok participant unban standup bob
    ! 1 participant: may come in again
    $ tok participant unban standup bob
    ! error: nobody with this id was sent out for good
    ! hint: see what there is: `tok participant bans standup`
    exit 3
    $ tok participant bans standup -o name
    $ tok participant unban nope bob
    ! error: there is no room `nope`
    ! hint: see what there is: `tok room list`
    exit 3
    ");
}

#[test]
fn mute() {
    let shell = with_people();
    assert_snapshot!(shell.shows(&[
        "participant mute standup bob",
        "participant mute standup ada --json",
        "participant mute standup nobody",
    ]), @r#"
    $ tok participant mute standup bob
    ! 1 participant: asked to turn off the microphone
    $ tok participant mute standup ada --json
    [{"id":"ada","name":"ada","role":"host","media":{},"place":"inside","joined_at":"YYYY-MM-DDTHH:MM:SSZ"}]
    $ tok participant mute standup nobody
    ! error: there is no such participant in the room
    ! hint: see what there is: `tok participant list standup`
    exit 3
    "#);
}

#[test]
fn admit() {
    let shell = with_people();
    assert_snapshot!(shell.shows(&[
        "participant admit standup cleo",
        "participant admit standup dan --json",
        "participant admit standup bob",
    ]), @r#"
    $ tok participant admit standup cleo
    ! 1 participant: let in
    $ tok participant admit standup dan --json
    [{"id":"dan","name":"dan","role":"participant","media":{},"place":"inside","joined_at":"YYYY-MM-DDTHH:MM:SSZ"}]
    $ tok participant admit standup bob
    ! error: nobody with this id waits to be let in
    ! hint: see what there is: `tok participant list standup`
    exit 3
    "#);
}

#[test]
fn refuse() {
    let shell = with_people();
    assert_snapshot!(shell.shows(&[
        "participant refuse standup cleo",
        "participant refuse standup dan --json",
        "participant refuse standup bob",
    ]), @r#"
    $ tok participant refuse standup cleo
    ! 1 participant: sent away
    $ tok participant refuse standup dan --json
    [{"id":"dan","name":"dan","role":"participant","media":{},"place":"waiting","joined_at":"YYYY-MM-DDTHH:MM:SSZ"}]
    $ tok participant refuse standup bob
    ! error: nobody with this id waits to be let in
    ! hint: see what there is: `tok participant list standup`
    exit 3
    "#);
}

#[test]
fn promote() {
    let shell = with_people();
    assert_snapshot!(shell.shows(&[
        "participant promote standup bob",
        "participant promote standup bob --json",
        "participant promote standup nobody",
    ]), @r#"
    $ tok participant promote standup bob
    ! 1 participant: made a host
    $ tok participant promote standup bob --json
    [{"id":"bob","name":"bob","role":"host","media":{},"place":"inside","joined_at":"YYYY-MM-DDTHH:MM:SSZ"}]
    $ tok participant promote standup nobody
    ! error: there is no such participant in the room
    ! hint: see what there is: `tok participant list standup`
    exit 3
    "#);
}
