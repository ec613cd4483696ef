//! `tok call …`

use insta::assert_snapshot;

use super::Shell;

fn with_people() -> Shell {
    let shell = Shell::twice();
    shell.does("user create --id ada --name Ada");
    shell.does("user create --id bob --name Bob");
    shell
}

#[test]
fn start() {
    let shell = with_people();
    assert_snapshot!(shell.shows(&[
        "call start ada bob --dry-run",
        "call start ada bob",
        "call start ada bob",
        "call start ada nobody",
        "call start ada ada",
    ]), @"
    $ tok call start ada bob --dry-run
    backend:         local
    caller.user_id:  ada
    caller.name:     Ada
    callee.user_id:  bob
    callee.name:     Bob
    phones:          1
    ! dry run: nothing was done
    $ tok call start ada bob
    call.id:              xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    call.state:           ringing
    call.backend:         local
    call.room:            call-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    call.caller.user_id:  ada
    call.caller.name:     Ada
    call.callee.user_id:  bob
    call.callee.name:     Bob
    call.created_at:      YYYY-MM-DDTHH:MM:SSZ
    call.rings_until:     YYYY-MM-DDTHH:MM:SSZ
    token.token:          <token>
    token.room:           call-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    token.backend:        local
    token.role:           participant
    token.user_id:        ada
    token.user_name:      Ada
    token.expires_at:     YYYY-MM-DDTHH:MM:SSZ
    token.url:            http://127.0.0.1:8080/r/call-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx#token=<token>
    rings[0].to:          user bob
    rings[0].outcome:     delivered
    $ tok call start ada bob
    ! error: the caller is in a call already
    exit 4
    $ tok call start ada nobody
    ! error: there is no user `nobody`
    ! hint: see what there is: `tok user list`
    exit 3
    $ tok call start ada ada
    ! error: nobody can call themselves
    exit 2
    ");
}

#[test]
fn start_as_json() {
    let shell = with_people();
    assert_snapshot!(shell.shows(&[
        "call start ada bob --json",
    ]), @r#"
    $ tok call start ada bob --json
    {"call":{"id":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","state":"ringing","backend":"local","room":"call-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","caller":{"user_id":"ada","name":"Ada"},"callee":{"user_id":"bob","name":"Bob"},"created_at":"YYYY-MM-DDTHH:MM:SSZ","rings_until":"YYYY-MM-DDTHH:MM:SSZ"},"token":{"token":"<token>","room":"call-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","backend":"local","role":"participant","user_id":"ada","user_name":"Ada","expires_at":"YYYY-MM-DDTHH:MM:SSZ","url":"http://127.0.0.1:8080/r/call-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx#token=<token>"},"rings":[{"to":"user bob","outcome":"delivered"}]}
    "#);
}

#[test]
fn list() {
    let shell = with_people();
    shell.does("call start ada bob --ring-for 10m");
    assert_snapshot!(shell.shows(&[
        "call list",
        "call list --json",
        "call list --past",
    ]), @r#"
    $ tok call list
    ID                                STATE    CALLER  CALLEE  BACKEND  BEGAN
    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx  ringing  ada     bob     local    YYYY-MM-DDTHH:MM:SSZ
    $ tok call list --json
    [{"id":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","state":"ringing","backend":"local","room":"call-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","caller":{"user_id":"ada","name":"Ada"},"callee":{"user_id":"bob","name":"Bob"},"created_at":"YYYY-MM-DDTHH:MM:SSZ","rings_until":"YYYY-MM-DDTHH:MM:SSZ"}]
    $ tok call list --past
    ! nothing to show
    "#);
}

#[test]
fn show() {
    let shell = with_people();
    let id = shell.does("call start ada bob --ring-for 10m -o name");
    assert_snapshot!(shell.shows(&[
        &format!("call show {id}"),
        &format!("call show {id} --json"),
        "call show nope",
    ]), @r#"
    $ tok call show xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    id:              xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    state:           ringing
    backend:         local
    room:            call-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    caller.user_id:  ada
    caller.name:     Ada
    callee.user_id:  bob
    callee.name:     Bob
    created_at:      YYYY-MM-DDTHH:MM:SSZ
    rings_until:     YYYY-MM-DDTHH:MM:SSZ
    $ tok call show xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx --json
    {"id":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","state":"ringing","backend":"local","room":"call-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","caller":{"user_id":"ada","name":"Ada"},"callee":{"user_id":"bob","name":"Bob"},"created_at":"YYYY-MM-DDTHH:MM:SSZ","rings_until":"YYYY-MM-DDTHH:MM:SSZ"}
    $ tok call show nope
    ! error: there is no call `nope`
    ! hint: see what there is: `tok call list`, with --past also `tok call list --past`
    exit 3
    "#);
}

#[test]
fn end() {
    let shell = with_people();
    let id = shell.does("call start ada bob --ring-for 10m -o name");
    assert_snapshot!(shell.shows(&[
        &format!("call end {id} --dry-run"),
        &format!("call end {id} --by callee"),
        &format!("call end {id} --json"),
        "call end nope",
    ]), @r#"
    $ tok call end xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx --dry-run
    ID                                STATE    CALLER  CALLEE  BACKEND  BEGAN
    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx  ringing  ada     bob     local    YYYY-MM-DDTHH:MM:SSZ
    ! dry run: nothing was done
    $ tok call end xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx --by callee
    ID                                STATE     CALLER  CALLEE  BACKEND  BEGAN
    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx  declined  ada     bob     local    YYYY-MM-DDTHH:MM:SSZ
    $ tok call end xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx --json
    [{"id":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","state":"declined","backend":"local","room":"call-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","caller":{"user_id":"ada","name":"Ada"},"callee":{"user_id":"bob","name":"Bob"},"created_at":"YYYY-MM-DDTHH:MM:SSZ","rings_until":"YYYY-MM-DDTHH:MM:SSZ","ended_at":"YYYY-MM-DDTHH:MM:SSZ"}]
    $ tok call end nope
    ! error: there is no call `nope`
    ! hint: see what there is: `tok call list`, with --past also `tok call list --past`
    exit 3
    "#);
}
