//! A client of sockets that polls, from whatever address a proxy in front of it tells.

use std::collections::VecDeque;

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::{PATIENCE, TestApp};

/// One session.
pub struct Polling<'a> {
    app: &'a TestApp,
    /// Where the client is just now.
    pub from: String,
    session: String,
    heard: VecDeque<String>,
    asked: u64,
}

impl<'a> Polling<'a> {
    /// Connects.
    pub async fn connect(app: &'a TestApp, from: &str) -> Self {
        let path = "/socket.io/?EIO=4&transport=polling";
        let mut polling = Self {
            app,
            from: from.to_owned(),
            session: path.to_owned(),
            heard: VecDeque::new(),
            asked: 0,
        };
        let open = polling.text(app.client.get(app.url(path))).await;
        let open: Value = serde_json::from_str(&open[1..]).expect("a session");
        let sid = open["sid"].as_str().expect("an id");
        polling.session = app.url(&format!("{path}&sid={sid}"));
        polling.post("40").await;
        polling.hears("40{").await;
        polling
    }

    async fn text(&self, request: RequestBuilder) -> String {
        let asking = request.header("x-forwarded-for", &self.from).send();
        let answer = asking.await.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
        answer.text().await.expect("a body")
    }

    async fn post(&self, packet: &str) {
        let request = self.app.client.post(&self.session);
        self.text(request.body(packet.to_owned())).await;
    }

    /// The next packet that begins so; what comes before it stays.
    pub async fn hears(&mut self, begin: &str) -> String {
        let hearing = async {
            loop {
                let at = self
                    .heard
                    .iter()
                    .position(|packet| packet.starts_with(begin));
                if let Some(packet) = at.and_then(|at| self.heard.remove(at)) {
                    return packet;
                }
                let text = self.text(self.app.client.get(&self.session)).await;
                for packet in text.split('\u{1e}') {
                    if packet == "2" {
                        self.post("3").await;
                    } else {
                        self.heard.push_back(packet.to_owned());
                    }
                }
            }
        };
        tokio::time::timeout(PATIENCE, hearing)
            .await
            .unwrap_or_else(|_| panic!("no {begin:?}"))
    }

    /// Sends an event; what it is answered.
    pub async fn ask(&mut self, event: &str, arguments: &[Value]) -> Value {
        let id = self.asked;
        self.asked += 1;
        let all = [&[json!(event)], arguments].concat();
        self.post(&format!("42{id}{}", json!(all))).await;
        let begin = format!("43{id}");
        let told = self.hears(&format!("{begin}[")).await;
        let mut told: Value = serde_json::from_str(&told[begin.len()..]).expect("JSON");
        told[0].take()
    }
}
