//! `tok notify …`

use insta::assert_snapshot;

use super::Shell;
use crate::stored::golden;

#[test]
fn send() {
    let shell = Shell::twice();
    assert_snapshot!(shell.shows(&[
        "notify send --user ada --title Hello --body 'How are you?' --id n1",
        "notify send --user bob --title News --id n2 --json",
        "notify send --topic news --title News",
        "notify send --title Hello",
        "notify send --device nope --title Hello",
        "notify send --user ada --title Hello --ttl 99y",
    ]), @r#"
    $ tok notify send --user ada --title Hello --body 'How are you?' --id n1
    id:         n1
    state:      queued
    to:         user ada
    attempts:   0
    queued_at:  YYYY-MM-DDTHH:MM:SSZ
    ! warning: there is no user `ada`; it waits for whoever comes by that id
    $ tok notify send --user bob --title News --id n2 --json
    {"id":"n2","state":"queued","to":"user bob","attempts":0,"queued_at":"YYYY-MM-DDTHH:MM:SSZ"}
    ! warning: there is no user `bob`; it waits for whoever comes by that id
    $ tok notify send --topic news --title News
    ! error: what is delivered in the app reaches people, not topic news; name a user, or set another push.backend
    exit 7
    $ tok notify send --title Hello
    ! error: the following required arguments were not provided:
    !   <--user <ID>|--device <ID>|--topic <NAME>|--token-file <FILE>>
    ! 
    ! Usage: tok notify send --title <TEXT> <--user <ID>|--device <ID>|--topic <NAME>|--token-file <FILE>>
    ! 
    ! For more information, try '--help'.
    exit 2
    $ tok notify send --device nope --title Hello
    ! error: what is delivered in the app reaches people, not device nope; name a user, or set another push.backend
    exit 7
    $ tok notify send --user ada --title Hello --ttl 99y
    ! error: `ttl` must be 1 to 2419200 seconds
    exit 2
    "#);
}

#[test]
fn flush() {
    let shell = Shell::twice();
    shell.does("notify send --user ada --title Hello --id n1");
    assert_snapshot!(shell.shows(&[
        "notify flush --dry-run",
        "notify flush",
        "notify flush --json",
    ]), @r#"
    $ tok notify flush --dry-run
    pending:  1
    ! dry run: nothing was done
    $ tok notify flush
    delivered:  1
    retrying:   0
    dead:       0
    parked:     0
    expired:    0
    $ tok notify flush --json
    {"delivered":0,"retrying":0,"dead":0,"parked":0,"expired":0}
    "#);
}

#[test]
fn list() {
    let shell = Shell::twice();
    shell.does("notify send --user ada --title Hello --id n1");
    shell.store(&[(
        "tok_parked/notify/items",
        "p1",
        golden("tok_parked/notify/items"),
    )]);
    assert_snapshot!(shell.shows(&[
        "notify list",
        "notify list --json",
        "notify list --parked",
        "notify list --parked --json",
    ]), @r#"
    $ tok notify list
    ID  STATE   REASON  TO        ATTEMPTS  QUEUED                NEXT
    n1  queued          user ada  0         YYYY-MM-DDTHH:MM:SSZ  -
    ! warning: no worker has been seen yet; start `tok work`, or `tok serve --with-worker`
    $ tok notify list --json
    [{"id":"n1","state":"queued","to":"user ada","attempts":0,"queued_at":"YYYY-MM-DDTHH:MM:SSZ","waits_for":"no worker has been seen yet; start `tok work`, or `tok serve --with-worker`"}]
    $ tok notify list --parked
    ID  STATE   REASON              TO  ATTEMPTS  QUEUED                NEXT
    p1  parked  `token` is missing      1         YYYY-MM-DDTHH:MM:SSZ  -
    $ tok notify list --parked --json
    [{"id":"p1","state":"parked","reason":"`token` is missing","attempts":1,"queued_at":"YYYY-MM-DDTHH:MM:SSZ","at":"YYYY-MM-DDTHH:MM:SSZ"}]
    "#);
}

#[test]
fn show() {
    let shell = Shell::twice();
    shell.does("notify send --user ada --title Hello --id n1");
    shell.does("notify send --user ada --title Again --id n2");
    shell.store(&[(
        "tok_parked/notify/items",
        "p1",
        golden("tok_parked/notify/items"),
    )]);
    shell.does("notify flush");
    assert_snapshot!(shell.shows(&[
        "notify show n1",
        "notify show n2 --json",
        "notify show p1",
        "notify show nope",
    ]), @r#"
    $ tok notify show n1
    id:         n1
    state:      delivered
    reason:     there is no user `ada` in the store; it waits for whoever is called so
    to:         user ada
    attempts:   1
    queued_at:  YYYY-MM-DDTHH:MM:SSZ
    at:         YYYY-MM-DDTHH:MM:SSZ
    via:        inbox
    $ tok notify show n2 --json
    {"id":"n2","state":"delivered","reason":"there is no user `ada` in the store; it waits for whoever is called so","to":"user ada","attempts":1,"queued_at":"YYYY-MM-DDTHH:MM:SSZ","at":"YYYY-MM-DDTHH:MM:SSZ","via":"inbox"}
    $ tok notify show p1
    id:         p1
    state:      parked
    reason:     `token` is missing
    attempts:   1
    queued_at:  YYYY-MM-DDTHH:MM:SSZ
    at:         YYYY-MM-DDTHH:MM:SSZ
    $ tok notify show nope
    ! error: there is no notification `nope`
    ! hint: see what there is: `tok notify list`
    exit 3
    "#);
}

#[test]
fn retry() {
    let shell = Shell::twice();
    shell.does("notify send --user ada --title Hello --id n1");
    shell.does("notify flush");
    shell.store(&[(
        "tok_parked/notify/items",
        "p1",
        golden("tok_parked/notify/items"),
    )]);
    assert_snapshot!(shell.shows(&[
        "notify retry p1",
        "notify retry --all --json",
        "notify retry n1",
        "notify retry nope",
    ]), @"
    $ tok notify retry p1
    ID  STATE   REASON  TO  ATTEMPTS  QUEUED                NEXT
    p1  queued              0         YYYY-MM-DDTHH:MM:SSZ  -
    $ tok notify retry --all --json
    []
    $ tok notify retry n1
    ! error: the notification `n1` is not parked but delivered
    ! hint: see what there is: `tok notify list --parked`
    exit 3
    $ tok notify retry nope
    ! error: there is no notification `nope`
    ! hint: see what there is: `tok notify list --parked`
    exit 3
    ");
}

#[test]
fn discard() {
    let shell = Shell::twice();
    shell.does("notify send --user ada --title Hello --id n1");
    shell.does("notify send --user ada --title Hello --id n2");
    assert_snapshot!(shell.shows(&[
        "notify discard n1",
        "notify discard n1 --yes",
        "notify discard n2 --yes --json",
        "notify discard nope --yes",
    ]), @r#"
    $ tok notify discard n1
    ! error: nobody is there to confirm this; nothing was done
    ! hint: look first with --dry-run, then repeat with --yes
    exit 9
    $ tok notify discard n1 --yes
    ID  STATE      REASON  TO  ATTEMPTS  QUEUED                NEXT
    n1  discarded              0         YYYY-MM-DDTHH:MM:SSZ  -
    $ tok notify discard n2 --yes --json
    [{"id":"n2","state":"discarded","attempts":0,"queued_at":"YYYY-MM-DDTHH:MM:SSZ","at":"YYYY-MM-DDTHH:MM:SSZ"}]
    $ tok notify discard nope --yes
    ! error: there is no notification `nope`
    ! hint: see what there is: `tok notify list`
    exit 3
    "#);
}

#[test]
fn inbox() {
    let shell = Shell::twice();
    shell.does("notify send --user ada --title Hello --id n1");
    shell.does("notify flush");
    assert_snapshot!(shell.shows(&[
        "notify inbox ada",
        "notify inbox ada --json",
        "notify inbox ada --take nope",
        "notify inbox ada --take n1",
        "notify inbox ada",
    ]), @r#"
    $ tok notify inbox ada
    ID  TITLE  BODY  AT
    n1  Hello        YYYY-MM-DDTHH:MM:SSZ
    $ tok notify inbox ada --json
    [{"id":"n1","kind":"message","data":{"body":"","id":"n1","kind":"message","title":"Hello"},"at":"YYYY-MM-DDTHH:MM:SSZ"}]
    $ tok notify inbox ada --take nope
    ! error: there is no notification `nope` for ada
    ! hint: see what there is: `tok notify list`
    exit 3
    $ tok notify inbox ada --take n1
    $ tok notify inbox ada
    ! nothing to show
    "#);
}
