//! `tok session …`

use insta::assert_snapshot;

use super::Shell;
use crate::stored::golden;

fn with_session() -> Shell {
    let shell = Shell::twice();
    shell.does("room create standup");
    shell.store(&[("tok_sessions", "local:e0c1", golden("tok_sessions"))]);
    shell
}

#[test]
fn list() {
    let shell = with_session();
    assert_snapshot!(shell.shows(&[
        "session list",
        "session list standup --json",
        "session list nope",
        "session list --backend bandwidth",
    ]), @r#"
    $ tok session list
    ID    ROOM     BACKEND  BEGAN                 ENDED                 LEGS
    e0c1  standup  local    YYYY-MM-DDTHH:MM:SSZ  YYYY-MM-DDTHH:MM:SSZ  1
    $ tok session list standup --json
    [{"id":"e0c1","room":"standup","backend":"local","started_at":"YYYY-MM-DDTHH:MM:SSZ","ended_at":"YYYY-MM-DDTHH:MM:SSZ","legs":[{"participant_id":"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx","user_id":"ada","user_name":"Ada","joined_at":"YYYY-MM-DDTHH:MM:SSZ","left_at":"YYYY-MM-DDTHH:MM:SSZ"}],"vendor":{"id":"e0c1"}}]
    $ tok session list nope
    ! nothing to show
    $ tok session list --backend bandwidth
    ! error: Bandwidth is not configured; set bandwidth.account_id, bandwidth.username and bandwidth.password
    exit 7
    "#);
}

#[test]
fn show() {
    let shell = with_session();
    assert_snapshot!(shell.shows(&[
        "session show e0c1",
        "session show e0c1 --json",
        "session show nope",
    ]), @r#"
    $ tok session show e0c1
    id:                      e0c1
    room:                    standup
    backend:                 local
    started_at:              YYYY-MM-DDTHH:MM:SSZ
    ended_at:                YYYY-MM-DDTHH:MM:SSZ
    legs[0].participant_id:  xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx
    legs[0].user_id:         ada
    legs[0].user_name:       Ada
    legs[0].joined_at:       YYYY-MM-DDTHH:MM:SSZ
    legs[0].left_at:         YYYY-MM-DDTHH:MM:SSZ
    vendor.id:               e0c1
    $ tok session show e0c1 --json
    {"id":"e0c1","room":"standup","backend":"local","started_at":"YYYY-MM-DDTHH:MM:SSZ","ended_at":"YYYY-MM-DDTHH:MM:SSZ","legs":[{"participant_id":"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx","user_id":"ada","user_name":"Ada","joined_at":"YYYY-MM-DDTHH:MM:SSZ","left_at":"YYYY-MM-DDTHH:MM:SSZ"}],"vendor":{"id":"e0c1"}}
    $ tok session show nope
    ! error: there is no session `nope`
    ! hint: see what there is: `tok session list`
    exit 3
    "#);
}

#[test]
fn attendance() {
    let shell = with_session();
    shell.does("room create lounge");
    assert_snapshot!(shell.shows(&[
        "session attendance standup",
        "session attendance standup --json",
        "session attendance lounge",
    ]), @r#"
    $ tok session attendance standup
    SESSION  USER  NAME  FIRST_IN              LAST_OUT              MS       OPEN
    e0c1     ada   Ada   YYYY-MM-DDTHH:MM:SSZ  YYYY-MM-DDTHH:MM:SSZ  3599750  false
    $ tok session attendance standup --json
    [{"session_id":"e0c1","room":"standup","started_at":"YYYY-MM-DDTHH:MM:SSZ","ended_at":"YYYY-MM-DDTHH:MM:SSZ","duration_ms":3599750,"people":[{"user_id":"ada","user_name":"Ada","duration_ms":3599750,"open":false,"intervals":[{"from":"YYYY-MM-DDTHH:MM:SSZ","to":"YYYY-MM-DDTHH:MM:SSZ"}]}]}]
    $ tok session attendance lounge
    ! error: the room `lounge` had no session yet
    ! hint: see what there is: `tok room list`
    exit 3
    "#);
}
