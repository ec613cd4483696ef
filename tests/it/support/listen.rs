//! A scripted Firestore that can misbehave: each call of `Listen` plays the next script.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use futures_util::{Stream, StreamExt, stream};
use hidane_proto::google::firestore::v1 as pb;
use hidane_proto::google::rpc;
use hidane_proto::ordered;
use pb::firestore_server::{Firestore, FirestoreServer};
use pb::listen_response::ResponseType;
use pb::target_change::TargetChangeType;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Code, Request, Response, Status, Streaming};

/// One thing a script does.
#[derive(Clone)]
pub enum Step {
    Send(ResponseType),
    /// Ends the stream with this code.
    Fail(Code),
    /// Ends the stream without one.
    End,
    /// Says nothing more.
    Silence,
}

/// What a call of `Listen` brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    pub resume_token: Option<String>,
    pub authorization: String,
}

/// A running server.
pub struct ScriptedFirestore {
    pub address: SocketAddr,
    pub heard: Heards,
}

/// The calls, as they come.
pub type Heards = mpsc::UnboundedReceiver<Heard>;

struct Play {
    scripts: Mutex<VecDeque<Vec<Step>>>,
    heard: mpsc::UnboundedSender<Heard>,
}

impl ScriptedFirestore {
    pub async fn start(scripts: Vec<Vec<Step>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (sender, heard) = mpsc::unbounded_channel();
        let play = Play {
            scripts: Mutex::new(scripts.into()),
            heard: sender,
        };
        tokio::spawn(
            Server::builder()
                .add_service(FirestoreServer::from_arc(Arc::new(play)))
                .serve_with_incoming(TcpIncoming::from(listener)),
        );
        Self { address, heard }
    }
}

type Responses = Pin<Box<dyn Stream<Item = Result<pb::ListenResponse, Status>> + Send>>;

#[tonic::async_trait]
impl Firestore for Play {
    async fn listen(
        &self,
        request: Request<Streaming<pb::ListenRequest>>,
    ) -> Result<Response<Responses>, Status> {
        let authorization = request
            .metadata()
            .get("authorization")
            .expect("a credential");
        let authorization = authorization.to_str().expect("text").to_owned();
        let mut requests = request.into_inner();
        let first = requests.message().await?.expect("a target");
        let Some(pb::listen_request::TargetChange::AddTarget(target)) = first.target_change else {
            return Err(Status::invalid_argument("no target"));
        };
        assert_eq!(target.target_id, 1, "ids are bound to their query");
        let resume_token = match target.resume_type {
            Some(pb::target::ResumeType::ResumeToken(token)) => {
                Some(String::from_utf8(token).expect("text"))
            }
            Some(other) => panic!("{other:?}"),
            None => None,
        };
        // Nobody may be interested.
        drop(self.heard.send(Heard {
            resume_token,
            authorization,
        }));
        let script = self.scripts.lock().expect("not poisoned").pop_front();
        let steps = stream::iter(script.unwrap_or_else(|| vec![Step::Silence]));
        let responses = steps.flat_map(|step| match step {
            Step::Send(response) => stream::once(async {
                Some(Ok(pb::ListenResponse {
                    response_type: Some(response),
                }))
            })
            .boxed(),
            Step::Fail(code) => {
                stream::once(async move { Some(Err(Status::new(code, "scripted"))) }).boxed()
            }
            Step::End => stream::once(async { None }).boxed(),
            Step::Silence => stream::pending().boxed(),
        });
        let responses = responses
            .take_while(|response| futures_util::future::ready(response.is_some()))
            .filter_map(futures_util::future::ready);
        // The request is kept open with the answer, as the real one does.
        let responses = responses.map(move |response| {
            let _open = &requests;
            response
        });
        Ok(Response::new(Box::pin(responses)))
    }
}

/// The server took the target.
pub fn add() -> Step {
    target(TargetChangeType::Add, true, "", None)
}

/// Everything from before is sent; a consistent snapshot with this token follows.
pub fn current(token: &str) -> Vec<Step> {
    vec![
        target(TargetChangeType::Current, true, token, None),
        snapshot(token),
    ]
}

/// The stream is consistent up to here.
pub fn snapshot(token: &str) -> Step {
    target(TargetChangeType::NoChange, false, token, None)
}

pub fn reset() -> Step {
    target(TargetChangeType::Reset, true, "", None)
}

pub fn removed(code: Code) -> Step {
    target(TargetChangeType::Remove, true, "", Some(code))
}

fn target(kind: TargetChangeType, ours: bool, token: &str, cause: Option<Code>) -> Step {
    Step::Send(ResponseType::TargetChange(pb::TargetChange {
        target_change_type: kind.into(),
        target_ids: if ours { vec![1] } else { Vec::new() },
        resume_token: token.as_bytes().to_vec(),
        read_time: (!ours).then_some(prost_types::Timestamp {
            seconds: 1_767_225_600,
            nanos: 0,
        }),
        cause: cause.map(|code| rpc::Status {
            code: code.into(),
            message: "scripted".to_owned(),
            details: Vec::new(),
        }),
    }))
}

/// A document of the collection `things` is so.
pub fn put(id: &str, n: i64) -> Step {
    let mut fields = ordered::Fields::new();
    let value = pb::value::ValueType::IntegerValue(n);
    fields.insert(
        "n".to_owned(),
        pb::Value {
            value_type: Some(value),
        },
    );
    Step::Send(ResponseType::DocumentChange(pb::DocumentChange {
        document: Some(ordered::Document {
            name: name(id),
            fields,
            update_time: Some(prost_types::Timestamp {
                seconds: n,
                nanos: 0,
            }),
            ..ordered::Document::default()
        }),
        target_ids: vec![1],
        removed_target_ids: Vec::new(),
    }))
}

/// A document is gone.
pub fn delete(id: &str) -> Step {
    Step::Send(ResponseType::DocumentDelete(pb::DocumentDelete {
        document: name(id),
        removed_target_ids: vec![1],
        read_time: None,
    }))
}

/// So many documents match, says the server.
pub fn filter(count: i32) -> Step {
    Step::Send(ResponseType::Filter(pb::ExistenceFilter {
        target_id: 1,
        count,
        unchanged_names: None,
    }))
}

fn name(id: &str) -> String {
    format!("projects/demo-tok/databases/(default)/documents/things/{id}")
}
