//! `tok device …`

use insta::assert_snapshot;

use super::Shell;

#[test]
fn register() {
    let shell = Shell::twice();
    shell.does("user create --id ada --name Ada");
    shell.file("push-token", "a-token-of-the-push-service");
    assert_snapshot!(shell.shows(&[
        "device register --platform gcm --user ada --token-file push-token",
        "device register --platform gcm --token-file push-token --json",
        "device register --platform android --token-file push-token",
        "device register --platform gcm --user nobody --token-file push-token",
        "device register --platform gcm --token-file nope",
    ]), @r#"
    $ tok device register --platform gcm --user ada --token-file push-token
    id:          xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx
    platform:    gcm
    token:       …ervice
    user_id:     ada
    created_at:  YYYY-MM-DDTHH:MM:SSZ
    updated_at:  YYYY-MM-DDTHH:MM:SSZ
    $ tok device register --platform gcm --token-file push-token --json
    {"id":"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx","platform":"gcm","token":"…ervice","user_id":"ada","created_at":"YYYY-MM-DDTHH:MM:SSZ","updated_at":"YYYY-MM-DDTHH:MM:SSZ"}
    $ tok device register --platform android --token-file push-token
    ! error: invalid value 'android' for '--platform <PLATFORM>': `android` is not a platform; use gcm, apns or web
    ! 
    ! For more information, try '--help'.
    exit 2
    $ tok device register --platform gcm --user nobody --token-file push-token
    ! error: there is no user `nobody`
    ! hint: see what there is: `tok user list`
    exit 3
    $ tok device register --platform gcm --token-file nope
    ! error: (a text of 4 characters): No such file or directory (os error 2)
    exit 2
    "#);
}

#[test]
fn list() {
    let shell = Shell::twice();
    shell.does("user create --id ada --name Ada");
    shell.file("push-token", "a-token-of-the-push-service");
    shell.does("device register --platform gcm --user ada --token-file push-token");
    assert_snapshot!(shell.shows(&[
        "device list",
        "device list --json",
    ]), @r#"
    $ tok device list
    ID                                    PLATFORM  USER  TOKEN    UPDATED
    xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx  gcm       ada   …ervice  YYYY-MM-DDTHH:MM:SSZ
    $ tok device list --json
    [{"id":"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx","platform":"gcm","token":"…ervice","user_id":"ada","created_at":"YYYY-MM-DDTHH:MM:SSZ","updated_at":"YYYY-MM-DDTHH:MM:SSZ"}]
    "#);
}

#[test]
fn delete() {
    let shell = Shell::twice();
    shell.file("push-token", "a-token-of-the-push-service");
    let id = shell.does("device register --platform apns --token-file push-token -o name");
    assert_snapshot!(shell.shows(&[
        &format!("device delete {id}"),
        &format!("device delete {id} --yes"),
        "device delete nope --yes",
        "device delete nope --yes --json",
    ]), @r#"
    $ tok device delete xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx
    ! error: nobody is there to confirm this; nothing was done
    ! hint: look first with --dry-run, then repeat with --yes
    exit 9
    $ tok device delete xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx --yes
    ID                                    PLATFORM  USER  TOKEN    UPDATED
    xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx  apns      -     …ervice  YYYY-MM-DDTHH:MM:SSZ
    $ tok device delete nope --yes
    ! error: there is no device `nope`
    ! hint: see what there is: `tok device list`
    exit 3
    $ tok device delete nope --yes --json
    ! {"error":{"code":"not_found","message":"there is no device `nope`","exit_code":3,"hint":"see what there is: `tok device list`"}}
    exit 3
    "#);
}
