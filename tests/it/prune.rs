//! Pruning: which rooms, which limits, which order.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tok::Kind;
use tok::backends::documents::Write;
use tok::commands::lease::{Lease, LeaseName};
use tok::commands::room::{create, prune};
use tok::context::Context;
use tok::model::{BackendName, Room, Span};

use crate::support::{Binary, FakeDaily, TestApp, context, daily_variables, enter};

fn days(days: u64) -> Span {
    Span::seconds(days * 86_400)
}

/// A local room with a past that nobody can give it from outside.
async fn room(context: &Context, name: &str, age: i64, expires: Option<i64>, joined: Option<i64>) {
    let input = create::Input {
        name: Some(name.to_owned()),
        ..create::Input::default()
    };
    let ago = |days: i64| Timestamp::now() - SignedDuration::from_hours(24 * days);
    let room = Room {
        created_at: ago(age),
        expires_at: expires.map(ago),
        last_joined_at: joined.map(ago),
        has_hosts: false,
        locked: false,
        ..create::run(context, input).await.expect("creates")
    };
    let write = Write::put("tok_rooms", &format!("local:{name}"), &room).expect("JSON");
    context
        .documents
        .commit(vec![write])
        .await
        .expect("commits");
}

async fn matched(context: &Context, input: prune::Input) -> Vec<String> {
    let plan = prune::plan(context, input).await.expect("plans");
    assert_eq!(plan.matched, plan.names.len() as u64);
    plan.names.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn each_filter_takes_its_rooms_and_all_must_agree() {
    let (context, _dir) = context(&[]);
    room(&context, "fresh", 0, None, None).await;
    room(&context, "old", 40, None, None).await;
    room(&context, "expired", 5, Some(1), None).await;
    room(&context, "long-expired", 50, Some(45), None).await;
    room(&context, "used-lately", 40, None, Some(2)).await;
    room(&context, "used-once", 40, None, Some(30)).await;
    room(&context, "busy", 40, Some(1), Some(3)).await;
    enter(&context, "busy", "p").await;
    let none = prune::Input::default;
    let cases = [
        (
            prune::Input {
                older_than: Some(days(30)),
                ..none()
            },
            vec!["long-expired", "old", "used-lately", "used-once"],
        ),
        (
            prune::Input {
                expired: true,
                ..none()
            },
            vec!["expired", "long-expired"],
        ),
        (
            prune::Input {
                expired_for: Some(days(7)),
                ..none()
            },
            vec!["long-expired"],
        ),
        (
            prune::Input {
                never_joined: true,
                ..none()
            },
            vec!["expired", "fresh", "long-expired", "old"],
        ),
        (
            prune::Input {
                unused_for: Some(days(7)),
                ..none()
            },
            vec!["long-expired", "old", "used-once"],
        ),
        (
            prune::Input {
                matching: Some("*expired".to_owned()),
                ..none()
            },
            vec!["expired", "long-expired"],
        ),
        (
            prune::Input {
                matching: Some("[of]*".to_owned()),
                ..none()
            },
            vec!["fresh", "old"],
        ),
        (
            prune::Input {
                empty: true,
                older_than: Some(days(45)),
                ..none()
            },
            vec!["long-expired"],
        ),
        (
            prune::Input {
                never_joined: true,
                older_than: Some(days(30)),
                ..none()
            },
            vec!["long-expired", "old"],
        ),
        (
            prune::Input {
                expired: true,
                include_occupied: true,
                ..none()
            },
            vec!["busy", "expired", "long-expired"],
        ),
        // Who asks for empty rooms means them, whatever else is allowed.
        (
            prune::Input {
                empty: true,
                include_occupied: true,
                matching: Some("*us*".to_owned()),
                ..none()
            },
            vec!["used-lately", "used-once"],
        ),
    ];
    for (input, expected) in cases {
        assert_eq!(
            matched(&context, input.clone()).await,
            expected,
            "{input:?}"
        );
    }
    let plan = prune::plan(
        &context,
        prune::Input {
            expired: true,
            ..none()
        },
    )
    .await
    .expect("plans");
    assert_eq!((plan.total, plan.matched, plan.occupied), (7, 2, 1));
}

#[tokio::test]
async fn dailys_history_and_presence_are_asked() {
    let daily = FakeDaily::start().await;
    let url = daily.url();
    let (context, _dir) = context(&daily_variables(&url));
    for (name, age) in [
        ("never", 40),
        ("lately", 40),
        ("once", 40),
        ("young", 1),
        ("busy", 40),
    ] {
        daily.add_room(name, age, json!({}));
    }
    daily.add_meeting("lately", 2);
    daily.add_meeting("once", 20);
    daily.add_person("busy", "p1");
    // More than one page of history.
    for _ in 0..250 {
        daily.add_meeting("elsewhere", 3);
    }
    let input = prune::Input {
        unused_for: Some(days(7)),
        ..prune::Input::default()
    };
    assert_eq!(matched(&context, input).await, ["never", "once"]);
    let input = prune::Input {
        never_joined: true,
        ..prune::Input::default()
    };
    assert_eq!(matched(&context, input).await, ["never", "young"]);
    daily.verify();
}

#[tokio::test]
async fn a_safety_limit_stops_everything() {
    let (context, _dir) = context(&[]);
    for n in 0..10 {
        room(&context, &format!("r{n}"), 0, None, None).await;
    }
    room(&context, "other", 0, None, None).await;
    let all = || prune::Input {
        matching: Some("r*".to_owned()),
        ..prune::Input::default()
    };
    for input in [
        prune::Input {
            max_delete: Some(9),
            ..all()
        },
        prune::Input {
            max_delete_percent: Some(90),
            ..all()
        },
    ] {
        let plan = prune::plan(&context, input).await.expect("plans");
        assert!(plan.guard.is_some(), "{plan:?}");
        let error = prune::apply(&context, plan).await.expect_err("stopped");
        assert_eq!(error.kind(), Kind::Guard);
        assert_eq!(
            context.documents.count("tok_rooms").await.expect("counts"),
            11
        );
    }
    let input = prune::Input {
        matching: Some("*".to_owned()),
        max_delete: Some(11),
        max_delete_percent: Some(100),
        ..all()
    };
    let plan = prune::plan(&context, input).await.expect("plans");
    assert_eq!((plan.matched, plan.guard), (11, None), "as many as allowed");
    let input = prune::Input {
        max_delete: Some(10),
        max_delete_percent: Some(91),
        ..all()
    };
    let plan = prune::plan(&context, input).await.expect("plans");
    assert_eq!(
        prune::apply(&context, plan).await.expect("prunes").deleted,
        10
    );
}

/// Between plan and deed somebody goes in: their room is left alone.
#[tokio::test]
async fn a_stale_plan_is_made_again() {
    let (context, _dir) = context(&[]);
    for name in ["left", "joined", "gone"] {
        room(&context, name, 0, None, None).await;
    }
    let input = prune::Input {
        matching: Some("*".to_owned()),
        ..prune::Input::default()
    };
    let mut plan = prune::plan(&context, input).await.expect("plans");
    plan.made_at = Timestamp::UNIX_EPOCH;
    enter(&context, "joined", "p").await;
    room(&context, "later", 0, None, None).await;
    let report = prune::apply(&context, plan).await.expect("prunes");
    let names: Vec<_> = report.items.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["gone", "left"]);
}

