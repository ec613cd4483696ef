//! What goes wrong for the whole project holds everybody back, and what does not, nobody.

use serde_json::json;
use tok::Kind;
use tok::commands::notify::{flush, show};
use tok::model::notification::NotificationState;

use super::{chat, queue, state};
use crate::support::{FakeFcm, FcmFault as Fault, over, put};

#[tokio::test]
async fn the_quota_holds_everybody_back() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[("TOK_PUSH__STREAMS", "1")]);
    for n in 0..5 {
        queue(&context, &format!("n{n}"), chat("t", "hello")).await;
    }
    fcm.fault(Fault::ProjectQuota(90));
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    assert_eq!((report.delivered, report.retrying), (0, 1), "{report:?}");
    assert!(
        report.blocked.is_some(),
        "the run ends, the rest stays: {report:?}"
    );
    assert_eq!(fcm.calls(), 1);
    let status = show::run(&context, "n0".into()).await.expect("known");
    let rest = status
        .next_at
        .expect("later")
        .duration_since(status.at.expect("noted"));
    assert_eq!(rest.as_secs(), 90, "Retry-After is obeyed");
    fcm.verify();
}

/// A slip of the service, or of whoever answers in its place, ends the sending neither now nor for ever.
#[tokio::test]
async fn an_absurd_wait_is_none() {
    for asked in [u64::MAX, 1_000_000_000_000_000_000, 24 * 3600 + 1] {
        let fcm = FakeFcm::start().await;
        let (context, _dir) = over(&fcm.variables(), &[("TOK_PUSH__STREAMS", "1")]);
        queue(&context, "n1", chat("t", "hello")).await;
        fcm.fault(Fault::ProjectQuota(asked));
        let report = flush::run(&context, flush::Input::default()).await;
        let report = report.expect("flushes");
        assert_eq!(report.retrying, 1, "{asked}: {report:?}");
        let status = show::run(&context, "n1".into()).await.expect("known");
        let at = status.at.expect("noted");
        let rest = status.next_at.expect("later").duration_since(at);
        assert!(rest.as_hours() <= 24, "{asked}: {rest}");
        fcm.verify();
    }
}

#[tokio::test]
async fn a_refused_credential_stops_everything_and_parks_nothing() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[("TOK_PUSH__STREAMS", "1")]);
    queue(&context, "n1", chat("t", "hello")).await;
    fcm.fault(Fault::Forbidden);
    let error = flush::run(&context, flush::Input::default())
        .await
        .expect_err("refused");
    assert_eq!(error.kind(), Kind::Refused);
    assert!(
        error.message().contains("google.credentials_file"),
        "{error}"
    );
    assert_eq!(state(&context, "n1").await, NotificationState::Queued);
    fcm.verify();
}

#[tokio::test]
async fn when_all_tokens_are_strangers_the_project_is_wrong() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[("TOK_PUSH__STREAMS", "1")]);
    for n in 0..20 {
        queue(
            &context,
            &format!("n{n:02}"),
            chat(&format!("stranger-{n}"), "x"),
        )
        .await;
    }
    put(&context, "users", "ada", json!({ "token": "stranger-1" })).await;
    let refused = flush::run(&context, flush::Input::default())
        .await
        .expect_err("stops");
    assert_eq!(refused.kind(), Kind::Refused);
    assert!(refused.message().contains("fcm.project_id"), "{refused}");
    assert_eq!(fcm.calls(), 20, "each is asked for once");
    let left = context.documents.count("notifications").await;
    assert_eq!(left.expect("counts"), 20, "all of them wait");
    let ada = context.documents.get("users", "ada").await.expect("reads");
    assert!(
        ada.expect("there").json.contains("stranger-1"),
        "it is kept"
    );
}

/// After a restart nothing is known of the project yet, and old tokens may well come first.
#[tokio::test]
async fn strangers_at_the_head_of_the_queue_do_not_keep_the_others_from_being_sent() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[("TOK_PUSH__STREAMS", "1")]);
    for n in 0..8 {
        let token = format!("stranger-{n}");
        queue(&context, &format!("n{n}"), chat(&token, "x")).await;
    }
    queue(&context, "n8", chat("good", "x")).await;
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("goes through");
    assert_eq!((report.delivered, report.retrying), (1, 8), "{report:?}");
    assert_eq!(report.blocked, None);
    fcm.verify();
}

/// One token of another project among good ones: it is kept aside with the reason, the token is
/// kept, and the others get theirs.
#[tokio::test]
async fn one_stranger_stops_nobody_and_is_not_forgotten() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[("TOK_PUSH__STREAMS", "1")]);
    put(&context, "users", "eve", json!({ "token": "stranger-e" })).await;
    put(&context, "users", "ada", json!({ "token": "good" })).await;
    for n in 0..8 {
        let token = if n % 2 == 0 { "good" } else { "stranger-e" };
        queue(&context, &format!("n{n}"), chat(token, "x")).await;
    }
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("goes through");
    assert_eq!((report.delivered, report.parked), (4, 4), "{report:?}");
    let status = show::run(&context, "n1".into()).await.expect("known");
    assert_eq!(status.state, NotificationState::Parked);
    let reason = status.reason.expect("a reason");
    assert!(reason.contains("another project"), "{reason}");
    let eve = context.documents.get("users", "eve").await.expect("reads");
    assert!(
        eve.expect("there").json.contains("stranger-e"),
        "it is kept"
    );
    fcm.verify();
}
