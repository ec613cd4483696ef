//! A strict stand-in for a push service (RFC 8030): it checks every header, the signature (RFC 8292) by
//! other code than what signs, and decrypts what came (RFC 8291) as the receiver would.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::encoding::{AsBigEndian, EcPrivateKeyBin};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ece::EcKeyComponents;
use serde_json::{Value, json};
use tokio::sync::watch;

/// A way to misbehave.
#[derive(Debug, Clone, Copy)]
pub enum Weather {
    /// This status, with `Retry-After`.
    Status(u16, Option<u64>),
    /// Takes the message and never answers.
    Hang,
    /// Sends on to another address.
    Redirect(SocketAddr),
    /// A page for people in the place of the service.
    Page(u16),
    /// Refuses bodies that are longer than so many bytes.
    Narrow(usize),
}

/// A message that was taken.
#[derive(Debug, Clone)]
pub struct Taken {
    pub receiver: String,
    pub ttl: u64,
    pub urgency: String,
    pub topic: String,
    /// The public key of the sender.
    pub by: String,
    pub contact: String,
    pub data: Value,
}

#[derive(Default)]
struct World {
    receivers: HashMap<String, (EcKeyComponents, Vec<u8>)>,
    weather: HashMap<String, VecDeque<Weather>>,
    always: Option<Weather>,
    taken: Vec<Taken>,
    calls: usize,
    wrong: Vec<String>,
}

/// A running stand-in.
#[derive(Clone)]
pub struct FakePushService {
    pub address: SocketAddr,
    /// What it is called, with its port.
    host: String,
    /// It is the server of a distributor of UnifiedPush: its addresses and answers are like those of ntfy.
    distributes: bool,
    state: Arc<Mutex<World>>,
    taken: Arc<watch::Sender<usize>>,
}

impl FakePushService {
    pub async fn start() -> Self {
        Self::called("127.0.0.1", false).await
    }

    /// A distributor's server that is called so.
    pub async fn distributor(name: &str) -> Self {
        Self::called(name, true).await
    }

    async fn called(name: &str, distributes: bool) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let fake = Self {
            address,
            host: format!("{name}:{}", address.port()),
            distributes,
            state: Arc::default(),
            taken: Arc::new(watch::Sender::new(0)),
        };
        let router = Router::new().fallback(answer).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        fake
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.state.lock().expect("not poisoned")
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.host)
    }

    pub fn endpoint(&self, receiver: &str) -> String {
        let (before, after) = self.place();
        format!("{}{before}{receiver}{after}", self.origin())
    }

    /// What stands before and after the receiver in an endpoint.
    fn place(&self) -> (&'static str, &'static str) {
        if self.distributes {
            ("/", "?up=1")
        } else {
            ("/push/", "")
        }
    }

    /// Another receiver; what its browser gives the page.
    pub fn subscribe(&self, receiver: &str) -> Value {
        let key = PrivateKey::generate(&ECDH_P256).expect("a key");
        let private: EcPrivateKeyBin<'_> = key.as_be_bytes().expect("can be told");
        let public = key.compute_public_key().expect("a point");
        let mut auth = [0; 16];
        aws_lc_rs::rand::fill(&mut auth).expect("chance");
        let keys = EcKeyComponents::new(private.as_ref(), public.as_ref());
        let receivers = &mut self.world().receivers;
        receivers.insert(receiver.to_owned(), (keys, auth.to_vec()));
        json!({
            "endpoint": self.endpoint(receiver), "expirationTime": null,
            "keys": { "p256dh": BASE64.encode(public.as_ref()), "auth": BASE64.encode(auth) },
        })
    }

    /// What the next message to a receiver meets.
    pub fn meets(&self, receiver: &str, weather: Weather) {
        let of = &mut self.world().weather;
        of.entry(receiver.to_owned())
            .or_default()
            .push_back(weather);
    }

    /// What all messages meet from now on.
    pub fn always(&self, weather: Option<Weather>) {
        self.world().always = weather;
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.world().taken.clone()
    }

    pub fn calls(&self) -> usize {
        self.world().calls
    }

    /// Waits until so many messages were taken.
    pub async fn reached(&self, count: usize) {
        let mut taken = self.taken.subscribe();
        let reached = taken.wait_for(|taken| *taken >= count);
        let ended = tokio::time::timeout(Duration::from_secs(30), reached).await;
        ended
            .unwrap_or_else(|_| panic!("{} of {count} messages came", *self.taken.borrow()))
            .expect("open");
    }

    /// Fails if anything was sent that a push service refuses.
    #[track_caller]
    pub fn verify(&self) {
        let world = self.world();
        assert!(world.wrong.is_empty(), "{:#?}", world.wrong);
    }
}

