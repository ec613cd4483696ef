//! `tok push …`

use insta::assert_snapshot;

use super::Shell;

/// Of RFC 8291, appendix A.
const KEY: [(&str, &str); 1] = [(
    "TOK_PUSH__VAPID_PRIVATE_KEY",
    "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
)];

#[test]
fn key_show() {
    let shell = Shell::twice_with(&KEY, &KEY);
    shell.does("user create --id ada --name Ada");
    assert_snapshot!(shell.shows(&[
        "push key show",
        "push key show --json",
        "push key rotate --yes",
    ]), @r#"
    $ tok push key show
    key:  BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8
    $ tok push key show --json
    {"key":"BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"}
    $ tok push key rotate --yes
    ! error: the key pair is the one of push.vapid_private_key (from environment TOK_PUSH__VAPID_PRIVATE_KEY); change it there
    exit 7
    "#);
}

#[test]
fn key_rotate() {
    let shell = Shell::twice();
    shell.does("user create --id ada --name Ada");
    let before = shell.does("push key show -o name");
    assert_snapshot!(shell.shows(&[
        "push key rotate --dry-run",
        "push key rotate --dry-run --json",
        "push key rotate",
    ]), @r#"
    $ tok push key rotate --dry-run
    silenced:  0
    ! dry run: nothing was done
    $ tok push key rotate --dry-run --json
    {"silenced":0}
    ! dry run: nothing was done
    $ tok push key rotate
    ! error: nobody is there to confirm this; nothing was done
    ! hint: look first with --dry-run, then repeat with --yes
    exit 9
    "#);
    assert_eq!(shell.does("push key show -o name"), before);
    let after = shell.does("push key rotate --yes -o name");
    assert_ne!(after, before);
    assert_eq!(shell.does("push key show -o name"), after);
}
