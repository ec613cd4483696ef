//! Daily in bad weather: what is sent, what is repeated, what is said.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tok::Kind;
use tok::backends::documents::Write;
use tok::commands::room::{create, delete, show};
use tok::commands::token;
use tok::context::Context;
use tok::model::report::Outcome;
use tok::model::{BackendName, Role};

use crate::support::{Binary, FakeDaily, Fault, NOBODY, TestApp, context, daily, daily_variables};

struct World {
    daily: FakeDaily,
    context: Context,
    _dir: tempfile::TempDir,
}

async fn world() -> World {
    world_with(&[]).await
}

async fn world_with(more: &[(&str, &str)]) -> World {
    let daily = FakeDaily::start().await;
    let url = daily.url();
    let mut variables = daily_variables(&url);
    variables.extend_from_slice(more);
    let (context, dir) = context(&variables);
    World {
        daily,
        context,
        _dir: dir,
    }
}

fn named(name: &str) -> create::Input {
    create::Input {
        name: Some(name.to_owned()),
        ..create::Input::default()
    }
}

fn show_input(name: &str) -> show::Input {
    show::Input {
        name: name.to_owned(),
        backend: None,
    }
}

#[tokio::test]
async fn a_lost_answer_makes_one_room_and_no_error() {
    for fault in [Fault::LoseAnswer, Fault::Slow(Duration::from_secs(2))] {
        let world = world_with(&[("TOK_DAILY__TIMEOUT", "1s")]).await;
        world.daily.fault("POST /rooms", fault);
        let room = create::run(&world.context, named("lost"))
            .await
            .expect("creates");
        assert_eq!(room.name.as_str(), "lost");
        assert_eq!(world.daily.room_names(), ["lost"]);
        world.daily.verify();
    }
}

#[tokio::test]
async fn a_lost_request_is_sent_again() {
    for fault in [Fault::Cut, Fault::Status(503, "server-error"), Fault::Html] {
        let world = world().await;
        world.daily.fault("POST /rooms", fault);
        create::run(&world.context, named("again"))
            .await
            .expect("creates");
        assert_eq!(world.daily.room_names(), ["again"]);
        world.daily.verify();
    }
}

/// The answer is lost, and the room that is found is not what was asked for: somebody else's.
#[tokio::test]
async fn somebody_elses_room_is_not_adopted() {
    let world = world().await;
    world.daily.add_room("taken", 10, json!({}));
    world.daily.fault("POST /rooms", Fault::Cut);
    let error = create::run(&world.context, named("taken"))
        .await
        .expect_err("refused");
    assert_eq!(error.kind(), Kind::Conflict);
    world.daily.verify();
}

fn deletion(names: impl Iterator<Item = String>) -> delete::Input {
    delete::Input {
        names: names.collect(),
        backend: None,
        part: None,
    }
}

#[tokio::test]
async fn a_deletion_whose_answer_was_lost_is_a_deletion() {
    let world = world().await;
    world.daily.add_room("one", 1, json!({}));
    world.daily.fault("DELETE /rooms/one", Fault::LoseAnswer);
    let plan =
        delete::plan(&world.context, deletion(std::iter::once("one".to_owned()))).expect("plans");
    let report = delete::apply(&world.context, plan).await.expect("deletes");
    assert_eq!((report.deleted, report.missing), (1, 0));
    let names = || (0..50).map(|n| format!("r{n:02}"));
    names().for_each(|name| world.daily.add_room(&name, 1, json!({})));
    world.daily.fault("DELETE /batch/rooms", Fault::LoseAnswer);
    let plan = delete::plan(&world.context, deletion(names())).expect("plans");
    let report = delete::apply(&world.context, plan).await.expect("deletes");
    assert_eq!((report.deleted, report.missing, report.failed), (50, 0, 0));
    world.daily.verify();
}