#[tokio::test]
async fn two_prunes_never_overlap() {
    let (context, _dir) = context(&[]);
    room(&context, "r", 0, None, None).await;
    let lease = Lease::take(&context, &LeaseName::prune(BackendName::Local))
        .await
        .expect("a lease");
    let input = prune::Input {
        matching: Some("*".to_owned()),
        ..prune::Input::default()
    };
    let plan = prune::plan(&context, input).await.expect("plans");
    let error = prune::apply(&context, plan.clone())
        .await
        .expect_err("locked");
    assert_eq!(error.kind(), Kind::Locked);
    lease.release().await;
    assert_eq!(
        prune::apply(&context, plan).await.expect("prunes").deleted,
        1
    );
}

#[tokio::test]
async fn a_dead_holders_lease_is_taken_over() {
    let (context, _dir) = context(&[]);
    let dead = json!({ "holder": "gone", "until": "2020-01-01T00:00:00Z", "life_ms": 0 });
    let write = Write::put("tok_leases", "room-prune:local", &dead).expect("JSON");
    context
        .documents
        .commit(vec![write])
        .await
        .expect("commits");
    let lease = Lease::take(&context, &LeaseName::prune(BackendName::Local)).await;
    lease.expect("is free").release().await;
}

#[test]
fn the_command_line_plans_asks_and_reports() {
    let binary = Binary::new();
    let names: String = (0..30).map(|n| format!("t-{n:02}\n")).collect();
    binary
        .pipe(&["room", "create", "-", "-o", "name"], &names)
        .ok();
    binary
        .run(&["room", "prune"])
        .refused(2, "no filter is given");
    binary
        .run(&["room", "prune", "--match", "["])
        .refused(2, "the pattern cannot be read");
    binary
        .run(&["room", "prune", "--match", "*"])
        .refused(9, "nobody is there to confirm this");
    binary
        .run(&[
            "room",
            "prune",
            "--match",
            "*",
            "--max-delete",
            "5",
            "--yes",
        ])
        .refused(13, "30 rooms match, more than the 5 allowed");
    let plan = binary
        .run(&["room", "prune", "--match", "t-0*", "--dry-run"])
        .ok();
    assert_eq!(plan.stdout.lines().count(), 11, "{plan:#?}");
    assert!(plan.stderr.contains("10 rooms of 30 match"), "{plan:#?}");
    let report = binary.dir().join("report.json");
    let path = report.to_str().expect("a path");
    let run = binary
        .run(&[
            "room", "prune", "--match", "t-0*", "--yes", "--report", path,
        ])
        .ok();
    assert!(run.stderr.contains("10 deleted"), "{run:#?}");
    let written = std::fs::read_to_string(report).expect("a report");
    let written: serde_json::Value = serde_json::from_str(&written).expect("JSON");
    assert_eq!(
        (&written["deleted"], &written["failed"]),
        (&json!(10), &json!(0))
    );
    let again = binary
        .run(&["room", "prune", "--match", "t-0*", "--yes"])
        .ok();
    assert!(again.stderr.contains("nothing to delete"), "{again:#?}");
    let out_of_time = binary.run(&[
        "room",
        "prune",
        "--match",
        "*",
        "--yes",
        "--max-runtime",
        "0ms",
    ]);
    assert_eq!(out_of_time.code, Some(8), "{out_of_time:#?}");
    assert!(
        out_of_time
            .stderr
            .contains("time limit was reached with 20 rooms to go"),
        "{out_of_time:#?}"
    );
}

