//! `tok recording …`

use insta::assert_snapshot;
use serde_json::json;

use super::Shell;
use crate::support::opentok::FakeOpentok;
use crate::support::{borrowed, opentok};

#[test]
fn a_backend_that_records_nothing_says_so() {
    let shell = Shell::twice();
    shell.does("room create standup");
    assert_snapshot!(shell.shows(&[
        "recording start standup",
        "recording stop r1",
        "recording list",
        "recording show r1",
        "recording url r1",
        "recording download r1",
        "recording wait r1",
        "recording delete r1 --yes",
        "recording prune --older-than 30d --yes",
    ]), @"
    $ tok recording start standup
    ! error: local rooms record nothing
    exit 7
    $ tok recording stop r1
    ! error: local rooms record nothing
    exit 7
    $ tok recording list
    ! error: local rooms record nothing
    exit 7
    $ tok recording show r1
    ! error: local rooms record nothing
    exit 7
    $ tok recording url r1
    ! error: local rooms record nothing
    exit 7
    $ tok recording download r1
    ! error: local rooms record nothing
    exit 7
    $ tok recording wait r1
    ! error: local rooms record nothing
    exit 7
    $ tok recording delete r1 --yes
    ! error: local rooms record nothing
    exit 7
    $ tok recording prune --older-than 30d --yes
    ! error: local rooms record nothing
    exit 7
    ");
}

/// An account with recordings.
async fn vendor() -> FakeOpentok {
    let fake = opentok::start().await;
    fake.with(|vendor| {
        for id in ["r1", "r2", "r3"] {
            vendor.archives.push(json!({
                "id": id, "status": "available", "name": "standup", "sessionId": "s",
                "createdAt": 1_767_225_600_000_i64, "duration": 61, "size": 1_000_000,
                "url": "http://127.0.0.1:9/file.mp4?sig=secret",
            }));
        }
    });
    fake
}

fn variables(fake: &FakeOpentok) -> Vec<(&'static str, String)> {
    let mut all = opentok::variables(fake);
    all.push(("TOK_ROOMS__BACKEND", "opentok".to_owned()));
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recordings_of_a_vendor() {
    let (here, there) = (vendor().await, vendor().await);
    let variables = [variables(&here), variables(&there)];
    let shell = Shell::twice_with(&borrowed(&variables[0]), &borrowed(&variables[1]));
    assert_snapshot!(shell.shows(&[
        "recording list",
        "recording list --limit 1 --json",
        "recording show r1",
        "recording show r1 --json",
        "recording show nope",
        "recording url r1",
        "recording wait r1",
        "recording wait r1 --json",
        "recording delete r1",
        "recording delete r1 --yes",
        "recording delete r2 --yes --json",
        "recording prune --older-than 1h --dry-run",
        "recording prune --older-than 1h --yes --json",
    ]), @r#"
    $ tok recording list
    ID  ROOM     BACKEND  STATUS  BEGAN                 SECONDS  BYTES
    r3  standup  opentok  ready   YYYY-MM-DDTHH:MM:SSZ  61       1000000
    r2  standup  opentok  ready   YYYY-MM-DDTHH:MM:SSZ  61       1000000
    r1  standup  opentok  ready   YYYY-MM-DDTHH:MM:SSZ  61       1000000
    ! warning: there was no store in <home>/.local/share/tok, so a new, empty one was made; name yours with --data-dir, or data_dir in tok.toml
    $ tok recording list --limit 1 --json
    [{"id":"r3","backend":"opentok","room":"standup","session_id":"s","status":"ready","started_at":"YYYY-MM-DDTHH:MM:SSZ","duration_ms":61000,"size":1000000,"vendor":{"id":"r3","status":"available","name":"standup","sessionId":"s","createdAt":1767225600000,"duration":61,"size":1000000}}]
    $ tok recording show r1
    id:                r1
    backend:           opentok
    room:              standup
    session_id:        s
    status:            ready
    started_at:        YYYY-MM-DDTHH:MM:SSZ
    duration_ms:       61000
    size:              1000000
    vendor.id:         r1
    vendor.status:     available
    vendor.name:       standup
    vendor.sessionId:  s
    vendor.createdAt:  1767225600000
    vendor.duration:   61
    vendor.size:       1000000
    $ tok recording show r1 --json
    {"id":"r1","backend":"opentok","room":"standup","session_id":"s","status":"ready","started_at":"YYYY-MM-DDTHH:MM:SSZ","duration_ms":61000,"size":1000000,"vendor":{"id":"r1","status":"available","name":"standup","sessionId":"s","createdAt":1767225600000,"duration":61,"size":1000000}}
    $ tok recording show nope
    ! error: there is no recording `nope`
    ! hint: see what there is: `tok recording list`
    exit 3
    $ tok recording url r1
    id:          r1
    url:         http://127.0.0.1:9/file.mp4?sig=secret
    expires_at:  YYYY-MM-DDTHH:MM:SSZ
    $ tok recording wait r1
    id:                r1
    backend:           opentok
    room:              standup
    session_id:        s
    status:            ready
    started_at:        YYYY-MM-DDTHH:MM:SSZ
    duration_ms:       61000
    size:              1000000
    vendor.id:         r1
    vendor.status:     available
    vendor.name:       standup
    vendor.sessionId:  s
    vendor.createdAt:  1767225600000
    vendor.duration:   61
    vendor.size:       1000000
    $ tok recording wait r1 --json
    {"id":"r1","backend":"opentok","room":"standup","session_id":"s","status":"ready","started_at":"YYYY-MM-DDTHH:MM:SSZ","duration_ms":61000,"size":1000000,"vendor":{"id":"r1","status":"available","name":"standup","sessionId":"s","createdAt":1767225600000,"duration":61,"size":1000000}}
    $ tok recording delete r1
    ! error: nobody is there to confirm this; nothing was done
    ! hint: look first with --dry-run, then repeat with --yes
    exit 9
    $ tok recording delete r1 --yes
    ID  ROOM     BACKEND  STATUS  BEGAN                 SECONDS  BYTES
    r1  standup  opentok  ready   YYYY-MM-DDTHH:MM:SSZ  61       1000000
    $ tok recording delete r2 --yes --json
    [{"id":"r2","backend":"opentok","room":"standup","session_id":"s","status":"ready","started_at":"YYYY-MM-DDTHH:MM:SSZ","duration_ms":61000,"size":1000000,"vendor":{"id":"r2","status":"available","name":"standup","sessionId":"s","createdAt":1767225600000,"duration":61,"size":1000000}}]
    $ tok recording prune --older-than 1h --dry-run
    ID  ROOM     BACKEND  STATUS  BEGAN                 SECONDS  BYTES
    r3  standup  opentok  ready   YYYY-MM-DDTHH:MM:SSZ  61       1000000
    ! dry run: nothing was done
    $ tok recording prune --older-than 1h --yes --json
    {"backend":"opentok","deleted":1,"failed":0,"remaining":0,"items":[{"id":"r3","outcome":"deleted"}]}
    "#);
    shell.does("room create standup");
    assert_snapshot!(shell.shows(&[
        "recording start standup --dry-run",
        "recording start nope",
        "recording stop nope",
    ]), @"
    $ tok recording start standup --dry-run
    backend:  opentok
    room:     standup
    ! dry run: nothing was done
    $ tok recording start nope
    ! error: there is no room `nope`
    ! hint: see what there is: `tok room list`
    exit 3
    $ tok recording stop nope
    ! error: there is no recording `nope`
    ! hint: see what there is: `tok recording list`
    exit 3
    ");
    here.verify();
    there.verify();
}
