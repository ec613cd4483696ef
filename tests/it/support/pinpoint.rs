//! A strict stand-in for Pinpoint's `SendMessages`. It computes each request's signature by itself,
//! by <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::vendor::{Asked, Fake, Reply, Vendor};

pub const APP: &str = "0123456789abcdef0123456789abcdef";
pub const REGION: &str = "us-east-1";
pub const ACCESS_KEY: &str = "AKIAEXAMPLE";
pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// What was taken, and what becomes of the next message to a token.
#[derive(Default)]
pub struct Pinpoint {
    pub taken: Vec<Value>,
    pub outcomes: BTreeMap<String, (&'static str, u16)>,
}

pub type FakePinpoint = Fake<Pinpoint>;

pub async fn start() -> FakePinpoint {
    Fake::run(Pinpoint::default()).await
}

/// The environment of the application.
pub fn variables(fake: &FakePinpoint) -> Vec<(&'static str, String)> {
    vec![
        ("TOK_PUSH__BACKEND", "pinpoint".to_owned()),
        ("PINPOINT_APP_ID", APP.to_owned()),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
        ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
        ("TOK_PINPOINT__BASE_URL", fake.url()),
        ("TOK_PINPOINT__TIMEOUT", "30s".to_owned()),
    ]
}

impl Vendor for Pinpoint {
    const PREFIX: &'static str = "";

    fn handle(&mut self, asked: &Asked) -> Reply {
        if let Err(why) = check_signature(asked) {
            return Reply {
                wrong: Some(why.clone()),
                ..Reply::with(403, json!({ "Message": why, "RequestID": "r" }))
            };
        }
        let path = format!("/v1/apps/{APP}/messages");
        match (asked.method.as_str(), asked.raw.as_str()) {
            ("POST", raw) if raw == path => self.send(asked).unwrap_or_else(|reply| reply),
            ("GET", raw) if raw == format!("/v1/apps/{APP}/channels") => {
                Reply::ok(json!({ "Channels": {} }))
            }
            _ => Reply::wrong("no such endpoint"),
        }
    }
}

impl Pinpoint {
    fn send(&mut self, asked: &Asked) -> Result<Reply, Reply> {
        let body = asked.object(&["Addresses", "MessageConfiguration"])?;
        let addresses = body["Addresses"].as_object().cloned().unwrap_or_default();
        let (Some((token, address)), 1) = (addresses.iter().next(), addresses.len()) else {
            return Err(Reply::wrong("not exactly one address"));
        };
        let name = match address["ChannelType"].as_str() {
            Some("GCM") => "GCMMessage",
            Some("APNS") => "APNSMessage",
            _ => return Err(Reply::wrong("unknown channel")),
        };
        let message = &body["MessageConfiguration"][name];
        let known = [
            "Action",
            "Title",
            "Body",
            "Url",
            "Priority",
            "SilentPush",
            "TimeToLive",
            "Data",
            "APNSPushType",
        ];
        let Some(fields) = message.as_object() else {
            return Err(Reply::wrong("no message for the channel"));
        };
        if let Some(key) = fields.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(Reply::wrong(format!("unknown field {key}")));
        }
        if (name == "GCMMessage") == fields.contains_key("APNSPushType") {
            return Err(Reply::wrong("APNSPushType is for APNS, and needed there"));
        }
        let (status, code) = self.outcomes.remove(token).unwrap_or(("SUCCESSFUL", 200));
        if status == "SUCCESSFUL" {
            self.taken.push(body.clone());
        }
        Ok(Reply::ok(json!({
            "ApplicationId": APP, "RequestId": "r",
            "Result": { token: { "DeliveryStatus": status, "StatusCode": code, "StatusMessage": "on demand" } },
        })))
    }
}

fn check_signature(asked: &Asked) -> Result<(), String> {
    let header = asked.header("authorization");
    let rest = header
        .strip_prefix("AWS4-HMAC-SHA256 ")
        .ok_or("no SigV4 signature")?;
    let fields: BTreeMap<&str, &str> = rest
        .split(',')
        .filter_map(|part| part.trim().split_once('='))
        .collect();
    let field = |name| fields.get(name).copied().ok_or(format!("no {name}"));
    let date = asked.header("x-amz-date");
    let day = date.get(..8).ok_or("no x-amz-date")?;
    let scope = format!("{day}/{REGION}/mobiletargeting/aws4_request");
    if field("Credential")? != format!("{ACCESS_KEY}/{scope}") {
        return Err(format!("credential {header}"));
    }
    let signed = field("SignedHeaders")?;
    let names: Vec<&str> = signed.split(';').collect();
    if !names.contains(&"host") || !names.contains(&"x-amz-date") {
        return Err(format!("signed headers {signed}"));
    }
    let headers = names.iter().fold(String::new(), |text, name| {
        text + name + ":" + asked.header(name).trim() + "\n"
    });
    let canonical = format!(
        "{}\n{}\n{}\n{headers}\n{signed}\n{}",
        asked.method,
        asked.raw,
        asked.query_text,
        hex::encode(Sha256::digest(&asked.body)),
    );
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n{date}\n{scope}\n{}",
        hex::encode(Sha256::digest(canonical))
    );
    let mac = |key: &[u8], text: &str| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
    };
    let mut key = format!("AWS4{SECRET}").into_bytes();
    for part in [day, REGION, "mobiletargeting", "aws4_request"] {
        key = mac(&key, part);
    }
    if field("Signature")? == hex::encode(mac(&key, &to_sign)) {
        Ok(())
    } else {
        Err("the signature does not match".to_owned())
    }
}
