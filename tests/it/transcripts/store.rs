//! `tok store …`

use insta::assert_snapshot;
use serde_json::json;

use super::Shell;
use super::key::hidden;

#[test]
fn backup() {
    let shell = Shell::new();
    shell.does("room create standup");
    assert_snapshot!(shell.shows(&[
        "store backup b.db",
        "store backup b.db --json",
        "store backup nope/b.db",
    ]), @r#"
    $ tok store backup b.db
    file:       b.db
    bytes:      <number>
    documents:  1
    version:    <number>
    lineage:    xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    $ tok store backup b.db --json
    {"file":"b.db","bytes":<number>,"documents":1,"version":<number>,"lineage":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}
    $ tok store backup nope/b.db
    ! error: the backup nope/b.db cannot be written: No such file or directory (os error 2)
    exit 2
    "#);
}

#[test]
fn restore() {
    let shell = Shell::new();
    shell.does("room create standup");
    shell.does("store backup b.db");
    assert_snapshot!(shell.shows(&[
        "store restore b.db",
        "store restore b.db --dry-run",
        "store restore b.db --yes",
        "store restore b.db --yes --json",
        "store restore nope.db --yes",
    ]), @r#"
    $ tok store restore b.db
    ! error: nobody is there to confirm this; nothing was done
    ! hint: look first with --dry-run, then repeat with --yes
    exit 9
    $ tok store restore b.db --dry-run
    data_dir:   <home>/.local/share/tok
    documents:  1
    former:     <home>/.local/share/tok/tok.db.before
    $ tok store restore b.db --yes
    data_dir:   <home>/.local/share/tok
    documents:  1
    former:     <home>/.local/share/tok/tok.db.before
    ! the search index is made again by tok work, or now by tok search reindex
    $ tok store restore b.db --yes --json
    {"data_dir":"<home>/.local/share/tok","documents":1,"former":"<home>/.local/share/tok/tok.db.before"}
    ! the search index is made again by tok work, or now by tok search reindex
    $ tok store restore nope.db --yes
    ! error: nope.db: No such file or directory (os error 2)
    exit 2
    "#);
}

#[test]
fn check() {
    let shell = Shell::new();
    shell.does("room create standup");
    shell.does("search reindex");
    assert_snapshot!(shell.shows(&[
        "store check",
        "store check --json",
    ]), @r#"
    $ tok store check
    ! 5 documents and 1 room are as they should be
    $ tok store check --json
    {"lineage":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","documents":5,"unreadable":0,"rooms":1,"wrong":0,"differences":[],"unchecked":[]}
    "#);
}

#[test]
fn check_of_a_store_with_a_document_that_cannot_be_read() {
    let shell = Shell::new();
    shell.does("room create standup");
    shell.does("search reindex");
    shell.store(&[("tok_rooms", "local:broken", json!({ "name": 7 }))]);
    assert_snapshot!(shell.shows(&[
        "store check",
    ]), @r#"
    $ tok store check
    CHECK      SUBJECT                 PROBLEM                                                                                                                       WHAT TO DO
    documents  tok_rooms/local:broken  the stored document `tok_rooms/local:broken` cannot be read: invalid type: integer `7`, expected a string at line 1 column 9  if a newer release wrote it, upgrade this one; else tok store discard
    search     rooms local:broken      its record is missing                                                                                                         tok work keeps it true; tok search verify --repair mends it now
    !  WARN a stored document cannot be read and is left alone collection="tok_rooms" id="local:broken" error=the stored document `tok_rooms/local:broken` cannot be read: invalid type: integer `7`, expected a string at line 1 column 9
    ! warning: 1 stored document cannot be read and was left out; tok doctor names it
    ! error: differences found in the store: 2
    exit 12
    "#);
}

#[test]
fn discard() {
    let shell = Shell::new();
    shell.does("room create standup");
    let broken = || json!({ "name": 7 });
    shell.store(&[
        ("tok_sessions", "s1", broken()),
        ("tok_sessions", "s2", broken()),
        ("tok_rooms", "local:broken", broken()),
    ]);
    assert_snapshot!(shell.shows(&[
        "store discard tok_sessions s1",
        "store discard tok_sessions s1 --dry-run",
        "store discard tok_sessions s1 --yes",
        "store discard tok_sessions s2 --yes --json",
        "store discard tok_sessions s1 --yes",
        "store discard tok_rooms local:broken --yes",
        "store discard tok_rooms local:standup --yes",
        "store discard nope d1",
    ]), @r#"
    $ tok store discard tok_sessions s1
    ! error: nobody is there to confirm this; nothing was done
    ! hint: look first with --dry-run, then repeat with --yes
    exit 9
    $ tok store discard tok_sessions s1 --dry-run
    collection:  tok_sessions
    id:          s1
    reason:      the stored document `tok_sessions/s1` cannot be read: missing field `id` at line 1 column 10
    $ tok store discard tok_sessions s1 --yes
    collection:  tok_sessions
    id:          s1
    reason:      the stored document `tok_sessions/s1` cannot be read: missing field `id` at line 1 column 10
    $ tok store discard tok_sessions s2 --yes --json
    {"collection":"tok_sessions","id":"s2","reason":"the stored document `tok_sessions/s2` cannot be read: missing field `id` at line 1 column 10"}
    $ tok store discard tok_sessions s1 --yes
    ! error: there is no document tok_sessions/s1
    ! hint: see what there is: `tok store check`
    exit 3
    $ tok store discard tok_rooms local:broken --yes
    ! error: remove tok_rooms/local:broken with tok room delete broken --backend local, with all that belongs to it
    exit 4
    $ tok store discard tok_rooms local:standup --yes
    ! error: tok_rooms/local:standup can be read; remove it with the command for what it is
    exit 4
    $ tok store discard nope d1
    ! error: there is no collection nope; there are: rooms, tok_busy, tok_calls_of_people, tok_presence, tok_deletions, tok_devices, tok_runs, tok_epochs, tok_happenings, tok_meetings, tok_idempotency, tok_inbox, tok_keys, tok_leases, tok_leftovers, tok_calls, tok_loops, tok_messages, tok_nodes, notifications, tok_outcomes, tok_parked/notify/items, tok_parked/search/items, tok_past_calls, tok_participants, tok_reindexes, tok_rooms, tok_secrets, tok_sessions, tok_parked/records/items, users, tok_webhooks
    exit 2
    "#);
}

#[test]
fn seal() {
    let shell = Shell::new();
    shell.does("key create app --scope tokens");
    shell.does("room create standup");
    shell.does("token create standup");
    shell.store(&[("tok_keys", "zzz", json!({ "key": 7 }))]);
    shell.secret("tok.secret", "b3duIHNlY3JldCBvZiAzMiBieXRlcyBvciBtb3JlLg==");
    let mut told = shell.shows(&["store seal"]);
    shell.file("tok.toml", "[auth]\nsecret_file = 'tok.secret'\n");
    told += &shell.shows(&[
        "store seal --dry-run",
        "store seal --dry-run --json",
        "store seal",
        "store seal --yes",
        "key revoke zzz --yes --quiet -o name",
        "store seal",
        "store seal --json",
    ]);
    shell.secret("new.secret", "YW5vdGhlciBzZWNyZXQsIGFzIGxvbmcgYXMgdGhhdC4=");
    shell.file("tok.toml", "[auth]\nsecret_file = 'new.secret'\n");
    told += &shell.shows(&[
        "token create standup",
        "store seal --dry-run",
        "store seal --old-secret-file nope",
        "store seal --old-secret-file tok.secret --yes --json",
    ]);
    assert_snapshot!(hidden(&told), @r#"
    $ tok store seal
    ! error: auth.secret_file is not set, so that there is nothing to seal with
    ! hint: where each setting comes from: `tok config show`
    exit 10
    $ tok store seal --dry-run
    COLLECTION   ID            WHAT                                    WAS
    tok_keys     xxxxxxxxxxxx  API key app: tokens, up to participant  not sealed
    tok_secrets  join_tokens   a secret that tok made                  not sealed
    ! warning: tok_keys/zzz cannot be sealed: (cannot be read), not sealed
    ! dry run: nothing was done
    $ tok store seal --dry-run --json
    {"sealed":[{"collection":"tok_keys","id":"xxxxxxxxxxxx","what":"API key app: tokens, up to participant","was":"not sealed"},{"collection":"tok_secrets","id":"join_tokens","what":"a secret that tok made","was":"not sealed"}],"left":[{"collection":"tok_keys","id":"zzz","what":"(cannot be read)","was":"not sealed"}],"already":0}
    ! warning: tok_keys/zzz cannot be sealed: (cannot be read), not sealed
    ! dry run: nothing was done
    $ tok store seal
    ! tok_keys/xxxxxxxxxxxx: API key app: tokens, up to participant, not sealed
    ! tok_secrets/join_tokens: a secret that tok made, not sealed
    ! error: nobody is there to confirm this; nothing was done
    ! hint: look first with --dry-run, then repeat with --yes
    exit 9
    $ tok store seal --yes
    COLLECTION   ID            WHAT                                    WAS
    tok_keys     xxxxxxxxxxxx  API key app: tokens, up to participant  not sealed
    tok_secrets  join_tokens   a secret that tok made                  not sealed
    ! warning: tok_keys/zzz cannot be sealed: (cannot be read), not sealed
    ! sealed now: 2, before: 0
    ! error: keys and secrets that were not sealed: 1
    exit 8
    $ tok key revoke zzz --yes --quiet -o name
    zzz
    $ tok store seal
    ! nothing to show
    ! sealed now: 0, before: 2
    $ tok store seal --json
    {"sealed":[],"left":[],"already":2,"forgotten":0}
    ! sealed now: 0, before: 2
    $ tok token create standup
    !  WARN somebody else may have written it collection="tok_secrets" id="join_tokens" error=the stored document `tok_secrets/join_tokens` is sealed with another secret, so that it counts for nothing
    ! error: the stored document `tok_secrets/join_tokens` is sealed with another secret, so that it counts for nothing
    ! hint: see what is sealed, and how: `tok store seal --dry-run`, with --old-secret-file if the secret changed; seal what is yours, and revoke or discard the rest
    exit 1
    $ tok store seal --dry-run
    ! warning: tok_keys/xxxxxxxxxxxx cannot be sealed: API key app: tokens, up to participant, sealed with another secret
    ! warning: tok_secrets/join_tokens cannot be sealed: (cannot be read), sealed with another secret
    ! nothing to show
    ! dry run: nothing was done
    $ tok store seal --old-secret-file nope
    ! error: nope: No such file or directory (os error 2)
    exit 2
    $ tok store seal --old-secret-file tok.secret --yes --json
    {"sealed":[{"collection":"tok_keys","id":"xxxxxxxxxxxx","what":"API key app: tokens, up to participant","was":"sealed with the former secret"},{"collection":"tok_secrets","id":"join_tokens","what":"a secret that tok made","was":"sealed with the former secret"}],"left":[],"already":0,"forgotten":0}
    ! sealed now: 2, before: 0
    "#);
}
