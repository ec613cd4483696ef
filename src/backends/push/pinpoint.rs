//! Amazon Pinpoint's messages, now AWS End User Messaging Push
//! (<https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-messages.html>).

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use reqwest::{Method, Request};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use url::Url;

use super::{Push, PushMessage, PushRefusal};
use crate::backends::http::{
    Signer, Upstream, UpstreamBody, UpstreamCall, UpstreamCredential, UpstreamReply,
};
use crate::backends::rate_limit::Limiter;
use crate::error::{Error, Kind, Result};
use crate::model::backoff::Setback;
use crate::model::device::Platform;
use crate::model::health::{Depth, Finding, Probe};
use crate::model::notification::{NotificationKind, Target};
use crate::model::told_causes::ToldCauses;

/// The name of the service in signatures.
const SERVICE: &str = "mobiletargeting";
/// How long to wait when the service is told too much at once.
const THROTTLED: Duration = Duration::from_secs(10);
/// How long to wait when a platform refuses the credential that Pinpoint has for it.
const CHANNEL_REFUSED: Duration = Duration::from_mins(10);
/// What the message itself says elsewhere.
const SAID: [&str; 4] = ["title", "body", "image", "url"];

/// Which application, and who we are.
pub struct PinpointSettings {
    /// The id of the Pinpoint application.
    pub app_id: String,
    /// The AWS region, which is part of the host and of each signature.
    pub region: String,
    /// The AWS access key.
    pub access_key_id: String,
    /// The secret that belongs to the access key.
    pub secret_access_key: SecretString,
    /// The token of a temporary credential.
    pub session_token: Option<SecretString>,
    /// The API; the one of the region if absent.
    pub base_url: Option<Url>,
    /// How long one message may take.
    pub timeout: Duration,
}

/// [`Push`] by Pinpoint, each request signed with Signature Version 4.
pub struct PinpointPush {
    upstream: Upstream,
    app_id: String,
    told: ToldCauses,
}

impl PinpointPush {
    /// A client of the application.
    ///
    /// # Errors
    /// [`Kind::Config`] when the region is none.
    pub fn new(settings: PinpointSettings) -> Result<Self> {
        let usual = format!("https://pinpoint.{}.amazonaws.com", settings.region);
        let base = match settings.base_url {
            Some(url) => url,
            None => Url::parse(&usual).map_err(|error| {
                Error::config("pinpoint.region is not an AWS region").because(error)
            })?,
        };
        let signer = SigV4 {
            credentials: Credentials::new(
                settings.access_key_id,
                settings.secret_access_key.expose_secret(),
                settings
                    .session_token
                    .map(|token| token.expose_secret().to_owned()),
                None,
                "tok",
            ),
            region: settings.region,
        };
        Ok(Self {
            upstream: Upstream::new(
                "Pinpoint",
                "pinpoint.access_key_id and pinpoint.secret_access_key",
                base,
                UpstreamCredential::Signed(std::sync::Arc::new(signer)),
                settings.timeout,
            )
            .found_by("pinpoint.base_url"),
            app_id: settings.app_id,
            told: ToldCauses::default(),
        })
    }
}

struct SigV4 {
    credentials: Credentials,
    region: String,
}

impl Signer for SigV4 {
    fn sign(&self, request: &mut Request) -> Result<()> {
        let wrong = |error: Box<dyn std::error::Error + Send + Sync>| {
            Error::internal("a request to Pinpoint cannot be signed").because(error)
        };
        let identity = self.credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(SERVICE)
            // Signatures go by the machine's clock, as the service does.
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| wrong(error.into()))?
            .into();
        let headers: Vec<(String, String)> = request
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .collect();
        let body = request.body().and_then(reqwest::Body::as_bytes);
        let signable = SignableRequest::new(
            request.method().as_str(),
            request.url().as_str(),
            headers.iter().map(|(name, value)| (&**name, &**value)),
            SignableBody::Bytes(body.unwrap_or_default()),
        )
        .map_err(|error| wrong(error.into()))?;
        let (instructions, _) = sign(signable, &parameters)
            .map_err(|error| wrong(error.into()))?
            .into_parts();
        let (headers, _) = instructions.into_parts();
        for header in headers {
            let mut value = reqwest::header::HeaderValue::from_str(header.value())
                .map_err(|error| wrong(error.into()))?;
            value.set_sensitive(true);
            request.headers_mut().insert(header.name(), value);
        }
        Ok(())
    }

    fn refused(&self) -> bool {
        false
    }
}

