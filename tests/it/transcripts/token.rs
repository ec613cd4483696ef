//! `tok token …`

use insta::assert_snapshot;

use super::Shell;

#[test]
fn create() {
    let shell = Shell::twice();
    shell.does("room create standup");
    assert_snapshot!(shell.shows(&[
        "token create standup --user-name Ada",
        "token create standup --role host --json",
        "token create nope",
        "token create standup --ttl 99d",
    ]), @r#"
    $ tok token create standup --user-name Ada
    token:       <token>
    room:        standup
    backend:     local
    role:        participant
    user_name:   Ada
    expires_at:  YYYY-MM-DDTHH:MM:SSZ
    url:         http://127.0.0.1:8080/r/standup#token=<token>
    $ tok token create standup --role host --json
    {"token":"<token>","room":"standup","backend":"local","role":"host","expires_at":"YYYY-MM-DDTHH:MM:SSZ","url":"http://127.0.0.1:8080/r/standup#token=<token>"}
    $ tok token create nope
    ! error: there is no room `nope`
    ! hint: see what there is: `tok room list`
    exit 3
    $ tok token create standup --ttl 99d
    ! error: a life of 99d is too long; tokens.max_ttl is 1d
    exit 2
    "#);
}

#[test]
fn inspect() {
    let shell = Shell::twice();
    shell.does("room create standup");
    let token = shell.does("token create standup --user-id ada --user-name Ada -o name");
    assert_snapshot!(shell.reads(&token, "token inspect"), @"
    $ tok token inspect
    valid:            true
    backend:          local
    room:             standup
    role:             participant
    user_id:          ada
    user_name:        Ada
    expires_at:       YYYY-MM-DDTHH:MM:SSZ
    claims.iss:       tok
    claims.room:      standup
    claims.room_id:   xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx
    claims.role:      participant
    claims.sub:       ada
    claims.name:      Ada
    claims.iat:       <seconds>
    claims.exp:       <seconds>
    claims.jti:       xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx
    claims.identity:  true
    ");
    assert_snapshot!(shell.reads(&token, "token inspect --json"), @r#"
    $ tok token inspect --json
    {"valid":true,"backend":"local","room":"standup","role":"participant","user_id":"ada","user_name":"Ada","expires_at":"YYYY-MM-DDTHH:MM:SSZ","claims":{"iss":"tok","room":"standup","room_id":"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx","role":"participant","sub":"ada","name":"Ada","iat":<seconds>,"exp":<seconds>,"jti":"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx","identity":true}}
    "#);
    assert_snapshot!(shell.reads("nonsense", "token inspect"), @"
    $ tok token inspect
    ! error: this is not a join token
    exit 2
    ");
    shell.does("room delete standup --yes");
    assert_snapshot!(shell.reads(&token, "token inspect -o name"), @"
    $ tok token inspect -o name
    standup
    ! error: the token opens nothing: its room does not exist
    ! hint: make another one: `tok token create ROOM`
    exit 5
    ");
}