/// What was done before the trouble is told, and the rest as failed.
#[tokio::test]
async fn trouble_in_the_middle_keeps_what_was_done() {
    let world = world().await;
    for name in ["a", "b", "c"] {
        world.daily.add_room(name, 1, json!({}));
    }
    world.daily.fault(
        "DELETE /rooms/b",
        Fault::Status(401, "authentication-error"),
    );
    let names = ["a", "b", "c"].map(str::to_owned);
    let plan = delete::plan(&world.context, deletion(names.into_iter())).expect("plans");
    let report = delete::apply(&world.context, plan).await.expect("reports");
    assert_eq!((report.deleted, report.failed), (1, 2));
    assert_eq!(
        report.verdict(false).map(|error| error.kind()),
        Some(Kind::Partial)
    );
    let codes: Vec<_> = report
        .items
        .iter()
        .map(|item| item.code.as_deref())
        .collect();
    let refused = Some("credential_refused");
    assert_eq!(codes, [None, refused, refused]);
    assert_eq!(world.daily.room_names(), ["b", "c"]);
    world.daily.verify();
}

#[tokio::test]
async fn exist_ok_takes_an_equal_room_only() {
    let world = world().await;
    create::run(&world.context, named("same"))
        .await
        .expect("creates");
    let again = |privacy| create::Input {
        exist_ok: true,
        privacy,
        ..named("same")
    };
    create::run(&world.context, again(None))
        .await
        .expect("adopts");
    let other = Some(tok::model::Privacy::Private);
    let error = create::run(&world.context, again(other))
        .await
        .expect_err("refused");
    assert_eq!(error.kind(), Kind::Conflict);
    assert!(error.message().contains("other settings"), "{error}");
}

#[tokio::test]
async fn a_rate_limit_is_waited_for_as_asked() {
    let world = world().await;
    world.daily.fault("POST /rooms", Fault::RetryAfter(1));
    let began = std::time::Instant::now();
    create::run(&world.context, named("patient"))
        .await
        .expect("creates");
    assert!(
        began.elapsed() >= Duration::from_secs(1),
        "Retry-After was not obeyed"
    );
    world
        .daily
        .fault("GET /rooms/patient", Fault::RetryAfter(3600));
    let error = show::run(&world.context, show_input("patient"))
        .await
        .expect_err("too long");
    assert_eq!(error.kind(), Kind::RateLimited);
    assert_eq!(error.wait(), Some(Duration::from_hours(1)));
    assert_eq!(
        world.daily.calls().len(),
        3,
        "a wait of an hour is not waited for"
    );
    world.daily.verify();
}