/// The message to one address, as the service takes it.
fn wire(message: &PushMessage) -> Result<(String, Value), PushRefusal> {
    let Target::Token(token) = &message.to else {
        let whom = &message.to;
        return Err(PushRefusal::Unsendable(format!(
            "Pinpoint cannot address {whom}"
        )));
    };
    let platform = message.platform.unwrap_or(Platform::Gcm);
    let rings = message.kind == NotificationKind::Call;
    let text = |name: &str| message.data.get(name).map_or("", String::as_str);
    let mut content = json!({
        "Action": "OPEN_APP", "Title": text("title"), "Body": text("body"),
        "Priority": "normal", "SilentPush": false,
    });
    if let Some(url) = message.data.get("url") {
        content["Action"] = json!("DEEP_LINK");
        content["Url"] = json!(url);
    }
    if let Some(ttl) = message.ttl {
        content["TimeToLive"] = json!(ttl.as_secs().max(1));
    }
    // What a deep link says need not be said twice; the original's clients know no more.
    let data = message
        .data
        .iter()
        .filter(|(name, _)| !SAID.contains(&name.as_str()));
    let data: std::collections::BTreeMap<_, _> = data.collect();
    if !message.data.contains_key("url") {
        content["Data"] = json!(data);
    }
    let (channel, name) = match platform {
        Platform::Gcm => ("GCM", "GCMMessage"),
        Platform::Web => {
            let what = "Pinpoint cannot address browsers".to_owned();
            return Err(PushRefusal::Unsendable(what));
        }
        Platform::Apns => {
            // A VoIP push that rings no phone makes iOS stop the app.
            content["APNSPushType"] = json!(if rings { "voip" } else { "alert" });
            ("APNS", "APNSMessage")
        }
    };
    let body = json!({
        "Addresses": { token: { "ChannelType": channel } },
        "MessageConfiguration": { name: content },
    });
    Ok((token.clone(), body))
}

/// What the service says of one address.
fn classify(told: &ToldCauses, reply: &UpstreamReply, token: &str) -> Result<(), PushRefusal> {
    let said = &reply.body["Message"];
    let reason = |what: &str| {
        let said: String = said.as_str().unwrap_or(what).chars().take(300).collect();
        format!("Pinpoint says {}: {said}", reply.status)
    };
    match reply.status {
        200..300 => {}
        // Its own answers are JSON objects, also the refusals.
        300..500 if !matches!(reply.status, 408 | 429) && !reply.body.is_object() => {
            return Err(not_pinpoint(reply));
        }
        401 | 403 => {
            return Err(PushRefusal::Paused(Error::new(
                Kind::Refused,
                format!(
                    "{}; check pinpoint.access_key_id and its right mobiletargeting:SendMessages",
                    reason("refused")
                ),
            )));
        }
        404 => {
            return Err(PushRefusal::Paused(Error::new(
                Kind::Refused,
                format!("{}; check pinpoint.app_id", reason("unknown")),
            )));
        }
        408 | 429 | 500.. => {
            let asked = reply.retry_after.or(Some(THROTTLED));
            return Err(PushRefusal::Later {
                reason: reason("failed"),
                setback: match reply.status {
                    429 => Setback::of_service(asked),
                    _ => Setback::of_try(asked),
                },
            });
        }
        _ => return Err(PushRefusal::Unsendable(reason("refused"))),
    }
    // The body is the MessageResponse; some libraries wrap it under that name.
    let response = reply.body.get("MessageResponse").unwrap_or(&reply.body);
    if !response["Result"].is_object() {
        return Err(not_pinpoint(reply));
    }
    let result = &response["Result"][token];
    let status = result["DeliveryStatus"].as_str().unwrap_or("missing");
    let why: String = result["StatusMessage"]
        .as_str()
        .unwrap_or("")
        .chars()
        .take(300)
        .collect();
    let reason = format!("Pinpoint says {status} {}: {why}", result["StatusCode"]);
    match status {
        "SUCCESSFUL" | "DUPLICATE" => Ok(()),
        "THROTTLED" => Err(PushRefusal::Later {
            reason,
            setback: Setback::of_service(Some(THROTTLED)),
        }),
        "PERMANENT_FAILURE" => Err(classify_failure(
            told,
            reason,
            result["StatusCode"].as_u64(),
        )),
        "OPT_OUT" => Err(PushRefusal::Unsendable(reason)),
        _ => Err(PushRefusal::Later {
            reason,
            setback: Setback::of_receiver(None),
        }),
    }
}

/// Something at that address that is not Pinpoint: a proxy, a login page.
fn not_pinpoint(reply: &UpstreamReply) -> PushRefusal {
    PushRefusal::Paused(Error::new(
        Kind::Refused,
        format!(
            "what answers at pinpoint.base_url is not Pinpoint ({}); check it, and whatever proxy or login stands before it",
            reply.status
        ),
    )
    .advise("see what stands at pinpoint.base_url: a proxy, a page to log in, another service"))
}

