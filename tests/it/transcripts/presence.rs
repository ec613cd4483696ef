//! `tok presence …`

use insta::assert_snapshot;

use super::Shell;

#[test]
fn set() {
    let shell = Shell::twice();
    assert_snapshot!(shell.shows(&[
        "presence set ada online",
        "presence set ada online --connection phone --ttl 60s --json",
        "presence set ada away",
    ]), @r#"
    $ tok presence set ada online
    id:            ada
    state:         online
    last_changed:  YYYY-MM-DDTHH:MM:SSZ
    $ tok presence set ada online --connection phone --ttl 60s --json
    {"id":"ada","state":"online","last_changed":"YYYY-MM-DDTHH:MM:SSZ"}
    $ tok presence set ada away
    ! error: invalid value 'away' for '<STATE>'
    !   [possible values: online, offline]
    ! 
    ! For more information, try '--help'.
    exit 2
    "#);
}

#[test]
fn list() {
    let shell = Shell::twice();
    shell.does("presence set ada online");
    shell.does("presence set bob online");
    shell.does("presence set bob offline");
    assert_snapshot!(shell.shows(&[
        "presence list",
        "presence list --online --json",
    ]), @r#"
    $ tok presence list
    ID   STATE    LAST CHANGED
    ada  online   YYYY-MM-DDTHH:MM:SSZ
    bob  offline  YYYY-MM-DDTHH:MM:SSZ
    $ tok presence list --online --json
    [{"id":"ada","state":"online","last_changed":"YYYY-MM-DDTHH:MM:SSZ"}]
    "#);
}

#[test]
fn show() {
    let shell = Shell::twice();
    shell.does("presence set ada online");
    assert_snapshot!(shell.shows(&[
        "presence show ada",
        "presence show ada --json",
        "presence show nobody",
    ]), @r#"
    $ tok presence show ada
    id:            ada
    state:         online
    last_changed:  YYYY-MM-DDTHH:MM:SSZ
    CONNECTION  STATE   LAST SIGN             EXPIRES  SAID BY
    cli         online  YYYY-MM-DDTHH:MM:SSZ  -        command line
    $ tok presence show ada --json
    {"id":"ada","state":"online","last_changed":"YYYY-MM-DDTHH:MM:SSZ","connections":[{"connection":"cli","state":"online","last_sign":"YYYY-MM-DDTHH:MM:SSZ","said_by":"command line"}]}
    $ tok presence show nobody
    ! error: nothing is known of the presence of `nobody`
    ! hint: see what there is: `tok presence list`
    exit 3
    "#);
}

#[test]
fn audit() {
    let shell = Shell::twice();
    shell.does("user create --id ada --name Ada");
    shell.does("presence set ada online");
    assert_snapshot!(shell.shows(&[
        "presence audit",
        "presence audit --json",
    ]), @r#"
    $ tok presence audit
    ID   SOURCE  DOCUMENT
    ada  online  -
    ! error: the presence of 1 user is not noted truly
    ! hint: note it now: `tok presence sync`; a running `tok work` does so by itself
    exit 12
    $ tok presence audit --json
    {"people":1,"users":1,"online":1,"nobody":0,"drift":[{"id":"ada","source":"online"}]}
    ! {"error":{"code":"drift","message":"the presence of 1 user is not noted truly","exit_code":12,"hint":"note it now: `tok presence sync`; a running `tok work` does so by itself"}}
    exit 12
    "#);
}

#[test]
fn sync() {
    let shell = Shell::twice();
    shell.does("user create --id ada --name Ada");
    shell.does("presence set ada online");
    assert_snapshot!(shell.shows(&[
        "presence sync",
        "presence sync --json",
        "presence audit",
    ]), @r#"
    $ tok presence sync
    people:     1
    written:    1
    unchanged:  0
    nobody:     0
    $ tok presence sync --json
    {"people":1,"written":0,"unchanged":1,"nobody":0}
    $ tok presence audit
    ! nothing to show
    "#);
}

#[test]
fn sweep() {
    let shell = Shell::twice();
    shell.does("presence set ada online");
    assert_snapshot!(shell.shows(&[
        "presence sweep",
        "presence sweep --json",
    ]), @r#"
    $ tok presence sweep
    removed:  0
    $ tok presence sweep --json
    {"removed":0}
    "#);
}