#[tokio::test]
async fn our_side_keeps_the_vendors_limit() {
    let world = world_with(&[("TOK_DAILY__RATE", "10/1s")]).await;
    create::run(&world.context, named("limited"))
        .await
        .expect("creates");
    world.daily.forget_calls();
    let began = std::time::Instant::now();
    for _ in 0..12 {
        show::run(&world.context, show_input("limited"))
            .await
            .expect("shows");
    }
    assert!(
        began.elapsed() >= Duration::from_millis(900),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(world.daily.calls().len(), 12);
}

#[tokio::test]
async fn each_kind_of_trouble_is_named() {
    let always = |fault: Fault| vec![fault; 5];
    let cases = [
        (
            vec![Fault::Status(401, "authentication-error")],
            Kind::Refused,
            "refused the credential (401); check daily.api_key",
        ),
        (
            vec![Fault::Status(403, "forbidden-error")],
            Kind::Refused,
            "refused the credential (403)",
        ),
        (
            always(Fault::Status(500, "server-error")),
            Kind::BadGateway,
            "Daily failed (500)",
        ),
        (always(Fault::Html), Kind::BadGateway, "is not JSON"),
        (always(Fault::Cut), Kind::BadGateway, "broke off its answer"),
        (
            always(Fault::Slow(Duration::from_mins(1))),
            Kind::Timeout,
            "did not answer in time",
        ),
    ];
    for (faults, kind, part) in cases {
        let world = match kind {
            Kind::Timeout => world_with(&[("TOK_DAILY__TIMEOUT", "200ms")]).await,
            _ => world().await,
        };
        for fault in faults {
            world.daily.fault("GET /rooms/x", fault);
        }
        let error = show::run(&world.context, show_input("x"))
            .await
            .expect_err("fails");
        assert_eq!(error.kind(), kind, "{error:?}");
        assert!(error.message().contains(part), "{error}");
        assert!(
            !error.message().contains("on demand"),
            "the vendor's text leaks: {error}"
        );
        if kind == Kind::Timeout {
            // How often it is tried depends on how slow everything else is.
            world.daily.forget_faults();
        }
        world.daily.verify();
    }
}

#[tokio::test]
async fn an_unreachable_vendor_is_named() {
    let url = format!("http://{NOBODY}/v1");
    let (context, _dir) = context(&daily_variables(&url));
    let error = show::run(&context, show_input("x"))
        .await
        .expect_err("fails");
    assert_eq!(error.kind(), Kind::BadGateway);
    let place = url.trim_start_matches("http://").trim_end_matches("/v1");
    let expected = format!("Daily cannot be reached at {place}: connection refused");
    assert_eq!(error.message(), expected);
}

#[tokio::test]
async fn names_are_checked_before_anything_is_sent() {
    let app = TestApp::over(&FakeDaily::start().await).await;
    for name in ["..%2Fx", "a%20b", "gr%C3%B6%C3%9Fe", &"x".repeat(129)] {
        let (status, body) = app.get(&format!("/v1/rooms/{name}")).await;
        assert_eq!(
            (status, &body["code"]),
            (StatusCode::BAD_REQUEST, &json!("invalid_input")),
            "{name}"
        );
    }
}

/// What Daily says it did is compared with what there is.
#[tokio::test]
async fn rooms_that_are_still_there_are_not_deleted() {
    let world = world().await;
    let names = || (0..50).map(|n| format!("r{n:02}"));
    names().for_each(|name| world.daily.add_room(&name, 1, json!({})));
    world.daily.fault("DELETE /batch/rooms", Fault::Deleted(0));
    let plan = delete::plan(&world.context, deletion(names())).expect("plans");
    let report = delete::apply(&world.context, plan).await.expect("tells");
    assert_eq!((report.deleted, report.failed), (0, 50));
    assert_eq!(world.daily.room_names().len(), 50);
    let refused = report.verdict(true).expect("is no success");
    assert_eq!(refused.kind(), Kind::Partial);
    world.daily.verify();
}

#[tokio::test]
async fn deletion_by_batch_survives_a_stranger_in_it() {
    let world = world().await;
    for n in 0..40 {
        world.daily.add_room(&format!("r{n:02}"), 1, json!({}));
    }
    // One room expires between the look and the deed: the batch is refused as a whole.
    world.daily.fault(
        "DELETE /batch/rooms",
        Fault::Status(400, "invalid-request-error"),
    );
    let input = delete::Input {
        names: (0..40).map(|n| format!("r{n:02}")).collect(),
        backend: None,
        part: None,
    };
    let plan = delete::plan(&world.context, input).expect("plans");
    let report = delete::apply(&world.context, plan).await.expect("deletes");
    assert_eq!((report.deleted, report.failed), (40, 0));
    assert_eq!(world.daily.room_names(), Vec::<String>::new());
    world.daily.verify();
}

#[tokio::test]
async fn an_expired_room_counts_as_deleted() {
    let world = world().await;
    world.daily.add_room("over", 1, json!({ "exp": 1_000 }));
    let input = delete::Input {
        names: vec!["over".to_owned()],
        backend: None,
        part: None,
    };
    let plan = delete::plan(&world.context, input).expect("plans");
    let report = delete::apply(&world.context, plan).await.expect("deletes");
    assert_eq!(report.items[0].outcome, Outcome::Deleted);
}

#[tokio::test]
async fn a_thousand_rooms_are_pruned_with_one_write() {
    let world = world().await;
    for n in 0..1000 {
        world.daily.add_room(&format!("old-{n}"), 40, json!({}));
    }
    world.daily.add_room("young", 1, json!({}));
    let input = tok::commands::room::prune::Input {
        older_than: Some("30d".parse().expect("a span")),
        ..Default::default()
    };
    let plan = tok::commands::room::prune::plan(&world.context, input)
        .await
        .expect("plans");
    assert_eq!(
        (plan.total, plan.matched, plan.cost.writes),
        (1001, 1000, 1)
    );
    let report = tok::commands::room::prune::apply(&world.context, plan)
        .await
        .expect("prunes");
    assert_eq!(report.deleted, 1000);
    assert_eq!(world.daily.room_names(), ["young"]);
    let writes: Vec<_> = world
        .daily
        .calls()
        .into_iter()
        .filter(|call| !call.starts_with("GET"))
        .collect();
    assert_eq!(writes, ["DELETE /batch/rooms"]);
    world.daily.verify();
}

#[tokio::test]
async fn the_registry_follows_the_vendor() {
    let world = world().await;
    let registered = async |name: &str| {
        let id = format!("daily:{name}");
        world
            .context
            .documents
            .get("tok_rooms", &id)
            .await
            .expect("reads")
            .is_some()
    };
    create::run(&world.context, named("known"))
        .await
        .expect("creates");
    assert!(registered("known").await);
    let input = delete::Input {
        names: vec!["known".to_owned()],
        backend: Some(BackendName::Daily),
        part: None,
    };
    let plan = delete::plan(&world.context, input).expect("plans");
    delete::apply(&world.context, plan).await.expect("deletes");
    assert!(!registered("known").await);
}

fn to_the_gate(spec: token::create::TokenSpec) -> token::create::Input {
    token::create::Input {
        room: "gate".parse().expect("a name"),
        room_id: None,
        spec,
        minter: tok::model::Minter::OPERATOR,
    }
}

/// Notes the room of the tokens in our own list.
async fn register_the_gate(world: &World) {
    let gate = json!({
        "name": "gate", "backend": "daily", "id": "x", "url": "", "privacy": "public",
        "created_at": Timestamp::UNIX_EPOCH,
    });
    let write = Write::put("tok_rooms", "daily:gate", &gate).expect("JSON");
    let noted = world.context.documents.commit(vec![write]).await;
    noted.expect("commits");
}

#[tokio::test]
async fn rest_tokens_carry_room_and_expiry() {
    let world = world_with(&[("TOK_DAILY__TOKENS", "rest")]).await;
    register_the_gate(&world).await;
    let token = token::create::run(
        &world.context,
        to_the_gate(token::create::TokenSpec::default()),
    )
    .await
    .expect("mints");
    assert_eq!(token.token, "rest-token-for-gate");
    world.daily.verify();
}

#[tokio::test]
async fn self_signed_tokens_follow_dailys_claims() {
    let world = world().await;
    register_the_gate(&world).await;
    let spec = token::create::TokenSpec {
        role: Role::Host,
        user_id: Some("u1".to_owned()),
        ..Default::default()
    };
    let run = async || token::create::run(&world.context, to_the_gate(spec.clone())).await;
    let token = run().await.expect("mints").token;
    run().await.expect("mints");
    assert_eq!(
        world.daily.calls(),
        ["GET /"],
        "the domain is asked for once"
    );
    let key = jsonwebtoken::DecodingKey::from_secret(daily::KEY.as_bytes());
    let validation = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::HS256);
    let claims = jsonwebtoken::decode::<Value>(&token, &key, &validation)
        .expect("genuine")
        .claims;
    assert_eq!(claims["r"], "gate");
    assert_eq!(claims["d"], daily::DOMAIN_ID);
    assert_eq!(claims["o"], true);
    assert_eq!(claims["ud"], "u1");
    let life = claims["exp"].as_i64().expect("exp") - claims["iat"].as_i64().expect("iat");
    assert_eq!(life, 3600);
    assert!(claims["iat"].as_i64().expect("iat") <= Timestamp::now().as_second());
}

