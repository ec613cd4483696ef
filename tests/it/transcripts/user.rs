//! `tok user …`

use insta::assert_snapshot;

use super::Shell;

#[test]
fn create() {
    let shell = Shell::twice();
    assert_snapshot!(shell.shows(&[
        "user create --id ada --name Ada",
        "user create --id bob --name 'Bob B' --client-id d1 --json",
        "user create --id ada --name Ada",
        "user create --id x --name Ada --photo-url nonsense",
    ]), @r#"
    $ tok user create --id ada --name Ada
    id:    ada
    name:  Ada
    $ tok user create --id bob --name 'Bob B' --client-id d1 --json
    {"id":"bob","name":"Bob B","client_id":"d1"}
    $ tok user create --id ada --name Ada
    ! error: a user with the id `ada` exists already
    exit 4
    $ tok user create --id x --name Ada --photo-url nonsense
    ! error: invalid value 'nonsense' for '--photo-url <URL>': a picture has an address like https://example.com/ada.png
    ! 
    ! For more information, try '--help'.
    exit 2
    "#);
}

#[test]
fn list() {
    let shell = Shell::twice();
    shell.does("user create --id ada --name Ada");
    assert_snapshot!(shell.shows(&[
        "user list",
        "user list --json",
        "user list --limit 0",
    ]), @r#"
    $ tok user list
    ID   NAME  STATE  CLIENT
    ada  Ada   -      -
    $ tok user list --json
    [{"id":"ada","name":"Ada"}]
    $ tok user list --limit 0
    ! nothing to show
    "#);
}

#[test]
fn show() {
    let shell = Shell::twice();
    shell.does(
        "user create --id ada --name Ada --first-name Ada --photo-url https://example.com/a.png",
    );
    assert_snapshot!(shell.shows(&[
        "user show ada",
        "user show ada --json",
        "user show nobody",
        "user show nobody --json",
    ]), @r#"
    $ tok user show ada
    id:          ada
    name:        Ada
    photo_url:   https://example.com/a.png
    first_name:  Ada
    $ tok user show ada --json
    {"id":"ada","name":"Ada","photo_url":"https://example.com/a.png","first_name":"Ada"}
    $ tok user show nobody
    ! error: there is no user `nobody`
    ! hint: see what there is: `tok user list`
    exit 3
    $ tok user show nobody --json
    ! {"error":{"code":"not_found","message":"there is no user `nobody`","exit_code":3,"hint":"see what there is: `tok user list`"}}
    exit 3
    "#);
}

#[test]
fn update() {
    let shell = Shell::twice();
    shell.does("user create --id ada --name Ada");
    assert_snapshot!(shell.shows(&[
        "user update ada --name 'Ada Lovelace'",
        "user update ada --first-name Ada --json",
        "user update ada",
        "user update ada --clear name",
        "user update nobody --name Nobody",
    ]), @r#"
    $ tok user update ada --name 'Ada Lovelace'
    id:    ada
    name:  Ada Lovelace
    $ tok user update ada --first-name Ada --json
    {"id":"ada","name":"Ada Lovelace","first_name":"Ada"}
    $ tok user update ada
    ! error: there is nothing to change; give name, photo_url, first_name, last_name or client_id
    exit 2
    $ tok user update ada --clear name
    ! error: `name` cannot be cleared; use photo-url, first-name, last-name or client-id
    exit 2
    $ tok user update nobody --name Nobody
    ! error: there is no user `nobody`
    ! hint: see what there is: `tok user list`
    exit 3
    "#);
}

#[test]
fn delete() {
    let shell = Shell::twice();
    shell.does("user create --id ada --name Ada");
    shell.does("user create --id bob --name Bob");
    assert_snapshot!(shell.shows(&[
        "user delete ada",
        "user delete ada --dry-run",
        "user delete ada --yes",
        "user delete bob --yes --json",
        "user delete ada --yes",
    ]), @r#"
    $ tok user delete ada
    ! error: nobody is there to confirm this; nothing was done
    ! hint: look first with --dry-run, then repeat with --yes
    exit 9
    $ tok user delete ada --dry-run
    ID   NAME  STATE  CLIENT
    ada  Ada   -      -
    ! dry run: nothing was done
    $ tok user delete ada --yes
    ID   NAME  STATE  CLIENT
    ada  Ada   -      -
    $ tok user delete bob --yes --json
    [{"id":"bob","name":"Bob"}]
    $ tok user delete ada --yes
    ! error: there is no user `ada`
    ! hint: see what there is: `tok user list`
    exit 3
    "#);
}
