//! Whoever is connected over a socket is there by it, and only as long.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{SinkExt, StreamExt, stream};
use serde_json::json;
use tok::backends::presence::{PresenceStream, Presences};
use tok::context::Context;
use tok::model::presence::{ConnectionSign, Presence, PresenceState};
use tokio::net::TcpStream;
use tokio::sync::{oneshot, watch};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{PATIENCE, TestApp};

/// Within so long the server says of everybody connected that they are still there.
const SIGN: Duration = Duration::from_secs(31);
/// Clients that are not asked for a sign of life need not be listened to.
const UNASKED: (&str, &str) = ("TOK_SIGNALLING__PING_INTERVAL", "10m");

/// Whose sign is held up, and what waits until it goes on.
type HeldSign = (oneshot::Sender<String>, oneshot::Receiver<()>);

/// Presence in memory, where a sign can be held up before it is noted.
#[derive(Default)]
struct HeldPresences {
    /// What was noted of whom, in this order.
    noted: watch::Sender<Vec<(String, PresenceState)>>,
    held: Mutex<Option<HeldSign>>,
}

impl HeldPresences {
    fn held(&self) -> MutexGuard<'_, Option<HeldSign>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds up the next sign: tells whose it is once it came, and lets it go on.
    fn hold(&self) -> (oneshot::Receiver<String>, oneshot::Sender<()>) {
        let (came, whose) = oneshot::channel();
        let (go_on, waits) = oneshot::channel();
        *self.held() = Some((came, waits));
        (whose, go_on)
    }

    /// Waits until what was noted is so.
    async fn until(&self, is: impl Fn(&[(String, PresenceState)]) -> bool) {
        let mut noted = self.noted.subscribe();
        let reached = tokio::time::timeout(PATIENCE, noted.wait_for(|noted| is(noted))).await;
        let is_so = reached.is_ok_and(|reached| reached.is_ok());
        assert!(is_so, "{:?}", *self.noted.borrow());
    }
}

#[async_trait]
impl Presences for HeldPresences {
    fn is_own(&self) -> bool {
        true
    }

    fn watch(&self) -> PresenceStream {
        stream::pending().boxed()
    }

    async fn get(&self, _: &str) -> tok::Result<Option<(Presence, Vec<ConnectionSign>)>> {
        Ok(None)
    }

    async fn announce(
        &self,
        user: &str,
        _: &str,
        (state, _): (PresenceState, Option<i64>),
        _: &str,
    ) -> tok::Result<()> {
        let held = self.held().take();
        if let Some((came, waits)) = held {
            came.send(user.to_owned()).expect("somebody waits for it");
            waits.await.expect("it goes on");
        }
        self.noted
            .send_modify(|noted| noted.push((user.to_owned(), state)));
        Ok(())
    }

    async fn expire(&self) -> tok::Result<u64> {
        Ok(0)
    }
}

/// A server with a room, which notes there who is connected.
async fn serve(presences: &Arc<HeldPresences>) -> TestApp {
    let app = TestApp::meddled(&[UNASKED], |context| Context {
        presences: presences.clone(),
        ..context
    });
    let app = app.await;
    app.post("/v1/rooms", json!({ "name": "tea" })).await;
    app
}

/// Somebody connects with a join token that says who they are.
async fn connect(app: &TestApp, user: &str) -> WebSocketStream<TcpStream> {
    let spec = json!({ "user_id": user });
    let (_, minted) = app.post("/v1/rooms/tea/tokens", spec).await;
    let token = minted["token"].as_str().expect("a token");
    let stream = TcpStream::connect(app.address).await.expect("connects");
    let url = format!("ws://{}/socket.io/?EIO=4&transport=websocket", app.address);
    let opened = tokio_tungstenite::client_async(url, stream).await;
    let (mut socket, _) = opened.expect("a socket");
    let hello = format!("40{}", json!({ "token": token }));
    socket.send(Message::text(hello)).await.expect("sent");
    socket
}

/// The next sign is given, and held up. Tells whose it is.
async fn comes(whose: oneshot::Receiver<String>) -> String {
    tokio::time::pause();
    tokio::time::advance(SIGN).await;
    tokio::time::resume();
    let came = tokio::time::timeout(PATIENCE, whose).await;
    came.expect("in time").expect("a sign")
}

#[tokio::test]
async fn a_sign_that_takes_long_holds_up_nobody_elses() {
    let presences = Arc::new(HeldPresences::default());
    let app = serve(&presences).await;
    let _sockets = (connect(&app, "ada").await, connect(&app, "bob").await);
    presences.until(|noted| noted.len() == 2).await;
    let (whose, go_on) = presences.hold();
    let held = comes(whose).await;
    let signs = |of: &str, noted: &[(String, PresenceState)]| {
        let online = (of.to_owned(), PresenceState::Online);
        noted.iter().filter(|noted| **noted == online).count()
    };
    let other = if held == "ada" { "bob" } else { "ada" };
    presences.until(|noted| signs(other, noted) > 1).await;
    go_on.send(()).expect("it waits");
    presences.until(|noted| signs(&held, noted) > 1).await;
}

#[tokio::test]
async fn who_goes_while_their_sign_is_held_up_is_not_there_again_by_it() {
    use PresenceState::{Offline, Online};
    let presences = Arc::new(HeldPresences::default());
    let app = serve(&presences).await;
    let mut socket = connect(&app, "ada").await;
    presences.until(|noted| noted.len() == 1).await;
    let (whose, go_on) = presences.hold();
    comes(whose).await;
    socket.send(Message::text("41")).await.expect("sent");
    let gone = |noted: &[(String, PresenceState)]| {
        let last = noted.last();
        last.is_some_and(|(_, state)| *state == Offline)
    };
    presences.until(gone).await;
    let before = presences.noted.borrow().len();
    go_on.send(()).expect("it waits");
    let after = |noted: &[(String, PresenceState)]| {
        let states = noted[before..].iter().map(|(_, state)| *state);
        states.eq([Online, Offline])
    };
    presences.until(after).await;
}
