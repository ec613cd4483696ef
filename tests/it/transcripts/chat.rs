//! `tok chat …`

use insta::assert_snapshot;

use super::Shell;

fn with_messages() -> Shell {
    let shell = Shell::twice();
    shell.does("room create standup");
    shell.does("chat send standup 'Good morning'");
    shell.does("chat send standup 'We begin'");
    shell
}

#[test]
fn send() {
    let shell = Shell::twice();
    shell.does("room create standup");
    assert_snapshot!(shell.shows(&[
        "chat send standup 'Good morning'",
        "chat send standup 'We begin' --json",
        "chat send nope hello",
        "chat send standup hello --to nobody",
        "chat send standup ''",
    ]), @r#"
    $ tok chat send standup 'Good morning'
    id:          000000000001
    from:        operator
    from_name:   operator
    to:          everyone
    content:     Good morning
    reactions:
    created_at:  YYYY-MM-DDTHH:MM:SSZ
    $ tok chat send standup 'We begin' --json
    {"id":"000000000002","from":"operator","from_name":"operator","to":"everyone","content":"We begin","reactions":[],"created_at":"YYYY-MM-DDTHH:MM:SSZ"}
    $ tok chat send nope hello
    ! error: there is no room `nope`
    ! hint: see what there is: `tok room list`
    exit 3
    $ tok chat send standup hello --to nobody
    ! error: the receiver is not in the room
    ! hint: see what there is: `tok participant list standup`
    exit 3
    $ tok chat send standup ''
    ! error: the message is empty
    exit 2
    "#);
}

#[test]
fn history() {
    let shell = with_messages();
    assert_snapshot!(shell.shows(&[
        "chat history standup",
        "chat history standup --limit 1 --json",
        "chat history standup --before nope",
        "chat history nope",
    ]), @r#"
    $ tok chat history standup
    ID            AT                    FROM      TO        CONTENT
    000000000001  YYYY-MM-DDTHH:MM:SSZ  operator  everyone  Good morning
    000000000002  YYYY-MM-DDTHH:MM:SSZ  operator  everyone  We begin
    $ tok chat history standup --limit 1 --json
    [{"id":"000000000002","from":"operator","from_name":"operator","to":"everyone","content":"We begin","reactions":[],"created_at":"YYYY-MM-DDTHH:MM:SSZ"}]
    $ tok chat history standup --before nope
    ! error: the cursor is not one of messages
    exit 2
    $ tok chat history nope
    ! error: there is no room `nope`
    ! hint: see what there is: `tok room list`
    exit 3
    "#);
}

#[test]
fn edit() {
    let shell = with_messages();
    assert_snapshot!(shell.shows(&[
        "chat edit standup 000000000001 'Good evening'",
        "chat edit standup 000000000002 'We end' --json",
        "chat edit standup 7 x",
    ]), @r#"
    $ tok chat edit standup 000000000001 'Good evening'
    id:          000000000001
    from:        operator
    from_name:   operator
    to:          everyone
    content:     Good evening
    reactions:
    created_at:  YYYY-MM-DDTHH:MM:SSZ
    edited_at:   YYYY-MM-DDTHH:MM:SSZ
    $ tok chat edit standup 000000000002 'We end' --json
    {"id":"000000000002","from":"operator","from_name":"operator","to":"everyone","content":"We end","reactions":[],"created_at":"YYYY-MM-DDTHH:MM:SSZ","edited_at":"YYYY-MM-DDTHH:MM:SSZ"}
    $ tok chat edit standup 7 x
    ! error: there is no such message
    ! hint: see what there is: `tok chat history standup`
    exit 3
    "#);
}

#[test]
fn delete() {
    let shell = with_messages();
    assert_snapshot!(shell.shows(&[
        "chat delete standup 000000000001",
        "chat delete standup 000000000001 --yes",
        "chat delete standup 000000000002 --yes --json",
        "chat delete standup 000000000001 --yes",
    ]), @r#"
    $ tok chat delete standup 000000000001
    ! error: nobody is there to confirm this; nothing was done
    ! hint: look first with --dry-run, then repeat with --yes
    exit 9
    $ tok chat delete standup 000000000001 --yes
    ID            AT                    FROM      TO        CONTENT
    000000000001  YYYY-MM-DDTHH:MM:SSZ  operator  everyone  Good morning
    $ tok chat delete standup 000000000002 --yes --json
    [{"id":"000000000002","from":"operator","from_name":"operator","to":"everyone","content":"We begin","reactions":[],"created_at":"YYYY-MM-DDTHH:MM:SSZ"}]
    $ tok chat delete standup 000000000001 --yes
    ! error: there is no such message
    ! hint: see what there is: `tok chat history standup`
    exit 3
    "#);
}

#[test]
fn export() {
    let shell = with_messages();
    assert_snapshot!(shell.shows(&[
        "chat export standup",
        "chat export standup -o jsonl",
        "chat export nope",
    ]), @r#"
    $ tok chat export standup
    ID            AT                    FROM      TO        CONTENT
    000000000001  YYYY-MM-DDTHH:MM:SSZ  operator  everyone  Good morning
    000000000002  YYYY-MM-DDTHH:MM:SSZ  operator  everyone  We begin
    $ tok chat export standup -o jsonl
    {"id":"000000000001","from":"operator","from_name":"operator","to":"everyone","content":"Good morning","reactions":[],"created_at":"YYYY-MM-DDTHH:MM:SSZ"}
    {"id":"000000000002","from":"operator","from_name":"operator","to":"everyone","content":"We begin","reactions":[],"created_at":"YYYY-MM-DDTHH:MM:SSZ"}
    $ tok chat export nope
    ! error: there is no room `nope`
    ! hint: see what there is: `tok room list`
    exit 3
    "#);
}

#[test]
fn tail() {
    let shell = Shell::twice();
    assert_snapshot!(shell.shows(&[
        "chat tail nope",
    ]), @"
    $ tok chat tail nope
    ! warning: there was no store in <home>/.local/share/tok, so a new, empty one was made; name yours with --data-dir, or data_dir in tok.toml
    ! error: there is no room `nope`
    ! hint: see what there is: `tok room list`
    exit 3
    ");
}
