//! `tok completions`, `tok man`, and the commands that stay

use insta::assert_snapshot;

use super::Shell;

#[test]
fn completions() {
    let shell = Shell::new();
    assert_snapshot!(shell.shows(&[
        "completions --dir out",
        "completions",
        "completions tcsh",
    ]), @"
    $ tok completions --dir out
    $ tok completions
    ! error: the following required arguments were not provided:
    !   <SHELL>
    ! 
    ! Usage: tok completions <SHELL>
    ! 
    ! For more information, try '--help'.
    exit 2
    $ tok completions tcsh
    ! error: invalid value 'tcsh' for '[SHELL]'
    !   [possible values: bash, elvish, fish, powershell, zsh]
    ! 
    !   tip: a similar value exists: 'zsh'
    ! 
    ! For more information, try '--help'.
    exit 2
    ");
}

#[test]
fn man() {
    let shell = Shell::new();
    assert_snapshot!(shell.shows(&[
        "man --dir out",
        "man --dir out --json",
    ]), @r#"
    $ tok man --dir out
    $ tok man --dir out --json
    {"dir":"out","files":123}
    "#);
}

#[test]
fn serve() {
    let shell = Shell::new();
    assert_snapshot!(shell.shows(&[
        "serve --bind nonsense",
        "serve --bind 0.0.0.0:0",
    ]), @"
    $ tok serve --bind nonsense
    ! error: flag --bind: server.bind: expected an address like 127.0.0.1:8080, found `nonsense`
    ! hint: change --bind
    exit 10
    $ tok serve --bind 0.0.0.0:0
    ! error: 0.0.0.0:0 can be reached from other machines and auth.mode is none; set auth.mode to keys, listen on 127.0.0.1, or say --insecure
    ! hint: where each setting comes from: `tok config show`
    exit 10
    ");
}

#[test]
fn work() {
    let shell = Shell::new();
    assert_snapshot!(shell.shows(&[
        "work --once --only notify --ops-bind 127.0.0.1:0 -q",
        "work --only nope",
    ]), @"
    $ tok work --once --only notify --ops-bind 127.0.0.1:0 -q
    $ tok work --only nope
    ! error: worker.loops: there is no loop `nope`; use any of notify, search, presence, rooms, calls, housekeeping
    ! hint: change --only
    exit 10
    ");
}