/// What an operator or a program does brings nobody into a room.
#[tokio::test]
async fn a_token_and_a_message_of_an_operator_are_no_visit() {
    let app = TestApp::start().await;
    for name in ["invited", "told", "bare"] {
        assert_eq!(
            app.post("/v1/rooms", json!({ "name": name }))
                .await
                .0
                .as_u16(),
            201
        );
    }
    let (status, _) = app.post("/v1/rooms/invited/tokens", json!({})).await;
    assert_eq!(status.as_u16(), 201);
    let body = json!({ "content": "welcome" });
    let (status, sent) = app.post("/v1/rooms/told/messages", body).await;
    assert_eq!(status.as_u16(), 201, "{sent}");
    let (_, invited) = app.get("/v1/rooms/invited").await;
    assert_eq!(invited.get("last_joined_at"), None, "{invited}");
    assert!(invited["last_used_at"].is_string(), "{invited}");
    let never = prune::Input {
        never_joined: true,
        ..prune::Input::default()
    };
    assert_eq!(
        matched(&app.context, never).await,
        ["bare", "invited", "told"]
    );
    // Whoever has a fresh token may be about to come.
    for name in ["bare", "invited", "told"] {
        let age =
            serde_json::Map::from_iter([("created_at".to_owned(), json!("2020-01-01T00:00:00Z"))]);
        let write = Write::merge("tok_rooms", &format!("local:{name}"), age);
        app.context
            .documents
            .commit(vec![write])
            .await
            .expect("commits");
    }
    let unused = prune::Input {
        unused_for: Some(days(7)),
        ..prune::Input::default()
    };
    assert_eq!(matched(&app.context, unused).await, ["bare"]);
}