/// What it means that the platform's own service took nothing, by its status. Only the one that
/// says that this token is gone makes the address dead.
fn classify_failure(told: &ToldCauses, reason: String, status: Option<u64>) -> PushRefusal {
    match status {
        Some(404 | 410) => PushRefusal::Dead(reason),
        Some(401 | 403) => {
            if told.is_news("channel") {
                tracing::error!(
                    reason,
                    "devices of one platform get nothing; mend the channel's credential at Pinpoint"
                );
            }
            PushRefusal::Later {
                reason,
                setback: Setback::of_receiver(Some(CHANNEL_REFUSED)),
            }
        }
        _ => PushRefusal::Unsendable(reason),
    }
}

#[async_trait]
impl Push for PinpointPush {
    fn way(&self, _message: &PushMessage) -> &'static str {
        "pinpoint"
    }

    fn needs_token(&self) -> bool {
        true
    }

    fn check(&self, message: &PushMessage) -> Result<()> {
        match &message.to {
            Target::Topic(_) => Err(Error::new(Kind::Unsupported, "Pinpoint knows no topics")),
            _ => Ok(()),
        }
    }

    async fn send(&self, message: &PushMessage) -> Result<(), PushRefusal> {
        let (token, body) = wire(message)?;
        let limiter = Limiter::default();
        let path = ["v1", "apps", self.app_id.as_str(), "messages"];
        let call = UpstreamCall::new(Method::POST, &path, UpstreamBody::Json(&body), &limiter);
        match self.upstream.send_plainly(&call).await {
            Ok(reply) => classify(&self.told, &reply, &token),
            Err(error) if error.kind().is_temporary() => Err(PushRefusal::Later {
                reason: error.message().to_owned(),
                setback: Setback::of_try(error.wait()),
            }),
            Err(error) => Err(PushRefusal::Paused(error)),
        }
    }

    /// The service has no trial run: the message is only made.
    async fn validate(&self, message: &PushMessage) -> Result<(), PushRefusal> {
        match message.to {
            Target::Topic(_) => Ok(()),
            _ => wire(message).map(|_| ()),
        }
    }
}

#[async_trait]
impl Probe for PinpointPush {
    /// Asks for the channels of the application, which needs no message.
    async fn probe(&self, depth: Depth) -> Vec<Finding> {
        if depth == Depth::Light {
            return Vec::new();
        }
        let limiter = Limiter::default();
        let path = ["v1", "apps", self.app_id.as_str(), "channels"];
        let check = "push (Pinpoint)";
        vec![match self
            .upstream
            .send(UpstreamCall::get(&path, &[], &limiter))
            .await
        {
            Ok(_) => Finding::ok(check, "the application may be seen"),
            Err(error) => Finding::failed(
                check,
                &error,
                "check pinpoint.app_id, pinpoint.region and the AWS key, which needs \
                 mobiletargeting:SendMessages and mobiletargeting:GetChannels",
            ),
        }]
    }

    fn prepare(&self) -> Result<()> {
        self.upstream.prepare()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_success_for_this_token_counts() {
        let to = |token: &str, status: &str| json!({ "Result": { token: { "DeliveryStatus": status } } });
        let judge = |status, body| {
            let reply = UpstreamReply {
                status,
                body,
                retry_after: None,
            };
            match classify(&ToldCauses::default(), &reply, "t") {
                Ok(()) => "taken",
                Err(PushRefusal::Paused(_)) if status < 403 && status != 401 => "stranger",
                Err(PushRefusal::Paused(_)) => "paused",
                Err(PushRefusal::Later { .. }) => "later",
                Err(PushRefusal::Dead(_)) => "dead",
                Err(PushRefusal::Unsendable(_)) => "parked",
            }
        };
        for (status, body, expected) in [
            (200, to("t", "SUCCESSFUL"), "taken"),
            (202, to("t", "DUPLICATE"), "taken"),
            (200, to("t", "TEMPORARY_FAILURE"), "later"),
            (200, to("other", "SUCCESSFUL"), "later"),
            (200, json!({}), "stranger"),
            (200, Value::Null, "stranger"),
            (201, json!({ "error": { "code": 401 } }), "stranger"),
            (307, Value::Null, "stranger"),
            (400, Value::Null, "stranger"),
            (400, json!({ "Message": "no such channel" }), "parked"),
            (403, json!({ "Message": "denied" }), "paused"),
            (502, Value::Null, "later"),
        ] {
            assert_eq!(judge(status, body.clone()), expected, "{status} {body}");
        }
    }
}