#[tokio::test]
async fn there_are_no_tokens_for_rooms_that_daily_does_not_know() {
    let world = world().await;
    let spec = token::create::TokenSpec::default();
    let error = token::create::run(&world.context, to_the_gate(spec.clone())).await;
    assert_eq!(error.expect_err("refused").kind(), Kind::NotFound);
    let made = create::run(&world.context, named("gate")).await;
    made.expect("a room");
    let minted = token::create::run(&world.context, to_the_gate(spec)).await;
    assert_eq!(
        minted.expect("mints").url,
        None,
        "the vendor's page is not ours"
    );
}

#[tokio::test]
async fn a_user_id_too_long_for_daily_is_refused_here() {
    let world = world().await;
    let spec = token::create::TokenSpec {
        user_id: Some("x".repeat(37)),
        ..Default::default()
    };
    let error = token::create::run(&world.context, to_the_gate(spec))
        .await
        .expect_err("refused");
    assert_eq!(error.kind(), Kind::InvalidInput);
    assert!(world.daily.calls().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_names_what_is_wrong() {
    let daily = FakeDaily::start().await;
    let url = daily.url();
    let mut variables = daily_variables(&url);
    let fine = Binary::with(&variables);
    let run = fine.run(&["doctor", "--json"]).ok().json();
    assert_eq!(run["healthy"], true);
    variables.push(("DAILY_API_KEY", "wrong-and-secret"));
    let run = Binary::with(&variables).run(&["doctor"]);
    assert_eq!(run.code, Some(8), "{run:#?}");
    assert!(
        run.stdout.contains("refused the credential (401)"),
        "{run:#?}"
    );
    assert!(run.stdout.contains("set daily.api_key"), "{run:#?}");
    assert!(!format!("{run:?}").contains("wrong-and-secret"), "{run:#?}");
    let run = Binary::with(&variables).run(&["room", "list"]);
    run.refused(5, "Daily refused the credential (401); check daily.api_key");
}

/// A count that is not what was asked for is looked into, and what is still there has failed.
#[tokio::test]
async fn a_deletion_that_daily_did_not_do_is_a_failure() {
    let world = world().await;
    let names = || (0..12).map(|number| format!("room-{number:02}"));
    for name in names() {
        world.daily.add_room(&name, 1, json!({}));
    }
    for several in [12, 2] {
        world.daily.fault("DELETE", Fault::Idle);
        let input = deletion(names().take(several));
        let plan = delete::plan(&world.context, input).expect("a plan");
        let report = delete::apply(&world.context, plan).await;
        let report = report.expect("a report");
        let failed = if several == 12 { 12 } else { 1 };
        assert_eq!(
            (report.failed, report.deleted),
            (failed, several as u64 - failed)
        );
        let failed = report
            .items
            .iter()
            .find(|item| item.outcome == Outcome::Failed);
        let why = failed
            .and_then(|item| item.error.as_deref())
            .expect("a reason");
        assert!(why.contains("still there"), "{why}");
    }
    assert_eq!(world.daily.room_names().len(), 11);
    world.daily.verify();
}

/// A vendor, or a cache before it, that repeats a page.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_brings_nothing_new_ends_with_an_error() {
    let daily = FakeDaily::start().await;
    for number in 0..130 {
        daily.add_room(&format!("room-{number}"), 40, json!({}));
    }
    daily.repeat_the_first_page();
    let url = daily.url();
    let binary = Binary::with(&daily_variables(&url));
    let gone: Vec<String> = (0..20).map(|number| format!("gone-{number}")).collect();
    let mut delete = vec!["room", "delete", "--yes"];
    delete.extend(gone.iter().map(String::as_str));
    for (command, code) in [
        (&["room", "list", "-o", "name"][..], 6),
        (&["room", "prune", "--older-than", "30d", "--yes"], 6),
        (&["store", "check"], 6),
        (&delete, 6),
    ] {
        daily.forget_calls();
        let run = binary.run(command);
        assert_eq!(run.code, Some(code), "{command:?}: {run:#?}");
        assert!(run.stderr.contains("does not end"), "{command:?}: {run:#?}");
        let calls = daily.calls();
        assert!(calls.len() <= 4, "{command:?}: {calls:?}");
        assert!(
            !calls.iter().any(|call| call.starts_with("DELETE")),
            "{calls:?}"
        );
    }
}