async fn answer(
    State(fake): State<FakePushService>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let receiver = uri.path().rsplit('/').next().unwrap_or_default().to_owned();
    let weather = {
        let mut world = fake.world();
        world.calls += 1;
        let due = world
            .weather
            .get_mut(&receiver)
            .and_then(VecDeque::pop_front);
        due.or(world.always)
    };
    let taken = {
        let mut world = fake.world();
        let looked = look(&world, &fake, &method, &uri, &headers, &body);
        looked.map_err(|wrong| {
            world.wrong.push(wrong.clone());
            (StatusCode::BAD_REQUEST, wrong).into_response()
        })
    };
    let taken = match taken {
        Ok(taken) => taken,
        Err(refused) => return refused,
    };
    match weather {
        Some(Weather::Status(status, after)) => {
            let status = StatusCode::from_u16(status).expect("a status");
            // Some repeat the address in what they say.
            let mut response = (status, fake.endpoint(&receiver)).into_response();
            if let Some(after) = after {
                response.headers_mut().insert("retry-after", after.into());
            }
            return response;
        }
        Some(Weather::Redirect(to)) => {
            let to = format!("http://{to}/push/elsewhere");
            return (StatusCode::TEMPORARY_REDIRECT, [("location", to)]).into_response();
        }
        Some(Weather::Page(status)) => {
            let status = StatusCode::from_u16(status).expect("a status");
            let page = axum::response::Html("<html>Please sign in</html>");
            return (status, page).into_response();
        }
        Some(Weather::Narrow(most)) if body.len() > most => {
            return StatusCode::PAYLOAD_TOO_LARGE.into_response();
        }
        Some(Weather::Hang) => {
            std::future::pending::<()>().await;
        }
        Some(Weather::Narrow(_)) | None => {}
    }
    fake.world().taken.push(taken);
    fake.taken.send_modify(|taken| *taken += 1);
    if fake.distributes {
        return axum::Json(json!({ "id": "m1", "event": "message" })).into_response();
    }
    (
        StatusCode::CREATED,
        [("location", format!("{}/m/1", fake.origin()))],
    )
        .into_response()
}

fn look(
    world: &World,
    fake: &FakePushService,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Taken, String> {
    let (before, after) = fake.place();
    let place = uri.to_string();
    let receiver = place
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after));
    let receiver = receiver.unwrap_or_default();
    if method != Method::POST || receiver.is_empty() || receiver.contains('?') {
        return Err(format!("{method} {uri}"));
    }
    let text = |name: &str| -> Result<&str, String> {
        let mut all = headers.get_all(name).iter();
        match (all.next(), all.next()) {
            (Some(value), None) => value.to_str().map_err(|_| format!("{name} is no text")),
            (None, _) => Err(format!("{name} is missing")),
            _ => Err(format!("{name} is there twice")),
        }
    };
    for (name, value) in [
        ("content-encoding", "aes128gcm"),
        ("content-type", "application/octet-stream"),
    ] {
        if text(name)? != value {
            return Err(format!("{name} is {}", text(name)?));
        }
    }
    let ttl: u64 = text("ttl")?.parse().map_err(|_| "ttl is no number")?;
    let urgency = text("urgency")?.to_owned();
    if !["very-low", "low", "normal", "high"].contains(&urgency.as_str()) {
        return Err(format!("urgency is {urgency}"));
    }
    let topic = text("topic")?.to_owned();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if topic.is_empty() || topic.len() > 32 || !topic.chars().all(plain) {
        return Err(format!("topic is {topic}"));
    }
    let (by, contact) = signed(text("authorization")?, &fake.origin())?;
    if body.len() > 4096 || body.len() < 86 + 17 || body[16..21] != [0, 0, 16, 0, 65] {
        return Err(format!("a body of {} bytes, or its header", body.len()));
    }
    let (keys, auth) = world.receivers.get(receiver).ok_or("no such receiver")?;
    let data = ece::decrypt(keys, auth, body).map_err(|error| error.to_string())?;
    let data = serde_json::from_slice(&data).map_err(|error| error.to_string())?;
    Ok(Taken {
        receiver: receiver.to_owned(),
        ttl,
        urgency,
        topic,
        by,
        contact,
        data,
    })
}

/// Who says so, if the signature is good.
fn signed(header: &str, origin: &str) -> Result<(String, String), String> {
    let (token, key) = header
        .strip_prefix("vapid t=")
        .and_then(|rest| rest.split_once(", k="))
        .ok_or("the authorization is none")?;
    let bytes = |text: &str| BASE64.decode(text).map_err(|error| error.to_string());
    let public = bytes(key)?;
    if public.len() != 65 || public[0] != 4 {
        return Err("k is no point".to_owned());
    }
    let (said, signature) = token.rsplit_once('.').ok_or("t is no token")?;
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &public)
        .verify(said.as_bytes(), &bytes(signature)?)
        .map_err(|_| "the signature is wrong")?;
    let (head, claims) = said.split_once('.').ok_or("t is no token")?;
    let json = |text: &str| -> Result<Value, String> {
        serde_json::from_slice(&bytes(text)?).map_err(|error| error.to_string())
    };
    let (head, claims) = (json(head)?, json(claims)?);
    if head["alg"] != "ES256" || claims["aud"] != origin {
        return Err(format!("{head} {claims}"));
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("later");
    let left = claims["exp"]
        .as_u64()
        .unwrap_or(0)
        .checked_sub(now.as_secs());
    if left.is_none_or(|left| left > 24 * 3600) {
        return Err(format!("exp is {}", claims["exp"]));
    }
    let contact = claims["sub"].as_str().unwrap_or_default().to_owned();
    if !contact.starts_with("mailto:") && !contact.starts_with("https:") {
        return Err(format!("sub is {contact}"));
    }
    Ok((key.to_owned(), contact))
}
