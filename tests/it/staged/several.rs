//! Work on many things of which some cannot be done: the first that is told is what is wrong, and what to do.

use serde_json::json;

use super::vendors::JSON;
use super::work::{put, queue};
use super::{Met, Staged, all_are_told, answering, begun, http, run};
use crate::support::binary::Run;
use crate::support::{Binary, FakeFcm, FcmFault, borrowed};

/// A queue with so many notifications that are none.
fn odd(many: usize) -> Binary {
    let binary = Binary::new();
    for n in 0..many {
        let content = json!({ "token": { "of": "ada" }, "title": "Hello" });
        put(&binary, "notifications", &format!("odd{n}"), &content);
    }
    binary
}

#[test]
fn a_run_over_many_of_which_some_fail_is_told() {
    const CAUSE: &[&str] = &[
        "parked, as they cannot be sent: 7 (odd0: ",
        "`token` is not a text",
    ];
    all_are_told(&[
        Staged {
            name: "notifications that are none",
            stage: || {
                let run = run(&odd(7), "notify flush");
                let rest = ["odd1, parked: ", "odd4, parked: ", "and 2 more"];
                assert!(
                    rest.iter().all(|part| run.stderr.contains(part)),
                    "{run:#?}"
                );
                Met::by(run)
            },
            code: 8,
            cause: CAUSE,
            remedy: &["mend what is said, then `tok notify retry ID`, or --all"],
        },
        Staged {
            name: "notifications that are none, at a server",
            stage: || {
                let binary = odd(7);
                let served = binary.serve();
                Met::by(run(
                    &binary,
                    &format!("notify flush --server {}", served.url),
                ))
            },
            code: 8,
            cause: CAUSE,
            remedy: &["mend what is said, then `tok notify retry ID`, or --all"],
        },
        Staged {
            name: "a push service that is away",
            stage: || {
                let fcm = begun(FakeFcm::start());
                fcm.fault(FcmFault::Status(503, "UNAVAILABLE", None));
                let variables = fcm.variables();
                let binary = Binary::with(&borrowed(&variables));
                queue(&binary, &["t1"]);
                Met::by(run(&binary, "notify flush"))
            },
            code: 8,
            cause: &["n0: ", "503"],
            remedy: &["each is tried again, by the worker or the next run"],
        },
        Staged {
            name: "two that are not there",
            stage: || {
                let binary = Binary::new();
                run(&binary, "room create standup").ok();
                Met::by(run(&binary, "user show ada bob -o json"))
            },
            code: 8,
            cause: &["ada: there is no user `ada`"],
            remedy: &["see what there is: `tok user list`"],
        },
        Staged {
            name: "rooms that a vendor does not delete",
            stage: || {
                let body = r#"{"error":"invalid-request-error","info":"it is pinned"}"#;
                let url = format!("http://{}", answering(http("400 Bad Request", JSON, body)));
                let vendor = [("DAILY_API_KEY", "key"), ("TOK_DAILY__BASE_URL", &url)];
                let binary = Binary::with(&vendor);
                run(&binary, "room create standup --backend local").ok();
                Met::by(run(
                    &binary,
                    "room delete standup retro --yes --backend daily",
                ))
            },
            code: 8,
            cause: &["2 of 2 rooms could not be deleted (retro: ", "it is pinned"],
            remedy: &["mend what is said, and run the same command again"],
        },
    ]);
}

/// What is said beside a worker whose loop of notifications is paused, as FCM does not let it send.
fn beside_a_paused_loop(command: impl Fn(&Binary) -> Run) -> Option<Met> {
    let fcm = begun(FakeFcm::start());
    fcm.fault(FcmFault::Forbidden);
    let variables = fcm.variables();
    let binary = Binary::with(&borrowed(&variables));
    queue(&binary, &["t1"]);
    let _worker = binary.work(&["--only", "notify"]);
    crate::releases::eventually("it is paused", || {
        let told = run(&binary, "status").stdout;
        told.contains("paused").then_some(())
    });
    Met::by(command(&binary))
}

/// The same at a server.
fn at_a_server(binary: &Binary, command: &str) -> Run {
    let served = binary.serve();
    run(binary, &format!("{command} --server {}", served.url))
}

#[test]
fn why_nothing_is_sent_is_told() {
    const CAUSE: &[&str] = &["loop notify is paused since 20", "Permission denied"];
    const REMEDY: &[&str] = &[
        "role Firebase Cloud Messaging API Admin",
        "tries again at 20",
        "`tok work --once --only notify` at once",
    ];
    let row = |name, stage| Staged {
        name,
        stage,
        code: 0,
        cause: CAUSE,
        remedy: REMEDY,
    };
    all_are_told(&[
        row("a queue whose loop is paused", || {
            beside_a_paused_loop(|binary| run(binary, "notify list"))
        }),
        row("a queue whose loop is paused, at a server", || {
            beside_a_paused_loop(|binary| at_a_server(binary, "notify list"))
        }),
        row("a notification whose loop is paused", || {
            beside_a_paused_loop(|binary| {
                let json = run(binary, "notify show n0 --json").ok().json();
                let told = json["waits_for"].as_str().expect("it is told").to_owned();
                assert!(told.starts_with("loop notify is paused since"), "{told}");
                let list = run(binary, "notify list --json").ok().json();
                let waits = list[0]["waits_for"].as_str().expect("it is told");
                assert!(waits.starts_with("loop notify is paused since"), "{waits}");
                run(binary, "notify show n0")
            })
        }),
        row("a notification whose loop is paused, at a server", || {
            beside_a_paused_loop(|binary| at_a_server(binary, "notify show n0"))
        }),
        row("what waits for a person whose loop is paused", || {
            beside_a_paused_loop(|binary| run(binary, "notify list --since 1h"))
        }),
        Staged {
            name: "what comes while the push service takes nothing",
            stage: || {
                let fcm = begun(FakeFcm::start());
                // A loop that loses its lease meets it again.
                for _ in 0..20 {
                    fcm.fault(FcmFault::Status(503, "UNAVAILABLE", Some(3600)));
                }
                let mut variables = fcm.variables();
                // What a loop is doing is noted as often, and counts for three times as long.
                variables.push(("TOK_WORKER__LEASE", "5s".to_owned()));
                let binary = Binary::with(&borrowed(&variables));
                queue(&binary, &["t1"]);
                let _worker = binary.work(&["--only", "notify"]);
                crate::releases::eventually("it is told", || {
                    let told = run(&binary, "status").stdout;
                    told.contains("takes nothing now").then_some(())
                });
                queue(&binary, &["t1", "t2"]);
                Met::by(run(&binary, "notify show n1"))
            },
            code: 0,
            cause: &[
                "loop notify is failing since 20",
                "the push service takes nothing now: FCM says 503",
            ],
            remedy: &["; tries again at 20", "mend what is said"],
        },
        Staged {
            name: "a queue without a worker",
            stage: || {
                let binary = Binary::new();
                queue(&binary, &["t1"]);
                Met::by(run(&binary, "notify list"))
            },
            code: 0,
            cause: &["no worker has been seen yet"],
            remedy: &["start `tok work`"],
        },
    ]);
}
