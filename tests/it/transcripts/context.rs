//! `tok context …`

use insta::assert_snapshot;

use super::Shell;

#[test]
fn contexts() {
    let shell = Shell::new();
    shell.secret("prod.key", "tok_0123456789ab_secret");
    assert_snapshot!(shell.shows(&[
        "context list",
        "context add prod --server https://calls.example.com --key-file prod.key",
        "context add here --server http://127.0.0.1:8080/",
        "context use prod",
        "context list --json",
        "context use nope",
        "context remove prod --dry-run",
        "context remove prod",
        "context use -",
        "context list",
    ]), @r#"
    $ tok context list
    ! nothing to show
    $ tok context add prod --server https://calls.example.com --key-file prod.key
    $ tok context add here --server http://127.0.0.1:8080/
    $ tok context use prod
    $ tok context list --json
    [{"name":"here","server":"http://127.0.0.1:8080","in_use":false},{"name":"prod","server":"https://calls.example.com","key_file":"<home>/prod.key","in_use":true}]
    $ tok context use nope
    ! error: there is no context `nope`
    ! hint: see what there is: `tok context list`
    exit 3
    $ tok context remove prod --dry-run
    ! warning: prod is the context in use; without it commands would work on the store of this machine
    ! dry run: nothing was done
    $ tok context remove prod
    ! warning: prod is the context in use; without it commands work on the store of this machine
    $ tok context use -
    $ tok context list
    NAME  SERVER                 KEY  IN USE
    here  http://127.0.0.1:8080  -
    "#);
}

#[test]
fn add() {
    let shell = Shell::new();
    shell.secret("prod.key", "tok_0123456789ab_secret");
    assert_snapshot!(shell.shows(&[
        "context add prod",
        "context add prod --server http://calls.example.com",
        "context add prod --server calls.example.com",
        "context add prod --server https://ada:secret@calls.example.com",
        "context add prod --server https://calls.example.com --key-file nope.key",
        "context add prod --server https://calls.example.com --dry-run",
        "context add 'a b' --server https://calls.example.com",
        "context add prod --server https://calls.example.com --key-file prod.key",
        "context add prod --server https://calls.example.com --key-file prod.key",
        "context add prod --server https://others.example.com",
    ]), @r#"
    $ tok context add prod
    ! error: no server is given; say its address with --server
    exit 2
    $ tok context add prod --server http://calls.example.com
    ! error: the key would travel to http://calls.example.com in the clear; use https://, or a tunnel to this machine
    exit 2
    $ tok context add prod --server calls.example.com
    ! error: `calls.example.com` is not the address of a server; write it like https://calls.example.com
    exit 2
    $ tok context add prod --server https://ada:secret@calls.example.com
    ! error: the address of a server is a scheme, a host, a port and a path only; the key goes into a file, --key-file
    exit 2
    $ tok context add prod --server https://calls.example.com --key-file nope.key
    ! error: nope.key: No such file or directory (os error 2)
    exit 2
    $ tok context add prod --server https://calls.example.com --dry-run
    ! dry run: nothing was done
    $ tok context add 'a b' --server https://calls.example.com
    ! error: "a b" cannot be the name of a context; use 1 to 64 of A-Z, a-z, 0-9 and . _ -, the first no -
    exit 2
    $ tok context add prod --server https://calls.example.com --key-file prod.key
    $ tok context add prod --server https://calls.example.com --key-file prod.key
    $ tok context add prod --server https://others.example.com
    ! error: there is a context `prod` already, for https://calls.example.com; remove it first
    exit 4
    "#);
}

#[test]
fn a_context_in_use_is_where_commands_work() {
    let shell = Shell::new();
    shell.does("room create standup");
    shell.does("context add away --server http://127.0.0.1:1");
    shell.does("context use away");
    let home = shell
        .binary
        .dir()
        .join(".local/share/tok")
        .display()
        .to_string();
    assert_snapshot!(shell.shows(&[
        "room list -o name",
        &format!("room list -o name --data-dir {home}"),
        "room list -o name --context -",
        "store check",
        "doctor",
        "config show",
        "serve",
        "room list --server http://127.0.0.1:1 --data-dir x",
        "room list --context nope",
    ]), @r#"
    $ tok room list -o name
    ! error: tok serve cannot be reached at 127.0.0.1:1: connection refused
    ! hint: nobody listens there: check that it runs, and the address of the server
    exit 6
    $ tok room list -o name --data-dir <home>/.local/share/tok
    standup
    $ tok room list -o name --context -
    standup
    $ tok store check
    ! error: `tok store check` works on the store itself; run it on the server's machine
    ! hint: a context is in use; back to the store of this machine: `tok context use -`
    exit 2
    $ tok doctor
    ! error: `tok doctor` works on the store itself; run it on the server's machine
    ! hint: a context is in use; back to the store of this machine: `tok context use -`
    exit 2
    $ tok config show
    ! error: `tok config show` works on the store itself; run it on the server's machine
    ! hint: a context is in use; back to the store of this machine: `tok context use -`
    exit 2
    $ tok serve
    ! error: `tok serve` works on the store itself; run it on the server's machine
    ! hint: a context is in use; back to the store of this machine: `tok context use -`
    exit 2
    $ tok room list --server http://127.0.0.1:1 --data-dir x
    ! error: the argument '--server <URL>' cannot be used with '--data-dir <DIR>'
    ! 
    ! Usage: tok room list --server <URL>
    ! 
    ! For more information, try '--help'.
    exit 2
    $ tok room list --context nope
    ! error: there is no context `nope`
    ! hint: see what there is: `tok context list`
    exit 3
    "#);
    shell.does("context use -");
    assert_eq!(shell.does("room list -o name"), "standup");
}
