//! `tok webhook …`

use insta::assert_snapshot;

use super::Shell;
use crate::stored::golden;

fn with_delivery() -> Shell {
    let variables = [
        ("DAILY_API_KEY", "key"),
        ("TOK_DAILY__WEBHOOK_SECRET", "aSBhbSBhIHNlY3JldA=="),
    ];
    let shell = Shell::twice_with(&variables, &variables);
    shell.store(&[("tok_webhooks", "w1", golden("tok_webhooks"))]);
    shell
}

#[test]
fn list() {
    let shell = with_delivery();
    assert_snapshot!(shell.shows(&[
        "webhook list",
        "webhook list --json",
        "webhook list --backend zoom",
    ]), @r#"
    $ tok webhook list
    ID  KIND             STATE   RECEIVED              REASON
    w1  meeting.started  unread  YYYY-MM-DDTHH:MM:SSZ  the body has no room
    $ tok webhook list --json
    [{"id":"w1","backend":"daily","kind":"meeting.started","state":"unread","reason":"the body has no room","received_at":"YYYY-MM-DDTHH:MM:SSZ","body":{"type":"meeting.started","payload":{"room":"standup"}}}]
    $ tok webhook list --backend zoom
    ! error: invalid value 'zoom' for '--backend <NAME>': `zoom` is not a rooms backend; use one of local, daily, hundred_ms, opentok, bandwidth
    ! 
    ! For more information, try '--help'.
    exit 2
    "#);
}

#[test]
fn show() {
    let shell = with_delivery();
    assert_snapshot!(shell.shows(&[
        "webhook show w1",
        "webhook show w1 --json",
        "webhook show nope",
    ]), @r#"
    $ tok webhook show w1
    id:                 w1
    backend:            daily
    kind:               meeting.started
    state:              unread
    reason:             the body has no room
    received_at:        YYYY-MM-DDTHH:MM:SSZ
    body.type:          meeting.started
    body.payload.room:  standup
    $ tok webhook show w1 --json
    {"id":"w1","backend":"daily","kind":"meeting.started","state":"unread","reason":"the body has no room","received_at":"YYYY-MM-DDTHH:MM:SSZ","body":{"type":"meeting.started","payload":{"room":"standup"}}}
    $ tok webhook show nope
    ! error: there is no delivery `nope`
    ! hint: see what there is: `tok webhook list`
    exit 3
    "#);
}

#[test]
fn replay() {
    let shell = with_delivery();
    assert_snapshot!(shell.shows(&[
        "webhook replay w1",
        "webhook replay w1 --json",
        "webhook replay nope",
    ]), @r#"
    $ tok webhook replay w1
    ID  KIND             STATE    RECEIVED              REASON
    w1  meeting.started  ignored  YYYY-MM-DDTHH:MM:SSZ
    $ tok webhook replay w1 --json
    [{"id":"w1","backend":"daily","kind":"meeting.started","state":"ignored","received_at":"YYYY-MM-DDTHH:MM:SSZ","body":{"type":"meeting.started","payload":{"room":"standup"}}}]
    $ tok webhook replay nope
    ! error: there is no delivery `nope`
    ! hint: see what there is: `tok webhook list`
    exit 3
    "#);
}
